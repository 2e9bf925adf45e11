"""The worker: answers notifications, issues receipts, sends letters, writes totals.

It claims one row at a time for as long as a lease lasts, so any number of workers
may run and one that dies gives its row back by itself. A letter handed over just
before a crash leaves again under the same Message-ID: that is the one thing that
can happen twice.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundraising import totals
from fundraising.access import NewToken, random_token
from fundraising.asking import forget_old_asking
from fundraising.campaigns import CampaignsFile
from fundraising.clock import Clock, italian_day
from fundraising.errands import Errands
from fundraising.facts import UnknownFact
from fundraising.gateway import StripeRefused, StripeUnreachable, UnknownObject
from fundraising.readers import Readers
from fundraising.reduce import Reducer
from fundraising.store import Store, StoreUnavailable, Transaction, to_text
from fundraising.webhook import NOT_OURS

if TYPE_CHECKING:
    from fundraising.mailer import Mailer
    from fundraising.stripe_gateway import StripeGateway

log = logging.getLogger("fundraising")

_LEASE = timedelta(minutes=2)
_FIRST_DELAY = timedelta(seconds=10)
_LONGEST_DELAY = timedelta(hours=1)
# By then the debits of December have settled, or come back.
_FIRST_DAY_TO_SUM_UP = 15
# How long it is known who got which issue: until nobody resumes it any more.
_DELIVERIES_KEPT = timedelta(days=90)

Row = dict[str, Any]


@dataclass(frozen=True)
class Round:
    """What one round of work did."""

    notifications: int
    receipts: int
    letters: int
    totals_written: bool


class Worker:
    """Does what is due."""

    def __init__(
        self,
        store: Store,
        gateway: StripeGateway,
        reducer: Reducer,
        campaigns: CampaignsFile,
        mailer: Callable[[], Mailer],
        *,
        clock: Clock,
        site_url: str,
        totals_file: Path | None,
        new_token: NewToken = random_token,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._reducer = reducer
        self._campaigns = campaigns
        self._mailer = mailer
        self._new_token = new_token
        self._summed_up_on: date | None = None
        self._tidied_on: date | None = None
        self.errands = Errands(store, gateway, reducer, clock=clock)
        self._clock = clock
        self._site_url = site_url
        self._totals_file = totals_file
        self._livemode = int(gateway.livemode)
        self._no_sweep_before = datetime.min.replace(tzinfo=UTC)

    def run_once(self) -> Round:
        """Do everything that is due now. Raises StoreUnavailable when the database is gone."""
        notifications = _count(self.answer_one_notification)
        _count(self.errands.run_one)
        receipts = self._reducer.issue_missing_receipts()
        self._sum_up_the_year()
        self._tidy_readers()
        letters = _count(self.send_one_letter)
        return Round(notifications, receipts, letters, self.publish_totals())

    def run(
        self, stop: threading.Event, wake: threading.Event, *, every_seconds: float = 15
    ) -> None:
        """Work until told to stop: at once when woken, else every now and then."""
        while True:
            # In this order: whoever stops us says stop and then wakes us, and is not slept over.
            wake.clear()
            if stop.is_set():
                return
            try:
                self.run_once()
                self.sweep_when_due()
            except StoreUnavailable as error:
                log.error("the database is not there: %s", error)
            except Exception:
                # Whatever it was, the rows are still waiting; the next round tries again.
                log.exception("a round of work broke off")
            wake.wait(every_seconds)

    def sweep_when_due(self) -> bool:
        """Ask Stripe once a day for what no notification told; tell whether we did."""
        from fundraising.sweep import Sweep

        now = self._clock()
        sweep = Sweep(self._store, self._gateway, self._reducer, clock=self._clock)
        if now < self._no_sweep_before or not sweep.is_due():
            return False
        self._no_sweep_before = now + _LONGEST_DELAY
        try:
            sweep.run()
        except (StripeUnreachable, StripeRefused) as error:
            log.warning("the daily sweep broke off: %s", error)
        return True

    def answer_one_notification(self) -> bool:
        """Answer the oldest notification that is due; tell whether there was one."""
        row = self._claim("claim_notification")
        if row is None:
            return False
        try:
            if row["object_kind"] in NOT_OURS:
                self._reducer.apply((), answers=row)
            else:
                facts = self._gateway.observe(row["object_kind"], row["object_id"])
                self._reducer.apply(facts, answers=row)
        except UnknownObject as unknown:
            self._reducer.ask_a_person("unknown_object", row, str(unknown))
        except UnknownFact as unknown:
            self._reducer.ask_a_person("unknown_fact", row, str(unknown))
        except (StripeUnreachable, StripeRefused) as error:
            self._postpone("postpone_notification", row, f"{type(error).__name__}: {error}")
        except StoreUnavailable:
            raise
        except Exception as error:
            log.exception("notification %s broke off", row["id"])
            self._postpone("postpone_notification", row, type(error).__name__)
        return True

    def send_one_letter(self) -> bool:
        """Send the oldest letter that is due; tell whether there was one."""
        from fundraising import post
        from fundraising.mailer import MailRefused

        row = self._claim("claim_letter")
        if row is None:
            return False
        try:
            with self._store.transaction() as books:
                correspondence = post.gather(
                    books, row, now=self._clock(), new_token=self._new_token
                )
            if not correspondence.still_true:
                self._settle_letter(row, "dropped")
                return True
            letter = post.write(correspondence, self._campaigns.read(), self._site_url)
            self._mailer().send(letter, row["id"])
            self._settle_letter(row, "sent")
        except MailRefused as refused:
            if refused.temporary:
                self._postpone("postpone_letter", row, str(refused))
            elif row["reader"]:
                self._give_up_on_reader(row, str(refused))
            else:
                self._settle_letter(row, "refused", str(refused))
        except StoreUnavailable:
            raise
        except Exception as error:
            log.exception("letter %s broke off", row["id"])
            self._postpone("postpone_letter", row, type(error).__name__)
        return True

    def publish_totals(self) -> bool:
        """Write totals.json where the site reads it, if they changed."""
        if self._totals_file is None:
            return False
        now = self._clock()
        found = totals.read_totals(self._store, livemode=bool(self._livemode), now=now)
        return totals.write_totals(found, self._totals_file)

    def _tidy_readers(self) -> None:
        """Once a day, forget who asked for the newsletter and never confirmed, and what is old."""
        now = self._clock()
        if self._tidied_on == italian_day(now):
            return
        with self._store.transaction() as books:
            self._readers(books, now).tidy()
            books.remove_stale_access(now=to_text(now))
            forget_old_asking(books, now=now)
            books.forget_old_deliveries(
                livemode=self._livemode, before=to_text(now - _DELIVERIES_KEPT)
            )
        self._tidied_on = italian_day(now)

    def _give_up_on_reader(self, row: Row, error: str) -> None:
        # An address that is none has not agreed to anything: there is nobody to tell.
        now = self._clock()
        with self._store.transaction() as books:
            books.settle_letter(id=row["id"], state="dropped", sent_at=None, error=error[:200])
            if row["kind"] == "opt_in":
                self._readers(books, now).withdraw(row["reader"])

    def _readers(self, books: Transaction, now: datetime) -> Readers:
        return Readers(books, livemode=self._livemode, now=now, new_id=self._new_token)

    def _sum_up_the_year(self) -> None:
        """In the second half of January, queue what everybody gave in the year before."""
        now = self._clock()
        today = italian_day(now)
        if today.month != 1 or today.day < _FIRST_DAY_TO_SUM_UP or self._summed_up_on == today:
            return
        from fundraising.donor_post import queue_yearly_summaries

        with self._store.transaction() as books:
            queue_yearly_summaries(books, livemode=self._livemode, now=now, new_id=self._new_token)
        self._summed_up_on = today

    def _claim(self, query: str) -> Row | None:
        now = self._clock()
        with self._store.transaction() as books:
            row: Row | None = getattr(books, query)(
                now=to_text(now), lease_until=to_text(now + _LEASE), livemode=self._livemode
            )
        return row

    def _postpone(self, query: str, row: Row, error: str) -> None:
        # Each attempt waits twice as long; nothing is ever given up, doctor tells.
        delay = min(_FIRST_DELAY * 2 ** min(row["attempts"] - 1, 20), _LONGEST_DELAY)
        due_at = to_text(self._clock() + delay)
        with self._store.transaction() as books:
            getattr(books, query)(id=row["id"], due_at=due_at, error=error[:200])

    def _settle_letter(self, row: Row, state: str, error: str | None = None) -> None:
        sent_at = to_text(self._clock()) if state == "sent" else None
        with self._store.transaction() as books:
            books.settle_letter(
                id=row["id"], state=state, sent_at=sent_at, error=error and error[:200]
            )


def _count(step: Callable[[], bool]) -> int:
    """Repeat a step until it finds nothing to do; count how often it did something."""
    done = 0
    while step():
        done += 1
    return done
