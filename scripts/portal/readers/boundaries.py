"""Boundaries from GeoJSON: what the map is drawn on."""

from __future__ import annotations

import json
from typing import Any

from portal.model.town import Boundary, Ring
from portal.readers.problem import Problem


def read_boundaries(path: str, text: str) -> tuple[tuple[Boundary, ...], list[Problem]]:
    """Read a FeatureCollection of (Multi)Polygons in WGS84, with `istat`, `name`, `in_project` each."""
    try:
        features = json.loads(text)["features"]
        return tuple(
            Boundary(rings=_rings(feature["geometry"]), **feature["properties"])
            for feature in features
        ), []
    except (ValueError, KeyError, TypeError) as error:
        return (), [
            Problem(
                path,
                1,
                f"i confini non si leggono come GeoJSON ({error}). Rimetti il file com'era.",
            )
        ]


def _rings(geometry: dict[str, Any]) -> tuple[Ring, ...]:
    """Every ring of the polygons, as it was read: the boundary knows what a point is, and refuses what is none."""
    polygons = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    return tuple(tuple(map(tuple, ring)) for polygon in polygons for ring in polygon)
