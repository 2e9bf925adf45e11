"""Sessions: what a checkout session may be asked for, and what it starts as.

The payment intent, the customer and the subscription exist only once the donor
has tried to pay: until then the session keeps what it was asked for as notes.
"""

from typing import Any

from fundraising.sandbox.account import Account, merged_metadata
from fundraising.sandbox.errors import (
    Refusal,
    missing_parameter,
    not_rehearsed,
    refuse_unrehearsed,
)
from fundraising.sandbox.objects import Body
from fundraising.sandbox.prices import line_items

SHORTEST_SECONDS = 30 * 60
LONGEST_SECONDS = 24 * 60 * 60
SMALLEST_AMOUNT_CENTS = 50

REHEARSED = {
    "allowed_payment_method_types",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "currency",
    "customer",
    "customer_creation",
    "customer_email",
    "excluded_payment_method_types",
    "expires_at",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "payment_intent_data",
    "submit_type",
    "subscription_data",
    "success_url",
    "ui_mode",
}
REHEARSED_INTENT_DATA = {"description", "metadata", "statement_descriptor_suffix"}
REHEARSED_SUBSCRIPTION_DATA = {"description", "metadata"}


def create_session(account: Account, params: dict[str, Any]) -> Body:
    """Create a session in `payment` or `subscription` mode with prices given inline."""
    refuse_unrehearsed(params, REHEARSED)
    refuse_unrehearsed(
        params.get("payment_intent_data", {}), REHEARSED_INTENT_DATA, "payment_intent_data"
    )
    refuse_unrehearsed(
        params.get("subscription_data", {}), REHEARSED_SUBSCRIPTION_DATA, "subscription_data"
    )
    mode = _mode(params)
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_rehearsed("ui_mode")
    if "success_url" not in params:
        raise missing_parameter("success_url")
    customer = _customer(account, params)
    items = line_items(account, params, mode)
    total_cents = sum(item["amount_total"] for item in items)
    if total_cents < SMALLEST_AMOUNT_CENTS:
        raise Refusal(
            "The Checkout Session's total amount must convert to at least 50 cents. "
            f"{total_cents / 100:.2f} € is too small.",
            "amount_too_small",
        )
    session_id = f"cs_test_{account.new_token()}"
    session = account.store.save(
        {
            "id": session_id,
            "object": "checkout.session",
            "created": account.now(),
            "livemode": False,
            "allowed_payment_method_types": params.get("allowed_payment_method_types"),
            "amount_subtotal": total_cents,
            "amount_total": total_cents,
            "automatic_tax": {"enabled": False, "liability": None, "status": None},
            "billing_address_collection": params.get("billing_address_collection"),
            "cancel_url": params.get("cancel_url"),
            "client_reference_id": params.get("client_reference_id"),
            "currency": "eur",
            "custom_fields": [],
            "custom_text": {},
            "customer": customer["id"] if customer else None,
            "customer_creation": _customer_creation(params, mode),
            "customer_details": None,
            "customer_email": params.get("customer_email"),
            "excluded_payment_method_types": params.get("excluded_payment_method_types"),
            "expires_at": _expires_at(account, params),
            "invoice": None,
            "locale": params.get("locale"),
            "metadata": merged_metadata(None, params.get("metadata")),
            "mode": mode,
            "payment_intent": None,
            "payment_method_collection": "always" if mode == "subscription" else "if_required",
            "payment_method_types": ["card", "sepa_debit"],
            "payment_status": "unpaid",
            "shipping_options": [],
            "status": "open",
            "submit_type": params.get("submit_type"),
            "subscription": None,
            "success_url": params["success_url"],
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
            "ui_mode": "hosted_page",
            "url": f"{account.public_url}/paga/{session_id}",
            "_intent": None,
            "_items": items,
            "_payment_intent_data": _known_metadata(params.get("payment_intent_data", {})),
            "_subscription_data": _known_metadata(params.get("subscription_data", {})),
        }
    )
    return session


def _mode(params: dict[str, Any]) -> str:
    mode: str | None = params.get("mode")
    if mode is None:
        raise missing_parameter("mode")
    if mode == "setup":
        raise not_rehearsed("mode")
    if mode == "subscription" and "payment_intent_data" in params:
        raise Refusal(
            "You can not pass `payment_intent_data` in `subscription` mode.",
            param="payment_intent_data",
        )
    if mode == "payment" and "subscription_data" in params:
        raise Refusal(
            "You can not pass `subscription_data` in `payment` mode.", param="subscription_data"
        )
    return mode


def _customer(account: Account, params: dict[str, Any]) -> Body | None:
    if "customer" not in params:
        return None
    if "customer_email" in params:
        raise Refusal("You may only specify one of these parameters: customer, customer_email.")
    return account.read("customer", params["customer"], "customer")


def _customer_creation(params: dict[str, Any], mode: str) -> str:
    if mode == "payment":
        return str(params.get("customer_creation", "if_required"))
    if "customer_creation" in params:
        raise Refusal(
            "`customer_creation` can only be used in `payment` and `setup` mode.",
            param="customer_creation",
        )
    return "always"


def _expires_at(account: Account, params: dict[str, Any]) -> int:
    now = account.now()
    expires_at: int = params.get("expires_at", now + LONGEST_SECONDS)
    if not now + SHORTEST_SECONDS <= expires_at <= now + LONGEST_SECONDS:
        raise Refusal(
            "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours "
            "from Checkout Session creation.",
            param="expires_at",
        )
    return expires_at


def _known_metadata(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": None,
        **data,
        "metadata": merged_metadata(None, data.get("metadata")),
    }
