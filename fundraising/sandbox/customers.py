"""Customers: who a recurring gift is charged to."""

from typing import Any

from fundraising.sandbox.account import Account, merged_metadata
from fundraising.sandbox.objects import Body


def create_customer(account: Account, params: dict[str, Any]) -> Body:
    """Create a customer; only what Checkout needs of one is kept."""
    customer = account.create(
        "customer",
        "cus",
        balance=0,
        currency="eur",
        default_source=None,
        delinquent=False,
        description=params.get("description"),
        email=params.get("email"),
        invoice_prefix=account.new_token()[:8].upper(),
        invoice_settings={"default_payment_method": None},
        metadata=merged_metadata(None, params.get("metadata")),
        name=params.get("name"),
        phone=params.get("phone"),
        preferred_locales=["it"],
        tax_exempt="none",
    )
    account.announce("customer.created", customer)
    return customer


def update_customer(account: Account, customer: Body, params: dict[str, Any]) -> Body:
    """Change a customer's data."""
    changes = {
        name: params[name] for name in ("description", "email", "name", "phone") if name in params
    }
    account.change(
        customer,
        **changes,
        metadata=merged_metadata(customer["metadata"], params.get("metadata")),
    )
    account.announce("customer.updated", customer)
    return customer
