"""An indicator: one thing that was counted, each time it was published.

Measures of different periods overlap (three years include the first two), so
they stand side by side and are never added up.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from portal.model.area import Area
from portal.model.number import Number, refused
from portal.model.page import FromFile, Slug, Value, YesNo
from portal.model.source import Source

OF_A_HUNDRED = "su cento"
"""The unit of a share, which has a scale of its own: the whole."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_CUT_YEAR = re.compile(r"\b(?:19|20)\d\d[–/-](?:\d{3}|\d{1,2})\b(?![–/-])")
_SPAN = re.compile(r"\b((?:19|20)\d\d)\s?[–-]\s?((?:19|20)\d\d)\b")


class IndicatorKind(StrEnum):
    """Activity counted (output), a change in someone's life (outcome), or what only hints at one (signal)."""

    OUTPUT = "output"
    SIGNAL = "signal"
    OUTCOME = "outcome"

    @property
    def label(self) -> str:
        """The kind in words for readers, with what it must not be taken for."""
        return {
            "output": "attività, non impatto",
            "signal": "segnale, non prova",
            "outcome": "cambiamento ottenuto",
        }[self.value]

    @property
    def caution(self) -> str:
        """What a number of this kind never says, for those that say nothing more."""
        return {
            "output": "è un'attività: non dice che cosa è cambiato dopo, per le persone.",
            "signal": "è un segnale: fa pensare a un cambiamento, ma non lo dimostra.",
            "outcome": "non dice quanto del cambiamento venga dal progetto.",
        }[self.value]


def _in_order(period: str) -> str:
    """*period*, unless it says no year, half a year, or the last before the first."""
    if not _YEAR.search(period):
        raise refused("non dice l'anno. Scrivi così", "2015–2018")
    if _CUT_YEAR.search(period):
        raise refused("ha un anno a metà. Scrivi i due anni per intero", "2015–2018")
    for first, last in _SPAN.findall(period):
        if last < first:
            raise refused(
                "finisce prima di cominciare. Scrivi prima l'anno più vecchio", f"{last}–{first}"
            )
    return period


class Measure(Value):
    """One published value, for one period, from one source."""

    period: Annotated[str, AfterValidator(_in_order)] = Field(
        title="Periodo",
        description="Il periodo contato.",
        examples=["2015–2018"],
    )
    value: Number = Field(
        ge=0, title="Valore", description="Il valore, in cifre.", examples=["1600"]
    )
    qualifier: str | None = Field(
        default=None,
        pattern=r"^(più di|quasi|circa|oltre)$",
        title="Arrotondamento",
        description="Se la fonte arrotonda: più di, oltre, quasi, circa.",
        examples=["più di"],
    )
    unit: str | None = Field(
        default=None,
        title="Unità, se è diversa",
        description="L'unità, se qui è diversa dalle altre.",
        examples=["posti letto"],
    )
    source: Source = Field(title="Fonte", description="La fonte.")

    @property
    def in_words(self) -> str:
        """The value as the source gives it: «più di 3.000»."""
        digits = f"{self.value:,}".replace(",", ".")
        return f"{self.qualifier} {digits}" if self.qualifier else digits


class Indicator(Value):
    """One thing counted, with the sentence that reads it and what it does not say."""

    id: Annotated[Slug, FromFile()]
    title: str = Field(
        min_length=3,
        title="Che cosa si è contato",
        description="Che cosa si è contato.",
        examples=["Colloqui individuali per il lavoro"],
    )
    unit: str = Field(min_length=2, title="Unità", description="L'unità.", examples=["colloqui"])
    kind: IndicatorKind = Field(
        title="Attività, segnale o cambiamento",
        description="output (attività), signal (segnale) o outcome (cambiamento).",
        examples=["output"],
    )
    area: Area = Field(title="Area", description="L'area.", examples=["lavoro"])
    order: Number = Field(
        ge=1, title="Posto nella pagina", description="Il posto nella pagina.", examples=["1"]
    )
    headline: YesNo = Field(
        default=False,
        title="In evidenza",
        description="«sì» se sta tra i numeri in evidenza.",
        examples=["no"],
    )
    reading: str = Field(
        min_length=20,
        title="Frase che legge il grafico",
        description="La frase che legge il grafico.",
    )
    method: str | None = Field(
        default=None,
        title="Come è stato contato",
        description="Come è stato contato, se la fonte lo dice.",
        examples=["Firme sui registri, una per persona."],
    )
    caution: str | None = Field(
        default=None,
        title="Che cosa il numero non dice",
        description="Che cosa il numero non dice.",
    )
    measures: tuple[Measure, ...] = Field(
        min_length=1, title="Valori pubblicati", description="I valori pubblicati."
    )

    @property
    def limits(self) -> str:
        """What the figure does not say: in its own words, or in those of its kind."""
        return self.caution or self.kind.caution

    @property
    def latest(self) -> Measure:
        """The measure to show alone: the last one an editor wrote."""
        return self.measures[-1]

    @property
    def is_share(self) -> bool:
        """Whether it counts how many of a hundred."""
        return self.unit == OF_A_HUNDRED

    @property
    def compared(self) -> tuple[Measure, ...]:
        """The measures one scale can hold: those in the indicator's own unit, if they are of different periods."""
        alike = tuple(measure for measure in self.measures if measure.unit in (None, self.unit))
        periods = {measure.period for measure in alike}
        return alike if len(periods) == len(alike) > 1 else ()

    @property
    def alone(self) -> tuple[Measure, ...]:
        """The measures to show each by itself, large: the latest, and all that stand on no common scale."""
        compared = self.compared
        return tuple(
            measure
            for measure in self.measures
            if measure is self.latest or measure not in compared
        )
