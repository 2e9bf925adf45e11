"""Pages for people: Jinja2 with autoescape, imported when the first page is asked for."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fundraising.clock import italian_day, italian_time
from fundraising.frequency_words import gift_in_words, how_often
from fundraising.money import format_cents, plain_euros
from fundraising.receipts import amount_in_words, date_in_words

TEMPLATES = Path(__file__).parent / "templates"


def render(name: str, **values: Any) -> str:
    """Write a page."""
    return _environment().get_template(name).render(**values)


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["euros"] = format_cents
    environment.filters["plain_euros"] = plain_euros
    environment.filters["moment"] = _moment
    environment.filters["in_words"] = amount_in_words
    environment.filters["day"] = date_in_words
    environment.filters["iso_day"] = _iso_day
    environment.filters["gift_in_words"] = gift_in_words
    environment.filters["how_often"] = how_often
    return environment


def _iso_day(text: str) -> str:
    return date_in_words(italian_day(datetime.fromisoformat(text)))


def _moment(moment: datetime) -> str:
    return italian_time(moment).strftime("%d/%m/%Y, %H:%M")
