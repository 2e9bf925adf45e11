"""A feed: a list of dated pages one can follow, and which of them the site has."""

from __future__ import annotations

from dataclasses import dataclass

from portal.model.action import Action
from portal.model.event import Event
from portal.model.listing import Listing
from portal.model.opportunity import Board, Opportunity, OpportunityKind
from portal.model.page import Page
from portal.model.place import Place
from portal.model.site import Site
from portal.model.story import Story
from portal.model.translation import LANGUAGES, Translation
from portal.writers.feed_entry import Entry, permanent_id

PROJECT = "#Oltreiperimetri"


@dataclass(frozen=True)
class Feed:
    """A list of pages one can follow. Addresses are relative to the site's root."""

    title: str
    description: str
    item_url: str
    """The page that shows the same ones."""
    entries: tuple[Entry, ...]
    language: str = "it"
    """The language of its entries (BCP 47)."""

    @property
    def rss_url(self) -> str:
        return f"{self.item_url}feed.rss"

    @property
    def atom_url(self) -> str:
        return f"{self.item_url}feed.atom"

    @property
    def json_url(self) -> str:
        return f"{self.item_url}feed.json"

    @property
    def id(self) -> str:
        """The permanent id: addresses may change, ids may not."""
        return permanent_id(self.item_url.rstrip("/") or "tutto")


def feed_list(site: Site) -> tuple[Feed, ...]:
    """Every feed of the site: everything dated, each kind of it, each action, place and language."""
    return (
        Feed(
            "Tutte le novità",
            f"Tutto quello che esce su {PROJECT}: storie, appuntamenti, newsletter, annunci e corsi.",
            "",
            (*site.stories, *site.events, *site.issues, *_open_at(*site.boards)),
        ),
        Feed(
            "Tutte le storie",
            f"Le storie di {PROJECT}, dalla più recente.",
            "storie/",
            site.stories,
        ),
        Feed(
            "L'agenda",
            f"Gli appuntamenti di {PROJECT}, quando se ne sa qualcosa di nuovo.",
            "agenda/",
            site.events,
        ),
        Feed(
            "La newsletter",
            f"I numeri della newsletter di {PROJECT}.",
            "newsletter/",
            site.issues,
        ),
        *(
            Feed(board.title, f"{board.title}: che cosa è aperto.", board.url, board.opportunities)
            for board in site.boards
        ),
        *(
            Feed(
                action.title,
                f"Storie, appuntamenti e annunci di «{action.title}».",
                action.url,
                (
                    *site.stories_of_action(action),
                    *site.events_of_action(action),
                    *_open_at(site.board_of(action)),
                ),
            )
            for action in site.actions
        ),
        *(
            Feed(
                place.title,
                f"Storie e appuntamenti di «{place.title}».",
                place.url,
                (*site.stories_of_place(place), *site.events_of_place(place)),
            )
            for place in site.places
        ),
        *_feeds_in_other_languages(site),
    )


def followed_at(page: Page | Listing) -> tuple[str, ...]:
    """Addresses of pages: where one of them has a feed, that is where to follow what *page* is about.

    First everything, then its room, then what it is or names: an action, a place.
    """
    if isinstance(page, Translation):
        return (f"{page.language}/",)
    room = page.url[: page.url.find("/") + 1]
    about: tuple[str | None, ...] = ()
    if isinstance(page, Action | Place):
        about = (page.url,)
    elif isinstance(page, Listing):
        about = (page.about_url,)
    elif isinstance(page, Event):
        about = (*_pages_of(Action, *page.actions), *_pages_of(Place, page.place))
    elif isinstance(page, Story):
        about = (*_pages_of(Action, *page.actions), *_pages_of(Place, *page.places))
    elif isinstance(page, Opportunity) and page.kind is OpportunityKind.COURSE:
        room = "corsi/"
    return tuple(dict.fromkeys(url for url in ("", room, *about) if url is not None))


def _pages_of(kind: type[Page], *slugs: str | None) -> tuple[str, ...]:
    return tuple(kind.url_of(slug) for slug in slugs if slug)


def _open_at(*boards: Board | None) -> tuple[Entry, ...]:
    """What one can apply for today: what has expired leaves the feeds."""
    return tuple(page for board in boards if board for page in board.opportunities)


def _feeds_in_other_languages(site: Site) -> tuple[Feed, ...]:
    """What was translated into each language: described as its first page is, in its own words."""
    pages = {
        folder: tuple(page for page in site.translations if page.language == folder)
        for folder in LANGUAGES
    }
    return tuple(
        Feed(
            language.name,
            min(pages[folder], key=lambda page: page.url).description,
            f"{folder}/",
            pages[folder],
            language.code,
        )
        for folder, language in LANGUAGES.items()
        if pages[folder]
    )
