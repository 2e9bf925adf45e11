"""The relation graph: what the members of the network share, in the middle, and who, on both sides.

It is an inline SVG without colours, script or style: the stylesheet gives the
look. Every member and every hub is a link with a title; members come in the
order of the table beside the drawing, by name, then the hubs. Where something
stands means nothing, and nothing says so to who cannot see it. Members without
ties are not drawn, and of the stories only the latest: the table lists them all.

Classes for the stylesheet (drawing units: the graph is 1280 wide):

- `pt-graph`           the drawing; letters up to 24 units
- `pt-graph__node`     a member with its ties: `:hover` and `:focus-within` tell which are its own
- `pt-graph__tie`      a line from a member to what it shares (stroked, not filled); `--azione`,
                       `--area`, `--luogo`, `--fatto`, `--storia` by what it leads to
- `pt-graph__member`   a member's link; `--capofila`, `--partner`, `--accordo` by role
- `pt-graph__dot`      the disc beside its name
- `pt-graph__label`    its name
- `pt-graph__hub`      a hub's link; `--azione`, `--area`, `--luogo`, `--fatto`, `--storia` by kind
- `pt-graph__box`      the box around it: round for an action or area, square for a place, notched
                       for a fact, cut for a story
- `pt-graph__kind`     «luogo», above its name; letters up to 20 units
- `pt-graph__title`    its name
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from portal.model.site import Site
from portal.writers.graph_layout import (
    HUB_WIDTH,
    MEMBER_WIDTH,
    WIDTH,
    Block,
    GraphLayout,
    lay_out,
)
from portal.writers.projection import to_a_tenth
from portal.writers.relations import Adjacency, Hub, adjacency, hubs

MOST_STORIES = 8
"""Stories grow without end, and a drawing of hundreds of them tells nothing."""

_RADIUS = 9
_DOT_X = MEMBER_WIDTH + 22
_HUB_LEFT = (WIDTH - HUB_WIDTH) / 2
_CUT = 18


def draw_graph(site: Site, link: Callable[[str], str]) -> str:
    """Draw the graph as SVG; *link* makes an address out of a page's URL. Empty where nobody is tied."""
    shared = _drawn(hubs(site))
    if not shared:
        return ""
    layout = lay_out(shared)
    drawing = Element(
        "svg",
        {
            "class": "pt-graph",
            "viewBox": f"0 0 {WIDTH} {to_a_tenth(layout.height)}",
            "role": "group",
            "aria-label": "Grafo della rete: chi è nominato con chi, e per che cosa",
        },
    )
    for row in adjacency(site):
        if row.member.slug in layout.members:
            _draw_member(drawing, row, shared, layout, link)
    for hub in shared:
        _draw_hub(drawing, hub, layout.hubs[hub.url], link)
    return ElementTree.tostring(drawing, encoding="unicode")


def _drawn(shared: Sequence[Hub]) -> list[Hub]:
    """Every action, area, place and fact, and the latest stories."""
    stories = [hub for hub in shared if hub.kind == "storia"]
    return [hub for hub in shared if hub.kind != "storia"] + stories[:MOST_STORIES]


def _draw_member(
    drawing: Element,
    row: Adjacency,
    shared: Sequence[Hub],
    layout: GraphLayout,
    link: Callable[[str], str],
) -> None:
    member, block = row.member, layout.members[row.member.slug]
    is_left = member.slug in layout.left
    dot_x = _DOT_X if is_left else WIDTH - _DOT_X
    node = SubElement(drawing, "g", {"class": "pt-graph__node"})
    for hub in shared:
        if member in hub.members:
            _draw_tie(node, hub, (dot_x, block.middle), layout.hubs[hub.url].middle, is_left)
    anchor = SubElement(
        node,
        "a",
        {
            "class": f"pt-graph__member pt-graph__member--{member.role.value}",
            "href": link(member.url),
        },
    )
    count = len(row.neighbours)
    SubElement(anchor, "title").text = (
        f"{member.title} ({member.role.label}): ha legami con {count} "
        f"{'organizzazione' if count == 1 else 'organizzazioni'}"
    )
    SubElement(
        anchor,
        "circle",
        {
            "class": "pt-graph__dot",
            "cx": to_a_tenth(dot_x),
            "cy": to_a_tenth(block.middle),
            "r": str(_RADIUS),
        },
    )
    text_x = MEMBER_WIDTH if is_left else WIDTH - MEMBER_WIDTH
    _write(anchor, "pt-graph__label", block, text_x, "end" if is_left else "start")


def _draw_tie(
    node: Element, hub: Hub, start: tuple[float, float], hub_y: float, is_left: bool
) -> None:
    x, y = start
    end_x = _HUB_LEFT if is_left else _HUB_LEFT + HUB_WIDTH
    bend = to_a_tenth((x + end_x) / 2)
    SubElement(
        node,
        "path",
        {
            "class": f"pt-graph__tie pt-graph__tie--{hub.kind}",
            "d": f"M{to_a_tenth(x)},{to_a_tenth(y)}C{bend},{to_a_tenth(y)} {bend},{to_a_tenth(hub_y)} "
            f"{to_a_tenth(end_x)},{to_a_tenth(hub_y)}",
            "aria-hidden": "true",
        },
    )


def _draw_hub(drawing: Element, hub: Hub, block: Block, link: Callable[[str], str]) -> None:
    anchor = SubElement(
        drawing,
        "a",
        {"class": f"pt-graph__hub pt-graph__hub--{hub.kind}", "href": link(hub.url)},
    )
    SubElement(
        anchor, "title"
    ).text = f"{hub.title} ({hub.kind}): {len(hub.members)} organizzazioni"
    SubElement(anchor, "path", {"class": "pt-graph__box", "d": _outline(hub.kind, block)})
    SubElement(
        anchor,
        "text",
        {
            "class": "pt-graph__kind",
            "x": to_a_tenth(WIDTH / 2),
            "y": to_a_tenth(block.baseline(0) - 3),
            "text-anchor": "middle",
        },
    ).text = hub.kind
    _write(anchor, "pt-graph__title", block, WIDTH / 2, "middle", first_line=1)


def _outline(kind: str, block: Block) -> str:
    """The box of a hub as a path. Shapes differ, so that colour is never the only sign."""
    left, top = to_a_tenth(_HUB_LEFT), to_a_tenth(block.y)
    width, height = HUB_WIDTH, block.height
    if kind == "luogo":
        return f"M{left},{top}h{width}v{to_a_tenth(height)}h-{width}Z"
    across, down = to_a_tenth(width - 2 * _CUT), to_a_tenth(height - 2 * _CUT)
    corners = (f"{_CUT},{_CUT}", f"-{_CUT},{_CUT}", f"-{_CUT},-{_CUT}", f"{_CUT},-{_CUT}")
    sweep = 0 if kind == "fatto" else 1
    turn = "l" if kind == "storia" else f"a{_CUT},{_CUT} 0 0 {sweep} "
    first, second, third, fourth = (f"{turn}{corner}" for corner in corners)
    start = f"M{to_a_tenth(_HUB_LEFT + _CUT)},{top}"
    return f"{start}h{across}{first}v{down}{second}h-{across}{third}v-{down}{fourth}Z"


def _write(
    parent: Element, css_class: str, block: Block, x: float, anchor: str, first_line: int = 0
) -> None:
    text = SubElement(parent, "text", {"class": css_class, "text-anchor": anchor})
    for number, line in enumerate(block.lines, start=first_line):
        place = {"x": to_a_tenth(x), "y": to_a_tenth(block.baseline(number) - 4)}
        SubElement(text, "tspan", place).text = line
