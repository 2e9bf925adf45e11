"""The words of the page frame in one language: menu, notices, labels."""

from __future__ import annotations

from pydantic import Field

from portal.model.page import Value

_TEXT = Field(min_length=1, description="Le parole in questa lingua.")


class Words(Value):
    """What a translated page says around its text.

    `{date}` and `{year}` stand for these in the same language, `{kilobytes}` for a number.
    """

    language_name: str = _TEXT
    skip: str = _TEXT
    menu: str = _TEXT
    menu_needs: str = _TEXT
    menu_places: str = _TEXT
    menu_donate: str = _TEXT
    menu_italian: str = _TEXT
    you_are_here: str = _TEXT
    home: str = _TEXT
    home_title: str = _TEXT
    search: str = _TEXT
    claim: str = _TEXT
    languages: str = _TEXT
    not_reviewed: str = _TEXT
    behind: str = _TEXT
    read_italian: str = _TEXT
    where_to_go: str = _TEXT
    who_can_help: str = _TEXT
    ask_town_hall: str = _TEXT
    address: str = _TEXT
    address_seen: str = _TEXT
    address_seen_in: str = _TEXT
    address_seen_about: str = _TEXT
    address_unknown: str = _TEXT
    hours: str = _TEXT
    hours_unknown: str = _TEXT
    hours_unconfirmed: str = _TEXT
    unconfirmed: str = _TEXT
    related: str = _TEXT
    donate_intro: str = _TEXT
    donate_choose: str = _TEXT
    pages_in_italian: str = _TEXT
    leave_quickly: str = _TEXT
    leave_quickly_note: str = _TEXT
    leave_quickly_how: str = _TEXT
    help_title: str = _TEXT
    help_text: str = _TEXT
    help_places: str = _TEXT
    accessibility: str = _TEXT
    footer_note: str = _TEXT
    weight: str = _TEXT
    last_checked: str = _TEXT
    scan: str = _TEXT
    newest_source: str = _TEXT
    about_date: str = _TEXT
