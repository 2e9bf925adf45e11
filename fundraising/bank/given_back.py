"""Transfers given back: money that left the bank account again, for the donor it came from.

No Stripe tells of it, and an outgoing line of a statement names nobody: the treasurer says
which gift it was, how much and on what day. From there on it is a refund like any other:
one booking, the receipt of what is left, one letter.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from fundraising.bank.statement import noon_of
from fundraising.clock import italian_day
from fundraising.ledger import BANK, REFUNDS, Booking, Posting
from fundraising.money import format_cents
from fundraising.receipts import date_in_words
from fundraising.refund import RefundRefused, refundable
from fundraising.store import Transaction, from_text, to_text

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising

Row = dict[str, Any]


def book_given_back(
    fundraising: Fundraising,
    donation: Row,
    day: date,
    amount_cents: int | None = None,
    *,
    again: bool = False,
) -> tuple[Row, int]:
    """Book that a transfer went back on a day, whole or in part; return the gift then, and the cents.

    *again* says that a second equal refund of the same day is meant. Raises RefundRefused.
    """
    if donation["payment_intent"] is not None:
        raise RefundRefused(
            "Questo dono è passato da Stripe: il rimborso si chiede a Stripe, con lo stesso comando "
            "senza --by-bank."
        )
    now = fundraising.clock()
    with fundraising.store.transaction() as books:
        # Whoever tells of the same refund at the same time comes after us, and finds it told.
        books.lock_donation(origin=donation["origin"], observed_at=to_text(now))
        donation = books.find_donation(id=donation["id"])
        cents = refundable(donation, amount_cents)
        _check_day(donation, day, today=italian_day(now))
        if not again and _is_told(books, donation, day, cents):
            raise RefundRefused(
                f"I libri sanno già di {format_cents(cents)} resi in data {date_in_words(day)}. "
                "Se quel giorno ne sono tornati davvero altrettanti, aggiungi --again."
            )
        booking = Booking(
            id=f"bank:refund:{fundraising.new_id()}",
            kind="refund",
            livemode=bool(donation["livemode"]),
            booked_at=noon_of(day),
            donation_id=donation["id"],
            campaign=donation["campaign"],
            postings=(Posting(REFUNDS, cents), Posting(BANK, -cents)),
        )
        fundraising.reducer.apply_return(books, donation, booking)
        return books.find_donation(id=donation["id"]), cents


def _check_day(donation: Row, day: date, *, today: date) -> None:
    came_on = italian_day(from_text(donation["paid_at"]))
    if day < came_on:
        raise RefundRefused(
            f"Il bonifico è arrivato in data {date_in_words(came_on)}: non può essere tornato "
            "indietro prima."
        )
    if day > today:
        raise RefundRefused(
            "Quel giorno deve ancora venire: scrivilo nei libri quando la banca lo ha fatto."
        )


def _is_told(books: Transaction, donation: Row, day: date, cents: int) -> bool:
    """Tell whether the books know of as much that went back on this day."""
    return any(
        row["cents"] == cents and italian_day(from_text(row["booked_at"])) == day
        for row in books.returns_of_donation(donation=donation["id"])
    )
