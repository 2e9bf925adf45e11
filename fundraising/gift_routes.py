"""The routes of a gift: the form, the way to the checkout or to a promise, the thanks.

Whatever does not work out, the form comes back with everything that was typed and
with a first sentence that says what has happened to the money.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from fundraising.checkout import start_checkout
from fundraising.checkout_start import SHORT_LIFE
from fundraising.clock import italian_day
from fundraising.consents import LATEST, WORDINGS
from fundraising.defences import Verdict, Visit
from fundraising.donation import Frequency
from fundraising.form import FIELDS, FormErrors, GiftRequest, one_value, read_form
from fundraising.form_token import FIELD, TRAP, FormToken, intent_ids, read_token, write_token
from fundraising.gateway import StripeRefused, StripeUnreachable, UnknownObject
from fundraising.money import plain_euros
from fundraising.routes import Routes, see
from fundraising.shown_amount import show_amount
from fundraising.store import StoreUnavailable
from fundraising.visitor import comes_from_elsewhere, visitor_network

if TYPE_CHECKING:
    from datetime import datetime

    from fundraising.campaigns import Campaign
    from fundraising.thanks import GiftStatus, Outcome

log = logging.getLogger("fundraising")

# What the page that asks for a yes answers anew.
_ANSWERED = frozenset({"amount", "chosen_amount", "confirmed"})
# What a link may fill in: a consent or a fee to cover is for the donor alone to tick.
_IN_LINKS = ("campaign", "amount", "frequency")
_LONGEST_SESSION_ID = 255
# PostgreSQL takes no NUL in a text: what cannot be an id is not looked for.
_INTENT_ID = re.compile(r"[0-9a-f]{32}")


class GiftRoutes(Routes):
    """Answers for the endpoints that begin with «gift.»."""

    def show_form(self, request: Request) -> Response:
        """Show the form of a campaign, or of one still to be chosen.

        Whoever comes back from Checkout may have paid in another tab: then this is no
        place to pay once more.
        """
        typed = {name: [request.args[name]] for name in _IN_LINKS if name in request.args}
        cancelled = None
        if came_from := request.args.get("cancelled"):
            from fundraising.thanks import Outcome, look_at_intent

            parts, found = self._parts, None
            if _INTENT_ID.fullmatch(came_from):
                found = look_at_intent(parts.store, parts.gateway, parts.reducer, came_from)
            cancelled = found[1].outcome if found else Outcome.NOT_KNOWN
            if found and cancelled not in {Outcome.NOT_PAID, Outcome.NOT_KNOWN}:
                return see(f"/api/thanks?{urlencode({'session_id': found[0]})}")
            if found:
                typed = _same_gift(found[1]) | typed
        asked_for = one_value(typed, "campaign")
        campaign = self._parts.campaigns.read().campaigns.get(asked_for)
        if campaign is None:
            return self._form(None, typed, status=404 if asked_for else 200)
        if not campaign.takes_gifts(livemode=self._parts.gateway.livemode):
            return self._page("closed.html", 404, campaign=campaign)
        return self._form(campaign, typed, cancelled=cancelled)

    def donate(self, request: Request) -> Response:
        """Take a filled-in form: to the checkout, to a promise, or back with what is missing."""
        typed = self._read(request)
        campaigns = self._parts.campaigns.read()
        asked = read_form(
            typed,
            campaigns,
            livemode=self._parts.gateway.livemode,
            today=italian_day(self._parts.clock()),
        )
        if isinstance(asked, FormErrors):
            campaign = campaigns.campaigns.get(one_value(typed, "campaign"))
            if "campaign" in asked.messages:
                campaign = None
            return self._form(campaign, typed, errors=asked, status=422)
        if one_value(typed, "change"):
            return self._form(asked.campaign, typed)
        # Without an IBAN it is a gift by card, and a large one wants its yes.
        by_transfer = bool(one_value(typed, "way") == "transfer" and asked.campaign.recipient.iban)
        if (
            asked.must_be_confirmed
            and not by_transfer
            and one_value(typed, "confirmed") != str(asked.total_cents)
        ):
            return self._confirm(asked, typed)
        now = self._parts.clock()
        token = self._read_token(typed, now)
        decision = self._parts.defences.judge(
            self._see_visitor(request, typed, asked.email, token), now=now
        )
        if decision.verdict is Verdict.ASK_AGAIN:
            return self._form(asked.campaign, typed, status=422, not_started="ask_again")
        if decision.verdict is Verdict.TOO_MANY:
            response = self._form(asked.campaign, typed, status=429, not_started="too_many")
            response.headers["Retry-After"] = "3600"
            return response
        if by_transfer:
            return self._promise_transfer(asked, typed, token, now)
        try:
            url = start_checkout(
                self._parts.store,
                self._parts.gateway,
                asked,
                site_url=self._parts.settings.site_url,
                now=now,
                new_id=self._parts.new_id,
                ids=intent_ids(self._parts.form_secret, typed, token, now=now),
                lives=SHORT_LIFE if decision.shield else None,
            )
        except StripeUnreachable as error:
            log.error("Stripe does not answer: %s", error)
            return self._form(asked.campaign, typed, status=503, not_started="unreachable")
        except StripeRefused as error:
            log.error("Stripe refuses to open a checkout: %s", error)
            return self._form(asked.campaign, typed, status=502, not_started="refused")
        except StoreUnavailable as error:
            log.error("the database is not there: %s", error)
            return self._form(asked.campaign, typed, status=503, not_started="unreachable")
        return see(url)

    def _promise_transfer(
        self,
        asked: GiftRequest,
        typed: dict[str, list[str]],
        token: FormToken | None,
        now: datetime,
    ) -> Response:
        from fundraising.offline import promise_transfer

        if asked.frequency is not Frequency.ONCE:
            errors = FormErrors({"frequency": "Con il bonifico si dona una volta sola."})
            return self._form(asked.campaign, typed, errors=errors, status=422)
        intent_id = promise_transfer(
            self._parts.store,
            # A transfer costs us nothing that a donor could cover.
            replace(asked, cover_cents=0),
            livemode=self._parts.gateway.livemode,
            now=now,
            new_id=self._parts.new_id,
            ids=intent_ids(self._parts.form_secret, typed, token, now=now),
        )
        self._parts.wake.set()
        return see(f"/api/promise/{intent_id}")

    def promise(self, request: Request, intent_id: str) -> Response:
        """Show how to make a promised transfer."""
        from fundraising.offline import find_promise

        if not _INTENT_ID.fullmatch(intent_id):
            raise NotFound()
        with self._parts.store.transaction() as books:
            promise = find_promise(books, intent_id, livemode=self._parts.gateway.livemode)
        if promise is None:
            raise NotFound()
        campaigns = self._parts.campaigns.read()
        return self._page(
            "promise.html",
            promise=promise,
            recipient=campaigns.recipients.get(promise.recipient),
            campaign=campaigns.campaigns.get(promise.campaign),
        )

    def thanks(self, request: Request) -> Response:
        """Tell what became of a gift, as Stripe says now."""
        from fundraising.thanks import look_at_gift

        session_id = request.args.get("session_id", "")
        if not _is_session_id(session_id):
            raise NotFound()
        parts = self._parts
        try:
            gift = look_at_gift(parts.store, parts.gateway, parts.reducer, session_id)
        except UnknownObject:
            gift = None
        if gift is None:
            raise NotFound()
        parts.wake.set()
        campaigns = parts.campaigns.read()
        recipient = campaigns.recipients.get(gift.recipient)
        return self._page(
            "thanks.html",
            gift=gift,
            campaign=campaigns.campaigns.get(gift.campaign),
            recipient=recipient.legal_name if recipient else None,
        )

    def _see_visitor(
        self,
        request: Request,
        typed: dict[str, list[str]],
        email: str,
        token: FormToken | None,
    ) -> Visit:
        headers = request.headers
        return Visit(
            network=visitor_network(
                request.remote_addr or "",
                headers.get("X-Forwarded-For", ""),
                trusted_proxies=self._parts.settings.trusted_proxies,
            ),
            email=email,
            token=token,
            from_elsewhere=comes_from_elsewhere(
                origin=headers.get("Origin", ""),
                referer=headers.get("Referer", ""),
                fetch_site=headers.get("Sec-Fetch-Site", ""),
                own_hosts=frozenset({request.host, urlsplit(self._parts.settings.site_url).netloc}),
            ),
            trapped=bool(one_value(typed, TRAP)),
        )

    def _read_token(self, typed: dict[str, list[str]], now: datetime) -> FormToken | None:
        return read_token(self._parts.form_secret, one_value(typed, FIELD), now=now)

    def _token_of_page(self, typed: dict[str, list[str]]) -> str:
        """Keep the token a page came with, so that it stays the same page, or write one."""
        now = self._parts.clock()
        if self._read_token(typed, now):
            return one_value(typed, FIELD)
        return write_token(self._parts.form_secret, page=self._parts.new_id(), now=now)

    def _form(
        self,
        campaign: Campaign | None,
        typed: dict[str, list[str]],
        *,
        errors: FormErrors | None = None,
        cancelled: Outcome | None = None,
        not_started: str | None = None,
        status: int = 200,
    ) -> Response:
        """Show the form for a campaign, or for one still to be chosen."""
        choice = (
            []
            if campaign
            else self._parts.campaigns.read().that_take_gifts(livemode=self._parts.gateway.livemode)
        )
        frequencies = campaign.frequencies if campaign else tuple(Frequency)
        values = {name: one_value(typed, name) for name in FIELDS}
        if values["frequency"] not in frequencies:
            values["frequency"] = frequencies[0]
        errors = errors or FormErrors({})
        amount = show_amount(typed, campaign, errors)
        values["amount"] = amount.text
        consents = WORDINGS[LATEST]
        return self._page(
            "donate.html",
            status,
            consents=consents,
            wording=LATEST,
            amount=amount,
            campaign=campaign,
            choice=choice,
            frequencies=frequencies,
            values=values,
            errors=errors,
            cancelled=cancelled,
            not_started=not_started,
            form_token=self._token_of_page(typed),
        )

    def _confirm(self, asked: GiftRequest, typed: dict[str, list[str]]) -> Response:
        """Show what will be charged, in figures and in words, and ask for a yes."""
        kept = {name: values for name, values in typed.items() if name not in _ANSWERED}
        kept[FIELD] = [self._token_of_page(typed)]
        return self._page("confirm.html", asked=asked, kept=kept)


def _same_gift(gift: GiftStatus) -> dict[str, list[str]]:
    """Fill in what a gift was to be, as the form asks for it: the fee comes on top again if ticked.

    Whoever has the address may read it, so nothing of it says who gives.
    """
    return {
        "campaign": [gift.campaign],
        "amount": [plain_euros(gift.amount_cents - gift.cover_cents)],
        "frequency": [gift.frequency],
    }


def _is_session_id(text: str) -> bool:
    return (
        text.startswith("cs_")
        and len(text) <= _LONGEST_SESSION_ID
        and text.isascii()
        and text.replace("_", "").isalnum()
    )
