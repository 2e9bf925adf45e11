"""A file of open data that is no table: what is in it, and each of its keys.

A key is named by the way to it, `legami[].una`: of each item of `legami`, its `una`.
The page for people and the document for programs both say what stands here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.writers.data_field import DataField


@dataclass(frozen=True)
class DataFile:
    """A file the rows of a table are in, besides its CSV. Its address is from the site's root.

    *rows_at* is the way to the keys of a row, which are the fields of the table but for *left_out*;
    *fields* are the keys that no table has.
    """

    url: str
    description: str
    rows_at: str
    fields: tuple[DataField, ...]
    left_out: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    def every_field(self, of_table: Iterable[DataField]) -> tuple[DataField, ...]:
        """Each key of the file. What is a cell with several items in the CSV is an array here."""
        of_rows = (
            replace(
                field,
                name=f"{self.rows_at}.{field.name}",
                type="array" if field.type == "list" else field.type,
            )
            for field in of_table
            if field.name not in self.left_out
        )
        return *self.fields, *of_rows
