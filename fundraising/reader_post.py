"""The reader post: letters to who reads the newsletter, or would like to.

As with every letter, the queue names only whom it is about. None of these carries the
headers to leave by: they are answers, and not what somebody subscribed to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fundraising import access, topics
from fundraising.letter_facts import ReaderFacts
from fundraising.letters import Letter, write_letter
from fundraising.reader_links import ReaderAddresses, ReaderLink, read_key, write_link
from fundraising.reader_rows import read_subscriptions
from fundraising.store import Transaction
from fundraising.subscriptions import WISH_LASTS

Row = dict[str, Any]


@dataclass(frozen=True)
class ReaderCorrespondence:
    """Everything one letter is written from; *token* is the way in that it carries."""

    letter: Row
    reader: Row
    still_true: bool
    titles: tuple[str, ...] = ()
    token: str = ""


def gather(
    books: Transaction, letter: Row, *, now: datetime, new_token: access.NewToken
) -> ReaderCorrespondence:
    """Read what a letter needs, and make the way in that it carries."""
    reader = books.find_reader(id=letter["reader"])
    found = read_subscriptions(books, reader["id"])
    if letter["kind"] != "opt_in":
        key = read_key(books, livemode=reader["livemode"], new_token=new_token)
        active = tuple(each for each, subscription in found.items() if subscription.receives)
        return ReaderCorrespondence(
            letter,
            reader,
            still_true=bool(active) or letter["kind"] == "preferences",
            titles=_titles(active),
            token=write_link(key, ReaderLink(reader["id"])),
        )
    wishes = {
        each: subscription.wish
        for each, subscription in found.items()
        if subscription.wish and not subscription.wish.has_expired(now)
    }
    if not wishes:
        return ReaderCorrespondence(letter, reader, still_true=False)
    token = new_token()
    access.grant_reader(
        books,
        token,
        reader["id"],
        livemode=reader["livemode"],
        expires_at=max(wish.at for wish in wishes.values()) + WISH_LASTS,
    )
    return ReaderCorrespondence(letter, reader, True, _titles(tuple(wishes)), token)


def write(post: ReaderCorrespondence, site_url: str) -> Letter:
    """Write the letter."""
    kind = post.letter["kind"]
    if kind == "opt_in":
        url = f"{site_url}/api/newsletter/confirm?token={post.token}"
    else:
        url = ReaderAddresses(site_url, post.token).preferences
    facts = ReaderFacts(
        email=post.reader["email"],
        titles=post.titles,
        url=url,
        livemode=bool(post.reader["livemode"]),
    )
    return write_letter(kind, facts)


def _titles(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(topic.title for topic in topics.known(ids))
