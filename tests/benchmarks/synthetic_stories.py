"""Synthetic stories, the same for our build and for Hugo's: only ratios between the two mean anything.

A story has about 400 words, three headings, a list now and then. The words are drawn
from a fixed list with a seed, so every run writes the same bytes.
"""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from pathlib import Path

WORDS = """
casa lavoro famiglia vicini mattina caffè tavolo porta chiave orto scuola strada piazza sera pane libro lettera
conto banca rata affitto bambini mamma nonno amico cortile finestra voce mano passo giorno insieme parlare ascoltare
aprire trovare cercare portare restare tornare cominciare provare chiedere aiutare
""".split()  # noqa: SIM905 – a list of forty quoted words reads worse


@dataclass(frozen=True)
class Story:
    """A story that says nothing, at the length of one that does."""

    number: int
    day: datetime.date
    description: str
    action: str
    town: str
    body: str

    @property
    def title(self) -> str:
        """Its title, which no other story has."""
        return f"Prova numero {self.number}"

    @property
    def slug(self) -> str:
        """Its file, without the ending."""
        return f"{self.day}-prova-{self.number}"


def make_stories(count: int, *, actions: list[str], towns: list[str]) -> list[Story]:
    """The first *count* of all synthetic stories, about these *actions* and *towns*."""
    return [_story(number, actions, towns) for number in range(count)]


def write_stories(folder: Path, stories: list[Story]) -> None:
    """Write *stories* with our front matter into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for story in stories:
        front = (
            f"---\ntitle: {story.title}\n"
            f"description: {story.description}\n"
            f"id: st-{3000 + story.number // 1000}-{story.number % 1000:03d}\ndate: {story.day}\n"
            f"actions: [{story.action}]\ntowns: [{story.town}]\n"
            f"sources:\n  - {{title: Prova, date: {story.day}}}\n---\n\n"
        )
        (folder / f"{story.slug}.md").write_text(front + story.body, encoding="utf-8")


def _story(number: int, actions: list[str], towns: list[str]) -> Story:
    dice = random.Random(number)
    return Story(
        number,
        datetime.date(2020, 1, 1) + datetime.timedelta(days=number % 2000),
        _sentence(dice, 14),
        dice.choice(actions),
        dice.choice(towns),
        _body(dice),
    )


def _body(dice: random.Random) -> str:
    """About 400 words of Markdown."""
    parts = []
    for heading in range(3):
        parts.append(f"## {_sentence(dice, 4)}\n")
        parts.extend(" ".join(_sentence(dice, 12) for _ in range(3)) + "\n" for _ in range(3))
        if heading == 1:
            parts.append("".join(f"- {_sentence(dice, 8)}\n" for _ in range(4)))
    return "\n".join(parts)


def _sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words)).capitalize() + "."
