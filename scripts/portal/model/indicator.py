"""An indicator: one thing that was counted, each time it was published.

Measures of different periods overlap (three years include the first two), so
they stand side by side and are never added up.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from portal.model.area import Area
from portal.model.page import Slug, Value, YesNo
from portal.model.source import Source


class IndicatorKind(StrEnum):
    """Activity counted (output) or a change in someone's life (outcome)."""

    OUTPUT = "output"
    OUTCOME = "outcome"

    @property
    def label(self) -> str:
        """The kind in words for readers."""
        return {"output": "attività svolta", "outcome": "cambiamento ottenuto"}[self.value]


class Measure(Value):
    """One published value, for one period, from one source."""

    period: str = Field(min_length=4, description="Il periodo contato.", examples=["2015–2018"])
    value: int = Field(ge=0, description="Il valore, in cifre.", examples=["1600"])
    qualifier: str | None = Field(
        default=None,
        pattern=r"^(più di|quasi|circa|oltre)$",
        description="Se la fonte arrotonda: più di, oltre, quasi, circa.",
        examples=["più di"],
    )
    unit: str | None = Field(
        default=None, description="L'unità, se qui è diversa dalle altre.", examples=["posti letto"]
    )
    source: Source = Field(description="La fonte.")

    @property
    def in_words(self) -> str:
        """The value as the source gives it: «più di 3.000»."""
        digits = f"{self.value:,}".replace(",", ".")
        return f"{self.qualifier} {digits}" if self.qualifier else digits


class Indicator(Value):
    """One thing counted, with the sentence that reads it and what it does not say."""

    id: Slug = Field(description="Il codice, dal nome del file.", examples=["colloqui-lavoro"])
    title: str = Field(
        min_length=3,
        description="Che cosa si è contato.",
        examples=["Colloqui individuali per il lavoro"],
    )
    unit: str = Field(min_length=2, description="L'unità.", examples=["colloqui"])
    kind: IndicatorKind = Field(
        description="output (attività) o outcome (cambiamento).", examples=["output"]
    )
    area: Area = Field(description="L'area.", examples=["lavoro"])
    order: int = Field(ge=1, description="Il posto nella pagina.", examples=["1"])
    headline: YesNo = Field(
        default=False, description="«sì» se sta tra i numeri in evidenza.", examples=["no"]
    )
    reading: str = Field(min_length=20, description="La frase che legge il grafico.")
    method: str | None = Field(
        default=None,
        description="Come è stato contato, se la fonte lo dice.",
        examples=["Firme sui registri, una per persona."],
    )
    caution: str | None = Field(default=None, description="Che cosa il numero non dice.")
    measures: tuple[Measure, ...] = Field(min_length=1, description="I valori pubblicati.")

    @property
    def latest(self) -> Measure:
        """The measure to show alone: the last one an editor wrote."""
        return self.measures[-1]
