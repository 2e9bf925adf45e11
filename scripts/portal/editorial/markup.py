"""Inline Markdown → the words a reader sees, with the links and pictures met on the way.

Every quantifier that could be tried in two ways is possessive, so that no text,
however odd, takes more than one walk through it. Line ends are never lost: the
line of any word is counted from them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_TARGET = r"\(\s*+<?(?P<{0}>[^()\s<>]*+(?:\([^()\s]*+\)[^()\s<>]*+)*+)>?(?:\s[^()]*+)?\)"
_INLINE = re.compile(
    # Most characters begin none of these: the look ahead says so at once.
    r"(?=[\\`\[!<{*_~&h])(?:"
    + "|".join(
        (
            r"(?P<escape>\\[\\`*_{}\[\]()#+\-.!>~|])",
            r"(?P<code>`[^`\n]*+`)",
            r"\[!\[(?P<linked_alt>[^\[\]]*+)\]" + _TARGET.format("linked_file")
            + r"\]" + _TARGET.format("linked_address"),
            r"!\[(?P<alt>[^\[\]]*+)\]" + _TARGET.format("file"),
            r"\[(?P<words>[^\[\]]*+)\]" + _TARGET.format("address"),
            r"<(?P<auto>https?://[^<>\s]++)>",
            r"(?P<bare>https?://[^\s<>()\[\]«»]++)",
            r"<img\b(?P<img>[^<>]*+)>",
            r"(?P<note>\[\^[^\]\s]*+\]:?)",
            r"(?P<attributes>\{:?\s*+[.#][^{}\n]*+\})",
            r"(?P<tag></?[a-zA-Z][^<>]*+>)",
            r"(?P<emphasis>\*++|~~|(?<![^\W_])_++(?=\w)|(?<=\w)_++(?![^\W_]))",
            r"(?P<entity>&(?:\#\d{1,7}|\#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});)",
        )
    )
    + ")"
)  # fmt: skip
_MARKS = frozenset("\\`[!<{*_~&")
_ATTRIBUTE = re.compile(r"\b(alt|src)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')", re.IGNORECASE)
_CITATION = re.compile(
    r"\((?:(?:[^()\[\]]*+\[[^\[\]]*+\]\(https?://[^()\s]*+(?:\s[^()]*+)?\))++[^()\[\]]*+"
    r"|[^()\[\]]{0,120}?(?:(?:19|20)\d\d|senza data|s\.d\.))\)"
)
_SPACE_LEFT = re.compile(r" (?=[.,;:!?](?:\s|\Z))")


@dataclass(frozen=True)
class Link:
    """A link of the text. *words* is empty where only an address was written, with nothing around it."""

    words: str
    address: str
    line: int


@dataclass(frozen=True)
class Picture:
    """A picture of the text. *alt* is what is said of it to who does not see it; None where nothing is."""

    alt: str | None
    file: str
    line: int


@dataclass(frozen=True)
class Tag:
    """HTML that begins in the text, as it is *written*."""

    written: str
    line: int


class InlineReader:
    """Reads runs of inline Markdown; the links, pictures and tags it met gather in order."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self.tags: list[Tag] = []
        self.pictures: list[Picture] = []

    def words_of(self, raw: str, line: int) -> str:
        """The words of *raw*, which begins on *line*, without marks."""
        if _MARKS.isdisjoint(raw) and "://" not in raw:
            return raw

        def replaced(match: re.Match[str]) -> str:
            words = self._seen(match, line + raw.count("\n", 0, match.start()))
            return words + "\n" * (match[0].count("\n") - words.count("\n"))

        return _INLINE.sub(replaced, raw)

    def _seen(self, match: re.Match[str], line: int) -> str:
        kind = match.lastgroup
        if kind == "escape":
            return match[0][1]
        if kind == "code":
            return match[0][1:-1]
        if kind == "linked_address":
            self._picture(match["linked_alt"], match["linked_file"], line)
            self.links.append(Link(match["linked_alt"], match["linked_address"], line))
            return ""
        if kind == "file":
            self._picture(match["alt"], match["file"], line)
            return ""
        if kind == "address":
            words = _without_marks(match["words"])
            self.links.append(Link(words, match["address"], line))
            return words
        if kind in ("auto", "bare"):
            self.links.append(Link("", match[kind].rstrip(".,;:!?"), line))
            return ""
        if kind == "img":
            found = {
                name.lower(): double or single
                for name, double, single in _ATTRIBUTE.findall(match["img"])
            }
            self.pictures.append(Picture(found.get("alt"), found.get("src", ""), line))
            return ""
        if kind == "tag" and "@" not in match[0] and match[0][1] != "/":
            self.tags.append(Tag(match[0], line))
        if kind == "entity":
            return html.unescape(match[0]).replace("\n", " ")
        return ""

    def _picture(self, alt: str, file: str, line: int) -> None:
        self.pictures.append(Picture(_without_marks(alt), file, line))


def without_citations(raw: str) -> str:
    """Inline Markdown without the parentheses that only name a source: they are read with the eye, not aloud."""
    if "(" not in raw:
        return raw
    bare = _CITATION.sub(lambda match: "\n" * match[0].count("\n"), raw)
    return raw if bare == raw else _SPACE_LEFT.sub("", bare)


def _without_marks(words: str) -> str:
    return words if _MARKS.isdisjoint(words) else re.sub(r"\\(?=\W)|\*++|`", "", words)
