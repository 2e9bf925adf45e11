"""Tables for a spreadsheet: UTF-8 with a byte order mark, semicolons, amounts with a comma.

So a double click opens them in an Italian spreadsheet with nothing to set.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cents:
    """An amount, so that a minus sign of ours is not taken for a formula of somebody else's."""

    cents: int

    def __str__(self) -> str:
        sign = "-" if self.cents < 0 else ""
        euros, rest = divmod(abs(self.cents), 100)
        return f"{sign}{euros},{rest:02}"


Cell = str | int | Cents | None


def write_table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        # A donor may call themselves «=HYPERLINK(…)»; a spreadsheet would run it.
        return f"'{cell}" if cell.startswith(_DANGEROUS) else cell
    return str(cell)
