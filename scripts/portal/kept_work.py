"""Work an earlier build did, taken again when all it was made from is the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping

from portal.cache import Shelf
from portal.digests import digest_of_text
from portal.memory import Recent
from portal.questions import Questions


class KeptWork:
    """Pages and other outputs of earlier builds, each beside the questions it asked.

    The shelf's name stands for all that any of them is made from: code, templates,
    settings, versions. What one of them is made from besides the answers to its
    questions is its *own* digest. What they asked may be *remembered* between builds.
    """

    def __init__(
        self, shelf: Shelf, questions: Questions, remembered: Recent[list[str]] | None = None
    ) -> None:
        self._shelf = shelf
        self._questions = questions
        self._remembered = remembered
        self.taken = 0
        self.made = 0

    def made_from(self, name: str, own: str = "") -> str | None:
        """One digest for all that *name* is made from, if what it asks is remembered."""
        asked = self._remembered.get(name) if self._remembered is not None else None
        answers = self._questions.answers(asked) if asked is not None else None
        return answers and digest_of_text(f"{self._shelf.name} {own} {answers}")

    def take(self, name: str, own: str = "") -> dict[str, bytes] | None:
        """What was made under *name*, by path, where making it again would give the same."""
        kept = self._shelf.take(name)
        if kept is None:
            return None
        head, _, content = kept.partition(b"\n")
        its_own, questions, answers, sizes = json.loads(head)
        if its_own != own or answers != self._questions.answers(questions):
            return None
        self.taken += 1
        if self._remembered is not None:
            # Most pages ask the same: each question is held once.
            self._remembered.put(name, [sys.intern(question) for question in questions])
        parts, start = {}, 0
        for path, size in sizes:
            parts[path] = content[start : start + size]
            start += size
        return parts

    def begin(self) -> None:
        """Note what is asked from here on."""
        self._questions.listen()

    def finish(self, name: str, parts: Mapping[str, bytes], own: str = "") -> None:
        """Keep *parts*, made since `begin`. A question that cannot be asked again keeps them out."""
        self.made += 1
        questions = self._questions.heard()
        if questions is None:
            return
        sizes = [(path, len(part)) for path, part in parts.items()]
        head = json.dumps([own, questions, self._questions.answers(questions), sizes])
        self._shelf.put(name, b"\n".join([head.encode(), b"".join(parts.values())]))

    def made_or_taken(self, name: str, make: Callable[[], dict[str, bytes]]) -> dict[str, bytes]:
        """What *make* makes, asking only witnesses; made only where an answer has changed."""
        parts = self.take(name)
        if parts is None:
            self.begin()
            parts = make()
            self.finish(name, parts)
        return parts
