"""The routes: what a browser, Stripe or the site may ask, and what they are told.

No request keeps anything in the process. Whatever goes wrong, a donor is first
told what has happened to their money, and nobody ever sees a traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from fundraising import totals, webhook
from fundraising.checkout import start_checkout
from fundraising.checkout_start import SHORT_LIFE
from fundraising.clock import italian_day
from fundraising.consents import LATEST, WORDINGS
from fundraising.defences import Verdict, Visit
from fundraising.donation import Frequency
from fundraising.form import FIELDS, FormErrors, GiftRequest, one_value, read_form
from fundraising.form_token import FIELD, TRAP, FormToken, intent_ids, read_token, write_token
from fundraising.gateway import StripeRefused, StripeUnreachable, UnknownObject
from fundraising.money import AmountRefused, parse_amount
from fundraising.store import StoreUnavailable
from fundraising.visitor import comes_from_elsewhere, visitor_network

if TYPE_CHECKING:
    from datetime import datetime
    from wsgiref.types import StartResponse, WSGIEnvironment

    from fundraising.area_routes import AreaRoutes
    from fundraising.bootstrap import Fundraising
    from fundraising.campaigns import Campaign
    from fundraising.plan_routes import PlanRoutes

log = logging.getLogger("fundraising")

# What the page that asks for a yes answers anew.
_ANSWERED = frozenset({"amount", "chosen_amount", "confirmed"})
# Pages of Stripe's that forms of a donor's own pages lead to.
STRIPE_PORTAL = "https://billing.stripe.com"
STRIPE_INVOICES = "https://invoice.stripe.com"
_LARGEST_FORM_BYTES = 16 * 1024
_LONGEST_SESSION_ID = 255
_URL = Map(
    [
        Rule("/api/donate", endpoint="show_form", methods=["GET"]),
        Rule("/api/donate", endpoint="donate", methods=["POST"]),
        Rule("/api/thanks", endpoint="thanks", methods=["GET"]),
        Rule("/api/promise/<intent_id>", endpoint="promise", methods=["GET"]),
        Rule("/api/plan/<token>", endpoint="plan.show", methods=["GET"]),
        Rule("/api/plan/<token>/stop", endpoint="plan.stop", methods=["POST"]),
        Rule("/api/plan/<token>/card", endpoint="plan.card", methods=["POST"]),
        Rule("/api/plan/<token>/confirm", endpoint="plan.confirm", methods=["POST"]),
        Rule("/api/plan/<token>/amount", endpoint="plan.amount", methods=["POST"]),
        Rule("/api/area", endpoint="area.show", methods=["GET"]),
        Rule("/api/area", endpoint="area.ask", methods=["POST"]),
        Rule("/api/area/enter", endpoint="area.door", methods=["GET"]),
        Rule("/api/area/enter", endpoint="area.enter", methods=["POST"]),
        Rule("/api/area/leave", endpoint="area.leave", methods=["POST"]),
        Rule("/api/area/plan", endpoint="area.open_plan", methods=["POST"]),
        Rule("/api/area/consents", endpoint="area.consents", methods=["POST"]),
        Rule("/api/area/receipts/<receipt_id>", endpoint="area.receipt", methods=["GET"]),
        Rule("/api/area/data", endpoint="area.data", methods=["GET"]),
        Rule("/api/area/erase", endpoint="area.erase", methods=["POST"]),
        Rule(webhook.PATH, endpoint="webhook", methods=["POST"]),
        Rule("/api/totals.json", endpoint="totals", methods=["GET"]),
        Rule("/api/totals.schema.json", endpoint="totals_schema", methods=["GET"]),
        Rule("/api/healthz", endpoint="healthz", methods=["GET"]),
        Rule("/api/mailbox", endpoint="mailbox", methods=["GET"]),
        Rule("/api/mailbox/<name>", endpoint="letter", methods=["GET"]),
        Rule("/api/mailbox/<name>/html", endpoint="letter_html", methods=["GET"]),
        Rule("/api/mailbox/<name>/<int:position>", endpoint="attachment", methods=["GET"]),
    ],
    strict_slashes=False,
    # An address with doubled slashes is a wrong address, not one to be redirected.
    merge_slashes=False,
)


class App:
    """The WSGI application."""

    def __init__(self, fundraising: Fundraising) -> None:
        self._parts = fundraising
        self._settings = fundraising.settings
        self._livemode = fundraising.gateway.livemode
        self._csp = _content_security_policy(
            self._settings.site_url, self._settings.checkout_origin
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = self.respond(Request(environ))
        return response(environ, start_response)

    def respond(self, request: Request) -> Response:
        """Answer a request, whatever happens."""
        try:
            endpoint, arguments = _URL.bind_to_environ(request.environ).match()
            owner, _, name = endpoint.rpartition(".")
            answer = getattr(self._routes(owner), name) if owner else getattr(self, f"_{name}")
            response: Response = answer(request, **arguments)
            if owner:
                response.headers["Content-Security-Policy"] = self._donor_csp
        except HTTPException as error:
            response = self._refuse(error)
        except StoreUnavailable as error:
            log.error("the database is not there: %s", error)
            response = self._page("unavailable.html", 503)
            response.headers["Retry-After"] = "60"
        except Exception:
            log.exception("%s %s broke off", request.method, request.path)
            response = self._page("broken.html", 500)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", self._csp)
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Content-Type-Options"] = "nosniff"
        # Addresses of these pages carry session ids: they go nowhere else.
        headers["Referrer-Policy"] = "no-referrer"
        return response

    def _routes(self, owner: str) -> PlanRoutes | AreaRoutes:
        """Make what answers for a donor's own pages; few requests need it."""
        if owner == "plan":
            from fundraising.plan_routes import PlanRoutes

            return PlanRoutes(self._parts, self._page, _read_form_body)
        from fundraising.area_routes import AreaRoutes

        return AreaRoutes(self._parts, self._page, _read_form_body)

    @cached_property
    def _donor_csp(self) -> str:
        more = () if self._settings.is_embedded else (STRIPE_PORTAL, STRIPE_INVOICES)
        settings = self._settings
        return _content_security_policy(settings.site_url, settings.checkout_origin, *more)

    def _show_form(self, request: Request) -> Response:
        typed = {name: [request.args[name]] for name in FIELDS if name in request.args}
        asked_for = one_value(typed, "campaign")
        campaign = self._parts.campaigns.read().campaigns.get(asked_for)
        if campaign is None:
            return self._form(None, typed, status=404 if asked_for else 200)
        if not campaign.takes_gifts(livemode=self._livemode):
            return self._page("closed.html", 404, campaign=campaign)
        return self._form(campaign, typed, cancelled=bool(request.args.get("cancelled")))

    def _donate(self, request: Request) -> Response:
        typed = _read_form_body(request)
        campaigns = self._parts.campaigns.read()
        asked = read_form(
            typed, campaigns, livemode=self._livemode, today=italian_day(self._parts.clock())
        )
        if isinstance(asked, FormErrors):
            campaign = campaigns.campaigns.get(one_value(typed, "campaign"))
            if "campaign" in asked.messages:
                campaign = None
            return self._form(campaign, typed, errors=asked, status=422)
        if one_value(typed, "change"):
            return self._form(asked.campaign, typed)
        by_transfer = one_value(typed, "way") == "transfer"
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
        if by_transfer and asked.campaign.recipient.iban:
            return self._promise_transfer(asked, typed, token, now)
        try:
            url = start_checkout(
                self._parts.store,
                self._parts.gateway,
                asked,
                site_url=self._settings.site_url,
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
        return Response(status=303, headers={"Location": url})

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
            livemode=self._livemode,
            now=now,
            new_id=self._parts.new_id,
            ids=intent_ids(self._parts.form_secret, typed, token, now=now),
        )
        self._parts.wake.set()
        return Response(status=303, headers={"Location": f"/api/promise/{intent_id}"})

    def _promise(self, request: Request, intent_id: str) -> Response:
        from fundraising.offline import find_promise

        with self._parts.store.transaction() as books:
            promise = find_promise(books, intent_id, livemode=self._livemode)
        if promise is None:
            raise NotFound()
        campaigns = self._parts.campaigns.read()
        return self._page(
            "promise.html",
            promise=promise,
            recipient=campaigns.recipients.get(promise.recipient),
            campaign=campaigns.campaigns.get(promise.campaign),
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
                trusted_proxies=self._settings.trusted_proxies,
            ),
            email=email,
            token=token,
            from_elsewhere=comes_from_elsewhere(
                origin=headers.get("Origin", ""),
                referer=headers.get("Referer", ""),
                fetch_site=headers.get("Sec-Fetch-Site", ""),
                own_hosts=frozenset({request.host, urlsplit(self._settings.site_url).netloc}),
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

    def _thanks(self, request: Request) -> Response:
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
            mailbox=self._has_mailbox,
        )

    def _webhook(self, request: Request) -> Response:
        request.max_content_length = webhook.LARGEST_BODY_BYTES
        payload = request.get_data(cache=False)
        doorbell = webhook.Doorbell(self._parts.store, self._parts.gateway, self._parts.clock)
        status, text = doorbell.take(payload, request.headers.get("Stripe-Signature"))
        if status == webhook.KEPT:
            self._parts.wake.set()
        return _plain(text, int(status[:3]))

    def _totals(self, request: Request) -> Response:
        found = totals.read_totals(
            self._parts.store, livemode=self._livemode, now=self._parts.clock()
        )
        return _public_json(totals.as_json(found))

    def _totals_schema(self, request: Request) -> Response:
        return _public_json(totals.SCHEMA.read_text(encoding="utf-8"))

    def _healthz(self, request: Request) -> Response:
        try:
            with self._parts.store.transaction() as books:
                books.count_notifications()
        except StoreUnavailable:
            return _plain("the database is not there\n", 503)
        return _plain("ok\n", 200)

    def _mailbox(self, request: Request) -> Response:
        from fundraising.mailer import list_letters

        return self._page("mailbox.html", letters=list_letters(self._letters_folder()))

    def _letter(self, request: Request, name: str) -> Response:
        return self._page("letter.html", letter=self._read_letter(name))

    def _letter_html(self, request: Request, name: str) -> Response:
        response = Response(self._read_letter(name).html, mimetype="text/html")
        # A letter brings its own styles, as mail must; it may do nothing else.
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        )
        return response

    def _attachment(self, request: Request, name: str, position: int) -> Response:
        attachments = self._read_letter(name).attachments
        if not 1 <= position <= len(attachments):
            raise NotFound()
        attachment = attachments[position - 1]
        response = Response(attachment.content, mimetype=attachment.media_type)
        response.headers.set("Content-Disposition", "inline", filename=attachment.filename)
        return response

    @property
    def _has_mailbox(self) -> bool:
        return self._settings.is_embedded and self._settings.letters_folder is not None

    def _letters_folder(self) -> Any:
        if not self._has_mailbox:
            raise NotFound()
        return self._settings.letters_folder

    def _read_letter(self, name: str) -> Any:
        from fundraising.mailer import read_letter

        try:
            return read_letter(self._letters_folder(), name)
        except FileNotFoundError:
            raise NotFound() from None

    def _form(
        self,
        campaign: Campaign | None,
        typed: dict[str, list[str]],
        *,
        errors: FormErrors | None = None,
        cancelled: bool = False,
        not_started: str | None = None,
        status: int = 200,
    ) -> Response:
        """Show the form for a campaign, or for one still to be chosen."""
        choice = (
            []
            if campaign
            else self._parts.campaigns.read().that_take_gifts(livemode=self._livemode)
        )
        frequencies = campaign.frequencies if campaign else tuple(Frequency)
        values = {name: one_value(typed, name) for name in FIELDS}
        if values["frequency"] not in frequencies:
            values["frequency"] = frequencies[0]
        consents = WORDINGS[LATEST]
        return self._page(
            "donate.html",
            status,
            consents=consents,
            wording=LATEST,
            amount_cents=_plain_amount(values["amount"]),
            campaign=campaign,
            choice=choice,
            frequencies=frequencies,
            values=values,
            errors=errors or FormErrors({}),
            cancelled=cancelled,
            not_started=not_started,
            form_token=self._token_of_page(typed),
        )

    def _confirm(self, asked: GiftRequest, typed: dict[str, list[str]]) -> Response:
        """Show what will be charged, in figures and in words, and ask for a yes."""
        kept = {name: values for name, values in typed.items() if name not in _ANSWERED}
        kept[FIELD] = [self._token_of_page(typed)]
        return self._page("confirm.html", asked=asked, kept=kept)

    def _refuse(self, error: HTTPException) -> Response:
        known = {
            NotFound: "not_found.html",
            MethodNotAllowed: "not_allowed.html",
            RequestEntityTooLarge: "too_large.html",
        }
        response = self._page(known.get(type(error), "malformed.html"), error.code or 400)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    def _page(self, name: str, status: int = 200, **values: Any) -> Response:
        from fundraising.pages import render

        text = render(name, is_test=not self._livemode, site_url=self._settings.site_url, **values)
        return Response(text, status, mimetype="text/html")


def _read_form_body(request: Request) -> dict[str, list[str]]:
    """Read a posted form; bytes that are not UTF-8 are refused, not repaired."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType()
    request.max_content_length = _LARGEST_FORM_BYTES
    body = request.get_data(cache=False)
    try:
        return parse_qs(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=100
        )
    except ValueError:
        raise BadRequest() from None


def _plain_amount(text: str) -> int | None:
    """Read an amount that leaves no doubt, so that the page can repeat it in words."""
    try:
        return parse_amount(text)
    except AmountRefused:
        return None


def _content_security_policy(site_url: str, checkout_origin: str | None, *more: str) -> str:
    """Allow this site's stylesheet and nothing else; forms lead here and to the checkout."""
    # Browsers check where a form's answer redirects to, so the checkout has to be named.
    targets = {"'self'", _origin(site_url), *more} | (
        {_origin(checkout_origin)} if checkout_origin else set()
    )
    return (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        f"form-action {' '.join(sorted(targets))}; base-uri 'none'; frame-ancestors 'none'"
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_session_id(text: str) -> bool:
    return (
        text.startswith("cs_")
        and len(text) <= _LONGEST_SESSION_ID
        and text.isascii()
        and text.replace("_", "").isalnum()
    )


def _plain(text: str, status: int) -> Response:
    return Response(text, status, mimetype="text/plain")


def _public_json(text: str) -> Response:
    response = Response(text, mimetype="application/json")
    # Anybody may show these numbers anywhere; they change when a gift arrives.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=30"
    return response
