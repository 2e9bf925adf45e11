"""Search: what can be found, under which letter, and the index a browser asks.

The index is Pagefind's, written over a finished site: one per language, in small
pieces, so that a visitor loads only what the words need.
"""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pagefind_bin import get_executable

from portal.model.action import Action
from portal.model.alphabet import letter_of, plain, sorted_as
from portal.model.campaign import Campaign
from portal.model.event import Event
from portal.model.issue import Issue
from portal.model.listing import Listing
from portal.model.member import Member
from portal.model.need import Need
from portal.model.opportunity import Opportunity
from portal.model.page import Page
from portal.model.place import Place
from portal.model.site import Site
from portal.model.story import Story
from portal.model.translation import Translation
from portal.readers.content import PAGE_TYPES
from portal.readers.content_folder import ContentFolder
from portal.readers.problem import Problem

KINDS: Mapping[type[Page], str] = {
    Action: "Azione", Need: "Bisogno", Place: "Luogo", Member: "Organizzazione", Story: "Storia",
    Event: "Evento", Campaign: "Raccolta", Issue: "Newsletter",
}  # fmt: skip
"""What a reader calls each page type."""

_INDEXES = {*PAGE_TYPES, "corsi"}
_UNTOLD = {"", "mappa", "relazioni", "cerca", *_INDEXES}
"""The plain pages made of pieces of others: they would answer every question, and no one well."""

_UNSEARCHED = ".pt-trail, .pt-card, .pt-doors, .pt-form, .pt-notices, .pt-sources"
"""Inside a page, what is not its own text."""

_LOADED = ("pagefind.js", "pagefind-entry.json", "pagefind.*.pf_meta", "wasm.*.pagefind",
           "index/*", "fragment/*", "filter/*")  # fmt: skip
"""Of all that Pagefind writes, what our search loads. The rest is for its own interface."""


@dataclass(frozen=True)
class Entry:
    """One page in the list from A to Z, with what a reader calls it: «Storia», «Luogo»."""

    page: Page
    kind: str


@dataclass(frozen=True)
class Letter:
    """The pages whose titles begin with one letter; figures share «0–9»."""

    letter: str
    entries: tuple[Entry, ...]

    @property
    def anchor(self) -> str:
        """The letter as part of an address: `a`, or `cifre`."""
        return self.letter.lower() if self.letter.isalpha() else "cifre"


def kind_of(page: Page) -> str:
    """What a reader calls this page: «Storia», «Luogo»; a translation by its language."""
    if isinstance(page, Translation):
        return page.spoken.name
    if isinstance(page, Opportunity):
        return page.kind.label
    if type(page) is Page and page.slug in _INDEXES:
        return "Elenco"
    return KINDS.get(type(page), "Pagina")


def kind_searched(shown: Page | Listing, today: datetime.date) -> str | None:
    """The kind of a page that search may find; nothing for lists, and for what has expired by *today*."""
    if isinstance(shown, Listing) or _has_expired(shown, today):
        return None
    if type(shown) is Page and shown.slug in _UNTOLD:
        return None
    if isinstance(shown, Translation) and not shown.original:
        return None
    return kind_of(shown)


def alphabet(site: Site) -> tuple[Letter, ...]:
    """Every Italian page from A to Z, but for what has expired. Accents, «#» and quotes do not count."""
    pages = [
        page
        for page in site.every_page()
        if not isinstance(page, Translation) and not _has_expired(page, site.today)
    ]
    # The address decides between equal titles, so that the order never depends on the files'.
    pages.sort(key=lambda page: (_letter(page), sorted_as(page.title), page.url))
    return tuple(
        Letter(letter, tuple(Entry(page, kind_of(page)) for page in group))
        for letter, group in groupby(pages, key=_letter)
    )


def read_synonyms(content: Path) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """Read `cerca-sinonimi.yml`: the word people type → what our pages call it. No file is no synonyms."""
    path = "cerca-sinonimi.yml"
    if not (content / path).exists():
        return {}, []
    folder = ContentFolder(content)
    document = folder.data(path)
    if document is None:
        return {}, folder.problems
    if not isinstance(document.data, dict):
        return {}, [
            Problem(path, 1, "manca l'elenco. Scrivi così: badante: [assistente familiare]")
        ]
    problems = [
        Problem(path, document.line_of((word,)), _slip(word))
        for word, meanings in document.data.items()
        if not (word.isalpha() and _are_texts(meanings))
    ]
    if problems:
        return {}, problems
    return {plain(word): tuple(meanings) for word, meanings in document.data.items()}, []


def index_site(site_dir: Path) -> int:
    """Write the index of the finished site in *site_dir* to its `pagefind/`; return how many pages it holds.

    Only elements with `data-pagefind-body` are indexed. The same pages give the
    same bytes, whatever index was there before. Raises CalledProcessError, with what Pagefind printed.
    """
    shutil.rmtree(site_dir / "pagefind", ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        pages, index = Path(folder) / "pages", Path(folder) / "pagefind"
        for file in sorted(site_dir.rglob("*.html")):
            _copy_for_indexing(file, pages / file.relative_to(site_dir))
        if not pages.exists():
            return 0
        command = [str(get_executable()), "--site", str(pages), "--output-path", str(index)]
        command += ["--exclude-selectors", _UNSEARCHED, "--quiet"]
        subprocess.run(command, check=True, capture_output=True, text=True)
        for file in _loaded(index):
            target = site_dir / "pagefind" / file.relative_to(index)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    return _sort_languages(site_dir / "pagefind" / "pagefind-entry.json")


def _copy_for_indexing(file: Path, copy: Path) -> None:
    """Copy a page that is searched, with straight apostrophes: at a curved one Pagefind does not part words."""
    html = file.read_text(encoding="utf-8")
    if "data-pagefind-body" in html:
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(html.replace("’", "'"), encoding="utf-8")


def _loaded(index: Path) -> Iterator[Path]:
    for pattern in _LOADED:
        yield from sorted(index.glob(pattern))


def _sort_languages(entry_file: Path) -> int:
    """Put the languages, which Pagefind lists at random, in order; return how many pages they hold."""
    entry = json.loads(entry_file.read_bytes())
    entry_file.write_text(json.dumps(entry, sort_keys=True), encoding="utf-8")
    return sum(language["page_count"] for language in entry["languages"].values())


def _has_expired(page: Page, today: datetime.date) -> bool:
    return isinstance(page, Opportunity) and page.is_expired(today)


def _letter(page: Page) -> str:
    return letter_of(page.title)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _slip(word: str) -> str:
    return (
        f"«{word}» non si capisce: prima una parola sola, poi fra parentesi quadre che cosa cercare. "
        "Scrivi così: badante: [assistente familiare]"
    )
