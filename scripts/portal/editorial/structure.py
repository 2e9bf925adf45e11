"""What a page is made of: links, pictures, headings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from portal.editorial.desk import Desk, is_italian
from portal.editorial.finding import Finding, Rule
from portal.editorial.manuscript import Manuscript

_EMPTY_WORDS = frozenset(
    """
    qui|qua|clicca|clicca qui|cliccate qui|cliccare qui|clicca su|premi qui|leggi|leggi qui|leggi tutto|
    leggi di più|leggi ancora|continua|continua a leggere|vai|vai qui|vai al sito|link|questo link|al link|
    a questo link|il link|pagina|questa pagina|a questa pagina|sito|il sito|questo sito|scopri|scopri di più|
    scopri qui|per saperne di più|saperne di più|di più|altro|info|dettagli|approfondisci|scarica|scarica qui|
    apri|guarda|vedi|vedi qui|articolo|l'articolo|documento|il documento|here|click here|read more|more|link here
    """.replace("\n    ", "").strip().split("|")
)  # fmt: skip
_NOISE = " →»>…!.:"
_SAYS_PICTURE = re.compile(
    r"\s*(?:(?:una?|l[ao']|il)?\s*)?(?:immagine|foto|fotografia|figura|disegno|logo|icona|grafico|screenshot)"
    r"(?:\s+(?:di|del|dello|della|dei|degli|delle|con|che|raffigurante)\b|\s*[:–-]|\s+(?:dell|d)['’])",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r"[\w ().-]*\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?)|(?:img|dsc[nf]?|image|foto|pxl|whatsapp image)"
    r"[\s_-]*\d[\d _.-]*+\w*+",
    re.IGNORECASE,
)
_LONGEST_ALT = 140


def _link_words(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    addresses: dict[str, str] = {}
    for link in page.links:
        words = " ".join(link.words.split())
        bare = words.strip(_NOISE).lower().replace("’", "'")
        title = desk.title_at(page.path, link.address)
        example = f"[{title or 'gli orari dello sportello di Rho'}]({link.address})"
        if not words:
            yield Finding(
                page.path, link.line, LINK_WORDS.id, link.address,
                f"l'indirizzo «{link.address}» è scritto nudo: chi ascolta la pagina se lo sente "
                "leggere lettera per lettera. Dagli un nome.",
                f"[{title or 'il nome di chi lo pubblica'}]({link.address})",
            )  # fmt: skip
        elif bare in _EMPTY_WORDS:
            yield Finding(
                page.path, link.line, LINK_WORDS.id, words,
                f"il link «{words}» non dice dove porta: chi scorre i soli link non può scegliere.",
                example,
            )  # fmt: skip
        elif "://" in words or words.startswith("www."):
            yield Finding(
                page.path, link.line, LINK_WORDS.id, words,
                "il testo del link è un indirizzo: scrivi che cosa si trova là.",
                example,
            )  # fmt: skip
        elif is_italian(page.path) and addresses.setdefault(bare, link.address) != link.address:
            yield Finding(
                page.path, link.line, LINK_WORDS.id, words,
                f"nella pagina due link dicono «{words}» e portano in due posti diversi.",
                f"[{words}, e che cosa cambia]({link.address})",
            )  # fmt: skip


def _alt_texts(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    for picture in page.pictures:
        yield from _alt(page, picture.alt, picture.file, picture.line)
    for location, alt, file in _described_pictures(page.data):
        if _alt_fault(alt, file):
            yield from _alt(page, alt, file, page.line_of(location))


def _alt(page: Manuscript, alt: str | None, file: str, line: int) -> Iterator[Finding]:
    if fault := _alt_fault(alt, file):
        yield Finding(
            page.path, line, ALT_TEXTS.id, (alt or file).strip() or file, fault,
            f"![Sei persone attorno a un tavolo, con le tazze in mano]({file or 'img/colazione.jpg'})",
        )  # fmt: skip


def _alt_fault(alt: str | None, file: str) -> str | None:
    """What is the matter with the words that stand for a picture, or nothing."""
    said = " ".join((alt or "").split())
    if not said:
        return (
            "l'immagine non ha un testo: chi non la vede non sa che cosa c'è. Di' che cosa si vede."
        )
    if _FILE_NAME.fullmatch(said) or said == posixpath.basename(file):
        return f"il testo dell'immagine è il nome di un file («{said}»): di' che cosa si vede."
    if _SAYS_PICTURE.match(said):
        return "chi ascolta sa già che è un'immagine: comincia da quello che si vede."
    if len(said) < 5:
        return f"«{said}» è poco per chi l'immagine non la vede: di' che cosa si vede."
    if len(said) > _LONGEST_ALT:
        return (
            f"il testo dell'immagine ha {len(said)} caratteri, al massimo {_LONGEST_ALT}: "
            "il resto scrivilo nella pagina."
        )
    return None


def _described_pictures(
    data: Mapping[str, Any],
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """The pictures of the front matter that are described: where, the words, the file."""
    for name, value in data.items():
        parts = value if isinstance(value, list) else [value]
        for number, part in enumerate(parts):
            if isinstance(part, dict) and isinstance(part.get("alt"), str):
                where = (name, number) if isinstance(value, list) else (name,)
                yield (*where, "alt"), part["alt"], str(part.get("file", ""))


def _headings(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    level = 1
    for block in page.blocks:
        if block.kind != "heading":
            continue
        words = " ".join(block.text.split())
        if not words:
            yield Finding(
                page.path, block.line, HEADINGS.id, "#" * block.level,
                "il titoletto è vuoto: chi si sposta fra i titoli trova un buco. Scrivilo, o togli la riga.",
                "## Dove andare",
            )  # fmt: skip
        elif block.level > level + 1:
            yield Finding(
                page.path, block.line, HEADINGS.id, words,
                f"da un titolo di livello {level} si salta a uno di livello {block.level}: chi si sposta fra i "
                "titoli pensa di aver perso un pezzo.",
                f"{'#' * (level + 1)} {words}",
            )  # fmt: skip
        level = block.level


LINK_WORDS = Rule(
    "testo-del-link",
    "Il link non dice dove porta",
    "Chi usa un lettore di schermo spesso si fa leggere solo i link, uno dopo l'altro: «qui, qui, qui» non aiuta.",
    "WCAG 2.2, criteri 2.4.4 e 2.4.9 Scopo del collegamento",
    2,
    _link_words,
)
ALT_TEXTS = Rule(
    "testo-dell-immagine",
    "L'immagine non è descritta bene",
    "Il testo sta al posto dell'immagine per chi non la vede e per chi ha poca rete: dice che cosa si vede.",
    "WCAG 2.2, criterio 1.1.1 Contenuti non testuali",
    2,
    _alt_texts,
)
HEADINGS = Rule(
    "ordine-dei-titoli",
    "I titoli saltano un gradino",
    "I titoli sono l'indice di chi ascolta la pagina: due cancelletti, poi tre, senza saltare.",
    "WCAG 2.2, criteri 1.3.1 Informazioni e correlazioni e 2.4.6 Intestazioni ed etichette",
    2,
    _headings,
)
RULES = (ALT_TEXTS, LINK_WORDS, HEADINGS)
