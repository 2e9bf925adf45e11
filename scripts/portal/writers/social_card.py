"""The social card: the picture a chat or a social network shows beside a link.

A title on saffron, with the perimeters that open. There are as many shades as
four bits hold: nobody sees the others, and a card stays about as light as a page.
Letters are laid out by Pillow's own engine, because the richer one leans on a
library that not every machine has, and the same title must give the same bytes.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630
"""What Open Graph readers crop least."""

_SUN, _PLUM, _INK = (255, 200, 69), (138, 28, 74), (42, 26, 51)
_LEVELS = 16
_INK_LEVEL = 255
_PLUM_LEVEL = 136
# The edges of ink letters fade to saffron through plum, which stands between the two on the palette.
_PALETTE = [
    *(tuple(round(s + (p - s) * step / 8) for s, p in zip(_SUN, _PLUM, strict=True)) for step in range(8)),
    *(tuple(round(p + (i - p) * step / 7) for p, i in zip(_PLUM, _INK, strict=True)) for step in range(8)),
]  # fmt: skip

_LEFT, _TOP, _BOTTOM = 80, 150, 500
_TITLE_WIDTH = 860
_SIZES = range(104, 39, -4)
_MOST_LINES = 5
_LINE = 1.08
_SMOOTHNESS = 3
"""Arcs have no soft edges in Pillow: they are drawn so many times larger, then made small."""


def draw_card(title: str, eyebrow: str, font: bytes) -> bytes:
    """Draw *title* below *eyebrow*, what kind of page it is, as PNG. *font* is a TrueType or WOFF file.

    The title takes the largest size at which it fits; one that fits at none is cut
    and ends with «…». Letters the font does not hold lose their accents, or go.
    """
    card = _ground(font).copy()
    drawing = ImageDraw.Draw(card)
    small = _face(font, 36)
    drawing.text((_LEFT, 84), _writable(eyebrow, small), font=small, fill=_PLUM_LEVEL)
    face, lines = _fitted(title, font)
    line_height = round(face.size * _LINE)
    y = _TOP + max(0, (_BOTTOM - _TOP - line_height * len(lines)) // 2)
    for line in lines:
        drawing.text((_LEFT, y), line, font=face, fill=_INK_LEVEL)
        y += line_height
    return _written(card)


def _written(card: Image.Image) -> bytes:
    levels = card.point([level * (_LEVELS - 1) // 255 for level in range(256)])
    levels.putpalette([part for colour in _PALETTE for part in colour])
    picture = io.BytesIO()
    levels.save(picture, "PNG", bits=4, compress_level=6)
    return picture.getvalue()


@lru_cache(maxsize=1)
def _ground(font: bytes) -> Image.Image:
    """What all cards share: the perimeters, who goes through them, and our name."""
    card = _perimeters()
    drawing = ImageDraw.Draw(card)
    drawing.text((_LEFT, 535), "#Oltreiperimetri", font=_face(font, 40), fill=_INK_LEVEL)
    claim = _face(font, 40)
    drawing.text((WIDTH - _LEFT - claim.getlength("Soli mai."), 535), "Soli mai.", font=claim, fill=_PLUM_LEVEL)  # fmt: skip
    return card


def _perimeters() -> Image.Image:
    """Three circles in the corner, each with its opening, and the dots that step out."""
    large = Image.new("L", (WIDTH * _SMOOTHNESS, HEIGHT * _SMOOTHNESS), 0)
    drawing = ImageDraw.Draw(large)
    for radius, width, opening, dash in ((300, 8, 0, 4), (220, 16, 90, 24), (135, 30, 50, 0)):
        for start, end in _dashes(135 + opening / 2, 495 - opening / 2, dash):
            drawing.arc(_around(1130, 60, radius), start, end, _INK_LEVEL, width * _SMOOTHNESS)
    for x, y, radius in ((985, 195, 26), (948, 290, 16), (905, 262, 12)):
        drawing.ellipse(_around(x, y, radius), fill=_PLUM_LEVEL)
    return large.resize((WIDTH, HEIGHT), Image.Resampling.BOX)


def _dashes(start: float, end: float, dash: float) -> Iterator[tuple[float, float]]:
    """The arcs, in degrees, of a line from *start* to *end*: *dash* long each, or one where it is 0."""
    if not dash:
        yield start, end
        return
    while start < end:
        yield start, min(start + dash, end)
        start += dash + 4


def _around(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return tuple(
        part * _SMOOTHNESS for part in (x - radius, y - radius, x + radius, y + radius)
    )  # type: ignore[return-value]


@lru_cache(maxsize=32)
def _face(font: bytes, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(font), size, layout_engine=ImageFont.Layout.BASIC)


def _fitted(title: str, font: bytes) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest face in which *title* fits, and its lines."""
    for size in _SIZES:
        face = _face(font, size)
        lines = _wrapped(_writable(title, face), face)
        if len(lines) <= min(_MOST_LINES, int((_BOTTOM - _TOP) // (size * _LINE))):
            return face, lines
    return face, [*lines[: _MOST_LINES - 1], _cut(lines[_MOST_LINES - 1], face)]


def _wrapped(text: str, face: ImageFont.FreeTypeFont) -> list[str]:
    """The lines of *text*; a word too long for one goes on in the next."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.getlength(longer) <= _TITLE_WIDTH:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if face.getlength(lines[-1] + letter) > _TITLE_WIDTH:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def _cut(line: str, face: ImageFont.FreeTypeFont) -> str:
    while face.getlength(f"{line}…") > _TITLE_WIDTH:
        line = line[:-1]
    return f"{line}…"


def _writable(text: str, face: ImageFont.FreeTypeFont) -> str:
    """*text* in the letters *face* holds: «ș» becomes «s», an arrow goes."""
    return "".join(
        letter
        for whole in unicodedata.normalize("NFC", text)
        for letter in (whole if _holds(face, whole) else unicodedata.normalize("NFD", whole))
        if _holds(face, letter)
    )


def _holds(face: ImageFont.FreeTypeFont, letter: str) -> bool:
    return letter.isspace() or bytes(face.getmask(letter)) != bytes(face.getmask("\uffff"))
