"""One content folder: its files, each taken apart once, and all that is wrong with them."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from portal.model.page import Value, front_matter_fields
from portal.readers.decoding import decoded
from portal.readers.document import Document, read_data_text
from portal.readers.explanation import explain
from portal.readers.problem import Problem, line_with

ValueType = TypeVar("ValueType", bound=Value)

MOST_BYTES = 1_000_000
"""A whole book. What is longer was not meant to be a page, and would keep everybody waiting for every check."""
_WRITTEN = (".md", ".yml", ".txt")
_DATA = (".yml", ".geojson")
_FOR_EDITORS = ("LEGGIMI.md", "indirizzi-pubblicati.txt")
"""What no page may link to: it is not on the site (`exclude_docs` in `mkdocs.yml`)."""
_STRAY = re.compile(
    r"\.(?:md|markdown|mdown|mkdn?|txt|docx?|odt|rtf|pages|html?|ya?ml)$(?<!(?-i:\.yml))|^[^.]+$",
    re.IGNORECASE,
)
"""What people save a text as, and no reader looks at."""
_TEMPORARY = re.compile(r"^[~#]|[~#]$")
_TOO_LONG = (
    "il file pesa {weight} MB, e qui si arriva a 1 MB. Se contiene immagini, mettile in file "
    "a parte; se è un testo così lungo, dividilo in più pagine."
)


@dataclass
class ContentFolder:
    """The files of *folder*. Problems gather in `problems`, in the words of who must mend them.

    Paths are relative to the folder, with «/». `documents` holds what could be read
    as one, by path, whatever else is wrong with it.
    """

    folder: Path

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []
        self.strays: list[str] = []
        self.documents: dict[str, Document] = {}

    def page_paths(self) -> list[str]:
        """Every file that is a page: not the editors' guide, not a model, not hidden.

        What was meant as one, and is none, gathers in `strays`.
        """
        paths = []
        self.strays = []
        for holder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(("_", "."))]
            inside = Path(holder).relative_to(self.folder).as_posix()
            for name in names:
                if name.startswith(("_", ".")) or name in _FOR_EDITORS:
                    continue
                if name.endswith(".md"):
                    paths.append(posixpath.normpath(f"{inside}/{name}"))
                elif _STRAY.search(name) and not _TEMPORARY.search(name):
                    self.strays.append(posixpath.normpath(f"{inside}/{name}"))
        return sorted(paths)

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return os.path.isfile(os.path.join(self.folder, path))

    def is_public(self, path: str) -> bool:
        """Whether there is such a file, and it may be linked to: no data, no model, nothing hidden or outside."""
        names = path.split("/")
        return (
            not any(name.startswith(("_", ".")) for name in names)
            and names[-1] not in _FOR_EDITORS
            and not path.endswith(_DATA)
            and self.has(path)
        )

    def files_in(self, folder: str) -> list[str]:
        """The files in one folder; none where there is no such folder."""
        try:
            names = os.listdir(os.path.join(self.folder, folder))
        except (OSError, ValueError):
            return []
        return sorted(posixpath.join(folder, name) for name in names)

    def text(self, path: str) -> str | None:
        """The text of a file; nothing, and a problem, where it has none."""
        try:
            with open(os.path.join(self.folder, path), "rb") as file:
                weight = os.fstat(file.fileno()).st_size
                if weight > MOST_BYTES and path.endswith(_WRITTEN):
                    self.blame(path, (), _TOO_LONG.format(weight=_in_megabytes(weight)))
                    return None
                text = decoded(path, file.read())
        except FileNotFoundError:
            self.blame(path, (), "il file manca. Rimettilo: il sito non si costruisce senza.")
            return None
        except OSError:
            self.blame(path, (), "il file non si apre: forse il tuo utente non lo può leggere.")
            return None
        if isinstance(text, Problem):
            self.problems.append(text)
            return None
        return text

    def data(self, path: str) -> Document | None:
        """A YAML file taken apart; nothing, and a problem, where it cannot be."""
        text = self.text(path)
        return None if text is None else self.kept(read_data_text(path, text))

    def kept(self, document: Document | Problem) -> Document | None:
        """*document*, kept to tell lines of it; a problem goes to the others."""
        if isinstance(document, Problem):
            self.problems.append(document)
            return None
        self.documents[document.path] = document
        return document

    def value(
        self,
        value_type: type[ValueType],
        document: Document,
        data: Any,
        at: tuple[int, ...] = (),
        **from_file: Any,
    ) -> ValueType | None:
        """The value that *data*, standing *at* a place of *document*, declares; nothing where it is faulty."""
        if not isinstance(data, dict):
            self.blame(
                document.path,
                at,
                "qui servono campi con il loro valore. Scrivi così: title: Il titolo",
            )
            return None
        for name in from_file.keys() & data.keys():
            allowed = set(front_matter_fields(value_type)) - set(from_file)
            self.blame(
                document.path,
                (*at, name),
                f"«{name}» viene dal nome del file: toglilo. I campi sono: "
                f"{', '.join(sorted(allowed))}.",
            )
        try:
            return value_type.model_validate({**data, **from_file})
        except ValidationError as error:
            self.problems.extend(explain(error, document, value_type, at))
            return None

    def blame(self, path: str, location: Sequence[str | int], message: str) -> None:
        """Note a problem of the key at *location*; of the file as a whole where that is empty."""
        document = self.documents.get(path)
        self.problems.append(Problem(path, document.line_of(location) if document else 1, message))

    def blame_words(self, path: str, words: str, message: str) -> None:
        """Note a problem of the first line of the text that holds *words*, in capitals or not."""
        document = self.documents.get(path)
        front = document.first_line + document.yaml.count("\n") if document else 0
        line = line_with(words, self.folder / path, below=front)
        self.problems.append(Problem(path, line, message))


def _in_megabytes(weight: int) -> str:
    """In Italian, rounded up: what is too much must not look as if it were not."""
    tenths = -(-weight // 100_000)
    return f"{tenths // 10},{tenths % 10}" if tenths % 10 else str(tenths // 10)
