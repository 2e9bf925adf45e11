"""The webhook: believe nothing, keep everything, answer at once.

A notification is only a hint to go and look. It is verified on its raw bytes and
stored before it is answered; the looking is the worker's.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fundraising.store import Store, to_text

if TYPE_CHECKING:
    from fundraising.stripe_gateway import StripeGateway

LARGEST_BODY_BYTES = 512 * 1024

NOT_OURS = frozenset(
    {
        "balance", "billing_portal.session", "customer", "event", "invoice_payment", "invoiceitem",
        "mandate", "payment_intent", "payment_method", "plan", "price", "product", "setup_intent",
        "source",
    }
)  # fmt: skip
"""Objects whose news changes nothing in our books: they are kept and settled unread.

A payment intent is among them on purpose: one-off gifts come from the session,
recurring ones from the invoice, and counting the payment too would count twice.
"""


def receive(
    store: Store, gateway: StripeGateway, payload: bytes, signature: str | None, *, now: datetime
) -> bool:
    """Store a notification; tell whether it is new.

    Raises BadNotification when it is not to be believed and StoreUnavailable when
    it could not be kept: Stripe then sends it again.
    """
    notification = gateway.read_notification(payload, signature)
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
