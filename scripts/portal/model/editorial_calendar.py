"""The editorial calendar: what the days ahead ask of whoever writes the site, and what is late."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.model.event import Event
from portal.model.opportunity import Opportunity
from portal.model.page import Page, Status
from portal.model.story import Story


class Due(StrEnum):
    """What a day brings to a page."""

    GOES_OUT = "esce"
    REVIEW = "va riletta"
    CONSENT_ENDS = "scade il consenso"
    EXPIRES = "scade l'annuncio"
    EVENT = "appuntamento"
    DRAFT = "bozza senza un giorno"


@dataclass(frozen=True)
class Entry:
    """One page and what is due for it. Only drafts may be without a *day*."""

    day: datetime.date | None
    due: Due
    page: Page

    def is_late(self, today: datetime.date) -> bool:
        """Whether it should have been seen to before *today*; what happens by itself is never late."""
        needs_somebody = self.due in (Due.REVIEW, Due.CONSENT_ENDS)
        return needs_somebody and self.day is not None and self.day < today


def editorial_calendar(pages: Iterable[Page], today: datetime.date) -> tuple[Entry, ...]:
    """All that is due, by day, what has no day last; past days only where somebody is late."""
    found = [entry for page in pages for entry in _entries(page)]
    kept = [
        entry for entry in found if entry.day is None or entry.day >= today or entry.is_late(today)
    ]
    return tuple(
        sorted(kept, key=lambda entry: (entry.day or datetime.date.max, entry.page.url, entry.due))
    )


def _entries(page: Page) -> Iterator[Entry]:
    if page.status is Status.DRAFT and page.publish_from is None:
        yield Entry(None, Due.DRAFT, page)
    if page.publish_from:
        yield Entry(page.publish_from, Due.GOES_OUT, page)
    if page.review_by:
        yield Entry(page.review_by, Due.REVIEW, page)
    if isinstance(page, Story) and page.consent and page.consent.until:
        yield Entry(page.consent.until, Due.CONSENT_ENDS, page)
    if isinstance(page, Opportunity):
        yield Entry(page.expires, Due.EXPIRES, page)
    if isinstance(page, Event) and not page.cancelled:
        yield Entry(page.date, Due.EVENT, page)
