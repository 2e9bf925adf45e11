"""The states of a donation, and which may follow which.

A state is always computed from what Stripe says now, so a gift may be seen to
jump over states whose news was lost; what it may never do is walk backwards.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a donation stands; the value is what the books store."""

    DRAFT = "draft"
    OPEN = "open"
    ABANDONED = "abandoned"
    PROCESSING = "processing"
    DUE = "due"
    RETRYING = "retrying"
    ANNOUNCED = "announced"
    PAID = "paid"
    FAILED = "failed"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    CHARGED_BACK = "charged_back"

    @property
    def in_italian(self) -> str:
        """The state as treasurers and donors read it."""
        return _ITALIAN[self]


_ITALIAN = {
    State.DRAFT: "appena iniziato",
    State.OPEN: "non ancora pagato",
    State.ABANDONED: "lasciato a metà",
    State.PROCESSING: "in viaggio",
    State.DUE: "in attesa",
    State.RETRYING: "non riuscito, si riprova",
    State.ANNOUNCED: "bonifico promesso",
    State.PAID: "arrivato",
    State.FAILED: "non riuscito",
    State.PARTIALLY_REFUNDED: "restituito in parte",
    State.REFUNDED: "restituito",
    State.DISPUTED: "contestato",
    State.CHARGED_BACK: "ripreso dalla banca",
}


class Frequency(StrEnum):
    """How often a donor gives; month and year are Stripe's names for the interval."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"


STEPS: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.OPEN, State.ABANDONED}),
    State.OPEN: frozenset({State.ABANDONED, State.PROCESSING, State.PAID}),
    State.ANNOUNCED: frozenset({State.PAID, State.ABANDONED}),
    State.DUE: frozenset({State.PROCESSING, State.RETRYING, State.PAID, State.FAILED}),
    State.RETRYING: frozenset({State.PROCESSING, State.PAID, State.FAILED}),
    State.PROCESSING: frozenset({State.PAID, State.FAILED, State.RETRYING}),
    # A payment that failed can be tried again with another card.
    State.FAILED: frozenset({State.PROCESSING, State.PAID}),
    State.PAID: frozenset({State.PARTIALLY_REFUNDED, State.REFUNDED, State.DISPUTED}),
    # A refund can fail after it succeeded: the money is ours again.
    State.PARTIALLY_REFUNDED: frozenset({State.PAID, State.REFUNDED, State.DISPUTED}),
    State.REFUNDED: frozenset({State.PAID, State.PARTIALLY_REFUNDED}),
    State.DISPUTED: frozenset({State.PAID, State.PARTIALLY_REFUNDED, State.CHARGED_BACK}),
    # An appeal can reopen a dispute that was lost.
    State.CHARGED_BACK: frozenset({State.DISPUTED}),
    State.ABANDONED: frozenset(),
}
"""Each state and the states one step away from it."""

HOLDS_MONEY = frozenset({State.PAID, State.PARTIALLY_REFUNDED})
"""States in which the money is ours and a receipt may be valid."""


def can_become(before: State, after: State) -> bool:
    """Tell whether a donation seen in one state may later be seen in another."""
    reached = {before}
    frontier = [before]
    while frontier:
        for state in STEPS[frontier.pop()] - reached:
            reached.add(state)
            frontier.append(state)
    return after in reached
