"""Sendings: an issue and the people it is for, frozen when it starts.

Who subscribes later gets the next issue; who leaves before their turn gets nothing. The
text is frozen too: whatever file is at hand afterwards, everybody gets the same letter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fundraising.newsletter_issue import Issue, parse_issue
from fundraising.store import Store, Transaction, to_text

Row = dict[str, Any]


class NobodyReads(Exception):
    """The topic has no readers: an issue to nobody is not started."""


class AnotherText(Exception):
    """This number was started with a different text."""

    def __init__(self, sending: Row) -> None:
        super().__init__(f"number {sending['number']} was started with another text")
        self.sending = sending


@dataclass(frozen=True)
class Tally:
    """How far a sending has come."""

    sent: int
    refused: int
    skipped: int
    waiting: int

    @property
    def total(self) -> int:
        """Everybody it was frozen for."""
        return self.sent + self.refused + self.skipped + self.waiting


def find_sending(books: Transaction, issue: Issue, topic: str, *, livemode: int) -> Row | None:
    """Return what was started of this issue, if anything was; raises AnotherText."""
    row: Row | None = books.find_sending(livemode=livemode, topic=topic, number=issue.number)
    if row and row["digest"] != issue.digest:
        raise AnotherText(row)
    return row


def start_sending(
    store: Store,
    issue: Issue,
    topic: str,
    *,
    livemode: int,
    now: datetime,
    new_id: Callable[[], str],
) -> Row:
    """Freeze who an issue is for, or find it as it was frozen; raises NobodyReads, AnotherText.

    Of two that start at once, one freezes and the other finds.
    """
    with store.transaction() as books:
        row: Row | None = books.start_sending(
            id=new_id(),
            livemode=livemode,
            topic=topic,
            number=issue.number,
            digest=issue.digest,
            document=issue.document,
            now=to_text(now),
        )
        if row is None:
            found = find_sending(books, issue, topic, livemode=livemode)
            assert found is not None
            return found
        readers = books.readers_of_topic(livemode=livemode, topic=topic)
        if not readers:
            raise NobodyReads(topic)
        for reader in readers:
            books.add_delivery(
                id=new_id(), sending=row["id"], reader=reader["id"], now=to_text(now)
            )
        return row


def issue_of(sending: Row) -> Issue:
    """Return the issue as it was frozen."""
    return parse_issue(sending["document"].encode())


def count(books: Transaction, sending: str) -> Tally:
    """Tell how far a sending has come."""
    people = {row["state"]: row["people"] for row in books.deliveries_by_state(sending=sending)}
    return Tally(*(people.get(state, 0) for state in ("sent", "refused", "skipped", "waiting")))
