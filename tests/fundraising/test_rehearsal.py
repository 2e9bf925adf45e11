"""A rehearsed year: the same seed plays the same days, and every cent is explained."""

from datetime import timedelta
from random import Random

import pytest

from fundraising.bootstrap import bootstrap
from fundraising.clock import utc_now
from fundraising.doctor import examine
from fundraising.reconcile import reconcile
from fundraising.rehearsal import Calendar, NoRehearsal, RehearsedYear
from fundraising.settings import read_settings


@pytest.fixture
def wire(write_campaigns, tmp_path):
    """Wires a rehearsal of its own, with the sandbox inside and a calendar."""
    built = []

    def wire(first):
        calendar = Calendar(first)
        settings = read_settings(
            {
                "CAMPAIGNS_FILE": str(write_campaigns()),
                "DATA_DIR": str(tmp_path / f"year-{len(built)}"),
            }
        )
        parts = bootstrap(settings, clock=calendar)
        built.append(parts)
        return parts, calendar

    yield wire
    for parts in built:
        parts.close()


def test_days_of_giving_leave_books_that_explain_every_cent(wire):
    first = utc_now() - timedelta(days=20)
    parts, calendar = wire(first)
    year = RehearsedYear(parts, calendar, Random(3), gifts_a_day=1.5)
    happened = year.play(first, 20, lambda days: None)

    assert happened.counts["doni con carta"] > 5
    assert happened.counts["notifiche perse"] > 0
    assert examine(parts) == []
    assert reconcile(parts).holds


def test_same_seed_plays_the_same_days(wire):
    first = utc_now() - timedelta(days=5)
    counts = []
    for _ in range(2):
        parts, calendar = wire(first)
        year = RehearsedYear(parts, calendar, Random(7), gifts_a_day=1)
        counts.append(year.play(first, 5, lambda days: None).counts)

    assert counts[0] == counts[1]


def test_with_real_stripe_nothing_is_rehearsed(house):
    with pytest.raises(NoRehearsal, match="denaro è vero"):
        RehearsedYear(house.parts, Calendar(utc_now()), Random(1), gifts_a_day=1)
