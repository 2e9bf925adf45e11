"""The plan page: a recurring gift, and what its donor may do with it.

It opens with what is in a letter, without signing in, because who wants to stop
must not be made to look for a way. Opening it changes nothing but our own books;
everything else is a button.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeGuard

from fundraising.access import Purpose, find
from fundraising.campaigns import Campaigns
from fundraising.donation import Frequency
from fundraising.errands import is_forbidden
from fundraising.facts import UnknownFact
from fundraising.form import FormErrors, GiftRequest, read_form
from fundraising.gateway import StripeRefused, StripeUnreachable, UnknownObject
from fundraising.money import plain_euros
from fundraising.plans import Standing, heir_in, pages_in_place_of, send_errand, standing
from fundraising.store import to_text
from fundraising.thanks import Outcome, look_at_gift

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising

Row = dict[str, Any]

_LONGEST_LIFE_OF_A_PAGE = timedelta(days=1, hours=1)
_PERHAPS_PAID = frozenset({Outcome.PAID, Outcome.PENDING, Outcome.NOT_KNOWN})


@dataclass(frozen=True)
class PlanView:
    """A plan as its page shows it.

    *ending* and *mending* are true while Stripe has still to be told of it, *forbidden* when
    it would not end this plan for a key like ours, *refused* when not at all: for both a
    person has to do something first. *goes_on_with* is the amount of the plan that took
    this one's place, in cents.
    """

    id: str
    title: str
    campaign: str
    recipient: str
    amount_cents: int
    frequency: Frequency
    standing: Standing
    customer_id: str | None
    ending: bool
    mending: bool
    forbidden: bool
    refused: bool
    goes_on_with: int | None
    intent: Row
    donor: Row

    @property
    def can_be_changed(self) -> bool:
        """Tell whether there is still something to change or to stop."""
        return self.standing not in {Standing.ENDED, Standing.ENDING} and not self.ending


def open_plan(parts: Fundraising, token: str) -> PlanView | None:
    """Find the plan a letter leads to; None when it leads nowhere."""
    livemode = int(parts.gateway.livemode)
    with parts.store.transaction() as books:
        row = find(books, Purpose.PLAN, token, livemode=livemode, now=parts.clock())
        if row is None:
            return None
        plan = books.find_plan_of_mode(subscription_id=row["plan"], livemode=livemode)
        intent = books.find_intent_of_plan(subscription_id=row["plan"])
        ending = books.open_errand_about(kind="end_plan", subject=row["plan"])
        mending = books.open_errand_about(kind="mend_plan", subject=row["plan"])
        heir = heir_in(books.line_of_plan(subscription_id=row["plan"]), row["plan"])
        donor = books.find_donor(id=intent["donor"])
    return PlanView(
        id=plan["subscription_id"],
        title=intent["title"],
        campaign=intent["campaign"],
        recipient=intent["recipient"],
        amount_cents=plan["amount_cents"],
        frequency=Frequency(plan["frequency"]),
        standing=standing(plan),
        customer_id=plan["customer_id"],
        ending=_stands(ending, "waiting"),
        mending=_stands(mending, "waiting"),
        forbidden=_stands(ending, "waiting") and is_forbidden(ending),
        refused=_stands(ending, "refused"),
        goes_on_with=heir["amount_cents"] if heir else None,
        intent=intent,
        donor=donor,
    )


def _stands(errand: Row | None, state: str) -> TypeGuard[Row]:
    return errand is not None and errand["state"] == state


def refresh(parts: Fundraising, subscription_id: str) -> bool:
    """Bring the books up to what Stripe says, and do what follows; tell whether it answered.

    A worker may do the same at this moment, and whoever comes second finds it done.
    """
    try:
        parts.reducer.apply(parts.gateway.observe("subscription", subscription_id))
    except (StripeUnreachable, StripeRefused, UnknownFact, UnknownObject):
        return False
    parts.wake.set()
    parts.worker.errands.run_about(subscription_id)
    return True


def stop(parts: Fundraising, plan: PlanView) -> None:
    """End a plan: in the books at once, at Stripe now or as soon as it answers."""
    with parts.store.transaction() as books:
        send_errand(
            books, "end_plan", plan.id, "donor",
            livemode=parts.gateway.livemode, now=parts.clock(), new_id=parts.new_id,
        )  # fmt: skip
    parts.worker.errands.run_about(plan.id)
    parts.wake.set()


def change_amount(
    plan: PlanView, amount: str, campaigns: Campaigns, *, livemode: bool, today: date
) -> GiftRequest | FormErrors:
    """Read a new amount as a gift that takes the old one's place once it is paid."""
    typed = {
        "campaign": plan.campaign,
        "amount": amount,
        "frequency": plan.frequency,
        "email": plan.donor["email"],
        "first_name": plan.donor["first_name"],
        "last_name": plan.donor["last_name"],
        "fiscal_code": plan.donor["fiscal_code"] or "",
        "company_name": plan.donor["company_name"] or "",
        "vat_number": plan.donor["vat_number"] or "",
        "anonymous": "1" if plan.donor["anonymous"] else "",
        "cover_fees": "1" if plan.intent["cover_cents"] else "",
    }
    asked = read_form(
        {name: [value] for name, value in typed.items()}, campaigns, livemode=livemode, today=today
    )
    return asked if isinstance(asked, FormErrors) else replace(asked, replaces=plan.id)


def close_other_pages(parts: Fundraising, plan: PlanView, ids: Sequence[str]) -> str | None:
    """Close the payment pages opened for other amounts: one gift is changed once.

    *ids* name the intents whose page is to stay. Returns the session of a page that
    somebody has paid on already, for then there is nothing left to pay. Raises
    StripeUnreachable or StripeRefused.
    """
    since = to_text(parts.clock() - _LONGEST_LIFE_OF_A_PAGE)
    with parts.store.transaction() as books:
        others = pages_in_place_of(books, plan.id, since=since)
    for other in others:
        if other["intent"] in ids:
            continue
        with suppress(UnknownObject):
            parts.gateway.close_checkout(other["session_id"])
            gift = look_at_gift(parts.store, parts.gateway, parts.reducer, other["session_id"])
            if gift and gift.outcome in _PERHAPS_PAID:
                return str(other["session_id"])
    return None


def gift_amount(plan: PlanView) -> str:
    """Write the gift as the amount field reads it, without what was added for the fee."""
    return plain_euros(plan.amount_cents - plan.intent["cover_cents"])
