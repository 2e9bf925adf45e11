"""Dates as sources give them: a day, a month, a year, about a year, or none."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache, total_ordering
from typing import Any

from babel.dates import format_date, format_skeleton
from pydantic import GetCoreSchemaHandler
from pydantic_core import core_schema

UNDATED = "s.d."
FIRST_YEAR = 1900
"""Nothing we tell of was before: an earlier year is a slip of the keyboard."""
TIME_OF_DAY = r"^([01]\d|2[0-3]):[0-5]\d$"
"""How an hour is written: `09:30`."""
LATEST_NIGHT = "05:00"
"""Until when what ends before it began, on one day, has gone on over midnight. Later, it is a slip."""
WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
    "ottobre", "novembre", "dicembre",
)  # fmt: skip
"""As Italians write them, in order."""
MONTH_AND_YEAR = "yMMMM"
_FIRST_DAY = re.compile(r"\b1 (?=[a-z])")
_SHAPE = re.compile(r"(?P<about>~)?(?P<year>\d{4})(?:-(?P<month>\d{2}))?(?:-(?P<day>\d{2}))?")


@lru_cache(maxsize=4096)
def in_words(day: date, form: str, language: str) -> str:
    """The date in the words of *language* (BCP 47); *form* is a length, a pattern or a skeleton of Unicode's.

    Lists, shelves and feeds say the same dates over and over.
    """
    if language == "uk":
        # Without «р.» after the year: it ends in a full stop, and sentences have their own.
        form = {"long": "d MMMM y", MONTH_AND_YEAR: "LLLL y"}.get(form, form)
    if form == MONTH_AND_YEAR:
        return format_skeleton(form, day, locale=language)
    if language == "en":
        language = "en_GB"  # the spelling of our English pages
    words = format_date(day, form, locale=language)
    # Italians write the first of a month as an ordinal, and Unicode's data do not know.
    return _FIRST_DAY.sub("1° ", words) if language == "it" else words


@total_ordering
class SourceDate:
    """A date as exact as its source: `2017-12-01`, `2019-10`, `2023`, `~2015` or `s.d.`."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        if self.text == UNDATED:
            self.year = self.month = self.day = None
            self.is_about = False
            return
        match = _SHAPE.fullmatch(self.text)
        if not match:
            raise ValueError(f"not a source date: {text!r}")
        self.is_about = bool(match["about"])
        self.year = int(match["year"])
        self.month = int(match["month"]) if match["month"] else None
        self.day = int(match["day"]) if match["day"] else None
        date(self.year, self.month or 1, self.day or 1)

    @property
    def in_italian(self) -> str:
        """The date in words: «1° dicembre 2017», «ottobre 2019», «circa 2015», «senza data»."""
        if self.year is None:
            return "senza data"
        words = self.said_in("it")
        return f"circa {words}" if self.is_about else words

    def said_in(self, language: str) -> str:
        """The date in the words of *language* (BCP 47), as exact as it is; empty where there is none."""
        if self.year is None:
            return ""
        if self.month is None:
            return str(self.year)
        day = date(self.year, self.month, self.day or 1)
        return in_words(day, "long" if self.day else MONTH_AND_YEAR, language)

    @property
    def iso(self) -> str | None:
        """The value for a `<time datetime>`, or nothing where there is no date."""
        return None if self.year is None else self.text.removeprefix("~")

    def _order(self) -> tuple[int, int, int]:
        return (self.year or 0, self.month or 0, self.day or 0)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SourceDate) and self.text == other.text

    def __lt__(self, other: SourceDate) -> bool:
        return (self._order(), self.text) < (other._order(), other.text)

    def __hash__(self) -> int:
        return hash(self.text)

    def __str__(self) -> str:
        return self.in_italian

    def __repr__(self) -> str:
        return f"SourceDate({self.text!r})"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls(str(value)),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: value.text
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, str]:
        return {"type": "string", "pattern": rf"^(~?\d{{4}}(-\d{{2}}){{0,2}}|{UNDATED})$"}
