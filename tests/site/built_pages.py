"""The built pages, read strictly: what they load, where they link, which names they have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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

    The lists that are made of stories and of members stand in folders inside a folder, and
    are alike in each. What only repeats a page in another language is left out: Italian is
    read in full, and the language that goes the other way; of the others the needs.

    Pages of one folder with different scripts are of different kinds. So a kind that is new
    tomorrow is looked at without anybody adding it to a list. A page that only sends on is none.
    """
    kinds: dict[tuple[str, ...], list[BuiltPage]] = {}
    for page in pages:
        first, _, rest = page.url.strip("/").partition("/")
        if page.sends_on or (first in LANGUAGES and first != "ar" and "/bisogni/" not in page.url):
            continue
        folder = page.url.strip("/").rpartition("/")[0]
        if "/" in rest and first not in LANGUAGES:
            folder = f"{first}/…"
        kinds.setdefault((folder or page.url, *page.scripts), []).append(page)
    return [max(alike, key=lambda page: page.file.stat().st_size) for alike in kinds.values()]


def served_file(folder: Path, path: str) -> Path:
    """The file a web server answers with at *path*."""
    target = folder / unquote(urlsplit(path).path).lstrip("/")
    return target / "index.html" if urlsplit(path).path.endswith("/") else target


def _address(relative: Path) -> str:
    path = "/" + relative.as_posix()
    return path.removesuffix("index.html")
