"""The cover of fees: what to add to a gift so that Stripe's fee does not shorten it.

It is an estimate, because how somebody pays is known only afterwards. The price
list is data with a date, in fees.json; the true fee is what the balance
transaction says, and the difference is never charged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FEES = Path(__file__).parent / "fees.json"


@dataclass(frozen=True)
class Fee:
    """What Stripe keeps of a payment from one day on: a share of it and a fixed part."""

    valid_from: date
    per_mille: int
    fixed_cents: int

    def __post_init__(self) -> None:
        if not 0 <= self.per_mille < 1000 or self.fixed_cents < 0:
            raise ValueError(f"a fee of {self.per_mille} ‰ and {self.fixed_cents} cents")

    def of(self, amount_cents: int) -> int:
        """Return the fee of a payment in cents, half a cent rounded up."""
        return (amount_cents * self.per_mille + 500) // 1000 + self.fixed_cents


@lru_cache
def price_list(path: Path = FEES) -> tuple[Fee, ...]:
    """Read the price list, the oldest prices first."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    fees = [
        Fee(date.fromisoformat(row["valid_from"]), row["per_mille"], row["fixed_cents"])
        for row in rows
    ]
    return tuple(sorted(fees, key=lambda fee: fee.valid_from))


def estimate_cover(gift_cents: int, *, today: date, fees: tuple[Fee, ...] | None = None) -> int:
    """Return the fewest cents to add so that the whole gift is left after the fee.

    No prices known for that day cover nothing.
    """
    known = [fee for fee in fees or price_list() if fee.valid_from <= today]
    if not known:
        return 0
    fee = known[-1]
    # The exact quotient misses by a cent at most, because fees are rounded.
    total_cents = (gift_cents + fee.fixed_cents) * 1000 // (1000 - fee.per_mille) - 2
    while total_cents - fee.of(total_cents) < gift_cents:
        total_cents += 1
    return total_cents - gift_cents
