"""Saying that a translation is level with its Italian page: the fingerprint and the day, written into it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.model.translation import LANGUAGES, fingerprint
from portal.readers.document import Document, read_page_text


def mark_translated(content: Path, files: Iterable[Path], today: datetime.date) -> Iterator[Path]:
    """Write the fingerprint of the Italian page into each of *files*; yield those that changed.

    ValueError where a file is no translation, or has no Italian page to stand against.
    """
    for file in files:
        folder, _, rest = file.resolve().relative_to(content.resolve()).as_posix().partition("/")
        original = content / rest
        if folder not in LANGUAGES or not original.is_file():
            raise ValueError(f"{file}: non è la traduzione di una pagina di content/.")
        text = file.read_text(encoding="utf-8")
        marked = _with_line(text, "source_hash", f'"{_fingerprint_of(original, rest)}"')
        if marked != text:
            file.write_text(_with_line(marked, "translated", today.isoformat()), encoding="utf-8")
            yield file


def translated_files(content: Path) -> list[Path]:
    """Every translation there is."""
    return [file for folder in LANGUAGES for file in sorted((content / folder).rglob("*.md"))]


def _fingerprint_of(original: Path, path: str) -> str:
    document = read_page_text(path, original.read_text(encoding="utf-8-sig"))
    if not isinstance(document, Document):
        raise ValueError(str(document))
    # Only what is fingerprinted: the page may have faults elsewhere that are not ours to judge.
    return fingerprint(document.data.get("title"), document.data.get("description"), document.body)


def _with_line(text: str, name: str, value: str) -> str:
    """The front matter with the line of *name* set to *value*, added as its last one where it is missing."""
    line = f"{name}: {value}"
    replaced, count = re.subn(rf"^{name}:.*$", line, text, count=1, flags=re.MULTILINE)
    if count:
        return replaced
    head, fence, rest = text.partition("\n---")
    return f"{head}\n{line}{fence}{rest}"
