"""Pages and desks for the tests of the editorial assistant: the plain case, to change where the test is about it."""

import datetime

from portal.editorial.assistant import advice_on
from portal.editorial.desk import Desk
from portal.editorial.finding import Finding
from portal.editorial.lexicon import Acronym, Lexicon, Term, WordList
from portal.editorial.manuscript import Manuscript, read_manuscript
from portal.readers.document import Document, read_page_text

TODAY = datetime.date(2026, 11, 22)


def a_text(body: str, front_matter: str = "title: Una prova") -> str:
    """A page as it stands in its file: the body begins on line 5 where the front matter is one line."""
    return f"---\n{front_matter}\n---\n\n{body}"


def a_manuscript(
    body: str, path: str = "storie/2026-11-01-prova.md", front_matter: str = "title: Una prova"
) -> Manuscript:
    """A page taken apart."""
    text = a_text(body, front_matter)
    document = read_page_text(path, text)
    assert isinstance(document, Document)
    return read_manuscript(path, text, document.data, document.line_of)


def a_desk(jargon: tuple[Term, ...] = (), respect: tuple[Term, ...] = (), **facts: object) -> Desk:
    """A desk on 22 November 2026, with a few words on its lists."""
    acronyms = {
        "PDF": Acronym(letters="PDF", means="un documento", known=True),
        "ISEE": Acronym(letters="ISEE", means="il conto di redditi e beni"),
    }
    lexicon = Lexicon(WordList(jargon), WordList(respect), acronyms, frozenset({"3331234567"}))
    return Desk(TODAY, lexicon, **facts)


def advice(page: Manuscript, rule: str, desk: Desk | None = None) -> list[Finding]:
    """What one rule says of a page."""
    return [finding for finding in advice_on(page, desk or a_desk()) if finding.rule == rule]
