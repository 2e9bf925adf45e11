"""Readings of pages by month, without persons: how often a page was opened, never by whom.

What is published cannot lead back to anybody: a page opened fewer than five
times in a month is not named, and pages that people read in secret are shown
only all together.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.model.site import Site
from portal.model.translation import Translation

FEWEST_READINGS = 5
"""Below this number a figure is not shown by itself."""


@dataclass(frozen=True)
class ReadPage:
    """A page as figures know it. *url* is from the site's root; a *sensitive* one is never named."""

    url: str
    title: str
    sensitive: bool = False


@dataclass(frozen=True)
class MonthOfReadings:
    """What was read in one month. *pages* are named, most read first; the rest are two sums, or nothing."""

    month: str
    first_day: datetime.date
    last_day: datetime.date
    pages: tuple[tuple[ReadPage, int], ...]
    other: int
    sensitive: int

    @property
    def total(self) -> int:
        """Every reading that is shown, so that nothing can be learnt by subtraction."""
        return sum(readings for _, readings in self.pages) + self.other + self.sensitive

    @property
    def is_whole(self) -> bool:
        """Whether the logs hold the first and the last day of the month."""
        days = calendar.monthrange(self.first_day.year, self.first_day.month)[1]
        return self.first_day.day == 1 and self.last_day.day == days


def pages_to_read(site: Site) -> tuple[ReadPage, ...]:
    """Every page a reader can open. What translates or lists a sensitive page is sensitive as well."""
    sensitive = {page.url for page in site.every_page() if page.sensitive}
    written = (
        ReadPage(
            page.url,
            page.title,
            page.sensitive or (isinstance(page, Translation) and page.original in sensitive),
        )
        for page in site.every_page()
    )
    listed = (
        ReadPage(listing.url, listing.title, listing.about_url in sensitive)
        for listing in site.listings
    )
    return (*written, *listed)


def months_of_readings(
    counts: Mapping[str, Mapping[str, int]],
    days: Iterable[datetime.date],
    pages: Iterable[ReadPage],
) -> tuple[MonthOfReadings, ...]:
    """What may be shown of *counts*, readings by month (`2026-10`) and address, over the *days* that logs cover."""
    known = {page.url: page for page in pages}
    covered: dict[str, list[datetime.date]] = {}
    for day in days:
        covered.setdefault(f"{day:%Y-%m}", []).append(day)
    return tuple(
        _month(month, min(covered[month]), max(covered[month]), counts.get(month, {}), known)
        for month in sorted(covered)
    )


def _month(
    month: str,
    first_day: datetime.date,
    last_day: datetime.date,
    counts: Mapping[str, int],
    known: Mapping[str, ReadPage],
) -> MonthOfReadings:
    named, other, sensitive = [], 0, 0
    for url, readings in counts.items():
        if known[url].sensitive:
            sensitive += readings
        elif readings < FEWEST_READINGS:
            other += readings
        else:
            named.append((known[url], readings))
    # A sum of few is as telling as a page of few: it joins the next one, or is left out.
    if sensitive < FEWEST_READINGS:
        other, sensitive = other + sensitive, 0
    if other < FEWEST_READINGS:
        other = 0
    named.sort(key=lambda read: (-read[1], read[0].url))
    return MonthOfReadings(month, first_day, last_day, tuple(named), other, sensitive)
