"""The lists the comms team keeps in `content/_redazione/`: words to avoid, acronyms, public contacts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from pydantic import Field, ValidationError

from portal.editorial.articles import ANY_ARTICLE, split_article, with_article
from portal.model.page import Value, YesNo
from portal.readers.document import Document, read_data_text
from portal.readers.explanation import explain
from portal.readers.problem import Problem

JARGON_FILE = "_redazione/parole-difficili.yml"
RESPECT_FILE = "_redazione/parole-rispettose.yml"
ACRONYMS_FILE = "_redazione/sigle.yml"
CONTACTS_FILE = "_redazione/contatti-pubblici.yml"

_LETTERS = re.compile(r"[^\W\d_]+\*?")
_ARTICLE_BEFORE = re.compile(rf"(?<![\w'’])(?:{ANY_ARTICLE})\Z", re.IGNORECASE)
_FIRST_LETTERS = 4


class Term(Value):
    """Words to avoid, in all their *forms*, and what to say in their place.

    An asterisk at the end of a word stands for any ending. A form that begins
    with an article is met only behind an article, whichever it is.
    """

    plain: str = Field(min_length=2, description="Come dirlo.", examples=["le persone"])
    forms: tuple[str, ...] = Field(
        min_length=1,
        description="Le parole da evitare; * sta per qualunque finale.",
        examples=[["utenza", "gli utenti"]],
    )
    why: str = Field(default="", description="Perché, se non è chiaro da sé.")
    example: str = Field(
        default="", description="Una frase scritta bene.", examples=["Aiutiamo le persone."]
    )


class Acronym(Value):
    """An acronym and what its letters stand for. One that everybody *knows* needs no explaining."""

    letters: str = Field(min_length=2, description="La sigla.", examples=["ISEE"])
    means: str = Field(
        min_length=3, description="Che cosa vuol dire.", examples=["un conto di redditi e beni"]
    )
    known: YesNo = Field(default=False, description="«sì» se la conoscono tutti.", examples=["no"])


class Contact(Value):
    """An address, a number or a code that is public and may be printed."""

    contact: str = Field(min_length=5, description="Come si scrive.", examples=["02 1234567"])
    whose: str = Field(min_length=2, description="Di chi è.", examples=["Comune di Rho"])


@dataclass(frozen=True)
class Use:
    """One use of a term: where it is in the text, and the *words* that mend it where they can be told."""

    term: Term
    start: int
    end: int
    words: str | None


@dataclass(frozen=True)
class WordList:
    """Terms to avoid, ready to be looked for."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def _forms(self) -> tuple[_Form, ...]:
        return tuple(_Form.of(term, form) for term in self.terms for form in term.forms)

    @cached_property
    def _by_word(self) -> tuple[dict[str, list[_Form]], dict[str, list[_Form]]]:
        """The forms by their telling word: whole ones, and the first letters of those with an asterisk."""
        whole: dict[str, list[_Form]] = {}
        begun: dict[str, list[_Form]] = {}
        for form in self._forms:
            stem = form.telling_word.rstrip("*")
            if stem == form.telling_word:
                whole.setdefault(stem, []).append(form)
            else:
                begun.setdefault(stem[:_FIRST_LETTERS], []).append(form)
        return whole, begun

    def candidates(self, words: Set[str]) -> list[_Form]:
        """The forms whose telling word is among *words*: the only ones worth looking for."""
        whole, begun = self._by_word
        found = [form for word in words & whole.keys() for form in whole[word]]
        beginnings = {word[:_FIRST_LETTERS] for word in words}
        found += [form for word in beginnings & begun.keys() for form in begun[word]]
        return sorted(found, key=lambda form: form.words)

    def uses(self, candidates: Iterable[_Form], text: str) -> Iterator[Use]:
        """Every use in *text* of one of *candidates*."""
        lowered = text.lower()
        for form in candidates:
            if form.telling_word.rstrip("*") not in lowered:
                continue
            for match in form.pattern.finditer(text):
                article = _ARTICLE_BEFORE.search(text, max(0, match.start() - 7), match.start())
                if article is None and form.wants_article:
                    continue
                start = article.start() if article else match.start()
                said = text[start : match.end()]
                words = None
                if "*" not in form.words:
                    words = with_article(article[0] if article else "", form.term.plain)
                    words = words[:1].upper() + words[1:] if said[:1].isupper() else words
                yield Use(form.term, start, match.end(), words)


@dataclass(frozen=True)
class _Form:
    """One form of a term, and what finds it. Its *telling word* is the longest: the least common."""

    term: Term
    words: str
    wants_article: bool
    telling_word: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, term: Term, form: str) -> _Form:
        article, rest = split_article(form)
        found = _LETTERS.findall(rest.lower()) or [rest.lower()]
        parts = [
            re.escape(word).replace(r"\*", r"\w{0,12}").replace("'", "['’]")
            for word in rest.split()
        ]
        pattern = re.compile(r"(?<![\w-])" + r"\s+".join(parts) + r"(?![\w-])", re.IGNORECASE)
        return cls(term, form, bool(article), max(found, key=len), pattern)


@dataclass(frozen=True)
class Lexicon:
    """All the lists. Without its file a list is empty, and its rule silent."""

    jargon: WordList = WordList()
    respect: WordList = WordList()
    acronyms: dict[str, Acronym] = field(default_factory=dict)
    contacts: frozenset[str] = frozenset()


_ValueType = TypeVar("_ValueType", bound=Value)


def read_lexicon(text_of: Callable[[str], str | None]) -> tuple[Lexicon, list[Problem]]:
    """Read the lists. *text_of* gives the text of a file by its path, or nothing where there is none."""
    problems: list[Problem] = []

    def read(path: str, value_type: type[_ValueType]) -> tuple[_ValueType, ...]:
        text = text_of(path)
        if text is None:
            return ()
        document = read_data_text(path, text)
        if isinstance(document, Problem):
            problems.append(document)
            return ()
        return tuple(_values(document, value_type, problems))

    lexicon = Lexicon(
        WordList(read(JARGON_FILE, Term)),
        WordList(read(RESPECT_FILE, Term)),
        {acronym.letters: acronym for acronym in read(ACRONYMS_FILE, Acronym)},
        frozenset(bare_contact(contact.contact) for contact in read(CONTACTS_FILE, Contact)),
    )
    return lexicon, problems


def bare_contact(contact: str) -> str:
    """A contact without what changes from hand to hand: spaces, dots, hyphens, capitals, the +39."""
    bare = re.sub(r"[\s./-]", "", contact).lower() if "@" not in contact else contact.lower()
    return bare.removeprefix("+39").removeprefix("0039") if "@" not in bare else bare


def _values(
    document: Document, value_type: type[_ValueType], problems: list[Problem]
) -> Iterator[_ValueType]:
    if not isinstance(document.data, list):
        if document.data is not None:
            fault = "il file deve essere un elenco: ogni voce comincia con un trattino."
            problems.append(Problem(document.path, 1, fault))
        return
    for number, item in enumerate(document.data):
        try:
            yield value_type.model_validate(item)
        except ValidationError as error:
            problems.extend(explain(error, document, value_type, (number,)))
