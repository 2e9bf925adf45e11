"""A table of open data: what its fields mean, and its rows; and how it is written as CSV.

In CSV a list is one cell with «|» between its items: a comma separates fields,
and a spreadsheet set to Italian would split the cell at a semicolon.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from portal.model.source import Source
from portal.writers.data_field import LIST_DELIMITER, DataField
from portal.writers.data_file import DataFile

YES, NO = "sì", "no"


@dataclass(frozen=True)
class DataTable:
    """A table, as it is explained to people and written for programs. File addresses are from the site's root."""

    name: str
    title: str
    description: str
    primary_key: tuple[str, ...]
    fields: tuple[DataField, ...]
    rows: tuple[dict[str, Any], ...]
    sources: tuple[Source, ...]
    more_files: tuple[DataFile, ...] = ()

    @property
    def csv_url(self) -> str:
        return f"dati/{self.name}.csv"

    @property
    def files(self) -> tuple[str, ...]:
        """Every file the table is in, CSV first."""
        return self.csv_url, *(file.url for file in self.more_files)

    def as_csv(self) -> bytes:
        """The table as CSV (RFC 4180): UTF-8, commas, CR LF, the names of the fields in the first row."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(column.name for column in self.fields)
        for row in self.rows:
            writer.writerow(_cell(row[column.name]) for column in self.fields)
        return text.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return LIST_DELIMITER.join(value)
    return str(value)
