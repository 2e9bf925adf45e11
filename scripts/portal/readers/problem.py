"""A problem: what an editor must mend, where, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


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


def line_with(words: str, file: Path) -> int:
    """The first line of *file* that holds *words*, counted from 1; the first of all where none does."""
    lines = enumerate(file.read_text(encoding="utf-8-sig").split("\n"), start=1)
    return next((number for number, line in lines if words in line), 1)
