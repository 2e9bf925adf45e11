"""The layout of the relation graph: what ties stands in the middle, the members on both sides.

Three columns of blocks of text, so that no label can lie on another, however
many there are. What is free is the order in each column. It is found by turns:
members go near the hubs they share, hubs near their members, a fixed number of
times, and the order with the shortest ties is kept. No chance is involved: the
same network gives the same drawing.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import mean

from portal.model.member import Member
from portal.writers.relations import Hub

LETTER_SIZE = 24
"""The letter height, in drawing units, that the stylesheet may reach without overlaps."""
LINE = LETTER_SIZE + 4
WIDTH = 1280
HUB_WIDTH = 310
MEMBER_WIDTH = 325
"""The room for a member's name, at the left and at the right edge."""

_LETTER_WIDTH = 0.56 * LETTER_SIZE
_PADDING = 10
_GAP = 16
_TURNS = 24


@dataclass(frozen=True)
class Block:
    """The lines of one label. *y* is its upper edge."""

    lines: tuple[str, ...]
    extra_lines: int = 0
    y: float = 0

    @property
    def height(self) -> float:
        return (len(self.lines) + self.extra_lines) * LINE + 2 * _PADDING

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def baseline(self, line: int) -> float:
        """Where the letters of a line stand."""
        return self.y + _PADDING + line * LINE + LETTER_SIZE


@dataclass(frozen=True)
class GraphLayout:
    """Where every hub and member stands, by URL and by slug; the left column holds *left*."""

    hubs: dict[str, Block]
    members: dict[str, Block]
    left: frozenset[str]
    height: float


def lay_out(hubs: Sequence[Hub]) -> GraphLayout:
    """Lay out *hubs* and their members."""
    hub_order = list(hubs)
    best: tuple[float, GraphLayout] | None = None
    for _ in range(_TURNS):
        members = _near_their_hubs(hub_order)
        layout = _columns(hub_order, members[0::2], members[1::2])
        length = _length_of_ties(layout, hubs)
        if best is None or length < best[0]:
            best = length, layout
        # Sorting is stable: hubs at the same height keep their order.
        hub_order.sort(key=lambda hub: _mean_middle(layout, hub))
    assert best is not None
    return best[1]


def _near_their_hubs(hub_order: Sequence[Hub]) -> list[Member]:
    """The members, from the one whose hubs stand highest on average to the lowest."""
    places: dict[str, list[int]] = {}
    members: dict[str, Member] = {}
    for number, hub in enumerate(hub_order):
        for member in hub.members:
            places.setdefault(member.slug, []).append(number)
            members[member.slug] = member
    return sorted(
        members.values(), key=lambda member: (mean(places[member.slug]), member.order, member.slug)
    )


def _columns(hubs: Sequence[Hub], left: Sequence[Member], right: Sequence[Member]) -> GraphLayout:
    hub_blocks = [Block(_lines(hub.title, HUB_WIDTH - 2 * _PADDING), extra_lines=1) for hub in hubs]
    columns = [hub_blocks, *([_member_block(member) for member in side] for side in (left, right))]
    height = max(_height(column) for column in columns)
    placed = [_stacked(column, height) for column in columns]
    return GraphLayout(
        hubs={hub.url: block for hub, block in zip(hubs, placed[0], strict=True)},
        members={
            member.slug: block
            for member, block in zip([*left, *right], placed[1] + placed[2], strict=True)
        },
        left=frozenset(member.slug for member in left),
        height=height,
    )


def _member_block(member: Member) -> Block:
    return Block(_lines(member.title, MEMBER_WIDTH))


def _lines(words: str, width: float) -> tuple[str, ...]:
    return tuple(textwrap.wrap(words, int(width / _LETTER_WIDTH)))


def _height(column: Iterable[Block]) -> float:
    return sum(block.height + _GAP for block in column) + _GAP


def _stacked(column: Sequence[Block], height: float) -> list[Block]:
    """The blocks one below the other, spread over the whole *height*."""
    gap = _GAP + (height - _height(column)) / (len(column) + 1)
    y, stacked = 0.0, []
    for block in column:
        y += gap
        stacked.append(replace(block, y=y))
        y += block.height
    return stacked


def _mean_middle(layout: GraphLayout, hub: Hub) -> float:
    return mean(layout.members[member.slug].middle for member in hub.members)


def _length_of_ties(layout: GraphLayout, hubs: Iterable[Hub]) -> float:
    """How far up or down all ties go, together."""
    return sum(
        abs(layout.hubs[hub.url].middle - layout.members[member.slug].middle)
        for hub in hubs
        for member in hub.members
    )
