"""The content folder → the site, or every problem it has at once."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from portal.model.action import Action
from portal.model.campaign import Campaign
from portal.model.event import Event
from portal.model.issue import Issue
from portal.model.member import Member
from portal.model.need import Need
from portal.model.network import Network
from portal.model.opportunity import Opportunity
from portal.model.page import Page
from portal.model.picture import Picture
from portal.model.place import Place
from portal.model.site import Site
from portal.model.story import Story
from portal.model.totals import Totals
from portal.model.translation import LANGUAGES, Translation, fingerprint
from portal.readers.checks import (
    check_addresses,
    check_moments,
    check_pages,
    check_strays,
    check_texts,
    check_translations,
)
from portal.readers.content_folder import ContentFolder
from portal.readers.data_files import DataFiles, read_data_files
from portal.readers.document import Document, read_page_text
from portal.readers.marked_texts import MarkedTexts
from portal.readers.pictures import read_pictures
from portal.readers.problem import Problem
from portal.readers.unpublished import is_unpublished

PAGE_TYPES: dict[str, type[Page]] = {
    page_type.folder: page_type
    for page_type in (Action, Need, Place, Member, Story, Event, Opportunity, Campaign, Issue)
}

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"[1-9][0-9]*")


class Kept(Protocol):
    """Where what one build worked out waits for the next."""

    def take(self, key: str) -> bytes | None:
        """What was put under *key*, or nothing."""

    def put(self, key: str, value: bytes) -> None:
        """Keep *value*."""


@dataclass(frozen=True)
class Reading:
    """A page file as it was read: the text it had, taken apart, and the page it declares."""

    text: str
    document: Document
    page: Page


class Readings(Protocol):
    """The files that an earlier build in the same process has read, by path."""

    def get(self, path: str) -> Reading | None:
        """How the file was read, or nothing."""

    def put(self, path: str, reading: Reading) -> None:
        """Remember it."""


class ContentReader:
    """Reads one content folder. Problems gather in `problems`; `read` gives the site when there are none.

    `texts` are the Markdown texts of its pages, by address; `pages` all pages
    without a fault of their own, by path; `documents` all that could be taken apart.
    """

    def __init__(
        self,
        folder: Path,
        today: datetime.date,
        kept: Kept | None = None,
        *,
        preview: bool = False,
        readings: Readings | None = None,
    ) -> None:
        """Read *folder* as on *today*. *kept* holds the files an earlier build has taken apart.

        Drafts and pages whose day has not come are left out, unless it is for a
        *preview*; what is wrong with them gathers in `draft_problems`. *readings* are
        those of an earlier build in this process, by path: a file that still says the
        same is not taken apart again.
        """
        self.content = ContentFolder(folder)
        self.today = today
        self.preview = preview
        self._kept = kept
        self._readings = readings
        self.draft_problems: list[Problem] = []
        self.unpublished: set[str] = set()
        self.pages_read = 0
        self.pages: dict[str, Page] = {}
        self.texts: dict[str, str] = {}
        self.pictures: dict[str, Picture] = {}

    @property
    def problems(self) -> list[Problem]:
        """Every problem found so far, but for those of drafts."""
        return self.content.problems

    @property
    def documents(self) -> Mapping[str, Document]:
        """Every file that could be read as a document, by path, whatever else is wrong with it."""
        return self.content.documents

    def read(self, totals: Totals | None = None) -> Site | None:
        """The site, or nothing where something must be mended first."""
        content = self.content
        paths = content.page_paths()
        self.pages = {path: page for path in paths if (page := self._read_page(path)) is not None}
        self._leave_out_translations()
        data = read_data_files(content)
        texts = MarkedTexts(content)
        self._check(paths, data, texts)
        if self.problems:
            return None
        pages = {path: page for path, page in self.pages.items() if path not in self.unpublished}
        check_translations(content, pages)
        if self.problems:
            return None
        self.texts = {page.url: self.documents[path].body for path, page in pages.items()}
        site = self._site(pages, data, totals)
        check_addresses(content, pages, site, texts)
        return None if self.problems else site

    def _check(self, paths: list[str], data: DataFiles, texts: MarkedTexts) -> None:
        """Find what is wrong with the files of *paths* and with *data*, also between them."""
        content = self.content
        known = self._known(paths, data)
        check_texts(content, paths, self.unpublished, texts)
        check_pages(content, self.pages, known, self.unpublished, self.today)
        check_moments(content, data.moments, known, self.unpublished)
        check_strays(content)
        self.pictures = read_pictures(content, self.unpublished, self.today)
        self._set_drafts_aside()

    def _site(self, pages: Mapping[str, Page], data: DataFiles, totals: Totals | None) -> Site:
        """All of it in the order in which it is shown."""
        path_of = {page.url: path for path, page in pages.items()}

        def of(page_type: type) -> list[Any]:
            return [page for page in pages.values() if type(page) is page_type]

        def compared(translation: Translation) -> Translation:
            original = self.documents[path_of[translation.original]]
            now = fingerprint(original.data, original.body)
            return translation.model_copy(update={"is_behind": translation.source_hash != now})

        return Site(
            today=self.today,
            pages=tuple(of(Page)),
            actions=tuple(sorted(of(Action), key=lambda action: action.number)),
            needs=tuple(sorted(of(Need), key=lambda need: (need.order, need.slug))),
            places=tuple(sorted(of(Place), key=lambda place: (place.town, place.slug))),
            stories=tuple(
                sorted(of(Story), key=lambda story: (story.day, story.slug), reverse=True)
            ),
            events=tuple(sorted(of(Event), key=lambda event: (event.date, event.slug))),
            opportunities=tuple(
                sorted(of(Opportunity), key=lambda page: (page.date, page.slug), reverse=True)
            ),
            campaigns=tuple(sorted(of(Campaign), key=lambda campaign: campaign.slug)),
            words=data.words,
            translations=tuple(
                sorted(
                    map(compared, of(Translation)),
                    key=lambda page: (list(LANGUAGES).index(page.language), page.slug),
                )
            ),
            issues=tuple(sorted(of(Issue), key=lambda issue: issue.number, reverse=True)),
            indicators=tuple(
                sorted(data.indicators, key=lambda indicator: (indicator.order, indicator.id))
            ),
            moments=tuple(sorted(data.moments, key=lambda moment: moment.date)),
            recipients=data.recipients,
            network=Network(
                members=tuple(sorted(of(Member), key=lambda member: (member.order, member.slug))),
                towns=data.towns,
                boundaries=data.boundaries,
            ),
            totals=totals,
        )

    def _read_page(self, path: str) -> Page | None:
        page_type, slug = page_identity(path)
        text = self.content.text(path)
        if text is None:
            return None
        before = self._readings.get(path) if self._readings is not None else None
        if before is not None and before.text == text:
            document: Document | Problem = before.document
        else:
            before, document = None, self._taken_apart(path, text)
        self.pages_read += 1
        if self.content.kept(document) is None:
            return None
        assert isinstance(document, Document)
        front_matter = document.data if isinstance(document.data, dict) else {}
        if not self.preview and is_unpublished(front_matter, self.today):
            self._leave_out(path)
        page = before.page if before else self._page(path, page_type, slug, document)
        if page is not None and self._readings is not None:
            self._readings.put(path, before or Reading(text, document, page))
        return page

    def _page(self, path: str, page_type: type[Page], slug: str, document: Document) -> Page | None:
        name = path.rpartition("/")[2]
        if not _SLUG.fullmatch(name.removesuffix(".md")):
            self.content.blame(
                path,
                (),
                f"il nome del file «{name}» non va bene per un indirizzo. Usa minuscole, cifre e "
                "trattini: la-mia-pagina.md",
            )
            return None
        if page_type is Issue and not _NUMBER.fullmatch(slug):
            self.content.blame(
                path,
                (),
                f"il nome del file è il numero della newsletter, e qui è «{slug}». Scrivilo così: 2.md",
            )
            return None
        from_file: dict[str, Any] = {"slug": slug}
        if page_type is Translation:
            folder, _, rest = path.partition("/")
            from_file |= {
                "language": folder,
                "original": page_identity(rest)[0].url_of(page_identity(rest)[1]),
                "is_behind": False,
            }
        return self.content.value(page_type, document, document.data, **from_file)

    def _taken_apart(self, path: str, text: str) -> Document | Problem:
        """The file at *path*, its YAML parsed, unless an earlier build has done that to the same text."""
        if self._kept is None:
            return read_page_text(path, text)
        key = hashlib.sha256(text.encode()).hexdigest()
        if kept := self._kept.take(key):
            return Document(path, *json.loads(kept))
        document = read_page_text(path, text)
        if isinstance(document, Document):
            parts = (document.data, document.body, document.yaml, document.first_line)
            self._kept.put(key, json.dumps(parts, ensure_ascii=False).encode())
        return document

    def _known(self, paths: list[str], data: DataFiles) -> dict[str, dict[str, bool]]:
        """What may be referred to. A page with a fault is there all the same: who names it has done nothing wrong."""
        known: dict[str, dict[str, bool]] = {folder: {} for folder in PAGE_TYPES}
        known["strumenti"] = {}
        for path in paths:
            kind, slug = page_identity(path)
            if kind is Page:
                known["strumenti"][slug.removeprefix("strumenti/")] = path in self.unpublished
            elif kind.folder in known:
                known[kind.folder][slug] = path in self.unpublished
        known["comuni"] = dict.fromkeys((town.id for town in data.towns), False)
        known["beneficiari"] = dict.fromkeys((recipient.id for recipient in data.recipients), False)
        return known

    def _leave_out(self, path: str) -> None:
        """Leave a page out, unless the site would fall apart without it."""
        kind, _slug = page_identity(path)
        if kind is Page and path.rpartition("/")[2] == "index.md":
            self.content.blame(
                path,
                ("status",) if "status" in self.documents[path].data else ("publish_from",),
                "l'indice di una cartella non può essere una bozza: tutto il sito ci porta. Togli la riga.",
            )
            return
        self.unpublished.add(path)

    def _leave_out_translations(self) -> None:
        """What is not to be seen in Italian is not to be seen in any language."""
        for path in self.documents:
            folder, _, rest = path.partition("/")
            if folder in LANGUAGES and rest in self.unpublished:
                self.unpublished.add(path)

    def _set_drafts_aside(self) -> None:
        """A mistake in a page that is not to be seen is its own business."""
        of_drafts = [problem for problem in self.problems if problem.path in self.unpublished]
        self.draft_problems += of_drafts
        self.content.problems = [problem for problem in self.problems if problem not in of_drafts]


def page_identity(path: str) -> tuple[type[Page], str]:
    """The page type and slug that the file at *path* has. An `index.md` is a plain page, named by its folder."""
    if path.partition("/")[0] in LANGUAGES:
        return Translation, path.removesuffix(".md")
    folder, _, name = path.rpartition("/")
    stem = name.removesuffix(".md")
    if stem == "index":
        return Page, folder
    if folder in PAGE_TYPES:
        return PAGE_TYPES[folder], stem
    return Page, f"{folder}/{stem}" if folder else stem
