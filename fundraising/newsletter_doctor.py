"""The newsletter's part of the examination: sendings that stopped, wishes nobody forgot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fundraising.store import Transaction, from_text, to_text
from fundraising.subscriptions import WISH_LASTS, State

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising

STUCK_AFTER = timedelta(hours=1)
LATE_TIDYING = timedelta(days=1)


def describe_readers(fundraising: Fundraising) -> str:
    """Tell in a line how many read the newsletter; nothing where nobody ever asked to."""
    with fundraising.store.transaction() as books:
        rows = books.count_subscriptions(livemode=int(fundraising.gateway.livemode))
    people: dict[State, int] = {}
    for row in rows:
        state = State(row["state"])
        people[state] = people.get(state, 0) + row["people"]
    said = ", ".join(state.counted(people[state]) for state in State if state in people)
    return f"Iscrizioni alla newsletter: {said}." if said else ""


def examine_newsletter(books: Transaction, livemode: int, *, now: datetime) -> Iterator[str]:
    """List what is wrong with the newsletter, in Italian."""
    for row in books.unfinished_sendings(livemode=livemode, before=to_text(now - STUCK_AFTER)):
        last = books.last_delivery_of(sending=row["id"])["moment"]
        # A long sending at a slow rate is under way, not stuck.
        if last and from_text(last) > now - STUCK_AFTER:
            continue
        people = "una persona aspetta" if row["people"] == 1 else f"{row['people']} aspettano"
        yield (
            f"newsletter: l'invio del numero {row['number']} si è fermato e {people}; "
            f"«fundraising newsletter resume {row['number']} --topic {row['topic']}» riprende"
        )
    late = books.readers_with_old_wishes(
        livemode=livemode, before=to_text(now - WISH_LASTS - LATE_TIDYING)
    )
    if late:
        how_many = "un indirizzo" if len(late) == 1 else f"{len(late)} indirizzi"
        yield (
            f"newsletter: {how_many} di chi non ha mai confermato resta qui da più di una settimana; "
            "gira il lavoro? «fundraising work --once» dimentica"
        )
