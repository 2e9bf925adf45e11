"""What a page asks of the rest of the site, noted while it is made.

A template reaches other pages only through `site`. Here `site` is a witness: it
passes each question on (an attribute, or a method and what it was given), notes
it, and a digest of the answer. A page made from the same answers is the same
page; so whether an old one still holds is found out by asking again, and no list
of what depends on what has to be kept by hand.
"""

from __future__ import annotations

import enum
import importlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from portal.cache import Shelf
from portal.digests import Digests, Undigestible, digest_of_text
from portal.model.network import Network
from portal.model.site import Site

_NO_ANSWER = (LookupError, AttributeError, TypeError, ValueError, StopIteration)
"""What a question raises that made sense once: the page it was about is gone."""

_PLAIN = (str, int)


class Questions:
    """The questions asked in one build, and the digests of their answers.

    *pages* are all pages by address: a question about a page names it so, and can
    be asked again in another build. On the shelf *kept* are the answers that the
    same site gave an earlier build: what pages are about is rarely what changes.
    """

    def __init__(self, site: Site, pages: Mapping[str, Any], kept: Shelf, digests: Digests) -> None:
        self.digests = digests
        self._pages = pages
        self._kept = kept
        self._roots: dict[str, Any] = {}
        self._put_before: dict[tuple[str, tuple[Any, ...] | None], str] = {}
        self._from_site = {"site"}
        self._same_site = self.digests.of(site)
        self._known: dict[str, str | None] = json.loads(kept.take(self._same_site) or b"{}")
        self._answers = dict(self._known)
        self._heard: dict[str, None] | None = None
        self._common: dict[str, None] = {}
        self.site: Any = self.witness("site", site)

    def witness(self, name: str, target: Any) -> Any:
        """*target*, with every question put to it noted under *name*."""
        self._roots[name] = target
        return Witness(self, name, target)

    def function(self, name: str, answer: Callable[..., Any]) -> Callable[..., Any]:
        """*answer* as one question: pages depend on what it returns, not on all it looked at.

        What it answers follows from the site and its arguments alone. It may compute
        its answer once for all pages. Given what cannot be told in another build it
        is no question: what it asks itself is noted instead.
        """

        def unheard(*arguments: Any) -> Any:
            heard, self._heard = self._heard, None
            try:
                return answer(*arguments)
            finally:
                self._heard = heard

        def ask(*arguments: Any) -> Any:
            if any(not self._can_tell(each) for each in arguments):
                return answer(*arguments)
            return noted(*arguments)

        self._roots[name] = unheard
        self._from_site.add(name)
        noted = self._noted(name, unheard)
        return ask

    def given(self, name: str, value: Any) -> Any:
        """*value* as templates get it under *name*: a function is a question, data counts for every page."""
        if isinstance(value, Witness):
            return value
        if callable(value):
            return self.function(name, value)
        self._roots[name] = value
        self.note(name, None, value)
        return value

    def listen(self) -> None:
        """Begin to note what is asked."""
        self._heard = dict(self._common)

    def heard(self) -> list[str] | None:
        """What was asked since `listen`. Nothing where a question could not be asked again."""
        heard, self._heard = self._heard or {}, None
        answered = all(self._answers.get(question) for question in heard)
        return list(heard) if answered else None

    def overhear(self, make: Callable[[], str]) -> tuple[str, dict[str, None]]:
        """What *make* makes, and what it asked, which whoever uses it must `hear`."""
        heard, self._heard = self._heard, {}
        try:
            return make(), self._heard
        finally:
            self._heard = heard

    def hear(self, asked: Mapping[str, None]) -> None:
        """Note what was asked while something was made that is used again."""
        if self._heard is not None:
            self._heard.update(asked)

    def heard_by_all(self) -> None:
        """What was asked since `listen` went into what every page is given: each depends on it."""
        self._common, self._heard = self._heard or {}, None

    def answers(self, questions: Iterable[str]) -> str | None:
        """One digest for the answers to *questions*, as they are now; nothing where one has none."""
        digests = []
        for question in questions:
            if question not in self._answers:
                self._answers[question] = self._asked_again(question)
            digest = self._answers[question]
            if digest is None:
                return None
            digests.append(digest)
        return digest_of_text(" ".join(digests))

    def keep_answers(self) -> None:
        """Keep what follows from the site alone, for builds of the same site."""
        new = {
            question: answer
            for question, answer in self._answers.items()
            if question not in self._known
            and json.loads(question)[0].partition(".")[0] in self._from_site
        }
        if new:
            self._kept.put(self._same_site, json.dumps(self._known | new).encode())

    def note(self, name: str, arguments: tuple[Any, ...] | None, answer: Any) -> None:
        """Note that *name* was asked, with *arguments* where it is a method, and what came back."""
        if self._heard is None:
            return
        try:
            question = self._put(name, arguments)
            if question not in self._answers:
                self._answers[question] = self.digests.of(answer)
        except Undigestible:
            question = json.dumps([name])
            self._answers[question] = None
        self._heard[question] = None

    def _put(self, name: str, arguments: tuple[Any, ...] | None) -> str:
        """The question as text. What is asked of a name or a number is put once."""
        is_plain = arguments is None or all(type(each) in _PLAIN for each in arguments)
        if is_plain and (question := self._put_before.get((name, arguments))):
            return question
        told = None if arguments is None else [self._told(each) for each in arguments]
        question = json.dumps([name, told], ensure_ascii=False)
        if is_plain:
            self._put_before[name, arguments] = question
        return question

    def _noted(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*arguments: Any) -> Any:
            answer = method(*arguments)
            self.note(name, arguments, answer)
            return answer

        return ask

    def _told(self, argument: Any) -> Any:
        """*argument* in words that find it again: plain values as they are, a page by its address."""
        if isinstance(argument, enum.Enum):
            kind = type(argument)
            return {"of": [kind.__module__, kind.__qualname__], "value": argument.value}
        if argument is None or isinstance(argument, str | int | float):
            return argument
        url = getattr(argument, "url", None)
        if url is not None and self._pages.get(url) is argument:
            return {"page": url}
        raise Undigestible(f"a question about {argument!r} cannot be asked again"[:200])

    def _can_tell(self, argument: Any) -> bool:
        try:
            self._told(argument)
        except Undigestible:
            return False
        return True

    def _meant(self, told: Any) -> Any:
        if not isinstance(told, dict):
            return told
        if "page" in told:
            return self._pages[told["page"]]
        module, kind = told["of"]
        return getattr(importlib.import_module(module), kind)(told["value"])

    def _asked_again(self, question: str) -> str | None:
        name, told = json.loads(question)
        root, *steps = name.split(".")
        try:
            answer = self._roots[root]
            for step in steps:
                answer = getattr(answer, step)
            if told is not None:
                answer = answer(*map(self._meant, told))
            return self.digests.of(answer)
        except _NO_ANSWER:
            return None


class Witness:
    """The site, or a part of it, that notes what it is asked. It answers as the real one does."""

    def __init__(self, questions: Questions, name: str, target: Any) -> None:
        self._questions = questions
        self._name = name
        self._target = target

    def __getattr__(self, name: str) -> Any:
        answer = getattr(self._target, name)
        asked = f"{self._name}.{name}"
        if isinstance(answer, Network):
            answer = Witness(self._questions, asked, answer)
        elif callable(answer):
            answer = self._questions._noted(asked, answer)
        else:
            self._questions.note(asked, None, answer)
            return answer
        # Found without asking the next time: neither is an answer of its own.
        self.__dict__[name] = answer
        return answer

    def __getitem__(self, key: Any) -> Any:
        return self._questions._noted(f"{self._name}.__getitem__", self._target.__getitem__)(key)

    def __contains__(self, key: Any) -> bool:
        ask = self._questions._noted(f"{self._name}.__contains__", self._target.__contains__)
        return bool(ask(key))

    def __len__(self) -> int:
        return int(self._questions._noted(f"{self._name}.__len__", self._target.__len__)())
