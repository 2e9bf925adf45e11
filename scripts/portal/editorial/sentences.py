"""Sentences, words and letters of Italian prose, counted the way a word processor counts them.

Gulpease was made for Italian and counts letters, not syllables: P. Lucisano and
M. E. Piemontese, «GULPEASE: una formula per la predizione della difficoltà dei
testi in lingua italiana», Scuola e città 3 (1988), pp. 110–124.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"»”’')\]]*+(?=\s)|\u2028")
_LAST_WORD = re.compile(r"[^\s(«“\"'’]++\Z")
_WORD = re.compile(r"[^\W_]\S*+")
_OPENING = "«“\"'‘([#–—-"

_NEVER_LAST = frozenset({
    "sig", "sigg", "sig.ra", "sigra", "dott", "dott.ssa", "dr", "dr.ssa", "prof", "prof.ssa", "avv", "ing",
    "arch", "geom", "rag", "on", "mons", "art", "artt", "n", "nn", "nr", "num", "pag", "pagg", "p", "pp", "cap",
    "capp", "vol", "fig", "tel", "cell", "cfr", "v", "vd", "es", "ad.es", "s", "ss", "ca", "c.so", "p.zza",
    "v.le", "l.go", "sez", "lett", "rif", "prot", "nt", "gent", "egr", "spett", "fraz", "loc",
})  # fmt: skip
"""Abbreviations that something must follow: the full stop after them ends no sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the line it begins on, and its size.

    A word is what stands between two spaces, so «l'affitto» is one; a digit counts as a letter.
    """

    text: str
    line: int
    word_count: int
    letter_count: int


def split_sentences(text: str, line: int) -> Iterator[Sentence]:
    """The sentences of one block of text that begins on *line*; its end is an end even without a full stop."""
    start = 0
    for match in _END.finditer(text):
        if match[0] != "\u2028" and not _ends_here(text, start, match):
            continue
        yield from _sentence(text[start : match.end()], line)
        line += text.count("\n", start, match.end())
        start = match.end()
    if start < len(text):
        yield from _sentence(text[start:], line)


def gulpease(sentences: Iterable[Sentence]) -> float:
    """How easy the text is, from 0 to 100; 100 where there is nothing to read."""
    read = list(sentences)
    words = sum(sentence.word_count for sentence in read)
    letters = sum(sentence.letter_count for sentence in read)
    if not words:
        return 100.0
    return max(0.0, min(100.0, 89 + (300 * len(read) - 10 * letters) / words))


def _sentence(text: str, line: int) -> Iterator[Sentence]:
    said = " ".join(text.split())  # U+2028 counts as a space
    if word_count := len(_WORD.findall(said)):
        skipped = len(text) - len(text.lstrip())
        first_line = line + text.count("\n", 0, skipped)
        yield Sentence(said, first_line, word_count, sum(map(str.isalnum, said)))


def _ends_here(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a mark that could end a sentence does: what stands before it, and what comes after."""
    following = text[match.end() : match.end() + 80].lstrip()[:2]
    if not following:
        return True
    begins = following.lstrip(_OPENING)[:1] or following[0]
    goes_on = begins.islower()
    if match[0] != ".":
        return not goes_on
    before = _LAST_WORD.search(text[max(start, match.start() - 40) : match.start()])
    word = before[0].lower() if before else ""
    if word in _NEVER_LAST:
        return False
    if len(word) == 1 and word.isalpha() and before is not None and before[0].isupper():
        return False  # an initial: «G. Verdi»
    return not goes_on
