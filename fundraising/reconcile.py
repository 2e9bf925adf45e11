"""Reconciliation: the books against Stripe, entry by entry and payout by payout.

Three things have to hold: every balance transaction is in the books with the same
cents and the other way round, every automatic payout is the sum of its entries, and
both balances are equal. What does not hold is listed to the cent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from fundraising.clock import italian_day
from fundraising.ledger import STRIPE_BALANCE
from fundraising.money import format_cents

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising
    from fundraising.stripe_gateway.history import Payout


@dataclass(frozen=True)
class Difference:
    """Cents that Stripe and the books tell differently; *id* is a balance transaction's."""

    id: str
    what: str
    cents: int


@dataclass(frozen=True)
class PayoutCheck:
    """A payout, how many entries make it, and what they leave unexplained."""

    id: str
    sent_on: date
    amount_cents: int
    status: str
    entries: int | None
    unexplained_cents: int


@dataclass(frozen=True)
class Reconciliation:
    """Everything that was compared."""

    entries: int
    payouts: tuple[PayoutCheck, ...]
    differences: tuple[Difference, ...]
    stripe_cents: int
    books_cents: int

    @property
    def holds(self) -> bool:
        """True when every cent is explained."""
        return (
            not self.differences
            and self.stripe_cents == self.books_cents
            and not any(payout.unexplained_cents for payout in self.payouts)
        )


def reconcile(
    fundraising: Fundraising, tell: Callable[[str, int], None] = lambda what, number: None
) -> Reconciliation:
    """Compare the books with Stripe; *tell* hears what was compared and how many so far.

    Raises StripeUnreachable, StripeRefused or StoreUnavailable.
    """
    history = fundraising.gateway.history
    livemode = int(fundraising.gateway.livemode)
    with fundraising.store.transaction() as books:
        booked = {
            row["id"]: int(row["net_cents"]) for row in books.stripe_postings(livemode=livemode)
        }
        books_cents = int(books.account_balance(livemode=livemode, account=STRIPE_BALANCE)["cents"])
    differences = []
    seen = set()
    for entry in history.entries():
        seen.add(entry.id)
        known = booked.get(entry.id)
        if known is None:
            differences.append(
                Difference(entry.id, f"«{entry.kind}», non è nei libri", entry.net_cents)
            )
        elif known != entry.net_cents:
            what = f"a Stripe {format_cents(entry.net_cents)}, nei libri {format_cents(known)}"
            differences.append(Difference(entry.id, what, entry.net_cents - known))
        tell("movimenti", len(seen))
    differences += [
        Difference(id, "è nei libri, ma non a Stripe", -cents)
        for id, cents in booked.items()
        if id not in seen
    ]
    payouts = []
    for payout in history.payouts():
        payouts.append(_check_payout(fundraising, payout, booked))
        tell("versamenti", len(payouts))
    return Reconciliation(
        entries=len(seen),
        payouts=tuple(payouts),
        differences=tuple(differences),
        stripe_cents=fundraising.gateway.balance_cents(),
        books_cents=books_cents,
    )


def _check_payout(fundraising: Fundraising, payout: Payout, booked: dict[str, int]) -> PayoutCheck:
    """Add up what the books know of a payout's entries.

    A payout made by hand is only an amount: its own entry is compared with the rest.
    """
    sent_on = italian_day(datetime.fromtimestamp(payout.created, UTC))
    if not payout.automatic:
        return PayoutCheck(payout.id, sent_on, payout.amount_cents, payout.status, None, 0)
    members = [
        entry
        for entry in fundraising.gateway.history.entries(payout=payout.id)
        if entry.kind != "payout"
    ]
    explained_cents = sum(booked.get(entry.id, 0) for entry in members)
    return PayoutCheck(
        payout.id,
        sent_on,
        payout.amount_cents,
        payout.status,
        len(members),
        payout.amount_cents - explained_cents,
    )
