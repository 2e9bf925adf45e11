"""A need: the door a person in trouble comes through."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from portal.model.area import Area
from portal.model.dates import SourceDate
from portal.model.member import Member
from portal.model.number import Number
from portal.model.page import ActionRef, MemberRef, Page, PlaceRef, ToolRef, TownRef, Value
from portal.model.source import Sources


class PlaceWords(Value):
    """What one of our places has for a need: the place itself says what else it is."""

    place: PlaceRef = Field(title="Luogo", description="Il luogo.", examples=["opcafe-rho"])
    description: str = Field(
        min_length=10,
        title="Che cosa ci trovi",
        description="Che cosa ci trova, o ci trovava, chi ha questo bisogno, e in che anno: in una frase o due.",
    )


class Offer(PlaceWords):
    """What one of our places has for a need, and when it was last seen there."""

    seen: SourceDate = Field(
        title="Visto",
        description="Quando la fonte dice che c'è, o c'era.",
        examples=["2024-11"],
    )


class DeskWords(Value):
    """What one finds at a desk of others. Its name is what stands on the door, in every language."""

    title: str = Field(
        min_length=3,
        title="Nome",
        description="Come si chiama lo sportello.",
        examples=["Centro per l'impiego di Rho"],
    )
    description: str = Field(
        min_length=10,
        title="Che cosa ci trovi",
        description="Che cosa ci trova chi entra, in una frase.",
    )


class Desk(DeskWords):
    """Where others answer a need: a door that is not one of our places, and when it was last seen there."""

    address: str = Field(
        min_length=3,
        title="Indirizzo",
        description="Via e numero.",
        examples=["via Villafranca 8"],
    )
    town: TownRef = Field(title="Comune", description="Il comune.", examples=["rho"])
    seen: SourceDate = Field(
        title="Indirizzo visto",
        description="Quando la fonte dà per vero l'indirizzo.",
        examples=["2025-07"],
    )
    members: tuple[MemberRef, ...] = Field(
        default=(),
        title="Chi lo gestisce",
        description="L'organizzazione della rete che lo gestisce, o quelle che ci lavorano.",
        examples=[["afol"]],
    )

    def is_of(self, member: Member) -> bool:
        """Whether this is the door of *member* itself: nobody else's, and of the same name."""
        return self.members == (member.slug,) and self.title == member.title


class UrgentCall(Value):
    """A public number to call at once, said before anything else."""

    title: str = Field(
        min_length=10,
        title="Quando",
        description="Quando chiamare, come domanda o come invito.",
        examples=["Qualcuno in casa ti fa paura? Chiama il"],
    )
    phone: str = Field(
        pattern=r"^\d{3,}$", title="Numero", description="Il numero, solo cifre.", examples=["1522"]
    )
    description: str = Field(
        min_length=10,
        title="Chi risponde",
        description="Chi risponde, quando e in che lingue, in una o due frasi.",
    )


class Need(Page):
    """A worry in the words of who has it: who can help, where, what to expect."""

    folder: ClassVar[str] = "bisogni"
    template: ClassVar[str] = "need.html"

    order: Number = Field(
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
    places: tuple[Offer, ...] = Field(
        default=(), title="Luoghi", description="In quali dei nostri luoghi andare, e per che cosa."
    )
    urgent: tuple[UrgentCall, ...] = Field(
        default=(),
        title="Da chiamare subito",
        description="I numeri pubblici da chiamare subito: stanno in cima alla pagina.",
    )
    desks: tuple[Desk, ...] = Field(
        default=(),
        title="Sportelli di altri",
        description="Dove andare, se non è uno dei nostri luoghi.",
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
    sources: Sources

    @property
    def latest_desks(self) -> tuple[Desk, ...]:
        """Its desks, the one seen last first."""
        return tuple(sorted(self.desks, key=lambda desk: desk.seen, reverse=True))
