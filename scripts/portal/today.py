"""The day the site is built for. The one place that looks at the clock."""

from __future__ import annotations

import datetime
import os


def build_day() -> datetime.date:
    """Today, or the day that reproducible builds ask for.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return datetime.datetime.fromtimestamp(int(epoch), tz=datetime.UTC).date()
    return datetime.date.today()
