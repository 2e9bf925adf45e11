"""The API: HTTP in, Stripe's JSON out.

Who may ask, what the parameters mean, whether the same question was asked
before: all of that is settled here, in Stripe's order, so that the resources
only say what they do.
"""

import hashlib
import hmac
import json
import logging
import socket
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from fundraising.sandbox.account import API_VERSION, Account
from fundraising.sandbox.checkout import expire_overdue
from fundraising.sandbox.errors import CardDeclined, Refusal
from fundraising.sandbox.faults import Faults
from fundraising.sandbox.objects import Body
from fundraising.sandbox.parameters import checked, decoded
from fundraising.sandbox.resources import RESOURCES, Resource, with_expansions

logger = logging.getLogger(__name__)

LONGEST_KEY = 255

ADDRESSES = Map(
    [
        Rule(resource.address, methods=[resource.method], endpoint=resource)
        for resource in RESOURCES
    ],
    strict_slashes=False,
)


class Api:
    """A WSGI application that answers as api.stripe.com does."""

    def __init__(
        self, account: Account, faults: Faults, secret_key: str, new_request_id: Callable[[], str]
    ) -> None:
        self._account = account
        self._faults = faults
        self._secret_key = secret_key
        self._new_request_id = new_request_id

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._faults.strikes("refused"):
            return _hang_up(environ, start_response)
        request = Request(environ)
        request.get_data()
        response = self._respond(request)
        if self._faults.strikes("answer_lost"):
            return _hang_up(environ, start_response)
        return response(environ, start_response)

    def _respond(self, request: Request) -> Response:
        request_id = f"req_test_{self._new_request_id()}"
        try:
            if self._faults.strikes("unavailable"):
                raise Refusal("Stripe is not available right now.", status=503, type="api_error")
            self._authenticate(request)
            if self._faults.strikes("forbidden"):
                raise Refusal("The provided key may not do this.", status=403)
            if self._faults.strikes("rejected"):
                raise Refusal("This cannot be done now.", "resource_busy")
            response = self._carry_out(request)
        except Refusal as refusal:
            response = _json(refusal.document(request_id), refusal.status)
        except Exception:
            logger.exception("sandbox: %s %s broke", request.method, request.path)
            broken = Refusal("The sandbox itself broke; see its log.", None, None, 500, "api_error")
            response = _json(broken.document(request_id), broken.status)
        response.headers["Request-Id"] = request_id
        response.headers["Stripe-Version"] = API_VERSION
        if key := request.headers.get("Idempotency-Key"):
            response.headers["Idempotency-Key"] = key
        return response

    def _authenticate(self, request: Request) -> None:
        given = request.authorization
        key = None
        if given is not None:
            key = given.token if given.type == "bearer" else given.username
        if not key:
            raise Refusal("You did not provide an API key.", status=401)
        if not hmac.compare_digest(key.encode(), self._secret_key.encode()):
            raise Refusal(f"Invalid API Key provided: {key[:8]}****{key[-4:]}", status=401)
        version = request.headers.get("Stripe-Version", API_VERSION)
        if version != API_VERSION:
            raise Refusal(f"Invalid Stripe API version: {version}. Here it is {API_VERSION}.")

    def _carry_out(self, request: Request) -> Response:
        try:
            resource, ids = ADDRESSES.bind_to_environ(request.environ).match()
        except HTTPException:
            raise Refusal(
                f"Unrecognized request URL ({request.method}: {request.path}).", status=404
            ) from None
        with self._account.store.change():
            expire_overdue(self._account)
        key = request.headers.get("Idempotency-Key")
        if request.method == "POST" and key:
            return self._once(request, resource, ids, key)
        with self._account.store.change():
            return self._try(request, resource, ids)

    def _try(self, request: Request, resource: Resource, ids: Mapping[str, Any]) -> Response:
        """Answer; a card that was declined is an answer too, and keeps what was written."""
        try:
            return _json(self._answer(request, resource, ids))
        except CardDeclined as declined:
            document = declined.document(f"req_test_{self._new_request_id()}")
            return _json(document, declined.status)

    def _once(
        self, request: Request, resource: Resource, ids: Mapping[str, Any], key: str
    ) -> Response:
        """Answer a question asked before as before; keep only answers that succeeded."""
        if len(key) > LONGEST_KEY:
            raise Refusal("Idempotency keys can have up to 255 characters.")
        question = f"{request.method} {request.path}\n".encode() + request.get_data()
        fingerprint = hashlib.sha256(question).hexdigest()
        with self._account.store.change():
            kept = self._account.store.answer(key)
            if kept is None:
                response = self._try(request, resource, ids)
                self._account.store.keep_answer(
                    key, fingerprint, response.status_code, response.get_data(as_text=True)
                )
                return response
        first_fingerprint, status, body = kept
        if first_fingerprint != fingerprint:
            raise Refusal(
                "Keys for idempotent requests can only be used with the same parameters they "
                f"were first used with. Try using a key other than '{key}' if you meant to "
                "execute a different request.",
                type="idempotency_error",
            )
        response = Response(body, status, content_type="application/json")
        response.headers["Idempotent-Replayed"] = "true"
        return response

    def _answer(
        self, request: Request, resource: Resource, ids: Mapping[str, Any]
    ) -> dict[str, Any]:
        source = request.args if request.method in ("GET", "DELETE") else request.form
        fields = list(source.items(multi=True))
        if request.method == "DELETE":
            fields += list(request.form.items(multi=True))
        # Stripe's second API is asked in JSON.
        body = request.get_json() if request.is_json and request.method == "POST" else {}
        params = checked({**decoded(fields), **body}, resource.declaration)
        answer = resource.answer(self._account, params, ids.get("id", ""))
        return with_expansions(self._account, answer, params)


def _json(document: Body, status: int = 200) -> Response:
    return Response(json.dumps(document, indent=2), status, content_type="application/json")


def _hang_up(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Close the connection without a word, where the server lets us."""
    connection = environ.get("werkzeug.socket")
    if connection is None:
        return Response("", 503)(environ, start_response)
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("the rehearsal asked for a lost connection")
