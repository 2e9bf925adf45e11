"""A short way through Python-Markdown for text without markup: nearly all of what people write.

Python-Markdown asks each of its parts, in turn, whether a paragraph or the text in it is
theirs. A line that begins with a letter is no heading, list, table or quotation, and a text
without «*», «[» and the like holds no link and no emphasis: such ones are told beforehand. An
extension that brings a part not known here is given every text, as if this were not there.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

import markdown
from markdown.blockprocessors import BlockProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import STX, AtomicString

_BLOCK_KINDS = {
    "admonition", "markdown_block", "empty", "indent", "defindent", "code", "table", "hashheader",
    "setextheader", "hr", "olist", "ulist", "deflist", "quote", "footnote", "abbr", "reference", "paragraph",
}  # fmt: skip
_PLAIN_LINE = re.compile(rf"[^\W\d_][^\n{STX}]*\Z")
"""A block of one line from a letter on, in which no HTML has been put aside."""

_INLINE_KINDS = {
    "backtick", "escape", "footnote", "reference", "link", "image_link", "image_reference", "short_reference",
    "short_image_ref", "autolink", "automail", "linebreak", "html", "entity", "em_strong",
}  # fmt: skip
_INLINE_MARKUP = re.compile(rf"[`\\\[<&*_{STX}]|  \n")
"""What a text must hold for any of these kinds to be in it; «STX» opens a place already taken."""


def spare_plain_text(engine: markdown.Markdown) -> None:
    """Let *engine* pass by what cannot concern its parts; what it makes of a text stays the same."""
    if _has_only(engine.parser.blockprocessors, _BLOCK_KINDS):
        first = 200
        engine.parser.blockprocessors.register(_PlainParagraph(engine.parser), "plain", first)
    if _has_only(engine.inlinePatterns, _INLINE_KINDS):
        spared = _PlainTexts()
        engine.treeprocessors.register(spared, "spared", 21)  # just before «inline», which is 20
        engine.treeprocessors.register(_Returned(spared), "returned", 19)


def _has_only(parts: markdown.util.Registry, known: set[str]) -> bool:
    return len(parts) == sum(kind in parts for kind in known)


class _PlainParagraph(BlockProcessor):  # type: ignore[misc]  # the library has no types
    """A paragraph that nothing but a paragraph can be."""

    def test(self, parent: Element, block: str) -> bool:
        # In a list of single lines the text of an entry stands without a paragraph of its own.
        return bool(_PLAIN_LINE.match(block)) and not self.parser.state.isstate("list")

    def run(self, parent: Element, blocks: list[str]) -> None:
        SubElement(parent, "p").text = blocks.pop(0)


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
