"""Resources: which address of the API does what.

Each line says method, address, the SDK declaration its parameters are checked
against, and the function that answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fundraising.sandbox import (
    balance,
    checkout,
    collection,
    customers,
    destinations,
    endpoints,
    events,
    payouts,
    portal,
    portal_configurations,
    refunds,
    sessions,
    subscriptions,
)
from fundraising.sandbox.account import Account
from fundraising.sandbox.errors import Refusal, missing
from fundraising.sandbox.listing import matching, page
from fundraising.sandbox.objects import Body
from fundraising.sandbox.shapes import completed, expanded

Params = dict[str, Any]
Answer = Callable[[Account, Params, str], Body]


@dataclass(frozen=True)
class Resource:
    """One address; `<id>` in it is handed to *answer*."""

    method: str
    address: str
    declaration: str
    answer: Answer


def _retrieve(kind: str) -> Answer:
    return lambda account, params, object_id: completed(account, account.read(kind, object_id))


def _list(kind: str, address: str) -> Answer:
    return lambda account, params, _: page(
        account, matching(_candidates(account, kind, params), params), params, address
    )


def _candidates(account: Account, kind: str, params: Params) -> list[Body]:
    """Return what the parameters choose from, without reading everything for one payment's sake."""
    named = params | {f"payment.{name}": value for name, value in params.get("payment", {}).items()}
    for field in ("payment_intent", "payment.payment_intent", "invoice", "customer"):
        if isinstance(named.get(field), str):
            return account.store.where(kind, field, named[field])
    return account.store.all(kind)


def _create(function: Callable[[Account, Params], Body]) -> Answer:
    return lambda account, params, _: completed(account, function(account, params))


def _change(kind: str, function: Callable[..., Body], *, with_params: bool = True) -> Answer:
    def answer(account: Account, params: Params, object_id: str) -> Body:
        body = account.read(kind, object_id)
        changed = function(account, body, params) if with_params else function(account, body)
        return completed(account, changed)

    return answer


def _line_items(account: Account, params: Params, session_id: str) -> Body:
    session = account.read("checkout.session", session_id)
    return page(
        account, session["_items"], params, f"/v1/checkout/sessions/{session_id}/line_items"
    )


def _list_subscriptions(account: Account, params: Params, _: str) -> Body:
    status = params.pop("status", None)
    found = matching(_candidates(account, "subscription", params), params)
    if status is None:
        found = [subscription for subscription in found if subscription["status"] != "canceled"]
    elif status != "all":
        found = [subscription for subscription in found if subscription["status"] == status]
    return page(account, found, params, "/v1/subscriptions")


def _list_invoices(account: Account, params: Params, _: str) -> Body:
    subscription_id = params.pop("subscription", None)
    found = matching(account.store.all("invoice"), params)
    if subscription_id is not None:
        found = [
            invoice
            for invoice in found
            if invoice["parent"]["subscription_details"]["subscription"] == subscription_id
        ]
    return page(account, found, params, "/v1/invoices")


def _list_balance_transactions(account: Account, params: Params, _: str) -> Body:
    payout_id = params.pop("payout", None)
    found = matching(account.store.all("balance_transaction"), params)
    if payout_id is not None:
        payout = account.read("payout", payout_id, "payout")
        if not payout["automatic"]:
            raise Refusal(
                "Balance transaction history can only be filtered on automatic payouts, "
                "not manual.",
                param="payout",
            )
        found = [transaction for transaction in found if transaction["_payout"] == payout_id]
    return page(account, found, params, "/v1/balance_transactions")


def _list_events(account: Account, params: Params, _: str) -> Body:
    only_type = params.pop("type", None)
    types = set(params.pop("types", [])) | ({only_type} if only_type else set())
    delivered = params.pop("delivery_success", None)
    found = matching(account.store.all("event"), params)
    if types:
        found = [event for event in found if event["type"] in types]
    if delivered is not None:
        found = [
            event for event in found if (events.pending_webhooks(account, event) == 0) == delivered
        ]
    answer = page(account, found, params, "/v1/events")
    for event in answer["data"]:
        event["pending_webhooks"] = events.pending_webhooks(
            account, account.read("event", event["id"])
        )
    return answer


def _retrieve_event(account: Account, params: Params, event_id: str) -> Body:
    event = account.read("event", event_id)
    pending = events.pending_webhooks(account, event)
    return {**completed(account, event), "pending_webhooks": pending}


def _retrieve_thin_event(account: Account, params: Params, event_id: str) -> Body:
    event = account.store.find(events.snapshot_id(event_id))
    if event is None or event["object"] != "event" or events.thin_id(event["id"]) != event_id:
        raise missing("v2.core.event", event_id)
    return {**events.thin_notification(event), "changes": None}


def _balance(account: Account, params: Params, _: str) -> Body:
    return balance.balance(account)


def with_expansions(account: Account, answer: Body, params: Params) -> Body:
    """Return the answer with what `expand` asks for."""
    return expanded(account, answer, params.get("expand", []))


def _kept(kind: str, folder: str, name: str) -> list[Resource]:
    """Return the resources to read one object and to list them."""
    address = f"/v1/{folder}"
    return [
        Resource("GET", address, f"{name}ListParams", _list(kind, address)),
        Resource("GET", f"{address}/<id>", f"{name}RetrieveParams", _retrieve(kind)),
    ]


def _change_destination(function: Callable[[Account, Body, Params], Body]) -> Answer:
    return lambda account, params, object_id: function(
        account, account.read(destinations.KIND, object_id), params
    )


SESSIONS = "/v1/checkout/sessions"
DESTINATIONS = "/v2/core/event_destinations"

RESOURCES: list[Resource] = [
    Resource("POST", SESSIONS, "checkout.SessionCreateParams", _create(sessions.create_session)),
    *_kept("checkout.session", "checkout/sessions", "checkout.Session"),
    Resource(
        "POST",
        f"{SESSIONS}/<id>/expire",
        "checkout.SessionExpireParams",
        _change("checkout.session", checkout.expire_session, with_params=False),
    ),
    Resource(
        "GET", f"{SESSIONS}/<id>/line_items", "checkout.SessionListLineItemsParams", _line_items
    ),
    *_kept("payment_intent", "payment_intents", "PaymentIntent"),
    *_kept("charge", "charges", "Charge"),
    *_kept("refund", "refunds", "Refund"),
    Resource("POST", "/v1/refunds", "RefundCreateParams", _create(refunds.create_refund)),
    *_kept("dispute", "disputes", "Dispute"),
    *_kept("customer", "customers", "Customer"),
    Resource("POST", "/v1/customers", "CustomerCreateParams", _create(customers.create_customer)),
    Resource(
        "POST",
        "/v1/customers/<id>",
        "CustomerUpdateParams",
        _change("customer", customers.update_customer),
    ),
    Resource("GET", "/v1/subscriptions", "SubscriptionListParams", _list_subscriptions),
    Resource(
        "GET", "/v1/subscriptions/<id>", "SubscriptionRetrieveParams", _retrieve("subscription")
    ),
    Resource(
        "POST",
        "/v1/subscriptions/<id>",
        "SubscriptionUpdateParams",
        _change("subscription", subscriptions.update_subscription),
    ),
    Resource(
        "DELETE",
        "/v1/subscriptions/<id>",
        "SubscriptionCancelParams",
        _change("subscription", subscriptions.cancel_subscription),
    ),
    Resource("GET", "/v1/invoices", "InvoiceListParams", _list_invoices),
    Resource("GET", "/v1/invoices/<id>", "InvoiceRetrieveParams", _retrieve("invoice")),
    Resource(
        "POST",
        "/v1/invoices/<id>/pay",
        "InvoicePayParams",
        _change("invoice", collection.pay),
    ),
    Resource(
        "POST",
        "/v1/billing_portal/sessions",
        "billing_portal.SessionCreateParams",
        _create(portal.create_session),
    ),
    *_kept("invoice_payment", "invoice_payments", "InvoicePayment"),
    *_kept("payout", "payouts", "Payout"),
    Resource("POST", "/v1/payouts", "PayoutCreateParams", _create(payouts.create_payout)),
    Resource(
        "GET",
        "/v1/balance_transactions",
        "BalanceTransactionListParams",
        _list_balance_transactions,
    ),
    Resource(
        "GET",
        "/v1/balance_transactions/<id>",
        "BalanceTransactionRetrieveParams",
        _retrieve("balance_transaction"),
    ),
    Resource("GET", "/v1/balance", "BalanceRetrieveParams", _balance),
    Resource("GET", "/v1/events", "EventListParams", _list_events),
    Resource("GET", "/v1/events/<id>", "EventRetrieveParams", _retrieve_event),
    Resource("GET", "/v2/core/events/<id>", "v2.core.EventRetrieveParams", _retrieve_thin_event),
    *_kept("webhook_endpoint", "webhook_endpoints", "WebhookEndpoint"),
    Resource(
        "POST",
        "/v1/webhook_endpoints",
        "WebhookEndpointCreateParams",
        _create(endpoints.create_endpoint),
    ),
    Resource(
        "POST",
        "/v1/webhook_endpoints/<id>",
        "WebhookEndpointUpdateParams",
        _change("webhook_endpoint", endpoints.update_endpoint),
    ),
    *_kept(
        "billing_portal.configuration",
        "billing_portal/configurations",
        "billing_portal.Configuration",
    ),
    Resource(
        "POST",
        "/v1/billing_portal/configurations",
        "billing_portal.ConfigurationCreateParams",
        _create(portal_configurations.create_configuration),
    ),
    Resource(
        "POST",
        "/v1/billing_portal/configurations/<id>",
        "billing_portal.ConfigurationUpdateParams",
        _change("billing_portal.configuration", portal_configurations.update_configuration),
    ),
    Resource(
        "GET",
        DESTINATIONS,
        "v2.core.EventDestinationListParams",
        destinations.list_destinations,
    ),
    Resource(
        "POST",
        DESTINATIONS,
        "v2.core.EventDestinationCreateParams",
        lambda account, params, _: destinations.create_destination(account, params),
    ),
    Resource(
        "POST",
        f"{DESTINATIONS}/<id>",
        "v2.core.EventDestinationUpdateParams",
        _change_destination(destinations.update_destination),
    ),
    Resource(
        "POST",
        f"{DESTINATIONS}/<id>/enable",
        "v2.core.EventDestinationEnableParams",
        _change_destination(destinations.enable_destination),
    ),
    Resource(
        "POST",
        f"{DESTINATIONS}/<id>/disable",
        "v2.core.EventDestinationDisableParams",
        _change_destination(destinations.disable_destination),
    ),
]
