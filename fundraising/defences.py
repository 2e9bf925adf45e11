"""The defences: telling donors from programs that try stolen cards, as gently as possible.

What is defended is the opening of a payment page; cards are Stripe's to defend. In quiet
times nobody notices. A sender who looks odd, or comes too often, sees the form once more
with everything typed kept; only far beyond that they are asked to come back later. When
the whole site is asked too often, or Stripe refuses too many cards, the shield goes up by
itself: everybody takes that one step more, and payment pages live for half an hour. It
comes down by itself an hour later.

When the counters cannot be read the gift goes on: a defence that is out of order must
not be what stops a donor.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from fundraising.form_token import FormToken
from fundraising.store import Store, Transaction, to_text

log = logging.getLogger("fundraising")

_HOUR = timedelta(hours=1)
KEPT_FOR = timedelta(days=7)
"""How long counters are kept; who counts letters asked for relies on it too."""

# Nobody reads a form and sends it in less.
_QUICKEST = timedelta(seconds=2)


@dataclass(frozen=True)
class Budget:
    """How many payment pages one subject may ask for in an hour.

    Beyond *soft* a page's token is needed, beyond *hard* nothing helps. With the
    shield up the soft limit is the hard one.
    """

    soft: int
    hard: int


@dataclass(frozen=True)
class Limits:
    """The budgets, and what raises the shield.

    A /24 may be a whole school, so it gets more than a person; *page* is one form,
    opened once and sent again and again.
    """

    network: Budget = Budget(20, 60)
    email: Budget = Budget(5, 12)
    page: Budget = Budget(5, 12)
    site: Budget = Budget(120, 600)
    failed_payments: int = 30


class Verdict(StrEnum):
    """What becomes of a request for a payment page."""

    ADMIT = "admit"
    ASK_AGAIN = "ask_again"
    TOO_MANY = "too_many"


class Reason(StrEnum):
    """Why a request was not admitted at once."""

    ELSEWHERE = "elsewhere"
    TRAP = "trap"
    SHIELD = "shield"
    NETWORK = "network"
    EMAIL = "email"
    PAGE = "page"
    SITE = "site"


@dataclass(frozen=True)
class Decision:
    """A verdict, why, and whether the shield is up."""

    verdict: Verdict
    reason: Reason | None = None
    shield: bool = False


@dataclass(frozen=True)
class Visit:
    """What is known of a request for a payment page. *network* is None behind a proxy."""

    network: str | None
    email: str
    token: FormToken | None
    from_elsewhere: bool = False
    trapped: bool = False


@dataclass(frozen=True)
class Watch:
    """What the counters say now: of this hour and of the one before."""

    opened: int
    failed: int
    turned_away: dict[str, int]
    hidden: int
    shield: bool


class Defences:
    """Counts requests for payment pages and decides about each."""

    def __init__(
        self, store: Store, *, livemode: bool, new_salt: Callable[[], str], limits: Limits
    ) -> None:
        self._store = store
        self._livemode = int(livemode)
        self._new_salt = new_salt
        self.limits = limits

    def judge(self, visit: Visit, *, now: datetime) -> Decision:
        """Decide about a request for a payment page, and count it. Never raises."""
        try:
            with self._store.transaction() as books:
                decision = self._judge(books, visit, now)
                if decision.reason:
                    self._count(books, "turned_away", decision.reason, now)
            return decision
        except Exception:
            log.exception("the defences are out of order: the gift goes on without them")
            return Decision(Verdict.ADMIT, shield=True)

    def watch(self, *, now: datetime) -> Watch:
        """Read the counters of this hour and of the one before."""
        with self._store.transaction() as books:
            return self._watch(books, now)

    def _judge(self, books: Transaction, visit: Visit, now: datetime) -> Decision:
        if visit.from_elsewhere:
            return Decision(Verdict.ASK_AGAIN, Reason.ELSEWHERE)
        if visit.trapped:
            return Decision(Verdict.ASK_AGAIN, Reason.TRAP)
        shield = self._watch(books, now).shield
        has_token = visit.token is not None and visit.token.age >= _QUICKEST
        if shield and not has_token:
            return Decision(Verdict.ASK_AGAIN, Reason.SHIELD, shield)
        # The site comes last: who is stopped before must not use up everybody's budget.
        # The order is also that of the locks, the same for all.
        for kind, subject, budget in self._subjects(books, visit, now):
            times = self._count(books, kind, subject, now)
            if times > (budget.soft if shield and kind is not Reason.SITE else budget.hard):
                return Decision(Verdict.TOO_MANY, kind, shield)
            if times > budget.soft and not has_token:
                return Decision(Verdict.ASK_AGAIN, kind, shield)
        return Decision(Verdict.ADMIT, shield=shield)

    def _subjects(
        self, books: Transaction, visit: Visit, now: datetime
    ) -> list[tuple[Reason, str, Budget]]:
        salt = self._salt(books, now)
        subjects = []
        if visit.network:
            subjects.append((Reason.NETWORK, _hash(salt, visit.network), self.limits.network))
        else:
            self._count(books, "hidden", "", now)
        subjects.append((Reason.EMAIL, _hash(salt, visit.email.lower()), self.limits.email))
        if visit.token:
            subjects.append((Reason.PAGE, _hash(salt, visit.token.page), self.limits.page))
        subjects.append((Reason.SITE, "", self.limits.site))
        return subjects

    def _watch(self, books: Transaction, now: datetime) -> Watch:
        rows = books.attempts_by_hour(since=_hour(now - _HOUR), livemode=self._livemode)
        failed = books.failed_payments(since=to_text(now - _HOUR), livemode=self._livemode)
        opened = [int(row["times"]) for row in rows if row["kind"] == "site"]
        turned_away: dict[str, int] = {}
        for row in rows:
            if row["kind"] == "turned_away":
                turned_away[row["subject"]] = turned_away.get(row["subject"], 0) + row["times"]
        return Watch(
            opened=max(opened, default=0),
            failed=int(failed["times"]),
            turned_away=turned_away,
            hidden=sum(int(row["times"]) for row in rows if row["kind"] == "hidden"),
            shield=max(opened, default=0) > self.limits.site.soft
            or int(failed["times"]) > self.limits.failed_payments,
        )

    def _count(self, books: Transaction, kind: str, subject: str, now: datetime) -> int:
        row = books.count_attempt(
            hour=_hour(now), livemode=self._livemode, kind=kind, subject=subject
        )
        return int(row["times"])

    def _salt(self, books: Transaction, now: datetime) -> str:
        """Return the salt of the day; whoever draws it throws away what is old."""
        day = now.astimezone(UTC).date().isoformat()
        known = books.find_salt(day=day)
        if known is None and books.new_salt(day=day, salt=self._new_salt()):
            books.forget_salts(day=day)
            books.forget_attempts(hour=_hour(now - KEPT_FOR))
            books.forget_checkout_starts(before=to_text(now - KEPT_FOR))
        salt: str = (known or books.find_salt(day=day))["salt"]
        return salt


def _hash(salt: str, value: str) -> str:
    return hmac.new(salt.encode(), value.encode(), hashlib.sha256).hexdigest()[:32]


def _hour(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")
