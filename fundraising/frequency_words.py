"""How often a donor gives, in words: for pages and letters, as filters of their templates."""

from __future__ import annotations

from fundraising.donation import Frequency


def gift_in_words(frequency: str) -> str:
    """Name a gift by how often it is made, such as «dono mensile»."""
    names = {
        Frequency.ONCE: "dono",
        Frequency.MONTH: "dono mensile",
        Frequency.YEAR: "dono annuale",
    }
    return names[Frequency(frequency)]


def how_often(frequency: str) -> str:
    """Say when a gift is made, such as «ogni mese»."""
    names = {
        Frequency.ONCE: "una volta sola",
        Frequency.MONTH: "ogni mese",
        Frequency.YEAR: "ogni anno",
    }
    return names[Frequency(frequency)]
