"""One build: the site that was read, what its pages ask of it, and where all that is made goes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.cache import Cache
from portal.digests import Digests
from portal.kept_work import KeptWork
from portal.memory import Memory
from portal.model.listing import Listing
from portal.model.page import Page
from portal.model.site import Site
from portal.picture_desk import PictureDesk
from portal.questions import Questions
from portal.readers.problem import Problem
from portal.search import kind_searched
from portal.site_folder import SiteFolder
from portal.writers.press_kit import PRESS_PAGE


@dataclass(frozen=True)
class Setting:
    """How a build is wanted, and what else than content goes into its pages.

    *texts_made_with* tells apart code, engine and its settings, *made_with* the theme
    and the site's address too. A preview shows drafts; only a site that is indexed
    can be searched. *security_contact* is whom security.txt names, if anybody.
    """

    site_url: str
    texts_made_with: str
    made_with: str
    is_preview: bool
    is_indexed: bool
    security_contact: str | None


class Rendering:
    """A build under way.

    Whoever asks `site` or `bodies` while a page is made is noted, so that the page
    can be kept for as long as the answers are the same. What went wrong without
    stopping it is in `notices`.
    """

    def __init__(
        self,
        site: Site,
        texts: dict[str, str],
        synonyms: Mapping[str, tuple[str, ...]],
        pictures: PictureDesk,
        setting: Setting,
        folder: SiteFolder,
        cache: Cache,
        memory: Memory | None,
        notices: Sequence[Problem],
    ) -> None:
        self.texts = texts
        self.press_text = texts.get(PRESS_PAGE, "")
        self.synonyms = synonyms
        self.pictures = pictures
        self.setting = setting
        self.folder = folder
        self.cache = cache
        self.memory = memory
        self.notices = notices
        self.pages: dict[str, Page | Listing] = {page.url: page for page in site.every_page()}
        self.pages |= {listing.url: listing for listing in site.listings}
        made_with = setting.made_with
        self.questions = Questions(
            site,
            self.pages,
            cache.shelf(f"answers {made_with}"),
            Digests(memory.digests if memory else None),
        )
        self.site: Site = self.questions.site
        self.measured: dict[str, int] = {}
        self.sizes: Mapping[str, int] = self.questions.witness("sizes", self.measured)
        self._bodies: dict[str, str] = {}
        self.bodies: dict[str, str] = self.questions.witness("bodies", self._bodies)
        self.work = KeptWork(
            cache.shelf(f"work {made_with}"), self.questions, memory.questions if memory else None
        )
        # As a question of its own, not one about today: else every page would be made anew each day.
        self.kind_searched = self.questions.function(
            "kind_searched", lambda shown: kind_searched(shown, site.today)
        )
        self.kept: dict[str, Any] = {}
        """The engine's own pages, by address: those that an earlier build made the same."""
        self.all_pages: Sequence[Any] = ()
        self.files: Any = None
        """The engine's files: all of its pages, kept or not, and everything."""
        self._own: dict[str, str] = {}
        self._marks: dict[str, str] = {}

    def add_body(self, url: str, html: str) -> None:
        """Keep the HTML of a text for the feeds, which carry whole stories."""
        self._bodies[url] = html

    def mark(self, url: str, html: bytes) -> None:
        """Note what the page at *url* has become, for the index of all pages where there is to be one."""
        if self.setting.is_indexed:
            self._marks[url] = hashlib.blake2b(html, digest_size=16).hexdigest()

    def digest_of_pages(self) -> str:
        """The digest of every page as it was written."""
        return self.questions.digests.of(tuple(sorted(self._marks.items())))

    def write_page(self, url: str, path: str, html: bytes) -> None:
        """Write the page at *url*, made since `work.begin`, to *path*, and keep it for later builds."""
        self.folder.write(path, html)
        self.mark(url, html)
        self.work.finish(url, {"html": html}, self._own_digest(url))

    def write_kept(self, url: str, path: str) -> bool:
        """Write the page at *url* to *path* as an earlier build made it, if it would be the same again."""
        own = self._own_digest(url)
        # An index of all pages has to see each of them.
        if self.setting.is_indexed or not self.folder.stands(path, self.work.made_from(url, own)):
            kept = self.work.take(url, own)
            if kept is None:
                return False
            self.folder.write(path, kept["html"], self.work.made_from(url, own))
            self.mark(url, kept["html"])
        return True

    def close(self) -> None:
        """Keep what later builds can use."""
        self.questions.keep_answers()
        self.cache.close()
        if self.memory is not None:
            self.memory.end_of_build()

    def _own_digest(self, url: str) -> str:
        """The digest of what a page is made from besides the answers to its questions."""
        if url not in self._own:
            digests = self.questions.digests
            self._own[url] = digests.of((self.pages[url], digests.of_long(self._bodies[url])))
        return self._own[url]
