"""The HTML of an old post → Markdown as the site's own Markdown reads it back.

Our own, because what matters here is what old blogs do: paragraphs made of two
`<br>`, bold around whole blocks, pictures linked to themselves, layout in nested
boxes. It never fails: what is not understood is read as text. Bold and italic
do not nest, as readers of plain Markdown get lost in six stars.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

_BLOCKS = frozenset({
    "address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "html", "main", "nav", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr",
})  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "cite": "*"}
_DROPPED = frozenset({
    "applet", "audio", "canvas", "embed", "iframe", "math", "noscript", "object", "script", "select", "style", "svg",
    "template", "textarea", "title", "video",
})  # fmt: skip
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})  # fmt: skip
_DEEPEST = 6
_MOST_OPEN = 40
"""Inline elements open at once. Nobody writes so many; broken exports leave thousands unclosed."""
_BLANK = re.compile(r"[ \t\n\r\f\xa0]+")
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\u200b\ufeff\ud800-\udfff\x02\x03]")
_DECLARATION = re.compile(r"<!(?!--)[^>]*>?|<\?[^>]*>?")
_SPECIAL = re.compile(r"([\\`*_\[\]{}|])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^(?:([#>+\-!])|(\d+)(\.)(?=\s|$)|([:=~]))")
_UNSAFE_IN_ADDRESS = re.compile(r"[\s()<>\"'\\`*_\[\]{}|\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_SAFE_SCHEMES = ("", "http", "https", "mailto", "tel")
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic|avif)$", re.IGNORECASE)


@dataclass(frozen=True)
class OldPicture:
    """A picture of the old post. *larger* is the address its link led to, where that is a picture too."""

    address: str
    alt: str
    larger: str | None = None


@dataclass(frozen=True)
class Converted:
    """The Markdown, and what could not come along: (tag, address) of each."""

    markdown: str
    dropped: tuple[tuple[str, str], ...]


@dataclass
class _Frame:
    """An inline element that is open: its pieces are (mark, text)."""

    tag: str
    mark: str = ""
    href: str = ""
    pieces: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class _Container:
    """A list, an item or a quotation that is open, and the blocks it has so far."""

    tag: str
    blocks: list[str] = field(default_factory=list)


def html_to_markdown(
    html: str,
    picture: Callable[[OldPicture], str],
    link: Callable[[str], str] = lambda address: address,
) -> Converted:
    """Convert *html*. *picture* writes the Markdown of each picture, *link* says where a link leads now."""
    converter = _Converter(html, picture, link)
    converter.feed(_DECLARATION.sub("", _INVISIBLE.sub("", html)))
    converter.close()
    return Converted(converter.finished(), tuple(dict.fromkeys(converter.dropped)))


def escaped(text: str) -> str:
    """The text so that Markdown leaves it alone, wherever it stands in a line."""
    return _ENTITY.sub("&amp;", _SPECIAL.sub(r"\\\1", text)).replace("<", "&lt;")


def safe_address(address: str) -> str | None:
    """The address as it may stand in Markdown; nothing for one that runs a script or cannot be read."""
    try:
        scheme = urlsplit(address.strip()).scheme.lower()
    except ValueError:
        return None
    if scheme not in _SAFE_SCHEMES:
        return None
    return _UNSAFE_IN_ADDRESS.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address.strip()
    )


class _Converter(HTMLParser):
    def __init__(
        self, html: str, picture: Callable[[OldPicture], str], link: Callable[[str], str]
    ) -> None:
        super().__init__(convert_charrefs=True)
        self.dropped: list[tuple[str, str]] = []
        self._picture = picture
        self._link = link
        levels = sorted({int(level) for level in re.findall(r"<h([1-6])[\s>]", html, re.I)})
        self._levels = {level: min(2 + rank, 6) for rank, level in enumerate(levels)}
        self._frames = [_Frame("")]
        self._containers = [_Container("")]
        self._heading = 0
        self._inside_dropped: str | None = None
        self._is_preformatted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._inside_dropped:
            return
        if tag in _DROPPED:
            self.dropped.append((tag, attributes.get("src") or attributes.get("data", "")))
            self._inside_dropped = tag if tag not in _VOID else None
        elif tag == "br":
            self._break()
        elif tag == "img":
            self._show(attributes)
        elif tag == "hr":
            self._flush()
            self._add("***")  # not hyphens: first in a list they would swallow its mark
        elif tag in _HEADINGS:
            self._flush()
            self._heading = _HEADINGS[tag]
        elif tag in ("ul", "ol", "blockquote", "li"):
            self._open_container(tag)
        elif tag in _BLOCKS:
            self._flush()
            self._is_preformatted = self._is_preformatted or tag == "pre"
        elif len(self._frames) > _MOST_OPEN:
            return
        elif tag in _MARKS:
            is_marked = self._heading or any(frame.mark for frame in self._frames)
            self._frames.append(_Frame(tag, mark="" if is_marked else _MARKS[tag]))
        elif tag == "a":
            is_linked = any(frame.href for frame in self._frames)
            self._frames.append(
                _Frame(tag, href="" if is_linked else self._href(attributes.get("href", "")))
            )

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        # HTML ignores the slash, but those who write it mean an element without content.
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside_dropped:
            self._inside_dropped = None if tag == self._inside_dropped else self._inside_dropped
        elif tag in _HEADINGS:
            self._flush()
            self._heading = 0
        elif tag in ("ul", "ol", "blockquote", "li"):
            self._close_container(tag)
        elif tag in _BLOCKS:
            self._flush()
            self._is_preformatted = self._is_preformatted and tag != "pre"
        elif tag in _MARKS or tag == "a":
            self._close_frame(tag)

    def handle_data(self, data: str) -> None:
        if self._inside_dropped:
            return
        if self._is_preformatted:
            for number, line in enumerate(data.split("\n")):
                if number:
                    self._break()
                self._write(escaped(_BLANK.sub(" ", line)))
        else:
            self._write(escaped(_BLANK.sub(" ", data)))

    def finished(self) -> str:
        """All of it, once the last word is in."""
        self._flush()
        while len(self._containers) > 1:
            self._close_container(self._containers[-1].tag)
        return "\n\n".join(self._containers[0].blocks)

    def _write(self, text: str) -> None:
        self._frames[-1].pieces.append(("", text))

    def _break(self) -> None:
        """One `<br>` ends the line, the second in a row ends the paragraph."""
        if self._heading:
            self._write(" ")
        elif _written(self._frames).rstrip(" ").endswith("\n"):
            self._flush()
        else:
            self._write("\n")

    def _show(self, attributes: dict[str, str]) -> None:
        address = attributes.get("src", "").strip()
        if not address:
            return
        frame = next((frame for frame in reversed(self._frames) if frame.href), None)
        larger = None
        if frame is not None and _PICTURE_NAME.search(urlsplit(frame.href).path):
            larger, frame.href = frame.href, ""
        alt = " ".join(attributes.get("alt", "").split())
        self._frames[-1].pieces.append(("", self._picture(OldPicture(address, alt, larger))))

    def _href(self, address: str) -> str:
        if not address or address.startswith("#"):
            return ""
        safe = safe_address(self._link(address.strip()))
        if safe is None:
            self.dropped.append(("a", address.strip()[:200]))
        return safe or ""

    def _close_frame(self, tag: str) -> None:
        """Close the nearest frame of this tag, and what was left open inside it."""
        if not any(frame.tag == tag for frame in self._frames[1:]):
            return
        while True:
            frame = self._frames.pop()
            self._frames[-1].pieces.extend(_rendered(frame))
            if frame.tag == tag:
                return

    def _flush(self) -> None:
        """End the paragraph. What is open around it, bold or a link, goes on in the next one."""
        open_frames = self._frames[1:]
        while len(self._frames) > 1:
            frame = self._frames.pop()
            self._frames[-1].pieces.extend(_rendered(frame))
        text = re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", _joined(self._frames[0].pieces)))
        self._frames = [_Frame("")] + [
            _Frame(frame.tag, frame.mark, frame.href) for frame in open_frames
        ]
        if not text.strip():
            return
        lines = [_line(line) for line in text.strip().split("\n")]
        if self._heading:
            said = re.sub(r"#+$", lambda found: "\\#" * len(found[0]), " ".join(lines))
            self._add(f"{'#' * self._levels.get(self._heading, 2)} {said}")
        else:
            self._add("  \n".join(lines))

    def _add(self, block: str) -> None:
        self._containers[-1].blocks.append(block)

    def _open_container(self, tag: str) -> None:
        self._flush()
        if tag == "li" and self._containers[-1].tag == "li":
            self._close_container("li")
        if len(self._containers) <= _DEEPEST:
            self._containers.append(_Container(tag))

    def _close_container(self, tag: str) -> None:
        """Close the nearest container of this tag, and what was left open inside it."""
        self._flush()
        if not any(container.tag == tag for container in self._containers[1:]):
            return
        while True:
            container = self._containers.pop()
            if container.blocks:
                self._add(_contained(container, self._containers[-1]))
            if container.tag == tag:
                return


def _contained(container: _Container, around: _Container) -> str:
    text = container.blocks[0]
    for block in container.blocks[1:]:
        is_list = re.match(r"(?:- |\d+\. )", block)
        is_item = container.tag in ("ul", "ol") or (container.tag == "li" and is_list)
        text += ("\n" if is_item and "\n\n" not in text + block else "\n\n") + block
    if container.tag == "blockquote":
        return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))
    if container.tag == "li":
        marker = f"{len(around.blocks) + 1}. " if around.tag == "ol" else "- "
        return marker + "\n".join(
            f"    {line}" if number and line else line
            for number, line in enumerate(text.split("\n"))
        )
    return text


def _rendered(frame: _Frame) -> list[tuple[str, str]]:
    """A frame's pieces once it is closed: blanks stand outside the marks, where Markdown wants them."""
    if not frame.mark and not frame.href:
        return frame.pieces
    text = _joined(frame.pieces)
    core = text.strip()
    if not core:
        return [("", text)]
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    if frame.href:
        return [("", before), ("", f"[{core}]({frame.href})"), ("", after)]
    return [("", before), (frame.mark, core), ("", after)]


def _joined(pieces: list[tuple[str, str]]) -> str:
    """The pieces as one text: neighbours with the same mark share it, others would run into each other."""
    merged: list[tuple[str, str]] = []
    for mark, text in pieces:
        if not text:
            continue
        if merged and mark and merged[-1][0] == mark:
            merged[-1] = (mark, merged[-1][1] + text)
        elif merged and mark and merged[-1][0]:
            merged.append(("", text))
        else:
            merged.append((mark, text))
    return "".join(f"{mark}{text}{mark}" for mark, text in merged)


def _written(frames: list[_Frame]) -> str:
    """The last characters written to the paragraph, whichever frame they are in."""
    for frame in reversed(frames):
        for _, text in reversed(frame.pieces):
            if text.strip(" "):
                return text
    return ""


def _line(line: str) -> str:
    """A line of a paragraph, so that its first character does not make a heading or a list of it."""

    def guarded(found: re.Match[str]) -> str:
        if found[1]:
            return f"\\{found[1]}"
        if found[2]:
            return f"{found[2]}\\."
        return f"&#{ord(found[4])};"

    return line if line.startswith("![") else _LINE_START.sub(guarded, line.strip(" "))
