"""The lint of a letter: what mail programs and screen readers need, checked before anybody gets it.

The rules are those most letters of the e-mail accessibility reports fail: language
and direction on every wrapper that mail programs may keep or throw away, tables that
only lay out and say so, pictures with words, links that make sense alone.
https://www.bespacific.com/email-accessibility-report-2026/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from lxml import html
from lxml.html import HtmlElement

_FORBIDDEN = (
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "link",
    "video",
    "audio",
    "svg",
    "base",
)
_EMPTY_WORDS = frozenset(
    {"qui", "clicca qui", "leggi", "leggi tutto", "continua", "link", "vai", "scopri di più"}
)
_SMALLEST_PIXELS = 14
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FONT_SIZE = re.compile(r"font-size:\s*(\d+(?:\.\d+)?)px")
_WRAPPERS = ("/html", "/html/body", "/html/body/*[1]")

Rule = Callable[[HtmlElement], Iterator[str]]


def lint_letter(letter: str) -> list[str]:
    """Tell what is wrong with the HTML of a letter, in Italian, each with how to mend it; nothing where all is well."""
    tree = html.document_fromstring(letter)
    return [fault for rule in _RULES for fault in rule(tree)]


def _says_its_language(tree: HtmlElement) -> Iterator[str]:
    """Mail programs throw away html, body, or both: the first wrapper inside has to say it again."""
    for path in _WRAPPERS:
        for element in tree.getroottree().xpath(path):
            for name in ("lang", "dir"):
                if not element.get(name):
                    yield f'<{element.tag}> non dice «{name}». Scrivi: <{element.tag} lang="it" dir="ltr">'


def _has_a_title(tree: HtmlElement) -> Iterator[str]:
    if not (tree.findtext(".//title") or "").strip():
        yield "manca il titolo. Scrivi il title del numero"
    if not tree.xpath("//meta[translate(@charset, 'UTF', 'utf')='utf-8']"):
        yield 'manca <meta charset="utf-8">: gli accenti si romperebbero'


def _tables_only_lay_out(tree: HtmlElement) -> Iterator[str]:
    for table in tree.iter("table"):
        if table.get("role") != "presentation" and table.find(".//th") is None:
            yield 'una tabella di impaginazione non dice che lo è. Scrivi: <table role="presentation">'


def _headings_go_down_by_one(tree: HtmlElement) -> Iterator[str]:
    headings = [(int(heading.tag[1]), heading) for heading in tree.iter(*_HEADINGS)]
    largest = sum(level == 1 for level, _ in headings)
    if largest != 1:
        yield f"i titoli grandi sono {largest}: ce ne vuole uno solo, quello del numero"
    for (above, _), (level, heading) in pairwise(headings):
        if level > above + 1:
            said = heading.text_content().strip()
            yield f"il titolo «{said}» salta un livello. Scrivilo con {'#' * (above + 1)} davanti"


def _pictures_have_words(tree: HtmlElement) -> Iterator[str]:
    """A letter is read with its pictures off."""
    for picture in tree.iter("img"):
        source = picture.get("src", "")
        if picture.get("alt") is None:
            yield f"l'immagine {source} non ha parole. Scrivi: ![Che cosa si vede](…)"
        if not source.startswith("https://"):
            yield f"l'immagine {source} non si vedrebbe: serve un indirizzo che comincia con https://"
        if not (picture.get("width") and picture.get("height")):
            yield f"l'immagine {source} non ha misure: senza, la lettera salta mentre si carica"


def _links_make_sense_alone(tree: HtmlElement) -> Iterator[str]:
    """Screen readers list them without the words around."""
    for link in tree.iter("a"):
        words = " ".join(link.text_content().split())
        target = link.get("href", "")
        named = words or " ".join(picture.get("alt", "") for picture in link.iter("img")).strip()
        if not named:
            yield f"un link a {target} non ha parole. Scrivi che cosa si trova lì"
        elif named.lower().strip(" .…>»") in _EMPTY_WORDS:
            yield f"il link «{named}» non dice dove porta. Scrivi che cosa si trova lì"
        if not target.startswith(("https://", "http://", "mailto:", "tel:")):
            yield f"il link «{named}» porta a «{target}», che in una lettera non funziona"


def _nothing_runs(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter(*_FORBIDDEN):
        yield f"c'è un <{element.tag}>, che i programmi di posta tolgono o bloccano. Toglilo"
    for element in tree.iter():
        if isinstance(element.tag, str) and any(name.startswith("on") for name in element.attrib):
            yield f"un <{element.tag}> esegue qualcosa. Togli gli attributi che cominciano con «on»"


def _letters_are_large_enough(tree: HtmlElement) -> Iterator[str]:
    for element in tree.xpath("//*[@style]"):
        found = _FONT_SIZE.search(element.get("style", ""))
        if found and float(found[1]) < _SMALLEST_PIXELS and (element.text_content() or "").strip():
            words = " ".join(element.text_content().split())[:40]
            yield f"«{words}» è scritto troppo piccolo ({found[1]} px): almeno {_SMALLEST_PIXELS}"


_RULES: tuple[Rule, ...] = (
    _says_its_language,
    _has_a_title,
    _tables_only_lay_out,
    _headings_go_down_by_one,
    _pictures_have_words,
    _links_make_sense_alone,
    _nothing_runs,
    _letters_are_large_enough,
)
