"""The donor post: letters about a plan or about somebody, not about one gift.

As with every letter, the queue names only whom it is about: what it says is read
from the books when it leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fundraising import access
from fundraising.campaigns import Campaigns
from fundraising.clock import ROME, italian_day
from fundraising.letter_facts import (
    PlanFacts,
    SignInFacts,
    SupersededFacts,
    YearFacts,
    YearGift,
)
from fundraising.letters import Letter, write_letter
from fundraising.plans import Standing, heir_in, standing
from fundraising.store import Transaction, from_text, to_text

Row = dict[str, Any]

# A letter that could not leave in time would only carry a surprise.
SIGN_IN_MUST_LEAVE_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class DonorCorrespondence:
    """All the rows one letter is written from."""

    letter: Row
    donor: Row
    still_true: bool
    token: str = ""
    plan: Row | None = None
    intent: Row | None = None
    heir: Row | None = None
    has_arrived: bool = False
    gifts: tuple[Row, ...] = ()


def gather(
    books: Transaction, letter: Row, *, now: datetime, new_token: access.NewToken
) -> DonorCorrespondence:
    """Read what a letter needs, and make the way in that it carries."""
    donor = books.find_donor(id=letter["donor"])
    match letter["kind"]:
        case "sign_in":
            return _gather_sign_in(books, letter, donor, now, new_token())
        case "cancelled":
            return _gather_cancelled(books, letter, donor)
        case "yearly":
            return _gather_year(books, letter, donor)
    raise ValueError(f"no donor is written a letter of kind {letter['kind']!r}")


def write(post: DonorCorrespondence, campaigns: Campaigns, site_url: str) -> Letter:
    """Write the letter."""
    person = {
        "email": post.donor["email"],
        "first_name": post.donor["first_name"],
        "livemode": bool(post.letter["livemode"]),
    }
    if post.letter["kind"] == "sign_in":
        url = f"{site_url}/api/area/enter?token={post.token}"
        return write_letter("sign_in", SignInFacts(**person, url=url))
    if post.plan and post.intent:
        recipient = campaigns.recipients.get(post.intent["recipient"])
        about = {
            "amount_cents": post.plan["amount_cents"],
            "frequency": post.plan["frequency"],
            "campaign_title": post.intent["title"],
            "recipient_name": recipient.legal_name if recipient else post.intent["recipient"],
        }
        if post.heir:
            return write_letter(
                "superseded",
                SupersededFacts(
                    **person,
                    **about,
                    has_arrived=post.has_arrived,
                    goes_on_with_cents=post.heir["amount_cents"],
                    area_url=f"{site_url}/api/area",
                ),
            )
        facts = PlanFacts(
            **person,
            **about,
            again_url=f"{site_url}/api/donate?campaign={post.intent['campaign']}",
            gave_up=post.plan["end_reason"] == "payment_failed",
        )
        return write_letter("cancelled", facts)
    gifts = tuple(
        YearGift(
            given_on=italian_day(from_text(gift["given_at"])),
            cents=int(gift["cents"]),
            title=gift["title"],
            receipt=gift["number"] and f"{gift['number']}/{gift['year']}",
        )
        for gift in post.gifts
    )
    return write_letter(
        "yearly",
        YearFacts(
            **person, year=year_of(post.letter), gifts=gifts, area_url=f"{site_url}/api/area"
        ),
    )


def queue_yearly_summaries(
    books: Transaction, *, livemode: int, now: datetime, new_id: Any
) -> None:
    """Queue a summary of the past year for everybody who gave in it, once per address."""
    year = italian_day(now).year - 1
    since, until = year_in_moments(year)
    mark = f"{year}:"
    seen: set[str] = set()
    # A row of a gift that is in the sum: those of gifts never paid are forgotten after a while.
    for donor in books.donors_of_year(livemode=livemode, since=since, until=until, mark=mark):
        address = donor["email"].lower()
        if address in seen:
            continue
        seen.add(address)
        books.enqueue_donor_letter(
            id=new_id(),
            livemode=livemode,
            kind="yearly",
            subject=f"{mark}{donor['id']}",
            donor=donor["id"],
            amount_cents=0,
            now=to_text(now),
        )


def year_of(letter: Row) -> int:
    """Return the year a summary is about."""
    return int(letter["subject"].partition(":")[0])


def year_in_moments(year: int) -> tuple[str, str]:
    """Return when an Italian year begins and when the next one does."""
    begins, ends = (datetime(each, 1, 1, tzinfo=ROME).astimezone(UTC) for each in (year, year + 1))
    return to_text(begins), to_text(ends)


def _gather_sign_in(
    books: Transaction, letter: Row, donor: Row, now: datetime, token: str
) -> DonorCorrespondence:
    in_time = now - from_text(letter["created_at"]) < SIGN_IN_MUST_LEAVE_WITHIN
    still_true = bool(donor["email"]) and in_time
    if still_true:
        access.grant(
            books,
            access.Purpose.SIGN_IN,
            token,
            donor["id"],
            livemode=letter["livemode"],
            expires_at=now + access.SIGN_IN_LASTS,
        )
    return DonorCorrespondence(letter, donor, still_true, token=token)


def _gather_cancelled(books: Transaction, letter: Row, donor: Row) -> DonorCorrespondence:
    plan = books.find_plan(subscription_id=letter["subject"])
    line = books.line_of_plan(subscription_id=letter["subject"])
    replaced = books.replacement_of_plan(subscription_id=letter["subject"])
    stopped = standing(plan) in {Standing.ENDING, Standing.ENDED}
    return DonorCorrespondence(
        letter,
        donor,
        bool(donor["email"]) and stopped and not replaced,
        plan=plan,
        intent=books.find_intent_of_plan(subscription_id=letter["subject"]),
        # Not replaced itself, and yet another goes on: both were to replace a third.
        heir=heir_in(line, letter["subject"]),
        has_arrived=any(one["paid"] for one in line if one["subscription_id"] == letter["subject"]),
    )


def _gather_year(books: Transaction, letter: Row, donor: Row) -> DonorCorrespondence:
    since, until = year_in_moments(year_of(letter))
    gifts = tuple(
        books.gifts_of_year(
            livemode=letter["livemode"], email=donor["email"].lower(), since=since, until=until
        )
    )
    return DonorCorrespondence(letter, donor, bool(donor["email"] and gifts), gifts=gifts)
