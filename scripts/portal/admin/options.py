"""The choices of a field that names another page: what the content has, by its title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.admin.folder import EditableFolder, Refused
from portal.admin.forms import Option
from portal.readers.content import PAGE_TYPES
from portal.readers.decoding import decoded
from portal.readers.document import Document, read_data_text, read_page_text

_LISTED = {"comuni": "rete/comuni.yml", "beneficiari": "campagne/beneficiari.yml"}
"""What is not a page of its own, by the name that references give it."""
_TOOLS = "strumenti"


@dataclass(frozen=True)
class Heading:
    """What a page is called, and when it was, as it is written there."""

    title: str
    date: str = ""


def heading_of(folder: EditableFolder, path: str) -> Heading:
    """The heading of the page at *path*; its path where it cannot be read."""
    text = _text_of(folder, path)
    document = read_page_text(path, text) if text is not None else None
    if not isinstance(document, Document) or not isinstance(document.data, dict):
        return Heading(path)
    return Heading(str(document.data.get("title") or path), str(document.data.get("date", "")))


def read_options(
    folder: EditableFolder, headings: Mapping[str, Heading]
) -> dict[str, tuple[Option, ...]]:
    """What can be chosen, by folder: by title, and what has a date by date, the newest first."""
    options = {name: _of_list(folder, path) for name, path in _LISTED.items()}
    for place in (*PAGE_TYPES, _TOOLS):
        found = [
            (heading.date, heading.title, path.rpartition("/")[2].removesuffix(".md"))
            for path, heading in headings.items()
            if path.rpartition("/")[0] == place and not path.endswith("/index.md")
        ]
        found.sort(key=lambda one: one[1].casefold())
        found.sort(key=lambda one: one[0], reverse=True)
        options[place] = tuple(
            Option(slug, f"{title} ({date})" if date else title) for date, title, slug in found
        )
    return options


def _of_list(folder: EditableFolder, path: str) -> tuple[Option, ...]:
    """The values of a list, by their codes."""
    text = _text_of(folder, path)
    document = read_data_text(path, text) if text is not None else None
    if not isinstance(document, Document) or not isinstance(document.data, list):
        return ()
    return tuple(
        Option(item["id"], str(item.get("name", item["id"])))
        for item in document.data
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    )


def _text_of(folder: EditableFolder, path: str) -> str | None:
    """The text of a file, or nothing: one that cannot be read must not take the choices of others away."""
    try:
        text = decoded(path, folder.read(path) or b"")
    except Refused:
        return None
    return text if isinstance(text, str) else None
