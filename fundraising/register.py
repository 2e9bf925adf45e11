"""The receipt register: which receipt is valid for a gift, and its number.

A number is drawn in the transaction that issues the receipt, so a series has no
gaps. A receipt that stops being true is voided, never deleted, and what remains
of the gift gets a new one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

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
    _issue(books, donation, intent["donor"], owed_cents, intent, recipient, now, new_id)
    return True


def replace_receipt(
    books: Transaction,
    receipt: Row,
    campaigns: Campaigns,
    *,
    donor: Row | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    """Void a valid receipt and issue the one that takes its place; return its number.

    *donor* is a corrected row to name from now on; the old one stays as it was printed.
    Raises ValueError when nobody may receive in this recipient's name any more.
    """
    donation = books.find_donation(id=receipt["donation"])
    intent = books.find_intent(id=donation["intent"], livemode=donation["livemode"])
    recipient = campaigns.recipients.get(donation["recipient"])
    if recipient is None:
        raise ValueError(f"campaigns.json does not name {donation['recipient']!r}")
    donor_id = receipt["donor"]
    if donor:
        donor_id = new_id()
        books.copy_donor(
            id=donor_id,
            source=receipt["donor"],
            **{name: donor[name] for name in ("first_name", "last_name", "fiscal_code")},
        )
        books.change_donor_of_intent(id=intent["id"], donor=donor_id)
    books.void_receipt(id=receipt["id"], voided_at=to_text(now))
    return _issue(
        books, donation, donor_id, receipt["amount_cents"], intent, recipient, now, new_id
    )


def receipt_facts(receipt: Row, donor: Row, *, mark: Literal["copy"] | None = None) -> ReceiptFacts:
    """Put a registered receipt and its donor together for printing.

    Without *mark* the bytes are those of the first print, for as long as it is valid.
    """
    wording = json.loads(receipt["wording"])
    for day in ("given_on", "paid_on"):
        wording[day] = date.fromisoformat(wording[day])
    return ReceiptFacts(
        **wording,
        number=receipt["number"],
        year=receipt["year"],
        donor_name=donor_name(donor),
        donor_fiscal_code=donor["fiscal_code"],
        donor_vat_number=donor["vat_number"],
        amount_cents=receipt["amount_cents"],
        issued_on=italian_day(from_text(receipt["issued_at"])),
        livemode=bool(receipt["livemode"]),
        mark="void" if receipt["state"] == "void" else mark,
    )


def donor_name(donor: Row) -> str:
    """Name whom a receipt is for: a company, or a person."""
    return donor["company_name"] or f"{donor['first_name']} {donor['last_name']}".strip()


def _issue(
    books: Transaction,
    donation: Row,
    donor_id: str,
    amount_cents: int,
    intent: Row,
    recipient: Recipient,
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    series = {
        "recipient": donation["recipient"],
        "year": italian_day(now).year,
        "livemode": donation["livemode"],
    }
    number: int = books.draw_receipt_number(**series)["number"]
    books.add_receipt(
        **series,
        id=new_id(),
        number=number,
        donation=donation["id"],
        donor=donor_id,
        amount_cents=amount_cents,
        wording=_wording(donation, intent, recipient),
        issued_at=to_text(now),
    )
    return number


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
