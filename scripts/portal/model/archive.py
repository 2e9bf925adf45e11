"""The archive: the stories by year, action, place, town and organisation, each value a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.model.action import Action
from portal.model.listing import Listing
from portal.model.network import Network
from portal.model.page import Page
from portal.model.place import Place
from portal.model.story import Story


@dataclass(frozen=True)
class Label:
    """What stands on the shelf for one listing: enough to link to it, without its stories."""

    url: str
    name: str
    count: int


@dataclass(frozen=True)
class Shelf:
    """The listings of one kind: all years, or all towns. *title* is what a reader calls them."""

    kind: str
    title: str
    listings: tuple[Listing, ...]

    @property
    def labels(self) -> tuple[Label, ...]:
        """One label a listing. A page that shows them changes only when one of them does."""
        return tuple(Label(one.url, one.name, len(one.pages)) for one in self.listings)


def shelves(
    stories: Iterable[Story],
    actions: Iterable[Action],
    places: Iterable[Place],
    network: Network,
) -> tuple[Shelf, ...]:
    """Every shelf of the archive. A value no story names has no listing."""
    stories = tuple(stories)
    years = sorted({story.day.year for story in stories}, reverse=True)
    # A town without a member has no page in the directory to lead to.
    directory = {listing.slug: listing.url for listing in network.by_town}
    members = sorted(network.members, key=lambda member: member.by_name)
    return (
        _shelf(
            "anno",
            "Per anno",
            "Le storie del {}",
            {str(year): (str(year), None) for year in years},
            ((story, (str(story.date.year),)) for story in stories),
        ),
        _shelf(
            "azione",
            "Per azione",
            "Le storie di «{}»",
            _pages(actions),
            ((story, story.actions) for story in stories),
        ),
        _shelf(
            "luogo",
            "Per luogo",
            "Le storie di «{}»",
            _pages(places),
            ((story, story.places) for story in stories),
        ),
        _shelf(
            "comune",
            "Per comune",
            "Le storie di {}",
            {town.id: (town.name, directory.get(town.id)) for town in network.towns_in_order},
            ((story, story.towns) for story in stories),
        ),
        _shelf(
            "organizzazione",
            "Per organizzazione",
            "Le storie con {}",
            _pages(members),
            ((story, story.members) for story in stories),
        ),
    )


def _pages(pages: Iterable[Page]) -> dict[str, tuple[str, str | None]]:
    return {page.slug: (page.title, page.url) for page in pages}


def _how_many(stories: list[Story]) -> str:
    return "per ora una" if len(stories) == 1 else f"{len(stories)}, dalla più recente"


def _shelf(
    kind: str,
    title: str,
    heading: str,
    values: Mapping[str, tuple[str, str | None]],
    told: Iterable[tuple[Story, tuple[str, ...]]],
) -> Shelf:
    """Sort stories by the values they name. *values* holds the name of each, and the page it has."""
    found: dict[str, list[Story]] = defaultdict(list)
    for story, slugs in told:
        for slug in slugs:
            found[slug].append(story)
    return Shelf(
        kind,
        title,
        tuple(
            Listing(
                "storie",
                kind,
                slug,
                name,
                heading.format(name),
                f"{heading.format(name)}, nell'archivio di #Oltreiperimetri: {_how_many(found[slug])}.",
                tuple(found[slug]),
                about_url=url,
                template="story_listing.html",
            )
            for slug, (name, url) in values.items()
            if found[slug]
        ),
    )
