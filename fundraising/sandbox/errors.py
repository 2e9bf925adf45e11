"""Refusal: how Stripe says no.

One exception carries everything the error document of the API needs, so that
each part can refuse on the spot and only the API knows about HTTP.
"""

from dataclasses import dataclass
from typing import Any


@dataclass
class Refusal(Exception):
    """Stripe's answer to a request it will not carry out.

    *type*, *code* and *param* are the fields of Stripe's error object; see
    https://docs.stripe.com/api/errors.
    """

    message: str
    code: str | None = None
    param: str | None = None
    status: int = 400
    type: str = "invalid_request_error"

    def __str__(self) -> str:
        return self.message

    def document(self, request_id: str) -> dict[str, Any]:
        """Return the body of the answer."""
        error: dict[str, Any] = {"type": self.type, "message": self.message}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param:
            error["param"] = self.param
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": error}


class CardDeclined(Refusal):
    """The bank said no to a card; that it was tried stays written down, as it does at Stripe."""

    def __init__(self) -> None:
        super().__init__("Your card was declined.", "card_declined", status=402, type="card_error")


def missing(kind: str, object_id: str, param: str = "id") -> Refusal:
    """Return the refusal for an id that names nothing."""
    noun = kind.replace("_", " ").replace(".", " ")
    return Refusal(f"No such {noun}: '{object_id}'", "resource_missing", param, status=404)


def missing_parameter(param: str) -> Refusal:
    """Return the refusal for a required parameter that was left out."""
    return Refusal(f"Missing required param: {param}.", "parameter_missing", param)


def not_rehearsed(param: str) -> Refusal:
    """Return the refusal for something Stripe can do and the sandbox cannot.

    Ignoring it would let code pass here that behaves differently at Stripe.
    """
    return Refusal(f"The sandbox does not rehearse `{param}`.", "sandbox_not_rehearsed", param)


def refuse_unrehearsed(params: dict[str, Any], rehearsed: set[str], at: str = "") -> None:
    """Refuse the first parameter that is not among those rehearsed."""
    for name in params:
        if name not in rehearsed and name != "expand":
            raise not_rehearsed(f"{at}[{name}]" if at else name)
