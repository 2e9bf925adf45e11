"""The built pages, read strictly: what they load, where they link, which names they have."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lxml import html

from portal.model.translation import LANGUAGES

LOADING = {
    "img": ("src", "srcset"), "script": ("src",), "link": ("href",), "iframe": ("src",), "source": ("src", "srcset"),
    "video": ("src", "poster"), "audio": ("src",), "object": ("data",), "embed": ("src",), "use": ("href",),
    "image": ("href",), "input": ("src",),
}  # fmt: skip
"""The attributes that make a browser fetch something."""

NOT_FETCHED = {"canonical", "alternate", "author", "license", "help", "next", "prev"}
"""`<link rel>` values that only say something."""

Kind = tuple[str, str, bool, tuple[str, ...]]
"""What pages of one template have in common."""


@dataclass(frozen=True)
class BuiltPage:
    """One HTML file of a built site, with the address it is served at."""

    file: Path
    url: str

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.file.read_bytes())

    @property
    def ids(self) -> set[str]:
        """Every anchor of the page."""
        return {element.get("id") for element in self.tree.iter() if element.get("id")}

    @property
    def links(self) -> list[str]:
        """Where the page's links go, as absolute paths on the site; other hosts are left out."""
        hrefs = [
            a.get("href") or a.get("{http://www.w3.org/1999/xlink}href")
            for a in self.tree.iter("a")
        ]
        return [
            urljoin(self.url, href)
            for href in hrefs
            if href and not urlsplit(href).netloc and urlsplit(href).scheme in ("", "http", "https")
        ]

    @property
    def sends_on(self) -> bool:
        """Whether the page stands where another was, and only leads there."""
        return bool(self.tree.xpath("//meta[@http-equiv='refresh']"))

    @cached_property
    def linked_data(self) -> list[dict]:
        """What the page says of itself to programs: what it is about, and the way to it."""
        said = self.tree.xpath("//script[@type='application/ld+json']/text()")
        return json.loads(said[0])["@graph"] if said else []

    @property
    def is_list(self) -> bool:
        """Whether the page is made of the titles of others."""
        return any(thing["@type"] == "CollectionPage" for thing in self.linked_data)

    @property
    def scripts(self) -> list[str]:
        """The names of the scripts the page loads."""
        sources = (script.get("src") for script in self.tree.iter("script"))
        return sorted(source.rpartition("/")[2] for source in sources if source)

    @property
    def fetched(self) -> list[str]:
        """Everything a browser fetches to show the page."""
        found = []
        for element in self.tree.iter(*LOADING):
            if element.tag == "link" and set((element.get("rel") or "").split()) & NOT_FETCHED:
                continue
            found.extend(value for name in LOADING[element.tag] if (value := element.get(name)))
        return found


def read_site(folder: Path) -> list[BuiltPage]:
    """Every page of the built site in *folder*."""
    return [
        BuiltPage(file, _address(file.relative_to(folder)))
        for file in sorted(folder.rglob("*.html"))
    ]


def one_of_each_kind(pages: list[BuiltPage]) -> list[BuiltPage]:
    """Every page at the root, and of each folder the longest page, which has most in it.

    Pages of one folder are of different kinds where they load different scripts, or where one
    is about something and the other a list. So a kind that is new tomorrow is looked at without
    anybody adding it to a list. A page that only sends on is none.

    Translations are all made by the same templates. Each kind is looked at in the language that
    goes the other way; the other languages take turns, so that each has a page among them.
    """
    kinds: dict[Kind, list[BuiltPage]] = {}
    for page in pages:
        if not page.sends_on:
            kinds.setdefault(_kind(page), []).append(page)
    translated = sorted({kind[1:] for kind in kinds if kind[0] == "ar"})
    others = [language for language in LANGUAGES if language != "ar"]
    in_turn = {(language, *kind) for language, kind in zip(others, cycle(translated), strict=False)}
    return [
        max(alike, key=lambda page: page.file.stat().st_size)
        for kind, alike in kinds.items()
        if kind[0] in ("", "ar") or kind in in_turn
    ]


def _kind(page: BuiltPage) -> Kind:
    """The language of a page where that is not Italian, its folder, whether it is a list, its scripts.

    The lists that are made of stories and of members stand in folders inside a folder, and
    are alike in each.
    """
    first, _, rest = page.url.strip("/").partition("/")
    language = first if first in LANGUAGES else ""
    path = rest if language else page.url.strip("/")
    folder, _, name = path.rpartition("/")
    if "/" in folder:
        folder = f"{first}/…"
    return language, folder or f"{name}/", page.is_list, tuple(page.scripts)


def served_file(folder: Path, path: str) -> Path:
    """The file a web server answers with at *path*."""
    target = folder / unquote(urlsplit(path).path).lstrip("/")
    return target / "index.html" if urlsplit(path).path.endswith("/") else target


def _address(relative: Path) -> str:
    path = "/" + relative.as_posix()
    return path.removesuffix("index.html")
