"""The start of a checkout: a form sent twice is one gift.

Whoever comes first with an intent's id begins it; the second of two clicks waits for
the first one's transaction and then finds what it began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fundraising.store import Transaction, from_text, to_text

SHORT_LIFE = timedelta(minutes=31)
"""How long a payment page lives under the shield: Stripe's minimum of 30 minutes, and a little."""

_SHORTEST_LIFE = timedelta(minutes=30)
_SAME_CLICK = timedelta(minutes=1)


@dataclass(frozen=True)
class CheckoutStart:
    """An intent whose checkout somebody has begun, now (*is_new*) or before."""

    intent_id: str
    is_new: bool
    session_id: str | None
    expires_at: datetime | None

    def can_be_opened(self, now: datetime) -> bool:
        """Tell whether Stripe still accepts when this checkout was to end."""
        return self.expires_at is None or self.expires_at - now >= _SHORTEST_LIFE


def claim_start(
    books: Transaction,
    ids: Sequence[str],
    *,
    livemode: bool,
    now: datetime,
    expires_at: datetime | None,
) -> CheckoutStart:
    """Begin the first of these intents, or find the one already begun.

    The ids after the first are those the same form would have had shortly before.
    """
    for earlier in ids[1:]:
        row = books.find_checkout_start(intent=earlier)
        if row and now - from_text(row["started_at"]) < _SAME_CLICK:
            return _find(books, earlier, livemode)
    begun = books.claim_checkout_start(
        intent=ids[0], started_at=to_text(now), expires_at=expires_at and to_text(expires_at)
    )
    if begun:
        return CheckoutStart(ids[0], True, None, expires_at)
    return _find(books, ids[0], livemode)


def _find(books: Transaction, intent_id: str, livemode: bool) -> CheckoutStart:
    row = books.find_checkout_start(intent=intent_id)
    intent = books.find_intent(id=intent_id, livemode=int(livemode))
    return CheckoutStart(
        intent_id,
        False,
        intent["session_id"] if intent else None,
        from_text(row["expires_at"]) if row["expires_at"] else None,
    )
