"""Plans: recurring gifts as the books keep them, and what follows from a change.

Only Stripe's subscription decides how a plan stands. Three things we then ask of
Stripe ourselves, as errands: a new card is used for what is still owed, and a plan
is ended that another one replaced, or whose donor has been forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
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
    if standing(plan) in {Standing.ENDED, Standing.ENDING}:
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


def replace_plan(
    books: Transaction, donation: Row, intent: Row, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """End the plan whose place a gift takes, once the gift's money is here.

    Of several amounts paid for in the place of one plan the one asked for last stays,
    whichever was paid first: a donor who changes a gift never ends up with two.
    """
    if not intent["replaces"]:
        return
    for plan in books.replaced_plans(replaces=intent["replaces"]):
        send_errand(
            books, "end_plan", plan["subscription_id"], "replaced",
            livemode=bool(donation["livemode"]), now=now, new_id=new_id,
        )  # fmt: skip


def heir_of(books: Transaction, subscription_id: str) -> Row | None:
    """Find the plan that goes on in the place of another, after as many changes as there were."""
    heir: Row | None = None
    while found := books.plan_in_place_of(subscription_id=subscription_id):
        heir, subscription_id = found, found["subscription_id"]
    return heir if heir and heir["status"] not in ENDED_PLANS else None


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
