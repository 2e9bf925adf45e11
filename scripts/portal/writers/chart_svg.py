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
from collections.abc import Iterator
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


def draw_chart(indicator: Indicator) -> str:
    """Draw the bars of *indicator* as SVG, on a scale that starts from zero."""
    drawing = Element(
        "svg",
        {
            "class": "pt-chart",
            "role": "img",
            "aria-labelledby": f"grafico-{indicator.id}-titolo grafico-{indicator.id}-valori",
        },
    )
    SubElement(
        drawing, "title", {"id": f"grafico-{indicator.id}-titolo"}
    ).text = f"Grafico: {indicator.title}"
    SubElement(drawing, "desc", {"id": f"grafico-{indicator.id}-valori"}).text = _reading(indicator)
    bars = SubElement(drawing, "g", {"fill": "currentColor"})
    y = 0.0
    for measure, length in zip(indicator.measures, _lengths(indicator), strict=True):
        y = _draw_measure(bars, indicator, measure, length, y)
    height = y - _GAP + 2
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
    return ElementTree.tostring(drawing, encoding="unicode")


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


def _lengths(indicator: Indicator) -> Iterator[float | None]:
    """The length of each bar; none for a value in another unit."""
    drawn = [measure for measure in indicator.measures if _has_bar(indicator, measure)]
    highest = max((measure.value for measure in drawn), default=0) or 1
    widest_label = (
        max((len(_label(indicator, measure)) for measure in drawn), default=0) * _BOLD_LETTER_WIDTH
    )
    room = WIDTH - _BASELINE_X - widest_label - 8
    for measure in indicator.measures:
        yield measure.value / highest * room if _has_bar(indicator, measure) else None


def _draw_measure(
    bars: Element, indicator: Indicator, measure: Measure, length: float | None, y: float
) -> float:
    """Draw the period, the bar and the value below *y*, and return where the next one begins."""
    for line in textwrap.wrap(measure.period, _PERIOD_LETTERS):
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
    SubElement(bars, "text", {"class": "pt-chart__value", **place}).text = _label(
        indicator, measure
    )
    return y + _BAR + _GAP
