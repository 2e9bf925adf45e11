"""Dates as Italians read them."""

from datetime import date

import pytest

from portal.writers.formats import days


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2025, 3, 14), None, "venerdì 14 marzo 2025"),
        (date(2025, 3, 14), date(2025, 3, 14), "venerdì 14 marzo 2025"),
        (date(2025, 3, 14), date(2025, 3, 15), "14–15 marzo 2025"),
        (date(2025, 3, 1), date(2025, 3, 3), "1°–3 marzo 2025"),
        (date(2025, 4, 30), date(2025, 5, 1), "30 aprile – 1° maggio 2025"),
        (date(2025, 12, 31), date(2026, 1, 2), "31 dicembre 2025 – 2 gennaio 2026"),
    ],
)
def test_days_are_said_from_the_first_to_the_last(first, last, words):
    """Month and year are said once where they are the same."""
    assert days(first, last) == words
