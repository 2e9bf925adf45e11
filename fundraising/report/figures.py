"""The figures of the treasurer's report: months, campaigns, plans, fees, payouts.

Everything is added up from the postings and the states of gifts; no name is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fundraising.clock import italian_day
from fundraising.donation import State
from fundraising.ledger import BANK
from fundraising.store import Store, from_text

Row = dict[str, Any]
Month = tuple[int, int]

LONGEST = 36
_ON_ITS_WAY = frozenset({State.PROCESSING})
"""What totals.json calls pending, and nothing else."""

_TO_FOLLOW = frozenset({State.RETRYING, State.DISPUTED})
_AWAITED = frozenset({State.DUE, State.ANNOUNCED})


@dataclass(frozen=True)
class MonthFigures:
    """One month. Cents are net of nothing unless the name says so; plans are counted."""

    month: Month
    once_cents: int = 0
    recurring_cents: int = 0
    given_back_cents: int = 0
    fees_cents: int = 0
    plans_paying: int = 0
    plans_new: int = 0
    plans_lost: int = 0

    @property
    def gross_cents(self) -> int:
        """All that was given."""
        return self.once_cents + self.recurring_cents


@dataclass(frozen=True)
class PayoutFigures:
    """Money that left Stripe for the bank, or came back from it."""

    day: date
    id: str
    cents: int


@dataclass(frozen=True)
class Figures:
    """All the figures of one mode."""

    as_of: date
    livemode: bool
    months: tuple[MonthFigures, ...]
    campaigns: tuple[tuple[str, int, int], ...]
    on_its_way: tuple[Row, ...]
    to_follow: tuple[Row, ...]
    awaited: tuple[Row, ...]
    payouts: tuple[PayoutFigures, ...]
    balances: dict[str, int]
    open_tasks: int

    @property
    def net_cents(self) -> int:
        """What was given and kept, as the site shows it."""
        return sum(cents for _campaign, _gifts, cents in self.campaigns)

    @property
    def fees_cents(self) -> int:
        """What collecting cost so far."""
        return sum(cents for name, cents in self.balances.items() if name.startswith("Expenses:"))

    @property
    def given_back_cents(self) -> int:
        """What went back, refunds and disputes."""
        return self.balances.get("Income:Refunds", 0) + self.balances.get("Income:Disputes", 0)

    @property
    def on_its_way_cents(self) -> int:
        """What was started and is not settled: no card refused, no promise, nothing taken back."""
        return sum(row["amount_cents"] for row in self.on_its_way)


def read_figures(store: Store, *, livemode: bool, today: date) -> Figures:
    """Add up the books of one mode."""
    mode = int(livemode)
    everything = {"livemode": mode, "since": "", "until": "9999"}
    with store.transaction() as books:
        postings = books.postings_between(**everything)
        gifts = books.gifts_for_report(livemode=mode)
        confirmed = books.confirmed_by_campaign(livemode=mode)
        tasks = len(books.open_tasks(livemode=mode))
    balances: dict[str, int] = defaultdict(int)
    for row in postings:
        balances[row["account"]] += row["amount_cents"]
    return Figures(
        as_of=today,
        livemode=livemode,
        months=tuple(_months(postings, gifts, today))[-LONGEST:],
        campaigns=tuple(
            (row["campaign"], int(row["gifts"]), int(row["confirmed_cents"]))
            for row in sorted(confirmed, key=lambda row: -int(row["confirmed_cents"]))
        ),
        on_its_way=tuple(row for row in gifts if row["state"] in _ON_ITS_WAY),
        to_follow=tuple(row for row in gifts if row["state"] in _TO_FOLLOW),
        awaited=tuple(row for row in gifts if row["state"] in _AWAITED),
        payouts=tuple(
            PayoutFigures(_day(row["booked_at"]), row["id"], row["amount_cents"])
            for row in postings
            if row["kind"] == "payout" and row["account"] == BANK
        ),
        balances=dict(sorted(balances.items())),
        open_tasks=tasks,
    )


def _months(postings: Iterable[Row], gifts: list[Row], today: date) -> Iterable[MonthFigures]:
    """Tell every month from the first booking to today, empty ones included."""
    recurring = {row["id"] for row in gifts if row["subscription_id"]}
    sums: dict[Month, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in postings:
        month, account, cents = _month(row["booked_at"]), row["account"], row["amount_cents"]
        if account in ("Income:Refunds", "Income:Disputes"):
            sums[month]["given_back_cents"] += cents
        elif account.startswith("Income:"):
            often = "recurring_cents" if row["donation"] in recurring else "once_cents"
            sums[month][often] -= cents
        elif account.startswith("Expenses:"):
            sums[month]["fees_cents"] += cents
    paying = _plans_by_month(gifts)
    known: set[str] = set()
    before: set[str] = set()
    first = min([*sums, *paying], default=(today.year, today.month))
    for month in _from_to(first, (today.year, today.month)):
        plans = paying.get(month, set())
        # Of the running month nobody can say yet who will not renew.
        lost = before - plans if month != (today.year, today.month) else set()
        yield MonthFigures(
            month,
            **sums[month],
            plans_paying=len(plans),
            plans_new=len(plans - known),
            plans_lost=len(lost),
        )
        known |= plans
        before = plans


def _plans_by_month(gifts: Iterable[Row]) -> dict[Month, set[str]]:
    """Tell which plans brought money in which month."""
    plans: dict[Month, set[str]] = defaultdict(set)
    for row in gifts:
        if row["subscription_id"] and row["paid_at"]:
            plans[_month(row["paid_at"])].add(row["subscription_id"])
    return plans


def _from_to(first: Month, last: Month) -> Iterable[Month]:
    year, month = first
    while (year, month) <= last:
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _month(moment: str) -> Month:
    day = _day(moment)
    return day.year, day.month


def _day(moment: str) -> date:
    return italian_day(from_text(moment))
