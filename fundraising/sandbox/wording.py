"""Italian words for what the pages show: amounts, times, states."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fundraising.sandbox.objects import Body

ROME = ZoneInfo("Europe/Rome")
EUROS = re.compile(r"^(\d{1,6})(?:[.,](\d{1,2}))?$")
INTERVALS = {None: "una volta sola", "month": "ogni mese", "year": "ogni anno"}
METHODS = {"card": "carta", "sepa_debit": "addebito SEPA"}
SUBSCRIPTION_STATES = {
    "active": "attivo",
    "past_due": "in ritardo: l'ultimo rinnovo non è riuscito",
    "canceled": "annullato",
}
DELIVERY_STATES = {
    "waiting": "da consegnare",
    "delivered": "consegnata",
    "refused": "non accettata, si riprova",
    "dropped": "persa apposta",
    "given_up": "abbandonata dopo tre giorni",
}
DISPUTE_STATES = {
    "needs_response": "contestazione aperta",
    "won": "contestazione vinta",
    "lost": "contestazione persa",
}


def euros(cents: int) -> str:
    """Return an amount as Italians write it: 1.250,00 €."""
    whole, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    return f"{sign}{whole:,}".replace(",", ".") + f",{rest:02}\u00a0€"


def cents(text: str) -> int | None:
    """Return the cents of an amount typed as 12, 12,5 or 12.50, or None."""
    match = EUROS.match(text.strip())
    if match is None:
        return None
    return int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))


def moment(timestamp: int) -> str:
    """Return a time as read in Italy: 22/11/2026, 11:30."""
    return datetime.fromtimestamp(timestamp, UTC).astimezone(ROME).strftime("%d/%m/%Y, %H:%M")


def interval(session: Body) -> str:
    """Return how often a session's gift is given."""
    recurring = session["_items"][0]["price"]["recurring"]
    return INTERVALS[recurring["interval"] if recurring else None]
