"""A manuscript: one page as the assistant reads it, taken apart in one walk.

It keeps the line of everything, because advice that cannot be found in the file
helps nobody. It is no Markdown engine: it knows enough of the structure to tell
what is read as a sentence from what is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from portal.editorial.markup import InlineReader, Link, Picture, Tag, without_citations
from portal.editorial.sentences import Sentence, split_sentences

LINE_BREAK = "\u2028"
"""Stands before a line end the reader sees: two spaces, or a backslash, at the end of a line."""

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_ITEM = re.compile(r"([ \t]*+(?:[-*+]|\d{1,9}[.)]|:)[ \t]+)(?=\S)")
_FENCE = re.compile(r"[ \t]*+(`{3,}|~{3,})")
_RULER = re.compile(r" {0,3}([-*_=])[ \t]*+(?:\1[ \t]*+)*+$")
_ADMONITION = re.compile(r'(?:!!!|\?\?\?\+?|===)[ \t]+(?:[\w-]++[ \t]*+)*+(?:"([^"]*+)")?')
_ABBREVIATION = re.compile(r"\*\[([^\]]+)\]:\s*(.*)$")
_DEFINITION = re.compile(r" {0,3}\[[^\]^][^\]]*\]:\s*(\S+)")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Block:
    """A run of text of one *kind*: heading, paragraph, item, quote or row; *line* is where it begins.

    *text* is what a reader sees; *prose* is the same without the parentheses
    that name a source. Both keep the line ends of the file. *level* is that of a heading.
    """

    kind: str
    line: int
    text: str
    prose: str
    level: int = 0

    def line_at(self, position: int) -> int:
        """The line of the file that the character of *text* at *position* stands on."""
        return self.line + self.text.count("\n", 0, position)


@dataclass(frozen=True)
class Manuscript:
    """One page: its front matter as *data*, and its text as blocks, links, pictures and tags.

    *path* is relative to `content/`. *line_of* finds a key of the front matter.
    """

    path: str
    data: Mapping[str, Any]
    line_of: Callable[[Sequence[str | int]], int]
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()

    @property
    def folder(self) -> str:
        """The first folder of its path: the kind of page, or its language."""
        return self.path.partition("/")[0] if "/" in self.path else ""

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What is read as sentences: paragraphs, quotes and the items of lists."""
        return tuple(
            sentence
            for block in self.blocks
            if block.kind in ("paragraph", "item", "quote")
            for sentence in split_sentences(block.prose, block.line)
        )

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word a reader sees, in lower case: to rule out quickly what is not there."""
        return frozenset(_WORD.findall("\n".join(block.text for block in self.blocks).lower()))


def read_manuscript(
    path: str,
    text: str,
    data: Mapping[str, Any],
    line_of: Callable[[Sequence[str | int]], int],
) -> Manuscript:
    """Take the page at *path* apart. *data* is its front matter, as the reader of documents gave it."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    walk = _Walk()
    description = data.get("description")
    if isinstance(description, str) and description:
        words = " ".join(description.split())
        walk.blocks.append(Block("paragraph", _line_of_description(lines), words, words))
    first = _body_begins(lines)
    for number, line in enumerate(lines[first:], start=first + 1):
        walk.take(line, number)
    walk.close()
    return Manuscript(
        path,
        data,
        line_of,
        tuple(walk.blocks),
        tuple(walk.inline.links),
        tuple(walk.inline.pictures),
        walk.abbreviations,
        tuple(lines),
        tuple(walk.inline.tags),
    )


def _line_of_description(lines: Sequence[str]) -> int:
    """Where the description is, by eye: parsing the YAML again for its lines is slow."""
    numbered = enumerate(lines, start=1)
    return next((number for number, line in numbered if line.startswith("description:")), 1)


def _body_begins(lines: Sequence[str]) -> int:
    """How many lines the front matter takes, hyphens and all."""
    opening = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if opening == len(lines) or lines[opening].strip() != "---":
        return 0
    closings = (n for n in range(opening + 1, len(lines)) if lines[n].strip() == "---")
    return next(closings, opening) + 1


class _Walk:
    """One walk down the lines: the block that is open, and what has been closed."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.inline = InlineReader()
        self.abbreviations: dict[str, str] = {}
        self._kind = ""
        self._open: list[str] = []
        self._line = 0
        self._last = ""
        self._fence = ""
        self._in_comment = False

    def take(self, line: str, number: int) -> None:
        """Take one more line, the one with this *number*."""
        stripped = line.strip()
        if self._is_hidden(line, stripped):
            self.close()
            return
        if not stripped or _RULER.match(line):
            self.close()
        elif heading := _HEADING.match(line):
            self.close()
            words = (heading[2] or "").strip().rstrip("#").rstrip()
            self._add("heading", words, number, len(heading[1]))
        elif stripped.startswith("|"):
            self.close()
            self._add("row", stripped, number)
        elif self._is_aside(stripped, number):
            self.close()
        elif (item := _ITEM.match(line)) and (item[1].strip() != ":" or self._last):
            self.close()
            self._begin("item", line[item.end() :], number)
        elif stripped.startswith(">"):
            words = stripped.lstrip("> ")
            if self._kind == "quote" and words:
                self._open.append(words)
            else:
                self.close()
                self._begin("quote", words, number)
        elif self._open:
            self._open.append(line.lstrip())
        elif line.startswith(("    ", "\t")) and self._last not in ("item", "aside"):
            pass  # code, by its indent
        else:
            self._begin("paragraph", line.lstrip(), number)

    def close(self) -> None:
        """Close the block that is open."""
        if self._open:
            self._add(self._kind, _joined(self._open), self._line)
        self._open, self._kind = [], ""

    def _is_hidden(self, line: str, stripped: str) -> bool:
        """Whether a reader never sees the line, or sees it as code."""
        if self._fence:
            if stripped.startswith(self._fence) and not stripped.strip(self._fence[0]):
                self._fence = ""
            return True
        if self._in_comment:
            self._in_comment = "-->" not in line
            return True
        if fence := _FENCE.match(line):
            self._fence = fence[1]
            return True
        if stripped.startswith("<!--"):
            self._in_comment = "-->" not in line
            return True
        return False

    def _is_aside(self, stripped: str, number: int) -> bool:
        """Take what is said beside the text: the title of a notice, an abbreviation, an address."""
        if stripped.startswith("*[") and (found := _ABBREVIATION.match(stripped)):
            self.abbreviations[found[1]] = found[2]
            return True
        if stripped.startswith(("!!!", "???", "===")) and (found := _ADMONITION.match(stripped)):
            if found[1]:
                self._add("row", found[1], number)
            self._last = "aside"
            return True
        if stripped.startswith("[") and (found := _DEFINITION.match(stripped)):
            self.inline.links.append(Link("[]", found[1].strip("<>"), number))
            return True
        return False

    def _begin(self, kind: str, words: str, number: int) -> None:
        self._kind, self._open, self._line = kind, [words], number

    def _add(self, kind: str, raw: str, line: int, level: int = 0) -> None:
        text = self.inline.words_of(raw, line)
        bare = without_citations(raw)
        prose = text if bare == raw else InlineReader().words_of(bare, line)
        self.blocks.append(Block(kind, line, text, prose, level))
        self._last = kind


def _joined(lines: Sequence[str]) -> str:
    """Lines as one text that keeps their ends, marking those that a reader sees."""
    marked = [
        line.rstrip() + LINE_BREAK
        if line.endswith("  ")
        else line[:-1] + LINE_BREAK
        if line.endswith("\\")
        else line.rstrip()
        for line in lines
    ]
    return "\n".join(marked)
