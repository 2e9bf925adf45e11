"""The post: which letter a queued row becomes.

The queue holds no names. A letter is written when it leaves, from what the books
say at that moment, so that nobody is thanked for money already given back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fundraising.campaigns import Campaigns
from fundraising.clock import italian_day
from fundraising.donation import HOLDS_MONEY, State
from fundraising.letters import Attachment, GiftFacts, Letter, write_letter
from fundraising.money import plain_euros
from fundraising.receipts import print_receipt
from fundraising.register import receipt_facts
from fundraising.store import Transaction, from_text

Row = dict[str, Any]


@dataclass(frozen=True)
class Correspondence:
    """All the rows one letter is written from."""

    letter: Row
    donation: Row
    intent: Row
    donor: Row
    receipt: Row | None
    voided_receipt: Row | None

    @property
    def still_true(self) -> bool:
        """Tell whether the letter still says what is so."""
        state = State(self.donation["state"])
        match self.letter["kind"]:
            case "pending":
                return state is State.PROCESSING
            case "failed":
                return state is State.FAILED
            case "paid":
                return state in HOLDS_MONEY and self.receipt is not None
        return True


def gather(books: Transaction, letter: Row) -> Correspondence:
    """Read everything a queued letter needs."""
    donation = books.find_donation(id=letter["donation"])
    intent = books.find_intent(id=donation["intent"], livemode=donation["livemode"])
    latest = books.latest_receipt_of_donation(donation=donation["id"], state="void")
    return Correspondence(
        letter=letter,
        donation=donation,
        intent=intent,
        donor=books.find_donor(id=intent["donor"]),
        receipt=books.latest_receipt_of_donation(donation=donation["id"], state="issued"),
        voided_receipt=latest,
    )


def write(post: Correspondence, campaigns: Campaigns, site_url: str) -> Letter:
    """Write the letter, with the valid receipt attached when it tells of money received."""
    letter, donation, intent = post.letter, post.donation, post.intent
    campaign = campaigns.campaigns.get(intent["campaign"])
    recipient = campaigns.recipients.get(intent["recipient"])
    receipt = post.receipt if letter["kind"] in {"paid", "refunded"} else None
    about = {
        "paid": donation["paid_at"],
        "pending": donation["given_at"],
    }.get(letter["kind"]) or letter["created_at"]
    facts = GiftFacts(
        email=post.donor["email"],
        first_name=post.donor["first_name"],
        amount_cents=donation["amount_cents"],
        frequency=intent["frequency"],
        campaign_title=intent["title"],
        campaign_url=f"{site_url}{campaign.url}" if campaign else f"{site_url}/",
        recipient_name=recipient.legal_name if recipient else intent["recipient"],
        recipient_address=recipient.address if recipient else None,
        happened_on=italian_day(from_text(about)),
        method=donation["method"],
        livemode=bool(donation["livemode"]),
        refunded_cents=donation["refunded_cents"] if letter["kind"] == "refunded" else None,
        retry_url=_retry_url(intent, site_url) if letter["kind"] == "failed" else None,
        receipt=_label(receipt),
        voided_receipt=_label(post.voided_receipt) if letter["kind"] == "refunded" else None,
        tax_text=recipient.tax.text if recipient and recipient.tax else None,
    )
    attachments = []
    if receipt:
        attachments.append(
            Attachment(
                filename=f"ricevuta-{receipt['number']}-{receipt['year']}.pdf",
                content=print_receipt(receipt_facts(receipt, post.donor)),
            )
        )
    return write_letter(letter["kind"], facts, attachments)


def _retry_url(intent: Row, site_url: str) -> str:
    query = {
        "campaign": intent["campaign"],
        "amount": plain_euros(intent["amount_cents"]),
        "frequency": intent["frequency"],
    }
    return f"{site_url}/api/donate?{urlencode(query)}"


def _label(receipt: Row | None) -> str | None:
    return f"{receipt['number']}/{receipt['year']}" if receipt else None
