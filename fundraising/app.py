"""The routes: what a browser, Stripe or the site may ask, and what they are told.

No request keeps anything in the process. Whatever goes wrong, a donor is first
told what has happened to their money, and nobody ever sees a traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
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
from fundraising.donation import Frequency
from fundraising.form import FIELDS, FormErrors, one_value, read_form
from fundraising.gateway import BadNotification, StripeRefused, StripeUnreachable, UnknownObject
from fundraising.store import StoreUnavailable

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from fundraising.bootstrap import Fundraising
    from fundraising.campaigns import Campaign

log = logging.getLogger("fundraising")

_LARGEST_FORM_BYTES = 16 * 1024
_LONGEST_SESSION_ID = 255
_URL = Map(
    [
        Rule("/api/donate", endpoint="show_form", methods=["GET"]),
        Rule("/api/donate", endpoint="donate", methods=["POST"]),
        Rule("/api/thanks", endpoint="thanks", methods=["GET"]),
        Rule("/api/stripe/webhook", endpoint="webhook", methods=["POST"]),
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
            response: Response = getattr(self, f"_{endpoint}")(request, **arguments)
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
        asked = read_form(typed, campaigns, livemode=self._livemode)
        if isinstance(asked, FormErrors):
            campaign = campaigns.campaigns.get(one_value(typed, "campaign"))
            if "campaign" in asked.messages:
                campaign = None
            return self._form(campaign, typed, errors=asked, status=422)
        try:
            url = start_checkout(
                self._parts.store,
                self._parts.gateway,
                asked,
                site_url=self._settings.site_url,
                now=self._parts.clock(),
                new_id=self._parts.new_id,
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
        try:
            webhook.receive(
                self._parts.store,
                self._parts.gateway,
                payload,
                request.headers.get("Stripe-Signature"),
                now=self._parts.clock(),
            )
        except BadNotification as error:
            log.warning("a notification was turned away: %s", error)
            return _plain("notification refused\n", 400)
        except StoreUnavailable as error:
            log.error("a notification could not be kept: %s", error)
            return _plain("not kept, please send it again\n", 503)
        self._parts.wake.set()
        return _plain("kept\n", 200)

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
        return self._page(
            "donate.html",
            status,
            campaign=campaign,
            choice=choice,
            frequencies=frequencies,
            values=values,
            errors=errors or FormErrors({}),
            cancelled=cancelled,
            not_started=not_started,
        )

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


def _content_security_policy(site_url: str, checkout_origin: str | None) -> str:
    """Allow this site's stylesheet and nothing else; forms lead here and to the checkout."""
    # Browsers check where a form's answer redirects to, so the checkout has to be named.
    targets = {"'self'", _origin(site_url)} | (
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
