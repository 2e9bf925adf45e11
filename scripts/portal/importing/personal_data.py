"""Addresses and numbers of people that a text gives away: a person must decide whether they stay."""

from __future__ import annotations

import re

from portal.editorial.personal_data import MAIL

_PHONE = re.compile(
    r"(?<![\w/.,€-])(?:(?:\+|00)39[ .]?)?(?:3\d{2}|0\d{1,3})[ ./-]?\d{2,4}(?:[ .-]?\d{2,4}){1,3}(?![\w/]|[.,]\d)"
)
_FEWEST_DIGITS, _MOST_DIGITS = 8, 14


def personal_data(text: str) -> tuple[str, ...]:
    """Every e-mail address and Italian telephone number in *text*, in order, once each."""
    found = [match[0] for match in MAIL.finditer(text)]
    for match in _PHONE.finditer(text):
        digits = sum(character.isdigit() for character in match[0])
        if _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
            found.append(match[0].strip())
    return tuple(dict.fromkeys(found))
