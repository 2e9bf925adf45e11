"""New pages for editors: the model of their type, with title, date and permanent id filled in."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from portal.model.page import front_matter_fields, slug_of
from portal.readers.content import PAGE_TYPES

TYPES = {
    "storia": "storie", "evento": "agenda", "luogo": "luoghi", "bisogno": "bisogni", "azione": "azioni",
    "organizzazione": "rete", "campagna": "campagne", "numero": "newsletter",
    "opportunita": "opportunita",
}  # fmt: skip
"""The page types by the name editors call them, and the folder each lives in."""

_DATED = ("storie", "agenda", "opportunita")
_SLUG_LENGTH = 70
ID_PREFIXES = {"storie": "st", "agenda": "ev", "opportunita": "op"}
"""How the permanent ids of a folder's pages begin."""


def draft_page(content: Path, kind: str, title: str, today: datetime.date) -> Path:
    """Write a new page from `_modelli/` and return its path. FileExistsError where one of that name is there."""
    title = " ".join(title.split())
    folder = TYPES[kind]
    page_type = PAGE_TYPES[folder]
    file = content / folder / f"{file_name(content / folder, title, today.isoformat())}.md"
    text = (content / "_modelli" / f"{kind}.md").read_text(encoding="utf-8")
    values = {"title": quoted(title), "date": today.isoformat()}
    if folder in ID_PREFIXES:
        values["id"] = next_id(content / folder, today)
    for name, value in values.items():
        if name in front_matter_fields(page_type):
            text = _with_field(text, name, value)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as opened:
        opened.write(text)
    return file


def short_slug_of(title: str) -> str:
    """The title as an address that a disk takes and a person can read out: whole words of it."""
    slug = slug_of(title)
    if len(slug) <= _SLUG_LENGTH:
        return slug
    return slug[:_SLUG_LENGTH].rpartition("-")[0] or slug[:_SLUG_LENGTH]


def file_name(folder: Path, title: str, date: str) -> str:
    """The name of a new page in *folder*, without `.md`. *date* is as written on the page: a day, or a month."""
    if folder.name == "newsletter":
        return str(
            max((int(file.stem) for file in folder.glob("*.md") if file.stem.isdigit()), default=0)
            + 1
        )
    slug = short_slug_of(title)
    return f"{date}-{slug}" if folder.name in _DATED else slug


def next_id(folder: Path, today: datetime.date) -> str:
    """The next free id of the year, such as `st-2026-004`: ids are never given twice."""
    prefix = f"{ID_PREFIXES[folder.name]}-{today.year}-"
    taken = re.findall(rf"^id: *{prefix}(\d{{3}})", "\n".join(_texts(folder)), flags=re.M)
    return f"{prefix}{max(map(int, taken), default=0) + 1:03d}"


def quoted(text: str) -> str:
    """The text as YAML reads it back: in quotes, so that colons and hashes stay what they are."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _with_field(text: str, name: str, value: str) -> str:
    """The model with the line of the field filled in."""
    return re.sub(rf"^{name}:.*$", lambda _: f"{name}: {value}", text, count=1, flags=re.M)


def _texts(folder: Path) -> list[str]:
    # Whatever else is wrong with one of them, its id is still taken.
    files = sorted(folder.glob("*.md"))
    return [file.read_text(encoding="utf-8-sig", errors="replace") for file in files]
