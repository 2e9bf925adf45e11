"""The post: which letter a queued row becomes.

The queue holds no names. A letter is written when it leaves, from what the books
say at that moment, so that nobody is thanked for money already given back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fundraising import access, donor_post, reader_post
from fundraising.campaigns import Campaigns
from fundraising.clock import italian_day
from fundraising.donation import HOLDS_MONEY, State
from fundraising.donor_post import DonorCorrespondence
from fundraising.letter_facts import CardFacts
from fundraising.letters import Attachment, GiftFacts, Letter, write_letter
from fundraising.money import plain_euros
from fundraising.plans import goes_on
from fundraising.reader_post import ReaderCorrespondence
from fundraising.receipts import print_receipt
from fundraising.register import donor_name, receipt_facts
from fundraising.store import Transaction, from_text

Row = dict[str, Any]
_RETRIED = frozenset({"failed", "taken_back"})
_WITH_VOIDED = frozenset(
    {"refunded", "refund_failed", "replaced", "disputed", "taken_back", "dispute_won"}
)
_WITH_RECEIPT = frozenset(
    {"paid", "refunded", "refund_failed", "copy", "replaced", "taken_back", "dispute_won"}
)
_ABOUT_A_PART = frozenset({"refunded", "refund_failed", "disputed", "taken_back", "dispute_won"})
# Kinds that say money has left, and the kind that says of the same money that it is here again.
_CONTRADICTED_BY = {
    "refunded": "refund_failed",
    "disputed": "dispute_won",
    "taken_back": "dispute_won",
}


@dataclass(frozen=True)
class Correspondence:
    """All the rows one letter is written from."""

    letter: Row
    donation: Row
    intent: Row
    donor: Row
    receipt: Row | None
    voided_receipt: Row | None
    receipt_donor: Row | None
    plan_token: str | None = None
    plan_goes_on: bool = False
    contradicted: bool = False
    booked_at: str | None = None
    """When the money moved, where the letter is about one booking."""

    @property
    def still_true(self) -> bool:
        """Tell whether the letter still says what is so, and there is somebody to tell."""
        if not self.donor["email"] or self.contradicted:
            return False
        state = State(self.donation["state"])
        match self.letter["kind"]:
            case "pending":
                return state is State.PROCESSING
            case "failed":
                return state is State.FAILED
            case "renewal_failed" | "action_required":
                return state is State.RETRYING
            case "disputed":
                return state is State.DISPUTED
            case "taken_back":
                return state in {State.CHARGED_BACK, State.PARTIALLY_REFUNDED}
            case "refund_failed":
                # While a bank decides about another part, this one is here all the same.
                return state in HOLDS_MONEY or state is State.DISPUTED
            case "dispute_won":
                return state in HOLDS_MONEY
            case "promise":
                return state is State.ANNOUNCED
            case "card":
                return state in HOLDS_MONEY and bool(self.donor["card_email"])
            case "paid" | "copy" | "replaced":
                return state in HOLDS_MONEY and self.receipt is not None
        return True


AnyCorrespondence = Correspondence | DonorCorrespondence | ReaderCorrespondence


def gather(
    books: Transaction, letter: Row, *, now: datetime, new_token: access.NewToken
) -> AnyCorrespondence:
    """Read everything a queued letter needs, and make the ways in that it carries."""
    if letter["reader"]:
        return reader_post.gather(books, letter, now=now, new_token=new_token)
    if letter["donation"] is None:
        return donor_post.gather(books, letter, now=now, new_token=new_token)
    donation = books.find_donation(id=letter["donation"])
    intent = books.find_intent(id=donation["intent"], livemode=donation["livemode"])
    latest = books.latest_receipt_of_donation(donation=donation["id"], state="void")
    receipt = books.latest_receipt_of_donation(donation=donation["id"], state="issued")
    plan_token, plan_goes_on = None, False
    plan = donation["subscription_id"] and books.find_plan(
        subscription_id=donation["subscription_id"]
    )
    if plan:
        plan_token = new_token()
        plan_goes_on = goes_on(books, plan)
        access.grant(
            books,
            access.Purpose.PLAN,
            plan_token,
            intent["donor"],
            livemode=donation["livemode"],
            plan=donation["subscription_id"],
        )
    contradiction = _CONTRADICTED_BY.get(letter["kind"])
    booking = books.find_booking(id=letter["subject"])
    answer = contradiction and books.find_letter(kind=contradiction, subject=letter["subject"])
    return Correspondence(
        # Only by what came after it: a dispute that was won can be lost in the end.
        contradicted=bool(answer and answer["created_at"] >= letter["created_at"]),
        booked_at=booking and booking["booked_at"],
        plan_token=plan_token,
        plan_goes_on=plan_goes_on,
        letter=letter,
        donation=donation,
        intent=intent,
        donor=books.find_donor(id=intent["donor"]),
        receipt=receipt,
        voided_receipt=latest,
        # The receipt names whom it was issued to, whatever has been corrected since.
        receipt_donor=books.find_donor(id=receipt["donor"]) if receipt else None,
    )


def write(post: AnyCorrespondence, campaigns: Campaigns, site_url: str) -> Letter:
    """Write the letter, with the valid receipt attached when it tells of money received."""
    if isinstance(post, ReaderCorrespondence):
        return reader_post.write(post, site_url)
    if isinstance(post, DonorCorrespondence):
        return donor_post.write(post, campaigns, site_url)
    letter, donation, intent = post.letter, post.donation, post.intent
    if letter["kind"] == "card":
        return _write_card(post, campaigns, site_url)
    campaign = campaigns.campaigns.get(intent["campaign"])
    recipient = campaigns.recipients.get(intent["recipient"])
    receipt = post.receipt if letter["kind"] in _WITH_RECEIPT else None
    about = {
        "paid": donation["paid_at"],
        "pending": donation["given_at"],
    }.get(letter["kind"], post.booked_at) or letter["created_at"]
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
        part_cents=(
            min(letter["amount_cents"], donation["amount_cents"])
            if letter["kind"] in _ABOUT_A_PART
            else None
        ),
        kept_cents=_kept_cents(donation),
        retry_url=_retry_url(post, site_url) if letter["kind"] in _RETRIED else None,
        receipt=_label(receipt),
        voided_receipt=(_label(post.voided_receipt) if letter["kind"] in _WITH_VOIDED else None),
        tax_text=recipient.tax.text if recipient and recipient.tax else None,
        plan_url=f"{site_url}/api/plan/{post.plan_token}" if post.plan_token else None,
        goes_on=post.plan_goes_on,
        iban=recipient.iban if recipient and letter["kind"] == "promise" else None,
        reason_code=donation["origin"] if letter["kind"] == "promise" else None,
    )
    attachments = []
    if receipt:
        attachments.append(
            Attachment(
                filename=f"ricevuta-{receipt['number']}-{receipt['year']}.pdf",
                content=print_receipt(
                    receipt_facts(
                        receipt,
                        post.receipt_donor or post.donor,
                        mark="copy" if letter["kind"] == "copy" else None,
                    )
                ),
            )
        )
    return write_letter(letter["kind"], facts, attachments)


def _write_card(post: Correspondence, campaigns: Campaigns, site_url: str) -> Letter:
    """Write to somebody a gift is dedicated to; how much it was is not theirs to know."""
    intent, donor = post.intent, post.donor
    campaign = campaigns.campaigns.get(intent["campaign"])
    recipient = campaigns.recipients.get(intent["recipient"])
    facts = CardFacts(
        email=donor["card_email"],
        name=donor["dedication_name"],
        in_memory=donor["dedication"] == "memory",
        donor=None if donor["anonymous"] else donor_name(donor),
        text=donor["card_text"],
        campaign_title=intent["title"],
        campaign_url=f"{site_url}{campaign.url}" if campaign else f"{site_url}/",
        recipient_name=recipient.legal_name if recipient else intent["recipient"],
        livemode=bool(post.donation["livemode"]),
    )
    return write_letter("card", facts)


def _retry_url(post: Correspondence, site_url: str) -> str | None:
    """Lead to the form, unless that would begin a second gift beside one that is here or goes on."""
    intent = post.intent
    if post.plan_goes_on or intent["replaces"] or _kept_cents(post.donation):
        return None
    query = {
        "campaign": intent["campaign"],
        # The fee is added by the form, if the donor ticks it again.
        "amount": plain_euros(intent["amount_cents"] - intent["cover_cents"]),
        "frequency": intent["frequency"],
    }
    return f"{site_url}/api/donate?{urlencode(query)}"


def _kept_cents(donation: Row) -> int | None:
    """Tell what stays with the campaign; None while a bank has not decided."""
    state = State(donation["state"])
    if state is State.DISPUTED:
        return None
    kept_cents: int = donation["amount_cents"] - donation["refunded_cents"]
    return kept_cents if state in HOLDS_MONEY else 0


def _label(receipt: Row | None) -> str | None:
    return f"{receipt['number']}/{receipt['year']}" if receipt else None
