"""The chart of an indicator, where there is something to compare.

Values of one unit are horizontal bars, one for each published value. They come
from different periods that overlap, so the bars stand one below the other and
are never added. A share is a hundred dots, some of them filled: a bar that ends
where its value ends would make thirty-three of a hundred look like all. One
value alone, or values in different units, have no chart: a length says nothing
without another beside it, and the template shows the figure large instead.

The description reads out every value, and the template puts a table beside the
drawing. A drawing is 320 units wide, so that its letters keep their size on the
narrowest phone; the dots are 200.

Classes for the stylesheet:

- `pt-chart`             the drawing; letters up to 14 units
- `pt-chart__period`     the period above a bar
- `pt-chart__bar`        a bar, filled with the current colour unless the stylesheet says otherwise
- `pt-chart__value`      the value at the bar's end, which may be bold
- `pt-chart__baseline`   the line of zero (stroked)
- `pt-chart--dots`       the drawing of a share
- `pt-chart__dot`        one of a hundred; `pt-chart__dot--counted` one of those that are counted
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from portal.model.indicator import Indicator, Measure

WIDTH = 320
_LETTER_WIDTH = 8.6
_BOLD_LETTER_WIDTH = 10
# Widths of the widest system fonts at 14 units: letters narrower than expected only leave more room.
_INDENT = 8
_PERIOD_LETTERS = int((WIDTH - _INDENT) // _LETTER_WIDTH)
_LINE = 20
_BAR = 22
_GAP = 12
_BASELINE_X = 1.5
_HUNDRED = 100
_DOT_STEP = 20
_DOT_RADIUS = 7


@dataclass(frozen=True)
class Bar:
    """One bar: the period above it, its *value*, the words at its end."""

    period: str
    value: int
    label: str


def draw_chart(indicator: Indicator) -> str:
    """Draw *indicator* as SVG: bars that start from zero, or dots for a share; empty where nothing compares."""
    if indicator.compared:
        drawing = draw_bars(
            f"grafico-{indicator.id}",
            f"Grafico: {indicator.title}",
            _reading(indicator, indicator.compared),
            [
                Bar(measure.period, measure.value, measure.in_words)
                for measure in indicator.compared
            ],
            highest=_HUNDRED if indicator.is_share else None,
        )
    elif indicator.is_share:
        drawing = _draw_dots(indicator)
    else:
        return ""
    return ElementTree.tostring(drawing, encoding="unicode")


def draw_bars(
    name: str, title: str, reading: str, bars: Sequence[Bar], *, highest: int | None = None
) -> Element:
    """Draw *bars* one below the other, the longest for *highest* or else for the highest of them.

    *reading* says them all aloud; ids begin with *name*.
    """
    drawing = _drawing(name, title, reading, "pt-chart")
    group = SubElement(drawing, "g", {"fill": "currentColor"})
    y = 0.0
    for bar, length in zip(bars, _lengths(bars, highest), strict=True):
        y = _draw_bar(group, bar, length, y)
    height = max(y - _GAP, 0) + 2
    SubElement(
        drawing,
        "line",
        {
            "class": "pt-chart__baseline",
            "stroke": "currentColor",
            "x1": str(_BASELINE_X),
            "x2": str(_BASELINE_X),
            "y1": "0",
            "y2": f"{height:g}",
        },
    )
    drawing.set("viewBox", f"0 0 {WIDTH} {height:g}")
    return drawing


def _draw_dots(indicator: Indicator) -> Element:
    """Draw the share as ten rows of ten dots; the counted ones come first, as one reads."""
    share = indicator.latest
    drawing = _drawing(
        f"grafico-{indicator.id}",
        f"Grafico: {indicator.title}",
        _reading(indicator, [share]),
        "pt-chart pt-chart--dots",
    )
    drawing.set("viewBox", f"0 0 {10 * _DOT_STEP} {10 * _DOT_STEP}")
    for number in range(_HUNDRED):
        row, column = divmod(number, 10)
        counted = " pt-chart__dot--counted" if number < share.value else ""
        SubElement(
            drawing,
            "circle",
            {
                "class": f"pt-chart__dot{counted}",
                "fill": "currentColor" if counted else "none",
                "stroke": "currentColor",
                "cx": str(column * _DOT_STEP + _DOT_STEP // 2),
                "cy": str(row * _DOT_STEP + _DOT_STEP // 2),
                "r": str(_DOT_RADIUS),
            },
        )
    return drawing


def _drawing(name: str, title: str, reading: str, css_class: str) -> Element:
    """An empty drawing with its name and its description."""
    drawing = Element(
        "svg",
        {"class": css_class, "role": "img", "aria-labelledby": f"{name}-titolo {name}-valori"},
    )
    SubElement(drawing, "title", {"id": f"{name}-titolo"}).text = title
    SubElement(drawing, "desc", {"id": f"{name}-valori"}).text = reading
    return drawing


def _reading(indicator: Indicator, measures: Sequence[Measure]) -> str:
    values = "; ".join(
        f"{measure.period}, {measure.in_words} {indicator.unit}" for measure in measures
    )
    caution = (
        " I periodi possono sovrapporsi: i valori non si sommano." if len(measures) > 1 else ""
    )
    return f"{values[0].upper()}{values[1:]}.{caution}"


def _lengths(bars: Sequence[Bar], highest: int | None) -> Iterator[float]:
    """The length of each bar, with room for its label beyond the longest."""
    whole = highest or max((bar.value for bar in bars), default=0) or 1
    widest_label = max((len(bar.label) for bar in bars), default=0) * _BOLD_LETTER_WIDTH
    room = WIDTH - _BASELINE_X - widest_label - 8
    for bar in bars:
        yield bar.value / whole * room


def _draw_bar(bars: Element, bar: Bar, length: float, y: float) -> float:
    """Draw the period, the bar and the value below *y*, and return where the next one begins."""
    for line in textwrap.wrap(bar.period, _PERIOD_LETTERS):
        y += _LINE
        SubElement(
            bars, "text", {"class": "pt-chart__period", "x": str(_INDENT), "y": f"{y - 5:g}"}
        ).text = line
    if length:
        SubElement(
            bars,
            "rect",
            {
                "class": "pt-chart__bar",
                "x": str(_BASELINE_X),
                "y": f"{y:g}",
                "width": f"{length:.1f}",
                "height": str(_BAR),
            },
        )
    place = {"x": f"{_BASELINE_X + length + 6:.1f}", "y": f"{y + _BAR - 6:g}"}
    SubElement(bars, "text", {"class": "pt-chart__value", **place}).text = bar.label
    return y + _BAR + _GAP
