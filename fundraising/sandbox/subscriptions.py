"""Subscriptions: a gift that is charged again every month or year.

The first period is paid inside Checkout; the next one begins when the
rehearsal says so, not by the clock.
"""

import calendar
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from fundraising.sandbox import payments
from fundraising.sandbox.account import Account, merged_metadata
from fundraising.sandbox.errors import Refusal, refuse_unrehearsed
from fundraising.sandbox.invoices import invoice_failed, join, open_invoice, pay_invoice
from fundraising.sandbox.objects import Body
from fundraising.sandbox.prices import MONTHS

REHEARSED = {
    "cancel_at_period_end", "default_payment_method", "description", "expand", "metadata",
}  # fmt: skip


def start_subscription(account: Account, session: Body, intent: Body) -> Body:
    """Create the subscription of a completed session and its first invoice."""
    now = account.now()
    data = session["_subscription_data"]
    subscription = account.create(
        "subscription",
        "sub",
        automatic_tax={"enabled": False, "liability": None, "disabled_reason": None},
        billing_cycle_anchor=now,
        billing_mode={"type": "flexible", "flexible": {"proration_discounts": "included"}},
        billing_schedules=[],
        cancel_at_period_end=False,
        cancellation_details={"comment": None, "feedback": None, "reason": None},
        collection_method="charge_automatically",
        currency="eur",
        customer=session["customer"],
        default_payment_method=intent["payment_method"],
        default_tax_rates=[],
        description=data["description"],
        discounts=[],
        invoice_settings={"account_tax_ids": None, "issuer": {"type": "self"}},
        latest_invoice=None,
        metadata=data["metadata"],
        payment_settings={
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        start_date=now,
        status="active",
    )
    items = [
        _subscription_item(account, subscription, item)
        for item in session["_items"]
        if item["price"]["recurring"]
    ]
    account.change(
        subscription,
        items={
            "object": "list",
            "data": items,
            "has_more": False,
            "url": f"/v1/subscription_items?subscription={subscription['id']}",
        },
    )
    account.announce("customer.subscription.created", subscription)
    invoice = open_invoice(account, subscription, session["amount_total"], "subscription_create")
    join(account, invoice, intent)
    account.change(session, subscription=subscription["id"], invoice=invoice["id"])
    if intent["status"] == "succeeded":
        pay_invoice(account, invoice)
    return subscription


def renew(
    account: Account,
    subscription: Body,
    *,
    accepted: bool = True,
    bank_asks: Callable[[Account, Body, Body], Body] | None = None,
) -> Body:
    """Begin the next period and try its card; return the invoice.

    *bank_asks* is called instead, with invoice and intent, when the donor has to
    confirm first.
    """
    if subscription["status"] not in ("active", "past_due"):
        raise Refusal(f"Subscription {subscription['id']} is {subscription['status']}.")
    for item in subscription["items"]["data"]:
        item["current_period_start"] = item["current_period_end"]
        item["current_period_end"] = _period_end(item["current_period_start"], item["price"])
    account.change(subscription)
    account.announce("customer.subscription.updated", subscription)
    amount_cents = sum(
        item["price"]["unit_amount"] * item["quantity"] for item in subscription["items"]["data"]
    )
    invoice = open_invoice(account, subscription, amount_cents, "subscription_cycle")
    customer = account.read("customer", subscription["customer"])
    intent = payments.open_intent(
        account,
        amount_cents=amount_cents,
        customer=customer["id"],
        description="Subscription update",
    )
    join(account, invoice, intent)
    if bank_asks:
        bank_asks(account, invoice, intent)
    elif accepted:
        payments.succeed_by_card(account, intent, customer["email"])
        pay_invoice(account, invoice)
    else:
        payments.decline_card(account, intent, customer["email"])
        invoice_failed(account, invoice)
    return invoice


def update_subscription(account: Account, subscription: Body, params: dict[str, Any]) -> Body:
    """Change metadata or whether the subscription ends with its period."""
    refuse_unrehearsed(params, REHEARSED)
    _must_not_be_canceled(subscription)
    changes: dict[str, Any] = {
        "metadata": merged_metadata(subscription["metadata"], params.get("metadata")),
        "description": params.get("description", subscription.get("description")),
        "default_payment_method": params.get(
            "default_payment_method", subscription["default_payment_method"]
        ),
    }
    if "cancel_at_period_end" in params:
        ends = params["cancel_at_period_end"]
        period_end = subscription["items"]["data"][0]["current_period_end"]
        changes["cancel_at_period_end"] = ends
        changes["cancel_at"] = period_end if ends else None
        changes["canceled_at"] = account.now() if ends else None
    account.change(subscription, **changes)
    account.announce("customer.subscription.updated", subscription)
    return subscription


def cancel_subscription(
    account: Account,
    subscription: Body,
    params: dict[str, Any],
    *,
    reason: str = "cancellation_requested",
) -> Body:
    """End a subscription now; nothing is given back."""
    refuse_unrehearsed(params, {"cancellation_details", "expand"})
    _must_not_be_canceled(subscription)
    now = account.now()
    account.change(
        subscription,
        status="canceled",
        canceled_at=subscription.get("canceled_at") or now,
        ended_at=now,
        cancellation_details={
            "comment": None,
            "feedback": None,
            **params.get("cancellation_details", {}),
            "reason": reason,
        },
    )
    account.announce("customer.subscription.deleted", subscription)
    return subscription


def _subscription_item(account: Account, subscription: Body, item: Body) -> Body:
    price = item["price"]
    start = account.now()
    return {
        "id": account.new_id("si"),
        "object": "subscription_item",
        "created": start,
        "current_period_start": start,
        "current_period_end": _period_end(start, price),
        "discounts": [],
        "metadata": {},
        "plan": {
            "id": price["id"],
            "object": "plan",
            "active": False,
            "amount": price["unit_amount"],
            "amount_decimal": price["unit_amount_decimal"],
            "currency": "eur",
            "interval": price["recurring"]["interval"],
            "interval_count": price["recurring"]["interval_count"],
            "livemode": False,
            "product": price["product"],
        },
        "price": price,
        "quantity": item["quantity"],
        "subscription": subscription["id"],
        "tax_rates": [],
    }


def _must_not_be_canceled(subscription: Body) -> None:
    if subscription["status"] == "canceled":
        raise Refusal(
            f"No such subscription: '{subscription['id']}'", "resource_missing", "id", status=404
        )


def _period_end(start: int, price: Body) -> int:
    """Return the same day and hour one interval later, or the month's last day."""
    begins = datetime.fromtimestamp(start, UTC)
    recurring = price["recurring"]
    months = begins.month - 1 + MONTHS[recurring["interval"]] * recurring["interval_count"]
    year, month = begins.year + months // 12, months % 12 + 1
    day = min(begins.day, calendar.monthrange(year, month)[1])
    return int(begins.replace(year=year, month=month, day=day).timestamp())
