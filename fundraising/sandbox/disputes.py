"""Disputes: a donor's bank takes the money back, and a fee with it.

A card dispute can be won. A SEPA debit that is disputed is lost at once: no
evidence is asked for. The fee stays with Stripe either way.
"""

from fundraising.sandbox import balance
from fundraising.sandbox.account import Account
from fundraising.sandbox.balance import DAY_SECONDS
from fundraising.sandbox.errors import Refusal
from fundraising.sandbox.fees import DISPUTE_FEE_CENTS
from fundraising.sandbox.objects import Body

DAYS_TO_ANSWER = 7


def open_dispute(
    account: Account, charge: Body, amount_cents: int | None = None, reason: str = "fraudulent"
) -> Body:
    """Dispute a charge, or part of it, and take the money from the balance."""
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise Refusal(f"Charge {charge['id']} cannot be disputed.")
    left_cents = charge["amount"] - charge["amount_refunded"]
    amount_cents = left_cents if amount_cents is None else amount_cents
    if not 0 < amount_cents <= left_cents:
        raise Refusal(f"Charge {charge['id']} has {left_cents} cents left to dispute.")
    by_card = charge["payment_method_details"]["type"] == "card"
    dispute = account.create(
        "dispute",
        "du",
        amount=amount_cents,
        balance_transactions=[],
        charge=charge["id"],
        currency="eur",
        enhanced_eligibility_types=[],
        evidence={"enhanced_evidence": {}},
        evidence_details={
            "due_by": account.now() + DAYS_TO_ANSWER * DAY_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        reason=reason if by_card else "debit_not_authorized",
        status="needs_response" if by_card else "lost",
    )
    account.change(charge, disputed=True)
    transaction = balance.book(
        account,
        kind="adjustment",
        category="dispute",
        amount_cents=-amount_cents,
        fee_cents=DISPUTE_FEE_CENTS,
        fee_description="Dispute fee",
        source=dispute["id"],
        description=f"Chargeback withdrawal for {charge['id']}",
    )
    account.change(dispute, balance_transactions=[transaction["id"]])
    account.announce("charge.dispute.created", dispute)
    account.announce("charge.dispute.funds_withdrawn", dispute)
    if not by_card:
        account.announce("charge.dispute.closed", dispute)
    return dispute


def close_dispute(account: Account, dispute: Body, *, won: bool) -> Body:
    """Let the bank decide; a dispute that is won gives the money back."""
    if dispute["status"] not in ("needs_response", "under_review"):
        raise Refusal(f"Dispute {dispute['id']} is already {dispute['status']}.")
    account.change(dispute, status="won" if won else "lost")
    if won:
        transaction = balance.book(
            account,
            kind="adjustment",
            category="dispute_reversal",
            amount_cents=dispute["amount"],
            source=dispute["id"],
            description=f"Chargeback reversal for {dispute['charge']}",
        )
        account.change(
            dispute,
            balance_transactions=[*dispute["balance_transactions"], transaction["id"]],
        )
    account.announce("charge.dispute.closed", dispute)
    if won:
        account.announce("charge.dispute.funds_reinstated", dispute)
    return dispute
