"""The network: the members and the three ways to read them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from portal.model.area import Area
from portal.model.member import Member, Role
from portal.model.town import Boundary, Town


@dataclass(frozen=True)
class Listing:
    """The members that share one value: a page of the directory."""

    kind: str
    """`ruolo`, `comune` or `area`."""
    slug: str
    title: str
    members: tuple[Member, ...]
    town: Town | None = None

    @property
    def url(self) -> str:
        """Where the listing is on the site."""
        return f"rete/{self.kind}/{self.slug}/"


@dataclass(frozen=True)
class Network:
    """The 43 organisations, their towns and the boundaries they stand in."""

    members: tuple[Member, ...]
    towns: tuple[Town, ...]
    boundaries: tuple[Boundary, ...]

    @cached_property
    def by_role(self) -> tuple[Listing, ...]:
        """One listing per role, lead first."""
        return tuple(
            Listing(
                "ruolo",
                role.value,
                role.plural,
                self._where(lambda member, role=role: member.role is role),
            )
            for role in Role
        )

    @cached_property
    def by_area(self) -> tuple[Listing, ...]:
        """One listing per area that a source names a member in."""
        listings = (
            Listing(
                "area",
                area.value,
                area.label,
                self._where(lambda member, area=area: area in member.areas),
            )
            for area in Area
        )
        return tuple(listing for listing in listings if listing.members)

    @cached_property
    def by_town(self) -> tuple[Listing, ...]:
        """One listing per town with a member: the towns of the project first, then the others, by name."""
        ordered = sorted(self.towns, key=lambda town: (not town.in_project, town.name))
        listings = (
            Listing(
                "comune",
                town.id,
                town.name,
                self._where(lambda member, town=town: member.town == town.id),
                town,
            )
            for town in ordered
        )
        return tuple(listing for listing in listings if listing.members)

    @cached_property
    def unmapped(self) -> tuple[Member, ...]:
        """The members whose town no source gives: listed, but not on the map."""
        return self._where(lambda member: member.town is None)

    @cached_property
    def without_area(self) -> tuple[Member, ...]:
        """The members no source ties to an area."""
        return self._where(lambda member: not member.areas)

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Every page of the directory."""
        return self.by_role + self.by_town + self.by_area

    def town(self, town_id: str) -> Town:
        """The town with this id. KeyError where there is none."""
        return self._towns[town_id]

    @cached_property
    def _towns(self) -> dict[str, Town]:
        return {town.id: town for town in self.towns}

    def _where(self, condition) -> tuple[Member, ...]:
        return tuple(member for member in self.members if condition(member))
