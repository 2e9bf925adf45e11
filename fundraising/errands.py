"""Errands: what the books decided and Stripe has still to be told.

An errand waits in the books until it is done, so a Stripe that is away, or a crash,
only makes it late. Each may be run twice without harm.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fundraising.clock import Clock
from fundraising.facts import UnknownFact
from fundraising.gateway import StripeForbids, StripeRefused, StripeUnreachable, UnknownObject
from fundraising.reduce import Reducer
from fundraising.store import Store, Transaction, to_text

if TYPE_CHECKING:
    from fundraising.stripe_gateway import StripeGateway

log = logging.getLogger("fundraising")

_LEASE = timedelta(minutes=2)
_FORBIDDEN = "not allowed: "
_FIRST_DELAY = timedelta(seconds=10)
_LONGEST_DELAY = timedelta(hours=1)

Row = dict[str, Any]


def is_forbidden(errand: Row) -> bool:
    """Tell whether Stripe was there at the last try, but would not do it for a key like ours."""
    return (errand["error"] or "").startswith(_FORBIDDEN)


class Errands:
    """Runs errands, one at a time."""

    def __init__(
        self, store: Store, gateway: StripeGateway, reducer: Reducer, *, clock: Clock
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._reducer = reducer
        self._clock = clock
        self._livemode = int(gateway.livemode)

    def run_one(self) -> bool:
        """Run the oldest errand that is due; tell whether there was one."""
        now = self._clock()
        with self._store.transaction() as books:
            row: Row | None = books.claim_errand(
                now=to_text(now), lease_until=to_text(now + _LEASE), livemode=self._livemode
            )
        if row:
            self._run(row)
        return row is not None

    def run_about(self, subject: str) -> bool:
        """Run what waits about a plan now; tell whether nothing is left to be done.

        Raises StoreUnavailable.
        """
        while True:
            lease_until = to_text(self._clock() + _LEASE)
            with self._store.transaction() as books:
                row: Row | None = books.claim_errand_about(
                    subject=subject, lease_until=lease_until, livemode=self._livemode
                )
            if row is None:
                return True
            if not self._run(row):
                return False

    def _run(self, row: Row) -> bool:
        try:
            if row["kind"] == "end_plan":
                self._gateway.plans.end(row["subject"])
            else:
                self._gateway.plans.mend(row["subject"], row["detail"])
            # A notification will say it too; who waits for the page need not.
            self._reducer.apply(self._gateway.observe("subscription", row["subject"]))
        except StripeUnreachable as error:
            self._postpone(row, str(error))
            return False
        except StripeForbids as error:
            log.error("errand %s of %s is not allowed: %s", row["kind"], row["subject"], error)
            self._postpone(row, f"{_FORBIDDEN}{error}")
            self._leave_to_a_person(row, str(error))
            return False
        except (StripeRefused, UnknownObject, UnknownFact) as error:
            log.error("errand %s of %s is refused: %s", row["kind"], row["subject"], error)
            self._refuse(row, str(error))
            return False
        with self._store.transaction() as books:
            books.settle_errand(id=row["id"], state="done", error=None)
            self._close_task(books, row)
        return True

    def _postpone(self, row: Row, error: str) -> None:
        delay = min(_FIRST_DELAY * 2 ** min(row["attempts"] - 1, 20), _LONGEST_DELAY)
        with self._store.transaction() as books:
            books.postpone_errand(
                id=row["id"], due_at=to_text(self._clock() + delay), error=error[:200]
            )

    def _refuse(self, row: Row, error: str) -> None:
        """Stop asking: nobody but a donor who asks anew makes us try again."""
        with self._store.transaction() as books:
            books.settle_errand(id=row["id"], state="refused", error=error[:200])
        self._leave_to_a_person(row, error)

    def _close_task(self, books: Transaction, row: Row) -> None:
        """Take back what was left to a person: it has been done. A task is about a whole plan."""
        still_to_end = books.open_errand_about(kind="end_plan", subject=row["subject"])
        if not still_to_end:
            books.close_task(
                kind="errand", subject=row["subject"], closed_at=to_text(self._clock())
            )

    def _leave_to_a_person(self, row: Row, error: str) -> None:
        self._reducer.open_task("errand", row["subject"], f"{row['kind']}: {error[:200]}")
