"""A campaign: what money is asked for, and who receives it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from portal.model.iban import Iban
from portal.model.number import ONLY_DIGITS
from portal.model.page import ActionRef, Page, RecipientRef, Slug, Value, YesNo


class RecipientKind(StrEnum):
    """The legal kinds of recipient; the tax text depends on it, and none is promised by default."""

    PUBLIC_BODY = "public_body"
    FOUNDATION = "foundation"
    SOCIAL_COOPERATIVE = "social_cooperative"
    ASSOCIATION = "association"

    @property
    def label(self) -> str:
        """The kind's name for editors."""
        return {
            "public_body": "Ente pubblico",
            "foundation": "Fondazione",
            "social_cooperative": "Cooperativa sociale",
            "association": "Associazione",
        }[self.value]


class TaxProfile(Value):
    """What may be said of tax benefits, once a person has checked it."""

    text: str = Field(
        min_length=20, title="Testo approvato", description="Il testo approvato dal consulente."
    )
    registration: str = Field(
        min_length=3,
        title="Registro e numero",
        description="Registro e numero.",
        examples=["RUNTS n. …"],
    )
    confirmed_on: date = Field(
        title="Confermato il", description="Quando è stato confermato.", examples=["2026-01-31"]
    )


class Recipient(Value):
    """Who receives the money of a campaign. Without a *tax* profile no benefit is promised."""

    id: Slug = Field(
        title="Codice", description="Il codice, come si scrive nelle campagne.", examples=["sercop"]
    )
    name: str = Field(
        min_length=2, title="Nome breve", description="Il nome breve.", examples=["Sercop"]
    )
    legal_name: str = Field(
        min_length=2, title="Nome ufficiale", description="Il nome ufficiale per intero."
    )
    kind: RecipientKind = Field(
        title="Natura giuridica", description="La natura giuridica.", examples=["public_body"]
    )
    address: str | None = Field(default=None, title="Sede", description="La sede, se è confermata.")
    fiscal_code: str | None = Field(
        default=None, title="Codice fiscale", description="Il codice fiscale, se è confermato."
    )
    iban: Iban | None = Field(
        default=None,
        title="Conto per i bonifici (IBAN)",
        description="Il conto per i bonifici, se è confermato; senza, il bonifico non si propone.",
    )
    tax: TaxProfile | None = Field(
        default=None,
        title="Vantaggi fiscali confermati",
        description="Il profilo fiscale confermato; senza, non si promette nulla.",
    )


class Frequency(StrEnum):
    """How often a gift repeats."""

    ONCE = "once"
    MONTH = "month"
    YEAR = "year"

    @property
    def label(self) -> str:
        """The frequency's name for who edits and who gives."""
        return {"once": "Una volta", "month": "Ogni mese", "year": "Ogni anno"}[self.value]


class Campaign(Page):
    """What money is asked for. While *example* holds, no real money can be given to it."""

    folder: ClassVar[str] = "campagne"
    template: ClassVar[str] = "campaign.html"

    recipient: RecipientRef = Field(
        title="Chi riceve i soldi",
        description="Chi riceve i soldi, da beneficiari.yml.",
        examples=["sercop"],
    )
    example: YesNo = Field(
        default=True,
        title="È ancora un esempio",
        description="«sì» finché una persona non conferma la campagna: non raccoglie soldi veri.",
        examples=["sì"],
    )
    open: YesNo = Field(
        default=True,
        title="Campagna aperta",
        description="«no» quando la campagna è chiusa.",
        examples=["sì"],
    )
    short: Slug | None = Field(
        default=None,
        max_length=16,
        title="Nome breve per l'indirizzo",
        description="Il nome breve per l'indirizzo da stampare o dettare: «mamme» diventa /d/mamme/. "
        "Una volta stampato non si cambia.",
        examples=["mamme"],
    )
    goal_euros: Annotated[int, Field(gt=0), ONLY_DIGITS] | None = Field(
        default=None,
        title="Obiettivo in euro",
        description="L'obiettivo in euro, se c'è.",
        examples=["5000"],
    )
    suggested_euros: tuple[Annotated[int, Field(ge=2), ONLY_DIGITS], ...] = Field(
        min_length=1,
        max_length=5,
        title="Importi proposti",
        description="Gli importi proposti, in euro.",
        examples=[["10", "25", "50"]],
    )
    frequencies: tuple[Frequency, ...] = Field(
        default=(Frequency.ONCE, Frequency.MONTH, Frequency.YEAR),
        min_length=1,
        title="Ogni quanto si può dare",
        description="Ogni quanto si può dare: once (una volta), month (ogni mese), year (ogni anno).",
        examples=[["once", "month"]],
    )
    actions: tuple[ActionRef, ...] = Field(
        default=(),
        title="Azioni sostenute",
        description="Le azioni sostenute.",
        examples=[["smart-house"]],
    )

    @property
    def goal_cents(self) -> int | None:
        """The goal in cents, as money is counted; nothing where there is none."""
        return self.goal_euros * 100 if self.goal_euros else None

    @property
    def short_url(self) -> str:
        """The address to print or say aloud, relative to the site's root; it leads to the page."""
        return f"d/{self.short or self.slug}/"
