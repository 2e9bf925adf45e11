"""The blocks of the map: for each town its name and, below, one mark per member.

Every town gets a rectangle big enough for its label and its marks. Rectangles
are laid down one after the other, each at the free spot nearest to its town, so
that nothing on the map can overlap, however many members a town has.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from portal.model.listing import Listing
from portal.writers.projection import Point

LABEL_SIZE = 28
"""The letter height, in drawing units, that the stylesheet may reach without overlaps."""
LETTER_WIDTH = 0.56 * LABEL_SIZE
SPACING = 40
RADIUS = 15

_LINE = LABEL_SIZE + 4
_PADDING = 6
_STEP = 6
_CLEAR = 8


@dataclass(frozen=True)
class Block:
    """A town's rectangle: where it is, and where its lines of text and its marks stand."""

    listing: Listing
    lines: tuple[str, ...]
    columns: int
    x: float
    y: float

    @property
    def width(self) -> float:
        """The widest of the lines and the rows of marks."""
        letters = max(len(line) for line in self.lines)
        return max(letters * LETTER_WIDTH, self.columns * SPACING) + 2 * _PADDING

    @property
    def height(self) -> float:
        """All lines and all rows of marks."""
        return len(self.lines) * _LINE + self._rows * SPACING + 2 * _PADDING

    @property
    def centre_x(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def baseline(self, line: int) -> float:
        """Where the letters of a line stand."""
        return self.y + _PADDING + line * _LINE + LABEL_SIZE

    def marks(self) -> Iterator[Point]:
        """The centre of each member's mark, row by row as one reads; a short last row is centred."""
        top = self.y + _PADDING + len(self.lines) * _LINE + SPACING / 2
        for row in range(self._rows):
            in_row = min(self.columns, len(self.listing.pages) - row * self.columns)
            left = self.centre_x - (in_row - 1) * SPACING / 2
            for column in range(in_row):
                yield left + column * SPACING, top + row * SPACING

    def moved(self, x: float, y: float) -> Block:
        """The same block with its upper left corner elsewhere."""
        return Block(self.listing, self.lines, self.columns, x, y)

    def overlaps(self, other: Block) -> bool:
        """Whether the two rectangles share any area."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.bottom
            and other.y < self.bottom
        )

    @property
    def _rows(self) -> int:
        return math.ceil(len(self.listing.pages) / self.columns)


def block_around(listing: Listing, lines: tuple[str, ...], centre: Point) -> Block:
    """The block of a town, wider than high as a map label is, with its middle in *centre*."""
    rows = max(1, round(math.sqrt(len(listing.pages) / 1.5)))
    columns = math.ceil(len(listing.pages) / rows)
    block = Block(listing, lines, columns, 0, 0)
    return block.moved(centre[0] - block.width / 2, centre[1] - block.height / 2)


def settle(blocks: list[Block], width: float) -> list[Block]:
    """The same blocks, in the same order, moved as little as possible so that none overlaps.

    The fullest towns stay where they are. Blocks stay clear of the upper edge
    and, unless one is wider than *width*, of the sides; downwards there is always room.
    """
    settled: dict[int, Block] = {}
    for index in sorted(range(len(blocks)), key=lambda index: -len(blocks[index].listing.pages)):
        block = blocks[index]
        most_x = max(width - _CLEAR - block.width, _CLEAR)
        start = min(max(block.x, _CLEAR), most_x), max(block.y, _CLEAR)
        settled[index] = next(
            moved
            for moved in (block.moved(*corner) for corner in _spots(start, most_x))
            if not any(moved.overlaps(other) for other in settled.values())
        )
    return [settled[index] for index in range(len(blocks))]


def _spots(start: Point, most_x: float) -> Iterator[Point]:
    """Corners ever farther from *start*, up and down before sideways, clear of the drawing's edges."""
    yield start
    for ring in count(1):
        reach = range(-ring, ring + 1)
        steps = [
            (right, down) for right in reach for down in reach if max(abs(right), abs(down)) == ring
        ]
        for right, down in sorted(
            steps, key=lambda step: (abs(step[0]) + abs(step[1]), abs(step[0]), step)
        ):
            x, y = start[0] + right * _STEP, start[1] + down * _STEP
            if _CLEAR <= x <= most_x and y >= _CLEAR:
                yield x, y
