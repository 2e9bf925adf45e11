"""A whole number as an editor may write it: digits, and nothing else."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

REFUSED = "refused"
"""The kind of a fault that says in Italian what is wrong with what was read, and how to write it."""

_DIGITS = re.compile(r"-?[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[.'’_\s][0-9]{3})+")
_SIGNS = {
    ".": "un punto", ",": "una virgola", "_": "un trattino basso", " ": "uno spazio", "'": "un apostrofo",
    "’": "un apostrofo", "+": "un più",
}  # fmt: skip


def refused(said: str, written: str | None = None) -> PydanticCustomError:
    """A fault of a value: what is *said* of it in Italian, and what should be *written* in its place."""
    return PydanticCustomError(REFUSED, "{said}", {"said": said, "written": written})


class _OnlyDigits:
    """Refuses what Python takes for a number and people mean otherwise: 20.000 would be twenty."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_digits, handler(source))


Number = Annotated[int, _OnlyDigits()]
"""A whole number. Where it may be missing its bounds go inside: `Annotated[int, Field(gt=0), ONLY_DIGITS] | None`."""

ONLY_DIGITS = _OnlyDigits()


def _digits(value: object) -> object:
    """*value*, unless it is a text with more in it than digits."""
    if not isinstance(value, str) or _DIGITS.fullmatch(value.strip()):
        return value
    sign = next((name for sign, name in _SIGNS.items() if sign in value), None)
    bare = re.sub(r"[^0-9]", "", value) if _GROUPED.fullmatch(value) else None
    if sign is None or re.search(r"[^0-9.,_'’+\s]", value):
        raise ValueError("no number")
    raise refused(f"ha {sign}. Scrivi solo cifre", bare)
