"""The network: the members and the three ways to read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from portal.model.alphabet import letter_of, sorted_as
from portal.model.area import Area
from portal.model.listing import Listing
from portal.model.member import Member, Role
from portal.model.town import Boundary, Town

TOWN_HALL = "comune"
"""What the kind of a member says that is a municipality."""


@dataclass(frozen=True)
class Name:
    """A name a member can be looked up by: today's, or the one it has *former*ly had."""

    text: str
    member: Member
    former: bool = False

    @property
    def letter(self) -> str:
        """The letter it stands under."""
        return letter_of(self.text)


@dataclass(frozen=True)
class Network:
    """The 43 organisations, their towns and the boundaries they stand in."""

    UNKNOWN: ClassVar[str] = "ignoto"
    """What stands, in addresses and filters, for a town or an area that no source gives."""

    members: tuple[Member, ...]
    towns: tuple[Town, ...]
    boundaries: tuple[Boundary, ...]

    @cached_property
    def by_role(self) -> tuple[Listing, ...]:
        """One listing per role, lead first."""
        return tuple(
            Listing(
                "rete",
                "ruolo",
                role.value,
                role.plural,
                role.plural,
                f"{role.plural} di #Oltreiperimetri: {_how_many(found)}.",
                found,
            )
            for role in Role
            for found in [tuple(member for member in self.members if member.role is role)]
        )

    @cached_property
    def by_area(self) -> tuple[Listing, ...]:
        """One listing per area that a source names a member in."""
        listings = (
            Listing(
                "rete",
                "area",
                area.value,
                area.label,
                f"La rete nell'area {area.label}",
                f"La rete di #Oltreiperimetri nell'area {area.label}: {_how_many(found)}.",
                found,
            )
            for area in Area
            for found in [tuple(member for member in self.members if area in member.areas)]
        )
        return tuple(listing for listing in listings if listing.pages)

    @cached_property
    def towns_in_order(self) -> tuple[Town, ...]:
        """The towns of the project first, then the others, by name."""
        return tuple(sorted(self.towns, key=lambda town: (not town.in_project, town.name)))

    @cached_property
    def by_town(self) -> tuple[Listing, ...]:
        """One listing per town with a member, in order."""
        listings = (
            Listing(
                "rete",
                "comune",
                town.id,
                town.name,
                f"La rete di {town.name}",
                f"La rete di #Oltreiperimetri a {town.name}: {_how_many(found)}.",
                found,
                town,
            )
            for town in self.towns_in_order
            for found in [tuple(member for member in self.members if member.town == town.id)]
        )
        return tuple(listing for listing in listings if listing.pages)

    @cached_property
    def town_halls(self) -> tuple[Member, ...]:
        """The members that are a municipality with a website: whoever knows nothing else can ask there."""
        halls = (one for one in self.members if one.kind == TOWN_HALL and one.website)
        return tuple(sorted(halls, key=lambda hall: hall.title))

    def town_hall(self, town: str) -> Member | None:
        """The one of *town*, by its id."""
        return next((hall for hall in self.town_halls if hall.town == town), None)

    @cached_property
    def unmapped(self) -> tuple[Member, ...]:
        """The members whose town no source gives: listed, but not on the map."""
        return tuple(member for member in self.members if member.town is None)

    @cached_property
    def without_area(self) -> tuple[Member, ...]:
        """The members no source ties to an area."""
        return tuple(member for member in self.members if not member.areas)

    @cached_property
    def town_filter(self) -> tuple[Listing, ...]:
        """Each value of the filter by town: `by_town`, and last the unmapped members, if there are any."""
        return self.by_town + _of_unknown("comune", "un comune certo", "il comune", self.unmapped)

    @cached_property
    def area_filter(self) -> tuple[Listing, ...]:
        """Each value of the filter by area: `by_area`, and last the members without one, if there are any."""
        return self.by_area + _of_unknown("area", "un'area certa", "l'area", self.without_area)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Every name of every member from A to Z, former ones too."""
        names = [Name(member.title, member) for member in self.members]
        names += [
            Name(member.former_name, member, former=True)
            for member in self.members
            if member.former_name
        ]
        return tuple(
            sorted(names, key=lambda name: (name.letter, sorted_as(name.text), name.member.slug))
        )

    @cached_property
    def from_a_to_z(self) -> Listing:
        """All members in the order of their names."""
        members = tuple(name.member for name in self.names if not name.former)
        title = "La rete dalla A alla Z"
        said = (
            "Le organizzazioni di #Oltreiperimetri in ordine alfabetico, anche con il nome di prima: "
            f"{len(members)}."
        )
        return Listing("rete", "a-z", "", title, title, said, members, template="a_to_z.html")

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Every page of the directory."""
        return (self.from_a_to_z, *self.by_role, *self.town_filter, *self.area_filter)

    def town(self, town_id: str) -> Town:
        """The town with this id. KeyError where there is none."""
        return self._towns[town_id]

    @cached_property
    def _towns(self) -> dict[str, Town]:
        return {town.id: town for town in self.towns}


def _of_unknown(
    kind: str, what: str, which: str, members: tuple[Member, ...]
) -> tuple[Listing, ...]:
    """The listing of *members* of whom no source says *which*; none of nobody."""
    listing = Listing(
        "rete",
        kind,
        Network.UNKNOWN,
        "Non lo sappiamo",
        f"La rete, senza {what}",
        f"Le organizzazioni di #Oltreiperimetri di cui nessuna fonte dice {which}: {len(members)}.",
        members,
    )
    return (listing,) if members else ()


def _how_many(members: tuple[Member, ...]) -> str:
    return "un'organizzazione" if len(members) == 1 else f"{len(members)} organizzazioni"
