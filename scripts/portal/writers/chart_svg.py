"""The chart of an indicator: one horizontal bar for each published value.

The values of an indicator come from different periods that overlap, so the bars
stand one below the other and are never added. A value counted in another unit
than the indicator's is written without a bar: one scale for two units would
compare what cannot be compared. The description reads out every value, and the
template puts a table beside the drawing.

The drawing is 320 units wide, so that its letters keep their size on the
narrowest phone. Classes for the stylesheet:

- `pt-chart`             the drawing; letters up to 14 units
- `pt-chart__period`     the period above a bar
- `pt-chart__bar`        a bar, filled with the current colour unless the stylesheet says otherwise
- `pt-chart__value`      the value at the bar's end, which may be bold
- `pt-chart__baseline`   the line of zero (stroked)
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


@dataclass(frozen=True)
class Bar:
    """One bar: the period above it, its *value* (nothing where only the words are shown), the words at its end."""

    period: str
    value: int | None
    label: str


def draw_chart(indicator: Indicator) -> str:
    """Draw the bars of *indicator* as SVG, on a scale that starts from zero."""
    drawing = draw_bars(
        f"grafico-{indicator.id}",
        f"Grafico: {indicator.title}",
        _reading(indicator),
        [
            Bar(
                measure.period,
                measure.value if _has_bar(indicator, measure) else None,
                _label(indicator, measure),
            )
            for measure in indicator.measures
        ],
    )
    return ElementTree.tostring(drawing, encoding="unicode")


def draw_bars(name: str, title: str, reading: str, bars: Sequence[Bar]) -> Element:
    """Draw *bars* one below the other. *reading* says them all aloud; ids begin with *name*."""
    drawing = Element(
        "svg",
        {"class": "pt-chart", "role": "img", "aria-labelledby": f"{name}-titolo {name}-valori"},
    )
    SubElement(drawing, "title", {"id": f"{name}-titolo"}).text = title
    SubElement(drawing, "desc", {"id": f"{name}-valori"}).text = reading
    group = SubElement(drawing, "g", {"fill": "currentColor"})
    y = 0.0
    for bar, length in zip(bars, _lengths(bars), strict=True):
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


def _reading(indicator: Indicator) -> str:
    values = "; ".join(
        f"{measure.period}, {_with_unit(indicator, measure)}" for measure in indicator.measures
    )
    caution = (
        " I periodi possono sovrapporsi: i valori non si sommano."
        if len(indicator.measures) > 1
        else ""
    )
    return f"{values[0].upper()}{values[1:]}.{caution}"


def _with_unit(indicator: Indicator, measure: Measure) -> str:
    return f"{measure.in_words} {measure.unit or indicator.unit}"


def _label(indicator: Indicator, measure: Measure) -> str:
    """The words at a bar's end; the unit only where it is not the indicator's."""
    return measure.in_words if _has_bar(indicator, measure) else _with_unit(indicator, measure)


def _has_bar(indicator: Indicator, measure: Measure) -> bool:
    return measure.unit in (None, indicator.unit)


def _lengths(bars: Sequence[Bar]) -> Iterator[float | None]:
    """The length of each bar; none where only words are shown."""
    drawn = [bar for bar in bars if bar.value is not None]
    highest = max((bar.value or 0 for bar in drawn), default=0) or 1
    widest_label = max((len(bar.label) for bar in drawn), default=0) * _BOLD_LETTER_WIDTH
    room = WIDTH - _BASELINE_X - widest_label - 8
    for bar in bars:
        yield None if bar.value is None else bar.value / highest * room


def _draw_bar(bars: Element, bar: Bar, length: float | None, y: float) -> float:
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
    place = {"x": f"{_BASELINE_X + (length or 0) + 6:.1f}", "y": f"{y + _BAR - 6:g}"}
    SubElement(bars, "text", {"class": "pt-chart__value", **place}).text = bar.label
    return y + _BAR + _GAP
