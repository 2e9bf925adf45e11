"""The map of the network: real municipal boundaries and one mark per member.

It is an inline SVG without colours, script or style: the stylesheet gives the
look. Every mark is a link with a title, in the order of the list beside the
map: by town, then as in the project document. A member whose town no source
gives has no mark; a town outside the area stands at the edge, and its true
direction is written below its name.

Classes for the stylesheet (drawing units: the map is 960 wide):

- `pt-map`             the drawing
- `pt-map__town`       a municipality; `pt-map__town--project` one of the nine
- `pt-map__group`      a town's label and marks; `pt-map__group--outside` beyond the edge
- `pt-map__link`       the link around a town's name
- `pt-map__label`      a town's name; letters up to 28 units
- `pt-map__panel`      the rectangle behind a town outside, which makes it a note in the margin
- `pt-map__direction`  «a sud-est», under that town's name; letters up to 24 units
- `pt-map__arrow`      the line that points there (stroked, not filled)
- `pt-map__mark`       a member's link; `--capofila` is a diamond, `--partner` a disc,
                       `--accordo` a ring (stroked). The template says so beside the drawing,
                       where it is in sight however far the drawing has been moved
- `pt-map__sign`       the shape inside a mark
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from portal.model.member import Member, Role
from portal.model.network import Network
from portal.model.town import Boundary
from portal.writers.map_blocks import (
    LABEL_SIZE,
    LETTER_WIDTH,
    RADIUS,
    Block,
    block_around,
    settle,
)
from portal.writers.map_frame import Frame
from portal.writers.projection import Point, compass_point

WIDTH = 960
_ARROW_LETTERS = 3
"""How many letters' room an arrow takes beside its direction."""


def draw_map(network: Network, link: Callable[[str], str]) -> str:
    """Draw the network as SVG; *link* makes an address out of a page's URL.

    Raises ValueError where no town of the project has a boundary.
    """
    towns = [network.town(listing.slug) for listing in network.by_town]
    area = [boundary for boundary in network.boundaries if boundary.in_project]
    frame = Frame.around(area, towns, WIDTH)
    bearings = [frame.bearing(town) for town in towns]
    blocks = settle(
        [
            block_around(listing, _lines(listing.name, bearing), frame.spot(town))
            for listing, town, bearing in zip(network.by_town, towns, bearings, strict=True)
        ],
        WIDTH,
    )
    height = math.ceil(max([frame.height, *(block.bottom for block in blocks)]))

    drawing = Element(
        "svg",
        {
            "class": "pt-map",
            "viewBox": f"0 0 {WIDTH} {height}",
            "role": "group",
            "aria-label": "Mappa della rete: i comuni e le organizzazioni",
        },
    )
    _draw_boundaries(drawing, frame, network.boundaries, height)
    for block, bearing in zip(blocks, bearings, strict=True):
        _draw_block(drawing, block, bearing, link)
    return ElementTree.tostring(drawing, encoding="unicode")


def _lines(name: str, bearing: float | None) -> tuple[str, ...]:
    """The lines of a block: the town, and its direction where it lies outside."""
    if bearing is None:
        return (name,)
    return name, f"a {compass_point(bearing)}{' ' * _ARROW_LETTERS}"


def _draw_boundaries(
    drawing: Element, frame: Frame, boundaries: Iterable[Boundary], height: float
) -> None:
    """Draw the municipalities that show, neighbours first: the project's borders lie on top."""
    # A drawing in the drawing: it cuts what reaches beyond its edge.
    ground = SubElement(
        drawing,
        "svg",
        {"width": f"{frame.width:g}", "height": f"{height:g}", "aria-hidden": "true"},
    )
    for boundary in sorted(boundaries, key=lambda boundary: (boundary.in_project, boundary.istat)):
        if not frame.shows(boundary):
            continue
        modifier = " pt-map__town--project" if boundary.in_project else ""
        outlines = (frame.projection.outline(ring) for ring in boundary.rings)
        SubElement(
            ground,
            "path",
            {
                "class": f"pt-map__town{modifier}",
                "fill-rule": "evenodd",
                "d": "".join(outlines),
            },
        )


def _draw_block(
    drawing: Element, block: Block, bearing: float | None, link: Callable[[str], str]
) -> None:
    listing = block.listing
    count = len(listing.pages)
    name = f"{listing.name}: {count} {'organizzazione' if count == 1 else 'organizzazioni'}"
    group = SubElement(
        drawing, "g", {"class": "pt-map__group", "role": "group", "aria-label": name}
    )
    if bearing is not None:
        group.set("class", "pt-map__group pt-map__group--outside")
        group.set("aria-label", f"{name}, fuori dalla mappa, {block.lines[1].strip()}")
        _draw_margin_note(group, block, bearing)
    town_link = SubElement(group, "a", {"class": "pt-map__link", "href": link(listing.url)})
    _write(town_link, "pt-map__label", block.lines[0], block.centre_x, block.baseline(0))
    members = (page for page in listing.pages if isinstance(page, Member))
    for member, centre in zip(members, block.marks(), strict=True):
        _draw_mark(group, member, listing.name, centre, link)


def _draw_margin_note(group: Element, block: Block, bearing: float) -> None:
    """Draw what says that a town is not here: a panel, its direction in words, an arrow."""
    panel = {"x": block.x, "y": block.y, "width": block.width, "height": block.height}
    place = {name: f"{value:.1f}" for name, value in panel.items()}
    SubElement(group, "rect", {"class": "pt-map__panel", "rx": "8", **place})
    words = block.lines[1].strip()
    x, y = block.centre_x - _ARROW_LETTERS * LETTER_WIDTH / 2, block.baseline(1)
    _write(group, "pt-map__direction", words, x, y, {"aria-hidden": "true"})
    arrow_x, arrow_y = x + len(words) * LETTER_WIDTH / 2 + 14, y - LABEL_SIZE / 3
    SubElement(
        group,
        "path",
        {
            "class": "pt-map__arrow",
            "d": "M-10,0H10M3,-7L10,0L3,7",
            "transform": f"translate({arrow_x:.1f},{arrow_y:.1f}) rotate({bearing:.0f})",
            "aria-hidden": "true",
        },
    )


def _draw_mark(
    group: Element, member: Member, town: str, centre: Point, link: Callable[[str], str]
) -> None:
    mark = SubElement(
        group,
        "a",
        {"class": f"pt-map__mark pt-map__mark--{member.role.value}", "href": link(member.url)},
    )
    SubElement(mark, "title").text = f"{member.title} ({member.role.label}, {town})"
    _draw_sign(mark, member.role, centre)


def _draw_sign(parent: Element, role: Role, centre: Point) -> None:
    """Draw the shape of a role: shapes differ, so that colour is never the only sign."""
    x, y = centre
    if role is Role.LEAD:
        corners = (
            f"M{x:.1f},{y - RADIUS:.1f}l{RADIUS},{RADIUS}l-{RADIUS},{RADIUS}l-{RADIUS},-{RADIUS}Z"
        )
        SubElement(parent, "path", {"class": "pt-map__sign", "d": corners})
        return
    # The stroke of a ring lies half outside its radius.
    radius = RADIUS - 2 if role is Role.AGREEMENT else RADIUS
    SubElement(
        parent,
        "circle",
        {"class": "pt-map__sign", "cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": str(radius)},
    )


def _write(
    parent: Element,
    css_class: str,
    words: str,
    x: float,
    y: float,
    attributes: dict[str, str] | None = None,
) -> None:
    text = SubElement(
        parent,
        "text",
        {
            "class": css_class,
            "x": f"{x:.1f}",
            "y": f"{y:.1f}",
            "text-anchor": "middle",
            **(attributes or {}),
        },
    )
    text.text = words
