"""A member: one of the organisations that signed the project document."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from portal.model.alphabet import sorted_as
from portal.model.area import Area
from portal.model.dates import SourceDate
from portal.model.number import Number
from portal.model.page import WEB_ADDRESS, MemberRef, Page, TownRef, Value
from portal.model.source import Source, Sources

_LEGAL_FORMS = {"consorzio", "cooperativa", "sociale", "spa", "srl"}


class Role(StrEnum):
    """What an organisation signed as."""

    LEAD = "capofila"
    PARTNER = "partner"
    AGREEMENT = "accordo"

    @property
    def label(self) -> str:
        """The role's name for readers, in the singular."""
        return {"capofila": "Capofila", "partner": "Partner", "accordo": "Accordo di rete"}[
            self.value
        ]

    @property
    def plural(self) -> str:
        """The heading of a list of such members."""
        return {"capofila": "Il capofila", "partner": "I partner", "accordo": "L'accordo di rete"}[
            self.value
        ]

    def said_of(self, count: int) -> str:
        """What *count* such members are, after the number: «32 firmatari dell'accordo di rete»."""
        if self is Role.AGREEMENT:
            return f"{'firmatario' if count == 1 else 'firmatari'} dell'accordo di rete"
        return self.label.lower()


class Evidence(StrEnum):
    """How much public sources say of a member."""

    VERIFIED = "verificata"
    PARTIAL = "parziale"
    DOCUMENT_ONLY = "solo-documento"

    @property
    def label(self) -> str:
        """The evidence's name for editors."""
        return {
            "verificata": "Verificata",
            "parziale": "Parziale",
            "solo-documento": "Solo il documento di progetto",
        }[self.value]


class JointFact(Value):
    """Something a source says of a member together with others: who owns it, what they do together."""

    what: str = Field(
        min_length=5,
        title="Che cosa",
        description="Che cosa le unisce, in poche parole.",
        examples=["Emporio della solidarietà di Rho"],
    )
    members: tuple[MemberRef, ...] = Field(
        min_length=1,
        title="Con chi",
        description="Le altre organizzazioni che la fonte nomina.",
        examples=[["caritas-decanale-rho"]],
    )
    sources: tuple[Source, ...] = Field(
        min_length=1, title="Fonti", description="Chi lo dice: almeno una fonte."
    )


class Member(Page):
    """One of the 43 organisations. A missing field means: not found, never «none»."""

    folder: ClassVar[str] = "rete"
    template: ClassVar[str] = "member.html"

    order: Number = Field(
        ge=1,
        title="Posto nel documento",
        description="Il posto nel documento di progetto.",
        examples=["12"],
    )
    role: Role = Field(
        title="Ruolo", description="capofila, partner o accordo.", examples=["partner"]
    )
    kind: str = Field(
        min_length=3,
        title="Forma giuridica",
        description="La forma giuridica.",
        examples=["cooperativa sociale"],
    )
    name_2014: str | None = Field(
        default=None,
        title="Nome nel documento di progetto",
        description="Il nome nel documento di progetto, se oggi è un altro.",
        examples=["AFOL Nord Ovest"],
    )
    official_name: str | None = Field(
        default=None, title="Nome ufficiale", description="Il nome ufficiale per intero."
    )
    areas: tuple[Area, ...] = Field(
        default=(),
        title="Aree",
        description="Le aree in cui una fonte la nomina.",
        examples=[["lavoro"]],
    )
    sector: str | None = Field(
        default=None,
        title="Di cosa si occupa",
        description="Di cosa si occupa, in una riga.",
        examples=["Abitare sociale"],
    )
    town: TownRef | None = Field(
        default=None,
        title="Comune della sede",
        description="Il comune della sede.",
        examples=["rho"],
    )
    address: str | None = Field(
        default=None,
        title="Indirizzo",
        description="L'indirizzo.",
        examples=["Via dei Cornaggia 33, 20017 Rho"],
    )
    address_kind: str | None = Field(
        default=None,
        title="Che cos'è l'indirizzo",
        description="Che cos'è l'indirizzo, se non è la sede.",
        examples=["sportello per i clienti"],
    )
    address_seen: SourceDate | None = Field(
        default=None,
        title="Indirizzo visto",
        description="Quando la fonte dà per vero l'indirizzo.",
        examples=["2024-06"],
    )
    website: str | None = Field(
        default=None,
        pattern=WEB_ADDRESS,
        title="Sito",
        description="Il sito.",
        examples=["https://www.sercop.it"],
    )
    evidence: Evidence = Field(
        title="Quanto dicono le fonti",
        description="Quanto dicono le fonti: verificata, parziale o solo-documento.",
        examples=["parziale"],
    )
    named_with: tuple[JointFact, ...] = Field(
        default=(),
        title="Con chi è nominata",
        description="Che cosa una fonte dice di lei insieme ad altre della rete. Basta scriverlo nella pagina di una.",
    )
    sources: Sources

    @property
    def by_name(self) -> tuple[str, str]:
        """What members are sorted by where they stand by name, as in the list from A to Z."""
        return sorted_as(self.title), self.slug

    def joint_fact_url(self, number: int) -> str:
        """Where the page tells the joint fact with this *number*, from one."""
        return f"{self.url}#pt-insieme-{number}"

    @property
    def former_name(self) -> str | None:
        """The name it signed with, where it is truly another and not today's said in other words."""
        words = sorted_as(self.name_2014 or "").split()
        today = sorted_as(self.title).replace(" ", "")
        changed = any(word not in today for word in words if word not in _LEGAL_FORMS)
        return self.name_2014 if changed else None
