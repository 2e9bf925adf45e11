"""The QR code of an address, for printed sheets: paper has no links.

segno makes the code; it is drawn here so that it has a name, and no style of
its own. It is black on white in every colour scheme, with the white border
readers need (ISO/IEC 18004 §6.3.8): inverted, many of them find nothing.

Classes for the stylesheet: `pt-qr` the drawing, `pt-qr__ground` the white,
`pt-qr__modules` the black.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

BORDER = 4


def draw_qr(url: str) -> str:
    """Draw *url*, an absolute address, as SVG to stand in a page; one unit is one module.

    A level of correction that survives a stain on a seventh of the code.
    """
    return ElementTree.tostring(_drawing(url), encoding="unicode")


def draw_qr_file(url: str) -> bytes:
    """Draw *url* as an SVG document of its own, to print at any size."""
    drawing = _drawing(url)
    side = drawing.get("viewBox", "").rpartition(" ")[2]
    drawing.attrib |= {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": f"{side}mm",
        "height": f"{side}mm",
    }
    svg: bytes = ElementTree.tostring(drawing, encoding="utf-8", xml_declaration=True)
    return svg + b"\n"


def _drawing(url: str) -> Element:
    import segno

    matrix = segno.make_qr(url, error="m", boost_error=False).matrix
    side = len(matrix) + 2 * BORDER
    name = f"Codice QR: {url}"
    drawing = Element(
        "svg",
        {"class": "pt-qr", "viewBox": f"0 0 {side} {side}", "role": "img", "aria-label": name},
    )
    SubElement(drawing, "title").text = name
    SubElement(
        drawing, "path", {"class": "pt-qr__ground", "fill": "#fff", "d": f"M0,0h{side}v{side}H0Z"}
    )
    modules = "".join(_runs(matrix))
    # Edges on whole pixels: blurred ones cost a reader the small modules.
    SubElement(
        drawing,
        "path",
        {
            "class": "pt-qr__modules",
            "fill": "#000",
            "shape-rendering": "crispEdges",
            "d": modules,
        },
    )
    return drawing


def _runs(matrix: tuple[bytearray, ...]) -> Iterator[str]:
    """The black modules of each row, those side by side as one rectangle."""
    for y, row in enumerate(matrix, start=BORDER):
        x = BORDER
        for is_black, modules in groupby(row):
            width = len(list(modules))
            if is_black:
                yield f"M{x},{y}h{width}v1h-{width}Z"
            x += width
