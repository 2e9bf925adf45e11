"""The projection: from degrees to the units of a drawing.

Equirectangular, with longitudes shrunk by the cosine of the middle latitude:
over twenty kilometres the error stays below the width of a line.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from portal.model.town import Boundary, Ring

Point = tuple[float, float]

_COMPASS = ("est", "nord-est", "nord", "nord-ovest", "ovest", "sud-ovest", "sud", "sud-est")


@dataclass(frozen=True)
class Projection:
    """Maps (lon, lat) to (x, y), with *left* and *top* where the area's north-west corner falls."""

    west: float
    south: float
    east: float
    north: float
    scale: float
    left: float
    top: float

    @classmethod
    def fitting(
        cls, boundaries: Iterable[Boundary], *, width: float, left: float, top: float
    ) -> Projection:
        """The projection that draws *boundaries* exactly *width* units wide."""
        points = [point for boundary in boundaries for ring in boundary.rings for point in ring]
        if not points:
            raise ValueError("no boundary to draw: at least one ring is needed")
        lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
        west, south, east, north = min(lons), min(lats), max(lons), max(lats)
        shrink = math.cos(math.radians((south + north) / 2))
        return cls(west, south, east, north, width / ((east - west) * shrink), left, top)

    @property
    def height(self) -> float:
        """How high the area is drawn."""
        return (self.north - self.south) * self.scale

    @property
    def centre(self) -> Point:
        """The middle of the area, in drawing units."""
        return self.point((self.west + self.east) / 2, (self.south + self.north) / 2)

    def point(self, lon: float, lat: float) -> Point:
        """Where a place falls in the drawing."""
        x = self.left + (lon - self.west) * self._shrink * self.scale
        return x, self.top + (self.north - lat) * self.scale

    def outline(self, ring: Ring) -> str:
        """A ring as a closed SVG path, to a tenth of a unit. GeoJSON repeats the first corner, SVG does not."""
        corners = (
            self.point(lon, lat) for lon, lat in (ring[:-1] if ring[0] == ring[-1] else ring)
        )
        return "M" + "L".join(f"{to_a_tenth(x)},{to_a_tenth(y)}" for x, y in corners) + "Z"

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a place lies in the area."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def bearing(self, lon: float, lat: float) -> float:
        """The direction of a place from the middle of the area, in degrees clockwise from east."""
        centre_x, centre_y = self.centre
        x, y = self.point(lon, lat)
        return math.degrees(math.atan2(y - centre_y, x - centre_x))

    @property
    def _shrink(self) -> float:
        return math.cos(math.radians((self.south + self.north) / 2))


def compass_point(bearing: float) -> str:
    """The Italian name of the nearest of eight directions: «est», «sud-est»."""
    return _COMPASS[round(-bearing / 45) % 8]


def to_a_tenth(number: float) -> str:
    """A coordinate as it is written in a drawing: to a tenth of a unit, whole where it is whole."""
    return f"{number:.1f}".removesuffix(".0")
