"""A check: all that was found in one reading of the content."""

from __future__ import annotations

from dataclasses import dataclass

from portal.editorial.finding import Finding
from portal.readers.problem import Problem


@dataclass(frozen=True)
class Check:
    """What came of one check. Only *problems* keep the site from being published.

    *draft_problems* are those of pages that nobody is to see yet.
    """

    pages_read: int
    problems: tuple[Problem, ...] = ()
    draft_problems: tuple[Problem, ...] = ()
    advice: tuple[Finding, ...] = ()
