"""Time: moments are UTC inside, days are Italian wherever a person reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
ROME = ZoneInfo("Europe/Rome")


def utc_now() -> datetime:
    """Tell the time, with its zone."""
    return datetime.now(UTC)


def italian_day(moment: datetime) -> date:
    """Tell which day it was in Italy: a gift at half past midnight belongs to the new day."""
    return italian_time(moment).date()


def italian_time(moment: datetime) -> datetime:
    """Tell the same moment by an Italian clock."""
    return moment.astimezone(ROME)
