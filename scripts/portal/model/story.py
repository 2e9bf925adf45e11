"""A story: something that happened, told with its sources."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from portal.model.dates import FIRST_YEAR, SourceDate
from portal.model.page import ActionRef, MemberRef, Page, PlaceRef, TownRef, Value, YesNo
from portal.model.source import Sources


class ConsentKind(StrEnum):
    """How a person agreed to be told about."""

    WRITTEN = "scritto"
    RECORDED = "registrato"
    NOT_NEEDED = "non-serve"

    @property
    def label(self) -> str:
        """The kind's name for editors."""
        return {"scritto": "Scritto", "registrato": "Registrato", "non-serve": "Non serve"}[
            self.value
        ]


class Consent(Value):
    """A person's leave to be told about, and the last day it holds."""

    kind: ConsentKind = Field(
        title="Come è stato dato", description="Come è stato dato.", examples=["scritto"]
    )
    until: datetime.date | None = Field(
        default=None,
        title="Vale fino al",
        description="L'ultimo giorno in cui vale.",
        examples=["2028-12-31"],
    )

    def fault(self, today: datetime.date) -> str | None:
        """Why it does not hold on *today*, in Italian, or nothing."""
        if self.until is None:
            return "ha un consenso senza scadenza"
        if self.until < today:
            return f"ha un consenso scaduto il {self.until:%d/%m/%Y}"
        return None


def _known_to_the_month(date: SourceDate) -> SourceDate:
    if date.month is None or date.is_about:
        raise ValueError("a story needs at least a month")
    if date.year is not None and date.year < FIRST_YEAR:
        raise ValueError("no story of ours is that old")
    return date


class Story(Page):
    """Something that happened, dated and sourced. *id* never changes: feeds know the story by it."""

    folder: ClassVar[str] = "storie"
    template: ClassVar[str] = "story.html"

    id: str = Field(
        pattern=r"^st-\d{4}-\d{3}$",
        title="Codice permanente",
        description="Il codice permanente: non si cambia mai, i feed riconoscono la storia da qui.",
        examples=["st-2016-003"],
    )
    date: Annotated[SourceDate, AfterValidator(_known_to_the_month)] = Field(
        title="Quando è successo",
        description="Il giorno del fatto o della fonte; se si sa solo il mese, il mese.",
        examples=["2016-05-12", "2016-05"],
    )
    actions: tuple[ActionRef, ...] = Field(
        default=(), title="Azioni", description="Le azioni.", examples=[["smart-house"]]
    )
    places: tuple[PlaceRef, ...] = Field(
        default=(), title="Luoghi", description="I luoghi.", examples=[["opcafe-rho"]]
    )
    members: tuple[MemberRef, ...] = Field(
        default=(), title="Organizzazioni", description="Le organizzazioni.", examples=[["sercop"]]
    )
    towns: tuple[TownRef, ...] = Field(
        default=(), title="Comuni", description="I comuni.", examples=[["rho"]]
    )
    sources: Sources
    real_person: YesNo = Field(
        default=False,
        title="Racconta una persona vera",
        description="«sì» se si racconta una persona vera e riconoscibile: allora serve il consenso.",
        examples=["no"],
    )
    consent: Consent | None = Field(
        default=None, title="Consenso", description="Il consenso della persona raccontata."
    )

    @property
    def day(self) -> datetime.date:
        """The day to sort by and to give to feeds, which know no months: the first where only the month is known."""
        year, month = self.date.year, self.date.month
        assert year is not None, "no story is without a date"
        assert month is not None, "the date of a story is known to the month"
        return datetime.date(year, month, self.date.day or 1)

    def consent_fault(self, today: datetime.date) -> str | None:
        """Why the story may not be published on *today* for want of consent, in Italian, or nothing."""
        if not self.real_person:
            return None
        if self.consent is None or self.consent.kind is ConsentKind.NOT_NEEDED:
            return "racconta una persona vera ma non ha il suo consenso"
        return self.consent.fault(today)
