"""What has to exist at Stripe before the first gift: where news goes, what the portal allows.

Everything is found before it is made, by its address and by a mark of ours, so that
running this twice changes nothing and never leaves two endpoints ringing for one event.
It is handed the gateway's client and loaded only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from fundraising.stripe_gateway.client import answers

if TYPE_CHECKING:
    import stripe
    from stripe.params import WebhookEndpointUpdateParams
    from stripe.params.billing_portal import ConfigurationUpdateParams
    from stripe.params.v2.core import EventDestinationUpdateParams

    Ringing = TypeVar("Ringing", stripe.WebhookEndpoint, stripe.v2.core.EventDestination)

MARK = {"oltreiperimetri": "giving"}
"""Metadata by which we know what is ours at Stripe."""

_ENDPOINT: WebhookEndpointUpdateParams = {
    "enabled_events": [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
        "invoice.paid",
        "invoice.payment_failed",
        "invoice.payment_action_required",
        "invoice.finalization_failed",
        "invoice.voided",
        "invoice.marked_uncollectible",
        "customer.subscription.updated",
        "customer.subscription.deleted",
        "customer.subscription.paused",
        "customer.subscription.resumed",
        "customer.updated",
        "customer.deleted",
        # The fee and the balance transaction are known later than the payment.
        "charge.updated",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "refund.created",
        "refund.updated",
        "refund.failed",
        # For a person to look at: we have no rule, and it becomes a task.
        "radar.early_fraud_warning.created",
        # Counted by the defences, and nothing else.
        "payment_intent.payment_failed",
        "payout.paid",
        "payout.failed",
        "payout.canceled",
        "payout.reconciliation_completed",
    ],
    "metadata": {**MARK},
}
NEWS = tuple(_ENDPOINT["enabled_events"])
"""What Stripe is to tell us, by the names of snapshot events; thin ones begin with «v1.».

`payment_intent.succeeded` and `charge.succeeded` are missing on purpose: they decide nothing.
"""

_PAGE = 100
_NAME = "oltreiperimetri-donazioni"
_REASONS = ["too_expensive", "unused", "other"]


class Style(StrEnum):
    """The two shapes in which Stripe tells news; the webhook takes both."""

    SNAPSHOT = "snapshot"
    THIN = "thin"


class Done(StrEnum):
    """What was done about a thing at Stripe."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DISABLED = "disabled"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Prepared:
    """A thing at Stripe and what was done about it. *secret* is told at its creation only."""

    what: str
    id: str
    done: Done
    url: str = ""
    secret: str | None = None


class StripeSetup:
    """Prepares an account; each method may be called again at any time."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._client = client

    def prepare_webhook(self, url: str, style: Style) -> list[Prepared]:
        """Make sure that news comes to *url* once, in this style.

        What rings at the same address in another way is disabled, never deleted.
        Raises StripeUnreachable or StripeRefused.
        """
        with answers():
            if style is Style.SNAPSHOT:
                return [*self._prepare_endpoint(url), *self._disable_destinations(url, keep=None)]
            return [*self._prepare_destination(url), *self._disable_endpoints(url, keep=None)]

    def prepare_portal(self, *, return_url: str) -> Prepared:
        """Make sure that the portal lets donors change the card and stop, and no more.

        Raises StripeUnreachable or StripeRefused.
        """
        wanted: ConfigurationUpdateParams = {
            "name": _NAME,
            "default_return_url": return_url,
            "features": {
                "customer_update": {"enabled": False},
                "invoice_history": {"enabled": False},
                "payment_method_update": {"enabled": True},
                "subscription_cancel": {
                    "enabled": True,
                    "mode": "at_period_end",
                    "cancellation_reason": {"enabled": True, "options": _REASONS},
                },
                "subscription_update": {"enabled": False},
            },
            "metadata": {**MARK},
        }
        portal = self._client.v1.billing_portal.configurations
        with answers():
            found = self._find_portal()
            if found is None:
                # Made bare and then furnished: should that break off, the next run goes on.
                made = portal.create(
                    {
                        "features": {"payment_method_update": {"enabled": True}},
                        "metadata": {**MARK},
                    }
                )
                portal.update(made.id, wanted)
                return Prepared("portal", made.id, Done.CREATED)
            if _holds(found.to_dict(), wanted):
                return Prepared("portal", found.id, Done.UNCHANGED)
            portal.update(found.id, wanted)
        return Prepared("portal", found.id, Done.UPDATED)

    def find_portal(self) -> str | None:
        """Return the id of our portal configuration, None when nothing was prepared.

        A configuration made through the API is never the account's default one, so
        whoever opens the portal has to name it.
        """
        with answers():
            found = self._find_portal()
        return found.id if found else None

    def _find_portal(self) -> stripe.billing_portal.Configuration | None:
        listed = self._client.v1.billing_portal.configurations.list(
            {"active": True, "limit": _PAGE}
        )
        ours = [one for one in listed.auto_paging_iter() if _is_marked(one)]
        # The oldest: should there be two, every run has to choose the same.
        return ours[-1] if ours else None

    def _prepare_endpoint(self, url: str) -> Iterator[Prepared]:
        endpoints = self._client.v1.webhook_endpoints
        everything = list(endpoints.list({"limit": _PAGE}).auto_paging_iter())
        same = [one for one in everything if one.url == url]
        if not same:
            made = endpoints.create(
                {
                    "url": url,
                    "description": _NAME,
                    "enabled_events": _ENDPOINT["enabled_events"],
                    "metadata": {**MARK},
                }
            )
            yield Prepared("endpoint", made.id, Done.CREATED, url, made.secret)
            kept = made.id
        else:
            found = _choose(same)
            kept = found.id
            if found.status == "enabled" and _holds(found.to_dict(), _ENDPOINT):
                yield Prepared("endpoint", kept, Done.UNCHANGED, url)
            else:
                endpoints.update(kept, {**_ENDPOINT, "disabled": False})
                yield Prepared("endpoint", kept, Done.UPDATED, url)
        yield from self._disable_endpoints(url, keep=kept)
        for one in everything:
            if _is_marked(one) and one.url != url and one.status == "enabled":
                yield Prepared("endpoint", one.id, Done.ELSEWHERE, one.url)

    def _disable_endpoints(self, url: str, *, keep: str | None) -> Iterator[Prepared]:
        endpoints = self._client.v1.webhook_endpoints
        for one in list(endpoints.list({"limit": _PAGE}).auto_paging_iter()):
            if one.url == url and one.id != keep and one.status == "enabled":
                endpoints.update(one.id, {"disabled": True})
                yield Prepared("endpoint", one.id, Done.DISABLED, url)

    def _prepare_destination(self, url: str) -> Iterator[Prepared]:
        destinations = self._client.v2.core.event_destinations
        events = [f"v1.{name}" for name in NEWS]
        wanted: EventDestinationUpdateParams = {"enabled_events": events, "metadata": {**MARK}}
        everything = self._destinations()
        same = [one for one in everything if _url_of(one) == url and one.event_payload == "thin"]
        if not same:
            made = destinations.create(
                {
                    "name": _NAME,
                    "enabled_events": events,
                    "metadata": {**MARK},
                    "type": "webhook_endpoint",
                    "event_payload": "thin",
                    "webhook_endpoint": {"url": url},
                    "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
                }
            )
            secret = made.webhook_endpoint.signing_secret if made.webhook_endpoint else None
            yield Prepared("destination", made.id, Done.CREATED, url, secret)
            kept = made.id
        else:
            found = _choose(same)
            kept = found.id
            done = Done.UNCHANGED
            if not _holds(found.to_dict(), wanted):
                destinations.update(kept, wanted)
                done = Done.UPDATED
            if found.status != "enabled":
                destinations.enable(kept)
                done = Done.UPDATED
            yield Prepared("destination", kept, done, url)
        yield from self._disable_destinations(url, keep=kept)
        for one in everything:
            if _is_marked(one) and _url_of(one) != url and one.status == "enabled":
                yield Prepared("destination", one.id, Done.ELSEWHERE, _url_of(one))

    def _disable_destinations(self, url: str, *, keep: str | None) -> Iterator[Prepared]:
        for one in self._destinations():
            same_thing = _url_of(one) == url and one.event_payload == "thin"
            if same_thing and one.id != keep and one.status == "enabled":
                self._client.v2.core.event_destinations.disable(one.id)
                yield Prepared("destination", one.id, Done.DISABLED, url)

    def _destinations(self) -> list[stripe.v2.core.EventDestination]:
        listed = self._client.v2.core.event_destinations.list(
            {"include": ["webhook_endpoint.url"], "limit": _PAGE}
        )
        return list(listed.auto_paging_iter())


def _choose(same: list[Ringing]) -> Ringing:
    """Choose among things at one address: ours, then one that is on, then the oldest."""
    return max(reversed(same), key=lambda one: (_is_marked(one), one.status == "enabled"))


def _is_marked(
    thing: stripe.WebhookEndpoint
    | stripe.v2.core.EventDestination
    | stripe.billing_portal.Configuration,
) -> bool:
    metadata = thing.metadata
    return metadata is not None and all(
        name in metadata and metadata[name] == value for name, value in MARK.items()
    )


def _url_of(destination: stripe.v2.core.EventDestination) -> str:
    endpoint = destination.webhook_endpoint
    return (endpoint.url or "") if endpoint else ""


def _holds(found: Any, wanted: Any) -> bool:
    """Tell whether what is there already says everything that is wanted."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            name in found and _holds(found[name], value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and sorted(found) == sorted(wanted)
    return bool(found == wanted)
