"""Which words are chosen: those only offices use, those that hurt, acronyms nobody explained."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from portal.editorial.desk import Desk, is_italian
from portal.editorial.finding import Finding, Rule, one_line, quoted
from portal.editorial.lexicon import Term, Use, WordList
from portal.editorial.manuscript import Block, Manuscript

_LETTERS = re.compile(r"[A-Z](?<![\w#@./-].)(?:(?:\.[A-Z])++\.?|[A-Z]{1,4}+)(?![\w@]|[.-]\w)")
_ROMAN = re.compile(r"[IVXLC]+")
_EXPLAINED = re.compile(
    r"\s*(?:\(|\s(?:è|sono)\s|[,:–—]\s*(?:cioè|ovvero|ossia|che|il|lo|la|i|gli|le|l['’]|un|uno|una)\b)"
)


def _jargon(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    return _better_said(page, desk.lexicon.jargon, JARGON, "è una parola da ufficio")


def _respect(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    return _better_said(page, desk.lexicon.respect, RESPECT, "può ferire")


def _better_said(page: Manuscript, words: WordList, rule: Rule, why: str) -> Iterator[Finding]:
    for term, block, use in _uses(page, words):
        said = one_line(block.text[use.start : use.end])
        yield Finding(
            page.path,
            block.line_at(use.start),
            rule.id,
            said,
            f"«{said}» {why}: meglio «{use.words or term.plain}». {term.why}".rstrip(),
            _mended(block, use),
        )


def _acronyms(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    if not is_italian(page.path):
        return
    met: set[str] = set()
    for block in page.blocks:
        if block.text.isupper():
            continue
        for match in _LETTERS.finditer(block.text):
            letters = match[0].replace(".", "")
            if letters in met or _ROMAN.fullmatch(letters) or letters in desk.names:
                continue
            met.add(letters)
            acronym = desk.lexicon.acronyms.get(letters)
            if (acronym and acronym.known) or letters in page.abbreviations:
                continue
            if _is_explained(page, block, match, acronym.means if acronym else ""):
                continue
            yield Finding(
                page.path,
                block.line_at(match.start()),
                ACRONYMS.id,
                match[0],
                f"«{match[0]}» non è spiegata: la prima volta scrivi che cosa vuol dire.",
                f"«{match[0]} ({acronym.means})»"
                if acronym
                else f"«{match[0]} (che cosa vuol dire, in poche parole)»",
            )


def _uses(page: Manuscript, words: WordList) -> Iterator[tuple[Term, Block, Use]]:
    """The first use on the page of each form; what stands in quotation marks is somebody else's word."""
    if not is_italian(page.path):
        return
    candidates = words.candidates(page.words)
    if not candidates:
        return
    met: set[str] = set()
    for block in page.blocks:
        for use in _apart(words.uses(candidates, block.text)):
            said = block.text[use.start : use.end].lower()
            if said not in met and not _is_quoted(block.text, use.start):
                met.add(said)
                yield use.term, block, use


def _apart(uses: Iterable[Use]) -> Iterator[Use]:
    """The uses in the order of the text; of those that overlap, the first, and the longest of the first."""
    end = 0
    for use in sorted(uses, key=lambda use: (use.start, -use.end)):
        if use.start >= end:
            yield use
            end = use.end


def _is_quoted(text: str, position: int) -> bool:
    return text.rfind("«", 0, position) > text.rfind("»", 0, position)


def _mended(block: Block, use: Use) -> str:
    """The sentence with the better word in its place, or else the example of the list."""
    if use.term.example:
        return quoted(use.term.example)
    if use.words is None:
        return f"Con una forma di «{use.term.plain}»."
    before, after = block.text[: use.start], block.text[use.end :]
    begin = max(before.rfind(mark) for mark in (". ", "? ", "! ", "\n"))
    end = re.search(r"[.!?](?=\s|\Z)", after)
    sentence = before[begin + 1 :] + use.words + (after[: end.end()] if end else after)
    return quoted(sentence)


def _is_explained(page: Manuscript, block: Block, match: re.Match[str], means: str) -> bool:
    """Whether the page says what the letters stand for, there or in a parenthesis around them."""
    if means and any(means.lower() in one_line(other.text).lower() for other in page.blocks):
        return True
    before = block.text[: match.start()].rstrip()
    after = block.text[match.end() : match.end() + 80]
    return bool(_EXPLAINED.match(after)) or (before.endswith("(") and after.startswith(")"))


JARGON = Rule(
    "parola-difficile",
    "Una parola da ufficio",
    "Chi ha più bisogno è spesso chi conosce meno le parole degli uffici. L'elenco è nostro: "
    "content/_redazione/parole-difficili.yml.",
    "Dipartimento della funzione pubblica, Manuale di stile (1997); direttiva 8 maggio 2002",
    1,
    _jargon,
)
RESPECT = Rule(
    "parola-che-ferisce",
    "Una parola che può ferire",
    "Prima la persona, poi quello che le succede: nessuno è la sua malattia, il suo debito o il suo "
    "permesso di soggiorno. L'elenco è nostro: content/_redazione/parole-rispettose.yml.",
    "Convenzione ONU sui diritti delle persone con disabilità (legge 18/2009); Carta di Roma (2008)",
    3,
    _respect,
)
ACRONYMS = Rule(
    "sigla-non-spiegata",
    "Una sigla che nessuno ha spiegato",
    "Una sigla è una porta chiusa per chi non la conosce. Basta dirla per intero la prima volta. Quelle "
    "che conoscono tutti stanno in content/_redazione/sigle.yml.",
    "WCAG 2.2, criterio 3.1.4 Abbreviazioni",
    1,
    _acronyms,
)
RULES = (RESPECT, JARGON, ACRONYMS)
