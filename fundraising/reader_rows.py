"""Reader rows: subscriptions as the books keep them.

The state is a column of its own, so that a query can find who receives a topic; it is
written here and nowhere else, from the subscription it belongs to.
"""

from __future__ import annotations

from typing import Any

from fundraising.store import Transaction, from_text, to_text
from fundraising.subscriptions import Consent, Ending, Place, State, Subscription, Wish

Row = dict[str, Any]
Subscriptions = dict[str, Subscription]


def read_subscriptions(books: Transaction, reader: str) -> Subscriptions:
    """Read how everything stands for a reader, by topic."""
    return {
        row["topic"]: _subscription_of(row) for row in books.subscriptions_of_reader(reader=reader)
    }


def write_subscription(
    books: Transaction, reader: str, topic: str, subscription: Subscription | None
) -> None:
    """Write how one topic stands; None removes it."""
    if subscription is None:
        books.remove_subscription(reader=reader, topic=topic)
    else:
        books.save_subscription(reader=reader, topic=topic, **_row_of(subscription))


def _row_of(subscription: Subscription) -> Row:
    wish, consent, ending = subscription.wish, subscription.consent, subscription.ending
    return {
        "state": subscription.state,
        "asked_at": wish and to_text(wish.at),
        "asked_wording": wish and wish.wording,
        "asked_place": wish and wish.place,
        "requested_at": consent and to_text(consent.wish.at),
        "wording": consent and consent.wish.wording,
        "place": consent and consent.wish.place,
        "confirmed_at": consent and to_text(consent.confirmed_at),
        "ended_at": ending and to_text(ending.at),
        "ended_why": ending and ending.why,
    }


def _subscription_of(row: Row) -> Subscription:
    wish = consent = ending = None
    if row["asked_at"]:
        wish = Wish(from_text(row["asked_at"]), row["asked_wording"], Place(row["asked_place"]))
    if row["confirmed_at"]:
        asked = Wish(from_text(row["requested_at"]), row["wording"], Place(row["place"]))
        consent = Consent(asked, from_text(row["confirmed_at"]))
    if row["ended_at"]:
        ending = Ending(State(row["ended_why"]), from_text(row["ended_at"]))
    return Subscription(wish, consent, ending)
