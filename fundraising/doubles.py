"""Doubles: two equal gifts of one person within minutes, which may be one gift paid twice.

The same form sent twice opens one payment page; two forms open two, and nobody but the
donor knows whether both were meant. So a person asks, once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from fundraising.donation import State
from fundraising.money import format_cents
from fundraising.store import Transaction, from_text, to_text

WITHIN = timedelta(minutes=10)
_STANDS = frozenset({State.PROCESSING, State.PAID})

Row = dict[str, Any]


def ask_about_doubles(
    books: Transaction, donation: Row, intent: Row, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Leave to a person every pair of equal gifts this one is part of.

    The task is about the later of the two, so that it is the same whichever is heard of first.
    """
    first = books.first_donation_of_intent(intent=intent["id"])
    # The renewals of a plan are equal on purpose.
    if first["id"] != donation["id"] or State(donation["state"]) not in _STANDS:
        return
    given_at = from_text(donation["given_at"])
    equals = books.equal_gifts(
        intent=intent["id"],
        since=to_text(given_at - WITHIN),
        until=to_text(given_at + WITHIN),
    )
    for other in equals:
        earlier, later = sorted((donation, other), key=lambda one: (one["given_at"], one["origin"]))
        books.open_task_once(
            id=new_id(),
            livemode=donation["livemode"],
            kind="twice",
            subject=later["origin"],
            detail=f"{format_cents(donation['amount_cents'])}, come {earlier['origin']}",
            opened_at=to_text(now),
        )
