"""A finding: one piece of advice, where it stands, and how the sentence could read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.editorial.desk import Desk
    from portal.editorial.manuscript import Manuscript


@dataclass(frozen=True)
class Finding:
    """Something worth a second look. It never keeps the site from being published.

    *path* is relative to `content/`, *line* counts from 1. *quote* is what was
    read on that line, as a reader sees it; *message* says what is the matter and
    *example* how it could be written, both in Italian.
    """

    path: str
    line: int
    rule: str
    quote: str
    message: str
    example: str


@dataclass(frozen=True)
class Rule:
    """One thing the assistant looks for, and why anybody should care.

    *weight* orders pages, the most urgent first: 3 may hurt somebody, 2 keeps
    somebody out, 1 makes reading harder.
    """

    id: str
    title: str
    reason: str
    source: str
    weight: int
    find: Callable[[Manuscript, Desk], Iterable[Finding]]


def one_line(text: str) -> str:
    """*text* with one space wherever it had several, or a line end of any kind (U+2028 too)."""
    return " ".join(text.split())


def quoted(text: str) -> str:
    """*text* on one line between «», with what it quotes itself between “”."""
    return "«" + one_line(text).replace("«", "“").replace("»", "”") + "»"
