"""The pages of the rehearsal, for browsers: mounted under one path of the site.

Plain forms and no script. State changes by POST only, and only from a page of
the same origin.
"""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from fundraising.sandbox import portal, portal_page, wording
from fundraising.sandbox.checkout import expire_overdue, return_address
from fundraising.sandbox.checkout_page import CheckoutView, press
from fundraising.sandbox.control_room import look
from fundraising.sandbox.errors import Refusal

if TYPE_CHECKING:
    from fundraising.sandbox.sandbox import Sandbox

HERE = Path(__file__).parent
AMOUNT_NOT_READ = "l'importo si scrive così: 12,50"
OUTDATED = "nel frattempo lo stato è cambiato. Guarda qui sotto che cosa si può fare ora"

ADDRESSES = Map(
    [
        Rule("/", methods=["GET"], endpoint="control_room"),
        Rule("/sandbox.css", methods=["GET"], endpoint="stylesheet"),
        Rule("/paga/<session_id>", methods=["GET"], endpoint="checkout"),
        Rule("/paga/<session_id>", methods=["POST"], endpoint="pay"),
        Rule("/pagamenti/<payment_id>/<action>", methods=["POST"], endpoint="payment"),
        Rule("/contestazioni/<dispute_id>/<action>", methods=["POST"], endpoint="dispute"),
        Rule("/sessioni/<session_id>/scaduta", methods=["POST"], endpoint="expire"),
        Rule("/sostegni/<subscription_id>/<action>", methods=["POST"], endpoint="subscription"),
        Rule("/portale/<session_id>", methods=["GET"], endpoint="portal"),
        Rule("/portale/<session_id>", methods=["POST"], endpoint="use_portal"),
        Rule("/fattura/<invoice_id>", methods=["GET"], endpoint="invoice"),
        Rule("/fattura/<invoice_id>", methods=["POST"], endpoint="confirm_invoice"),
        Rule("/guasti", methods=["POST"], endpoint="faults"),
        Rule("/notifiche", methods=["POST"], endpoint="deliver"),
        Rule("/versamenti", methods=["POST"], endpoint="pay_out"),
    ]
)


class Pages:
    """A WSGI application with the checkout page and the control room."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        public = urlsplit(sandbox.account.public_url)
        self._root = public.path
        self._public_host = public.netloc

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            if request.method == "POST":
                self._refuse_strangers(request)
            endpoint, arguments = ADDRESSES.bind_to_environ(environ).match()
            with self._sandbox.account.store.change():
                expire_overdue(self._sandbox.account)
            response: Response = getattr(self, f"_{endpoint}")(request, **arguments)
        except HTTPException as error:
            response = self._page("problem.html", error.code or 500, code=error.code)
        except Refusal as refusal:
            status = 404 if refusal.status == 404 else 409
            response = self._show_room(status, problem=OUTDATED, detail=refusal.message)
        _protect(response)
        return response(environ, start_response)

    def _control_room(self, request: Request) -> Response:
        return self._show_room(200)

    def _stylesheet(self, request: Request) -> Response:
        css = (HERE / "templates" / "sandbox.css").read_bytes()
        return Response(css, content_type="text/css; charset=utf-8")

    def _checkout(self, request: Request, session_id: str) -> Response:
        return self._show_checkout(CheckoutView(self._session(session_id)))

    def _pay(self, request: Request, session_id: str) -> Response:
        button, email = request.form.get("modo", ""), request.form.get("email", "")
        # In one turn, so that of two impatient clicks the second finds it paid.
        with self._sandbox.account.store.change():
            session = self._session(session_id)
            view = press(self._sandbox, session, button, email)
        if view is None:
            return redirect(return_address(session), 303)
        return self._show_checkout(view, 409 if view.status == "expired" else 422)

    def _payment(self, request: Request, payment_id: str, action: str) -> Response:
        sandbox = self._sandbox
        if action == "rimborsa":
            typed = request.form.get("importo", "").strip()
            amount_cents = wording.cents(typed) if typed else None
            if typed and not amount_cents:
                return self._show_room(422, problem=AMOUNT_NOT_READ)
            sandbox.refund(payment_id, amount_cents)
        else:
            actions = {
                "accredita": sandbox.settle,
                "respingi": sandbox.fail,
                "contesta": sandbox.dispute,
                "commissione": sandbox.book_late_fee,
            }
            _choose(actions, action)(payment_id)
        return self._back("pagamenti")

    def _dispute(self, request: Request, dispute_id: str, action: str) -> Response:
        won = _choose({"vinta": True, "persa": False}, action)
        self._sandbox.close_dispute(dispute_id, won=won)
        return self._back("pagamenti")

    def _expire(self, request: Request, session_id: str) -> Response:
        self._sandbox.expire(session_id)
        return self._back("sessioni")

    def _subscription(self, request: Request, subscription_id: str, action: str) -> Response:
        sandbox = self._sandbox
        if action == "annulla":
            sandbox.cancel_subscription(subscription_id)
        else:
            actions = {
                "rinnova": sandbox.renew,
                "rifiuta": lambda key: sandbox.renew(key, accepted=False),
                "conferma": sandbox.renew_to_confirm,
                "rinuncia": sandbox.give_up,
            }
            _choose(actions, action)(subscription_id)
        return self._back("sostegni")

    def _portal(self, request: Request, session_id: str) -> Response:
        session = self._kept("billing_portal.session", session_id)
        view = portal_page.view(self._sandbox, session)
        return self._page("portal.html", 200, view=view)

    def _use_portal(self, request: Request, session_id: str) -> Response:
        button = request.form.get("modo", "")
        _choose(dict.fromkeys(("carta", "carta-rifiutata", "ferma")), button)
        with self._sandbox.account.store.change():
            session = self._kept("billing_portal.session", session_id)
            portal_page.press(self._sandbox, session, button, request.form.get("sostegno", ""))
        back = portal.way_back(session)
        return redirect(back or f"{self._root}/portale/{session_id}", 303)

    def _invoice(self, request: Request, invoice_id: str) -> Response:
        invoice = self._kept("invoice", invoice_id)
        return self._page(
            "invoice.html",
            200,
            amount=wording.euros(invoice["total"]),
            waits=invoice["status"] == "open",
            invoice_id=invoice_id,
        )

    def _confirm_invoice(self, request: Request, invoice_id: str) -> Response:
        self._kept("invoice", invoice_id)
        self._sandbox.confirm_invoice(invoice_id)
        return redirect(f"{self._root}/fattura/{invoice_id}", 303)

    def _faults(self, request: Request) -> Response:
        faults = self._sandbox.faults
        actions = {
            "doppie": faults.duplicate,
            "perse": faults.drop,
            "ritardo": faults.delay,
            "disordine": faults.reorder,
            "fuori-servizio": faults.api_unavailable,
            "risposta-persa": lambda: faults.api_unavailable(how="answer_lost"),
            "commissioni": faults.late_fees,
            "nessuno": faults.clear,
        }
        _choose(actions, request.form.get("guasto", ""))()
        return self._back("guasti")

    def _deliver(self, request: Request) -> Response:
        self._sandbox.deliver_pending()
        return self._back("notifiche")

    def _pay_out(self, request: Request) -> Response:
        self._sandbox.pay_out()
        return self._back("versamenti")

    def _session(self, session_id: str) -> dict[str, Any]:
        return self._kept("checkout.session", session_id)

    def _kept(self, kind: str, object_id: str) -> dict[str, Any]:
        body = self._sandbox.account.store.find(object_id)
        if body is None or body["object"] != kind:
            raise NotFound
        return body

    def _show_checkout(self, view: CheckoutView, status: int = 200) -> Response:
        response = self._page("checkout.html", status, view=view)
        response.headers["Content-Security-Policy"] = _policy(_origin(view.after))
        return response

    def _show_room(
        self, status: int, problem: str | None = None, detail: str | None = None
    ) -> Response:
        return self._page(
            "control_room.html",
            status,
            room=look(self._sandbox),
            armed=self._sandbox.faults.armed,
            problem=problem,
            detail=detail,
        )

    def _back(self, section: str) -> Response:
        return redirect(f"{self._root}/#{section}", 303)

    def _page(self, template: str, status: int, **values: Any) -> Response:
        html = self._templates.get_template(template).render(root=self._root, **values)
        return Response(html, status, content_type="text/html; charset=utf-8")

    @cached_property
    def _templates(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def _refuse_strangers(self, request: Request) -> None:
        """Refuse a form that another site sent, see OWASP on Origin and Fetch Metadata."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise Forbidden
        origin = request.headers.get("Origin")
        if origin is not None and _host(origin) not in (self._public_host, request.host):
            raise Forbidden


def _protect(response: Response) -> None:
    response.headers.setdefault("Content-Security-Policy", _policy())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"


def _policy(after: str = "") -> str:
    """Return the content policy; forms may also lead to the origin *after*.

    Browsers apply form-action to the redirect that answers a form, too.
    """
    targets = f"'self' {after}".strip()
    return (
        f"default-src 'none'; style-src 'self'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _choose(actions: dict[str, Any], name: str) -> Any:
    if name not in actions:
        raise NotFound
    return actions[name]


def _host(origin: str) -> str | None:
    """Return whose page an origin is; None for one that is no address."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
