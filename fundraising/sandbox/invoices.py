"""Invoices: one for each period of a subscription, and what paid it.

An invoice names no payment intent: invoice payments join the two.
"""

from fundraising.sandbox.account import Account
from fundraising.sandbox.objects import Body


def open_invoice(account: Account, subscription: Body, amount_cents: int, reason: str) -> Body:
    """Open an invoice over the current period of a subscription."""
    now = account.now()
    customer = account.read("customer", subscription["customer"])
    number = 1 + len(account.store.where("invoice", "customer", customer["id"]))
    item = subscription["items"]["data"][0]
    invoice = account.create(
        "invoice",
        "in",
        account_country="IT",
        amount_due=amount_cents,
        amount_overpaid=0,
        amount_paid=0,
        amount_remaining=amount_cents,
        amount_shipping=0,
        attempt_count=0,
        attempted=False,
        auto_advance=False,
        automatic_tax={"enabled": False, "liability": None, "status": None},
        billing_reason=reason,
        collection_method="charge_automatically",
        currency="eur",
        customer=customer["id"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        default_tax_rates=[],
        discounts=[],
        ending_balance=0,
        issuer={"type": "self"},
        metadata={},
        number=f"{customer['invoice_prefix']}-{number:04}",
        parent={
            "type": "subscription_details",
            "quote_details": None,
            "subscription_details": {
                "metadata": subscription["metadata"],
                "subscription": subscription["id"],
                "subscription_proration_date": None,
            },
        },
        payment_settings={"payment_method_options": None, "payment_method_types": None},
        period_start=now,
        period_end=now,
        post_payment_credit_notes_amount=0,
        pre_payment_credit_notes_amount=0,
        starting_balance=0,
        status="open",
        status_transitions={
            "finalized_at": now,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        subtotal=amount_cents,
        total=amount_cents,
        total_discount_amounts=[],
        total_taxes=[],
        _description=subscription.get("description"),
    )
    account.change(
        invoice,
        lines=_invoice_lines(account, invoice, subscription, item),
        hosted_invoice_url=f"{account.public_url}/fattura/{invoice['id']}",
    )
    account.change(subscription, latest_invoice=invoice["id"])
    account.announce("invoice.created", invoice)
    account.announce("invoice.finalized", invoice)
    return invoice


def join(account: Account, invoice: Body, intent: Body) -> Body:
    """Note which payment intent is to pay an invoice."""
    return account.create(
        "invoice_payment",
        "inpay",
        amount_paid=None,
        amount_requested=invoice["amount_due"],
        currency="eur",
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )


def pay_invoice(account: Account, invoice: Body) -> Body:
    """Note that an invoice's payment arrived."""
    now = account.now()
    account.change(
        invoice,
        amount_paid=invoice["amount_due"],
        amount_remaining=0,
        attempted=True,
        status="paid",
        status_transitions={**invoice["status_transitions"], "paid_at": now},
    )
    for payment in payments_of_invoice(account, invoice["id"]):
        account.change(
            payment,
            amount_paid=payment["amount_requested"],
            status="paid",
            status_transitions={"canceled_at": None, "paid_at": now},
        )
        account.announce("invoice_payment.paid", payment)
    subscription = _subscription_of(account, invoice)
    if subscription["status"] == "past_due":
        account.change(subscription, status="active")
        account.announce("customer.subscription.updated", subscription)
    account.announce("invoice.paid", invoice)
    account.announce("invoice.payment_succeeded", invoice)
    return invoice


def invoice_failed(account: Account, invoice: Body) -> Body:
    """Note that an invoice could not be collected; a subscription that has not ended is past due."""
    account.change(invoice, attempted=True, attempt_count=invoice["attempt_count"] + 1)
    account.announce("invoice.payment_failed", invoice)
    subscription = _subscription_of(account, invoice)
    if subscription["status"] != "canceled":
        account.change(subscription, status="past_due")
        account.announce("customer.subscription.updated", subscription)
    return invoice


def invoice_of_intent(account: Account, intent_id: str) -> Body | None:
    """Return the invoice a payment intent was made for, if any."""
    for payment in account.store.where("invoice_payment", "payment.payment_intent", intent_id):
        return account.read("invoice", payment["invoice"])
    return None


def payments_of_invoice(account: Account, invoice_id: str) -> list[Body]:
    """Return the invoice payments of an invoice, newest first."""
    return account.store.where("invoice_payment", "invoice", invoice_id)


def _invoice_lines(account: Account, invoice: Body, subscription: Body, item: Body) -> Body:
    line = {
        "id": account.new_id("il"),
        "object": "line_item",
        "amount": invoice["total"],
        "currency": "eur",
        "description": invoice["_description"],
        "discountable": True,
        "discounts": [],
        "invoice": invoice["id"],
        "livemode": False,
        "metadata": subscription["metadata"],
        "parent": {
            "type": "subscription_item_details",
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": None,
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
        },
        "period": {"start": item["current_period_start"], "end": item["current_period_end"]},
        "pricing": {
            "type": "price_details",
            "price_details": {"price": item["price"]["id"], "product": item["price"]["product"]},
            "unit_amount_decimal": item["price"]["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "subtotal": invoice["total"],
        "taxes": [],
    }
    return {
        "object": "list",
        "data": [line],
        "has_more": False,
        "url": f"/v1/invoices/{invoice['id']}/lines",
    }


def _subscription_of(account: Account, invoice: Body) -> Body:
    return account.read("subscription", invoice["parent"]["subscription_details"]["subscription"])
