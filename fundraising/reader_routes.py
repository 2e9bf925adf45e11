"""The reader's routes: leaving, choosing, coming back, by the signed links of a letter.

Opening a page changes nothing, because mail programs open every link they see. Leaving
works without a page as well: mail programs send the button's form themselves (RFC 8058).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from fundraising import topics
from fundraising.access import random_token
from fundraising.asking import Asked, count_asking
from fundraising.reader_links import ReaderLink, read_key, read_link
from fundraising.reader_rows import Subscriptions, read_subscriptions
from fundraising.readers import Readers
from fundraising.routes import Routes
from fundraising.store import Transaction
from fundraising.subscriptions import Place, State
from fundraising.visitor import visitor_network

Row = dict[str, Any]


class ReaderRoutes(Routes):
    """Answers for the endpoints that a letter leads to for as long as it is kept."""

    def leaving(self, request: Request, token: str) -> Response:
        """Show the button to leave by."""
        with self._parts.store.transaction() as books:
            link, reader = self._follow(books, token)
        if link is None or reader is None:
            return self._page("newsletter_leave.html", 404, state="unknown")
        return self._leave_page("leaving", link, reader, token)

    def leave(self, request: Request, token: str) -> Response:
        """Leave, at once and as often as one likes. Mail programs come here without a cookie."""
        now = self._parts.clock()
        with self._parts.store.transaction() as books:
            link, reader = self._follow(books, token)
            if link and reader:
                self._readers(books, now).leave(reader["id"], link.topic)
        if link is None:
            return self._page("newsletter_leave.html", 404, state="unknown")
        if reader is None:
            # Signed by us, and forgotten since: nothing is sent any more, which was the wish.
            return self._page("newsletter_leave.html", state="unknown")
        return self._leave_page("left", link, reader, token)

    def come_back(self, request: Request, token: str) -> Response:
        """Begin again with a new yes: whoever pressed may only hold a forwarded letter."""
        now = self._parts.clock()
        with self._parts.store.transaction() as books:
            link, reader = self._follow(books, token)
            if link is None or reader is None:
                return self._page("newsletter_leave.html", 404, state="unknown")
            asked = self._count(books, "reader", reader["email"], request, now)
            if not asked.is_too_often:
                before = read_subscriptions(books, reader["id"])
                wanted = [link.topic] if link.topic else list(before)
                self._readers(books, now).ask(
                    reader["email"], wanted, wording=topics.LATEST, place=Place.LETTER
                )
        self._parts.wake.set()
        return self._page("newsletter.html", state="sent")

    def choices(self, request: Request, token: str) -> Response:
        """Show what somebody receives and what there is."""
        with self._parts.store.transaction() as books:
            _link, reader = self._follow(books, token)
            found = read_subscriptions(books, reader["id"]) if reader else {}
        if reader is None:
            return self._page("newsletter_leave.html", 404, state="unknown")
        return self._preferences(reader, found, token)

    def choose(self, request: Request, token: str) -> Response:
        """Keep a choice: what was left stops at once, what was joined asks for a yes by letter."""
        wanted = self._read(request).get("topic", [])
        now = self._parts.clock()
        with self._parts.store.transaction() as books:
            _link, reader = self._follow(books, token)
            if reader is None:
                return self._page("newsletter_leave.html", 404, state="unknown")
            asked = self._count(books, "reader", reader["email"], request, now)
            joined = self._readers(books, now).choose(
                reader, wanted, wording=topics.LATEST, may_ask=not asked.is_too_often
            )
            found = read_subscriptions(books, reader["id"])
        self._parts.wake.set()
        saved = "saved" if not joined else "too_often" if asked.is_too_often else "asked"
        return self._preferences(reader, found, token, saved=saved)

    def _leave_page(self, state: str, link: ReaderLink, reader: Row, token: str) -> Response:
        topic = topics.TOPICS.get(link.topic)
        return self._page(
            "newsletter_leave.html",
            state=state,
            title=topic.title if topic else "",
            address=_veil(reader["email"]),
            token=token,
        )

    def _preferences(
        self, reader: Row, found: Subscriptions, token: str, saved: str = ""
    ) -> Response:
        return self._page(
            "newsletter_preferences.html",
            address=_veil(reader["email"]),
            topics=tuple(topics.TOPICS.values()),
            active={each for each, subscription in found.items() if subscription.receives},
            pending=titles_of(found, State.PENDING),
            token=token,
            saved=saved,
        )

    def _count(
        self, books: Transaction, kind: str, email: str, request: Request, now: datetime
    ) -> Asked:
        network = visitor_network(
            request.remote_addr or "",
            request.headers.get("X-Forwarded-For", ""),
            trusted_proxies=self._parts.settings.trusted_proxies,
        )
        return count_asking(
            books,
            kind,
            email,
            network,
            secret=self._parts.form_secret,
            livemode=self._livemode,
            now=now,
        )

    def _follow(self, books: Transaction, token: str) -> tuple[ReaderLink | None, Row | None]:
        """Read a signed link, and whom it is about if we still know them."""
        link = read_link(self._key(books), token)
        return link, books.find_reader(id=link.reader) if link else None

    def _key(self, books: Transaction) -> bytes:
        return read_key(books, livemode=self._livemode, new_token=random_token)

    def _readers(self, books: Transaction, now: datetime) -> Readers:
        return Readers(books, livemode=self._livemode, now=now, new_id=self._parts.new_id)


def titles_of(found: Subscriptions, state: State) -> tuple[topics.Topic, ...]:
    """Return the topics that stand like this, in our order."""
    return topics.known(each for each, subscription in found.items() if subscription.state is state)


def _veil(email: str) -> str:
    """Show enough of an address for its owner: the letter may have been forwarded."""
    name, _, domain = email.rpartition("@")
    return f"{name[0]}…@{domain}"
