"""The dedication: a gift made in memory of somebody, or as a present to somebody.

The card is optional and leaves only once the money is here. It goes to a person
who did not ask for it, so it carries no address that could be followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TEXT = 500

_ADDRESS = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|net|org|it|info|biz|ru|xyz)\b", re.IGNORECASE
)


class Kind(StrEnum):
    """What a dedication is."""

    MEMORY = "memory"
    GIFT = "gift"


@dataclass(frozen=True)
class Dedication:
    """For whom a gift is made; *card_email* is where the card goes, if there is to be one."""

    kind: Kind
    name: str
    card_email: str | None = None
    card_text: str | None = None


def problem_of_card_text(text: str) -> str | None:
    """Say in Italian why a text cannot go on a card, or None."""
    if len(text) > LONGEST_TEXT:
        return f"Il biglietto è troppo lungo: bastano {LONGEST_TEXT} caratteri."
    if _ADDRESS.search(text):
        return "Nel biglietto non si possono mettere indirizzi di siti: toglili e riprova."
    if not all(letter.isprintable() or letter in "\r\n" for letter in text):
        return "Nel biglietto c'è un carattere che non possiamo stampare: riscrivilo."
    return None
