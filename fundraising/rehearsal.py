"""A rehearsed year: what a year of giving does to the books, in the sandbox, on a clock.

Donors give through the real form, Stripe's stand-in answers over real HTTP, and things
go wrong as they do: debits come back, cards are refused, banks dispute, notifications
are lost until a sweep finds them. The same seed plays the same year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from fundraising.store import to_text
from fundraising.sweep import Sweep

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising
    from fundraising.campaigns import Campaign
    from fundraising.sandbox import Sandbox

DAYS = 365

_SESSION = re.compile("cs_test_[a-z0-9]+")
_AMOUNTS = (5, 10, 10, 20, 20, 25, 30, 50, 50, 100, 200)
_LOST = 0.05
_PLANS = 12


class Calendar:
    """A clock that moves when told, and a millisecond each time it is asked."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def move_to(self, moment: datetime) -> None:
        """Move on; time never goes back."""
        self.now = max(self.now, moment)


@dataclass
class Happened:
    """What happened in the year, by name."""

    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """Count one more of these."""
        self.counts[what] = self.counts.get(what, 0) + 1


class NoRehearsal(ValueError):
    """There is nothing to rehearse with; the message is Italian."""


class RehearsedYear:
    """Plays a year in the sandbox of a wired deployment whose clock is *calendar*."""

    def __init__(
        self, parts: Fundraising, calendar: Calendar, random: Random, *, gifts_a_day: float
    ) -> None:
        if parts.sandbox is None:
            raise NoRehearsal("Con una chiave di Stripe non si prova: qui il denaro è vero.")
        self._campaigns = parts.campaigns.read().that_take_gifts(livemode=False)
        if not self._campaigns:
            raise NoRehearsal("campaigns.json non ha nessuna campagna aperta.")
        self._parts = parts
        self._sandbox: Sandbox = parts.sandbox
        self._calendar = calendar
        self._random = random
        self._gifts_a_day = gifts_a_day
        self._heard: list[tuple[str, str, str]] = []
        self._told = 0
        self._debits: dict[str, date] = {}
        self._disputes: dict[str, date] = {}
        self._plans: dict[str, date] = {}
        self._paid: list[str] = []
        self.happened = Happened()
        self._sandbox.account.listeners.append(
            lambda kind, body: self._heard.append((kind, body["object"], body["id"]))
        )

    def play(self, first: datetime, days: int, tell: Callable[[int], None]) -> Happened:
        """Play so many days from the first; *tell* hears how many are over."""
        for number in range(days):
            morning = first + timedelta(days=number)
            self._calendar.move_to(morning)
            self._play_day(morning.date())
            self._tell_and_work()
            if morning.weekday() == 6:
                self._sweep()
            tell(number + 1)
        self._sweep()
        self._tell_and_work()
        return self.happened

    def _play_day(self, today: date) -> None:
        random = self._random
        # December gives twice as much as any other month.
        eager = self._gifts_a_day * (2 if today.month == 12 else 1)
        for _ in range(int(eager) + (random.random() < eager % 1)):
            self._give_once(today)
        if random.random() < _PLANS / DAYS:
            self._start_plan(today)
        self._renew_plans(today)
        for session_id in [one for one, due in self._debits.items() if due <= today]:
            del self._debits[session_id]
            self._answer_debit(session_id)
        for dispute_id in [one for one, due in self._disputes.items() if due <= today]:
            del self._disputes[dispute_id]
            won = random.random() < 0.5
            what = "contestazioni vinte" if won else "contestazioni perse"
            self._do(what, partial(self._sandbox.close_dispute, dispute_id, won=won))
        if self._paid and random.random() < 0.02:
            self._refund(random.choice(self._paid))
        if self._paid and random.random() < 0.008:
            self._dispute(random.choice(self._paid), today)
        if today.weekday() == 0:
            self._do("versamenti sul conto", self._sandbox.pay_out)
        if today.day == 1:
            self._do("commissioni del mese", lambda: self._sandbox.charge_fee(2_00))

    def _give_once(self, today: date) -> None:
        session_id = self._give("once")
        chance = self._random.random()
        if chance < 0.12:
            self._do("pagine lasciate a metà", lambda: self._sandbox.expire(session_id))
        elif chance < 0.17:
            self._do("carte rifiutate", lambda: self._sandbox.decline_card(session_id))
        elif chance < 0.35:
            self._do("addebiti SEPA", lambda: self._sandbox.pay_by_sepa(session_id))
            self._debits[session_id] = today + timedelta(days=self._random.randint(4, 9))
        else:
            self._do("doni con carta", lambda: self._sandbox.pay_by_card(session_id))
            self._paid.append(session_id)

    def _start_plan(self, today: date) -> None:
        session_id = self._give("month")
        session = self._do("doni mensili", lambda: self._sandbox.pay_by_card(session_id))
        if session:
            self._plans[session["subscription"]] = today

    def _renew_plans(self, today: date) -> None:
        for plan, begun in list(self._plans.items()):
            if today == begun or today.day != min(begun.day, 28):
                continue
            chance = self._random.random()
            if chance < 0.04:
                cancel = partial(self._sandbox.cancel_subscription, plan)
                self._do("doni mensili annullati", cancel)
                del self._plans[plan]
            else:
                accepted = chance > 0.12
                what = "rinnovi" if accepted else "rinnovi rifiutati"
                self._do(what, partial(self._sandbox.renew, plan, accepted=accepted))

    def _answer_debit(self, session_id: str) -> None:
        if self._random.random() < 0.1:
            self._do("addebiti SEPA tornati indietro", lambda: self._sandbox.fail(session_id))
        else:
            self._do("addebiti SEPA accreditati", lambda: self._sandbox.settle(session_id))
            self._paid.append(session_id)

    def _refund(self, session_id: str) -> None:
        part = self._random.random() < 0.4
        what = "rimborsi in parte" if part else "rimborsi"
        self._do(what, lambda: self._sandbox.refund(session_id, 3_00 if part else None))

    def _dispute(self, session_id: str, today: date) -> None:
        dispute = self._do("contestazioni", lambda: self._sandbox.dispute(session_id))
        if dispute and dispute["status"] == "needs_response":
            self._disputes[dispute["id"]] = today + timedelta(days=20)

    def _give(self, frequency: str) -> str:
        """Fill in the form as a browser does and return the session it leads to."""
        from werkzeug.test import EnvironBuilder
        from werkzeug.wrappers import Request

        from fundraising.app import App

        random = self._random
        campaign: Campaign = random.choice(self._campaigns)
        if frequency not in campaign.frequencies:
            frequency = "once"
        number = random.randint(1, 400)
        builder = EnvironBuilder(
            "/api/donate",
            self._parts.settings.site_url,
            method="POST",
            environ_base={"REMOTE_ADDR": f"198.51.100.{number % 250 + 1}"},
            data={
                "campaign": campaign.id,
                "amount": str(max(random.choice(_AMOUNTS), -(-campaign.minimum_cents // 100))),
                "frequency": frequency,
                "email": f"donatore-{number}@example.org",
                "first_name": "Donatore",
                "last_name": f"Prova {number}",
                "fiscal_code": _fiscal_code(number) if number % 3 else "",
            },
        )
        answer = App(self._parts).respond(Request(builder.get_environ()))
        found = _SESSION.search(answer.headers.get("Location", ""))
        if found is None:
            raise NoRehearsal(f"Il modulo ha risposto {answer.status} e non si può donare.")
        return found[0]

    def _do(self, what: str, act: Callable[[], Any]) -> Any:
        """Do what may happen; what Stripe refuses does not happen."""
        from fundraising.sandbox import Refusal

        try:
            done = act()
        except Refusal:
            return None
        self.happened.count(what)
        return done

    def _tell_and_work(self) -> None:
        """Hand over what was announced, some of it lost, and let the worker work."""
        with self._parts.store.transaction() as books:
            for number, (kind, object_kind, object_id) in enumerate(
                self._heard[self._told :], start=self._told
            ):
                if self._random.random() < _LOST:
                    self.happened.count("notifiche perse")
                    continue
                books.receive_notification(
                    id=f"evt_rehearsal_{number}",
                    livemode=0,
                    type=kind,
                    object_kind=object_kind,
                    object_id=object_id,
                    received_at=to_text(self._calendar()),
                )
        self._told = len(self._heard)
        self._parts.worker.run_once()

    def _sweep(self) -> None:
        parts = self._parts
        Sweep(parts.store, parts.gateway, parts.reducer, clock=self._calendar).run()


def _fiscal_code(number: int) -> str:
    """Make a code with the right check for a person who does not exist."""
    from codicefiscale.codicefiscale import encode_cin

    code = f"PRVDNT{number % 100:02}A01F205"
    return code + encode_cin(code)
