"""The frame of the map: what part of the world it shows, and where towns beyond it stand.

The frame holds the area of the project and, on the sides where some town lies
outside, a rim. A town outside stands in the rim, on the line that leads to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.model.town import Boundary, Town
from portal.writers.projection import Point, Projection

MARGIN = 30
RIM = 200


@dataclass(frozen=True)
class Frame:
    """A drawing *width* by *height* units, and the projection that fills it."""

    projection: Projection
    width: float
    height: float

    @classmethod
    def around(cls, boundaries: Iterable[Boundary], towns: Iterable[Town], width: float) -> Frame:
        """The frame that shows *boundaries*, with a rim wherever one of *towns* lies outside."""
        boundaries = tuple(boundaries)
        rough = Projection.fitting(boundaries, width=1, left=0, top=0)
        sides = {_side(rough, town) for town in towns}
        left, right, top, bottom = (
            RIM if side in sides else MARGIN for side in ("west", "east", "north", "south")
        )
        projection = Projection.fitting(boundaries, width=width - left - right, left=left, top=top)
        return cls(projection, width, top + projection.height + bottom)

    def bearing(self, town: Town) -> float | None:
        """The direction of a town outside, in degrees clockwise from east; none for one inside."""
        if self.projection.holds(town.lon, town.lat):
            return None
        return self.projection.bearing(town.lon, town.lat)

    def spot(self, town: Town) -> Point:
        """Where a town is drawn: at its place, or in the middle of the rim on the way to it."""
        x, y = self.projection.point(town.lon, town.lat)
        if self.projection.holds(town.lon, town.lat):
            return x, y
        centre_x, centre_y = self.projection.centre
        shares = [
            (limit - start) / step
            for start, step, limit in (
                (centre_x, x - centre_x, self.width - RIM / 2 if x > centre_x else RIM / 2),
                (centre_y, y - centre_y, self.height - RIM / 2 if y > centre_y else RIM / 2),
            )
            if step
        ]
        return centre_x + min(shares) * (x - centre_x), centre_y + min(shares) * (y - centre_y)

    def shows(self, boundary: Boundary) -> bool:
        """Whether any of a municipality falls into the frame."""
        corners = [self.projection.point(*corner) for ring in boundary.rings for corner in ring]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs) < self.width and max(xs) > 0 and min(ys) < self.height and max(ys) > 0


def _side(projection: Projection, town: Town) -> str | None:
    """The side a town outside the area lies on, or nothing where it is inside."""
    if projection.holds(town.lon, town.lat):
        return None
    (x, y), (centre_x, centre_y) = projection.point(town.lon, town.lat), projection.centre
    if abs(x - centre_x) >= abs(y - centre_y):
        return "east" if x > centre_x else "west"
    return "south" if y > centre_y else "north"
