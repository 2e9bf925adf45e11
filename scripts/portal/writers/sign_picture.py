"""A sign as a picture for programs that read no SVG: drawn from the same SVG, 2000 pixels wide.

Typst draws it, as it draws the posters: no letters are in it, so no font is asked, and the
same drawing gives the same bytes.
"""

from __future__ import annotations

WIDTH = 2000
"""In pixels: a hand's breadth in print, at 300 to an inch."""

PAPER = "#ffffff"

# A page as wide as the picture in points: then a point is a pixel.
_PAGE = """\
#set page(width: {width}pt, height: auto, margin: 0pt, fill: {ground})
#image(bytes(sys.inputs.drawing), format: "svg", width: 100%)
"""


def draw_sign(drawing: bytes, ground: str | None = None) -> bytes:
    """Draw the SVG *drawing* as PNG on *ground*, a colour; on nothing without one."""
    import typst

    page = _PAGE.format(width=WIDTH, ground=f'rgb("{ground}")' if ground else "none")
    compiler = typst.Compiler(
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False),
        ignore_system_fonts=True,
    )
    picture = compiler.compile(
        input=page.encode(), format="png", ppi=72, sys_inputs={"drawing": drawing.decode()}
    )
    assert isinstance(picture, bytes)  # One page: not a list of pictures.
    return picture
