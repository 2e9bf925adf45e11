"""Consents: what a donor may agree to besides giving, in the words they were asked with.

Each question stands alone and starts unanswered. The answer is kept with the
version of the words and the moment, because who asks has to be able to show both.
Words once used stay here as they were: changing them is a new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Purpose(StrEnum):
    """What somebody may be written to for."""

    PROJECT_NEWS = "project_news"
    NEWSLETTER = "newsletter"


WORDINGS: Mapping[str, Mapping[Purpose, str]] = MappingProxyType(
    {
        "2026-11": {
            Purpose.PROJECT_NEWS: "Scrivetemi come va il progetto per cui dono",
            Purpose.NEWSLETTER: "Mandatemi la newsletter di #Oltreiperimetri",
        },
    }
)
"""The questions, by version of the form's text; the last version is the one in use."""

LATEST = list(WORDINGS)[-1]


def read_consents(ticked: Iterable[Purpose], wording: str) -> tuple[Purpose, ...]:
    """Keep the consents that can be proven.

    A form that does not say which words it showed, or shows words that are not
    ours, proves nothing.
    """
    return tuple(ticked) if wording in WORDINGS else ()
