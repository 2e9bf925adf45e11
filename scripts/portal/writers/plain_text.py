"""Plain text: what a letter says to those who read without HTML.

HTML becomes light Markdown (`## titolo`, `- voce`, `> citazione`) with the
address of a link in angle brackets behind its words; `numbered` then turns the
addresses into numbers, and `wrapped` breaks the lines.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from lxml import html

COLUMNS = 72

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {"p", "ul", "ol", "blockquote", "div", "figure", "table", "pre", "hr"}
_ADDRESS = re.compile(r"\s*<((?:https?|mailto):[^>\s]+)>")
_OPENING = re.compile(r"(?: *(?:- |\d+\. |> ))+| +")


def plain_text(fragment: str) -> str:
    """The words of an HTML fragment as light Markdown, blocks a blank line apart."""
    root = html.fragment_fromstring(fragment, create_parent="div")
    return "\n\n".join(_blocks(root))


def numbered(text: str, addresses: list[str]) -> str:
    """The text with every `<address>` turned into its number, which is its place in *addresses*.

    New addresses are added to *addresses*, so that the parts of a letter share one list.
    """

    def number(match: re.Match[str]) -> str:
        if match[1] not in addresses:
            addresses.append(match[1])
        # The space does not break: a number alone on the next line belongs to nothing.
        return f"\u00a0[{addresses.index(match[1]) + 1}]"

    return _ADDRESS.sub(number, text)


def wrapped(text: str) -> str:
    """The text in lines of at most 72 columns, headings underlined, lists and quotations indented.

    Only a word that is longer by itself sticks out: a broken address does not open.
    """
    return "\n".join(_wrapped_line(line) for line in text.split("\n")).replace("\u00a0", " ")


def _wrapped_line(line: str) -> str:
    if line.startswith("## "):
        heading = _filled(line.removeprefix("## "))
        return f"{heading}\n{'-' * max(map(len, heading.splitlines()))}"
    opening = _OPENING.match(line)
    marker = opening[0] if opening else ""
    # A quotation repeats its sign on every line; a list item is only indented.
    following = re.sub("[^>]", " ", marker)
    return _filled(line[len(marker) :], marker, following)


def _filled(words: str, first: str = "", following: str = "") -> str:
    return textwrap.fill(
        words,
        COLUMNS,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _blocks(parent: html.HtmlElement) -> Iterator[str]:
    """The blocks inside *parent*; words that stand between blocks are a block of their own."""
    loose = parent.text or ""
    for child in parent:
        if child.tag in _BLOCKS:
            yield from _words(loose)
            yield from _block(child)
            loose = child.tail or ""
        else:
            loose += _inline(child) + (child.tail or "")
    yield from _words(loose)


def _words(text: str) -> Iterator[str]:
    if words := _tidy(text):
        yield words


def _block(element: html.HtmlElement) -> Iterator[str]:
    if element.tag in _HEADINGS:
        yield from (f"## {words}" for words in _words(_inside(element)))
    elif element.tag in ("ul", "ol"):
        yield "\n".join(_items(element))
    elif element.tag == "blockquote":
        yield "\n".join(
            f"> {line}" if line else ">" for line in "\n\n".join(_blocks(element)).split("\n")
        )
    elif element.tag == "table":
        rows = (
            " – ".join(_tidy(_inside(cell)) for cell in row.iter("th", "td"))
            for row in element.iter("tr")
        )
        yield "\n".join(f"- {row}" for row in rows)
    else:
        yield from _blocks(element)


def _items(element: html.HtmlElement) -> Iterator[str]:
    for number, item in enumerate(element.iterchildren("li"), start=1):
        marker = "- " if element.tag == "ul" else f"{number}. "
        words = "\n".join(_blocks(item)).replace("\n", "\n" + " " * len(marker))
        yield marker + words


def _inside(element: html.HtmlElement) -> str:
    return (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)


def _inline(element: html.HtmlElement) -> str:
    """Words inside a line. A comment has no tag of its own and says nothing."""
    if not isinstance(element.tag, str):
        return ""
    if element.tag == "img":
        return element.get("alt") or ""
    if element.tag == "br":
        return " "
    words = _inside(element)
    address = element.get("href", "") if element.tag == "a" else ""
    if not address.startswith(("http://", "https://", "mailto:")):
        return words
    return words if words.strip() == address else f"{words} <{address}>"


def _tidy(text: str) -> str:
    return " ".join(text.split())
