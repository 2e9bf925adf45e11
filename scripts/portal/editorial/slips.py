"""Slips of Markdown: what an editor meant as a link or a list, and readers would see with its signs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from portal.editorial.desk import Desk
from portal.editorial.finding import Finding, Rule
from portal.editorial.manuscript import Block, Manuscript

_APART = re.compile(r"(?<!\])\[(?P<words>[^\[\]\n]+)\][ \t]+\((?P<target>[^()\s]*)\)")
_INVERTED = re.compile(r"\((?P<words>[^()\n]+)\)\[(?P<target>[^\[\]\s]*)\]")
_UNCLOSED = re.compile(
    r"\[(?P<words>[^\[\]\n]*)\]\((?P<target>[^()\s]*)(?![^()]*+(?:\([^()]*+\)[^()]*+)*+\))"
)
_NAMED = re.compile(r"\[(?P<words>[^\[\]\n]+)\]\[(?P<target>[^\[\]\n]*)\]")
_ADDRESS = re.compile(r"^$|[/@]|\.md\b|www\.")
"""What an address has, or nothing: an address in full is taken out of the text before."""
_SIGNS = ("](", "] (", "]\t(", "]  ", "][", ")[")
_MARKER = re.compile(r" {0,3}(?:[-*+]|\d{1,2}\.)[ \t]+\S")
_BULLETS = "•·▪◦●‣"
_BULLET = re.compile(rf"^[ \t]*[{_BULLETS}][ \t]*", re.MULTILINE)
_HARMLESS = frozenset({
    "abbr", "b", "bdi", "blockquote", "br", "cite", "code", "dd", "del", "details", "dfn", "dl", "dt", "em",
    "figcaption", "figure", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var",
    "wbr",
})  # fmt: skip
"""What HTML has for a meaning."""
_DRESSED = re.compile(r"\s(?:style|class)\s*=", re.IGNORECASE)
_KEEPS_A_LANGUAGE = re.compile(r"<\w+\s(?:[^<>]*\s)?(?:lang|dir|markdown)\b", re.IGNORECASE)


def _broken_links(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    for block in page.blocks:
        if not any(sign in block.text for sign in _SIGNS):
            continue
        for pattern, what in (
            (_APART, "fra la parentesi quadra e la tonda c'è uno spazio"),
            (
                _INVERTED,
                "le parentesi sono scambiate: le parole vanno fra le quadre, l'indirizzo fra le tonde",
            ),
            (_UNCLOSED, "la parentesi tonda non si chiude"),
        ):
            for match in pattern.finditer(block.text):
                if _ADDRESS.search(match["target"]):
                    yield _broken(page, block, match, what)
        for match in _NAMED.finditer(block.text):
            name = f"[{match['target'] or match['words']}]:".lower()
            if not any(line.strip().lower().startswith(name) for line in page.lines):
                yield _broken(
                    page, block, match, "dopo le parole serve l'indirizzo, fra parentesi tonde"
                )


def _broken(page: Manuscript, block: Block, match: re.Match[str], what: str) -> Finding:
    is_named = not match["target"] or not _ADDRESS.search(match["target"])
    target = "https://www.sercop.it" if is_named else match["target"]
    return Finding(
        page.path, block.line_at(match.start()), BROKEN_LINKS.id, match[0],
        f"«{match[0]}» non diventa un link: {what}. Chi legge vede le parentesi.",
        f"[{match['words'] or 'le parole'}]({target})",
    )  # fmt: skip


def _tags(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    odd = [
        tag
        for tag in page.tags
        if (
            re.split(r"[\s/>]", tag.written[1:], maxsplit=1)[0].lower() not in _HARMLESS
            or _DRESSED.search(tag.written)
        )
        and not _KEEPS_A_LANGUAGE.match(tag.written)
    ]
    if odd:
        others = "" if len(odd) == 1 else f", e non solo lì ({len(odd)} volte)"
        yield Finding(
            page.path, odd[0].line, TAGS.id, odd[0].written,
            f"nel testo c'è codice di Word o di un altro sito{others}: cambia l'aspetto della pagina, e a volte la "
            "rompe. Incolla di nuovo come testo semplice.",
            "Maiusc+Ctrl+V, o Maiusc+Cmd+V sul Mac",
        )  # fmt: skip


def _lists(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    for block, following in zip_longest(page.blocks, page.blocks[1:]):
        if block.kind != "paragraph":
            continue
        if following and following.kind == "item":
            last = block.line + block.text.count("\n")
            line = page.lines[last] if following.line == last + 1 else ""
            if _MARKER.match(line):
                yield Finding(
                    page.path, last + 1, LISTS.id, line.strip(),
                    "manca una riga vuota prima dell'elenco: così le voci restano in fila nel paragrafo.",
                    f"(una riga vuota, e poi) {line.strip()}",
                )  # fmt: skip
        if any(sign in block.text for sign in _BULLETS) and (bullet := _BULLET.search(block.text)):
            line = block.text[bullet.end() :].partition("\n")[0]
            yield Finding(
                page.path, block.line_at(bullet.start()), LISTS.id, bullet[0].strip(),
                f"«{bullet[0].strip()}» non fa un elenco: le voci restano in fila nel paragrafo. Comincia ogni voce "
                "con un trattino, dopo una riga vuota.",
                f"- {line}",
            )  # fmt: skip


BROKEN_LINKS = Rule(
    "link-scritto-male",
    "Un link scritto male si vede con le sue parentesi",
    "Chi legge trova segni che non capisce, e il posto dove voleva andare non si apre.",
    "Il Markdown: [parole](indirizzo), senza spazi in mezzo (content/LEGGIMI.md)",
    2,
    _broken_links,
)
TAGS = Rule(
    "codice-nel-testo",
    "Nel testo c'è codice di un altro programma",
    "Caratteri, colori e misure incollati da Word vincono su quelli del sito: al buio o ingranditi non si leggono.",
    "WCAG 2.2, criteri 1.4.4 Ridimensionamento del testo e 1.4.12 Spaziatura del testo",
    2,
    _tags,
)
LISTS = Rule(
    "elenco-attaccato",
    "Un elenco che resta un paragrafo",
    "Senza la riga vuota le voci diventano una frase sola, con i trattini in mezzo.",
    "WCAG 2.2, criterio 1.3.1 Informazioni e correlazioni",
    2,
    _lists,
)
RULES = (BROKEN_LINKS, TAGS, LISTS)
