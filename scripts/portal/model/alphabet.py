"""The alphabet: what a title is sorted as, and under which letter it stands."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """*text* in small letters and without accents."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def sorted_as(title: str) -> str:
    """What *title* is sorted as: accents, capitals, «#» and quotes do not count."""
    kept = "".join(letter for letter in plain(title) if letter.isalnum() or letter == " ")
    return kept.strip()


def letter_of(title: str) -> str:
    """The letter *title* stands under; figures share «0–9»."""
    first = sorted_as(title)[:1].upper()
    return first if first.isalpha() else "0–9"
