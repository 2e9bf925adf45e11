"""An event: a day to put in the calendar, or one that has been."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import ClassVar

from pydantic import Field

from portal.model.dates import FIRST_YEAR, LATEST_NIGHT, TIME_OF_DAY
from portal.model.number import Number
from portal.model.page import ActionRef, Page, PlaceRef, StoryRef, TownRef, YesNo
from portal.model.source import Sources


class Event(Page):
    """A day to put in the calendar. Times are Europe/Rome; without a time it lasts the whole day."""

    folder: ClassVar[str] = "agenda"
    template: ClassVar[str] = "event.html"

    id: str = Field(
        pattern=r"^ev-\d{4}-\d{3}$",
        title="Codice permanente",
        description="Il codice permanente: non si cambia mai.",
        examples=["ev-2018-002"],
    )
    date: datetime.date = Field(title="Giorno", description="Il giorno.", examples=["2018-11-30"])
    until: datetime.date | None = Field(
        default=None, title="Ultimo giorno", description="L'ultimo giorno, se dura più di uno."
    )
    starts: str | None = Field(
        default=None,
        pattern=TIME_OF_DAY,
        title="Comincia alle",
        description="L'ora d'inizio.",
        examples=["09:30"],
    )
    ends: str | None = Field(
        default=None,
        pattern=TIME_OF_DAY,
        title="Finisce alle",
        description="L'ora di fine.",
        examples=["13:00"],
    )
    location: str | None = Field(
        default=None,
        title="Dove, se non è un nostro luogo",
        description="Dove, se non è un nostro luogo.",
        examples=["Cascina Triulza"],
    )
    place: PlaceRef | None = Field(
        default=None,
        title="Nostro luogo",
        description="Il luogo, se è uno dei nostri.",
        examples=["opcafe-rho"],
    )
    town: TownRef | None = Field(
        default=None, title="Comune", description="Il comune.", examples=["rho"]
    )
    actions: tuple[ActionRef, ...] = Field(
        default=(), title="Azioni", description="Le azioni.", examples=[["smart-house"]]
    )
    story: StoryRef | None = Field(
        default=None,
        title="Storia che lo racconta",
        description="La storia che lo racconta.",
        examples=["2018-11-30-festa"],
    )
    cancelled: YesNo = Field(
        default=False,
        title="Annullato",
        description="«sì» se è annullato: la pagina resta.",
        examples=["no"],
    )
    sequence: Number = Field(
        default=0,
        ge=0,
        title="Quante volte è cambiato",
        description="Quante volte giorno, ora, luogo o annullamento sono cambiati dopo la pubblicazione: "
        "aggiungi 1 a ogni cambiamento, così i calendari di chi lo segue si aggiornano.",
        examples=["1"],
    )
    updated: datetime.date | None = Field(
        default=None,
        title="Ultimo cambiamento",
        description="Il giorno dell'ultimo cambiamento, se sequence non è 0.",
        examples=["2018-11-20"],
    )
    sources: Sources

    @property
    def last_day(self) -> datetime.date:
        """The day after which the event is past."""
        return self.until or self.date

    @property
    def revised(self) -> datetime.date:
        """The day of what the page says now: the last change, or else its newest dated source."""
        dated = [
            datetime.date(source.date.year, source.date.month or 1, source.date.day or 1)
            for source in self.sources
            if source.date.year
        ]
        return self.updated or max(dated, default=self.date)

    def change_fault(self) -> tuple[str, str] | None:
        """The field in which a change of the event does not reach the calendars of who follows it, and what to write.

        A program keeps what it has until SEQUENCE grows (RFC 5545, 3.8.7.4).
        """
        if self.cancelled and not self.sequence:
            return "cancelled", (
                "l'appuntamento è annullato, ma chi l'ha già in calendario non lo saprebbe. "
                "Aggiungi sequence: 1, e updated: con il giorno di oggi."
            )
        if self.sequence and not self.updated:
            return "sequence", (
                "sequence dice che l'appuntamento è cambiato, ma non quando. "
                "Aggiungi updated: con il giorno dell'ultimo cambiamento."
            )
        return None

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong between its fields, as (field, what and how to write it) in Italian."""
        if self.date.year < FIRST_YEAR:
            yield "date", f"l'anno di «{self.date}» non torna. Scrivi così: date: 2018-11-30"
        if self.until and self.until < self.date:
            yield "until", f"l'ultimo giorno «{self.until}» viene prima del primo, «{self.date}»."
        if self.ends and not self.starts:
            yield (
                "ends",
                "c'è l'ora di fine e manca quella d'inizio. Aggiungi starts, o togli ends.",
            )
        is_one_day = self.until in (None, self.date)
        if is_one_day and self.starts and self.ends and LATEST_NIGHT < self.ends <= self.starts:
            yield (
                "ends",
                f"finisce alle «{self.ends}», ma comincia alle «{self.starts}». Se finisce il giorno dopo, "
                f"aggiungi until: {self.date + datetime.timedelta(days=1)}",
            )
        if self.place and self.location:
            yield "location", "dove si fa è scritto due volte: tieni place oppure location."
        if change := self.change_fault():
            yield change

    def town_fault(self, towns: Mapping[str, str]) -> tuple[str, str] | None:
        """The town, where it is not the one its place is in; *towns* are those of the places, by their slug."""
        right = towns.get(self.place or "")
        if self.town is None or right is None or self.town == right:
            return None
        return (
            "town",
            f"«{self.place}» è a «{right}», non a «{self.town}». Scrivi town: {right}, o togli la riga.",
        )

    def is_past(self, today: datetime.date) -> bool:
        """Whether the event is over on *today*."""
        return self.last_day < today
