"""A document: the YAML an editor wrote, with the line of every key, and the text below it.

Every scalar is read as text and converted by the page type that knows what it
is. So a postcode keeps its zeros, `10:30` is a time and `no` can be a word:
YAML 1.1 would make 64, 630 and False of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from portal.readers.problem import Problem

_YAML_FAULTS = (
    (
        "mapping values are not allowed",
        'ci sono due volte i due punti. Metti il testo fra virgolette: "Rho: si parte"',
    ),
    (
        "did not find expected alphabetic or numeric character",
        "un testo comincia con un asterisco o una «e» commerciale. Mettilo fra virgolette",
    ),
    (
        "block sequence entries are not allowed",
        "un elenco comincia sulla riga del campo. Vai a capo, e metti due spazi prima del trattino",
    ),
    (
        "cannot start any token",
        "c'è un carattere che qui non può stare. Metti il testo fra virgolette",
    ),
    (
        "could not find expected ':'",
        "manca «: » dopo il nome del campo. Scrivi così: title: Il titolo",
    ),
    (
        "expected <block end>",
        "gli spazi all'inizio non tornano. Allinea la riga a quelle dello stesso elenco",
    ),
    (
        "found unexpected end of stream",
        "virgolette o parentesi non si chiudono. Chiudile sulla stessa riga",
    ),
    ("expected ',' or ']'", "la parentesi quadra non si chiude. Scrivi così: [rho, arese]"),
)


_OPENED = re.compile(r"""[ ]*(?:-[ ]+)?[\w-]+:[ ]+(?P<quote>["'])(?P<rest>.*)""")
_HASHED_WORD = re.compile(r"[ \t]+(?P<word>#[^\s#]+)")

# libyaml's parser where PyYAML was built with it: ten times as fast, the same result.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _TextHandler(YAMLHandler):
    """python-frontmatter's YAML handler, with every scalar left as the text it was.

    It parses once and keeps the *node*, which knows the line of every key, and the *yaml* itself.
    """

    node: yaml.Node | None = None
    yaml: str = ""

    def load(self, fm: str, **kwargs: Any) -> Any:
        self.yaml = fm
        self.node, data = _parse(fm)
        return data


@dataclass(frozen=True)
class Document:
    """A file read: its *data*, the Markdown *body*, and where each key stands."""

    path: str
    data: Any
    body: str
    yaml: str
    """The part of the file that is YAML. Its lines are looked up where there is a problem to place."""
    first_line: int

    def line_of(self, location: Sequence[str | int]) -> int:
        """The line of the key or item at *location*; of the nearest one above it where it is missing."""
        node, line = _parse(self.yaml)[0], 1
        for step in location:
            found = _child(node, step)
            if found is None:
                break
            key, node = found
            line = self.first_line + key.start_mark.line
        return line


def read_page_text(path: str, text: str) -> Document | Problem:
    """Read a Markdown page with front matter between two lines of three hyphens."""
    text = text.removeprefix("\ufeff")
    lines = text.split("\n")
    opening = next((number for number, line in enumerate(lines) if line.strip()), 0)
    fences = [number for number in range(opening, len(lines)) if lines[number].strip() == "---"]
    if not fences or fences[0] != opening:
        return Problem(
            path, 1, "manca l'intestazione. La prima riga deve essere --- e sotto: title: Il titolo"
        )
    if len(fences) < 2:
        return Problem(
            path,
            opening + 1,
            "l'intestazione non si chiude. Dopo l'ultimo campo metti una riga con ---",
        )
    if conflict := _conflict(path, lines):
        return conflict
    # What the parser is handed begins with the end of the last blank line under the hyphens.
    first_line = opening + 1
    while first_line < fences[1] and not lines[first_line].strip():
        first_line += 1
    try:
        handler = _TextHandler()
        found, body = frontmatter.parse(text, handler=handler)
    except (yaml.YAMLError, RecursionError) as error:
        return _yaml_problem(path, error, handler.yaml, first_line)
    # python-frontmatter takes a list for no front matter at all.
    data = found if isinstance(handler.node, yaml.MappingNode) else None
    return _checked(Document(path, data, body, handler.yaml, first_line), handler.node)


def read_data_text(path: str, text: str) -> Document | Problem:
    """Read a YAML file: a list or a mapping, without Markdown."""
    text = text.removeprefix("\ufeff")
    if conflict := _conflict(path, text.split("\n")):
        return conflict
    try:
        node, data = _parse(text)
    except (yaml.YAMLError, RecursionError) as error:
        return _yaml_problem(path, error, text, first_line=1)
    return _checked(Document(path, data, "", text, 1), node)


def _parse(text: str) -> tuple[yaml.Node | None, Any]:
    """The YAML as a tree that knows its lines, and as plain values."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node)
    finally:
        loader.dispose()


def _checked(document: Document, node: yaml.Node | None) -> Document | Problem:
    """Refuse what YAML would lose in silence: a key written twice, the words from a hash on."""
    if _HASHED_WORD.search(document.yaml) and (lost := _lost_words(document, node)):
        return lost
    for mapping in _mappings(node):
        seen: set[str] = set()
        for key, _ in mapping.value:
            if key.value in seen:
                line = document.first_line + key.start_mark.line
                return Problem(
                    document.path, line, f"«{key.value}» è scritto due volte. Tienine uno solo"
                )
            seen.add(key.value)
    return document


def _lost_words(document: Document, node: yaml.Node | None) -> Problem | None:
    """The first value that goes on with a hash and a word: to YAML that is a remark."""
    lines = document.yaml.split("\n")
    for beginning, value in _written_plainly(node):
        last = lines[value.end_mark.line]
        if not (lost := _HASHED_WORD.match(last, value.end_mark.column)):
            continue
        whole = last[value.start_mark.column :].strip().replace('"', "'")
        is_one_line = value.start_mark.line == value.end_mark.line
        how = f'fra virgolette: {beginning} "{whole}"' if is_one_line else "tutto fra virgolette"
        return Problem(
            document.path,
            document.first_line + value.end_mark.line,
            f"da «{lost['word']}» in poi il testo sparisce: un cancelletto dopo uno spazio comincia un "
            f"appunto. Mettilo {how}.",
        )
    return None


def _written_plainly(node: yaml.Node | None) -> Iterator[tuple[str, yaml.ScalarNode]]:
    """Every value written without quotes, and what stands before it: its key, or a hyphen."""
    children: list[tuple[str, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        children = [(f"{key.value}:", value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        children = [("-", value) for value in node.value]
    for beginning, child in children:
        if not isinstance(child, yaml.ScalarNode):
            yield from _written_plainly(child)
        elif child.style not in ("'", '"', "|", ">"):
            yield beginning, child


def _mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        for _, value in node.value:
            yield from _mappings(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _mappings(value)


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _conflict(path: str, lines: Sequence[str]) -> Problem | None:
    """What two people changed at once and git could not join: its marks are no text."""
    for number, line in enumerate(lines, start=1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            return Problem(
                path,
                number,
                f"«{line.strip()}» è rimasto da un conflitto: due persone hanno cambiato le stesse righe. "
                "Tieni quelle giuste e togli le righe che cominciano con <<<<<<<, ======= e >>>>>>>.",
            )
    return None


def _indent_at(text: str, mark: yaml.Mark | None) -> str:
    """The blanks that the line of the YAML at *mark* begins with."""
    lines = text.split("\n")
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    return line[: len(line) - len(line.lstrip())]


def _unclosed(text: str, mark: yaml.Mark | None) -> int | None:
    """The first line, up to where the parser gave up, that opens a text in quotes and does not close it."""
    for number, line in enumerate(text.split("\n")[: mark.line + 1 if mark else None]):
        opened = _OPENED.match(line)
        if opened and opened["quote"] not in opened["rest"]:
            return number
    return None


def _yaml_problem(path: str, error: Exception, text: str, first_line: int) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = first_line + (mark.line if mark else 0)
    if "\t" in _indent_at(text, mark):
        return Problem(path, line, "c'è un tabulatore. Al suo posto metti due spazi.")
    if isinstance(error, yaml.reader.ReaderError):
        line = first_line + next(
            (
                number
                for number, read in enumerate(text.split("\n"))
                if not read.replace("\t", "").isprintable()
            ),
            0,
        )
        return Problem(
            path, line, "c'è un carattere che non si vede e non può stare. Riscrivi la riga."
        )
    if isinstance(error, RecursionError):
        deep = enumerate(text.split("\n"), start=first_line)
        line = next((number for number, read in deep if read.count("[") + read.count("{") > 9), 1)
        return Problem(path, line, "troppe parentesi una dentro l'altra. Togline.")
    if unclosed := _unclosed(text, mark):
        return Problem(
            path,
            first_line + unclosed,
            "l'intestazione non si legge: le virgolette di questa riga non si chiudono. Chiudile in fondo alla riga.",
        )
    said = str(error)
    for sign, advice in _YAML_FAULTS:
        if sign in said:
            return Problem(path, line, f"l'intestazione non si legge: {advice}.")
    return Problem(
        path,
        line,
        "l'intestazione non si legge. Controlla i due punti, gli spazi e le virgolette di questa riga.",
    )
