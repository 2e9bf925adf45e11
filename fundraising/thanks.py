"""The thank-you page's knowledge: what has become of a gift, told as it is.

Coming back from Checkout proves nothing. The page looks at Stripe and applies
what it finds, exactly as the webhook does, so a lost notification changes nothing
for the donor.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fundraising.donation import Frequency, State
from fundraising.facts import GiftSeen, PlanSeen, UnknownFact
from fundraising.gateway import StripeRefused, StripeUnreachable, UnknownObject
from fundraising.plans import goes_on
from fundraising.reduce import Reducer
from fundraising.store import Store

if TYPE_CHECKING:
    from fundraising.stripe_gateway import StripeGateway

Row = dict[str, Any]


class Outcome(StrEnum):
    """What the page has to say first."""

    PAID = "paid"
    PENDING = "pending"
    FAILED = "failed"
    NOT_PAID = "not_paid"
    REFUNDED = "refunded"
    TAKEN_BACK = "taken_back"
    DISPUTED = "disputed"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class GiftStatus:
    """A gift as its donor may see it: no name, no address.

    *cover_cents* is the part of the amount that was added for the fee. *changes_plan* is
    true for a new amount of a recurring gift, which the form cannot ask for. *goes_on* tells
    that it will be charged again by itself, whatever became of the first try. *has_address* is
    false for a donor who was forgotten with the payment page still open: nobody can be
    promised a letter then, and a recurring gift ends with its first payment.
    """

    outcome: Outcome
    amount_cents: int
    cover_cents: int
    frequency: Frequency
    campaign: str
    title: str
    recipient: str
    receipt: str | None
    changes_plan: bool
    goes_on: bool
    has_address: bool


_OUTCOMES = {
    State.PAID: Outcome.PAID,
    State.PARTIALLY_REFUNDED: Outcome.PAID,
    State.PROCESSING: Outcome.PENDING,
    State.DUE: Outcome.PENDING,
    State.RETRYING: Outcome.FAILED,
    State.FAILED: Outcome.FAILED,
    State.DRAFT: Outcome.NOT_PAID,
    State.OPEN: Outcome.NOT_PAID,
    State.ABANDONED: Outcome.NOT_PAID,
    State.REFUNDED: Outcome.REFUNDED,
    State.DISPUTED: Outcome.DISPUTED,
    State.CHARGED_BACK: Outcome.TAKEN_BACK,
}


def look_at_gift(
    store: Store, gateway: StripeGateway, reducer: Reducer, session_id: str
) -> GiftStatus | None:
    """Tell what has become of the gift of a session, None if it is none of ours.

    Raises UnknownObject for a session that never was, StoreUnavailable. When
    Stripe does not answer, the books as they are have to do.
    """
    intent_id = None
    asked = True
    try:
        facts = gateway.observe("checkout.session", session_id)
        reducer.apply(facts)
        for fact in facts:
            if isinstance(fact, GiftSeen | PlanSeen):
                intent_id = fact.intent_id
    except (StripeUnreachable, StripeRefused, UnknownFact):
        asked = False
    with store.transaction() as books:
        mode = {"livemode": int(gateway.livemode)}
        intent = (intent_id and books.find_intent(id=intent_id, **mode)) or (
            books.find_intent_by_session(session_id=session_id, **mode)
        )
        if not intent:
            return None
        donation = books.first_donation_of_intent(intent=intent["id"])
        receipt = donation and books.valid_receipt_of_donation(donation=donation["id"])
        donor = books.find_donor(id=intent["donor"])
        plan = books.find_plan_of_intent(intent=intent["id"])
        plan_goes_on = bool(plan) and goes_on(books, plan)
    return GiftStatus(
        outcome=_outcome(donation, asked=asked),
        amount_cents=intent["amount_cents"],
        cover_cents=intent["cover_cents"],
        frequency=Frequency(intent["frequency"]),
        campaign=intent["campaign"],
        title=intent["title"],
        recipient=intent["recipient"],
        receipt=f"{receipt['number']}/{receipt['year']}" if receipt else None,
        changes_plan=intent["replaces"] is not None,
        goes_on=plan_goes_on,
        has_address=bool(donor["email"]),
    )


def look_at_intent(
    store: Store, gateway: StripeGateway, reducer: Reducer, intent_id: str
) -> tuple[str, GiftStatus] | None:
    """Find the session of an intent and what has become of its gift; None if none is known.

    Raises StoreUnavailable.
    """
    with store.transaction() as books:
        intent = books.find_intent(id=intent_id, livemode=int(gateway.livemode))
    if not intent or not intent["session_id"]:
        return None
    session_id = str(intent["session_id"])
    try:
        gift = look_at_gift(store, gateway, reducer, session_id)
    except UnknownObject:
        return None
    return (session_id, gift) if gift else None


def _outcome(donation: Row | None, *, asked: bool) -> Outcome:
    state = State(donation["state"]) if donation else None
    # Only what is final is believed without asking: an open session may have been paid since.
    if state is None or (not asked and state in {State.OPEN, State.DRAFT, State.DUE}):
        return Outcome.NOT_PAID if asked else Outcome.NOT_KNOWN
    return _OUTCOMES.get(state, Outcome.NOT_KNOWN)
