"""The one algorithm: facts in, books that agree with them out.

Facts say how things are at Stripe now, so the same facts twice, late or in any
order leave the same books. One transaction moves the state, adds the missing
postings, settles the receipt and queues the letters: all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from fundraising.campaigns import Campaigns
from fundraising.clock import Clock
from fundraising.donation import State, can_become
from fundraising.facts import Fact, GiftSeen, Movement, PayoutSeen, PlanSeen, UnknownFact, state_of
from fundraising.ledger import book
from fundraising.register import settle_receipt
from fundraising.store import Store, Transaction, to_text

Row = dict[str, Any]


class Reducer:
    """Brings the books up to what Stripe says."""

    def __init__(
        self,
        store: Store,
        campaigns: Callable[[], Campaigns],
        *,
        clock: Clock,
        new_id: Callable[[], str],
        livemode: bool,
    ) -> None:
        self._store = store
        self._campaigns = campaigns
        self._clock = clock
        self._new_id = new_id
        self._livemode = livemode

    def apply(self, facts: Iterable[Fact], *, answers: Row | None = None) -> None:
        """Apply facts in one transaction, and settle the notification they answer.

        *answers* is the inbox row that made us look.
        """
        campaigns = self._campaigns()
        now = self._clock()
        with self._store.transaction() as books:
            observed_at = now
            for fact in facts:
                observed_at = min(observed_at, fact.observed_at)
                if fact.livemode is not self._livemode:
                    self._open_task(books, "wrong_mode", _name(fact), "è dell’altra modalità", now)
                elif isinstance(fact, GiftSeen):
                    self._apply_gift(books, fact, campaigns, now)
                elif isinstance(fact, PlanSeen):
                    self._apply_plan(books, fact, now)
                else:
                    self._apply_payout(books, fact)
            if answers is not None:
                books.settle_notifications(
                    object_id=answers["object_id"],
                    livemode=answers["livemode"],
                    observed_at=to_text(observed_at),
                )

    def issue_missing_receipts(self) -> int:
        """Issue the receipts that could not be issued when the money came; count them."""
        campaigns = self._campaigns()
        issued = 0
        with self._store.transaction() as books:
            missing = books.donations_without_receipt(livemode=int(self._livemode))
        for found in missing:
            now = self._clock()
            with self._store.transaction() as books:
                # Whoever looked at Stripe since then has taken care of it.
                donation = books.lock_donation(
                    origin=found["origin"], observed_at=found["observed_at"]
                )
                if donation:
                    intent = books.find_intent(id=donation["intent"], livemode=donation["livemode"])
                    issued += self._settle_receipt(books, donation, intent, campaigns, now)
        return issued

    def ask_a_person(self, kind: str, notification: Row, reason: str) -> None:
        """Settle a notification that we cannot answer with a task for somebody who can."""
        now = self._clock()
        with self._store.transaction() as books:
            self._open_task(
                books,
                kind,
                notification["object_id"],
                f"{notification['type']}: {reason}",
                now,
            )
            books.settle_notifications(
                object_id=notification["object_id"],
                livemode=notification["livemode"],
                observed_at=to_text(now),
            )

    def _apply_gift(
        self, books: Transaction, gift: GiftSeen, campaigns: Campaigns, now: datetime
    ) -> None:
        intent = gift.intent_id and books.find_intent(
            id=gift.intent_id, livemode=int(gift.livemode)
        )
        if not intent:
            detail = "nessuna donazione nostra porta questo riferimento"
            self._open_task(books, "orphan", gift.origin, detail, now)
            return
        try:
            state = state_of(gift)
        except UnknownFact as unknown:
            state = None
            self._open_task(books, "unknown_fact", gift.origin, str(unknown), now)
        observed_at = to_text(gift.observed_at)
        if state is not None and gift.amount_cents > 0:
            books.add_donation(
                id=self._new_id(),
                livemode=int(gift.livemode),
                intent=intent["id"],
                origin=gift.origin,
                subscription_id=gift.subscription_id,
                campaign=intent["campaign"],
                recipient=intent["recipient"],
                amount_cents=gift.amount_cents,
                state=state,
                given_at=to_text(gift.given_at),
                observed_at=observed_at,
            )
        donation = books.lock_donation(origin=gift.origin, observed_at=observed_at)
        if donation is None:
            return
        # Money that moved is booked even when its meaning is still a question.
        self._book(books, gift, donation)
        if state is None:
            return
        before = State(donation["state"])
        if not can_become(before, state):
            detail = f"non può passare da {before} a {state}"
            self._open_task(books, "backwards", gift.origin, detail, now)
            return
        for kind in ("unknown_fact", "backwards"):
            books.close_task(kind=kind, subject=gift.origin, closed_at=to_text(now))
        if gift.amount_cents != intent["amount_cents"]:
            detail = f"chiesti {intent['amount_cents']} centesimi, arrivati {gift.amount_cents}"
            self._open_task(books, "other_amount", gift.origin, detail, now)
        donation |= {
            "state": state,
            "amount_cents": gift.amount_cents,
            "refunded_cents": gift.refunded_cents,
            "refund_pending": int(gift.has_pending_refund),
            "method": gift.payment.method if gift.payment else None,
            "payment_intent": gift.payment.id if gift.payment else None,
            "given_at": to_text(gift.given_at),
            "paid_at": to_text(gift.paid_at) if gift.paid_at else None,
        }
        books.update_donation(**{name: donation[name] for name in _CHANGING})
        self._settle_receipt(books, donation, intent, campaigns, now)
        self._queue_letters(books, gift, donation, now)

    def _apply_plan(self, books: Transaction, plan: PlanSeen, now: datetime) -> None:
        if not plan.intent_id or not books.find_intent(
            id=plan.intent_id, livemode=int(plan.livemode)
        ):
            detail = "nessuna donazione nostra porta questo riferimento"
            self._open_task(books, "orphan", plan.subscription_id, detail, now)
            return
        books.save_plan(
            subscription_id=plan.subscription_id,
            livemode=int(plan.livemode),
            intent=plan.intent_id,
            status=plan.status,
            cancel_at_end=int(plan.cancel_at_end),
            frequency=plan.frequency,
            amount_cents=plan.amount_cents,
            observed_at=to_text(plan.observed_at),
        )

    def _apply_payout(self, books: Transaction, payout: PayoutSeen) -> None:
        for movement in payout.movements:
            self._book_movement(books, movement, livemode=payout.livemode)

    def _book(self, books: Transaction, gift: GiftSeen, donation: Row) -> None:
        for movement in gift.payment.movements if gift.payment else ():
            self._book_movement(
                books,
                movement,
                livemode=gift.livemode,
                donation_id=donation["id"],
                campaign=donation["campaign"],
            )

    def _book_movement(
        self,
        books: Transaction,
        movement: Movement,
        *,
        livemode: bool,
        donation_id: str | None = None,
        campaign: str | None = None,
    ) -> None:
        booking = book(movement, livemode=livemode, donation_id=donation_id, campaign=campaign)
        added = books.add_booking(
            id=booking.id,
            kind=booking.kind,
            livemode=int(booking.livemode),
            donation=booking.donation_id,
            campaign=booking.campaign,
            booked_at=to_text(booking.booked_at),
        )
        if added:
            for posting in booking.postings:
                books.add_posting(
                    booking=booking.id,
                    account=posting.account,
                    amount_cents=posting.amount_cents,
                )

    def _settle_receipt(
        self, books: Transaction, donation: Row, intent: Row, campaigns: Campaigns, now: datetime
    ) -> bool:
        issued = settle_receipt(books, donation, intent, campaigns, now=now, new_id=self._new_id)
        if issued:
            # The unique pair of kind and subject makes the thank-you a single one.
            self._queue(books, "paid", donation["id"], donation, donation["amount_cents"], now)
        return issued

    def _queue_letters(
        self, books: Transaction, gift: GiftSeen, donation: Row, now: datetime
    ) -> None:
        if donation["state"] is State.PROCESSING:
            self._queue(books, "pending", donation["id"], donation, gift.amount_cents, now)
        if donation["state"] is State.FAILED:
            self._queue(books, "failed", donation["id"], donation, gift.amount_cents, now)
        for refund in gift.payment.refunds if gift.payment else ():
            if refund.status == "succeeded":
                self._queue(books, "refunded", refund.id, donation, refund.amount_cents, now)

    def _queue(
        self,
        books: Transaction,
        kind: str,
        subject: str,
        donation: Row,
        amount_cents: int,
        now: datetime,
    ) -> None:
        books.enqueue_letter(
            id=self._new_id(),
            livemode=donation["livemode"],
            kind=kind,
            subject=subject,
            donation=donation["id"],
            amount_cents=amount_cents,
            now=to_text(now),
        )

    def _open_task(
        self, books: Transaction, kind: str, subject: str, detail: str, now: datetime
    ) -> None:
        books.open_task(
            id=self._new_id(),
            livemode=int(self._livemode),
            kind=kind,
            subject=subject,
            detail=detail,
            opened_at=to_text(now),
        )


_CHANGING = (
    "id", "state", "amount_cents", "refunded_cents", "refund_pending", "method",
    "payment_intent", "given_at", "paid_at",
)  # fmt: skip


def _name(fact: Fact) -> str:
    match fact:
        case GiftSeen():
            return fact.origin
        case PlanSeen():
            return fact.subscription_id
        case PayoutSeen():
            return fact.id
