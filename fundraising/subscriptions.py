"""Subscriptions: who reads a topic of the newsletter, and what may become of that.

    new ─▶ pending ─▶ active ─▶ left ─▶ pending again

Nothing here knows a database or a clock. A wish counts only when the mailbox it names
has answered within a week; the words and both moments of the last yes stay as proof.
Mail that comes back, or that somebody calls spam, ends a subscription too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from fundraising.clock import italian_day

WISH_LASTS = timedelta(days=7)
SOFT_BOUNCES = 3
SOFT_WITHIN = timedelta(days=30)


class State(StrEnum):
    """Where a subscription stands; the value is what the books store."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    @property
    def in_italian(self) -> str:
        """Name the state of one subscription to a person."""
        return _IN_ITALIAN[self][0]

    def counted(self, number: int) -> str:
        """Say how many subscriptions stand like this: «1 attiva», «2 attive»."""
        one, many = _IN_ITALIAN[self]
        return f"{number} {one if number == 1 else many}"


_IN_ITALIAN = {
    State.PENDING: ("in attesa di conferma", "in attesa di conferma"),
    State.ACTIVE: ("attiva", "attive"),
    State.LEFT: ("lasciata", "lasciate"),
    State.BOUNCED: (
        "sospesa perché la posta torna indietro",
        "sospese perché la posta torna indietro",
    ),
    State.COMPLAINED: (
        "sospesa perché segnata come indesiderata",
        "sospese perché segnate come indesiderate",
    ),
}


class Place(StrEnum):
    """Where somebody asked to read."""

    FORM = "form"
    GIFT = "gift"
    AREA = "area"
    LETTER = "letter"


@dataclass(frozen=True)
class Wish:
    """Somebody asked to read: when, where, and which version of the words they saw."""

    at: datetime
    wording: str
    place: Place

    def has_expired(self, now: datetime) -> bool:
        """Tell whether it is too late to confirm."""
        return now - self.at >= WISH_LASTS


@dataclass(frozen=True)
class Consent:
    """The proof of a yes: the wish, and when its mailbox confirmed it."""

    wish: Wish
    confirmed_at: datetime


@dataclass(frozen=True)
class Ending:
    """Why letters stopped, and when; *why* is LEFT, BOUNCED or COMPLAINED."""

    why: State
    at: datetime


@dataclass(frozen=True)
class Subscription:
    """One person and one topic. *wish* is open until it is confirmed, withdrawn or too old."""

    wish: Wish | None = None
    consent: Consent | None = None
    ending: Ending | None = None

    def __post_init__(self) -> None:
        if not (self.wish or self.consent or self.ending):
            raise ValueError("a subscription nobody ever asked for")
        if self.wish and self.consent and not self.ending:
            raise ValueError("an active subscription has no wish to confirm")

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.wish:
            return State.PENDING
        return self.ending.why if self.ending else State.ACTIVE

    @property
    def receives(self) -> bool:
        """Tell whether letters go out: only to who confirmed, and has not ended it since."""
        return self.state is State.ACTIVE

    @property
    def _counts_since(self) -> datetime | None:
        if self.wish:
            return self.wish.at
        return self.consent.confirmed_at if self.consent else None


def ask(before: Subscription | None, wish: Wish) -> Subscription:
    """Ask to read. Who reads already goes on; who called us spam comes back only by a letter.

    A form proves nothing about who filled it in, so nobody is written to again because
    somebody typed an address that has complained.
    """
    if before is None:
        return Subscription(wish=wish)
    if before.receives:
        return before
    if before.state is State.COMPLAINED and wish.place in {Place.FORM, Place.GIFT}:
        return before
    return replace(before, wish=wish)


def confirm(before: Subscription, now: datetime) -> Subscription:
    """Confirm the open wish, if there is one that is not too old."""
    if before.wish is None or before.wish.has_expired(now):
        return before
    return Subscription(consent=Consent(before.wish, now))


def withdraw(before: Subscription) -> Subscription | None:
    """Take back the open wish; None when nothing else was ever there."""
    if before.wish is None:
        return before
    if before.consent is None and before.ending is None:
        return None
    return replace(before, wish=None)


def expire(before: Subscription, now: datetime) -> Subscription | None:
    """Take back a wish nobody confirmed in time."""
    return withdraw(before) if before.wish and before.wish.has_expired(now) else before


def leave(before: Subscription, now: datetime) -> Subscription | None:
    """Stop the letters. What has ended stays as it ended, however often it is repeated."""
    if before.receives:
        return replace(before, ending=Ending(State.LEFT, now))
    return withdraw(before)


def suppress(before: Subscription, why: State, on: date, now: datetime) -> Subscription:
    """Stop the letters because they come back, or because somebody calls them spam.

    *on* is the day it happened: news from before the last yes says nothing about now.
    """
    since = before._counts_since
    if since and on < italian_day(since):
        return before
    if why is State.BOUNCED and before.state not in {State.PENDING, State.ACTIVE}:
        return before
    if before.state is why:
        return before
    return replace(before, wish=None, ending=Ending(why, now))


def bounces_for_good(days: Iterable[date]) -> bool:
    """Tell whether mail came back on too many days of one month to go on."""
    ordered = sorted(set(days))
    return any(
        ordered[last] - ordered[last - SOFT_BOUNCES + 1] <= SOFT_WITHIN
        for last in range(SOFT_BOUNCES - 1, len(ordered))
    )
