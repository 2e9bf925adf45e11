"""The checkout: write down what a donor wants to give, then send them to Stripe.

The intent is in the books before Stripe hears of it, and its id is all that
Stripe is told to give back: no name goes into metadata.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fundraising.form import GiftRequest
from fundraising.gateway import CheckoutOrder
from fundraising.store import Store, to_text

if TYPE_CHECKING:
    from fundraising.stripe_gateway import StripeGateway

_LONGEST_DESCRIPTION = 300


def start_checkout(
    store: Store,
    gateway: StripeGateway,
    request: GiftRequest,
    *,
    site_url: str,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Open a checkout for a gift and return the address to send the donor to.

    Raises StoreUnavailable, StripeUnreachable or StripeRefused; in every case
    nothing has been charged.
    """
    campaign = request.campaign
    intent_id, donor_id = new_id(), new_id()
    with store.transaction() as books:
        books.add_donor(
            id=donor_id,
            livemode=int(gateway.livemode),
            email=request.email,
            first_name=request.first_name,
            last_name=request.last_name,
            fiscal_code=request.fiscal_code,
            anonymous=int(request.anonymous),
            created_at=to_text(now),
        )
        books.add_intent(
            id=intent_id,
            livemode=int(gateway.livemode),
            donor=donor_id,
            campaign=campaign.id,
            title=campaign.title,
            recipient=campaign.recipient.id,
            frequency=request.frequency,
            amount_cents=request.amount_cents,
            created_at=to_text(now),
        )
    # The browser comes back to these; the braces are Stripe's and must stay as they are.
    cancel_query = urlencode({"campaign": campaign.id, "cancelled": "1"})
    session_id, url = gateway.open_checkout(
        CheckoutOrder(
            intent_id=intent_id,
            amount_cents=request.amount_cents,
            frequency=request.frequency,
            title=campaign.title,
            description=_describe(request),
            email=request.email,
            success_url=f"{site_url}/api/thanks?session_id={{CHECKOUT_SESSION_ID}}",
            cancel_url=f"{site_url}/api/donate?{cancel_query}",
        )
    )
    with store.transaction() as books:
        books.attach_session(id=intent_id, session_id=session_id)
    return url


def _describe(request: GiftRequest) -> str:
    """Say next to the pay button who receives the money."""
    recipient = request.campaign.recipient
    return f"Erogazione liberale a {recipient.legal_name}"[:_LONGEST_DESCRIPTION]
