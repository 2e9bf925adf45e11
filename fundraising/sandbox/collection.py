"""Collection: an invoice that was not paid at first, tried again or confirmed.

A bank may ask the donor to confirm a renewal: until then the invoice is open and
its payment `requires_action`.
"""

from typing import Any

from fundraising.sandbox import payment_methods, payments
from fundraising.sandbox.account import Account
from fundraising.sandbox.errors import CardDeclined, Refusal, refuse_unrehearsed
from fundraising.sandbox.invoices import invoice_failed, pay_invoice, payments_of_invoice
from fundraising.sandbox.objects import Body


def pay(account: Account, invoice: Body, params: dict[str, Any]) -> Body:
    """Try an open invoice again, with another payment method if one is named."""
    refuse_unrehearsed(params, {"payment_method"})
    if invoice["status"] != "open":
        raise Refusal("Invoice is already paid", "invoice_already_paid")
    customer = account.read("customer", invoice["customer"])
    chosen = params.get("payment_method") or customer["invoice_settings"]["default_payment_method"]
    intent = intent_of(account, invoice)
    if chosen and not payment_methods.pays(account, chosen):
        payments.decline_card(account, intent, customer["email"])
        invoice_failed(account, invoice)
        raise CardDeclined
    payments.succeed_by_card(account, intent, customer["email"])
    return pay_invoice(account, invoice)


def confirm(account: Account, invoice: Body) -> Body:
    """Let the donor confirm the payment their bank asked about; a second time changes nothing."""
    if invoice["status"] != "open":
        return invoice
    intent = intent_of(account, invoice)
    customer = account.read("customer", invoice["customer"])
    payments.succeed_by_card(account, intent, customer["email"])
    return pay_invoice(account, invoice)


def ask_to_confirm(account: Account, invoice: Body, intent: Body) -> Body:
    """Let the bank ask the donor before it pays a renewal."""
    payments.require_action(account, intent)
    account.announce("invoice.payment_action_required", invoice)
    return invoice_failed(account, invoice)


def intent_of(account: Account, invoice: Body) -> Body:
    """Return the payment intent that is to pay an invoice."""
    payment = payments_of_invoice(account, invoice["id"])[0]
    return account.read("payment_intent", payment["payment"]["payment_intent"])
