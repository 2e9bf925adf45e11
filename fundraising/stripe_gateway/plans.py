"""Recurring gifts at Stripe: end one, mend one, and the pages where a donor does it.

Everything here may be asked twice: what is done already is left as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import stripe

from fundraising.gateway import StripeRefused, UnknownObject
from fundraising.stripe_gateway.client import answers

if TYPE_CHECKING:
    from stripe.params.billing_portal import SessionCreateParams


class StripePlans:
    """What may be done to a plan."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._client = client

    def end(self, subscription_id: str) -> None:
        """End a plan now: nothing more is charged, nothing is given back."""
        try:
            with answers():
                self._client.v1.subscriptions.cancel(subscription_id)
        except UnknownObject:
            # Stripe forgets how to cancel what has ended.
            return

    def mend(self, subscription_id: str, payment_method: str) -> None:
        """Charge a plan to this payment method from now on, what it still owes included.

        A card that is declined is no error here: Stripe tells of it by a notification.
        """
        with answers():
            subscription = self._client.v1.subscriptions.retrieve(
                subscription_id, {"expand": ["latest_invoice"]}
            )
            if subscription.status == "canceled":
                return
            if subscription.default_payment_method != payment_method:
                self._client.v1.subscriptions.update(
                    subscription_id, {"default_payment_method": payment_method}
                )
            invoice = subscription.latest_invoice
            if not isinstance(invoice, stripe.Invoice) or invoice.status != "open":
                return
            try:
                self._client.v1.invoices.pay(invoice.id, {"payment_method": payment_method})
            except stripe.CardError:
                return
            except stripe.InvalidRequestError:
                # Somebody else may have been faster: the page and the worker do the same.
                if self._client.v1.invoices.retrieve(invoice.id).status == "open":
                    raise

    def open_portal(self, customer_id: str, *, configuration: str | None, return_url: str) -> str:
        """Open Stripe's page to change the card, and return its short-lived address.

        *configuration* is the one we prepared; without it the account's own is used.
        """
        wanted: SessionCreateParams = {
            "customer": customer_id,
            "locale": "it",
            "return_url": return_url,
            "flow_data": {
                "type": "payment_method_update",
                "after_completion": {"type": "redirect", "redirect": {"return_url": return_url}},
            },
        }
        if configuration:
            wanted["configuration"] = configuration
        with answers():
            return self._client.v1.billing_portal.sessions.create(wanted).url

    def page_to_confirm(self, subscription_id: str) -> str:
        """Return the page where a donor confirms the payment their bank asks about.

        Raises StripeRefused when nothing waits to be confirmed.
        """
        with answers():
            subscription = self._client.v1.subscriptions.retrieve(
                subscription_id, {"expand": ["latest_invoice"]}
            )
        invoice = subscription.latest_invoice
        if not isinstance(invoice, stripe.Invoice) or invoice.status != "open":
            raise StripeRefused(f"{subscription_id} has nothing to confirm")
        if not invoice.hosted_invoice_url:
            raise StripeRefused(f"{invoice.id} has no page")
        return invoice.hosted_invoice_url
