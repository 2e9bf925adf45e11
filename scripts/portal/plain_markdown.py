"""A short way through Python-Markdown for text without markup: nearly all of what people write.

Python-Markdown asks each of its parts, in turn, whether a paragraph or the text in it is
theirs. A line that begins with a letter is no heading, list, table or quotation, and a text
without «*», «[» and the like holds no link and no emphasis: such ones are told beforehand. An
extension that brings a part not known here is given every text, as if this were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

import markdown
from markdown.blockprocessors import BlockProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import STX, AtomicString

_BLOCK_KINDS = {
    "admonition", "markdown_block", "empty", "indent", "defindent", "code", "table", "hashheader",
    "setextheader", "hr", "olist", "ulist", "deflist", "quote", "footnote", "abbr", "reference", "paragraph",
}  # fmt: skip
_LINE = rf"[^\W\d_][^\n{STX}]*"
"""A line from a letter on, in which no HTML has been put aside."""
_SHAPES = {
    "paragraph": re.compile(rf"{_LINE}\Z"),
    "hashheader": re.compile(rf"#{{1,6}} {_LINE}\Z"),
    "ulist": re.compile(rf"- {_LINE}(?:\n- {_LINE})*\Z"),
}
"""What only one kind of block can look like."""

_INLINE_KINDS = {
    "backtick", "escape", "footnote", "reference", "link", "image_link", "image_reference", "short_reference",
    "short_image_ref", "autolink", "automail", "linebreak", "html", "entity", "em_strong",
}  # fmt: skip
_INLINE_MARKUP = re.compile(rf"[`\\\[<&*_{STX}]|  \n")
"""What a text must hold for any of these kinds to be in it; «STX» opens a place already taken."""

_MARKS = {
    "fenced_code_block": ("```", "~~~"),
    "html_block": ("<", "&"),
    "attr_list": ("{",),
    "unescape": ("\\",),
}
"""What must stand somewhere in a text for these parts to change anything in it."""


def spare_plain_text(engine: markdown.Markdown) -> None:
    """Let *engine* pass by what cannot concern its parts; what it makes of a text stays the same."""
    first = 200
    blocks = engine.parser.blockprocessors
    if _has_only(blocks, _BLOCK_KINDS):
        for kind, shape in _SHAPES.items():
            blocks.register(_Told(engine.parser, shape, blocks[kind]), f"told_{kind}", first)
    if _has_only(engine.inlinePatterns, _INLINE_KINDS):
        spared = _PlainTexts()
        engine.treeprocessors.register(spared, "spared", 21)  # just before «inline», which is 20
        engine.treeprocessors.register(_Returned(spared), "returned", 19)
    text = _Text()
    engine.preprocessors.register(text, "text", first)
    for parts in (engine.preprocessors, engine.treeprocessors):
        for name, priority in [(part.name, part.priority) for part in parts._priority]:
            if marks := _MARKS.get(name):
                parts.register(_WhereMarked(parts[name], marks, text), name, priority)


def _has_only(parts: markdown.util.Registry, known: set[str]) -> bool:
    return len(parts) == sum(kind in parts for kind in known)


class _Told(BlockProcessor):  # type: ignore[misc]  # the library has no types
    """Gives blocks of one *shape* to the part whose they are, before any other is asked."""

    def __init__(
        self, parser: markdown.blockparser.BlockParser, shape: re.Pattern[str], part: BlockProcessor
    ) -> None:
        super().__init__(parser)
        self._shape = shape
        self._part = part

    def test(self, parent: Element, block: str) -> bool:
        return self._shape.match(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> bool | None:
        given: bool | None = self._part.run(parent, blocks)
        return given


class _PlainTexts(Treeprocessor):  # type: ignore[misc]  # the library has no types
    """Marks the texts without markup as done."""

    def __init__(self) -> None:
        self.marked: list[Element] = []

    def run(self, root: Element) -> None:
        self.marked = [
            element
            for element in root.iter()
            if type(element.text) is str and not _INLINE_MARKUP.search(element.text)
        ]
        for element in self.marked:
            element.text = AtomicString(element.text)


class _Returned(Treeprocessor):  # type: ignore[misc]  # the library has no types
    """Takes the marks off again: abbreviations are looked for later, and in these texts too."""

    def __init__(self, spared: _PlainTexts) -> None:
        self._spared = spared

    def run(self, root: Element) -> None:
        for element in self._spared.marked:
            element.text = str(element.text)


class _Text(Preprocessor):  # type: ignore[misc]  # the library has no types
    """Remembers the text that is being converted."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def run(self, lines: list[str]) -> list[str]:
        self._lines = lines
        return lines

    def holds(self, mark: str) -> bool:
        return any(mark in line for line in self._lines)


class _WhereMarked:
    """A part that is left out where the text holds none of its *marks*; for whoever asks, it is that part."""

    def __init__(self, part: Any, marks: Iterable[str], text: _Text) -> None:
        self._part = part
        self._marks = marks
        self._text = text

    def run(self, given: Any) -> Any:
        return self._part.run(given) if any(map(self._text.holds, self._marks)) else given

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)
