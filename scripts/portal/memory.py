"""What a running preview remembers of its last build: values, where the cache on disk holds bytes.

Each value is remembered by all that it was made from, so a build with a memory
gives the same bytes as one without; only the time is another.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

ValueType = TypeVar("ValueType")


class Recent(Generic[ValueType]):
    """Values by key; those that no build asks for any more are forgotten."""

    def __init__(self) -> None:
        self._now: dict[Hashable, ValueType] = {}
        self._before: dict[Hashable, ValueType] = {}

    def get(self, key: Hashable) -> ValueType | None:
        """The value that this build or the last one put under *key*, or nothing."""
        value = self._now.get(key)
        if value is None and (value := self._before.get(key)) is not None:
            self._now[key] = value
        return value

    def put(self, key: Hashable, value: ValueType) -> None:
        """Remember *value*."""
        self._now[key] = value

    def end_of_build(self) -> None:
        """Forget what this build neither put nor asked for. A build that fails forgets nothing."""
        self._before, self._now = self._now, {}


@dataclass(frozen=True)
class Memory:
    """One for all builds of a preview. A build on its own has none: it would only hold on to what is done with."""

    readings: Recent[Any] = field(default_factory=Recent)
    """Files of the content, by path: their text and what was read from it."""

    digests: Recent[tuple[object, str]] = field(default_factory=Recent)
    """Digests of values, by identity; each beside its value, so that no other gets that identity."""

    texts: Recent[dict[str, Any]] = field(default_factory=Recent)
    """What texts became as HTML, by digest of the text and its address."""

    questions: Recent[list[str]] = field(default_factory=Recent)
    """What each page asked of the rest of the site, by its address."""

    files: Recent[tuple[str, tuple[int, ...]]] = field(default_factory=Recent)
    """Files of the site, by path: what they were made from, and which file on the disk that is."""

    def end_of_build(self) -> None:
        """Forget what the build that ends had no use for."""
        for part in (self.readings, self.digests, self.texts, self.questions, self.files):
            part.end_of_build()
