"""What time does to a page: consents that end, reviews nobody did, translations left behind."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from portal.editorial.desk import Desk
from portal.editorial.finding import Finding, Rule
from portal.editorial.manuscript import Manuscript
from portal.model.dates import SourceDate
from portal.model.story import Story
from portal.model.translation import Translation

CONSENT_NOTICE_DAYS = 60
"""Long enough to find a person again, and to ask without haste."""


def _consents(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    story = desk.pages.get(page.path)
    if not isinstance(story, Story) or not story.consent or not story.consent.until:
        return
    left = (story.consent.until - desk.today).days
    if story.real_person and 0 <= left <= CONSENT_NOTICE_DAYS:
        until = SourceDate(story.consent.until.isoformat()).in_italian
        yield Finding(
            page.path,
            page.line_of(("consent", "until")),
            CONSENTS.id,
            story.consent.until.isoformat(),
            f"il consenso finisce il {until}{_in_days(left)}. Il giorno dopo il sito non si pubblica, finché la "
            "storia c'è: chiedi alla persona se vuole continuare.",
            f"until: {_year_later(story.consent.until)}",
        )


def _reviews(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    try:
        day = datetime.date.fromisoformat(str(page.data.get("review_by", "")))
    except ValueError:
        return
    if day < desk.today:
        yield Finding(
            page.path,
            page.line_of(("review_by",)),
            REVIEWS.id,
            day.isoformat(),
            f"andava riletta entro il {SourceDate(day.isoformat()).in_italian}. Rileggila, e poi sposta la data.",
            f"review_by: {_year_later(desk.today)}",
        )


def _translations(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    translation = desk.pages.get(page.path)
    if not isinstance(translation, Translation):
        return
    now = desk.fingerprints.get(page.path.partition("/")[2])
    if now is not None and now != translation.source_hash:
        yield Finding(
            page.path,
            page.line_of(("source_hash",)),
            TRANSLATIONS.id,
            translation.source_hash,
            f"la pagina italiana è cambiata dopo questa traduzione ({translation.spoken.name}): chi legge qui trova un "
            "avviso. Riportaci il cambiamento, poi segnala in pari.",
            f".venv/bin/portal translated content/{page.path}",
        )


def _in_days(left: int) -> str:
    return {0: ", cioè oggi", 1: ", cioè domani"}.get(left, f", fra {left} giorni")


def _year_later(day: datetime.date) -> datetime.date:
    """The same day a year later; from 29 February, the day before."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


CONSENTS = Rule(
    "consenso-in-scadenza",
    "Il consenso di una persona sta per finire",
    "Chi ha detto sì a una storia lo ha detto fino a un giorno. Passato quello, la storia non è più nostra.",
    "Regolamento (UE) 2016/679, articolo 7",
    3,
    _consents,
)
REVIEWS = Rule(
    "da-rileggere",
    "La pagina andava riletta",
    "Un orario vecchio manda qualcuno davanti a una porta chiusa. La data per rileggere l'ha scelta chi ha scritto.",
    "La nostra regola: review_by (content/LEGGIMI.md)",
    2,
    _reviews,
)
TRANSLATIONS = Rule(
    "traduzione-indietro",
    "La traduzione è rimasta indietro",
    "Chi legge in un'altra lingua ha diritto alle stesse notizie. Il confronto è sul testo, non sulle date.",
    "La nostra regola: l'impronta della pagina italiana (portal translated)",
    2,
    _translations,
)
RULES = (CONSENTS, REVIEWS, TRANSLATIONS)
