"""What only one may have: an address, a code, a place in a list."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

Claim = TypeVar("Claim", bound=Hashable)


def claimed_twice(claims: Iterable[tuple[str, Claim]]) -> Iterator[tuple[str, str, Claim]]:
    """Each path that claims what another has already, with the path that had it first. *claims* are made in turn."""
    owners: dict[Claim, str] = {}
    for path, claim in claims:
        first = owners.setdefault(claim, path)
        if first != path:
            yield path, first, claim
