"""The readers: the list of the newsletter in the books, and what changes it.

Every change is one of the rules in `subscriptions`, applied to a row that is ours until
the transaction ends. Letters are queued in the same transaction. Somebody of whom nothing
is left is forgotten whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from fundraising import subscriptions, topics
from fundraising.reader_rows import Subscriptions, read_subscriptions, write_subscription
from fundraising.store import Transaction, to_text
from fundraising.subscriptions import (
    SOFT_WITHIN,
    WISH_LASTS,
    Place,
    State,
    Subscription,
    Wish,
)

Row = dict[str, Any]


class Fate(StrEnum):
    """What mail that came back did to its reader."""

    STOPPED = "stopped"
    KEPT = "kept"
    UNKNOWN = "unknown"


ENDINGS_KEPT = timedelta(days=365)
"""How long the proof stays after the last letter, and with it that no more may be sent."""


class Readers:
    """Changes the list within one transaction."""

    def __init__(
        self, books: Transaction, *, livemode: int, now: datetime, new_id: Callable[[], str]
    ) -> None:
        self._books = books
        self._livemode = livemode
        self._now = now
        self._new_id = new_id

    def ask(self, email: str, wanted: Iterable[str], *, wording: str, place: Place) -> None:
        """Note what somebody would like to read, and queue the letter that asks for their yes.

        Who reads all of it already is told so by letter: the page says the same to everybody.
        """
        reader = self._books.meet_reader(
            id=self._new_id(), livemode=self._livemode, email=email, now=to_text(self._now)
        )
        wish = Wish(self._now, wording, place)
        before = read_subscriptions(self._books, reader["id"])
        after = {
            topic.id: subscriptions.ask(before.get(topic.id), wish)
            for topic in topics.known(wanted)
        }
        for topic, subscription in after.items():
            self._save(reader["id"], topic, subscription)
        states = {subscription.state for subscription in after.values()}
        if State.PENDING in states:
            self._write_to(reader["id"], "opt_in")
        elif State.ACTIVE in states:
            self._write_to(reader["id"], "already_in")

    def send_links(self, email: str) -> None:
        """Queue a letter with the way to the preferences, if there is anything to prefer."""
        reader = self._books.lock_reader_of_email(livemode=self._livemode, email=email.lower())
        if reader is None:
            return
        found = read_subscriptions(self._books, reader["id"]).values()
        if any(each.state is not State.COMPLAINED and each.consent for each in found):
            self._write_to(reader["id"], "preferences")

    def confirm(self, reader: str, wanted: Iterable[str]) -> Subscriptions:
        """Confirm the open wishes for these topics; return how everything stands."""
        before = self._own(reader)
        shown = set(wanted)
        for topic, subscription in before.items():
            if topic in shown:
                self._save(reader, topic, subscriptions.confirm(subscription, self._now))
        # The mailbox has just answered: what came back before says nothing any more.
        self._books.forget_bounces_of_reader(reader=reader)
        return read_subscriptions(self._books, reader)

    def withdraw(self, reader: str) -> None:
        """Take back every open wish: somebody else had typed the address."""
        for topic, subscription in self._own(reader).items():
            self._save(reader, topic, subscriptions.withdraw(subscription))
        self._books.drop_letters_of_reader(reader=reader, kind="opt_in")
        self._forget_if_nothing_is_left(reader)

    def refuse(self, reader: str) -> None:
        """Take back every open wish, and end what was confirmed: «it was not me»."""
        for topic, subscription in self._own(reader).items():
            self._save(reader, topic, subscriptions.leave(subscription, self._now))
        self.withdraw(reader)

    def leave(self, reader: str, topic: str) -> bool:
        """End one topic, or all when it is empty; tell whether we know this reader."""
        before = self._own(reader)
        for each, subscription in before.items():
            if topic in ("", each):
                self._save(reader, each, subscriptions.leave(subscription, self._now))
        self._forget_if_nothing_is_left(reader)
        return bool(before)

    def leave_by_address(self, email: str, topic: str) -> bool:
        """End one topic, or all when it is empty, for an address; tell whether we know it."""
        reader = self._books.lock_reader_of_email(livemode=self._livemode, email=email.lower())
        return reader is not None and self.leave(reader["id"], topic)

    def choose(self, reader: Row, wanted: Iterable[str], *, wording: str, may_ask: bool) -> bool:
        """Keep what somebody chose on their page: leaving counts at once, joining asks again.

        The page is reached by a letter that may have been forwarded; so it opens nothing
        that a new letter to the same mailbox has not confirmed. Tells whether one is needed;
        without *may_ask*, because there were too many already, none is queued.
        """
        key = reader["id"]
        chosen, before = set(wanted), self._own(key)
        for topic, subscription in before.items():
            if topic not in chosen:
                self._save(key, topic, subscriptions.leave(subscription, self._now))
        joined = [
            topic.id
            for topic in topics.known(chosen)
            if topic.id not in before or not before[topic.id].receives
        ]
        if joined and may_ask:
            self.ask(reader["email"], joined, wording=wording, place=Place.LETTER)
        self._forget_if_nothing_is_left(key)
        return bool(joined)

    def suppress(self, email: str, kind: str, on: date) -> Fate:
        """Take note of mail that came back; *kind* is hard, soft or complaint."""
        reader = self._books.lock_reader_of_email(livemode=self._livemode, email=email.lower())
        if reader is None:
            return Fate.UNKNOWN
        key = reader["id"]
        self._books.add_bounce(reader=key, kind=kind, happened_on=on.isoformat())
        if kind == "soft" and not self._bounces_for_good(key):
            return Fate.KEPT
        why = State.COMPLAINED if kind == "complaint" else State.BOUNCED
        stopped = False
        for topic, before in read_subscriptions(self._books, key).items():
            after = subscriptions.suppress(before, why, on, self._now)
            stopped = stopped or after != before
            self._save(key, topic, after)
        return Fate.STOPPED if stopped else Fate.KEPT

    def invite_donor(self, donor: Row) -> None:
        """Take a donor who ticked the newsletter to its door; each tick leads there once."""
        ticked = self._books.follow_newsletter_consent(donor=donor["id"], now=to_text(self._now))
        if ticked and donor["email"]:
            wanted = [topics.NEWSLETTER.id]
            self.ask(donor["email"], wanted, wording=ticked["wording"], place=Place.GIFT)

    def tidy(self) -> int:
        """Forget wishes nobody confirmed within a week, and proofs nobody needs; count the wishes."""
        expired = 0
        old = self._books.readers_with_old_wishes(
            livemode=self._livemode, before=to_text(self._now - WISH_LASTS)
        )
        for row in old:
            for topic, before in self._own(row["id"]).items():
                after = subscriptions.expire(before, self._now)
                expired += after != before
                self._save(row["id"], topic, after)
        mode = {"livemode": self._livemode}
        self._books.remove_old_endings(**mode, before=to_text(self._now - ENDINGS_KEPT))
        oldest_bounce = (self._now - SOFT_WITHIN - timedelta(days=1)).date()
        self._books.forget_bounces(**mode, before=oldest_bounce.isoformat())
        for row in self._books.readers_of_nothing(**mode):
            self._forget_if_nothing_is_left(row["id"])
        return expired

    def forget(self, email: str) -> bool:
        """Forget somebody whole; tell whether we knew them."""
        reader = self._books.lock_reader_of_email(livemode=self._livemode, email=email.lower())
        if reader is None:
            return False
        self._books.forget_subscriptions_of_reader(reader=reader["id"])
        self._forget_if_nothing_is_left(reader["id"])
        return True

    def _own(self, reader: str) -> Subscriptions:
        """Take hold of a reader's row, and read what is there now."""
        self._books.lock_reader(id=reader, livemode=self._livemode)
        return read_subscriptions(self._books, reader)

    def _bounces_for_good(self, reader: str) -> bool:
        rows = self._books.bounces_of_reader(reader=reader)
        return subscriptions.bounces_for_good(
            date.fromisoformat(row["happened_on"]) for row in rows if row["kind"] == "soft"
        )

    def _write_to(self, reader: str, kind: str) -> None:
        self._books.enqueue_reader_letter(
            id=self._new_id(),
            livemode=self._livemode,
            kind=kind,
            reader=reader,
            now=to_text(self._now),
        )

    def _save(self, reader: str, topic: str, subscription: Subscription | None) -> None:
        write_subscription(self._books, reader, topic, subscription)

    def _forget_if_nothing_is_left(self, reader: str) -> None:
        if self._own(reader):
            return
        for forget in (
            self._books.forget_access_of_reader,
            self._books.forget_letters_of_reader,
            self._books.forget_bounces_of_reader,
            self._books.forget_deliveries_of_reader,
            self._books.forget_reader,
        ):
            forget(reader=reader)
