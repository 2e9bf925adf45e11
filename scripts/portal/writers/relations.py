"""The relations: who is tied to whom in the network, and by what.

Two members are tied where the sources name both: in the same area of the
project, in the care of the same place, in a fact told of one with the other, in
the same story. A tie says no more
than that, so each one carries its reasons. What ties is a *hub*; a hub with a
single member ties nobody and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from portal.model.member import Member
from portal.model.site import Site

KINDS = ("azione", "area", "luogo", "fatto", "storia")
"""The kinds of hub, in the order they are told. An area without an action of its own is just an area."""


@dataclass(frozen=True)
class Hub:
    """What members share: an action, an area, a place, a fact, a story. *url* is relative to the site's root."""

    kind: str
    title: str
    url: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Tie:
    """Two members and every hub they share. *one* comes first in the project document."""

    one: Member
    other: Member
    reasons: tuple[Hub, ...]


@dataclass(frozen=True)
class Neighbour:
    """The other end of a tie, as seen from one member."""

    member: Member
    reasons: tuple[Hub, ...]


@dataclass(frozen=True)
class Adjacency:
    """A row of the table: a member and everyone it is tied to, by name. Nobody is a row too."""

    member: Member
    neighbours: tuple[Neighbour, ...]

    @property
    def hubs(self) -> tuple[Hub, ...]:
        """On what: every hub once, by kind, then by name."""
        found = {hub.url: hub for neighbour in self.neighbours for hub in neighbour.reasons}
        return tuple(
            sorted(found.values(), key=lambda hub: (KINDS.index(hub.kind), hub.title, hub.url))
        )


def hubs(site: Site) -> tuple[Hub, ...]:
    """Everything at least two members share: actions and areas, places, facts, then stories from the newest."""
    return tuple(hub for hub in _every_hub(site) if len(hub.members) > 1)


def relations(site: Site) -> tuple[Tie, ...]:
    """Every pair of members that share anything, in the order of the project document."""
    shared: dict[tuple[str, str], list[Hub]] = {}
    for hub in hubs(site):
        for one, other in combinations(hub.members, 2):
            shared.setdefault((one.slug, other.slug), []).append(hub)
    return tuple(
        Tie(one, other, tuple(shared[one.slug, other.slug]))
        for one, other in combinations(site.network.members, 2)
        if (one.slug, other.slug) in shared
    )


def adjacency(site: Site) -> tuple[Adjacency, ...]:
    """One row for every member of the network, by name; who has no tie says so with an empty row."""
    neighbours: dict[str, list[Neighbour]] = {member.slug: [] for member in site.network.members}
    for tie in relations(site):
        neighbours[tie.one.slug].append(Neighbour(tie.other, tie.reasons))
        neighbours[tie.other.slug].append(Neighbour(tie.one, tie.reasons))
    return tuple(
        Adjacency(
            member,
            tuple(sorted(neighbours[member.slug], key=lambda found: found.member.by_name)),
        )
        for member in sorted(site.network.members, key=lambda member: member.by_name)
    )


def _every_hub(site: Site) -> Iterator[Hub]:
    """What could tie, with its members in the order of the project document."""
    for listing in site.network.by_area:
        action = next((action for action in site.actions if action.area == listing.slug), None)
        members = tuple(page for page in listing.pages if isinstance(page, Member))
        if action:
            yield Hub("azione", action.title, action.url, members)
        else:
            yield Hub("area", listing.name, listing.url, members)
    for place in site.places:
        yield Hub("luogo", place.title, place.url, _members(site, place.members))
    for member in site.network.members:
        for number, fact in enumerate(member.named_with, 1):
            named = _members(site, (member.slug, *fact.members))
            yield Hub("fatto", fact.what, member.joint_fact_url(number), named)
    for story in site.stories:
        yield Hub("storia", story.title, story.url, _members(site, story.members))


def _members(site: Site, slugs: tuple[str, ...]) -> tuple[Member, ...]:
    return tuple(member for member in site.network.members if member.slug in slugs)
