"""The plain-text part of a letter: designed, not what is left when the tags are gone."""

from __future__ import annotations

from collections.abc import Iterator

from portal.writers.letter_content import LetterContent, LetterItem, LetterSection
from portal.writers.plain_text import COLUMNS, numbered, plain_text, wrapped


def write_letter_text(letter: LetterContent) -> str:
    """Write the letter in 72 columns, every link a number, the addresses at the end."""
    addresses: list[str] = []
    blocks = [numbered(block, addresses) for block in _blocks(letter)]
    links = "\n".join(f"[{number}] {address}" for number, address in enumerate(addresses, start=1))
    return (
        "\n\n".join([*(wrapped(block) for block in blocks), f"Gli indirizzi\n{'=' * 13}", links])
        + "\n"
    )


def _blocks(letter: LetterContent) -> Iterator[str]:
    yield f"#OLTREIPERIMETRI\n{letter.edition}\n{'=' * COLUMNS}"
    yield letter.title
    yield (
        f"Leggi questa lettera sul sito <{letter.web_url}>\n"
        f"Te l'ha inoltrata qualcuno? Ricevila anche tu <{letter.join_url}>"
    )
    if letter.body:
        yield plain_text(letter.body)
    for section in letter.sections:
        yield from _section(section)
    yield "-" * COLUMNS
    yield letter.reason
    if letter.personal:
        yield (
            f"Non mandatemi più questa lettera <{letter.personal.leave}>\n"
            f"Scegli che cosa ricevere <{letter.personal.preferences}>"
        )
    yield f"Il sito di #Oltreiperimetri <{letter.home_url}>"


def _section(section: LetterSection) -> Iterator[str]:
    yield f"{section.heading}\n{'=' * len(section.heading)}"
    yield from (_item(item) for item in section.items)


def _item(item: LetterItem) -> str:
    return "\n".join([f"{item.title} <{item.url}>", *item.facts, item.text])
