"""A need: the door a person in trouble comes through."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from portal.model.area import Area
from portal.model.page import ActionRef, MemberRef, Page, PlaceRef, ToolRef
from portal.model.source import Source


class Need(Page):
    """A worry in the words of who has it: who can help, where, what to expect."""

    folder: ClassVar[str] = "bisogni"
    template: ClassVar[str] = "need.html"

    order: int = Field(
        ge=1,
        title="Posto nell'elenco",
        description="Il posto nell'elenco della prima pagina.",
        examples=["1"],
    )
    icon: str = Field(
        pattern=r"^(lavoro|casa|spese|famiglia|insieme|documenti)$",
        title="Disegno",
        description="Il disegno: lavoro, casa, spese, famiglia, insieme o documenti.",
        examples=["casa"],
    )
    area: Area | None = Field(
        default=None, title="Area", description="L'area, se ce n'è una.", examples=["casa"]
    )
    actions: tuple[ActionRef, ...] = Field(
        default=(),
        title="Azioni",
        description="Le azioni che rispondono.",
        examples=[["smart-house"]],
    )
    places: tuple[PlaceRef, ...] = Field(
        default=(), title="Luoghi", description="Dove andare.", examples=[["opcafe-rho"]]
    )
    members: tuple[MemberRef, ...] = Field(
        default=(), title="Organizzazioni", description="Chi può aiutare.", examples=[["sercop"]]
    )
    tools: tuple[ToolRef, ...] = Field(
        default=(),
        title="Strumenti",
        description="Gli strumenti per fare due conti.",
        examples=[["bilancio-di-casa"]],
    )
    sources: tuple[Source, ...] = Field(
        min_length=1, title="Fonti", description="Le fonti: almeno una."
    )
