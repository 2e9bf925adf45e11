"""An entry of an export: what the old site had at one address, before it becomes a story."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from pydantic import TypeAdapter, ValidationError

from portal.model.page import OldAddress

_OLD_ADDRESS: TypeAdapter[str] = TypeAdapter(OldAddress)
_BLOGSPOT = re.compile(r"^(?:www\.)?([\w-]+)\.blogspot\.[a-z.]+$")


class EntryKind(StrEnum):
    """What an entry was. Only posts become stories; comments are other people's words."""

    POST = "post"
    PAGE = "page"
    COMMENT = "comment"
    OTHER = "other"


@dataclass(frozen=True)
class Entry:
    """One entry as exported. *date* is a day or, where only that is known, a month; *line* is in the export."""

    kind: EntryKind
    title: str
    html: str
    date: str | None
    address: str | None
    labels: tuple[str, ...]
    line: int
    was_public: bool = True
    was_deleted: bool = False

    @property
    def path(self) -> str | None:
        """The old address from the root of the old site; nothing where it had none of its own, as drafts."""
        if not self.address:
            return None
        try:
            parts = urlsplit(self.address)
        except ValueError:
            return None
        return None if parts.query else unquote(parts.path).lstrip("/") or None

    @property
    def old_url(self) -> str | None:
        """The path as `old_urls` holds it; nothing where a host of files could not serve it."""
        try:
            return _OLD_ADDRESS.validate_python(self.path) if self.path else None
        except ValidationError:
            return None


def same_page(address: str) -> str:
    """A key that is the same for two ways of writing one address: http or https, www or not, any Blogspot country."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    host = (parts.hostname or "").removeprefix("www.")
    blog = _BLOGSPOT.match(host)
    host = f"{blog[1]}.blogspot" if blog else host
    query = f"?{parts.query}" if parts.query and not parts.query.startswith(("m=", "utm_")) else ""
    return f"{host}/{unquote(parts.path).strip('/')}{query}"
