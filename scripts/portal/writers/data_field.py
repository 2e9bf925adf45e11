"""A field of open data: a column of a table, or a key of a file.

Types are those of Table Schema (https://datapackage.org/standard/table-schema/).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LIST_DELIMITER = "|"
"""Between the items of a list in a cell of CSV."""

_TYPE_LABELS = {
    "string": "testo",
    "integer": "numero intero",
    "number": "numero",
    "boolean": "sì o no",
    "list": f"elenco; nel CSV con {LIST_DELIMITER} fra una voce e l'altra",
    "array": "elenco",
    "object": "gruppo",
}


@dataclass(frozen=True)
class DataField:
    """Its name, its type, what it says. *constraints* are those of Table Schema."""

    name: str
    type: str
    description: str
    format: str = "default"
    constraints: dict[str, Any] = field(default_factory=dict)

    @property
    def type_label(self) -> str:
        """The type in words for readers."""
        return "indirizzo web" if self.format == "uri" else _TYPE_LABELS[self.type]
