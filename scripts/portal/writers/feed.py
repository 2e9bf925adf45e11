"""A feed: a list of dated pages one can follow, and which of them the site has."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from portal.model.opportunity import Opportunity
from portal.model.site import Site
from portal.model.story import Story

PROJECT = "#Oltreiperimetri"

Entry = Story | Opportunity

_ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True)
class Feed:
    """A list of pages one can follow. Addresses are relative to the site's root."""

    title: str
    description: str
    item_url: str
    """The page that shows the same ones."""
    entries: tuple[Entry, ...]

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
        """The permanent id: addresses may change, ids may not (RFC 4151)."""
        return permanent_id(self.item_url.rstrip("/"))


def permanent_id(name: str) -> str:
    """The `tag:` URI that programs know a story or a feed by, whatever becomes of its address."""
    return f"tag:oltreiperimetri.it,2026:{name}"


def feed_list(site: Site) -> tuple[Feed, ...]:
    """Every feed of the site: all stories, those of each action and place, then what each board offers today."""
    return (
        Feed(
            "Tutte le storie",
            f"Le storie di {PROJECT}, dalla più recente.",
            "storie/",
            site.stories,
        ),
        *(
            _feed_of(action.title, action.url, site.stories_of_action(action))
            for action in site.actions
        ),
        *(_feed_of(place.title, place.url, site.stories_of_place(place)) for place in site.places),
        *(
            Feed(board.title, f"{board.title}: che cosa è aperto.", board.url, board.opportunities)
            for board in site.boards
        ),
    )


def noon(day: datetime.date) -> datetime.datetime:
    """Noon in Rome: in every time zone but the farthest it is the same day."""
    return datetime.datetime.combine(day, datetime.time(12), _ROME)


def _feed_of(title: str, item_url: str, stories: tuple[Story, ...]) -> Feed:
    return Feed(title, f"Le storie di «{title}».", item_url, stories)
