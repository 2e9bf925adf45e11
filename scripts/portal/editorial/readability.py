"""How hard a page is to read: its Gulpease, and the sentences that are too long."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.editorial.desk import Desk, is_easy_to_read, is_essential, is_italian
from portal.editorial.finding import Finding, Rule, quoted
from portal.editorial.manuscript import Manuscript
from portal.editorial.sentences import Sentence, gulpease

FEWEST_WORDS = 100
"""Below this a formula over averages says nothing: one name more, and it jumps."""

_BREAKS = (
    (re.compile(r";\s+"), 0.0),
    (re.compile(r":\s+"), 0.1),
    (re.compile(r",\s+(?=(?:ma|però|mentre|invece|quindi)\s)"), 0.1),
    (re.compile(r",\s+e\s+"), 0.3),
)
"""Where a sentence may be cut, and how much further from the middle a better cut may lie."""

_LONGEST_TO_BREAK = 1000
"""In characters. What is longer is no sentence any more, and two halves of it would be none either."""


def bar(path: str) -> int:
    """The Gulpease that the page at *path* should reach."""
    if is_easy_to_read(path):
        return 80
    return 60 if is_essential(path) else 50


def longest_sentence(path: str) -> int:
    """How many words a sentence of the page at *path* may have."""
    return 15 if is_easy_to_read(path) else 25


def _hard_page(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    if not is_italian(page.path):
        return
    sentences = page.sentences
    if sum(sentence.word_count for sentence in sentences) < FEWEST_WORDS:
        return
    score, wanted = gulpease(sentences), bar(page.path)
    if round(score) >= wanted:
        return
    hardest = min(sentences, key=lambda sentence: gulpease([sentence]))
    yield Finding(
        page.path,
        hardest.line,
        HARD_PAGE.id,
        hardest.text,
        f"la pagina ha Gulpease {score:.0f}, e ne servono almeno {wanted}. Comincia da questa frase, "
        f"che è la più difficile ({hardest.word_count} parole).",
        broken_up(hardest)
        or "Una cosa per frase, e parole corte: «partecipare» è più lunga di «venire».",
    )


def _long_sentence(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    if not is_italian(page.path):
        return
    most = longest_sentence(page.path)
    for sentence in page.sentences:
        if sentence.word_count > most:
            yield Finding(
                page.path,
                sentence.line,
                LONG_SENTENCE.id,
                sentence.text,
                f"la frase ha {sentence.word_count} parole: al massimo {most}.",
                broken_up(sentence) or "Fanne due: prima chi fa che cosa, poi il resto.",
            )


def broken_up(sentence: Sentence) -> str | None:
    """The sentence as two, broken at a mark near its middle; nothing where no mark is safe."""
    text = sentence.text
    if len(text) > _LONGEST_TO_BREAK:
        return None
    cuts = [
        (abs(match.start() / len(text) - 0.5) + cost, match)
        for pattern, cost in _BREAKS
        for match in pattern.finditer(text)
        if 0.2 < match.start() / len(text) < 0.8 and _stands_free(text, match.start())
    ]
    if not cuts:
        return None
    best = min(cuts, key=lambda cut: (cut[0], cut[1].start()))[1]
    rest = text[best.end() :]
    return quoted(f"{text[: best.start()]}. {rest[:1].upper()}{rest[1:]}")


def _stands_free(text: str, position: int) -> bool:
    """Whether *position* is outside quotation marks and parentheses: a break inside would leave them open."""
    before = text[:position]
    return all(before.count(opens) == before.count(closes) for opens, closes in ("«»", "()", "“”"))


HARD_PAGE = Rule(
    "pagina-difficile",
    "La pagina si legge con fatica",
    "Chi ha la licenza media legge da solo un testo con Gulpease 60 o più; con la licenza elementare ne "
    "serve 80. Le pagine per chi cerca aiuto devono arrivare a 60, le storie a 50, le facili da leggere a 80.",
    "Lucisano e Piemontese, «GULPEASE», Scuola e città 3 (1988): 89 + (300 × frasi − 10 × lettere) / parole",
    2,
    _hard_page,
)
LONG_SENTENCE = Rule(
    "frase-lunga",
    "La frase è troppo lunga",
    "Dopo una ventina di parole chi legge su un telefono, o in una lingua non sua, ha perso l'inizio.",
    "Direttiva sulla semplificazione del linguaggio, Dipartimento della funzione pubblica, 8 maggio 2002",
    1,
    _long_sentence,
)
RULES = (HARD_PAGE, LONG_SENTENCE)
