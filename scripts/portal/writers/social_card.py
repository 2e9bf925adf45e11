"""The social card: the picture a chat or a social network shows beside a link.

A title on saffron, with the perimeters that open. It has half the pixels each way
that networks recommend, which is the least they show as large, and seventeen shades:
there is one for every page, and a site of a thousand stories draws a thousand. For
the same reason each letter is drawn once in each size.
Letters are laid out by Pillow's own engine, because the richer one leans on a
library that not every machine has, and the same title must give the same bytes.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 600, 315
"""What Open Graph readers crop least."""

_SUN, _PLUM, _INK = (255, 200, 69), (138, 28, 74), (42, 26, 51)
_INK_LEVEL = 16
_PLUM_LEVEL = 8
# The edges of ink letters fade to saffron through plum, which stands between the two on the palette.
# One shade less and Pillow would pack two pixels into a byte, then try every filter on
# every line, as for a photograph: half the time again, and a tenth of the bytes saved.
_PALETTE = [
    *(tuple(round(s + (p - s) * step / 8) for s, p in zip(_SUN, _PLUM, strict=True)) for step in range(8)),
    *(tuple(round(p + (i - p) * step / 8) for p, i in zip(_PLUM, _INK, strict=True)) for step in range(9)),
]  # fmt: skip

_LEFT, _TOP, _BOTTOM = 40, 75, 250
_TITLE_WIDTH = 420
_SIZES = range(52, 19, -2)
_MOST_LINES = 5
_MEASURED = 100
_LINE = 1.08
_RUN_LENGTHS = 3
"""zlib's strategy that looks for runs only: an eighth more bytes than the best, in half the time."""
_SMOOTHNESS = 4
"""Arcs have no soft edges in Pillow: they are drawn so many times larger, then made small."""


def draw_card(title: str, eyebrow: str, font: bytes) -> bytes:
    """Draw *title* below *eyebrow*, what kind of page it is, as PNG. *font* is a TrueType or WOFF file.

    The title takes the largest size at which it fits; one that fits at none is cut
    and ends with «…». Letters the font does not hold lose their accents, or go.
    """
    card = _ground(font).copy()
    _write(card, _LEFT, 42, _writable(eyebrow, font), 18, _PLUM_LEVEL, font)
    size, lines = _fitted(title, font)
    line_height = round(size * _LINE)
    y = _TOP + max(0, (_BOTTOM - _TOP - line_height * len(lines)) // 2)
    for line in lines:
        _write(card, _LEFT, y, line, size, _INK_LEVEL, font)
        y += line_height
    card.putpalette([part for colour in _PALETTE for part in colour])
    picture = io.BytesIO()
    card.save(picture, "PNG", compress_type=_RUN_LENGTHS)
    return picture.getvalue()


def _write(
    card: Image.Image, x: float, y: int, text: str, size: int, level: int, font: bytes
) -> None:
    """Write *text* from *x* on, its top at *y*."""
    for letter in text:
        if not letter.isspace():
            card.paste(level, (round(x) - size, y), _drawn(letter, size, font))
        x += _letter_length(letter, font) * size


@lru_cache(maxsize=2048)
def _drawn(letter: str, size: int, font: bytes) -> Image.Image:
    """*letter* with room around it, as wide as it is large on its left: some reach out of their own space."""
    drawn = Image.new("L", (3 * size, 2 * size), 0)
    ImageDraw.Draw(drawn).text((size, 0), letter, font=_face(font, size), fill=255)
    _, _, right, bottom = drawn.getbbox() or (0, 0, 1, 1)
    return drawn.crop((0, 0, right, bottom))


@lru_cache(maxsize=1)
def _ground(font: bytes) -> Image.Image:
    """What all cards share: the perimeters, who goes through them, and our name."""
    card = _perimeters()
    _write(card, _LEFT, 267, "#Oltreiperimetri", 20, _INK_LEVEL, font)
    claim = "Soli mai."
    _write(card, WIDTH - _LEFT - _length(claim, font) * 20, 267, claim, 20, _PLUM_LEVEL, font)
    return card


def _perimeters() -> Image.Image:
    """Three circles in the corner, each with its opening, and the dots that step out."""
    large = Image.new("L", (WIDTH * _SMOOTHNESS, HEIGHT * _SMOOTHNESS), 0)
    drawing = ImageDraw.Draw(large)
    for radius, width, opening, dash in ((108, 3.5, 0, 4), (79, 7, 90, 24), (48, 13, 50, 0)):
        for start, end in _dashes(135 + opening / 2, 495 - opening / 2, dash):
            drawing.arc(
                _around(575, 20, radius), start, end, _INK_LEVEL, round(width * _SMOOTHNESS)
            )
    for x, y, dot in ((523, 69, 11), (493, 103, 6.5), (508, 113, 4.5)):
        drawing.ellipse(_around(x, y, dot), fill=_PLUM_LEVEL)
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
    return tuple(part * _SMOOTHNESS for part in (x - radius, y - radius, x + radius, y + radius))  # type: ignore[return-value]


@lru_cache(maxsize=32)
def _face(font: bytes, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(font), size, layout_engine=ImageFont.Layout.BASIC)


def _fitted(title: str, font: bytes) -> tuple[int, list[str]]:
    """The largest size in which *title* fits, and its lines."""
    words = _writable(title, font).split()
    for size in _SIZES:
        lines = _wrapped(words, _TITLE_WIDTH / size, font)
        if len(lines) <= min(_MOST_LINES, int((_BOTTOM - _TOP) // (size * _LINE))):
            return size, lines
    last = _cut(lines[_MOST_LINES - 1], _TITLE_WIDTH / _SIZES[-1], font)
    return _SIZES[-1], [*lines[: _MOST_LINES - 1], last]


def _wrapped(words: list[str], room: float, font: bytes) -> list[str]:
    """The lines *words* make in *room*, in em; a word too long for one goes on in the next."""
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if _length(longer, font) <= room:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if _length(lines[-1] + letter, font) > room:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def _cut(line: str, room: float, font: bytes) -> str:
    while _length(f"{line}…", font) > room:
        line = line[:-1]
    return f"{line}…"


def _length(text: str, font: bytes) -> float:
    """How long *text* is, in em. The letters add up: this engine does not kern."""
    return sum(_letter_length(letter, font) for letter in text)


@lru_cache(maxsize=512)
def _letter_length(letter: str, font: bytes) -> float:
    return _face(font, _MEASURED).getlength(letter) / _MEASURED


def _writable(text: str, font: bytes) -> str:
    """*text* in the letters *font* holds: «ș» becomes «s», an arrow goes."""
    return "".join(
        letter
        for whole in unicodedata.normalize("NFC", text)
        for letter in (whole if _holds(whole, font) else unicodedata.normalize("NFD", whole))
        if _holds(letter, font)
    )


@lru_cache(maxsize=512)
def _holds(letter: str, font: bytes) -> bool:
    face = _face(font, _MEASURED)
    return letter.isspace() or bytes(face.getmask(letter)) != bytes(face.getmask("\uffff"))
