"""Offline gifts: a bank transfer somebody means to make.

Until the bank has it, it is a promise: announced, counted nowhere, and recognised
later by the reason code. It is offered only where a person has filled in the
recipient's IBAN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fundraising.checkout import write_down
from fundraising.checkout_start import claim_start
from fundraising.donation import Frequency, State
from fundraising.form import GiftRequest
from fundraising.reason_code import reason_code
from fundraising.store import Store, Transaction, to_text

Row = dict[str, Any]
METHOD = "customer_balance"


@dataclass(frozen=True)
class Promise:
    """A promised transfer as its page shows it: no name, no address.

    *has_address* is false once its donor was forgotten, and nobody is left to write to.
    """

    reason_code: str
    amount_cents: int
    refunded_cents: int
    title: str
    campaign: str
    recipient: str
    state: State
    has_address: bool

    @property
    def kept_cents(self) -> int:
        """What stays with the campaign of a transfer that came."""
        return self.amount_cents - self.refunded_cents


def promise_transfer(
    store: Store,
    request: GiftRequest,
    *,
    livemode: bool,
    now: datetime,
    new_id: Callable[[], str],
    ids: tuple[str, ...] = (),
) -> str:
    """Write a promise down and queue the letter that says what to write; return its intent.

    *ids* name the intent when the same form has to make the same promise. Raises
    ValueError for a gift that is not made once, or whose recipient has no IBAN.
    """
    if request.frequency is not Frequency.ONCE or not request.campaign.recipient.iban:
        raise ValueError(f"{request.campaign.id} takes no transfer {request.frequency}")
    with store.transaction() as books:
        # The second of two clicks waits here for the first, and finds what it promised.
        start = claim_start(books, ids or (new_id(),), livemode=livemode, now=now, expires_at=None)
        if start.is_new:
            write_down(books, request, start.intent_id, livemode=livemode, now=now, new_id=new_id)
            _announce(books, request, start.intent_id, livemode=livemode, now=now, new_id=new_id)
    return start.intent_id


def find_promise(books: Transaction, intent_id: str, *, livemode: bool) -> Promise | None:
    """Find a promise by its intent, whose id only the donor's browser and letter know."""
    intent = books.find_intent(id=intent_id, livemode=int(livemode))
    donation = intent and books.promised_donation(intent=intent_id)
    if not donation:
        return None
    return Promise(
        reason_code=donation["origin"],
        amount_cents=donation["amount_cents"],
        refunded_cents=donation["refunded_cents"],
        title=intent["title"],
        campaign=intent["campaign"],
        recipient=intent["recipient"],
        state=State(donation["state"]),
        has_address=bool(books.find_donor(id=intent["donor"])["email"]),
    )


def _announce(
    books: Transaction,
    request: GiftRequest,
    intent_id: str,
    *,
    livemode: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    mode = {"livemode": int(livemode)}
    number = int(books.draw_promise_number(**mode)["number"])
    donation_id = new_id()
    books.add_donation(
        **mode,
        id=donation_id,
        intent=intent_id,
        origin=reason_code(number),
        subscription_id=None,
        campaign=request.campaign.id,
        recipient=request.campaign.recipient.id,
        amount_cents=request.amount_cents,
        state=State.ANNOUNCED,
        given_at=to_text(now),
        observed_at=to_text(now),
    )
    books.add_promise(number=number, donation=donation_id, promised_at=to_text(now), **mode)
    books.enqueue_letter(
        **mode,
        id=new_id(),
        kind="promise",
        subject=donation_id,
        donation=donation_id,
        amount_cents=request.amount_cents,
        now=to_text(now),
    )
