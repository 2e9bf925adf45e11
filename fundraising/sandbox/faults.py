"""Faults on demand: what a network and a busy Stripe do to notifications and calls.

Each fault is armed for a number of times and then gone, so that a rehearsal
comes back to normal by itself.
"""

import threading
from dataclasses import dataclass, fields
from typing import Literal

Outage = Literal["unavailable", "refused", "answer_lost", "forbidden", "rejected"]


@dataclass(frozen=True)
class Armed:
    """How often each fault will still happen."""

    duplicate: int = 0
    drop: int = 0
    delay: int = 0
    delay_seconds: int = 0
    reorder: int = 0
    unavailable: int = 0
    refused: int = 0
    answer_lost: int = 0
    forbidden: int = 0
    rejected: int = 0
    late_fees: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


class Faults:
    """The faults that are armed; safe to use from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[str, int] = {}
        self._late_fees = False
        self._delay_seconds = 0

    @property
    def armed(self) -> Armed:
        """What will still happen."""
        with self._lock:
            return Armed(
                **self._armed, delay_seconds=self._delay_seconds, late_fees=self._late_fees
            )

    def duplicate(self, notifications: int = 1) -> None:
        """Deliver the next notifications twice each."""
        self._arm("duplicate", notifications)

    def drop(self, notifications: int = 1) -> None:
        """Lose the next notifications for good."""
        self._arm("drop", notifications)

    def delay(self, notifications: int = 1, seconds: int = 60) -> None:
        """Deliver the next notifications so many seconds late, by the clock."""
        self._arm("delay", notifications)
        self._delay_seconds = seconds

    def reorder(self, batches: int = 1) -> None:
        """Deliver what waits together in the opposite order."""
        self._arm("reorder", batches)

    def api_unavailable(self, calls: int = 1, how: Outage = "unavailable") -> None:
        """Make the next calls of the API fail.

        `unavailable` answers 503, `refused` closes the connection before the
        call is carried out, `answer_lost` after it: the caller cannot know.
        `forbidden` answers that the key may not do this, `rejected` that the call
        makes no sense: Stripe is there and says no.
        """
        self._arm(how, calls)

    def late_fees(self, late: bool = True) -> None:
        """Let card charges succeed before their balance transaction exists."""
        with self._lock:
            self._late_fees = late

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._armed.clear()
            self._late_fees = False

    def strikes(self, fault: str) -> bool:
        """Return whether a fault happens now, and count it."""
        with self._lock:
            left = self._armed.get(fault, 0)
            if left:
                self._armed[fault] = left - 1
            return left > 0

    def _arm(self, fault: str, times: int) -> None:
        if times < 0:
            raise ValueError(f"{fault} cannot happen {times} times")
        with self._lock:
            self._armed[fault] = times
