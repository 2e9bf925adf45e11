"""Payments: payment intents and the charges that try to fulfil them.

A card answers at once. A SEPA debit is `processing` for days and then settles
or fails; until it settles there is no money and no balance transaction.
"""

from typing import Any

from fundraising.sandbox import balance
from fundraising.sandbox.account import Account
from fundraising.sandbox.errors import Refusal
from fundraising.sandbox.fees import payment_fee_cents
from fundraising.sandbox.objects import Body

DECLINED = "Your card was declined."
RETURNED = "The customer's account has insufficient funds to cover this payment."


def open_intent(
    account: Account,
    *,
    amount_cents: int,
    customer: str | None = None,
    description: str | None = None,
    metadata: dict[str, str] | None = None,
    **fields: Any,
) -> Body:
    """Create a payment intent that waits for a way to pay."""
    intent = account.create(
        "payment_intent",
        "pi",
        amount=amount_cents,
        amount_capturable=0,
        amount_details={"tip": {}},
        amount_received=0,
        automatic_payment_methods={"allow_redirects": "always", "enabled": True},
        capture_method="automatic_async",
        client_secret=f"pi_test_secret_{account.new_token()}",
        confirmation_method="automatic",
        currency="eur",
        customer=customer,
        description=description,
        latest_charge=None,
        metadata=metadata or {},
        payment_method_types=["card", "sepa_debit"],
        status="requires_payment_method",
        **fields,
    )
    account.announce("payment_intent.created", intent)
    return intent


def succeed_by_card(account: Account, intent: Body, email: str | None) -> Body:
    """Charge a card that is accepted; return the charge."""
    charge = _charge(account, intent, "card", email, status="succeeded")
    if not account.late_fees():
        _book_charge(account, charge)
    _succeed(account, intent, charge)
    return charge


def decline_card(account: Account, intent: Body, email: str | None) -> Body:
    """Try a card that its bank refuses; the intent waits for another one."""
    charge = _charge(account, intent, "card", email, status="failed")
    account.change(
        charge,
        failure_code="card_declined",
        failure_message=DECLINED,
        outcome={
            "network_status": "declined_by_network",
            "reason": "generic_decline",
            "risk_level": "normal",
            "seller_message": "The bank did not return any further details with this decline.",
            "type": "issuer_declined",
        },
    )
    account.announce("charge.failed", charge)
    _fail(account, intent, charge, "card_declined", DECLINED, decline_code="generic_decline")
    return charge


def start_sepa(account: Account, intent: Body, email: str | None) -> Body:
    """Start a SEPA debit: promised, not paid."""
    charge = _charge(account, intent, "sepa_debit", email, status="pending")
    account.announce("charge.pending", charge)
    account.change(
        intent,
        status="processing",
        latest_charge=charge["id"],
        payment_method=charge["payment_method"],
    )
    account.announce("payment_intent.processing", intent)
    return charge


def settle(account: Account, intent: Body) -> Body:
    """Let the money of a pending debit arrive."""
    charge = _pending_charge(account, intent)
    account.change(charge, status="succeeded", paid=True)
    _book_charge(account, charge)
    _succeed(account, intent, charge)
    return charge


def fail(account: Account, intent: Body) -> Body:
    """Let the bank send a pending debit back."""
    charge = _pending_charge(account, intent)
    account.change(
        charge,
        status="failed",
        paid=False,
        failure_code="insufficient_funds",
        failure_message=RETURNED,
    )
    account.announce("charge.failed", charge)
    _fail(account, intent, charge, "payment_intent_payment_attempt_failed", RETURNED)
    return charge


def require_action(account: Account, intent: Body) -> Body:
    """Let the bank ask the donor to confirm before it pays."""
    account.change(intent, status="requires_action")
    account.announce("payment_intent.requires_action", intent)
    return intent


def book_late_fee(account: Account, charge: Body) -> Body:
    """Book a charge whose fee was not known when it succeeded."""
    if charge["status"] != "succeeded" or charge["balance_transaction"]:
        raise Refusal(f"Charge {charge['id']} has nothing left to book.")
    _book_charge(account, charge)
    account.announce("charge.updated", charge)
    return charge


def _charge(account: Account, intent: Body, method: str, email: str | None, *, status: str) -> Body:
    details: Body = {
        "card": {"brand": "visa", "country": "IT", "funding": "debit", "last4": "4242"},
        "sepa_debit": {"bank_code": "TEST", "country": "IT", "last4": "3456"},
    }
    return account.create(
        "charge",
        "ch" if method == "card" else "py",
        amount=intent["amount"],
        amount_captured=intent["amount"] if status == "succeeded" else 0,
        amount_refunded=0,
        balance_transaction=None,
        billing_details={
            "address": {"country": "IT"},
            "email": email,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        captured=status == "succeeded",
        currency="eur",
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        metadata=intent["metadata"],
        outcome={
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        paid=status == "succeeded",
        payment_intent=intent["id"],
        payment_method=account.new_id("pm"),
        payment_method_details={"type": method, method: details[method]},
        refunded=False,
        status=status,
    )


def _book_charge(account: Account, charge: Body) -> None:
    method = charge["payment_method_details"]["type"]
    transaction = balance.book(
        account,
        kind="charge" if method == "card" else "payment",
        category="charge",
        amount_cents=charge["amount"],
        fee_cents=payment_fee_cents(method, charge["amount"]),
        source=charge["id"],
        description=charge["description"],
    )
    account.change(
        charge,
        balance_transaction=transaction["id"],
        captured=True,
        amount_captured=charge["amount"],
    )


def _succeed(account: Account, intent: Body, charge: Body) -> None:
    account.announce("charge.succeeded", charge)
    account.change(
        intent,
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        last_payment_error=None,
        payment_method=charge["payment_method"],
    )
    account.announce("payment_intent.succeeded", intent)


def _fail(
    account: Account,
    intent: Body,
    charge: Body,
    code: str,
    message: str,
    decline_code: str | None = None,
) -> None:
    account.change(
        intent,
        status="requires_payment_method",
        latest_charge=charge["id"],
        payment_method=None,
        last_payment_error={
            "type": "card_error" if decline_code else "invalid_request_error",
            "charge": charge["id"],
            "code": code,
            "decline_code": decline_code,
            "message": message,
        },
    )
    account.announce("payment_intent.payment_failed", intent)


def _pending_charge(account: Account, intent: Body) -> Body:
    if intent["status"] != "processing":
        raise Refusal(
            f"PaymentIntent {intent['id']} is {intent['status']}, not processing.",
            "payment_intent_unexpected_state",
        )
    return account.read("charge", intent["latest_charge"])
