"""The customer portal: where a donor changes the card or stops, at Stripe's.

A session is an address that lets in whoever has it, for a short while. Here it
never runs out, because a rehearsal may be slow.
"""

from typing import Any

from fundraising.sandbox import payment_methods, subscriptions
from fundraising.sandbox.account import Account
from fundraising.sandbox.errors import (
    missing_parameter,
    not_rehearsed,
    refuse_unrehearsed,
)
from fundraising.sandbox.objects import Body

REHEARSED = {"configuration", "customer", "flow_data", "locale", "return_url"}
FLOWS = {"payment_method_update"}


def create_session(account: Account, params: dict[str, Any]) -> Body:
    """Open the portal for a customer, on its first page or in the flow to change the card."""
    refuse_unrehearsed(params, REHEARSED)
    if "customer" not in params:
        raise missing_parameter("customer")
    customer = account.read("customer", params["customer"], "customer")
    flow = params.get("flow_data")
    if flow and flow["type"] not in FLOWS:
        raise not_rehearsed("flow_data[type]")
    session = account.create(
        "billing_portal.session",
        "bps",
        configuration=params.get("configuration", "bpc_test_default"),
        customer=customer["id"],
        flow=flow and {"after_completion": None, **flow},
        locale=params.get("locale"),
        return_url=params.get("return_url"),
    )
    return account.change(session, url=f"{account.public_url}/portale/{session['id']}")


def change_card(account: Account, session: Body, *, works: bool) -> Body:
    """Give the customer another card for everything still to be paid; return the customer."""
    customer = account.read("customer", session["customer"])
    return payment_methods.use_new_card(account, customer, works=works)


def stop(account: Account, session: Body, subscription_id: str) -> Body:
    """Let one of the customer's subscriptions end with its period."""
    subscription = account.read("subscription", subscription_id)
    if subscription["customer"] != session["customer"]:
        raise not_rehearsed("subscription")
    return subscriptions.update_subscription(account, subscription, {"cancel_at_period_end": True})


def way_back(session: Body) -> str | None:
    """Return where the customer goes when done."""
    after = (session["flow"] or {}).get("after_completion") or {}
    redirect = after.get("redirect") or {}
    address: str | None = redirect.get("return_url") or session["return_url"]
    return address
