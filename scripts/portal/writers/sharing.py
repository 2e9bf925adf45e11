"""Sharing: which picture and which words stand for a page where somebody passes its address on.

A page one may have to hide has the card and the words of the whole site: a phone
that shows somebody else's messages must not say «Spese e debiti». Translations
have that card too, because the font of the cards has western European letters only.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.model.listing import Listing
from portal.model.page import Page
from portal.model.site import Site
from portal.model.story import Story
from portal.model.translation import Translation
from portal.writers.feed import PROJECT

FOLDER = "assets/cards/"


@dataclass(frozen=True)
class Card:
    """The card of a page: its file, relative to the site's root, and what is written on it."""

    path: str
    title: str
    eyebrow: str
    is_article: bool = False

    @property
    def alt(self) -> str:
        """The card for who cannot see it."""
        return f"{self.eyebrow}: {self.title}" if self.eyebrow else self.title


GENERAL = Card(f"{FOLDER}oltreiperimetri.png", "Generare capitale sociale nel Rhodense", "")
"""The card of the site as a whole, and of every page that has none of its own."""


def card_of(page: Page | Listing, site: Site) -> Card:
    """The card of *page*. Above the title stands the room it is in, or nothing for a room itself."""
    if isinstance(page, Page) and (page.sensitive or not page.url or isinstance(page, Translation)):
        return GENERAL
    path = f"{FOLDER}{page.url.rstrip('/')}.png"
    return Card(path, page.title, _room_of(page, site), is_article=isinstance(page, Story))


@dataclass(frozen=True)
class LinkPreview:
    """What a chat shows of a link: the card, and words beside it. *alt* is the card for who cannot see it."""

    title: str
    description: str
    locale: str
    card: Card
    alt: str


def link_preview(page: Page | Listing, site: Site) -> LinkPreview:
    """What a link to *page* shows, in the page's language: of one to hide, only whose it is."""
    translation = page if isinstance(page, Translation) else None
    title, description = page.title, page.description
    if isinstance(page, Page) and site.is_hidden(page):
        home = site.home(translation.language if translation else "")
        title, description = PROJECT, home.description if home else ""
    card = card_of(page, site)
    return LinkPreview(
        title,
        description,
        translation.spoken.locale if translation else "it_IT",
        card,
        site.words[translation.language].card_alt if translation else card.alt,
    )


def card_list(site: Site) -> tuple[Card, ...]:
    """Every card of the site, each once, the general one first."""
    shown: tuple[Page | Listing, ...] = (*site.every_page(), *site.listings)
    return tuple(dict.fromkeys([GENERAL, *(card_of(page, site) for page in shown)]))


def _room_of(page: Page | Listing, site: Site) -> str:
    room = page.url.split("/")[0]
    return site.room_title(room) if page.url != f"{room}/" else ""
