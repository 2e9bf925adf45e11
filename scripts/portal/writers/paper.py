"""Pages on paper: how large their letters can be for one sheet, and an address to copy from it."""

from __future__ import annotations

import html
import re

_LINE_END = re.compile(r"<br\b[^>]*>|</(?:p|li|h\d|td|dd|dt)>")
_TAG = re.compile(r"<[^>]+>")

LETTERS_IN_A_LINE = 45
"""In one of the two columns of a sheet."""

LINES_FOR = {"large": 40, "medium": 68}
"""Up to how many lines a text can have in letters of which size; `print.css` says how large that is."""

CARDS_IN_A_ROW = 4
CARDS_IN_ONE_OF_SEVERAL_ROWS = 3
LINES_OF_A_ROW = 36
"""How many lines of a column a row of cards costs, each with a sentence or two."""
LINES_ALLOWED_FOR = 18
"""How many of them every sheet has room for."""
LINES_OF_A_CALL = 4


def letters_on_paper(text: str, cards: int = 0, calls: int = 0) -> str:
    """How large the letters of a page with this *text* (HTML) and so many *cards* can be on one sheet.

    *calls* is how many telephone numbers are told above all, where there is little room
    for them. The letters are large, medium or small.
    """
    in_a_row = CARDS_IN_A_ROW if cards <= CARDS_IN_A_ROW else CARDS_IN_ONE_OF_SEVERAL_ROWS
    rows = -(-cards // in_a_row)
    lines = lines_on_paper(text) + calls * LINES_OF_A_CALL
    lines += max(0, rows * LINES_OF_A_ROW - LINES_ALLOWED_FOR)
    return next((size for size, most in LINES_FOR.items() if lines <= most), "small")


def lines_on_paper(text: str) -> int:
    """About how many lines *text* takes; the space around a paragraph counts as half of one."""
    said = (html.unescape(_TAG.sub("", part)).strip() for part in _LINE_END.split(text))
    lines = sum(-(-len(part) // LETTERS_IN_A_LINE) for part in said)
    return lines + text.count("<p>") // 2


def with_breaks(address: str) -> str:
    """*address* as HTML that breaks after a slash and nowhere else, without the scheme nobody types."""
    steps = address.partition("://")[2].split("/")
    shown = [f"{step}/" for step in steps[:-1]] + steps[-1:]
    return "<wbr>".join(
        f'<span class="pt-paper__step">{html.escape(step)}</span>' for step in shown if step
    )
