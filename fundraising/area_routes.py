"""The area's routes: a donor's own pages, behind a letter instead of a password.

Opening a letter's link uses nothing up: entering is a button. This is the only
place with a cookie; it is the session's and goes when the session does.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Request, Response

from fundraising import area
from fundraising.access import SESSION_LASTS, Purpose, grant, hash_of, random_token
from fundraising.area import Owner
from fundraising.consents import LATEST, WORDINGS
from fundraising.consents import Purpose as Consent
from fundraising.form import WRONG_EMAIL, FormErrors, one_value, read_email
from fundraising.people import PlanStillRuns, erase_person, export_person
from fundraising.routes import Routes, see
from fundraising.visitor import comes_from_elsewhere, visitor_network

_AREA = "/api/area"


class AreaRoutes(Routes):
    """Answers for the endpoints that begin with «area.»."""

    def show(self, request: Request) -> Response:
        """Show the area to its owner, and to everybody else how to come in."""
        owner = self._owner(request)
        if owner is None:
            return self._page("area_door.html", state="ask", token="")
        with self._parts.store.transaction() as books:
            view = area.look(books, owner, livemode=self._livemode)
        return self._page(
            "area.html",
            owner=owner,
            view=view,
            questions=WORDINGS[LATEST],
            saved=bool(request.args.get("saved")),
        )

    def ask(self, request: Request) -> Response:
        """Promise a letter; whether one leaves only its reader learns."""
        self._refuse_strangers(request)
        email = read_email(one_value(self._read(request), "email"))
        if not email:
            errors = FormErrors({"email": WRONG_EMAIL})
            return self._page("area_door.html", 422, state="wrong", token="", errors=errors)
        network = visitor_network(
            request.remote_addr or "",
            request.headers.get("X-Forwarded-For", ""),
            trusted_proxies=self._parts.settings.trusted_proxies,
        )
        with self._parts.store.transaction() as books:
            area.ask_for_way_in(
                books,
                email,
                network,
                secret=self._parts.form_secret,
                livemode=self._livemode,
                now=self._parts.clock(),
                new_id=self._parts.new_id,
            )
        self._parts.wake.set()
        return self._page("area_door.html", state="sent", token="")

    def door(self, request: Request) -> Response:
        """Show the button that a letter leads to; mail programs that look in use nothing up."""
        return self._page("area_door.html", state="enter", token=request.args.get("token", ""))

    def enter(self, request: Request) -> Response:
        """Use up the way in and open a session."""
        self._refuse_strangers(request)
        token = one_value(self._read(request), "token")
        with self._parts.store.transaction() as books:
            owner = area.come_in(
                books,
                token,
                livemode=self._livemode,
                now=self._parts.clock(),
                new_token=random_token,
            )
        if owner is None:
            return self._page("area_door.html", 410, state="used", token="")
        response = see(_AREA)
        self._set_cookie(response, owner.token, int(SESSION_LASTS.total_seconds()))
        return response

    def leave(self, request: Request) -> Response:
        """End the session."""
        owner, _typed = self._own_form(request)
        with self._parts.store.transaction() as books:
            books.remove_access(hash=hash_of(owner.token))
        response = see(_AREA)
        self._set_cookie(response, "", 0)
        return response

    def open_plan(self, request: Request) -> Response:
        """Lead to the page of one's own plan."""
        owner, typed = self._own_form(request)
        wanted = one_value(typed, "plan")
        token = random_token()
        now = self._parts.clock()
        with self._parts.store.transaction() as books:
            own = books.plans_of_person(email=owner.email, livemode=self._livemode)
            if wanted not in {row["subscription_id"] for row in own}:
                raise NotFound()
            grant(
                books,
                Purpose.PLAN,
                token,
                owner.donor,
                livemode=self._livemode,
                plan=wanted,
                expires_at=now + SESSION_LASTS,
            )
        return see(f"/api/plan/{token}")

    def consents(self, request: Request) -> Response:
        """Keep what somebody agrees to from now on."""
        owner, typed = self._own_form(request)
        ticked = {purpose: bool(one_value(typed, f"consent_{purpose}")) for purpose in Consent}
        with self._parts.store.transaction() as books:
            area.answer_consents(
                books,
                owner,
                ticked,
                livemode=self._livemode,
                now=self._parts.clock(),
                new_id=self._parts.new_id,
            )
        return see(f"{_AREA}?saved=1")

    def receipt(self, request: Request, receipt_id: str) -> Response:
        """Print a receipt again for the one it was issued to."""
        from fundraising.receipts import print_receipt
        from fundraising.register import receipt_facts

        owner = self._owner(request)
        if owner is None:
            return see(_AREA)
        with self._parts.store.transaction() as books:
            receipt = books.receipt_of_person(
                id=receipt_id, email=owner.email, livemode=self._livemode
            )
            if receipt is None:
                raise NotFound()
            donor = books.find_donor(id=receipt["donor"])
        response = Response(
            print_receipt(receipt_facts(receipt, donor)), mimetype="application/pdf"
        )
        name = f"ricevuta-{receipt['number']}-{receipt['year']}.pdf"
        response.headers.set("Content-Disposition", "attachment", filename=name)
        return response

    def data(self, request: Request) -> Response:
        """Hand over everything the books hold about the owner."""
        owner = self._owner(request)
        if owner is None:
            return see(_AREA)
        found = export_person(
            self._parts.store, owner.email, livemode=bool(self._livemode), now=self._parts.clock()
        )
        text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
        response = Response(text, mimetype="application/json")
        response.headers.set("Content-Disposition", "attachment", filename="i-miei-dati.json")
        return response

    def erase(self, request: Request) -> Response:
        """Forget the owner, after a second yes; what the law wants kept stays until its day."""
        owner, typed = self._own_form(request)
        if not one_value(typed, "sure"):
            return self._page("area_erase.html", owner=owner, running=False, erasure=None)
        try:
            erasure = erase_person(
                self._parts.store,
                owner.email,
                livemode=bool(self._livemode),
                now=self._parts.clock(),
            )
        except PlanStillRuns:
            return self._page("area_erase.html", 409, owner=owner, running=True, erasure=None)
        self._parts.wake.set()
        response = self._page("area_erase.html", owner=owner, running=False, erasure=erasure)
        self._set_cookie(response, "", 0)
        return response

    def _owner(self, request: Request) -> Owner | None:
        token = request.cookies.get(self._cookie, "")
        if not token:
            return None
        with self._parts.store.transaction() as books:
            return area.recognise(books, token, livemode=self._livemode, now=self._parts.clock())

    def _own_form(self, request: Request) -> tuple[Owner, dict[str, list[str]]]:
        """Read a form that only the owner's own pages can have sent."""
        self._refuse_strangers(request)
        typed = self._read(request)
        owner = self._owner(request)
        if owner is None or not owner.sent(one_value(typed, "form_token")):
            raise Forbidden()
        return owner, typed

    def _refuse_strangers(self, request: Request) -> None:
        headers = request.headers
        if comes_from_elsewhere(
            origin=headers.get("Origin", ""),
            referer=headers.get("Referer", ""),
            fetch_site=headers.get("Sec-Fetch-Site", ""),
            own_hosts=frozenset({request.host, urlsplit(self._site_url).netloc}),
        ):
            raise Forbidden()

    @property
    def _is_secure(self) -> bool:
        return urlsplit(self._site_url).scheme == "https"

    @property
    def _cookie(self) -> str:
        # The prefix makes browsers refuse it from anybody without the site's own certificate.
        return "__Secure-op_area" if self._is_secure else "op_area"

    def _set_cookie(self, response: Response, value: str, max_age: int) -> None:
        response.set_cookie(
            self._cookie,
            value,
            max_age=max_age,
            path=_AREA,
            secure=self._is_secure,
            httponly=True,
            samesite="Lax",
        )
