"""The day the site is built for. The one place that looks at the clock."""

from __future__ import annotations

import datetime
import os


class NoSuchDay(Exception):
    """The day that was asked for is none. Says in Italian what was read, and how it is written."""


def build_day() -> datetime.date:
    """Today, or the day that reproducible builds ask for. NoSuchDay where they ask for none.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.date.today()
    try:
        return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise NoSuchDay(
            f"SOURCE_DATE_EPOCH: «{epoch}» non è un giorno. Scrivi i secondi dal 1970, come 1795305600, "
            "o togli la variabile."
        ) from None
