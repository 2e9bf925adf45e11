"""Refunds: money that goes back to a donor, whole or in part."""

from typing import Any

from fundraising.sandbox import balance
from fundraising.sandbox.account import Account, merged_metadata
from fundraising.sandbox.errors import Refusal, missing_parameter, refuse_unrehearsed
from fundraising.sandbox.objects import Body

REHEARSED = {"amount", "charge", "metadata", "payment_intent", "reason", "expand"}


def create_refund(account: Account, params: dict[str, Any]) -> Body:
    """Give back a charge, or *amount* cents of it."""
    refuse_unrehearsed(params, REHEARSED)
    charge = _refunded_charge(account, params)
    left_cents = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"]:
        raise Refusal(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            "charge_disputed",
        )
    if left_cents == 0:
        raise Refusal(
            f"Charge {charge['id']} has already been refunded.", "charge_already_refunded"
        )
    amount_cents = params.get("amount", left_cents)
    if amount_cents < 1:
        raise Refusal(
            "This value must be greater than or equal to 1.", "parameter_invalid_integer", "amount"
        )
    if amount_cents > left_cents:
        raise Refusal(
            f"Refund amount (€{amount_cents / 100:.2f}) is greater than unrefunded amount on "
            f"charge (€{left_cents / 100:.2f})",
            param="amount",
        )
    by_card = charge["payment_method_details"]["type"] == "card"
    refund = account.create(
        "refund",
        "re" if by_card else "pyr",
        amount=amount_cents,
        balance_transaction=None,
        charge=charge["id"],
        currency="eur",
        destination_details={"type": charge["payment_method_details"]["type"]},
        metadata=merged_metadata(None, params.get("metadata")),
        payment_intent=charge["payment_intent"],
        reason=params.get("reason"),
        status="succeeded",
    )
    transaction = balance.book(
        account,
        kind="refund" if by_card else "payment_refund",
        category="refund",
        amount_cents=-amount_cents,
        source=refund["id"],
        description="REFUND FOR CHARGE",
    )
    account.change(refund, balance_transaction=transaction["id"])
    _count_refunded(account, charge, amount_cents)
    account.announce("refund.created", refund)
    account.announce("charge.refunded", charge)
    return refund


def fail_refund(account: Account, refund: Body) -> Body:
    """Let the donor's bank send a refund back: the money is ours again."""
    if refund["status"] != "succeeded":
        raise Refusal(f"Refund {refund['id']} is {refund['status']}, not succeeded.")
    transaction = balance.book(
        account,
        kind="refund_failure",
        category="refund_failure",
        amount_cents=refund["amount"],
        source=refund["id"],
        description="REFUND FAILURE",
    )
    account.change(
        refund,
        status="failed",
        failure_reason="lost_or_stolen_card",
        failure_balance_transaction=transaction["id"],
    )
    _count_refunded(account, account.read("charge", refund["charge"]), -refund["amount"])
    account.announce("refund.updated", refund)
    account.announce("refund.failed", refund)
    return refund


def _refunded_charge(account: Account, params: dict[str, Any]) -> Body:
    if "charge" in params:
        charge = account.read("charge", params["charge"], "charge")
    elif "payment_intent" in params:
        intent = account.read("payment_intent", params["payment_intent"], "payment_intent")
        if not intent["latest_charge"]:
            raise Refusal(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            )
        charge = account.read("charge", intent["latest_charge"])
    else:
        raise missing_parameter("payment_intent")
    if charge["status"] != "succeeded":
        raise Refusal(
            f"This PaymentIntent ({charge['payment_intent']}) does not have a successful charge "
            "to refund."
        )
    return charge


def _count_refunded(account: Account, charge: Body, amount_cents: int) -> None:
    refunded_cents = charge["amount_refunded"] + amount_cents
    account.change(
        charge,
        amount_refunded=refunded_cents,
        refunded=refunded_cents == charge["amount"],
    )
