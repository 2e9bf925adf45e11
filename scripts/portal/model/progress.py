"""How far a campaign has come towards its goal."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """A campaign's money as of a moment, in cents: what came in, what is on its way, what it cost.

    `percent` is capped at 100 for the bar only.
    """

    confirmed_cents: int
    pending_cents: int
    gifts: int
    costs_cents: int
    goal_cents: int | None
    as_of: datetime.datetime | None
    is_test: bool

    @property
    def percent(self) -> int:
        """The share of the goal reached, in whole percent, rounded down, at least 0 and at most 100."""
        if not self.goal_cents:
            return 0
        return max(0, min(100, self.confirmed_cents * 100 // self.goal_cents))
