"""One door to Stripe: a page to pay on, what an object is now, and the rooms behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import stripe

from fundraising.donation import Frequency
from fundraising.facts import Fact
from fundraising.gateway import INTENT, CheckoutOrder
from fundraising.notification import Notification, NotificationReader
from fundraising.stripe_gateway.client import TimedClient, answers
from fundraising.stripe_gateway.observer import Observer

if TYPE_CHECKING:
    from stripe.params.checkout import (
        SessionCreateParams,
        SessionCreateParamsLineItemPriceData,
    )

    from fundraising.stripe_gateway.history import StripeHistory
    from fundraising.stripe_gateway.plans import StripePlans
    from fundraising.stripe_gateway.setup import StripeSetup

_TIMEOUT_SECONDS = 10
_RETRIES = 2


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
        self._notifications = NotificationReader(webhook_secrets, livemode=self.livemode)
        self._client = stripe.StripeClient(
            secret_key,
            http_client=TimedClient(_TIMEOUT_SECONDS),
            max_network_retries=_RETRIES,
            base_addresses={"api": api_base} if api_base else None,
        )
        self._observer = Observer(self._client, livemode=self.livemode, clock=clock)

    def read_notification(self, payload: bytes, signature: str | None) -> Notification:
        """Verify a notification and read what it is about.

        Raises BadNotification for anything that is not a fresh, well signed
        notification of our own mode.
        """
        return self._notifications.read_notification(payload, signature)

    def open_checkout(self, order: CheckoutOrder) -> tuple[str, str]:
        """Open a checkout session and return its id and its address.

        The same intent asked twice gets the same session.
        """
        recurring = order.frequency is not Frequency.ONCE
        price: SessionCreateParamsLineItemPriceData = {
            "currency": "eur",
            "unit_amount": order.amount_cents,
            "product_data": {"name": order.title},
        }
        if order.description:
            price["product_data"]["description"] = order.description
        if order.frequency is not Frequency.ONCE:
            price["recurring"] = {"interval": order.frequency.value}
        metadata = {INTENT: order.intent_id}
        parameters: SessionCreateParams = {
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
        if order.expires_at:
            parameters["expires_at"] = int(order.expires_at.timestamp())
        with answers():
            session = self._client.v1.checkout.sessions.create(
                parameters, {"idempotency_key": f"intent:{order.intent_id}:v1"}
            )
        return session.id, session.url or ""

    def find_checkout(self, session_id: str) -> tuple[str, str | None]:
        """Tell the status of a checkout session, and its address while it is open."""
        with answers():
            session = self._client.v1.checkout.sessions.retrieve(session_id)
        return session.status or "", session.url

    def close_checkout(self, session_id: str) -> None:
        """Close a payment page nobody is to pay on any more; one that is not open stays as it is."""
        with answers():
            sessions = self._client.v1.checkout.sessions
            try:
                sessions.expire(session_id)
            except stripe.InvalidRequestError:
                if sessions.retrieve(session_id).status == "open":
                    raise

    def observe(self, object_kind: str, object_id: str) -> tuple[Fact, ...]:
        """Look at an object as it is now and tell every fact it leads to.

        Raises UnknownObject, UnknownFact, StripeUnreachable or StripeRefused.
        """
        return self._observer.observe(object_kind, object_id)

    def balance_cents(self) -> int:
        """Ask how many cents of ours Stripe holds, available or on their way."""
        with answers():
            balance = self._client.v1.balance.retrieve()
        amounts = [(one.amount, one.currency) for one in balance.available]
        amounts += [(one.amount, one.currency) for one in balance.pending]
        return sum(cents for cents, currency in amounts if currency == "eur")

    @cached_property
    def plans(self) -> StripePlans:
        """What is done to a recurring gift."""
        from fundraising.stripe_gateway.plans import StripePlans

        return StripePlans(self._client)

    @cached_property
    def setup(self) -> StripeSetup:
        """What has to exist at Stripe before the first gift."""
        from fundraising.stripe_gateway.setup import StripeSetup

        return StripeSetup(self._client)

    @cached_property
    def history(self) -> StripeHistory:
        """What the treasurer asks: lists of what happened, and refunds."""
        from fundraising.stripe_gateway.history import StripeHistory

        return StripeHistory(self._client)
