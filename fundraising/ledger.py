"""The ledger: what moved, from which account to which.

Every balance transaction at Stripe becomes one booking whose postings sum to
zero. Bookings are only ever added: a refund is a new one. Stripe's fee is an
expense, not a smaller gift, because donors look for the amount they gave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fundraising.facts import Movement
from fundraising.store import Transaction, to_text

STRIPE_BALANCE = "Assets:Stripe"
BANK = "Assets:Bank"
DONATIONS = "Income:Donations"
FEE_COVER = "Income:FeeCover"
REFUNDS = "Income:Refunds"
DISPUTES = "Income:Disputes"
STRIPE_FEES = "Expenses:Fees:Stripe"
DISPUTE_FEES = "Expenses:Fees:Disputes"

_COUNTERPARTS = {
    "payment": (DONATIONS, STRIPE_FEES),
    "refund": (REFUNDS, STRIPE_FEES),
    "dispute": (DISPUTES, DISPUTE_FEES),
    "payout": (BANK, STRIPE_FEES),
    "fee": (STRIPE_FEES, STRIPE_FEES),
}
"""For each kind of movement: where its amount comes from, and where its fee goes."""


class UnbalancedBooking(ValueError):
    """Postings that do not sum to zero."""


@dataclass(frozen=True)
class Posting:
    """Cents into (positive) or out of (negative) an account."""

    account: str
    amount_cents: int


@dataclass(frozen=True)
class Booking:
    """A balanced set of postings, booked once and never edited.

    *id* is Stripe's balance transaction, so that the same movement seen twice is
    recognised and not counted twice.
    """

    id: str
    kind: str
    livemode: bool
    booked_at: datetime
    donation_id: str | None
    campaign: str | None
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        difference = sum(posting.amount_cents for posting in self.postings)
        if difference:
            raise UnbalancedBooking(f"booking {self.id} is off by {difference} cents")
        accounts = [posting.account for posting in self.postings]
        if len(set(accounts)) != len(accounts):
            raise UnbalancedBooking(f"booking {self.id} names an account twice: {accounts}")


def book(
    movement: Movement,
    *,
    livemode: bool,
    donation_id: str | None = None,
    campaign: str | None = None,
    cover_cents: int = 0,
) -> Booking:
    """Book a movement: its net into the Stripe balance, its fee as an expense, the rest gross.

    *cover_cents* is the part of a payment that the donor added for the fee: income
    too, on a line of its own.
    """
    counterpart, fees = _COUNTERPARTS[movement.kind]
    cover_cents = cover_cents if movement.kind == "payment" else 0
    postings = (
        Posting(STRIPE_BALANCE, movement.net_cents),
        Posting(fees, movement.fee_cents),
        Posting(counterpart, cover_cents - movement.amount_cents),
        Posting(FEE_COVER, -cover_cents),
    )
    return Booking(
        id=movement.id,
        kind=movement.kind,
        livemode=livemode,
        booked_at=movement.happened_at,
        donation_id=donation_id,
        campaign=campaign,
        postings=tuple(posting for posting in postings if posting.amount_cents),
    )


def write_booking(books: Transaction, booking: Booking) -> None:
    """Put a booking into the books; one that is there already changes nothing."""
    added = books.add_booking(
        id=booking.id,
        kind=booking.kind,
        livemode=int(booking.livemode),
        donation=booking.donation_id,
        campaign=booking.campaign,
        booked_at=to_text(booking.booked_at),
    )
    for posting in booking.postings if added else ():
        books.add_posting(
            booking=booking.id, account=posting.account, amount_cents=posting.amount_cents
        )
