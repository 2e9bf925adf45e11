"""The receipt register: which receipt is valid for a gift, and its number.

A number is drawn in the transaction that issues the receipt, so a series has no
gaps. A receipt that stops being true is voided, never deleted, and what remains
of the gift gets a new one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from fundraising.campaigns import Campaigns, Recipient
from fundraising.clock import italian_day
from fundraising.donation import HOLDS_MONEY, State
from fundraising.receipts import ReceiptFacts
from fundraising.store import Transaction, from_text, to_text

Row = dict[str, Any]


def settle_receipt(
    books: Transaction,
    donation: Row,
    intent: Row,
    campaigns: Campaigns,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> bool:
    """Make the register say what is true of a gift; tell whether a receipt was issued.

    While a refund may still fail nothing changes. Without the recipient's profile
    nothing can be printed: the worker comes back when campaigns.json names it again.
    """
    if donation["refund_pending"]:
        return False
    owed_cents = 0
    if State(donation["state"]) in HOLDS_MONEY:
        owed_cents = donation["amount_cents"] - donation["refunded_cents"]
    valid = books.valid_receipt_of_donation(donation=donation["id"])
    if valid and valid["amount_cents"] == owed_cents:
        return False
    if valid:
        books.void_receipt(id=valid["id"], voided_at=to_text(now))
    recipient = campaigns.recipients.get(donation["recipient"])
    if not owed_cents or not donation["paid_at"] or recipient is None:
        return False
    year = italian_day(now).year
    series = {
        "recipient": donation["recipient"],
        "year": year,
        "livemode": donation["livemode"],
    }
    number = books.draw_receipt_number(**series)["number"]
    books.add_receipt(
        **series,
        id=new_id(),
        number=number,
        donation=donation["id"],
        donor=intent["donor"],
        amount_cents=owed_cents,
        wording=_wording(donation, intent, recipient),
        issued_at=to_text(now),
    )
    return True


def receipt_facts(receipt: Row, donor: Row) -> ReceiptFacts:
    """Put a registered receipt and its donor together for printing."""
    wording = json.loads(receipt["wording"])
    for day in ("given_on", "paid_on"):
        wording[day] = date.fromisoformat(wording[day])
    return ReceiptFacts(
        **wording,
        number=receipt["number"],
        year=receipt["year"],
        donor_name=f"{donor['first_name']} {donor['last_name']}",
        donor_fiscal_code=donor["fiscal_code"],
        amount_cents=receipt["amount_cents"],
        issued_on=italian_day(from_text(receipt["issued_at"])),
        livemode=bool(receipt["livemode"]),
        mark="void" if receipt["state"] == "void" else None,
    )


def _wording(donation: Row, intent: Row, recipient: Recipient) -> str:
    """Freeze what the receipt says about gift and recipient: a copy must read the same."""
    return json.dumps(
        {
            "recipient_name": recipient.legal_name,
            "recipient_address": recipient.address,
            "recipient_fiscal_code": recipient.fiscal_code,
            "recipient_register": recipient.tax.register if recipient.tax else None,
            "tax_text": recipient.tax.text if recipient.tax else None,
            "purpose": intent["title"],
            "method": donation["method"] or "card",
            "given_on": italian_day(from_text(donation["given_at"])).isoformat(),
            "paid_on": italian_day(from_text(donation["paid_at"])).isoformat(),
        },
        ensure_ascii=False,
        sort_keys=True,
    )
