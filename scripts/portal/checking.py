"""The check of the whole content folder: what must be mended, and what could be said better."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from portal.editorial.assistant import advice_on
from portal.editorial.check import Check
from portal.editorial.desk import Desk
from portal.editorial.lexicon import read_lexicon
from portal.editorial.manuscript import Manuscript, read_manuscript
from portal.editorial.outside import outside_addresses
from portal.model.member import Member
from portal.model.translation import Translation, fingerprint
from portal.readers.content import ContentReader
from portal.readers.problem import Problem
from portal.readers.synonyms import read_synonyms

_CAPITALS = re.compile(r"[A-Z]{2,}")


class NotInContent(Exception):
    """A file to check that is not in the content folder. Carries the *file*."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(str(file))


def check_content(
    content: Path,
    today: datetime.date,
    files: Iterable[Path] = (),
    dead_links: Callable[[Collection[str]], Mapping[str, str]] | None = None,
) -> Check:
    """Check all of *content*, or say only what concerns *files* and the folders among them.

    The rest is read all the same, because a page is right or wrong together with
    those it names. *dead_links* is asked, where it is given, which addresses of
    other sites are dead. NotInContent where one of *files* is elsewhere, or is not there.
    """
    chosen = [_path_in(content, file) for file in files]
    reader = ContentReader(content, today)
    reader.read()
    lexicon, faults = read_lexicon(lambda path: _text_of(content / path))
    _, slips = read_synonyms(content)
    names = {
        letters
        for page in reader.pages.values()
        if isinstance(page, Member)
        for letters in _CAPITALS.findall(f"{page.title} {page.name_2014 or ''}")
    }
    manuscripts = tuple(
        manuscript
        for manuscript in _manuscripts(reader)
        if not chosen or _is_chosen(manuscript.path, chosen)
    )
    addresses = {address for page in manuscripts for _, address in outside_addresses(page)}
    dead = dead_links(addresses) if dead_links else {}
    fingerprints = {
        path: fingerprint(reader.documents[path].data, reader.documents[path].body)
        for path, page in reader.pages.items()
        if not isinstance(page, Translation)
    }
    desk = Desk(today, lexicon, reader.pages, frozenset(names), dead, fingerprints)

    def about(problems: Iterable[Problem]) -> tuple[Problem, ...]:
        listed = sorted(set(problems))
        return tuple(one for one in listed if not chosen or _is_chosen(one.path, chosen))

    advice = tuple(finding for manuscript in manuscripts for finding in advice_on(manuscript, desk))
    problems, draft_problems = (
        about([*reader.problems, *faults, *slips]),
        about(reader.draft_problems),
    )
    spoken_of = {page.path for page in manuscripts}
    spoken_of |= {problem.path for problem in (*problems, *draft_problems)}
    pages_read = len(spoken_of) if chosen else reader.pages_read
    return Check(pages_read, problems, draft_problems, advice)


def _manuscripts(reader: ContentReader) -> Iterator[Manuscript]:
    for path, document in reader.documents.items():
        text = _text_of(reader.content.folder / path) if path.endswith(".md") else None
        if text is not None and isinstance(document.data, dict):
            yield read_manuscript(path, text, document.data, document.line_of)


def _text_of(file: Path) -> str | None:
    """The text of a file, or nothing where the readers have already said why it has none."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _path_in(content: Path, file: Path) -> str:
    for place in (file, content / file):
        if place.exists() and place.resolve().is_relative_to(content.resolve()):
            return place.resolve().relative_to(content.resolve()).as_posix()
    raise NotInContent(file)


def _is_chosen(path: str, chosen: Iterable[str]) -> bool:
    return any(one in (".", path) or path.startswith(f"{one}/") for one in chosen)
