"""What an object at Stripe means to us, as it is now: every rule from theirs to our facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import stripe

from fundraising.donation import Frequency
from fundraising.facts import (
    Dispute,
    Fact,
    FeeSeen,
    GiftSeen,
    Movement,
    Payment,
    PayoutSeen,
    PlanSeen,
    Refund,
    UnknownFact,
)
from fundraising.gateway import INTENT, UnknownObject
from fundraising.stripe_gateway.client import answers
from fundraising.stripe_gateway.references import id_of, whole

_FEE_TYPES = frozenset({"stripe_fee", "stripe_fx_fee", "tax_fee"})
_PAGE = 100


class Observer:
    """Looks at one object after the other."""

    def __init__(
        self, client: stripe.StripeClient, *, livemode: bool, clock: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._livemode = livemode
        self._clock = clock

    def observe(self, object_kind: str, object_id: str) -> tuple[Fact, ...]:
        """Tell every fact an object leads to; what it raises the gateway says."""
        observed_at = self._clock()
        with answers():
            match object_kind:
                case "checkout.session":
                    return self._observe_session(object_id, observed_at)
                case "invoice":
                    return self._observe_invoice(object_id, observed_at)
                case "subscription":
                    return self._observe_subscription(object_id, observed_at)
                case "payment_intent":
                    return self._observe_payment(object_id, observed_at)
                case "charge":
                    charge = self._client.v1.charges.retrieve(object_id)
                    return self._observe_payment(id_of(charge.payment_intent), observed_at)
                case "refund":
                    refund = self._client.v1.refunds.retrieve(object_id)
                    return self._observe_payment(id_of(refund.payment_intent), observed_at)
                case "dispute":
                    dispute = self._client.v1.disputes.retrieve(object_id)
                    return self._observe_payment(id_of(dispute.payment_intent), observed_at)
                case "payout":
                    return self._observe_payout(object_id, observed_at)
                case "customer":
                    return self._observe_customer(object_id, observed_at)
                case "balance_transaction":
                    return self._observe_fee(object_id, observed_at)
        raise UnknownObject(f"no rule for {object_kind}")

    def _observe_session(self, session_id: str, observed_at: datetime) -> tuple[Fact, ...]:
        session = self._client.v1.checkout.sessions.retrieve(
            session_id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
        )
        if session.mode == "subscription":
            if session.subscription is None:
                return ()
            return self._observe_subscription(id_of(session.subscription), observed_at)
        intent = session.payment_intent
        payment = self._read_payment(whole(intent, stripe.PaymentIntent)) if intent else None
        return (
            GiftSeen(
                origin=session.id,
                intent_id=session.client_reference_id,
                livemode=session.livemode,
                amount_cents=session.amount_total or 0,
                currency=session.currency or "",
                status=session.status or "",
                payment_status=session.payment_status,
                attempts=0,
                given_at=_given_at(payment, session.created),
                paid_at=_paid_at(payment),
                observed_at=observed_at,
                payment=payment,
            ),
        )

    def _observe_subscription(
        self, subscription_id: str, observed_at: datetime
    ) -> tuple[Fact, ...]:
        plan, latest_invoice_id = self._read_plan(subscription_id, observed_at)
        if latest_invoice_id is None:
            return (plan,)
        gift = self._read_invoice(latest_invoice_id, observed_at)
        return (plan, replace(gift, plan_ended=plan.has_ended))

    def _observe_invoice(self, invoice_id: str, observed_at: datetime) -> tuple[Fact, ...]:
        gift = self._read_invoice(invoice_id, observed_at)
        plan, _latest_invoice_id = self._read_plan(gift.subscription_id or "", observed_at)
        return (plan, replace(gift, plan_ended=plan.has_ended))

    def _observe_customer(self, customer_id: str, observed_at: datetime) -> tuple[Fact, ...]:
        """Look at the plans of a customer: a new card is the customer's, and their concern."""
        try:
            listed = self._client.v1.subscriptions.list(
                {"customer": customer_id, "status": "all", "limit": _PAGE}
            )
        except stripe.InvalidRequestError as error:
            # Of a deleted customer each plan's own end has been told.
            if error.http_status == 404:
                return ()
            raise
        return tuple(
            self._read_plan(subscription.id, observed_at)[0]
            for subscription in listed.auto_paging_iter()
        )

    def _read_plan(
        self, subscription_id: str, observed_at: datetime
    ) -> tuple[PlanSeen, str | None]:
        """Translate a subscription, and name its latest invoice."""
        subscription = self._client.v1.subscriptions.retrieve(
            subscription_id, {"expand": ["customer"]}
        )
        # By key: on a Stripe object, items is a method as well.
        items: stripe.ListObject[stripe.SubscriptionItem] = subscription["items"]
        price = items.data[0].price
        plan = PlanSeen(
            subscription_id=subscription.id,
            intent_id=_metadata(subscription, INTENT),
            livemode=subscription.livemode,
            status=subscription.status,
            cancel_at_end=subscription.cancel_at_period_end,
            frequency=_frequency(
                subscription.id, price.recurring.interval if price.recurring else None
            ),
            amount_cents=price.unit_amount or 0,
            observed_at=observed_at,
            customer_id=id_of(subscription.customer),
            payment_method=_payment_method(subscription),
            end_reason=_end_reason(subscription),
        )
        latest = subscription.latest_invoice
        return plan, id_of(latest) if latest else None

    def _read_invoice(self, invoice_id: str, observed_at: datetime) -> GiftSeen:
        invoice = self._client.v1.invoices.retrieve(invoice_id)
        details = invoice.parent.subscription_details if invoice.parent else None
        if details is None:
            raise UnknownObject(f"{invoice_id} does not belong to a plan")
        payment_id = self._payment_of_invoice(invoice_id)
        payment = self._fetch_payment(payment_id) if payment_id else None
        paid_at = invoice.status_transitions.paid_at
        return GiftSeen(
            origin=invoice_id,
            intent_id=_metadata(details, INTENT),
            livemode=invoice.livemode,
            amount_cents=invoice.total,
            currency=invoice.currency,
            status=invoice.status or "",
            payment_status="",
            attempts=invoice.attempt_count,
            given_at=_given_at(payment, invoice.created),
            paid_at=_moment(paid_at) if paid_at else None,
            observed_at=observed_at,
            subscription_id=id_of(details.subscription),
            payment=payment,
        )

    def _payment_of_invoice(self, invoice_id: str) -> str | None:
        """Find the payment that paid an invoice, or the latest that tried to."""
        payments = self._client.v1.invoice_payments.list({"invoice": invoice_id, "limit": _PAGE})
        attempt = paying_attempt(payments.data)
        return id_of(attempt.payment.payment_intent) if attempt else None

    def _observe_payment(self, payment_id: str, observed_at: datetime) -> tuple[Fact, ...]:
        """Find the gift a payment belongs to: a session (one-off) or an invoice (recurring)."""
        sessions = self._client.v1.checkout.sessions.list({"payment_intent": payment_id})
        if sessions.data:
            return self._observe_session(sessions.data[0].id, observed_at)
        invoices = self._client.v1.invoice_payments.list(
            {"payment": {"type": "payment_intent", "payment_intent": payment_id}}
        )
        if invoices.data:
            return self._observe_invoice(id_of(invoices.data[0].invoice), observed_at)
        raise UnknownObject(f"{payment_id} belongs to no session and no invoice")

    def _observe_payout(self, payout_id: str, observed_at: datetime) -> tuple[Fact, ...]:
        payout = self._client.v1.payouts.retrieve(
            payout_id, {"expand": ["balance_transaction", "failure_balance_transaction"]}
        )
        movements = (payout.balance_transaction, payout.failure_balance_transaction)
        return (
            PayoutSeen(
                id=payout.id,
                livemode=payout.livemode,
                movements=tuple(
                    read_movement("payout", whole(one, stripe.BalanceTransaction))
                    for one in movements
                    if one
                ),
                observed_at=observed_at,
            ),
        )

    def _observe_fee(self, transaction_id: str, observed_at: datetime) -> tuple[Fact, ...]:
        """Look at a movement that belongs to no gift: what Stripe keeps for its services."""
        transaction = self._client.v1.balance_transactions.retrieve(transaction_id)
        if transaction.type not in _FEE_TYPES:
            raise UnknownObject(f"{transaction_id} is a {transaction.type}, of no gift")
        return (
            FeeSeen(
                id=transaction.id,
                # A balance transaction does not say its mode; a key only ever sees its own.
                livemode=self._livemode,
                movements=(read_movement("fee", transaction),),
                observed_at=observed_at,
            ),
        )

    def _fetch_payment(self, payment_id: str) -> Payment:
        return self._read_payment(
            self._client.v1.payment_intents.retrieve(
                payment_id, {"expand": ["latest_charge.balance_transaction"]}
            )
        )

    def _read_payment(self, intent: stripe.PaymentIntent) -> Payment:
        """Translate a payment intent expanded down to its balance transaction."""
        if intent.latest_charge is None:
            return Payment(id=intent.id, status=intent.status)
        charge = whole(intent.latest_charge, stripe.Charge)
        movements = list(self._movements_of_charge(charge))
        refunds = []
        found = self._client.v1.refunds.list(
            {
                "payment_intent": intent.id,
                "limit": _PAGE,
                "expand": ["data.balance_transaction", "data.failure_balance_transaction"],
            }
        )
        for refund in found.auto_paging_iter():
            refunds.append(Refund(refund.id, refund.amount, refund.status or ""))
            both = (refund.balance_transaction, failure_of(refund))
            movements.extend(
                read_movement("refund", whole(one, stripe.BalanceTransaction))
                for one in both
                if one
            )
        disputes = []
        if charge.disputed:
            listed = self._client.v1.disputes.list({"payment_intent": intent.id, "limit": _PAGE})
            for dispute in listed.auto_paging_iter():
                disputes.append(Dispute(dispute.id, dispute.amount, dispute.status))
                movements.extend(
                    read_movement("dispute", one) for one in dispute.balance_transactions
                )
        details = charge.payment_method_details
        return Payment(
            id=intent.id,
            status=intent.status,
            method=details.type if details else None,
            charge_id=charge.id,
            charge_status=charge.status,
            movements=tuple(movements),
            refunds=tuple(refunds),
            disputes=tuple(disputes),
            ordered_at=_moment(charge.created),
        )

    def _movements_of_charge(self, charge: stripe.Charge) -> Iterator[Movement]:
        """Tell what a charge moved: nothing until it succeeded.

        A bank debit may have a balance transaction while it is still pending, and
        a second one that takes it back when it fails.
        """
        failure = failure_of(charge)
        if charge.balance_transaction and (charge.status == "succeeded" or failure):
            booked = whole(charge.balance_transaction, stripe.BalanceTransaction)
            yield read_movement("payment", booked)
        if failure:
            yield read_movement(
                "dispute", self._client.v1.balance_transactions.retrieve(id_of(failure))
            )


def paying_attempt(attempts: list[stripe.InvoicePayment]) -> stripe.InvoicePayment | None:
    """Choose the attempt that paid an invoice, else its default one, else the latest."""
    by_card_or_debit = [one for one in attempts if one.payment.type == "payment_intent"]
    by_card_or_debit.sort(key=lambda one: (one.status == "paid", one.is_default, one.created))
    return by_card_or_debit[-1] if by_card_or_debit else None


def read_movement(kind: str, transaction: stripe.BalanceTransaction) -> Movement:
    """Translate a balance transaction. Raises UnknownFact for another currency."""
    if transaction.currency != "eur":
        raise UnknownFact(f"{transaction.id} is in {transaction.currency}, not in euros")
    return Movement(
        id=transaction.id,
        kind=kind,
        amount_cents=transaction.amount,
        fee_cents=transaction.fee,
        net_cents=transaction.net,
        happened_at=_moment(transaction.created),
    )


def failure_of(moved: stripe.Charge | stripe.Refund) -> str | stripe.BalanceTransaction | None:
    """Return the movement that took back what was booked; Stripe leaves the field out if none did."""
    if "failure_balance_transaction" not in moved:
        return None
    return moved.failure_balance_transaction


def _payment_method(subscription: stripe.Subscription) -> str | None:
    """Tell what the next period is meant to be charged to: the latest choice, the customer's."""
    customer = whole(subscription.customer, stripe.Customer)
    # A deleted customer is told as one without settings.
    settings = customer.invoice_settings if "invoice_settings" in customer else None
    chosen = settings.default_payment_method if settings else None
    method = chosen or subscription.default_payment_method
    return id_of(method) if method else None


def _end_reason(subscription: stripe.Subscription) -> str | None:
    details = subscription.cancellation_details
    return details.reason if details else None


def _frequency(subscription_id: str, interval: str | None) -> Frequency:
    if interval not in {Frequency.MONTH, Frequency.YEAR}:
        raise UnknownFact(f"{subscription_id} repeats every {interval}")
    return Frequency(interval)


def _given_at(payment: Payment | None, opened: int) -> datetime:
    """Date a gift by its payment: a page opened on New Year's Eve may be paid in the new year."""
    return (payment and payment.ordered_at) or _moment(opened)


def _paid_at(payment: Payment | None) -> datetime | None:
    """Date a one-off gift by the movement that brought it."""
    movements = payment.movements if payment else ()
    return next((one.happened_at for one in movements if one.kind == "payment"), None)


def _metadata(
    thing: stripe.Subscription | stripe.Invoice.Parent.SubscriptionDetails, key: str
) -> str | None:
    metadata = thing.metadata
    return metadata[key] if metadata is not None and key in metadata else None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
