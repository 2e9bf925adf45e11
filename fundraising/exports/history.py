"""The history of each campaign, for everybody: how much came in when, in groups.

A month with one gift would tell what one person gave, so months are joined until they
hold enough gifts. What does not reach that yet is told later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fundraising.clock import italian_day
from fundraising.exports.table import Cents, write_table
from fundraising.store import Store, from_text

SMALLEST_GROUP = 5

Row = dict[str, Any]
Month = tuple[int, int]


@dataclass(frozen=True)
class Stretch:
    """Some months of a campaign, with enough gifts to hide each."""

    campaign: str
    first: Month
    last: Month
    gifts: int
    net_cents: int


def read_history(store: Store, *, livemode: bool) -> list[Stretch]:
    """Join the months of each campaign. A gift belongs to the month its money came."""
    with store.transaction() as books:
        rows = books.income_of_gifts(livemode=int(livemode))
    return [
        stretch
        for campaign, months in sorted(_net_by_month(rows).items())
        for stretch in _join(campaign, months)
    ]


def write_history(stretches: Iterable[Stretch]) -> bytes:
    """Write the history as a table."""
    return write_table(
        ("campagna", "dal_mese", "al_mese", "doni", "euro_netti"),
        (
            (one.campaign, _month(one.first), _month(one.last), one.gifts, Cents(one.net_cents))
            for one in stretches
        ),
    )


def _net_by_month(rows: Iterable[Row]) -> dict[str, dict[Month, list[int]]]:
    """Sum up each gift, refunds included, and put it where its money came."""
    came: dict[str, tuple[str, Month]] = {}
    net: dict[str, int] = defaultdict(int)
    for row in rows:
        day = italian_day(from_text(row["booked_at"]))
        came.setdefault(row["donation"], (row["campaign"], (day.year, day.month)))
        net[row["donation"]] += int(row["cents"])
    months: dict[str, dict[Month, list[int]]] = defaultdict(lambda: defaultdict(list))
    for donation, (campaign, month) in came.items():
        if net[donation] > 0:
            months[campaign][month].append(net[donation])
    return months


def _join(campaign: str, months: dict[Month, list[int]]) -> Iterable[Stretch]:
    first: Month | None = None
    gifts: list[int] = []
    for month in sorted(months):
        first = first or month
        gifts += months[month]
        if len(gifts) >= SMALLEST_GROUP:
            yield Stretch(campaign, first, month, len(gifts), sum(gifts))
            first, gifts = None, []


def _month(month: Month) -> str:
    return f"{month[0]}-{month[1]:02}"
