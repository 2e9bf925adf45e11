"""An opportunity: a job, an internship, a place to volunteer or a course, open until a day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from portal.model.area import Area
from portal.model.page import WEB_ADDRESS, MemberRef, Page, TownRef
from portal.model.source import Sources


class OpportunityKind(StrEnum):
    """What is offered."""

    JOB = "lavoro"
    INTERNSHIP = "tirocinio"
    VOLUNTEERING = "volontariato"
    COURSE = "corso"

    @property
    def label(self) -> str:
        """The kind's name for readers, in the singular."""
        return self.value.capitalize()


class Opportunity(Page):
    """Something one can apply for, offered by a *member* or by another *organisation*.

    After *expires* it leaves lists, feeds and calendars; its page stays and says so.
    """

    folder: ClassVar[str] = "opportunita"
    template: ClassVar[str] = "opportunity.html"

    id: str = Field(
        pattern=r"^op-\d{4}-\d{3}$",
        title="Codice permanente",
        description="Il codice permanente: non si cambia mai.",
        examples=["op-2026-001"],
    )
    kind: OpportunityKind = Field(
        title="Che cos'è",
        description="lavoro, tirocinio, volontariato o corso.",
        examples=["tirocinio"],
    )
    date: datetime.date = Field(
        title="Pubblicata il",
        description="Il giorno in cui la pubblichiamo.",
        examples=["2026-11-22"],
    )
    expires: datetime.date = Field(
        title="Ultimo giorno per candidarsi",
        description="L'ultimo giorno per candidarsi o iscriversi: dopo, esce dagli elenchi da sola.",
        examples=["2026-12-31"],
    )
    member: MemberRef | None = Field(
        default=None,
        title="Chi la offre, se è della rete",
        description="Chi la offre, se è della rete: il nome del file in rete/.",
        examples=["afol"],
    )
    organisation: str | None = Field(
        default=None,
        min_length=2,
        title="Chi la offre, se non è della rete",
        description="Chi la offre, se non è della rete.",
        examples=["Forno di piazza"],
    )
    town: TownRef | None = Field(
        default=None, title="Comune", description="Il comune.", examples=["rho"]
    )
    starts: datetime.date | None = Field(
        default=None,
        title="Comincia il",
        description="Il giorno in cui comincia, se si sa.",
        examples=["2027-01-11"],
    )
    how: str = Field(
        min_length=10,
        title="Come ci si candida",
        description="Come ci si candida o ci si iscrive, in una frase.",
        examples=["Passa allo sportello il martedì mattina, con un documento."],
    )
    link: str | None = Field(
        default=None,
        pattern=WEB_ADDRESS,
        title="Annuncio in rete",
        description="L'annuncio di chi la offre, se è in rete.",
        examples=["https://www.esempio.it/annuncio"],
    )
    sources: Sources

    @property
    def day(self) -> datetime.date:
        """The day it was published, to sort by and to give to feeds."""
        return self.date

    def is_expired(self, today: datetime.date) -> bool:
        """Whether nobody can apply any more on *today*. The last day still counts."""
        return self.expires < today

    def offer_fault(self) -> tuple[str, str] | None:
        """What is wrong between its fields, as (field, what and how to write it) in Italian, or nothing."""
        if self.member and self.organisation:
            return (
                "organisation",
                "chi la offre è scritto due volte: tieni member oppure organisation.",
            )
        if not (self.member or self.organisation):
            return (
                "kind",
                "manca chi la offre. Scrivi così: member: afol, o per chi non è della rete: "
                "organisation: Forno di piazza",
            )
        if self.expires < self.date:
            return (
                "expires",
                f"la scadenza «{self.expires}» viene prima della pubblicazione, «{self.date}».",
            )
        return None


@dataclass(frozen=True)
class Board:
    """The open opportunities of some kinds, on the index page at *url*; the first to expire come first."""

    url: str
    title: str
    area: Area
    """The area of the action whose page shows them too."""
    opportunities: tuple[Opportunity, ...]
