"""An action: one of the five of the project document."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from portal.model.area import Area
from portal.model.number import Number
from portal.model.page import Page, ToolRef
from portal.model.source import Sources


class Action(Page):
    """One of the five actions. Who works on it follows from the members' areas."""

    folder: ClassVar[str] = "azioni"
    template: ClassVar[str] = "action.html"

    number: Number = Field(
        ge=1,
        le=5,
        title="Numero",
        description="Il numero nel documento di progetto.",
        examples=["2"],
    )
    area: Area = Field(title="Area", description="L'area a cui appartiene.", examples=["lavoro"])
    also_known_as: str | None = Field(
        default=None,
        title="Conosciuta come",
        description="Il nome con cui la gente la conosce.",
        examples=["#OPerazione Riequilibriamoci"],
    )
    for_whom: str = Field(
        min_length=20,
        title="Per chi è",
        description="Per chi è, in una frase.",
        examples=["Per chi cerca lavoro."],
    )
    tools: tuple[ToolRef, ...] = Field(
        default=(),
        title="Strumenti",
        description="Gli strumenti per fare due conti.",
        examples=[["bilancio-di-casa"]],
    )
    sources: Sources
