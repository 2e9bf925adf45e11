"""Arabic script for who draws letter by letter: in the shapes and in the order they are drawn in.

What is read from right to left is kept in the order it is read, and a letter in one
shape wherever it stands. Browsers do the rest by themselves; a picture has nobody to do it.
"""

from __future__ import annotations

import re

DIRECTION_MARKS = "\u200e\u200f"
"""They are not seen, and tell which way the signs beside them are read."""

_ARABIC = re.compile("[\u0600-\u06ff]")


def joined(text: str) -> str:
    """*text* with each Arabic letter in the shape its neighbours give it; any other stays as it is."""
    if not _ARABIC.search(text):
        return text
    from arabic_reshaper import reshape

    return str(reshape(text))


def in_drawing_order(line: str) -> str:
    """One *line* of a text that is read from right to left, as it is drawn from left to right."""
    from bidi.algorithm import get_display

    return str(get_display(line, base_dir="R"))
