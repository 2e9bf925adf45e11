"""The topics: which letters somebody may ask for, and the words they ask with.

Declared once, here: form, preferences and sendings all read them. The site's own form
repeats them, and a test holds the two together. Words once used stay as they were,
because they are half of the proof that somebody agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Topic:
    """One kind of letter. *id* is in addresses and in the books: it never changes."""

    id: str
    title: str
    says: str


NEWSLETTER = Topic(
    "newsletter",
    "La lettera di #Oltreiperimetri",
    "Quattro o cinque storie e qualcosa da dire.",
)
DATES = Topic("appuntamenti", "Gli appuntamenti", "Solo quando c'è una data da segnare.")

TOPICS: Mapping[str, Topic] = MappingProxyType({topic.id: topic for topic in (NEWSLETTER, DATES)})

WORDINGS: Mapping[str, str] = MappingProxyType(
    {
        "2026-11": (
            "Usiamo il tuo indirizzo solo per mandarti le lettere che scegli. Prima ti chiediamo di "
            "confermare, e puoi smettere quando vuoi con un clic."
        ),
    }
)
"""What stands beside the button, by version; the last version is the one in use."""

LATEST = list(WORDINGS)[-1]


def known(ids: Iterable[str]) -> tuple[Topic, ...]:
    """Return the topics among *ids*, each once and in our order."""
    wanted = set(ids)
    return tuple(topic for topic in TOPICS.values() if topic.id in wanted)
