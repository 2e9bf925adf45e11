"""Plans: recurring gifts as the books keep them, and what follows from a change.

Only Stripe's subscription decides how a plan stands. Three things we then ask of
Stripe ourselves, as errands: a new card is used for what is still owed, and a plan
is ended that another one replaced, or whose donor has been forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from fundraising.facts import ENDED_PLANS, PlanSeen
from fundraising.news import News
from fundraising.store import Transaction, to_text

Row = dict[str, Any]


class Standing(StrEnum):
    """How a plan stands, for whoever reads about it."""

    INCOMPLETE = "incomplete"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    PAUSED = "paused"
    ENDING = "ending"
    ENDED = "ended"


STOPPED = frozenset({Standing.ENDING, Standing.ENDED})
"""How plans stand that charge nothing more, unless the donor takes the stop back at Stripe before it comes."""

_STANDINGS = {
    "incomplete": Standing.INCOMPLETE,
    "trialing": Standing.ACTIVE,
    "active": Standing.ACTIVE,
    "past_due": Standing.PAST_DUE,
    "unpaid": Standing.PAST_DUE,
    "paused": Standing.PAUSED,
}


def standing(plan: Row) -> Standing:
    """Tell how a plan stands; a status we have no word for is one that needs looking after."""
    if plan["status"] in ENDED_PLANS:
        return Standing.ENDED
    if plan["cancel_at_end"]:
        return Standing.ENDING
    return _STANDINGS.get(plan["status"], Standing.PAST_DUE)


def goes_on(books: Transaction, plan: Row) -> bool:
    """Tell whether a plan is to be charged again; one that Stripe would not end is, until a person does."""
    if standing(plan) in STOPPED:
        return False
    ending = books.open_errand_about(kind="end_plan", subject=plan["subscription_id"])
    return ending is None or ending["state"] != "waiting"


def keep_plan(
    books: Transaction, plan: PlanSeen, intent: Row, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Bring a plan in the books up to what Stripe says, and do what follows from it."""
    before = books.find_plan(subscription_id=plan.subscription_id)
    observed_at = to_text(plan.observed_at)
    saved = books.save_plan(
        subscription_id=plan.subscription_id,
        livemode=int(plan.livemode),
        intent=intent["id"],
        status=plan.status,
        cancel_at_end=int(plan.cancel_at_end),
        frequency=plan.frequency,
        amount_cents=plan.amount_cents,
        customer_id=plan.customer_id,
        payment_method=plan.payment_method,
        end_reason=plan.end_reason,
        observed_at=observed_at,
    )
    if not saved:
        return
    if plan.has_ended:
        books.fail_unpaid_gifts_of_plan(
            subscription_id=plan.subscription_id, observed_at=observed_at
        )
    # What never began has not ended either.
    if plan.status == "canceled" or (plan.cancel_at_end and not plan.has_ended):
        News(books, now=now, new_id=new_id).of_plan(plan, intent)
    # Their page of the payment was still open when they were forgotten: nobody could be told of the next one.
    if not plan.has_ended and books.find_donor(id=intent["donor"])["erased_at"]:
        send_errand(
            books, "end_plan", plan.subscription_id, "erased",
            livemode=plan.livemode, now=now, new_id=new_id,
        )  # fmt: skip
    known = before and before["payment_method"]
    if not plan.has_ended and plan.payment_method and known not in {None, plan.payment_method}:
        send_errand(
            books, "mend_plan", plan.subscription_id, plan.payment_method,
            livemode=plan.livemode, now=now, new_id=new_id,
        )  # fmt: skip


def end_replaced_plans(
    books: Transaction, intent: Row, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """End the plans that a change of amount has left behind: a donor who changes a gift never ends up with two.

    Of all that was asked for in the place of one plan, however many changes led there, the one
    asked for last and paid stays, whichever was paid, or is heard of, first.
    """
    if not intent["replaces"]:
        return
    if line := books.line_of_plan(subscription_id=intent["replaces"]):
        books.hold_intent(id=line[0]["intent"])
    # Read again: what somebody else has done in the meantime is seen only now.
    line = books.line_of_plan(subscription_id=intent["replaces"])
    last = max((place for place, asked in enumerate(line) if asked["paid"]), default=0)
    for asked in line[:last]:
        if asked["subscription_id"] and asked["status"] not in ENDED_PLANS:
            send_errand(
                books, "end_plan", asked["subscription_id"], "replaced",
                livemode=bool(intent["livemode"]), now=now, new_id=new_id,
            )  # fmt: skip


def heir_in(line: Sequence[Row], subscription_id: str) -> Row | None:
    """Find the plan that goes on in the place of another, in the line of both, after as many changes as there were."""
    own = [one["subscription_id"] for one in line].index(subscription_id)
    later = [one for one in line[own + 1 :] if one["paid"] and one["subscription_id"]]
    return later[-1] if later and later[-1]["status"] not in ENDED_PLANS else None


def pages_in_place_of(books: Transaction, subscription_id: str, *, since: str) -> list[Row]:
    """Find the pages opened for a plan's new amount that may still be open, or have been paid.

    *since* is when the oldest page that can still be open was opened. Pages left over from the
    changes before count too, until a plan has come of them.
    """

    def may_be_paid(asked: Row) -> bool:
        is_open = asked["created_at"] >= since
        if asked["replaces"] == subscription_id:
            return is_open or bool(asked["perhaps_paid"])
        return is_open and asked["subscription_id"] is None

    line = books.line_of_plan(subscription_id=subscription_id)
    return [asked for asked in line if asked["session_id"] and may_be_paid(asked)]


def send_errand(
    books: Transaction,
    kind: str,
    subject: str,
    detail: str,
    *,
    livemode: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Note what is to be done at Stripe; the same thing is noted once.

    What Stripe has refused is tried again when it is asked again.
    """
    books.enqueue_errand(
        id=new_id(),
        livemode=int(livemode),
        kind=kind,
        subject=subject,
        detail=detail,
        now=to_text(now),
    )
