"""Sharing: which picture and which words stand for a page where somebody passes its address on.

A page one may have to hide has the card and the words of the whole site, in its own
language: a phone that shows somebody else's messages must not say «Spese e debiti».
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.model.listing import Listing
from portal.model.page import Page
from portal.model.site import Site
from portal.model.story import Story
from portal.model.translation import LANGUAGES, Translation
from portal.writers.feed import PROJECT

FOLDER = "assets/cards/"


@dataclass(frozen=True)
class Card:
    """The card of a page: its file, relative to the site's root, and what is written on it."""

    path: str
    title: str
    eyebrow: str
    is_article: bool = False
    right_to_left: bool = False

    @property
    def alt(self) -> str:
        """The card for who cannot see it."""
        return f"{self.eyebrow}: {self.title}" if self.eyebrow else self.title


GENERAL = Card(f"{FOLDER}oltreiperimetri.png", "Generare capitale sociale nel Rhodense", "")
"""The card of the site as a whole, and of every Italian page that has none of its own."""


def general_card(site: Site, language: str) -> Card:
    """The card of the site as a whole in one of the languages it is translated into, or in Italian."""
    if not language:
        return GENERAL
    path = f"{FOLDER}{language}/oltreiperimetri.png"
    return Card(path, site.words[language].claim, "", right_to_left=_is_mirrored(language))


def card_of(page: Page | Listing, site: Site) -> Card:
    """The card of *page*. Above the title stands the room it is in, or nothing for a room itself."""
    language = page.language if isinstance(page, Translation) else ""
    is_home = page.url.strip("/") == language
    if isinstance(page, Page) and (is_home or site.is_hidden(page)):
        return general_card(site, language)
    return Card(
        f"{FOLDER}{page.url.rstrip('/')}.png",
        page.title,
        _room_of(page, site),
        is_article=isinstance(page, Story),
        right_to_left=_is_mirrored(language),
    )


@dataclass(frozen=True)
class LinkPreview:
    """What a chat shows of a link: the card, and words beside it."""

    title: str
    description: str
    locale: str
    card: Card


def link_preview(page: Page | Listing, site: Site) -> LinkPreview:
    """What a link to *page* shows, in the page's language: of one to hide, only whose it is."""
    translation = page if isinstance(page, Translation) else None
    title, description = page.title, page.description
    if isinstance(page, Page) and site.is_hidden(page):
        home = site.home(translation.language if translation else "")
        title, description = PROJECT, home.description if home else ""
    locale = translation.spoken.locale if translation else "it_IT"
    return LinkPreview(title, description, locale, card_of(page, site))


def card_list(site: Site) -> tuple[Card, ...]:
    """Every card of the site, each once, the general one first."""
    shown: tuple[Page | Listing, ...] = (*site.every_page(), *site.listings)
    return tuple(dict.fromkeys([GENERAL, *(card_of(page, site) for page in shown)]))


def _is_mirrored(language: str) -> bool:
    return language in LANGUAGES and LANGUAGES[language].direction == "rtl"


def _room_of(page: Page | Listing, site: Site) -> str:
    if isinstance(page, Translation):
        is_place = page.original.startswith("luoghi/")
        return site.words[page.language].menu_places if is_place else ""
    room = page.url.split("/")[0]
    return site.room_title(room) if page.url != f"{room}/" else ""
