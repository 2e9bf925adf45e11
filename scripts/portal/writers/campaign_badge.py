"""The badge of a campaign: a picture others put on their own pages, with how far it has come.

SVG without scripts, styles or fonts of ours: it stands in an `<img>` on pages we
know nothing of. The figures are those of the build, with their date; until a
person has confirmed the campaign it says in so many words that it is an example.
"""

from __future__ import annotations

import textwrap
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from portal.model.campaign import Campaign
from portal.model.progress import Progress
from portal.writers.formats import euros, italian_date

WIDTH, HEIGHT = 320, 136
"""In CSS pixels: a column of a narrow page."""

_SUN, _INK, _PLUM, _PAPER = "#ffc845", "#2a1a33", "#8a1c4a", "#fffdf8"
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif"
_MARGIN = 16
_TITLE_LETTERS = 30
"""How many letters of a bold title of 18 pixels fit a line, in the widest of the fonts above."""


def draw_badge(campaign: Campaign, progress: Progress) -> bytes:
    """Draw the badge of *campaign* as an SVG document in UTF-8."""
    came_in = _came_in(progress)
    badge = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "width": str(WIDTH),
            "height": str(HEIGHT),
            "role": "img",
            "aria-label": badge_text(campaign, progress),
            "font-family": _FONT,
            "fill": _INK,
        },
    )
    _box(badge, 0, 0, WIDTH, HEIGHT, _SUN, radius=10)
    _write(badge, 26, 13, "Sostieni #Oltreiperimetri", fill=_PLUM, weight="600")
    for y, line in zip((50, 72), _lines(campaign.title), strict=False):
        _write(badge, y, 18, line, weight="700")
    if progress.goal_cents:
        whole = WIDTH - 2 * _MARGIN
        _box(badge, _MARGIN, 84, whole, 10, _PAPER, radius=5)
        _box(badge, _MARGIN, 84, whole * progress.percent // 100, 10, _PLUM, radius=5)
    _write(badge, 112, 13, came_in, weight="600")
    _write(badge, 128, 11, _note(campaign, progress))
    svg: bytes = ElementTree.tostring(badge, encoding="utf-8", xml_declaration=True)
    return svg + b"\n"


def badge_text(campaign: Campaign, progress: Progress) -> str:
    """Say the badge in words, for those who do not see it."""
    return f"{campaign.title}. {_came_in(progress)}. {_note(campaign, progress)}"


def _came_in(progress: Progress) -> str:
    so_far = f"{euros(max(0, progress.confirmed_cents))} raccolti"
    return f"{so_far} su {euros(progress.goal_cents)}" if progress.goal_cents else so_far


def _note(campaign: Campaign, progress: Progress) -> str:
    if campaign.example or progress.is_test:
        return "Esempio: non raccoglie soldi veri"
    dated = f"al {italian_date(progress.as_of)}" if progress.as_of else "appena aperta"
    return dated if campaign.open else f"{dated} · campagna chiusa"


def _lines(title: str) -> list[str]:
    return textwrap.wrap(title, _TITLE_LETTERS, max_lines=2, placeholder=" …")


def _write(
    badge: Element, y: int, size: int, text: str, *, fill: str = _INK, weight: str = "400"
) -> None:
    place = {"x": str(_MARGIN), "y": str(y), "font-size": str(size), "fill": fill}
    SubElement(badge, "text", {**place, "font-weight": weight}).text = text


def _box(
    badge: Element, x: int, y: int, width: int, height: int, fill: str, *, radius: int
) -> None:
    place = {"x": str(x), "y": str(y), "width": str(width), "height": str(height)}
    SubElement(badge, "rect", {**place, "rx": str(radius), "fill": fill})
