"""Saying that a translation is level with its Italian page: the fingerprint and the day, written into it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.model.translation import LANGUAGES, fingerprint
from portal.readers.decoding import decoded
from portal.readers.document import Document, read_page_text
from portal.readers.problem import Problem

_HOW = "Scrivi la pagina tradotta come la vedi lì, per esempio: content/en/index.md"


class NotMarked(Exception):
    """A file cannot be marked as translated. Says in Italian why."""


def mark_translated(content: Path, files: Iterable[Path], today: datetime.date) -> Iterator[Path]:
    """Write the fingerprint of the Italian page into each of *files*; yield those that changed.

    NotMarked where a file is no translation, or has no Italian page to stand against.
    """
    for file in files:
        if not file.exists():
            raise NotMarked(f"{file}: il file non c'è. {_HOW}")
        if not file.resolve().is_relative_to(content.resolve()):
            raise NotMarked(f"{file}: non è in content/. {_HOW}")
        path = file.resolve().relative_to(content.resolve()).as_posix()
        folder, _, rest = path.partition("/")
        original = content / rest
        if folder not in LANGUAGES or not file.is_file() or not original.is_file():
            raise NotMarked(f"{file}: non è la traduzione di una pagina di content/. {_HOW}")
        text = _text_of(file, path)
        marked = _with_line(text, "source_hash", f'"{_fingerprint_of(original, rest)}"')
        if marked != text:
            file.write_text(_with_line(marked, "translated", today.isoformat()), encoding="utf-8")
            yield file


def translated_files(content: Path) -> list[Path]:
    """Every translation there is."""
    return [file for folder in LANGUAGES for file in sorted((content / folder).rglob("*.md"))]


def _fingerprint_of(original: Path, path: str) -> str:
    document = read_page_text(path, _text_of(original, path))
    if not isinstance(document, Document):
        raise NotMarked(str(document))
    # Only what is fingerprinted: the page may have faults elsewhere that are not ours to judge.
    return fingerprint(document.data, document.body)


def _text_of(file: Path, path: str) -> str:
    text = decoded(path, file.read_bytes())
    if isinstance(text, Problem):
        raise NotMarked(str(text))
    return text


def _with_line(text: str, name: str, value: str) -> str:
    """The front matter with the line of *name* set to *value*, added as its last one where it is missing."""
    line = f"{name}: {value}"
    replaced, count = re.subn(rf"^{name}:.*$", line, text, count=1, flags=re.MULTILINE)
    if count:
        return replaced
    head, fence, rest = text.partition("\n---")
    return f"{head}\n{line}{fence}{rest}"
