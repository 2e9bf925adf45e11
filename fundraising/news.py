"""News: which letters a change in the books calls for.

Letters are queued in the transaction that changed the books, each at most once:
the pair of kind and subject is unique. Whether one still says what is so is asked
again when it leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fundraising.donation import State
from fundraising.facts import GiftSeen, Payment, PlanSeen
from fundraising.store import Transaction, to_text

Row = dict[str, Any]


class News:
    """Queues letters within one transaction."""

    def __init__(self, books: Transaction, *, now: datetime, new_id: Callable[[], str]) -> None:
        self._books = books
        self._now = to_text(now)
        self._new_id = new_id

    def of_receipt(self, donation: Row, intent: Row) -> None:
        """Thank for money that is here and receipted; the card for a dedication leaves too."""
        self._about_gift("paid", donation["id"], donation, donation["amount_cents"])
        donor = self._books.find_donor(id=intent["donor"])
        if donor["card_email"]:
            # Of a recurring gift only the first payment brings a card.
            self._about_gift("card", intent["id"], donation, donation["amount_cents"])

    def of_gift(self, gift: GiftSeen, donation: Row, *, before: State) -> None:
        """Tell what else became of a gift that was in another state *before*, or in the same."""
        for kind, subject, amount_cents in _letters(gift, donation, before):
            self._about_gift(kind, subject, donation, amount_cents)
        if gift.payment:
            self._of_what_is_here_again(gift.payment, donation)

    def of_return(self, donation: Row, booking_id: str, cents: int) -> None:
        """Tell what the bank gave back of a transfer, once for each time."""
        self._about_gift("refunded", booking_id, donation, cents)

    def of_plan(self, plan: PlanSeen, intent: Row) -> None:
        """Tell that a recurring gift has ended, or will with its period."""
        self._books.enqueue_donor_letter(
            id=self._new_id(),
            livemode=int(plan.livemode),
            kind="cancelled",
            subject=plan.subscription_id,
            donor=intent["donor"],
            amount_cents=plan.amount_cents,
            now=self._now,
        )

    def _of_what_is_here_again(self, payment: Payment, donation: Row) -> None:
        """Tell of money that is here after all, where a letter says, or is to say, that it left."""
        for refund in payment.refunds:
            if refund.has_failed and self._told("refunded", refund.id):
                self._about_gift("refund_failed", refund.id, donation, refund.amount_cents)
        for dispute in payment.disputes:
            if dispute.status == "won" and (
                self._told("disputed", dispute.id) or self._told("taken_back", dispute.id)
            ):
                self._about_gift("dispute_won", dispute.id, donation, dispute.amount_cents)

    def _told(self, kind: str, subject: str) -> bool:
        return self._books.find_letter(kind=kind, subject=subject) is not None

    def _about_gift(self, kind: str, subject: str, donation: Row, amount_cents: int) -> None:
        self._books.enqueue_letter(
            id=self._new_id(),
            livemode=donation["livemode"],
            kind=kind,
            subject=subject,
            donation=donation["id"],
            amount_cents=amount_cents,
            now=self._now,
        )


def _letters(gift: GiftSeen, donation: Row, before: State) -> list[tuple[str, str, int]]:
    """List kind, subject and cents of the letters a gift calls for, besides the thanks."""
    state, cents, key = State(donation["state"]), gift.amount_cents, donation["id"]
    letters = []
    if state is State.PROCESSING:
        letters.append(("pending", key, cents))
    if state is State.RETRYING:
        kind = "action_required" if gift.awaits_donor else "renewal_failed"
        letters.append((kind, key, cents))
    # Of a plan that has ended one letter tells everything, but for what became of a debit on its way.
    if state is State.FAILED and (before is State.PROCESSING or not gift.plan_ended):
        letters.append(("failed", key, cents))
    if gift.payment is None:
        return letters
    if state is State.CHARGED_BACK and not gift.lost_cents:
        # A debit that came back without a dispute.
        letters.append(("taken_back", key, cents))
    for dispute in gift.payment.disputes:
        if dispute.is_open:
            letters.append(("disputed", dispute.id, dispute.amount_cents))
        elif dispute.status == "lost" and state is not State.DISPUTED:
            letters.append(("taken_back", dispute.id, dispute.amount_cents))
    letters += [
        ("refunded", refund.id, refund.amount_cents)
        for refund in gift.payment.refunds
        if refund.status == "succeeded"
    ]
    return letters
