"""A translation: an essential page in another language, and how it stands to its original.

Whether a translation is behind is told by a fingerprint of the Italian text, not
by dates: a date is bumped without reading, a fingerprint cannot be.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field

from portal.model.need import DeskWords, PlaceWords, UrgentCall
from portal.model.page import FromFile, Page


@dataclass(frozen=True)
class Language:
    """A language the essential pages are in.

    *folder* is where they stand, *code* what `lang` says (BCP 47), *locale* what Open Graph does.
    """

    folder: str
    code: str
    direction: str
    name: str
    locale: str


LANGUAGES = {
    language.folder: language
    for language in (
        Language("en", "en", "ltr", "English", "en_GB"),
        Language("es", "es", "ltr", "Español", "es_ES"),
        Language("ar", "ar", "rtl", "العربية", "ar_AR"),
        Language("ro", "ro", "ltr", "Română", "ro_RO"),
        Language("uk", "uk", "ltr", "Українська", "uk_UA"),
        Language("facile", "it", "ltr", "Facile da leggere", "it_IT"),
    )
}
"""Every language but Italian, by folder, in the order they are offered."""


class Translation(Page):
    """An essential page in another language. Until a *reviewer* is named it says that nobody has read it."""

    template: ClassVar[str] = "translation.html"

    language: Annotated[str, FromFile()]
    original: Annotated[str, FromFile()]
    is_behind: Annotated[bool, FromFile()] = False
    """Whether the original has changed since it was translated."""

    source_hash: str = Field(
        pattern=r"^[0-9a-f]{12}$",
        title="Impronta della pagina italiana",
        description="L'impronta della pagina italiana tradotta: la scrive `portal translated`.",
        examples=["0123456789ab"],
    )
    translated: datetime.date = Field(
        title="Tradotta il",
        description="Il giorno della traduzione: lo scrive `portal translated`.",
        examples=["2026-11-22"],
    )
    reviewer: str | None = Field(
        default=None,
        title="Chi l'ha letta, di madrelingua",
        description="Chi, di madrelingua, ha letto la traduzione.",
        examples=["Nome Cognome"],
    )

    urgent: tuple[UrgentCall, ...] = Field(
        default=(),
        title="Da chiamare subito",
        description="Gli stessi numeri della pagina italiana, con le parole di questa lingua.",
    )
    places: tuple[PlaceWords, ...] = Field(
        default=(),
        title="Luoghi",
        description="Che cosa si trova nei luoghi della pagina italiana, uno per uno.",
    )
    desks: tuple[DeskWords, ...] = Field(
        default=(),
        title="Sportelli di altri",
        description="Che cosa si trova negli sportelli della pagina italiana, uno per uno.",
    )

    @property
    def url(self) -> str:
        """The original's address, inside the language's folder."""
        return f"{self.language}/{self.original}"

    @property
    def spoken(self) -> Language:
        """The language itself."""
        return LANGUAGES[self.language]

    def found_in(self, place: str) -> str | None:
        """What one finds for this need in the place with this slug, where it has been translated."""
        return next((words.description for words in self.places if words.place == place), None)

    def found_at(self, desk: str) -> str | None:
        """What one finds at the desk called so, where it has been translated."""
        return next((words.description for words in self.desks if words.title == desk), None)


_SHOWN = (
    "title",
    "description",
    "address",
    "directions",
    "address_seen",
    "opened",
    "phone",
    "hours",
    "confirmed",
)
"""What is written above a text, is shown to who reads, and may be said again in the text of a translation."""


def fingerprint(front_matter: Mapping[str, Any], text: str) -> str:
    """Twelve hexadecimal digits that change when what a reader reads of a page changes.

    *front_matter* is as its editor wrote it; *text* is Markdown. How the words are broken into lines does not count.
    """
    shown = [front_matter[name] for name in _SHOWN if name in front_matter]
    shown += _said_in(front_matter.get("urgent"), "title", "phone", "description")
    shown += _said_in(front_matter.get("places"), "place", "description")
    # Where a desk is a translation takes from the Italian page.
    shown += _said_in(front_matter.get("desks"), "title", "description")
    read = "\n".join(" ".join(str(part).split()) for part in (*shown, text))
    return hashlib.sha256(read.encode()).hexdigest()[:12]


def _said_in(entries: object, *names: str) -> list[object]:
    """The values under *names* of each of *entries*, which are as their editor wrote them."""
    if not isinstance(entries, list):
        return []
    return [entry.get(name) for entry in entries if isinstance(entry, Mapping) for name in names]
