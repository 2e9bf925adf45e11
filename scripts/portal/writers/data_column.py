"""A column of open data: a field, and how to read its value from what a row is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.writers.absolute_links import absolute_url
from portal.writers.data_field import LIST_DELIMITER, DataField

Column = tuple[DataField, Callable[[Any], Any]]
Constraints = dict[str, Any]


def text(
    name: str,
    description: str,
    read: Callable[[Any], str | None],
    constraints: Constraints | None = None,
) -> Column:
    """A column of words, codes or dates as exact as their source."""
    return DataField(name, "string", description, constraints=constraints or {}), read


def texts(name: str, description: str, read: Callable[[Any], list[str]]) -> Column:
    """A column of lists."""
    return DataField(name, "list", description), read


def number(name: str, description: str, read: Callable[[Any], float | None]) -> Column:
    """A column of numbers with a fraction."""
    return DataField(name, "number", description), read


def whole_number(name: str, description: str, read: Callable[[Any], int]) -> Column:
    """A column of counts: always there, never below zero."""
    return DataField(
        name, "integer", description, constraints={"required": True, "minimum": 0}
    ), read


def signed_number(name: str, description: str, read: Callable[[Any], int | None]) -> Column:
    """A column of whole numbers, empty where there is none; a correction may bring one below zero."""
    return DataField(name, "integer", description), read


def yes_or_no(name: str, description: str, read: Callable[[Any], bool]) -> Column:
    """A column of answers, always there."""
    return DataField(name, "boolean", description, constraints={"required": True}), read


def address(name: str, description: str, read: Callable[[Any], str | None]) -> Column:
    """A column of web addresses."""
    return DataField(name, "string", description, format="uri"), read


def source_addresses() -> Column:
    """The sources that are online. What separates a list may not stand in an address (RFC 3986): it is encoded."""
    return texts(
        "fonti",
        "Gli indirizzi delle fonti che sono in rete; quelle su carta stanno sulla pagina.",
        lambda item: [s.url.replace(LIST_DELIMITER, "%7C") for s in item.sources if s.url],
    )


def page_address(site_url: str) -> Column:
    """The page of the row on the site."""
    return address(
        "pagina", "La sua pagina sul sito.", lambda item: absolute_url(site_url, item.url)
    )
