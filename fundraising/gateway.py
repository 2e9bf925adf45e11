"""What we ask of Stripe and what can go wrong, in words that need no SDK.

The rest of the code speaks these; only stripe_gateway turns them into Stripe's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fundraising.donation import Frequency

INTENT = "intent"
"""The metadata key at Stripe that leads back to our intent: an id, never a name."""


class StripeUnreachable(Exception):
    """Stripe did not answer, or not now; trying again later is right."""


class StripeRefused(Exception):
    """Stripe answered no: a key, a permission or a parameter is wrong."""


class StripeForbids(StripeRefused):
    """Stripe would do it, but not for us as we ask: a key is being changed, or may too little.

    Somebody has to mend that, and then the same question gets another answer.
    """


class UnknownObject(Exception):
    """Stripe does not know this object, or it does not lead to a gift of ours."""


@dataclass(frozen=True)
class CheckoutOrder:
    """What Checkout needs to know to take one gift; nothing about the donor but the e-mail.

    *expires_at* is when the page closes, None for Stripe's own day.
    """

    intent_id: str
    amount_cents: int
    frequency: Frequency
    title: str
    description: str
    email: str
    success_url: str
    cancel_url: str
    expires_at: datetime | None = None
