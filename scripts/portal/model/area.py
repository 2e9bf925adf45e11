"""The areas of the project: the closed vocabulary that ties actions, members and figures."""

from __future__ import annotations

from enum import StrEnum


class Area(StrEnum):
    """What a member, a figure or an action is about. The values are the ones editors write."""

    RISPARMIO = "risparmio"
    LAVORO = "lavoro"
    CASA = "casa"
    FAMIGLIA = "famiglia"
    FORMAZIONE = "formazione"
    COMUNICAZIONE = "comunicazione"
    COMUNITA = "comunita"

    @property
    def label(self) -> str:
        """The area's name for readers."""
        return {"comunita": "Comunità e luoghi"}.get(self.value, self.value.capitalize())
