"""Delivery: one frozen issue, to everybody it is for, once.

One letter at a time is claimed, sent and settled; a claim ends by itself, so that any
number of senders may run and one that is killed loses nothing. Only one moment cannot be
told apart: a letter handed over whose answer never came. As all our letters it leaves
again, under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fundraising.access import random_token
from fundraising.clock import Clock, italian_day
from fundraising.mailer import MailRefused
from fundraising.newsletter_issue import Issue, write_issue
from fundraising.reader_links import ReaderAddresses, ReaderLink, read_key, write_link
from fundraising.readers import Readers
from fundraising.sendings import Tally, count, issue_of
from fundraising.store import Store, from_text, to_text

if TYPE_CHECKING:
    from fundraising.mailer import Mailer, Postbag

Row = dict[str, Any]
Pause = Callable[[float], bool]
"""Waits so many seconds; tells whether to stop."""

# Longer than a session may wait for all its answers together.
LEASE = timedelta(minutes=10)
PATIENCE = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=3)
_FIRST_DELAY = timedelta(minutes=1)
_LONGEST_DELAY = timedelta(hours=1)
_RECONNECT_SECONDS = 10
# Counting thousands after each letter would take longer than sending it.
_TELL_EVERY = timedelta(seconds=1)
_LOST_IN_A_ROW = 3
_REFUSED_IN_A_ROW = 10


class End(StrEnum):
    """Why a delivery stopped."""

    FINISHED = "finished"
    STOPPED = "stopped"
    LATER = "later"
    UNREACHABLE = "unreachable"
    ALL_REFUSED = "all_refused"


@dataclass(frozen=True)
class Delivered:
    """How a run ended, how far the sending has come, and the server's last words against it."""

    end: End
    tally: Tally
    last_refusal: str = ""
    next_at: datetime | None = None


@dataclass
class Run:
    """What one run has seen so far. *held* are refusals that may all mean the sender is wrong."""

    next_at: datetime
    tell_at: datetime
    lost_in_a_row: int = 0
    held: list[tuple[Row, MailRefused]] = field(default_factory=list)
    last_refusal: str = ""


class Delivery:
    """Sends a frozen issue to whoever still waits for it."""

    def __init__(
        self,
        store: Store,
        mailer: Mailer,
        sending: Row,
        *,
        site_url: str,
        reply_to: str,
        clock: Clock,
        pause: Pause,
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._mailer = mailer
        self._sending = sending
        self._issue: Issue = issue_of(sending)
        self._site_url = site_url
        self._reply_to = reply_to
        self._clock = clock
        self._pause = pause
        self._new_id = new_id
        with store.transaction() as books:
            self._key = read_key(books, livemode=sending["livemode"], new_token=random_token)

    def run(
        self, *, per_minute: float, batch: int, tell: Callable[[Tally], None] = lambda tally: None
    ) -> Delivered:
        """Send until nobody waits, or until it is better to go on later.

        *batch* is how many letters share a connection. *tell* hears how far it has come.
        Raises StoreUnavailable; whatever was settled until then stays.
        """
        run = Run(next_at=self._clock(), tell_at=self._clock())
        while True:
            with self._mailer.session() as session:
                for _ in range(batch):
                    due_at = self._next_due()
                    if due_at is None or due_at > self._clock():
                        break
                    if self._wait_until(run.next_at):
                        return self._end(End.STOPPED, run)
                    # From now on, not from when it should have been: nobody has to catch up.
                    run.next_at = self._clock() + timedelta(minutes=1 / per_minute)
                    claimed = self._claim()
                    if claimed is None:
                        break
                    self._send(session, *claimed, run)
                    if self._clock() >= run.tell_at:
                        run.tell_at = self._clock() + _TELL_EVERY
                        tell(self._tally())
                    if run.lost_in_a_row >= _LOST_IN_A_ROW:
                        return self._end(End.UNREACHABLE, run)
                    if len(run.held) >= _REFUSED_IN_A_ROW:
                        return self._end(End.ALL_REFUSED, run)
                    if run.lost_in_a_row and self._pause(_RECONNECT_SECONDS):
                        return self._end(End.STOPPED, run)
                else:
                    continue
            if len(run.held) > 1 and not self._tally().sent:
                return self._end(End.ALL_REFUSED, run)
            self._settle_held(run)
            due_at = self._next_due()
            if due_at is None:
                return self._end(End.FINISHED, run)
            if due_at - self._clock() > PATIENCE:
                return self._end(End.LATER, run, due_at)
            if self._wait_until(due_at):
                return self._end(End.STOPPED, run)

    def _claim(self) -> tuple[Row, Row] | None:
        """Take the next letter and its reader; whoever has left meanwhile is passed over."""
        while True:
            now = self._clock()
            with self._store.transaction() as books:
                row: Row | None = books.claim_delivery(
                    sending=self._sending["id"], now=to_text(now), lease_until=to_text(now + LEASE)
                )
                if row is None:
                    return None
                reader: Row | None = books.find_active_reader(
                    reader=row["reader"], topic=self._sending["topic"]
                )
                if reader is not None:
                    return row, reader
                books.settle_delivery(id=row["id"], state="skipped", now=to_text(now), error=None)

    def _send(self, session: Postbag, row: Row, reader: Row, run: Run) -> None:
        token = write_link(self._key, ReaderLink(reader["id"], self._sending["topic"]))
        try:
            letter = write_issue(
                self._issue,
                to=reader["email"],
                addresses=ReaderAddresses(self._site_url, token),
                reply_to=self._reply_to,
                livemode=bool(self._sending["livemode"]),
            )
            # The row is one person's copy of one issue, so this stays the same for good.
            session.send(letter, f"newsletter-{self._issue.number}-{row['id']}")
        except ValueError:
            # One address that fits in no header must not stop everybody behind it.
            self._settle(row, "refused", "the address does not fit in a letter")
            return
        except MailRefused as refused:
            run.last_refusal = str(refused)
            self._keep_refusal(row, refused, run)
            return
        self._settle(row, "sent")
        run.lost_in_a_row = 0
        # The server takes our letters: what it refused before was about those addresses.
        self._settle_held(run)

    def _keep_refusal(self, row: Row, refused: MailRefused, run: Run) -> None:
        now = self._clock()
        if refused.unreachable:
            run.lost_in_a_row += 1
            self._postpone(row, now + timedelta(seconds=_RECONNECT_SECONDS), refused)
            return
        run.lost_in_a_row = 0
        if not refused.temporary:
            run.held.append((row, refused))
            self._postpone(row, now + _LONGEST_DELAY, refused)
        elif now - from_text(self._sending["started_at"]) > GIVE_UP_AFTER:
            self._settle(row, "refused", str(refused))
            self._note_bounce(row, "soft")
        else:
            delay = min(_FIRST_DELAY * 5 ** min(row["attempts"] - 1, 5), _LONGEST_DELAY)
            self._postpone(row, now + delay, refused)

    def _settle_held(self, run: Run) -> None:
        for row, refused in run.held:
            self._settle(row, "refused", str(refused))
            if refused.no_such_mailbox:
                self._note_bounce(row, "hard")
        run.held.clear()

    def _note_bounce(self, row: Row, kind: str) -> None:
        now = self._clock()
        with self._store.transaction() as books:
            reader = books.find_reader(id=row["reader"])
            if reader:
                Readers(books, livemode=reader["livemode"], now=now, new_id=self._new_id).suppress(
                    reader["email"], kind, italian_day(now)
                )

    def _settle(self, row: Row, state: str, error: str | None = None) -> None:
        with self._store.transaction() as books:
            books.settle_delivery(
                id=row["id"],
                state=state,
                now=to_text(self._clock()),
                error=error and error[:200],
            )

    def _postpone(self, row: Row, until: datetime, refused: MailRefused) -> None:
        with self._store.transaction() as books:
            books.postpone_delivery(id=row["id"], due_at=to_text(until), error=str(refused)[:200])

    def _next_due(self) -> datetime | None:
        with self._store.transaction() as books:
            row = books.next_delivery(sending=self._sending["id"])
        return from_text(row["due_at"]) if row["due_at"] else None

    def _tally(self) -> Tally:
        with self._store.transaction() as books:
            return count(books, self._sending["id"])

    def _wait_until(self, moment: datetime) -> bool:
        seconds = (moment - self._clock()).total_seconds()
        return self._pause(max(0.0, seconds))

    def _end(self, end: End, run: Run, next_at: datetime | None = None) -> Delivered:
        # What was refused and not followed by anything accepted may be about us: it waits.
        for row, refused in run.held:
            self._postpone(row, self._clock(), refused)
        with self._store.transaction() as books:
            books.finish_sending(id=self._sending["id"], now=to_text(self._clock()))
            tally = count(books, self._sending["id"])
        return Delivered(end, tally, run.last_refusal, next_at)
