"""Facts: what Stripe says about a gift, in our own words.

The gateway translates Stripe's objects into these and nothing else leaves it, so
a change of Stripe's API stops at one module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fundraising.donation import Frequency, State


class UnknownFact(ValueError):
    """Stripe said something we have no rule for; a person must look at it."""


@dataclass(frozen=True)
class Movement:
    """One balance transaction: money that entered or left the Stripe balance.

    *kind* is payment, refund, dispute, payout or fee. *amount_cents* is signed as
    Stripe signs it: what comes in is positive.
    """

    id: str
    kind: str
    amount_cents: int
    fee_cents: int
    net_cents: int
    happened_at: datetime


@dataclass(frozen=True)
class Refund:
    """A refund in Stripe's own words: pending, succeeded, failed, canceled …"""

    id: str
    amount_cents: int
    status: str

    @property
    def has_failed(self) -> bool:
        """True when the money did not reach the donor, or is ours again."""
        return self.status in {"failed", "canceled"}


@dataclass(frozen=True)
class Dispute:
    """A dispute, or a bank debit returned, in Stripe's own words."""

    id: str
    amount_cents: int
    status: str

    @property
    def is_open(self) -> bool:
        """True while the bank holds the money and has not decided."""
        return self.status in _OPEN_DISPUTES


@dataclass(frozen=True)
class Payment:
    """The payment behind a gift, with everything that later happened to it.

    *ordered_at* is when the card was charged, or last tried, or the debit was asked for.
    """

    id: str
    status: str
    method: str | None = None
    charge_id: str | None = None
    charge_status: str | None = None
    movements: tuple[Movement, ...] = ()
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    ordered_at: datetime | None = None


@dataclass(frozen=True)
class GiftSeen:
    """A gift as Stripe knows it at one moment.

    *origin* is the checkout session of a one-off gift or the invoice of a
    recurring one. *given_at* is when the donor paid, and before that when the page
    or the invoice was opened. *observed_at* is when we began to ask: whatever
    happened before it is included.
    """

    origin: str
    intent_id: str | None
    livemode: bool
    amount_cents: int
    currency: str
    status: str
    payment_status: str
    attempts: int
    given_at: datetime
    paid_at: datetime | None
    observed_at: datetime
    subscription_id: str | None = None
    payment: Payment | None = None
    plan_ended: bool = False

    @property
    def objects(self) -> frozenset[str]:
        """Every object at Stripe that this look has taken in."""
        seen = [self.origin]
        if self.payment:
            seen += [self.payment.id, self.payment.charge_id or ""]
            seen += [refund.id for refund in self.payment.refunds]
            seen += [dispute.id for dispute in self.payment.disputes]
        return frozenset(filter(None, seen))

    @property
    def awaits_donor(self) -> bool:
        """True while the donor's bank wants the donor to confirm."""
        return self.payment is not None and self.payment.status == "requires_action"

    @property
    def refunded_cents(self) -> int:
        """What went back to the donor for good."""
        refunds = self.payment.refunds if self.payment else ()
        return sum(refund.amount_cents for refund in refunds if refund.status == "succeeded")

    @property
    def lost_cents(self) -> int:
        """What the donor's bank took back for good."""
        disputes = self.payment.disputes if self.payment else ()
        return sum(dispute.amount_cents for dispute in disputes if dispute.status == "lost")

    @property
    def returned_cents(self) -> int:
        """What is with the donor again, given back by us or taken back by a bank."""
        return min(self.amount_cents, self.refunded_cents + self.lost_cents)

    @property
    def has_pending_refund(self) -> bool:
        """True while a refund is under way and may still fail."""
        refunds = self.payment.refunds if self.payment else ()
        return any(refund.status in {"pending", "requires_action"} for refund in refunds)


@dataclass(frozen=True)
class PlanSeen:
    """A recurring plan as Stripe knows it at one moment.

    *payment_method* is what the next period will be charged to; *end_reason* is
    Stripe's own word for why the plan ended, or is about to.
    """

    subscription_id: str
    intent_id: str | None
    livemode: bool
    status: str
    cancel_at_end: bool
    frequency: Frequency
    amount_cents: int
    observed_at: datetime
    customer_id: str | None = None
    payment_method: str | None = None
    end_reason: str | None = None

    @property
    def has_ended(self) -> bool:
        """True when nothing will be charged any more."""
        return self.status in ENDED_PLANS


@dataclass(frozen=True)
class PayoutSeen:
    """A payout to the bank, with the movements that made (or unmade) it."""

    id: str
    livemode: bool
    movements: tuple[Movement, ...]
    observed_at: datetime


@dataclass(frozen=True)
class FeeSeen:
    """What Stripe kept for its services, apart from any payment."""

    id: str
    livemode: bool
    movements: tuple[Movement, ...]
    observed_at: datetime


Fact = GiftSeen | PlanSeen | PayoutSeen | FeeSeen

ENDED_PLANS = frozenset({"canceled", "incomplete_expired"})
"""Statuses of a plan that nothing leads out of."""

_OPEN_DISPUTES = frozenset(
    {"needs_response", "under_review", "appeal_needs_response", "appeal_under_review"}
)
# A warning is an inquiry: no money has been taken back.
_HARMLESS_DISPUTES = frozenset(
    {"won", "prevented", "warning_closed", "warning_needs_response", "warning_under_review"}
)
_REFUND_STATUSES = frozenset({"pending", "requires_action", "succeeded", "failed", "canceled"})


def state_of(gift: GiftSeen) -> State:
    """Reduce a gift to its state; the same facts give the same state, always.

    Raises UnknownFact when Stripe uses a word we have no rule for.
    """
    if gift.currency != "eur":
        raise UnknownFact(f"{gift.origin} is in {gift.currency}, not in euros")
    if gift.subscription_id:
        return _state_of_invoice(gift)
    return _state_of_session(gift)


def _state_of_session(gift: GiftSeen) -> State:
    match (gift.status, gift.payment_status):
        case ("open", _):
            return State.OPEN
        case ("expired", _):
            return State.ABANDONED
        case ("complete", "paid"):
            return _state_of_money(gift)
        case ("complete", "unpaid"):
            return _state_of_unpaid(gift)
    raise UnknownFact(f"{gift.origin} is {gift.status} and {gift.payment_status}")


def _state_of_unpaid(gift: GiftSeen) -> State:
    status = gift.payment.status if gift.payment else None
    if status in {"requires_payment_method", "canceled"}:
        return State.FAILED
    # Checkout can lag behind its own payment by a moment; paid is only what Checkout calls paid.
    if status in {"processing", "succeeded", "requires_action", "requires_confirmation"}:
        return State.PROCESSING
    raise UnknownFact(f"{gift.origin} is complete and unpaid, its payment is {status}")


def _state_of_invoice(gift: GiftSeen) -> State:
    match gift.status:
        case "paid":
            return _state_of_money(gift)
        case "void" | "uncollectible":
            return State.FAILED
        case "draft" | "open":
            if gift.payment and gift.payment.status == "processing":
                return State.PROCESSING
            if gift.plan_ended:
                # Stripe leaves the invoice open, but nobody will try it again.
                return State.FAILED
            return State.RETRYING if gift.attempts else State.DUE
    raise UnknownFact(f"{gift.origin} is {gift.status}")


def _state_of_money(gift: GiftSeen) -> State:
    """Reduce a gift whose money arrived at least once."""
    payment = gift.payment
    if payment is None:
        raise UnknownFact(f"{gift.origin} is paid without a payment")
    for refund in payment.refunds:
        if refund.status not in _REFUND_STATUSES:
            raise UnknownFact(f"{refund.id} is {refund.status}")
    for dispute in payment.disputes:
        if dispute.status not in _OPEN_DISPUTES | _HARMLESS_DISPUTES | {"lost"}:
            raise UnknownFact(f"{dispute.id} is {dispute.status}")
    if any(dispute.is_open for dispute in payment.disputes):
        return State.DISPUTED
    if payment.charge_status == "failed":
        return State.CHARGED_BACK
    if gift.returned_cents == gift.amount_cents:
        return State.CHARGED_BACK if gift.lost_cents else State.REFUNDED
    # A bank that takes back a part leaves us the rest, as a refund does.
    if gift.returned_cents:
        return State.PARTIALLY_REFUNDED
    return State.PAID
