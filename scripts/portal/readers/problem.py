"""A problem: what an editor must mend, where, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_MOST_QUOTED = 60
"""In letters: what is longer hides the message."""


@dataclass(frozen=True, order=True)
class Problem:
    """Something in `content/` that keeps the site from being published.

    *path* is relative to `content/`, *line* counts from 1. *message* says in
    Italian what was read and how to write it.
    """

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}, riga {self.line}: {self.message}"


class ContentFaults(Exception):
    """The content has problems and nothing was published. Carries every one of them, in order."""

    def __init__(self, problems: Iterable[Problem], pages_read: int) -> None:
        self.problems = sorted(problems)
        self.pages_read = pages_read
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shortened(read: object) -> str:
    """What was read, as a message quotes it: a long text is cut."""
    text = str(read)
    return text if len(text) <= _MOST_QUOTED else f"{text[: _MOST_QUOTED - 1]}…"


def line_with(words: str, file: Path, below: int = 0) -> int:
    """The first line of *file*, counted from 1, that holds *words*, in capitals or not.

    One *below* that line comes before those above it; the first of all where none holds them.
    """
    lines = enumerate(file.read_text(encoding="utf-8-sig").split("\n"), start=1)
    holding = [number for number, line in lines if words.lower() in line.lower()]
    return next((number for number in holding if number > below), (holding or [1])[0])
