"""The editorial calendar: what the days ahead ask of whoever writes the site, and what is late."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.model.event import Event
from portal.model.opportunity import Opportunity
from portal.model.page import Page, Status
from portal.model.picture import Picture
from portal.model.story import Story


class Due(StrEnum):
    """What a day brings to a page."""

    GOES_OUT = "esce"
    REVIEW = "va riletta"
    CONSENT_ENDS = "scade il consenso"
    PICTURE_CONSENT_ENDS = "scade il consenso di chi si vede in"
    EXPIRES = "scade l'annuncio"
    EVENT = "appuntamento"
    DRAFT = "bozza senza un giorno"


@dataclass(frozen=True)
class Entry:
    """What is due for a page or a picture: its *name*, and *where* it is. Only drafts may be without a *day*."""

    day: datetime.date | None
    due: Due
    name: str
    where: str
    is_draft: bool = False

    def is_late(self, today: datetime.date) -> bool:
        """Whether it should have been seen to before *today*; what happens by itself is never late."""
        needs_somebody = self.due in (Due.REVIEW, Due.CONSENT_ENDS, Due.PICTURE_CONSENT_ENDS)
        return needs_somebody and self.day is not None and self.day < today


def editorial_calendar(
    pages: Iterable[Page], pictures: Mapping[str, Picture], today: datetime.date
) -> tuple[Entry, ...]:
    """All that is due, by day, what has no day last; past days only where somebody is late.

    *pictures* are those that pages show, by path in the content folder.
    """
    found = [
        Entry(day, due, page.title, f"/{page.url}", page.status is Status.DRAFT)
        for page in pages
        for day, due in _due(page)
    ]
    found += [
        Entry(picture.consent.until, Due.PICTURE_CONSENT_ENDS, path.rpartition("/")[2], path)
        for path, picture in pictures.items()
        if picture.people and picture.consent and picture.consent.until
    ]
    kept = [
        entry for entry in found if entry.day is None or entry.day >= today or entry.is_late(today)
    ]
    return tuple(
        sorted(kept, key=lambda entry: (entry.day or datetime.date.max, entry.where, entry.due))
    )


def _due(page: Page) -> Iterator[tuple[datetime.date | None, Due]]:
    if page.status is Status.DRAFT and page.publish_from is None:
        yield None, Due.DRAFT
    if page.publish_from:
        yield page.publish_from, Due.GOES_OUT
    if page.review_by:
        yield page.review_by, Due.REVIEW
    if isinstance(page, Story) and page.consent and page.consent.until:
        yield page.consent.until, Due.CONSENT_ENDS
    if isinstance(page, Opportunity):
        yield page.expires, Due.EXPIRES
    if isinstance(page, Event) and not page.cancelled:
        yield page.date, Due.EVENT
