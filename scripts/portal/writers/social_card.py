"""The social card: the picture a chat or a social network shows beside a link.

A title on saffron, with the perimeters that open. It has half the pixels each way
that networks recommend, which is the least they show as large, and seventeen shades:
there is one for every page, and a site of a thousand stories draws a thousand. For
the same reason each letter is drawn once in each size.
Letters are laid out by Pillow's own engine, because the richer one leans on a
library that not every machine has, and the same title must give the same bytes.
Each letter comes from the first font that holds it. Arabic ones are joined and put
into the order in which they are drawn before that, and their card is the mirror image.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont, ImageOps

from portal.writers.arabic_script import DIRECTION_MARKS, in_drawing_order, joined

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
_LINE, _ARABIC_LINE = 1.08, 1.3
_RUN_LENGTHS = 3
"""zlib's strategy that looks for runs only: an eighth more bytes than the best, in half the time."""
_SMOOTHNESS = 4
"""Arcs have no soft edges in Pillow: they are drawn so many times larger, then made small."""


Fonts = tuple[bytes, ...]
"""TrueType or WOFF files; a letter is taken from the first that holds it."""


def draw_card(title: str, eyebrow: str, fonts: Fonts, *, right_to_left: bool = False) -> bytes:
    """Draw *title* below *eyebrow*, what kind of page it is, as PNG.

    The title takes the largest size at which it fits; one that fits at none is cut
    and ends with «…». Letters that no font holds lose their accents, or go.
    """
    card = _ground(fonts, right_to_left).copy()
    place = _from_the_right if right_to_left else _from_the_left

    def ordered(words: str) -> str:
        return in_drawing_order(words) if right_to_left else words

    place(card, 42, ordered(_writable(eyebrow, fonts)), 18, _PLUM_LEVEL, fonts)
    line = _ARABIC_LINE if right_to_left else _LINE
    size, lines = _fitted(title, line, fonts)
    line_height = round(size * line)
    y = _TOP + max(0, (_BOTTOM - _TOP - line_height * len(lines)) // 2)
    for words in lines:
        place(card, y, ordered(words), size, _INK_LEVEL, fonts)
        y += line_height
    card.putpalette([part for colour in _PALETTE for part in colour])
    picture = io.BytesIO()
    card.save(picture, "PNG", compress_type=_RUN_LENGTHS)
    return picture.getvalue()


def _from_the_left(
    card: Image.Image, y: int, text: str, size: int, level: int, fonts: Fonts
) -> None:
    _write(card, _LEFT, y, text, size, level, fonts)


def _from_the_right(
    card: Image.Image, y: int, text: str, size: int, level: int, fonts: Fonts
) -> None:
    _write(card, WIDTH - _LEFT - _length(text, fonts) * size, y, text, size, level, fonts)


def _write(
    card: Image.Image, x: float, y: int, text: str, size: int, level: int, fonts: Fonts
) -> None:
    """Write *text* from *x* on, its top at *y*."""
    for letter in text:
        if not letter.isspace() and letter not in DIRECTION_MARKS:
            card.paste(level, (round(x) - size, y), _drawn(letter, size, fonts))
        x += _letter_length(letter, fonts) * size


@lru_cache(maxsize=2048)
def _drawn(letter: str, size: int, fonts: Fonts) -> Image.Image:
    """*letter* with room around it, as wide as it is large on its left: some reach out of their own space.

    It stands on the line of the first font, whichever it is from.
    """
    drawn = Image.new("L", (3 * size, 2 * size), 0)
    baseline = _face(fonts[0], size).getmetrics()[0]
    face = _face(_holder(letter, fonts), size)
    ImageDraw.Draw(drawn).text((size, baseline), letter, font=face, fill=255, anchor="ls")
    _, _, right, bottom = drawn.getbbox() or (0, 0, 1, 1)
    return drawn.crop((0, 0, right, bottom))


@lru_cache(maxsize=2)
def _ground(fonts: Fonts, right_to_left: bool) -> Image.Image:
    """What all cards share: the perimeters, who goes through them, and our name."""
    card, near, far = _perimeters(), _from_the_left, _from_the_right
    if right_to_left:
        card, near, far = ImageOps.mirror(card), far, near
    near(card, 267, "#Oltreiperimetri", 20, _INK_LEVEL, fonts)
    far(card, 267, "Soli mai.", 20, _PLUM_LEVEL, fonts)
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


@lru_cache(maxsize=128)
def _face(font: bytes, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(font), size, layout_engine=ImageFont.Layout.BASIC)


def _fitted(title: str, line: float, fonts: Fonts) -> tuple[int, list[str]]:
    """The largest size in which *title* fits in lines *line* em apart, and its lines."""
    words = _writable(title, fonts).split()
    for size in _SIZES:
        lines = _wrapped(words, _TITLE_WIDTH / size, fonts)
        if len(lines) <= min(_MOST_LINES, int((_BOTTOM - _TOP) // (size * line))):
            return size, lines
    last = _cut(lines[_MOST_LINES - 1], _TITLE_WIDTH / _SIZES[-1], fonts)
    return _SIZES[-1], [*lines[: _MOST_LINES - 1], last]


def _wrapped(words: list[str], room: float, fonts: Fonts) -> list[str]:
    """The lines *words* make in *room*, in em; a word too long for one goes on in the next."""
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if _length(longer, fonts) <= room:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if _length(lines[-1] + letter, fonts) > room:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def _cut(line: str, room: float, fonts: Fonts) -> str:
    while _length(f"{line}…", fonts) > room:
        line = line[:-1]
    return f"{line}…"


def _length(text: str, fonts: Fonts) -> float:
    """How long *text* is, in em. The letters add up: this engine does not kern."""
    return sum(_letter_length(letter, fonts) for letter in text)


@lru_cache(maxsize=512)
def _letter_length(letter: str, fonts: Fonts) -> float:
    if letter in DIRECTION_MARKS:
        return 0
    return _face(_holder(letter, fonts), _MEASURED).getlength(letter) / _MEASURED


def _writable(text: str, fonts: Fonts) -> str:
    """*text* in the letters the fonts hold: «ǎ» becomes «a», an arrow goes."""
    return "".join(
        letter
        for whole in joined(unicodedata.normalize("NFC", text))
        for letter in (whole if _holder(whole, fonts) else unicodedata.normalize("NFD", whole))
        if letter in DIRECTION_MARKS or _holder(letter, fonts)
    )


@lru_cache(maxsize=512)
def _holder(letter: str, fonts: Fonts) -> bytes:
    """The first font that holds *letter*; empty where none does."""
    return next((font for font in fonts if _holds(letter, font)), b"")


def _holds(letter: str, font: bytes) -> bool:
    face = _face(font, _MEASURED)
    return letter.isspace() or bytes(face.getmask(letter)) != bytes(face.getmask("\uffff"))
