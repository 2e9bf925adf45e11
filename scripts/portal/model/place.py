"""A place: a room where one can walk in."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import ClassVar

from pydantic import Field

from portal.model.dates import LATEST_NIGHT, TIME_OF_DAY, UNDATED, WEEKDAYS, SourceDate, in_words
from portal.model.page import ActionRef, MemberRef, Page, TownRef, Value, YesNo
from portal.model.source import Sources

_A_MONDAY = datetime.date(2024, 1, 1)


class OpeningHours(Value):
    """When the doors are open on one weekday."""

    day: str = Field(
        pattern=f"^({'|'.join(WEEKDAYS)})$",
        title="Giorno",
        description="Il giorno.",
        examples=["martedì"],
    )
    opens: str = Field(
        pattern=TIME_OF_DAY,
        title="Apre alle",
        description="Ora di apertura.",
        examples=["10:00"],
    )
    closes: str = Field(
        pattern=TIME_OF_DAY,
        title="Chiude alle",
        description="Ora di chiusura.",
        examples=["12:30"],
    )

    def fault(self) -> str | None:
        """What is wrong between its fields, in Italian, or nothing. Who closes earlier closes after midnight."""
        is_night = self.closes <= LATEST_NIGHT
        if self.opens < self.closes or (is_night and self.closes != self.opens):
            return None
        return f"chiude alle «{self.closes}», ma apre alle «{self.opens}». Controlla le due ore."

    def day_in(self, language: str) -> str:
        """The weekday in the words of *language* (BCP 47)."""
        day = _A_MONDAY + datetime.timedelta(days=WEEKDAYS.index(self.day))
        return in_words(day, "EEEE", language)


class Place(Page):
    """A room where one can walk in. What a person must still confirm is said on the page."""

    folder: ClassVar[str] = "luoghi"
    template: ClassVar[str] = "place.html"

    town: TownRef = Field(title="Comune", description="Il comune.", examples=["rho"])
    address: str | None = Field(
        default=None,
        title="Indirizzo",
        description="Via e numero, se si conoscono.",
        examples=["via Meda 20"],
    )
    directions: str | None = Field(
        default=None,
        title="Come si trova",
        description="Quello che serve per trovare la porta, oltre a via e numero.",
        examples=["In centro, accanto al municipio"],
    )
    address_seen: SourceDate | None = Field(
        default=None,
        title="Indirizzo visto",
        description="Quando la fonte dà per vero l'indirizzo.",
        examples=["2024-11"],
    )
    phone: str | None = Field(
        default=None,
        pattern=r"^\+?\(?\d(?:[ ./()-]{0,2}\d){2,}$",
        title="Telefono",
        description="Il telefono pubblico.",
        examples=["02 1234567"],
    )
    hours: tuple[OpeningHours, ...] = Field(
        default=(), title="Orari", description="Gli orari; senza, la pagina dice che mancano."
    )
    opened: SourceDate | None = Field(
        default=None, title="Aperto da", description="Quando ha aperto.", examples=["2019-05-11"]
    )
    actions: tuple[ActionRef, ...] = Field(
        default=(), title="Azioni", description="Le azioni che ospita.", examples=[["smart-house"]]
    )
    members: tuple[MemberRef, ...] = Field(
        default=(),
        title="Chi c'era dall'inizio",
        description="Chi l'ha aperto, ne ha dato le stanze o ne ha parlato con noi all'inizio.",
        examples=[["comune-di-rho"]],
    )
    confirmed: YesNo = Field(
        default=False,
        title="Verificato da una persona",
        description="«sì» quando una persona ha verificato che la pagina è vera oggi.",
        examples=["no"],
    )
    sources: Sources


def latest_first(places: Iterable[Place]) -> tuple[Place, ...]:
    """*places* as one would try them: the confirmed ones, then those seen last; the undated at the end."""
    unseen = SourceDate(UNDATED)
    return tuple(
        sorted(places, key=lambda one: (one.confirmed, one.address_seen or unseen), reverse=True)
    )
