"""The desk: what a rule may need to know besides the page it reads."""

from __future__ import annotations

import datetime
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.editorial.lexicon import Lexicon
from portal.model.page import Page
from portal.model.translation import LANGUAGES

_ESSENTIAL_FOLDERS = frozenset({"bisogni", "luoghi", "campagne", "opportunita", "strumenti"})
_ESSENTIAL_PAGES = frozenset(
    {
        "index.md",
        "sostieni.md",
        "privacy.md",
        "accessibilita.md",
        "segui.md",
        "cerca.md",
        "corsi.md",
    }
)


@dataclass(frozen=True)
class Desk:
    """The day, the lists, and the other *pages* by path.

    *names* are acronyms that are somebody's name. *dead_links* says of an
    address of another site what is the matter with it; empty where nobody asked.
    *fingerprints* are those of the Italian pages as they are now, by path.
    """

    today: datetime.date
    lexicon: Lexicon = field(default_factory=Lexicon)
    pages: Mapping[str, Page] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    dead_links: Mapping[str, str] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)

    def title_at(self, path: str, address: str) -> str | None:
        """The title of the page that a link in *path* leads to, if it is one of ours."""
        target = posixpath.normpath(
            posixpath.join(posixpath.dirname(path), address.partition("#")[0])
        )
        page = self.pages.get(target)
        return page.title if page else None


def is_italian(path: str) -> bool:
    """Whether the page at *path* is in Italian, plain or easy to read."""
    language = LANGUAGES.get(path.partition("/")[0])
    return language is None or language.code == "it"


def is_easy_to_read(path: str) -> bool:
    """Whether the page at *path* is one of the easy-to-read ones."""
    return path.startswith("facile/")


def is_essential(path: str) -> bool:
    """Whether somebody in trouble reads the page to find help, or trusts it with money or data."""
    return path in _ESSENTIAL_PAGES or path.partition("/")[0] in _ESSENTIAL_FOLDERS
