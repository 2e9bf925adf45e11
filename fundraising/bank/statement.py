"""A bank statement: the credits on an account, whatever file they came in."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time


class BadStatement(ValueError):
    """A statement that cannot be read; *problems* says where and why, in Italian."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Credit:
    """Money that came in. *words* is what the bank says of it, names included.

    *reference* is the bank's own, where the file has one.
    """

    booked_on: date
    amount_cents: int
    words: str
    reference: str = ""


@dataclass(frozen=True)
class Statement:
    """The credits of a file, and how many debits were passed over."""

    credits: tuple[Credit, ...]
    debits: int


def noon_of(day: date) -> datetime:
    """Tell the moment a movement is booked at: a bank gives a day and no hour."""
    return datetime.combine(day, time(12), UTC)


def line_ids(credits: Iterable[Credit]) -> list[str]:
    """Name each credit by a digest, so that a statement read twice counts once.

    Two equal gifts on one day are told apart by their order.
    """
    ids = []
    seen: Counter[str] = Counter()
    for credit in credits:
        words = " ".join(credit.words.split()).casefold()
        told = f"{credit.booked_on}|{credit.amount_cents}|{credit.reference or words}"
        seen[told] += 1
        ids.append(hashlib.sha256(f"{told}|{seen[told]}".encode()).hexdigest()[:16])
    return ids
