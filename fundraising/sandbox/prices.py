"""Prices given inline: what a checkout session sells, and how often."""

from typing import Any

from fundraising.sandbox.account import Account
from fundraising.sandbox.errors import (
    Refusal,
    missing,
    missing_parameter,
    not_rehearsed,
    refuse_unrehearsed,
)
from fundraising.sandbox.objects import Body

MONTHS = {"month": 1, "year": 12}


def line_items(account: Account, params: dict[str, Any], mode: str) -> list[Body]:
    """Return the line items of a session, each with the price it describes."""
    lines = params.get("line_items")
    if not lines:
        raise missing_parameter("line_items")
    items = [_line_item(account, line, mode, position) for position, line in enumerate(lines)]
    if mode == "subscription" and not any(item["price"]["recurring"] for item in items):
        raise Refusal(
            "You must provide at least one recurring price in `subscription` mode when using "
            "prices."
        )
    return items


def _line_item(account: Account, line: dict[str, Any], mode: str, position: int) -> Body:
    at = f"line_items[{position}]"
    refuse_unrehearsed(line, {"price", "price_data", "quantity"}, at)
    if "price" in line:
        raise missing("price", line["price"], f"{at}[price]")
    if "price_data" not in line:
        raise missing_parameter(f"{at}[price_data]")
    if "quantity" not in line:
        raise missing_parameter(f"{at}[quantity]")
    data = line["price_data"]
    allowed = {"currency", "product_data", "recurring", "unit_amount"}
    refuse_unrehearsed(data, allowed, f"{at}[price_data]")
    for name in ("currency", "product_data", "unit_amount"):
        if name not in data:
            raise missing_parameter(f"{at}[price_data][{name}]")
    if not data["product_data"].get("name"):
        raise missing_parameter(f"{at}[price_data][product_data][name]")
    if data["currency"].lower() != "eur":
        raise not_rehearsed(f"{at}[price_data][currency]")
    if data["unit_amount"] < 0:
        raise Refusal(
            "This value must be greater than or equal to 0.",
            "parameter_invalid_integer",
            f"{at}[price_data][unit_amount]",
        )
    if mode == "payment" and "recurring" in data:
        raise Refusal(
            "You specified `payment` mode but passed a recurring price. Either switch to "
            "`subscription` mode or use only one-time prices."
        )
    price = _inline_price(account, data, at)
    amount_cents = data["unit_amount"] * line["quantity"]
    return {
        "id": account.new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount_cents,
        "amount_tax": 0,
        "amount_total": amount_cents,
        "currency": "eur",
        "description": data["product_data"]["name"],
        "price": price,
        "quantity": line["quantity"],
        "_text": data["product_data"].get("description"),
    }


def _inline_price(account: Account, data: dict[str, Any], at: str) -> Body:
    """Return the price that `price_data` describes."""
    recurring = None
    if "recurring" in data:
        interval = data["recurring"].get("interval")
        if interval is None:
            raise missing_parameter(f"{at}[price_data][recurring][interval]")
        if interval not in MONTHS:
            raise not_rehearsed(f"{at}[price_data][recurring][interval]")
        recurring = {
            "interval": interval,
            "interval_count": int(data["recurring"].get("interval_count", 1)),
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        }
    return account.create(
        "price",
        "price",
        active=False,
        billing_scheme="per_unit",
        currency="eur",
        metadata={},
        product=account.new_id("prod"),
        recurring=recurring,
        tax_behavior="unspecified",
        type="recurring" if recurring else "one_time",
        unit_amount=data["unit_amount"],
        unit_amount_decimal=str(data["unit_amount"]),
    )
