"""The newsletter's routes: asking for it, saying yes, asking for the way to one's choices.

Whether an address is known only its reader learns, by letter. Opening a page changes
nothing; each page a letter leads to has one button.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from fundraising import access, topics
from fundraising.access import Purpose
from fundraising.asking import Asked
from fundraising.form import WRONG_EMAIL, FormErrors, one_value, read_email
from fundraising.form_token import FIELD, TRAP, read_token, write_token
from fundraising.reader_links import ReaderAddresses, ReaderLink, write_link
from fundraising.reader_routes import ReaderRoutes, titles_of
from fundraising.reader_rows import Subscriptions, read_subscriptions
from fundraising.store import Transaction
from fundraising.subscriptions import Place, State
from fundraising.visitor import comes_from_elsewhere

# Beyond these a page of ours has to be opened first; the site's own form carries no token.
_SOFT_BY_NETWORK = 5
_SOFT_BY_EVERYBODY = 120
_QUICKEST = timedelta(seconds=2)


class NewsletterRoutes(ReaderRoutes):
    """Answers for the endpoints that begin with «newsletter.»."""

    def show(self, request: Request) -> Response:
        """Show the form."""
        return self._form({}, "ask")

    def ask(self, request: Request) -> Response:
        """Promise a letter; the answer is the same whether or not the address is known."""
        typed = self._read(request)
        email = read_email(one_value(typed, "email"))
        wanted = topics.known(typed.get("topic", ()))
        errors = {}
        if not email:
            errors["email"] = WRONG_EMAIL
        if not wanted:
            errors["topic"] = "Scegli che cosa ricevere."
        if errors:
            return self._form(typed, "wrong", 422, errors)
        wording = one_value(typed, "wording")
        if self._is_suspicious(request, typed) or wording not in topics.WORDINGS:
            return self._form(typed, "again", 422)
        now = self._parts.clock()
        with self._parts.store.transaction() as books:
            asked = self._count(books, "reader", email, request, now)
            state = self._judge(asked, typed, now)
            if state == "sent" and not asked.is_too_often:
                self._readers(books, now).ask(
                    email, [topic.id for topic in wanted], wording=wording, place=Place.FORM
                )
        if state != "sent":
            return self._form(typed, state, 429 if state == "too_many" else 422)
        self._parts.wake.set()
        return self._page("newsletter.html", state="sent")

    def door(self, request: Request) -> Response:
        """Show the one button of the letter; opening the page uses nothing up."""
        token = request.args.get("token", "")
        with self._parts.store.transaction() as books:
            reader = self._find_by_letter(books, token)
            found = read_subscriptions(books, reader) if reader else {}
        wishes = titles_of(found, State.PENDING)
        if not wishes:
            return self._page("newsletter_confirm.html", 410, state="used")
        return self._page("newsletter_confirm.html", state="door", wishes=wishes, token=token)

    def confirm(self, request: Request) -> Response:
        """Say yes to what the page showed; saying it twice is saying it once."""
        typed = self._read(request)
        now = self._parts.clock()
        with self._parts.store.transaction() as books:
            reader = self._find_by_letter(books, one_value(typed, "token"))
            found: Subscriptions = {}
            if reader:
                found = self._readers(books, now).confirm(reader, typed.get("topic", ()))
            token = write_link(self._key(books), ReaderLink(reader)) if reader else ""
        titles = titles_of(found, State.ACTIVE)
        if not titles:
            return self._page("newsletter_confirm.html", 410, state="used")
        preferences = ReaderAddresses("", token).preferences
        return self._page(
            "newsletter_confirm.html", state="done", titles=titles, preferences=preferences
        )

    def refusing(self, request: Request) -> Response:
        """Show the button of whoever did not ask."""
        return self._page(
            "newsletter_confirm.html", state="refusing", token=request.args.get("token", "")
        )

    def refuse(self, request: Request) -> Response:
        """Forget a wish at once, and end what was confirmed already: nothing is sent any more.

        There may be nothing of the kind, and the answer is the same.
        """
        token = one_value(self._read(request), "token")
        now = self._parts.clock()
        with self._parts.store.transaction() as books:
            reader = self._find_by_letter(books, token)
            if reader:
                self._readers(books, now).refuse(reader)
        return self._page("newsletter_confirm.html", state="refused")

    def lost(self, request: Request) -> Response:
        """Ask for the address of somebody who has no letter at hand."""
        return self._page("newsletter_lost.html", state="ask")

    def send_links(self, request: Request) -> Response:
        """Promise a letter with the way to the preferences; the answer is always the same."""
        email = read_email(one_value(self._read(request), "email"))
        if not email:
            errors = FormErrors({"email": WRONG_EMAIL})
            return self._page("newsletter_lost.html", 422, state="wrong", errors=errors)
        now = self._parts.clock()
        with self._parts.store.transaction() as books:
            asked = self._count(books, "reader_links", email, request, now)
            if not asked.is_too_often:
                self._readers(books, now).send_links(email)
        self._parts.wake.set()
        return self._page("newsletter_lost.html", state="sent")

    def _form(
        self,
        typed: dict[str, list[str]],
        state: str,
        status: int = 200,
        errors: dict[str, str] | None = None,
    ) -> Response:
        now = self._parts.clock()
        token = one_value(typed, FIELD)
        if read_token(self._parts.form_secret, token, now=now) is None:
            token = write_token(self._parts.form_secret, page=self._parts.new_id(), now=now)
        response = self._page(
            "newsletter.html",
            status,
            state=state,
            values={"email": one_value(typed, "email")},
            chosen=typed.get("topic", []),
            topics=tuple(topics.TOPICS.values()),
            words=topics.WORDINGS[topics.LATEST],
            wording=topics.LATEST,
            errors=FormErrors(errors or {}),
            form_token=token,
        )
        if status == 429:
            response.headers["Retry-After"] = "3600"
        return response

    def _is_suspicious(self, request: Request, typed: dict[str, list[str]]) -> bool:
        headers = request.headers
        return bool(one_value(typed, TRAP)) or comes_from_elsewhere(
            origin=headers.get("Origin", ""),
            referer=headers.get("Referer", ""),
            fetch_site=headers.get("Sec-Fetch-Site", ""),
            own_hosts=frozenset({request.host, urlsplit(self._site_url).netloc}),
        )

    def _judge(self, asked: Asked, typed: dict[str, list[str]], now: datetime) -> str:
        """Tell whether a wish is taken, wants one step more, or comes too often from one place."""
        token = read_token(self._parts.form_secret, one_value(typed, FIELD), now=now)
        is_busy = asked.by_network > _SOFT_BY_NETWORK or asked.by_everybody > _SOFT_BY_EVERYBODY
        if is_busy and (token is None or token.age < _QUICKEST):
            return "again"
        return "too_many" if asked.comes_from_a_crowd else "sent"

    def _find_by_letter(self, books: Transaction, token: str) -> str | None:
        row = access.find(
            books, Purpose.OPT_IN, token, livemode=self._livemode, now=self._parts.clock()
        )
        return row["reader"] if row else None
