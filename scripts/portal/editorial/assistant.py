"""The assistant: every rule, in one list, and what they say of one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.editorial import (
    deadlines,
    facts,
    outside,
    personal_data,
    readability,
    slips,
    structure,
    wording,
)
from portal.editorial.desk import Desk
from portal.editorial.finding import Finding, Rule
from portal.editorial.manuscript import Manuscript

RULES: tuple[Rule, ...] = (
    *personal_data.RULES,
    *deadlines.RULES,
    *wording.RULES,
    *structure.RULES,
    *slips.RULES,
    *facts.RULES,
    *readability.RULES,
    *outside.RULES,
)
"""Every rule. To add one: a function in the file of its family, its reason and source, and its place here."""

RULES_BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}


def advice_on(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    """What every rule says of *page*, leaving out what its editors have already judged and accepted."""
    accepted = _accepted(page)
    for rule in RULES:
        for finding in rule.find(page, desk):
            said = finding.quote.lower()
            if not any(words in said for words in accepted):
                yield finding


def _accepted(page: Manuscript) -> list[str]:
    """The words of the front matter's `accepted`, in lower case."""
    listed = page.data.get("accepted")
    return [
        words.lower() for words in listed if isinstance(words, str) and words
    ] if isinstance(listed, list) else []  # fmt: skip
