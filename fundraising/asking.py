"""Asking for letters: how often one address, and one network, may do so in an hour.

What is counted are hashes with the day in them, so that tomorrow nobody can tell whom
today's counters meant.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from fundraising.defences import KEPT_FOR
from fundraising.store import Transaction

LETTERS_AN_HOUR = 3
ASKING_AN_HOUR = 30


@dataclass(frozen=True)
class Asked:
    """How often something was asked for in this hour; *by_network* is 0 where it is hidden."""

    for_address: int
    by_network: int
    by_everybody: int

    @property
    def is_too_often(self) -> bool:
        """Tell whether no letter should leave any more."""
        return self.for_address > LETTERS_AN_HOUR or self.comes_from_a_crowd

    @property
    def comes_from_a_crowd(self) -> bool:
        """Tell whether one network asks for more than people do."""
        return self.by_network > ASKING_AN_HOUR


def count_asking(
    books: Transaction,
    kind: str,
    email: str,
    network: str | None,
    *,
    secret: bytes,
    livemode: int,
    now: datetime,
) -> Asked:
    """Count somebody who asks for a letter of this kind; the order is that of the locks."""
    hour = _hour(now)

    def count(name: str, subject: str) -> int:
        text = f"{hour[:10]}:{subject}"
        digest = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()[:32]
        row = books.count_attempt(hour=hour, livemode=livemode, kind=name, subject=digest)
        return int(row["times"])

    for_address = count(kind, email.lower())
    by_network = count(f"{kind}_from", network) if network else 0
    return Asked(for_address, by_network, count(f"{kind}_all", ""))


def forget_old_asking(books: Transaction, *, now: datetime) -> None:
    """Forget what was counted more than a week ago, also where no gift ever makes us do so."""
    books.forget_attempts(hour=_hour(now - KEPT_FOR))


def _hour(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H")
