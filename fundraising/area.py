"""The donor's own area: who may come in, and what they find there.

There are no accounts. Whoever can read the letters sent to an address may see what
was given with it. Asking for such a letter says nothing about whether the address
is known: the answer is the same, and so is the work done before it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fundraising import access
from fundraising.access import NewToken, Purpose
from fundraising.asking import count_asking
from fundraising.consents import LATEST, WORDINGS
from fundraising.consents import Purpose as Consent
from fundraising.donation import State
from fundraising.plans import Standing, standing
from fundraising.readers import Readers
from fundraising.store import Transaction, to_text
from fundraising.subscriptions import Place
from fundraising.subscriptions import State as Reading
from fundraising.topics import NEWSLETTER

Row = dict[str, Any]


@dataclass(frozen=True)
class Owner:
    """Whoever has come in. *token* is what their browser keeps, *donor* one of their rows."""

    email: str
    donor: str
    token: str

    @property
    def form_token(self) -> str:
        """What a form must carry to be theirs and not another site's."""
        return hashlib.sha256(f"form:{self.token}".encode()).hexdigest()

    def sent(self, form_token: str) -> bool:
        """Tell whether a form is from one of their pages."""
        return hmac.compare_digest(self.form_token.encode(), form_token.encode())


@dataclass(frozen=True)
class Gift:
    """A gift as its donor sees it."""

    given_at: str
    amount_cents: int
    refunded_cents: int
    title: str
    state: State
    receipts: tuple[Row, ...]


@dataclass(frozen=True)
class Plan:
    """A recurring gift as its donor sees it."""

    id: str
    title: str
    amount_cents: int
    frequency: str
    standing: Standing


@dataclass(frozen=True)
class View:
    """Everything on the area's first page."""

    gifts: tuple[Gift, ...]
    plans: tuple[Plan, ...]
    consents: Mapping[Consent, bool]
    awaits_confirmation: bool = False


def ask_for_way_in(
    books: Transaction,
    email: str,
    network: str | None,
    *,
    secret: bytes,
    livemode: int,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Queue a letter with a way in, if the address is known and has not asked too often."""
    address = email.lower()
    asked = count_asking(
        books, "sign_in", address, network, secret=secret, livemode=livemode, now=now
    )
    donors = books.donors_of_email(livemode=livemode, email=address)
    if donors and not asked.is_too_often:
        key = new_id()
        books.enqueue_donor_letter(
            id=key,
            livemode=livemode,
            kind="sign_in",
            subject=key,
            donor=donors[-1]["id"],
            amount_cents=0,
            now=to_text(now),
        )


def come_in(
    books: Transaction, token: str, *, livemode: int, now: datetime, new_token: NewToken
) -> Owner | None:
    """Use up the way in of a letter and open a session; None when it leads nowhere any more."""
    books.remove_stale_access(now=to_text(now))
    row = access.use_up(books, Purpose.SIGN_IN, token, livemode=livemode, now=now)
    donor = row and books.find_donor(id=row["donor"])
    if not donor or not donor["email"]:
        return None
    owner = Owner(donor["email"].lower(), donor["id"], new_token())
    access.grant(
        books,
        Purpose.SESSION,
        owner.token,
        owner.donor,
        livemode=livemode,
        expires_at=now + access.SESSION_LASTS,
    )
    return owner


def recognise(books: Transaction, token: str, *, livemode: int, now: datetime) -> Owner | None:
    """Tell whose session a browser carries, if it still lasts."""
    row = access.find(books, Purpose.SESSION, token, livemode=livemode, now=now)
    donor = row and books.find_donor(id=row["donor"])
    if not donor or not donor["email"]:
        return None
    return Owner(donor["email"].lower(), donor["id"], token)


def look(books: Transaction, owner: Owner, *, livemode: int) -> View:
    """Gather what the area shows."""
    person = {"email": owner.email, "livemode": livemode}
    receipts: dict[str, list[Row]] = {}
    for receipt in books.receipts_of_person(**person):
        receipts.setdefault(receipt["donation"], []).append(receipt)
    return View(
        gifts=tuple(
            Gift(
                given_at=row["given_at"],
                amount_cents=row["amount_cents"],
                refunded_cents=row["refunded_cents"],
                title=row["title"],
                state=State(row["state"]),
                receipts=tuple(receipts.get(row["id"], ())),
            )
            for row in books.gifts_of_person(**person)
        ),
        plans=tuple(
            Plan(
                row["subscription_id"],
                row["title"],
                row["amount_cents"],
                row["frequency"],
                standing(row),
            )
            for row in books.plans_of_person(**person)
        ),
        consents=consents_of(books, owner, livemode=livemode),
        awaits_confirmation=newsletter_of(books, owner, livemode=livemode) is Reading.PENDING,
    )


def consents_of(books: Transaction, owner: Owner, *, livemode: int) -> dict[Consent, bool]:
    """Tell what somebody agrees to now: their latest answer, no without one."""
    found = dict.fromkeys(Consent, False)
    for row in books.consents_of_person(email=owner.email, livemode=livemode):
        found[Consent(row["purpose"])] = bool(row["granted"])
    # Once the newsletter's own list knows somebody, it knows best: one may leave by a letter too.
    standing = newsletter_of(books, owner, livemode=livemode)
    if standing:
        found[Consent.NEWSLETTER] = standing in {Reading.PENDING, Reading.ACTIVE}
    return found


def newsletter_of(books: Transaction, owner: Owner, *, livemode: int) -> Reading | None:
    """Tell how the newsletter stands for somebody, None when its list does not know them."""
    rows = books.subscriptions_of_email(email=owner.email, livemode=livemode)
    states = [Reading(row["state"]) for row in rows if row["topic"] == NEWSLETTER.id]
    return states[0] if states else None


def answer_consents(
    books: Transaction,
    owner: Owner,
    ticked: Mapping[Consent, bool],
    *,
    livemode: int,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Keep the answers that differ from those before; taking back is as easy as giving."""
    before = consents_of(books, owner, livemode=livemode)
    for purpose in WORDINGS[LATEST]:
        if ticked[purpose] is not before[purpose]:
            books.add_consent(
                id=new_id(),
                livemode=livemode,
                donor=owner.donor,
                purpose=purpose,
                granted=int(ticked[purpose]),
                wording=LATEST,
                place="area",
                answered_at=to_text(now),
            )
    if ticked[Consent.NEWSLETTER] is not before[Consent.NEWSLETTER]:
        readers = Readers(books, livemode=livemode, now=now, new_id=new_id)
        if ticked[Consent.NEWSLETTER]:
            readers.ask(owner.email, [NEWSLETTER.id], wording=LATEST, place=Place.AREA)
        else:
            readers.leave_by_address(owner.email, NEWSLETTER.id)
