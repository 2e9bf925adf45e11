"""The sweep: ask Stripe once a day for all that happened, and mend what we missed.

Notifications get lost, endpoints get switched off. The sweep asks from three days
before the last one that went through, and does with every object what its
notification would have done, so it may run at any time and as often as one likes.
What the books already hold is not looked at again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fundraising.clock import Clock
from fundraising.facts import UnknownFact
from fundraising.gateway import UnknownObject
from fundraising.people import forget_who_is_due
from fundraising.reduce import Reducer
from fundraising.store import Store, Transaction, from_text, to_text
from fundraising.webhook import NOT_OURS

if TYPE_CHECKING:
    from fundraising.stripe_gateway import StripeGateway
    from fundraising.stripe_gateway.history import Touched

WATERMARK = "sweep"
OVERLAP = timedelta(days=3)
EVERY = timedelta(days=1)
PROMISE_LASTS = timedelta(days=90)

_FINAL_REFUNDS = frozenset({"succeeded", "failed", "canceled"})
_UNSETTLED = frozenset({"draft", "open", "processing", "due", "retrying", "disputed"})


@dataclass(frozen=True)
class Swept:
    """What a sweep did: objects listed, looked at, left to a person; and the date it keeps."""

    listed: int
    looked_at: int
    tasks: int
    promises_abandoned: int
    people_forgotten: int


class Sweep:
    """Brings the books up to date without any notification."""

    def __init__(
        self, store: Store, gateway: StripeGateway, reducer: Reducer, *, clock: Clock
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._reducer = reducer
        self._clock = clock
        self._livemode = int(gateway.livemode)
        self._seen: set[tuple[str, str]] = set()
        self._tasks = 0

    def is_due(self) -> bool:
        """Tell whether the last sweep is a day old, or the oldest wish to give if none ever ran."""
        with self._store.transaction() as books:
            row = books.find_watermark(
                name=WATERMARK, livemode=self._livemode
            ) or books.oldest_intent(livemode=self._livemode)
        return bool(row["moment"]) and from_text(row["moment"]) <= self._clock() - EVERY

    def run(self, tell: Callable[[int, int], None] = lambda listed, looked_at: None) -> Swept:
        """Ask, look, mend. *tell* hears how many objects were listed and looked at so far.

        Raises StripeUnreachable, StripeRefused or StoreUnavailable; what was mended
        until then stays, and the next sweep begins where this one did.
        """
        began_at = self._clock()
        self._seen, self._tasks, listed = set(), 0, 0
        with self._store.transaction() as books:
            row = books.find_watermark(name=WATERMARK, livemode=self._livemode)
        since = from_text(row["moment"]) - OVERLAP if row else None
        history = self._gateway.history
        for touched in history.touched_since(since):
            listed += 1
            self._look_if_new(touched)
            tell(listed, len(self._seen))
        for subscription_id, status, ends in history.plans():
            listed += 1
            with self._store.transaction() as books:
                plan = books.find_plan(subscription_id=subscription_id)
            if plan is None or (plan["status"], bool(plan["cancel_at_end"])) != (status, ends):
                self._look("subscription", subscription_id)
            tell(listed, len(self._seen))
        with self._store.transaction() as books:
            unsettled = books.unsettled_donations(livemode=self._livemode)
            at_odds = books.donations_at_odds_with_the_ledger(livemode=self._livemode)
        # What the doctor finds at odds is mended by looking again, wherever Stripe can tell.
        for row in (*unsettled, *(row for row in at_odds if row["payment_intent"])):
            self._look("invoice" if row["subscription_id"] else "checkout.session", row["origin"])
            tell(listed, len(self._seen))
        with self._store.transaction() as books:
            promises = self._abandon_old_promises(books)
            books.save_watermark(name=WATERMARK, livemode=self._livemode, moment=to_text(began_at))
        forgotten = forget_who_is_due(self._store, livemode=bool(self._livemode), now=self._clock())
        return Swept(listed, len(self._seen), self._tasks, promises, forgotten)

    def _look_if_new(self, touched: Touched) -> None:
        if touched.kind in NOT_OURS:
            return
        with self._store.transaction() as books:
            known = self._knows(books, touched)
        if not known:
            self._look(touched.kind, touched.id)

    def _knows(self, books: Transaction, touched: Touched) -> bool:
        if touched.kind == "checkout.session":
            return touched.status == "open" or self._knows_session(books, touched.id)
        if touched.kind == "invoice":
            return _is_settled(books, touched.id)
        if not touched.movements:
            return False
        if touched.kind == "refund" and touched.status and touched.status not in _FINAL_REFUNDS:
            return False
        # A booking and the state it belongs to are written together: who has one has the other.
        return all(books.find_booking(id=movement) for movement in touched.movements)

    def _knows_session(self, books: Transaction, session_id: str) -> bool:
        if _is_settled(books, session_id):
            return True
        intent = books.find_intent_by_session(session_id=session_id, livemode=self._livemode)
        return bool(intent and books.find_plan_of_intent(intent=intent["id"]))

    def _look(self, kind: str, object_id: str) -> None:
        """Do what a notification about this object would have done."""
        if (kind, object_id) in self._seen:
            return
        self._seen.add((kind, object_id))
        asked = {"object_id": object_id, "type": "sweep", "livemode": self._livemode}
        try:
            self._reducer.apply(self._gateway.observe(kind, object_id))
        except UnknownObject as unknown:
            self._reducer.ask_a_person("unknown_object", asked, str(unknown))
            self._tasks += 1
        except UnknownFact as unknown:
            self._reducer.ask_a_person("unknown_fact", asked, str(unknown))
            self._tasks += 1

    def _abandon_old_promises(self, books: Transaction) -> int:
        now = self._clock()
        stale = books.stale_promises(livemode=self._livemode, before=to_text(now - PROMISE_LASTS))
        for promise in stale:
            books.abandon_promise(id=promise["id"], observed_at=to_text(now))
        return len(stale)


def _is_settled(books: Transaction, origin: str) -> bool:
    donation = books.find_donation_by_origin(origin=origin)
    return bool(donation and donation["state"] not in _UNSETTLED and not donation["refund_pending"])
