"""Periods: Italian days and years, as moments the books can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fundraising.store import to_text

_ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included, by an Italian calendar."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"period ends on {self.last}, before it begins on {self.first}")

    @property
    def since(self) -> str:
        """The first moment of the period, as the books write it."""
        return to_text(datetime.combine(self.first, time(), _ROME))

    @property
    def until(self) -> str:
        """The first moment after the period."""
        return to_text(datetime.combine(self.last + timedelta(days=1), time(), _ROME))


def year(number: int) -> Period:
    """Return a calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))
