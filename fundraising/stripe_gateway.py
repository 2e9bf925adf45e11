"""The gateway to Stripe: the only module that knows its SDK.

Requests go out with retries, a timeout and no telemetry; answers are translated
into our facts here, so that a change at Stripe stops at this file. Notifications
are verified on their raw bytes and read for three things only: what happened, to
which object, live or test. Thin and snapshot shapes look alike from there on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

import stripe

from fundraising.donation import Frequency
from fundraising.facts import (
    Dispute,
    Fact,
    GiftSeen,
    Movement,
    Payment,
    PayoutSeen,
    PlanSeen,
    Refund,
    UnknownFact,
)
from fundraising.gateway import (
    BadNotification,
    CheckoutOrder,
    Notification,
    StripeRefused,
    StripeUnreachable,
    UnknownObject,
)

INTENT = "intent"
"""The metadata key that leads back to our intent: an id, never a name."""

_TIMEOUT_SECONDS = 10
_RETRIES = 2
_PAGE = 100


class StripeGateway:
    """Stripe, for one key and one mode."""

    def __init__(
        self,
        secret_key: str,
        webhook_secrets: tuple[str, ...],
        *,
        clock: Callable[[], datetime],
        api_base: str | None = None,
    ) -> None:
        # Telemetry would tell Stripe how long our last request took; it is a module-wide switch.
        stripe.enable_telemetry = False
        self.livemode = "_live_" in secret_key
        self._webhook_secrets = webhook_secrets
        self._clock = clock
        self._client = stripe.StripeClient(
            secret_key,
            http_client=TimedClient(_TIMEOUT_SECONDS),
            max_network_retries=_RETRIES,
            base_addresses={"api": api_base} if api_base else None,
        )

    def read_notification(self, payload: bytes, signature: str | None) -> Notification:
        """Verify a notification and read what it is about.

        Raises BadNotification for anything that is not a fresh, well signed
        notification of our own mode.
        """
        self._verify(payload, signature)
        try:
            body = json.loads(payload)
            thin = body["object"] == "v2.core.event"
            related = body.get("related_object") if thin else body["data"]["object"]
            # A few notifications are about no object at all: they are about themselves.
            about = related if related and "id" in related else {"id": body["id"]}
            notification = Notification(
                id=body["id"],
                type=body["type"].removeprefix("v1."),
                object_kind=about.get("type" if thin else "object", "event"),
                object_id=about["id"],
                livemode=body["livemode"],
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadNotification(f"the body has no {error}") from error
        words = (notification.id, notification.type, notification.object_kind)
        if not all(_is_word(word) for word in (*words, notification.object_id)):
            raise BadNotification("a part of the body is not a word")
        if notification.livemode is not self.livemode:
            raise BadNotification(f"livemode is {notification.livemode!r}, ours is {self.livemode}")
        return notification

    def open_checkout(self, order: CheckoutOrder) -> tuple[str, str]:
        """Open a checkout session and return its id and its address.

        The same intent asked twice gets the same session.
        """
        recurring = order.frequency is not Frequency.ONCE
        price: dict[str, Any] = {
            "currency": "eur",
            "unit_amount": order.amount_cents,
            "product_data": {"name": order.title},
        }
        if order.description:
            price["product_data"]["description"] = order.description
        if recurring:
            price["recurring"] = {"interval": order.frequency.value}
        metadata = {INTENT: order.intent_id}
        parameters: dict[str, Any] = {
            "mode": "subscription" if recurring else "payment",
            "ui_mode": "hosted_page",
            "locale": "it",
            "line_items": [{"price_data": price, "quantity": 1}],
            "client_reference_id": order.intent_id,
            "metadata": metadata,
            "customer_email": order.email,
            "success_url": order.success_url,
            "cancel_url": order.cancel_url,
        }
        if recurring:
            parameters["subscription_data"] = {"metadata": metadata, "description": order.title}
        else:
            parameters["submit_type"] = "donate"
            parameters["payment_intent_data"] = {"metadata": metadata, "description": order.title}
        with _answers():
            session = self._client.v1.checkout.sessions.create(
                parameters,  # type: ignore[arg-type]
                {"idempotency_key": f"intent:{order.intent_id}:v1"},
            )
        return session.id, session.url or ""

    def observe(self, object_kind: str, object_id: str) -> tuple[Fact, ...]:
        """Look at an object as it is now and tell every fact it leads to.

        Raises UnknownObject, UnknownFact, StripeUnreachable or StripeRefused.
        """
        observed_at = self._clock()
        with _answers():
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
                    return self._observe_payment(_id(charge.payment_intent), observed_at)
                case "refund":
                    refund = self._client.v1.refunds.retrieve(object_id)
                    return self._observe_payment(_id(refund.payment_intent), observed_at)
                case "dispute":
                    dispute = self._client.v1.disputes.retrieve(object_id)
                    return self._observe_payment(_id(dispute.payment_intent), observed_at)
                case "payout":
                    return self._observe_payout(object_id, observed_at)
        raise UnknownObject(f"no rule for {object_kind}")

    def balance_cents(self) -> int:
        """Ask how many cents of ours Stripe holds, available or on their way."""
        with _answers():
            balance = self._client.v1.balance.retrieve()
        amounts: list[Any] = [*balance.available, *balance.pending]
        return sum(amount.amount for amount in amounts if amount.currency == "eur")

    def _verify(self, payload: bytes, signature: str | None) -> None:
        for secret in self._webhook_secrets:
            try:
                stripe.WebhookSignature.verify_header(
                    payload, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE
                )
                return
            except stripe.SignatureVerificationError:
                continue
            except UnicodeError as error:
                raise BadNotification("the body is not UTF-8") from error
        raise BadNotification("the signature is missing, wrong or too old")

    def _observe_session(self, session_id: str, observed_at: datetime) -> tuple[Fact, ...]:
        session = self._client.v1.checkout.sessions.retrieve(
            session_id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
        )
        if session.mode == "subscription":
            if session.subscription is None:
                return ()
            return self._observe_subscription(_id(session.subscription), observed_at)
        payment = self._read_payment(session.payment_intent) if session.payment_intent else None
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
                given_at=_moment(session.created),
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
        return (plan, self._read_invoice(latest_invoice_id, observed_at))

    def _observe_invoice(self, invoice_id: str, observed_at: datetime) -> tuple[Fact, ...]:
        gift = self._read_invoice(invoice_id, observed_at)
        plan, _latest_invoice_id = self._read_plan(gift.subscription_id or "", observed_at)
        return (plan, gift)

    def _read_plan(
        self, subscription_id: str, observed_at: datetime
    ) -> tuple[PlanSeen, str | None]:
        """Translate a subscription, and name its latest invoice."""
        subscription = self._client.v1.subscriptions.retrieve(subscription_id)
        # By key: on a Stripe object, items is a method as well.
        price = subscription["items"].data[0].price
        plan = PlanSeen(
            subscription_id=subscription.id,
            intent_id=_metadata(subscription, INTENT),
            livemode=subscription.livemode,
            status=subscription.status,
            cancel_at_end=subscription.cancel_at_period_end,
            frequency=_frequency(subscription.id, price.recurring.interval),
            amount_cents=price.unit_amount,
            observed_at=observed_at,
        )
        latest = subscription.latest_invoice
        return plan, _id(latest) if latest else None

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
            given_at=_moment(invoice.created),
            paid_at=_moment(paid_at) if paid_at else None,
            observed_at=observed_at,
            subscription_id=_id(details.subscription),
            payment=payment,
        )

    def _payment_of_invoice(self, invoice_id: str) -> str | None:
        """Find the payment that paid an invoice, or the latest that tried to."""
        payments = self._client.v1.invoice_payments.list({"invoice": invoice_id, "limit": _PAGE})
        attempt = paying_attempt(payments.data)
        return _id(attempt.payment.payment_intent) if attempt else None

    def _observe_payment(self, payment_id: str, observed_at: datetime) -> tuple[Fact, ...]:
        """Find the gift a payment belongs to: a session (one-off) or an invoice (recurring)."""
        sessions = self._client.v1.checkout.sessions.list({"payment_intent": payment_id})
        if sessions.data:
            return self._observe_session(sessions.data[0].id, observed_at)
        invoices = self._client.v1.invoice_payments.list(
            {"payment": {"type": "payment_intent", "payment_intent": payment_id}}
        )
        if invoices.data:
            return self._observe_invoice(_id(invoices.data[0].invoice), observed_at)
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
                movements=tuple(_movement("payout", one) for one in movements if one),
                observed_at=observed_at,
            ),
        )

    def _fetch_payment(self, payment_id: str) -> Payment:
        return self._read_payment(
            self._client.v1.payment_intents.retrieve(
                payment_id, {"expand": ["latest_charge.balance_transaction"]}
            )
        )

    def _read_payment(self, intent: Any) -> Payment:
        """Translate a payment intent expanded down to its balance transaction."""
        charge = intent.latest_charge
        if charge is None:
            return Payment(id=intent.id, status=intent.status)
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
            both = (
                refund.balance_transaction,
                getattr(refund, "failure_balance_transaction", None),
            )
            movements.extend(_movement("refund", one) for one in both if one)
        disputes = []
        if charge.disputed:
            listed = self._client.v1.disputes.list({"payment_intent": intent.id, "limit": _PAGE})
            for dispute in listed.auto_paging_iter():
                disputes.append(Dispute(dispute.id, dispute.amount, dispute.status))
                movements.extend(_movement("dispute", one) for one in dispute.balance_transactions)
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
        )

    def _movements_of_charge(self, charge: Any) -> Iterator[Movement]:
        """Tell what a charge moved: nothing until it succeeded.

        A bank debit may have a balance transaction while it is still pending, and
        a second one that takes it back when it fails.
        """
        failure = getattr(charge, "failure_balance_transaction", None)
        if charge.balance_transaction and (charge.status == "succeeded" or failure):
            yield _movement("payment", charge.balance_transaction)
        if failure:
            yield _movement("dispute", self._client.v1.balance_transactions.retrieve(_id(failure)))


class TimedClient(stripe.UrllibClient):
    """The SDK's standard-library transport, which by itself waits forever."""

    def __init__(self, timeout_seconds: float) -> None:
        import urllib.request

        super().__init__(_lib=_TimedUrllib(urllib.request, timeout_seconds))

    def request(  # type: ignore[override]  # as UrllibClient itself narrows it
        self, method: str, url: str, headers: Any, post_data: Any = None
    ) -> tuple[str, int, Mapping[str, str]]:
        try:
            return super().request(method, url, headers, post_data)
        except (OSError, HTTPException) as error:
            # A read that times out or breaks off escapes the SDK as one of these.
            raise stripe.APIConnectionError(  # type: ignore[no-untyped-call]
                f"no answer from Stripe ({type(error).__name__})", should_retry=True
            ) from error


class _TimedUrllib:
    """urllib.request, with a timeout on every call."""

    def __init__(self, library: Any, timeout_seconds: float) -> None:
        self._library = library
        self._timeout_seconds = timeout_seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def urlopen(self, request: Any) -> Any:
        return self._library.urlopen(request, timeout=self._timeout_seconds)


@contextmanager
def _answers() -> Iterator[None]:
    """Translate Stripe's errors into what each means for us."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise StripeUnreachable(type(error).__name__) from error
    except stripe.InvalidRequestError as error:
        if error.http_status == 404:
            raise UnknownObject(f"Stripe knows no such object ({error.code})") from error
        raise StripeRefused(f"{error.code}: {error.param}") from error
    except (stripe.AuthenticationError, stripe.PermissionError, stripe.IdempotencyError) as error:
        raise StripeRefused(type(error).__name__) from error
    except stripe.StripeError as error:
        raise StripeUnreachable(f"{type(error).__name__} {error.http_status}") from error


def paying_attempt(attempts: list[Any]) -> Any | None:
    """Choose the attempt that paid an invoice, else its default one, else the latest."""
    by_card_or_debit = [one for one in attempts if one.payment.type == "payment_intent"]
    by_card_or_debit.sort(key=lambda one: (one.status == "paid", one.is_default, one.created))
    return by_card_or_debit[-1] if by_card_or_debit else None


def _movement(kind: str, transaction: Any) -> Movement:
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


def _frequency(subscription_id: str, interval: str) -> Frequency:
    if interval not in {Frequency.MONTH, Frequency.YEAR}:
        raise UnknownFact(f"{subscription_id} repeats every {interval}")
    return Frequency(interval)


def _paid_at(payment: Payment | None) -> datetime | None:
    """Date a one-off gift by the movement that brought it."""
    movements = payment.movements if payment else ()
    return next((one.happened_at for one in movements if one.kind == "payment"), None)


def _id(reference: Any) -> str:
    """Read the id of an object that may have come expanded."""
    if reference is None:
        raise UnknownObject("the object does not lead to a payment")
    return reference if isinstance(reference, str) else reference.id


def _metadata(thing: Any, key: str) -> str | None:
    metadata = thing.metadata
    return metadata[key] if metadata is not None and key in metadata else None


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _is_word(value: object) -> bool:
    """Tell whether a value can be an id or a name at Stripe, and a key in our books."""
    return (
        isinstance(value, str) and 0 < len(value) <= 255 and value.isascii() and value.isprintable()
    )
