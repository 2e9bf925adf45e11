"""The totals document, as the giving publishes it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from portal.model.totals import Totals
from portal.readers.problem import Problem


def read_totals(file: Path | None) -> tuple[Totals | None, list[Problem]]:
    """Read `totals.json`. No file is no totals; a broken one is a problem, never a zero."""
    if file is None or not file.exists():
        return None, []
    try:
        return Totals.model_validate_json(file.read_bytes()), []
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "il documento"
        return None, [
            Problem(
                file.name,
                1,
                f"i totali delle donazioni non si leggono ({where}: {first['msg']}). Scaricali di nuovo.",
            )
        ]
