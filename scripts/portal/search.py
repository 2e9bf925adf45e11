"""Search: what can be found, how much it counts, and under which letter it stands."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

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

KINDS: Mapping[type[Page], str] = {
    Action: "Azione", Need: "Bisogno", Place: "Luogo", Member: "Organizzazione", Story: "Storia",
    Event: "Evento", Campaign: "Campagna", Issue: "Newsletter",
}  # fmt: skip
"""What a reader calls each page type."""

_TOOLS = "strumenti/"
_WEIGHTS: Mapping[type[Page], float] = {
    Need: 8, Place: 4, Opportunity: 4, Member: 3, Action: 3, Page: 2, Campaign: 0.5,
}  # fmt: skip
"""What counts neither more nor less is told: stories, of which a site has most, events, issues."""
_WEIGHT_OF_TOOL = 2.5

_INDEXES = {*PAGE_TYPES, "corsi"}
_UNTOLD = {"", "mappa", "relazioni", "cerca", *_INDEXES}
"""The plain pages made of pieces of others: they would answer every question, and no one well."""


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
    if _is_tool(page):
        return "Strumento"
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


def search_weight(page: Page) -> float:
    """By how much a page counts more than its words say: who has a worry looks for help, not for what we tell of it.

    A page that is all about a word still comes before a need that only names it.
    """
    return _WEIGHT_OF_TOOL if _is_tool(page) else _WEIGHTS.get(type(page), 1)


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


def town_halls_typed(site: Site) -> dict[str, str]:
    """The title of the page of each municipality, by what people type for its town.

    That is the name of the town, and of a long one the first word too: «settimo».
    """
    network = site.network
    typed: dict[str, str] = {}
    for hall in network.town_halls:
        if hall.town:
            name = plain(network.town(hall.town).name)
            typed |= dict.fromkeys((name, name.split()[0]), hall.title)
    return typed


def _is_tool(page: Page) -> bool:
    return type(page) is Page and page.slug.startswith(_TOOLS)


def _has_expired(page: Page, today: datetime.date) -> bool:
    return isinstance(page, Opportunity) and page.is_expired(today)


def _letter(page: Page) -> str:
    return letter_of(page.title)
