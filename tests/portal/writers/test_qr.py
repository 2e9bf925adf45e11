"""The QR code: what a telephone reads from the sheet is the address."""

import re
from xml.etree import ElementTree

import pytest
import segno

from portal.writers.qr import draw_qr

PLACE = "https://www.oltreiperimetri.it/luoghi/opcafe-rho/"


def modules(svg):
    """The drawing back as rows of black and white, border included."""
    drawing = ElementTree.fromstring(svg)
    side = int(drawing.get("viewBox").split()[2])
    rows = [[0] * side for _ in range(side)]
    path = next(p for p in drawing.iter("path") if p.get("class") == "pt-qr__modules").get("d")
    for x, y, width, back in re.findall(r"M(\d+),(\d+)h(\d+)v1h-(\d+)Z", path):
        assert width == back
        for column in range(int(x), int(x) + int(width)):
            rows[int(y)][column] = 1
    return rows


@pytest.mark.parametrize("url", [PLACE, "https://esempio.it/", f"{PLACE}?x={'a' * 200}"])
def test_drawing_is_the_code_with_its_white_border(url):
    """Four white modules on every side, without which readers do not find it."""
    rows = modules(draw_qr(url))

    expected = segno.make_qr(url, error="m", boost_error=False)
    assert rows == [list(row) for row in expected.matrix_iter(border=4)]
    assert not any(map(any, rows[:4]))


def test_code_is_black_on_white_and_has_a_name():
    drawing = ElementTree.fromstring(draw_qr(PLACE))

    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == drawing.find("title").text == f"Codice QR: {PLACE}"
    assert [path.get("fill") for path in drawing.iter("path")] == ["#fff", "#000"]


def test_code_has_no_style_and_stays_small():
    svg = draw_qr(PLACE)

    assert "style" not in svg
    assert len(svg) < 9_000


def test_same_address_gives_the_same_code():
    assert draw_qr(PLACE) == draw_qr(PLACE)


def test_signs_of_markup_in_an_address_do_no_harm():
    url = 'https://esempio.it/?a=1&b="<2>"'

    assert ElementTree.fromstring(draw_qr(url)).find("title").text == f"Codice QR: {url}"
