"""Refunds ordered here: money back to a donor through Stripe, once.

The order is in the books before Stripe hears of it and carries the key. When the
answer is lost, the same command repeats the same order, and Stripe gives the money
back once. What Stripe says then runs through the one algorithm like any other fact.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fundraising.donation import HOLDS_MONEY, State
from fundraising.gateway import StripeRefused
from fundraising.money import format_cents
from fundraising.store import from_text, to_text

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising

AGAIN_AFTER = timedelta(minutes=10)

Row = dict[str, Any]


class RefundRefused(ValueError):
    """A refund that cannot be made; the message is for the treasurer, in Italian."""


def find_gift(fundraising: Fundraising, reference: str) -> Row | None:
    """Find a gift by its id, its checkout session, its invoice or its payment."""
    with fundraising.store.transaction() as books:
        found: Row | None = (
            books.find_donation(id=reference)
            or books.find_donation_by_origin(origin=reference)
            or books.find_donation_by_payment(
                payment_intent=reference, livemode=int(fundraising.gateway.livemode)
            )
        )
    return found if found and found["livemode"] == int(fundraising.gateway.livemode) else None


def refund_gift(
    fundraising: Fundraising,
    donation: Row,
    amount_cents: int | None = None,
    *,
    again: bool = False,
) -> tuple[Row, int]:
    """Give a gift back, whole or in part; return the gift as it is then, and the cents.

    *again* says that a second equal refund within ten minutes is meant. Raises
    RefundRefused, StripeUnreachable or StripeRefused.
    """
    if donation["payment_intent"] is None:
        # Of what never arrived nothing can go back, whatever way it was to come.
        refundable(donation, amount_cents)
        raise RefundRefused(
            "Questo dono è arrivato con un bonifico: rendilo dalla banca che l'ha ricevuto, e poi "
            "scrivilo nei libri con lo stesso comando e --by-bank GIORNO."
        )
    _look(fundraising, donation)
    now = fundraising.clock()
    with fundraising.store.transaction() as books:
        donation = books.find_donation(id=donation["id"])
        order = books.open_refund_order(donation=donation["id"])
        if order is None:
            cents = refundable(donation, amount_cents)
            latest = books.latest_refund_order(donation=donation["id"])
            if (
                latest
                and not again
                and latest["amount_cents"] == cents
                and from_text(latest["ordered_at"]) > now - AGAIN_AFTER
            ):
                raise RefundRefused(
                    f"Un rimborso uguale, di {format_cents(cents)}, è partito da meno di dieci "
                    "minuti. Se ne serve davvero un altro, aggiungi --again."
                )
            order = {"id": fundraising.new_id(), "amount_cents": cents}
            books.add_refund_order(
                **order,
                livemode=donation["livemode"],
                donation=donation["id"],
                ordered_at=to_text(now),
            )
        elif amount_cents not in (None, order["amount_cents"]):
            raise RefundRefused(
                f"C'è già un rimborso di {format_cents(order['amount_cents'])} in attesa di "
                "risposta da Stripe: ripeti il comando senza --amount per portarlo a termine."
            )
    try:
        refund_id = fundraising.gateway.history.refund(
            donation["payment_intent"],
            order["amount_cents"],
            key=f"refund:{order['id']}",
            donation=donation["id"],
        )
    except StripeRefused:
        with fundraising.store.transaction() as books:
            books.withdraw_refund_order(id=order["id"])
        raise
    with fundraising.store.transaction() as books:
        books.answer_refund_order(id=order["id"], refund_id=refund_id)
    _look(fundraising, donation)
    with fundraising.store.transaction() as books:
        return books.find_donation(id=donation["id"]), order["amount_cents"]


def _look(fundraising: Fundraising, donation: Row) -> None:
    kind = "invoice" if donation["subscription_id"] else "checkout.session"
    fundraising.reducer.apply(fundraising.gateway.observe(kind, donation["origin"]))


def refundable(donation: Row, amount_cents: int | None) -> int:
    """Tell how many cents of a gift go back: those asked for, or all that are left.

    Raises RefundRefused.
    """
    left_cents: int = donation["amount_cents"] - donation["refunded_cents"]
    if donation["refund_pending"]:
        raise RefundRefused("Un rimborso di questo dono è già in viaggio: aspetta che arrivi.")
    if State(donation["state"]) not in HOLDS_MONEY or not left_cents:
        state = State(donation["state"]).in_italian
        raise RefundRefused(f"Di questo dono non c'è niente da rendere: è «{state}».")
    cents = left_cents if amount_cents is None else amount_cents
    if not 0 < cents <= left_cents:
        raise RefundRefused(
            f"Di questo dono restano {format_cents(left_cents)}: non se ne possono rendere "
            f"{format_cents(cents)}."
        )
    return cents
