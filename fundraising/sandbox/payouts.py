"""Payouts: from the balance to the bank account.

An automatic payout gathers what was booked since the last one, so its balance
transactions can be listed. A manual one is only an amount.
"""

from typing import Any

from fundraising.sandbox import balance
from fundraising.sandbox.account import Account, merged_metadata
from fundraising.sandbox.errors import Refusal, missing_parameter, refuse_unrehearsed
from fundraising.sandbox.objects import Body

REHEARSED = {"amount", "currency", "description", "metadata", "statement_descriptor", "expand"}


def pay_out_everything(account: Account) -> Body:
    """Make the automatic payout of all that is not paid out yet.

    Also of what is still pending: a rehearsal does not wait for days.
    """
    now = account.now()
    members = [
        transaction
        for transaction in account.store.all("balance_transaction")
        if transaction["_payout"] is None
    ]
    amount_cents = sum(transaction["net"] for transaction in members)
    if amount_cents <= 0:
        raise Refusal(f"The balance holds {amount_cents} cents: there is nothing to pay out.")
    payout = _payout(account, amount_cents, automatic=True, description="STRIPE PAYOUT")
    for transaction in members:
        account.change(
            transaction,
            available_on=min(transaction["available_on"], now),
            _payout=payout["id"],
        )
    account.announce("payout.paid", account.change(payout, status="paid"))
    account.change(payout, reconciliation_status="completed")
    account.announce("payout.reconciliation_completed", payout)
    return payout


def create_payout(account: Account, params: dict[str, Any]) -> Body:
    """Send an amount to the bank by hand."""
    refuse_unrehearsed(params, REHEARSED)
    for name in ("amount", "currency"):
        if name not in params:
            raise missing_parameter(name)
    available_cents = balance.balance(account)["available"][0]["amount"]
    if not 0 < params["amount"] <= available_cents:
        raise Refusal(
            "You have insufficient funds in your Stripe account for this transfer.",
            "balance_insufficient",
            "amount",
        )
    payout = _payout(
        account,
        params["amount"],
        automatic=False,
        description=params.get("description"),
        metadata=merged_metadata(None, params.get("metadata")),
        statement_descriptor=params.get("statement_descriptor"),
    )
    account.announce("payout.paid", account.change(payout, status="paid"))
    return payout


def fail_payout(account: Account, payout: Body) -> Body:
    """Let the bank send a payout back: the amount is in the balance again."""
    if payout["status"] != "paid":
        raise Refusal(f"Payout {payout['id']} is {payout['status']}, not paid.")
    transaction = balance.book(
        account,
        kind="payout_failure",
        category="payout_reversal",
        amount_cents=payout["amount"],
        source=payout["id"],
        description="PAYOUT FAILURE",
        available_now=True,
    )
    account.change(
        payout,
        status="failed",
        failure_balance_transaction=transaction["id"],
        failure_code="account_closed",
        failure_message="The bank account has been closed.",
    )
    account.announce("payout.failed", payout)
    return payout


def _payout(
    account: Account, amount_cents: int, *, automatic: bool, description: str | None, **fields: Any
) -> Body:
    payout = account.create(
        "payout",
        "po",
        **{
            "amount": amount_cents,
            "arrival_date": account.now(),
            "automatic": automatic,
            "balance_transaction": None,
            "currency": "eur",
            "description": description,
            "destination": account.new_id("ba"),
            "metadata": {},
            "method": "standard",
            "reconciliation_status": "in_progress" if automatic else "not_applicable",
            "source_type": "card",
            "status": "in_transit",
            "trace_id": {"status": "pending", "value": None},
            "type": "bank_account",
            **fields,
        },
    )
    transaction = balance.book(
        account,
        kind="payout",
        category="payout",
        amount_cents=-amount_cents,
        source=payout["id"],
        description=description,
        available_now=True,
    )
    if automatic:  # an amount sent by hand is missing from the next automatic payout
        account.change(transaction, _payout=payout["id"])
    account.change(payout, balance_transaction=transaction["id"])
    account.announce("payout.created", payout)
    return payout
