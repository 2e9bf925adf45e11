"""Payment methods: the card a customer is charged with from now on."""

from fundraising.sandbox.account import Account
from fundraising.sandbox.objects import Body


def use_new_card(account: Account, customer: Body, *, works: bool) -> Body:
    """Make a new card the customer's default; *works* says whether its bank will pay."""
    card = account.create(
        "payment_method",
        "pm",
        card={"brand": "visa", "country": "IT", "funding": "debit", "last4": "4444"},
        customer=customer["id"],
        type="card",
        _works=works,
    )
    account.change(
        customer,
        invoice_settings={**customer["invoice_settings"], "default_payment_method": card["id"]},
    )
    account.announce("customer.updated", customer)
    return customer


def pays(account: Account, payment_method_id: str) -> bool:
    """Tell whether the bank behind a payment method will pay; of one never told about, yes."""
    card = account.store.find(payment_method_id)
    return card is None or bool(card["_works"])
