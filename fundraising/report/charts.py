"""Charts as SVG: bars that can be read on paper, without colour and without a script.

Every chart has a title for those who cannot see it; the numbers stand in a table
beside it anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 10, 14, 40
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Series:
    """Values of one kind, one for each column; *style* is a class of the page."""

    name: str
    values: tuple[int, ...]
    style: str


def column_chart(title: str, labels: Sequence[str], series: Sequence[Series], unit: str) -> str:
    """Draw columns, the series stacked. *unit* is «€» for cents, else what is counted."""
    totals = [sum(column) for column in zip(*(one.values for one in series), strict=True)]
    top, step = _scale(max(totals, default=0), money=unit == "€")
    parts = [_open(title, HEIGHT)]
    for mark in range(0, top + 1, step):
        y = _y(mark, top)
        parts.append(f'<line class="grid" x1="{_LEFT}" y1="{y}" x2="{WIDTH - _RIGHT}" y2="{y}"/>')
        parts.append(f'<text class="mark" x="{_LEFT - 8}" y="{y + 4}">{_amount(mark, unit)}</text>')
    room = (WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    for column, label in enumerate(labels):
        x = _LEFT + column * room + room * 0.15
        floor = 0
        for one in series:
            value = one.values[column]
            if value > 0:
                y, bottom = _y(floor + value, top), _y(floor, top)
                parts.append(
                    f'<rect class="{one.style}" x="{x:.1f}" y="{y}" width="{room * 0.7:.1f}" '
                    f'height="{max(bottom - y, 1):.1f}"/>'
                )
                floor += value
        # Labels of many months would touch: every second or third is enough.
        if column % (len(labels) // 13 + 1) == 0:
            middle = x + room * 0.35
            parts.append(
                f'<text class="label" x="{middle:.1f}" y="{HEIGHT - _BOTTOM + 18}">'
                f"{escape(label)}</text>"
            )
    parts.append("</svg>")
    return "".join(parts)


def bar_chart(title: str, rows: Sequence[tuple[str, int]], unit: str) -> str:
    """Draw one lying bar for each row, with its name above and its value at its end."""
    height = 44 * max(len(rows), 1) + 10
    longest = max((value for _name, value in rows), default=0) or 1
    parts = [_open(title, height)]
    for number, (name, value) in enumerate(rows):
        y = number * 44 + 4
        width = max((WIDTH - 140) * max(value, 0) / longest, 1)
        parts.append(f'<text class="name" x="0" y="{y + 12}">{escape(name)}</text>')
        parts.append(
            f'<rect class="first" x="0" y="{y + 18}" width="{width:.1f}" height="16"/>'
            f'<text class="value" x="{width + 8:.1f}" y="{y + 31}">{_amount(value, unit)}</text>'
        )
    parts.append("</svg>")
    return "".join(parts)


def _open(title: str, height: int) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {height}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(title)}</title>"
    )


def _scale(largest: int, *, money: bool) -> tuple[int, int]:
    """Choose round steps of the axis, four to eight of them; whole euros for money."""
    unit = 100 if money else 1
    step = unit
    power = 0
    while step * 6 < largest:
        power += 1
        step = unit * _STEPS[power % 3] * 10 ** (power // 3)
    return max(-(-largest // step) * step, step), step


def _y(value: int, top: int) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / top, 1)


def _amount(value: int, unit: str) -> str:
    if unit != "€":
        return str(value)
    sign = "-" if value < 0 else ""
    euros = f"{abs(value) // 100:,}".replace(",", ".")
    rest = f",{abs(value) % 100:02}" if value % 100 else ""
    return f"{sign}{euros}{rest} €"
