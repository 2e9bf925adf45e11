"""A text marked up: what the site's Markdown makes of it, as far as links are concerned."""

from __future__ import annotations

import html.parser
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

EXTENSIONS = (
    "toc", "tables", "fenced_code", "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html",
)  # fmt: skip
"""What the site's Markdown knows besides plain Markdown: the engine's own, then those of `mkdocs.yml`."""


@dataclass(frozen=True)
class Tag:
    """One element of HTML, as it begins."""

    name: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class MarkedUp:
    """A text as HTML: the *anchors* in it, in order, where the *links* lead that were Markdown, and all its *tags*."""

    anchors: tuple[str, ...]
    links: frozenset[str]
    tags: tuple[Tag, ...]


class Markup:
    """The site's Markdown, for one text after the other."""

    def __init__(self) -> None:
        self._engine = markdown.Markdown(extensions=list(EXTENSIONS))
        self._tags = _Tags()
        self._tree = _Tree()
        # Where MkDocs looks for anchors: when fenced code is put aside, and when headings have theirs.
        self._engine.preprocessors.register(self._tags, "tags", 21)
        self._engine.treeprocessors.register(self._tree, "tree", 4)

    def of(self, text: str) -> MarkedUp:
        """What *text* becomes."""
        made = _TagParser()
        made.feed(self._engine.reset().convert(text))
        made.close()
        anchors = dict.fromkeys((*self._tree.anchors, *self._tags.anchors))
        return MarkedUp(tuple(anchors), frozenset(self._tree.links), tuple(made.tags))


class _Tags(Preprocessor):  # type: ignore[misc]  # the library has no types
    """Notes the anchors of what is HTML already."""

    anchors: tuple[str, ...] = ()

    def run(self, lines: list[str]) -> list[str]:
        parser = _TagParser()
        parser.feed("\n".join(lines))
        parser.close()
        self.anchors = tuple(parser.anchors)
        return lines


class _Tree(Treeprocessor):  # type: ignore[misc]  # the library has no types
    """Notes the anchors and the links of what was Markdown."""

    anchors: tuple[str, ...] = ()
    links: frozenset[str] = frozenset()

    def run(self, root: Element) -> None:
        elements = list(root.iter())
        self.anchors = tuple(
            anchor for element in elements for anchor in _anchors_of(element.tag, element.attrib)
        )
        self.links = frozenset(element.get("href", "") for element in elements)


class _TagParser(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.anchors: list[str] = []
        self.tags: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.anchors += _anchors_of(tag, dict(attrs))
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}))


def _anchors_of(tag: str, attributes: Mapping[str, str | None]) -> list[str]:
    names = ("id", "name") if tag == "a" else ("id",)
    return [anchor for name in names if (anchor := attributes.get(name))]
