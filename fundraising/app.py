"""The routes: what a browser, Stripe or the site may ask, and what they are told.

No request keeps anything in the process. Whatever goes wrong, a donor is first
told what has happened to their money, and nobody ever sees a traceback.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
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
from fundraising.store import StoreUnavailable

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from fundraising.bootstrap import Fundraising
    from fundraising.routes import Routes

log = logging.getLogger("fundraising")

# Pages of Stripe's that forms of a donor's own pages lead to.
STRIPE_PORTAL = "https://billing.stripe.com"
STRIPE_INVOICES = "https://invoice.stripe.com"
_LARGEST_FORM_BYTES = 16 * 1024
_URL = Map(
    [
        Rule("/api/donate", endpoint="gift.show_form", methods=["GET"]),
        Rule("/api/donate", endpoint="gift.donate", methods=["POST"]),
        Rule("/api/thanks", endpoint="gift.thanks", methods=["GET"]),
        Rule("/api/promise/<intent_id>", endpoint="gift.promise", methods=["GET"]),
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
        Rule("/api/newsletter", endpoint="newsletter.show", methods=["GET"]),
        Rule("/api/newsletter", endpoint="newsletter.ask", methods=["POST"]),
        Rule("/api/newsletter/confirm", endpoint="newsletter.door", methods=["GET"]),
        Rule("/api/newsletter/confirm", endpoint="newsletter.confirm", methods=["POST"]),
        Rule("/api/newsletter/refuse", endpoint="newsletter.refusing", methods=["GET"]),
        Rule("/api/newsletter/refuse", endpoint="newsletter.refuse", methods=["POST"]),
        Rule("/api/newsletter/leave/<token>", endpoint="newsletter.leaving", methods=["GET"]),
        Rule("/api/newsletter/leave/<token>", endpoint="newsletter.leave", methods=["POST"]),
        Rule("/api/newsletter/return/<token>", endpoint="newsletter.come_back", methods=["POST"]),
        Rule("/api/newsletter/preferences", endpoint="newsletter.lost", methods=["GET"]),
        Rule("/api/newsletter/preferences", endpoint="newsletter.send_links", methods=["POST"]),
        Rule("/api/newsletter/preferences/<token>", endpoint="newsletter.choices", methods=["GET"]),
        Rule("/api/newsletter/preferences/<token>", endpoint="newsletter.choose", methods=["POST"]),
        Rule(webhook.PATH, endpoint="webhook", methods=["POST"]),
        Rule("/api/totals.json", endpoint="totals", methods=["GET"]),
        Rule("/api/totals.schema.json", endpoint="totals_schema", methods=["GET"]),
        Rule("/api/healthz", endpoint="healthz", methods=["GET"]),
        Rule("/api/mailbox", endpoint="mailbox.show", methods=["GET"]),
        Rule("/api/mailbox/<name>", endpoint="mailbox.letter", methods=["GET"]),
        Rule("/api/mailbox/<name>/html", endpoint="mailbox.html", methods=["GET"]),
        Rule("/api/mailbox/<name>/<int:position>", endpoint="mailbox.attachment", methods=["GET"]),
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
            if owner in ("plan", "area"):
                response.headers["Content-Security-Policy"] = self._donor_csp
            if endpoint == "gift.donate":
                # Who comes back from paying finds this page again: what is never stored is lost,
                # and an address to load it from would carry who gives.
                response.headers["Cache-Control"] = "private, no-cache"
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

    def _routes(self, owner: str) -> Routes:
        """Make what answers for a group of addresses; most are seldom asked for."""
        routes: type[Routes]
        match owner:
            case "gift":
                from fundraising.gift_routes import GiftRoutes as routes
            case "plan":
                from fundraising.plan_routes import PlanRoutes as routes
            case "area":
                from fundraising.area_routes import AreaRoutes as routes
            case "newsletter":
                from fundraising.newsletter_routes import NewsletterRoutes as routes
            case _:
                from fundraising.mailbox_routes import MailboxRoutes as routes
        return routes(self._parts, self._page, _read_form_body)

    @cached_property
    def _donor_csp(self) -> str:
        more = () if self._settings.is_embedded else (STRIPE_PORTAL, STRIPE_INVOICES)
        settings = self._settings
        return _content_security_policy(settings.site_url, settings.checkout_origin, *more)

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

        settings = self._settings
        text = render(
            name,
            is_test=not self._livemode,
            mailbox=settings.has_mailbox,
            site_url=settings.site_url,
            **values,
        )
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


def _plain(text: str, status: int) -> Response:
    return Response(text, status, mimetype="text/plain")


def _public_json(text: str) -> Response:
    response = Response(text, mimetype="application/json")
    # Anybody may show these numbers anywhere; they change when a gift arrives.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=30"
    return response
