"""The webhook: believe nothing, keep everything, answer at once.

A notification is only a hint to go and look. It is verified on its raw bytes and
stored before it is answered; the looking is the worker's. The doorbell is that
much of the application and no more, so that a function which is started to
answer Stripe loads nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from fundraising.notification import BadNotification, Notification
from fundraising.store import Store, StoreUnavailable, to_text

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from fundraising.clock import Clock

log = logging.getLogger("fundraising")

PATH = "/api/stripe/webhook"
LARGEST_BODY_BYTES = 512 * 1024
KEPT = "200 OK"

NOT_OURS = frozenset(
    {
        "balance", "billing_portal.session", "event", "invoice_payment", "invoiceitem",
        "mandate", "payment_intent", "payment_method", "plan", "price", "product", "setup_intent",
        "source",
    }
)  # fmt: skip
"""Objects whose news changes nothing in our books: they are kept and settled unread.

A payment intent is among them on purpose: one-off gifts come from the session,
recurring ones from the invoice, and counting the payment too would count twice.
"""


class Reader(Protocol):
    """Whoever can tell a notification of Stripe's from anything else."""

    def read_notification(self, payload: bytes, signature: str | None) -> Notification:
        """Verify and read; raises BadNotification."""


def receive(
    store: Store, reader: Reader, payload: bytes, signature: str | None, *, now: datetime
) -> bool:
    """Store a notification; tell whether it is new.

    Raises BadNotification when it is not to be believed and StoreUnavailable when
    it could not be kept: Stripe then sends it again.
    """
    notification = reader.read_notification(payload, signature)
    with store.transaction() as books:
        added = books.receive_notification(
            id=notification.id,
            livemode=int(notification.livemode),
            type=notification.type,
            object_kind=notification.object_kind,
            object_id=notification.object_id,
            received_at=to_text(now),
        )
    return added is not None


class Doorbell:
    """Takes notifications, over WSGI or from the application."""

    def __init__(self, store: Store, reader: Reader, clock: Clock) -> None:
        self._store = store
        self._reader = reader
        self._clock = clock

    def take(self, payload: bytes, signature: str | None) -> tuple[str, str]:
        """Keep a notification; return the status and the text of the answer."""
        try:
            receive(self._store, self._reader, payload, signature, now=self._clock())
        except BadNotification as error:
            log.warning("a notification was turned away: %s", error)
            return "400 Bad Request", "notification refused\n"
        except StoreUnavailable as error:
            log.error("a notification could not be kept: %s", error)
            return "503 Service Unavailable", "not kept, please send it again\n"
        return KEPT, "kept\n"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a POST to the webhook's address."""
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isdigit() or int(length) > LARGEST_BODY_BYTES:
            status, text = "413 Content Too Large", "larger than any notification\n"
        else:
            payload = environ["wsgi.input"].read(int(length))
            try:
                status, text = self.take(payload, environ.get("HTTP_STRIPE_SIGNATURE"))
            except Exception:
                log.exception("a notification broke off")
                status, text = "500 Internal Server Error", "not kept, please send it again\n"
        body = text.encode()
        start_response(
            status,
            [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return [body]
