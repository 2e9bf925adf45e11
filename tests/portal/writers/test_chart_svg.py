"""The chart: bars that compare, dots for a share, nothing where there is nothing to compare."""

from xml.etree import ElementTree

import pytest

from portal.writers.chart_svg import draw_chart

from .builders import an_indicator


def drawn(*measures, **fields):
    return ElementTree.fromstring(draw_chart(an_indicator(*measures, **fields)))


def texts(drawing, css_class):
    return [text.text for text in drawing.iter("text") if text.get("class") == css_class]


def widths(drawing):
    return [float(bar.get("width")) for bar in drawing.iter("rect")]


def test_description_reads_out_every_value():
    drawing = drawn(
        {"period": "2015–2017", "value": 900, "qualifier": "quasi"},
        {"period": "maggio 2015–2018", "value": 1600},
    )

    assert drawing.get("role") == "img"
    assert (
        drawing.get("aria-labelledby")
        == "grafico-colloqui-lavoro-titolo grafico-colloqui-lavoro-valori"
    )
    assert drawing.find("title").text == "Grafico: Colloqui individuali per il lavoro"
    assert drawing.find("desc").text == (
        "2015–2017, quasi 900 colloqui; maggio 2015–2018, 1.600 colloqui."
        " I periodi possono sovrapporsi: i valori non si sommano."
    )


def test_values_are_labelled_as_the_source_gives_them():
    drawing = drawn(
        {"period": "2017", "value": 1106},
        {"period": "2018", "value": 3000, "qualifier": "più di"},
    )

    assert texts(drawing, "pt-chart__period") == ["2017", "2018"]
    assert texts(drawing, "pt-chart__value") == ["1.106", "più di 3.000"]


def test_bars_start_from_zero_on_one_scale():
    """Half the value is half the bar."""
    drawing = drawn({"period": "2016", "value": 400}, {"period": "2017", "value": 800})

    half, whole = widths(drawing)
    assert half == pytest.approx(whole / 2, abs=0.1)
    assert {bar.get("x") for bar in drawing.iter("rect")} == {"1.5"}


def test_values_are_never_added_up():
    """Periods overlap, so a total would count the same people twice."""
    svg = draw_chart(
        an_indicator({"period": "2016", "value": 400}, {"period": "2015–2017", "value": 800})
    )

    assert "1.200" not in svg


def test_one_value_alone_has_no_bar():
    """A length without another beside it says nothing; the page shows the figure large."""
    indicator = an_indicator({"period": "2018", "value": 64})

    assert draw_chart(indicator) == ""
    assert [measure.value for measure in indicator.alone] == [64]


def test_values_in_different_units_have_no_bars():
    """Beds and people do not share a scale: each is shown by itself."""
    indicator = an_indicator(
        {"period": "2018", "value": 200},
        {"period": "2018", "value": 9000, "unit": "notti", "qualifier": "circa"},
    )

    assert draw_chart(indicator) == ""
    assert [measure.value for measure in indicator.alone] == [200, 9000]


def test_two_counts_of_the_same_years_have_no_bars():
    """One of them is rounded, or counts otherwise: a bar that is longer would look like growth."""
    indicator = an_indicator(
        {"period": "2015–2018", "value": 3000, "qualifier": "più di"},
        {"period": "2015–2018", "value": 3287},
    )

    assert draw_chart(indicator) == ""
    assert [measure.value for measure in indicator.alone] == [3000, 3287]


def test_value_in_another_unit_stands_beside_the_bars():
    measures = (
        {"period": "2016", "value": 400},
        {"period": "2018", "value": 70, "unit": "gruppi"},
        {"period": "2018", "value": 800},
    )

    assert texts(drawn(*measures), "pt-chart__value") == ["400", "800"]
    assert [measure.value for measure in an_indicator(*measures).alone] == [70, 800]


def test_share_fills_as_many_dots_of_a_hundred():
    """A third looks like a third, and not like a bar that is full."""
    drawing = drawn({"period": "2018", "value": 33, "qualifier": "più di"}, unit="su cento")

    dots = [dot.get("class") for dot in drawing.iter("circle")]
    assert len(dots) == 100
    assert dots.count("pt-chart__dot pt-chart__dot--counted") == 33
    assert drawing.find("desc").text == "2018, più di 33 su cento."


def test_shares_side_by_side_end_at_a_hundred():
    """Not at the highest of them, or half would look like all."""
    quarter, half = widths(
        drawn({"period": "2016", "value": 25}, {"period": "2018", "value": 50}, unit="su cento")
    )
    (whole, _) = widths(
        drawn({"period": "2016", "value": 99}, {"period": "2018", "value": 50}, unit="su cento")
    )

    assert half == pytest.approx(2 * quarter, abs=0.1)
    assert whole == pytest.approx(99 / 50 * half, abs=0.3)


def test_zero_is_shown_without_a_bar():
    drawing = drawn({"period": "2016", "value": 0}, {"period": "2018", "value": 0})

    assert widths(drawing) == []
    assert texts(drawing, "pt-chart__value") == ["0", "0"]


def test_everything_fits_into_320_units():
    """The longest bar leaves room for the longest label, twelve bold letters; a long period goes on a second line."""
    drawing = drawn(
        {"period": "2018", "value": 10000, "qualifier": "quasi"},
        {
            "period": "da maggio 2015 ad aprile 2018, in tutti i laboratori di comunità",
            "value": 9999,
        },
    )

    assert max(widths(drawing)) <= 320 - 120
    periods = texts(drawing, "pt-chart__period")
    assert periods[1:] == ["da maggio 2015 ad aprile 2018, in", "tutti i laboratori di comunità"]
    assert drawing.get("viewBox") == "0 0 320 118"


def test_chart_has_no_style_and_no_colour_of_its_own():
    svg = draw_chart(an_indicator(*({"period": year, "value": 200} for year in ("2017", "2018"))))
    dots = draw_chart(an_indicator({"period": "2018", "value": 20}, unit="su cento"))

    assert "style" not in svg + dots
    assert 'fill="currentColor"' in svg
    assert "#" not in svg + dots


def test_titles_are_escaped():
    periods = ("2018", "2018 & <dopo>")
    svg = draw_chart(an_indicator(*({"period": period, "value": 200} for period in periods)))

    assert "2018 &amp; &lt;dopo&gt;" in svg
