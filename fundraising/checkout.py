"""The checkout: write down what a donor wants to give, then send them to Stripe.

The intent is in the books before Stripe hears of it, and its id is all that
Stripe is told to give back: no name goes into metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fundraising.checkout_start import CheckoutStart, claim_start
from fundraising.form import GiftRequest
from fundraising.gateway import CheckoutOrder
from fundraising.money import format_cents
from fundraising.receipts import amount_in_words
from fundraising.store import Store, Transaction, to_text

if TYPE_CHECKING:
    from fundraising.stripe_gateway import StripeGateway

_LONGEST_DESCRIPTION = 300
_OVER = "over"


def start_checkout(
    store: Store,
    gateway: StripeGateway,
    request: GiftRequest,
    *,
    site_url: str,
    now: datetime,
    new_id: Callable[[], str],
    ids: Sequence[str] = (),
    lives: timedelta | None = None,
    back_url: str | None = None,
) -> str:
    """Open a checkout for a gift and return the address to send the donor to.

    *ids* are the intent's when the same form has to lead to the same place, *lives*
    how long the payment page stays open, if not as long as Stripe's do; *back_url* is
    where it leads whoever does not pay, if not to the form. Raises
    StoreUnavailable, StripeUnreachable or StripeRefused; in every case nothing has
    been charged.
    """
    campaign = request.campaign
    with store.transaction() as books:
        start = claim_start(
            books,
            ids or (new_id(),),
            livemode=gateway.livemode,
            now=now,
            expires_at=now + lives if lives else None,
        )
        intent_id = start.intent_id
        if start.is_new:
            write_down(books, request, intent_id, livemode=gateway.livemode, now=now, new_id=new_id)
    place = _place_of(gateway, start, site_url=site_url, now=now)
    if place == _OVER:
        return start_checkout(
            store, gateway, request,
            site_url=site_url, now=now, new_id=new_id, lives=lives, back_url=back_url,
        )  # fmt: skip
    if place:
        return place
    # The browser comes back to these; the braces are Stripe's and must stay as they are.
    cancel_query = urlencode({"campaign": campaign.id, "cancelled": intent_id})
    session_id, url = gateway.open_checkout(
        CheckoutOrder(
            intent_id=intent_id,
            amount_cents=request.total_cents,
            frequency=request.frequency,
            title=campaign.title,
            description=_describe(request),
            email=request.email,
            success_url=f"{site_url}/api/thanks?session_id={{CHECKOUT_SESSION_ID}}",
            cancel_url=back_url or f"{site_url}/api/donate?{cancel_query}",
            expires_at=start.expires_at,
        )
    )
    with store.transaction() as books:
        books.attach_session(id=intent_id, session_id=session_id)
    return url


def _place_of(
    gateway: StripeGateway, start: CheckoutStart, *, site_url: str, now: datetime
) -> str | None:
    """Tell where a checkout begun before leads: its page, the thanks, nowhere any more."""
    if start.session_id is None:
        return None if start.can_be_opened(now) else _OVER
    status, url = gateway.find_checkout(start.session_id)
    if status == "complete":
        return f"{site_url}/api/thanks?{urlencode({'session_id': start.session_id})}"
    return url if status == "open" and url else _OVER


def write_down(
    books: Transaction,
    request: GiftRequest,
    intent_id: str,
    *,
    livemode: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Put into the books who wants to give what, before any money moves."""
    campaign, dedication = request.campaign, request.dedication
    donor_id = new_id()
    mode = {"livemode": int(livemode)}
    books.add_donor(
        **mode,
        id=donor_id,
        email=request.email,
        first_name=request.first_name,
        last_name=request.last_name,
        fiscal_code=request.fiscal_code,
        anonymous=int(request.anonymous),
        created_at=to_text(now),
    )
    books.describe_donor(
        id=donor_id,
        kind="company" if request.company_name else "person",
        company_name=request.company_name,
        vat_number=request.vat_number,
        dedication=dedication and dedication.kind,
        dedication_name=dedication and dedication.name,
        card_email=dedication and dedication.card_email,
        card_text=dedication and dedication.card_text,
    )
    for purpose in request.consents:
        books.add_consent(
            **mode,
            id=new_id(),
            donor=donor_id,
            purpose=purpose,
            granted=1,
            wording=request.consent_wording,
            place="form",
            answered_at=to_text(now),
        )
    books.add_intent(
        **mode,
        id=intent_id,
        donor=donor_id,
        campaign=campaign.id,
        title=campaign.title,
        recipient=campaign.recipient.id,
        frequency=request.frequency,
        amount_cents=request.total_cents,
        created_at=to_text(now),
    )
    books.describe_intent(id=intent_id, cover_cents=request.cover_cents, replaces=request.replaces)


def _describe(request: GiftRequest) -> str:
    """Say next to the pay button what is paid, in words, and who receives it."""
    words = amount_in_words(request.total_cents)
    cover = ""
    if request.cover_cents:
        cover = f", di cui {format_cents(request.cover_cents)} per le commissioni"
    recipient = request.campaign.recipient.legal_name
    description = f"{words[0].upper()}{words[1:]}{cover}. Erogazione liberale a {recipient}"
    return description[:_LONGEST_DESCRIPTION]
