"""A town, and its boundary on the map."""

from __future__ import annotations

from pydantic import Field

from portal.model.number import Number
from portal.model.page import Slug, Value, YesNo

Ring = tuple[tuple[float, float], ...]


class Town(Value):
    """A municipality. Coordinates are one WGS84 point per town, in decimal degrees."""

    id: Slug = Field(
        title="Codice", description="Il codice, come si scrive nelle pagine.", examples=["rho"]
    )
    name: str = Field(title="Nome", description="Il nome.", examples=["Rho"])
    istat: str = Field(
        pattern=r"^\d{6}$",
        title="Codice ISTAT",
        description="Il codice ISTAT.",
        examples=["015182"],
    )
    population: Number = Field(
        gt=0,
        title="Abitanti",
        description="Abitanti al 1° gennaio 2021 (ISTAT).",
        examples=["49609"],
    )
    lat: float = Field(title="Latitudine", description="Latitudine.", examples=["45.5285"])
    lon: float = Field(title="Longitudine", description="Longitudine.", examples=["9.0402"])
    in_project: YesNo = Field(
        title="Comune del progetto",
        description="«sì» se è uno dei nove comuni del progetto.",
        examples=["sì"],
    )

    @property
    def url(self) -> str:
        """The directory page of the members in this town."""
        return f"rete/comune/{self.id}/"


class Boundary(Value):
    """The outline of a municipality: rings of (lon, lat), outer and inner alike."""

    istat: str
    name: str
    in_project: bool
    rings: tuple[Ring, ...]
