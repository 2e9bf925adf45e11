"""The words of the page frame in one language: menu, notices, labels."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field

from portal.model.number import refused
from portal.model.page import Value

_TEXT = Field(min_length=1, description="Le parole in questa lingua.")
_MARK = re.compile(r"\{[^{}\s]*\}?|\}")


def _with(mark: str | None) -> Callable[[str], str]:
    """Refuses words in which *mark* is missing, or which hold what stands for nothing."""

    def checked(words: str) -> str:
        found = set(_MARK.findall(words))
        strange = next(iter(sorted(found - {mark})), None)
        if mark and mark not in found:
            instead = f"ha «{strange}» al posto di «{mark}»" if strange else f"non ha «{mark}»"
            raise refused(
                f"{instead}. Rimetti «{mark}», scritto così, dove va: lì il sito scrive il suo valore"
            )
        if strange:
            raise refused(f"ha «{strange}», che nella pagina resterebbe scritto così. Toglilo")
        return words

    return checked


Plain = Annotated[str, AfterValidator(_with(None))]
WithDate = Annotated[str, AfterValidator(_with("{date}"))]
WithYear = Annotated[str, AfterValidator(_with("{year}"))]
WithKilobytes = Annotated[str, AfterValidator(_with("{kilobytes}"))]


class Words(Value):
    """What a translated page says around its text.

    `{date}` and `{year}` stand for these in the same language, `{kilobytes}` for a number.
    """

    language_name: Plain = _TEXT
    skip: Plain = _TEXT
    menu: Plain = _TEXT
    menu_needs: Plain = _TEXT
    menu_places: Plain = _TEXT
    menu_donate: Plain = _TEXT
    menu_italian: Plain = _TEXT
    you_are_here: Plain = _TEXT
    home: Plain = _TEXT
    home_title: Plain = _TEXT
    search: Plain = _TEXT
    claim: Plain = _TEXT
    languages: Plain = _TEXT
    not_reviewed: Plain = _TEXT
    behind: Plain = _TEXT
    read_italian: Plain = _TEXT
    where_to_go: Plain = _TEXT
    who_can_help: Plain = _TEXT
    ask_town_hall: Plain = _TEXT
    address: Plain = _TEXT
    address_seen: WithDate = _TEXT
    address_seen_in: WithYear = _TEXT
    address_seen_about: WithYear = _TEXT
    address_unknown: Plain = _TEXT
    hours: Plain = _TEXT
    hours_unknown: Plain = _TEXT
    hours_unconfirmed: Plain = _TEXT
    unconfirmed: Plain = _TEXT
    related: Plain = _TEXT
    donate_intro: Plain = _TEXT
    donate_choose: Plain = _TEXT
    pages_in_italian: Plain = _TEXT
    leave_quickly: Plain = _TEXT
    leave_quickly_note: Plain = _TEXT
    leave_quickly_how: Plain = _TEXT
    help_title: Plain = _TEXT
    help_text: Plain = _TEXT
    help_places: Plain = _TEXT
    accessibility: Plain = _TEXT
    footer_note: Plain = _TEXT
    weight: WithKilobytes = _TEXT
    last_checked: WithDate = _TEXT
    scan: Plain = _TEXT
    newest_source: WithDate = _TEXT
    about_date: WithDate = _TEXT
