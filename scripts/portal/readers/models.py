"""The models of `_modelli/`, and pages that still say what a model says: filled in by nobody, and published."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from portal.model.page import Location, Page, Status
from portal.readers.content_folder import ContentFolder
from portal.readers.problem import shortened

_EXAMPLE = re.compile(r"https?://(?:www\.)?esempio\.it(?![\w.-])")
_FIELD = re.compile(r'^[ -]*(?P<name>title|description|how): "(?P<text>.+)"', re.MULTILINE)
"""The fields that no two pages share. In others a model has an example, and an example may be true."""
_MAY_BE_TRUE = frozenset({"Documento di progetto"})
_LEAST = 15
"""In characters: what is shorter may well be meant."""


def check_unfilled(content: ContentFolder, pages: Mapping[str, Page]) -> None:
    """Find what *pages*, by path, have kept of their model. A draft may: it is what it begins as."""
    fields, lines = _models(content)
    if not fields:
        return
    for path, page in pages.items():
        if page.status is Status.DRAFT:
            continue
        document = content.documents[path]
        for location, text in _texts(document.data):
            if _EXAMPLE.match(text):
                fault = f"«{text}» è l'indirizzo del modello. Scrivi quello vero, o togli la riga."
                content.blame(path, location, fault)
            elif (location[-1], text) in fields:
                fault = f"«{text}» è ancora il testo del modello. Scrivi il tuo."
                content.blame(path, location, fault)
        for line in lines.intersection(document.body.split("\n")):
            fault = f"«{shortened(line)}» è ancora il testo del modello. Scrivi il tuo, o toglilo."
            content.blame_words(path, line, fault)


def _models(content: ContentFolder) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """What the models say in their fields, and in the lines of their texts that are no headings."""
    fields: set[tuple[str, str]] = set()
    lines: set[str] = set()
    for file in (content.folder / "_modelli").glob("*.md"):
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        _, front, body = (*text.split("---\n", 2), "", "")[:3]
        fields |= {
            (found["name"], found["text"])
            for found in _FIELD.finditer(front)
            if found["text"] not in _MAY_BE_TRUE
        }
        lines |= {line for line in body.split("\n") if len(line) >= _LEAST and line[0] != "#"}
    return frozenset(fields), frozenset(lines)


def _texts(data: Any, at: Location = ()) -> Iterator[tuple[Location, str]]:
    """Every text of the front matter, and where it stands."""
    if isinstance(data, str):
        if len(data) >= _LEAST:
            yield at, data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _texts(value, (*at, name))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*at, number))
