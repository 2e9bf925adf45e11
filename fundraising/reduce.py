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
from fundraising.doubles import ask_about_doubles
from fundraising.facts import (
    Fact,
    FeeSeen,
    GiftSeen,
    Movement,
    PayoutSeen,
    PlanSeen,
    UnknownFact,
    state_of,
)
from fundraising.ledger import Booking, book, write_booking
from fundraising.money import format_cents
from fundraising.news import News
from fundraising.plans import end_replaced_plans, keep_plan
from fundraising.readers import Readers
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
        """Apply facts in one transaction, and settle the notifications they answer.

        *answers* is the inbox row that made us look. What else waits about a gift's
        payment, charge or refunds has been answered by the same look.
        """
        campaigns = self._campaigns()
        now = self._clock()
        with self._store.transaction() as books:
            observed_at = now
            answered: set[str] = set()
            for fact in facts:
                observed_at = min(observed_at, fact.observed_at)
                answered |= fact.objects if isinstance(fact, GiftSeen) else set()
                if fact.livemode is not self._livemode:
                    self._open_task(books, "wrong_mode", _name(fact), "è dell'altra modalità", now)
                elif isinstance(fact, GiftSeen):
                    self._apply_gift(books, fact, campaigns, now)
                elif isinstance(fact, PlanSeen):
                    self._apply_plan(books, fact, now)
                else:
                    self._apply_movements(books, fact)
            if answers:
                self._settle(books, answers, observed_at)
            for object_id in answered:
                self._settle_all(books, object_id, observed_at)

    def apply_transfer(self, books: Transaction, origin: str, booking: Booking) -> None:
        """Book a promised transfer that reached the bank, in the caller's transaction.

        Not Stripe but a bank statement says so; receipt and letter follow as ever. What
        came counts, not what was promised.
        """
        now = self._clock()
        received_at = to_text(booking.booked_at)
        donation = books.lock_donation(origin=origin, observed_at=to_text(now))
        if donation is None:
            raise ValueError(f"{origin} was seen after {to_text(now)}")
        intent = books.find_intent(id=donation["intent"], livemode=donation["livemode"])
        write_booking(books, booking)
        received_cents = sum(
            posting.amount_cents for posting in booking.postings if posting.amount_cents > 0
        )
        donation |= {
            "state": State.PAID,
            "amount_cents": received_cents,
            "method": "bank_transfer",
            "given_at": received_at,
            "paid_at": received_at,
        }
        books.update_donation(**{name: donation[name] for name in _CHANGING})
        self._settle_receipt(books, donation, intent, self._campaigns(), now)

    def apply_return(self, books: Transaction, donation: Row, booking: Booking) -> None:
        """Book what the bank gave back of a transfer, in the caller's transaction, which holds the gift.

        From there on it is a refund like any other: the receipt of what is left, one letter.
        """
        now = self._clock()
        intent = books.find_intent(id=donation["intent"], livemode=donation["livemode"])
        write_booking(books, booking)
        cents = sum(one.amount_cents for one in booking.postings if one.amount_cents > 0)
        refunded_cents = donation["refunded_cents"] + cents
        is_whole = refunded_cents == donation["amount_cents"]
        donation |= {
            "state": State.REFUNDED if is_whole else State.PARTIALLY_REFUNDED,
            "refunded_cents": refunded_cents,
        }
        books.update_donation(**{name: donation[name] for name in _CHANGING})
        self._settle_receipt(books, donation, intent, self._campaigns(), now)
        News(books, now=now, new_id=self._new_id).of_return(donation, booking.id, cents)

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
            self._settle(books, notification, now)

    def open_task(self, kind: str, subject: str, detail: str) -> None:
        """Leave something to a person."""
        with self._store.transaction() as books:
            self._open_task(books, kind, subject, detail, self._clock())

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
        self._book(books, gift, donation, intent)
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
            "refunded_cents": gift.returned_cents,
            "refund_pending": int(gift.has_pending_refund),
            "method": gift.payment.method if gift.payment else None,
            "payment_intent": gift.payment.id if gift.payment else None,
            "given_at": to_text(gift.given_at),
            "paid_at": to_text(gift.paid_at) if gift.paid_at else None,
        }
        books.update_donation(**{name: donation[name] for name in _CHANGING})
        self._settle_receipt(books, donation, intent, campaigns, now)
        News(books, now=now, new_id=self._new_id).of_gift(gift, donation, before=before)
        self._ask_about_failed_refunds(books, gift, now)
        end_replaced_plans(books, intent, now=now, new_id=self._new_id)
        ask_about_doubles(books, donation, intent, now=now, new_id=self._new_id)

    def _ask_about_failed_refunds(self, books: Transaction, gift: GiftSeen, now: datetime) -> None:
        # A refund fails once: looked at again, it must not reopen what a person has settled.
        for refund in gift.payment.refunds if gift.payment else ():
            if refund.has_failed:
                books.open_task_once(
                    id=self._new_id(),
                    livemode=int(gift.livemode),
                    kind="refund_failed",
                    subject=refund.id,
                    detail=f"{format_cents(refund.amount_cents)} del dono {gift.origin}",
                    opened_at=to_text(now),
                )

    def _apply_plan(self, books: Transaction, plan: PlanSeen, now: datetime) -> None:
        intent = plan.intent_id and books.find_intent(
            id=plan.intent_id, livemode=int(plan.livemode)
        )
        if not intent:
            detail = "nessuna donazione nostra porta questo riferimento"
            self._open_task(books, "orphan", plan.subscription_id, detail, now)
            return
        keep_plan(books, plan, intent, now=now, new_id=self._new_id)

    def _apply_movements(self, books: Transaction, fact: PayoutSeen | FeeSeen) -> None:
        for movement in fact.movements:
            self._book_movement(books, movement, livemode=fact.livemode)

    def _book(self, books: Transaction, gift: GiftSeen, donation: Row, intent: Row) -> None:
        for movement in gift.payment.movements if gift.payment else ():
            self._book_movement(
                books,
                movement,
                livemode=gift.livemode,
                donation_id=donation["id"],
                campaign=donation["campaign"],
                # Of an amount nobody asked for, no part was meant for the fee.
                cover_cents=intent["cover_cents"]
                if movement.amount_cents == intent["amount_cents"]
                else 0,
            )

    def _book_movement(
        self,
        books: Transaction,
        movement: Movement,
        *,
        livemode: bool,
        donation_id: str | None = None,
        campaign: str | None = None,
        cover_cents: int = 0,
    ) -> None:
        booking = book(
            movement,
            livemode=livemode,
            donation_id=donation_id,
            campaign=campaign,
            cover_cents=cover_cents,
        )
        write_booking(books, booking)

    def _settle_receipt(
        self, books: Transaction, donation: Row, intent: Row, campaigns: Campaigns, now: datetime
    ) -> bool:
        issued = settle_receipt(books, donation, intent, campaigns, now=now, new_id=self._new_id)
        if issued:
            News(books, now=now, new_id=self._new_id).of_receipt(donation, intent)
            # Who ticked the newsletter is asked once more, now that the address has proved itself.
            Readers(
                books, livemode=donation["livemode"], now=now, new_id=self._new_id
            ).invite_donor(books.find_donor(id=intent["donor"]))
        return issued

    def _settle(self, books: Transaction, notification: Row, observed_at: datetime) -> None:
        # First our own row, whoever is just looking whether it is free; then what we can get.
        books.settle_notification(id=notification["id"])
        self._settle_all(books, notification["object_id"], observed_at)

    def _settle_all(self, books: Transaction, object_id: str, observed_at: datetime) -> None:
        books.settle_notifications(
            object_id=object_id, livemode=int(self._livemode), observed_at=to_text(observed_at)
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
        case PayoutSeen() | FeeSeen():
            return fact.id
