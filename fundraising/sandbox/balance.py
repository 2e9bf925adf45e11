"""The balance: every movement of money is one balance transaction.

Balance transactions are only ever added. Their net amounts, summed, are the
balance; what has reached the bank is a negative one.
"""

from fundraising.sandbox.account import Account
from fundraising.sandbox.objects import Body

DAY_SECONDS = 86_400
DAYS_UNTIL_AVAILABLE = 3


def book(
    account: Account,
    *,
    kind: str,
    category: str,
    amount_cents: int,
    source: str | None,
    description: str | None = None,
    fee_cents: int = 0,
    fee_description: str = "Stripe processing fees",
    available_now: bool = False,
) -> Body:
    """Add a balance transaction; *amount_cents* is negative for money that leaves."""
    fees = []
    if fee_cents:
        fees.append(
            {
                "amount": fee_cents,
                "application": None,
                "currency": "eur",
                "description": fee_description,
                "type": "stripe_fee",
            }
        )
    wait_seconds = 0 if available_now else DAYS_UNTIL_AVAILABLE * DAY_SECONDS
    transaction = account.create(
        "balance_transaction",
        "txn",
        amount=amount_cents,
        available_on=account.now() + wait_seconds,
        balance_type="payments",
        currency="eur",
        description=description,
        exchange_rate=None,
        fee=fee_cents,
        fee_details=fees,
        net=amount_cents - fee_cents,
        reporting_category=category,
        source=source,
        type=kind,
        _payout=None,
    )
    return transaction


def with_status(transaction: Body, now: int) -> Body:
    """Return the transaction with the status it has at that time."""
    status = "available" if transaction["available_on"] <= now else "pending"
    return {**transaction, "status": status}


def balance(account: Account) -> Body:
    """Return the balance object: what is available and what is still pending."""
    now = account.now()
    cents = {"available": 0, "pending": 0}
    for transaction in account.store.all("balance_transaction"):
        cents[with_status(transaction, now)["status"]] += transaction["net"]
    return {
        "object": "balance",
        "livemode": False,
        **{
            name: [{"amount": amount, "currency": "eur", "source_types": {"card": amount}}]
            for name, amount in cents.items()
        },
    }
