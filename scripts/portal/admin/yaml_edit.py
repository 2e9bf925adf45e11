"""YAML, changed where its values change and nowhere else: comments, quotes, order and blank lines stay.

A library that reads YAML and writes it again would turn every page of an editor
who wrote by hand into another file. Here the text is cut open only at the values
that are no longer the same, and what comes out is read back: if it does not say
exactly what it should, nothing is given.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

Plain = str | list[Any] | dict[str, Any]
"""A YAML value with every scalar as the text it is."""

_BARE = re.compile(r"[^\W_][\w.-]*")
"""A word, a slug, a date or a number, which editors write without quotes."""
_BREAKING = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
"""What YAML takes for the end of a line, or refuses, and JSON does not."""


class UneditableYaml(ValueError):
    """The file is written in a way that cannot be changed without rewriting it."""


def edited(text: str, values: Mapping[str, Any] | Sequence[Any], order: Sequence[str] = ()) -> str:
    """*text* so changed that it says *values*; new keys of the outermost mapping stand in *order*.

    Raises UneditableYaml where that cannot be done by changing single lines.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise UneditableYaml(str(error)) from error
    if plain(node) == values:
        return text
    if node is None:
        changed = f"{text}{newline if text and not text.endswith(newline) else ''}{dumped(values, newline)}"
    elif not values or node.flow_style or type(plain(node)) is not type(values):
        instead = dumped(values, newline) if values else _flow(values) + newline
        changed = text[: node.start_mark.index] + instead + text[node.end_mark.index :]
    else:
        changed = _Edit(text, newline).run(node, values, order)
    try:
        kept = read(changed) == values
    except yaml.YAMLError as error:
        raise UneditableYaml(str(error)) from error
    if not kept:
        raise UneditableYaml("what was written does not read back as what was meant")
    return changed


def read(text: str) -> Plain | None:
    """What *text* says, every scalar as text."""
    said: Plain | None = yaml.load(text, Loader=yaml.BaseLoader)
    return said


def dumped(values: Any, newline: str = "\n", indent: int = 0) -> str:
    """*values* as the lines an editor would write, each ended."""
    return "".join(" " * indent + line + newline for line in _lines(values))


def plain(node: yaml.Node | None) -> Any:
    """What a node says, every scalar as text."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    return None if node is None else node.value


@dataclass(frozen=True)
class _Cut:
    """A stretch of the text, by characters, and what stands there instead."""

    start: int
    end: int
    instead: str


class _Edit:
    """One change of one text. Cuts are gathered first and made together, so that no place moves."""

    def __init__(self, text: str, newline: str) -> None:
        self.text = text
        self.newline = newline
        self.lines = [0] + [match.end() for match in re.finditer(r"\r\n|\n|\r", text)]
        self.cuts: list[_Cut] = []

    def run(self, node: yaml.Node, values: Any, order: Sequence[str]) -> str:
        if isinstance(node, yaml.MappingNode):
            self._mapping(node, values, order)
        else:
            self._sequence(node, values)
        text = self.text
        # From the end, so that no place moves; of two at one place the one gathered last goes first.
        numbered = sorted(enumerate(self.cuts), key=lambda one: (one[1].start, one[1].end, one[0]))
        for _, cut in numbered[::-1]:
            text = text[: cut.start] + cut.instead + text[cut.end :]
        return text

    def _mapping(
        self, node: yaml.MappingNode, values: Mapping[str, Any], order: Sequence[str]
    ) -> None:
        indent = node.value[0][0].start_mark.column
        for key, value in node.value:
            if key.value not in values:
                self._replace_lines(key, value, "")
            elif plain(value) != values[key.value]:
                self._value(key, value, values[key.value], indent)
        there = {key.value: value for key, value in node.value}
        for name, value in values.items():
            if name not in there:
                before = _before(name, [*there], order or list(values))
                if before is None and self._shares_its_line(node.value[0][0]):
                    before = node.value[0][0].value
                place = self._after(there[before]) if before else self._line_start(node.value[0][0])
                self._insert(place, dumped({name: value}, self.newline, indent))

    def _value(self, key: yaml.Node, value: yaml.Node, wanted: Any, indent: int) -> None:
        if (
            isinstance(value, yaml.ScalarNode)
            and isinstance(wanted, str)
            and value.style not in ("|", ">")
            and value.start_mark.index < value.end_mark.index
        ):
            instead = _scalar(wanted, value.style)
            self.cuts.append(_Cut(value.start_mark.index, value.end_mark.index, instead))
        elif isinstance(value, yaml.SequenceNode) and value.flow_style and _is_flat(wanted):
            self.cuts.append(_Cut(value.start_mark.index, value.end_mark.index, _flow(wanted)))
        elif isinstance(value, yaml.MappingNode) and not value.flow_style and wanted:
            self._mapping(value, wanted, ())
        elif isinstance(value, yaml.SequenceNode) and not value.flow_style and wanted:
            self._sequence(value, wanted)
        else:
            self._replace_lines(key, value, dumped({key.value: wanted}, self.newline, indent))

    def _sequence(self, node: yaml.SequenceNode, wanted: Sequence[Any]) -> None:
        column = node.start_mark.column
        now = [plain(item) for item in node.value]
        keys = [json.dumps(item) for item in now], [json.dumps(item) for item in wanted]
        steps = difflib.SequenceMatcher(None, *keys, autojunk=False).get_opcodes()
        for step, start, end, first, last in steps:
            if step == "equal":
                continue
            pairs = min(end - start, last - first)
            for number in range(pairs):
                self._item(node.value[start + number], wanted[first + number], column)
            for item in node.value[start + pairs : end]:
                self.cuts.append(_Cut(self._dash(item, column), self._after(item), ""))
            place = start + pairs
            at = (
                self._after(node.value[place - 1])
                if place
                else self._line_start(node.value[0], column)
            )
            for value in wanted[first + pairs : last]:
                gap = self.newline if self._is_airy(node, column) else ""
                self._insert(at, gap + dumped([value], self.newline, column))

    def _item(self, item: yaml.Node, wanted: Any, column: int) -> None:
        if (
            isinstance(item, yaml.MappingNode)
            and isinstance(wanted, dict)
            and not item.flow_style
            and item.value[0][0].value in wanted
        ):
            self._mapping(item, wanted, ())
        elif isinstance(item, yaml.ScalarNode) and isinstance(wanted, str):
            instead = _scalar(wanted, item.style)
            self.cuts.append(_Cut(item.start_mark.index, item.end_mark.index, instead))
        else:
            instead = dumped([wanted], self.newline, column)
            self.cuts.append(_Cut(self._dash(item, column), self._after(item), instead))

    def _replace_lines(self, key: yaml.Node, value: yaml.Node, instead: str) -> None:
        start = self._line_start(key)
        if self._shares_its_line(key):
            start, instead = key.start_mark.index, instead.lstrip(" ")
        self.cuts.append(_Cut(start, self._after(value), instead))

    def _shares_its_line(self, key: yaml.Node) -> bool:
        """Whether the hyphen of a list's item stands before *key*."""
        return bool(self.text[self._line_start(key) : key.start_mark.index].strip())

    def _insert(self, at: int, lines: str) -> None:
        if at == len(self.text) and not self.text.endswith(("\n", "\r")):
            lines = self.newline + lines.removesuffix(self.newline)
        self.cuts.append(_Cut(at, at, lines))

    def _line_start(self, node: yaml.Node, column: int | None = None) -> int:
        return self.lines[node.start_mark.line] if column is None else self._dash(node, column)

    def _dash(self, item: yaml.Node, column: int) -> int:
        """Where the line with the item's hyphen begins."""
        for line in range(item.start_mark.line, -1, -1):
            if self.text[self.lines[line] + column : self.lines[line] + column + 1] == "-":
                return self.lines[line]
        raise UneditableYaml("a list's item has no hyphen of its own")

    def _after(self, node: yaml.Node) -> int:
        """Where the line begins that comes after the last one of *node*."""
        last = self._last_line(node)
        return self.lines[last + 1] if last + 1 < len(self.lines) else len(self.text)

    def _last_line(self, node: yaml.Node) -> int:
        if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
            last = node.value[-1]
            return self._last_line(last[1] if isinstance(last, tuple) else last)
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            line: int = node.end_mark.line - (1 if node.end_mark.column == 0 else 0)
            while line > node.start_mark.line and not self._line(line).strip():
                line -= 1
            return line
        return int(node.end_mark.line)

    def _line(self, number: int) -> str:
        end = self.lines[number + 1] if number + 1 < len(self.lines) else len(self.text)
        return self.text[self.lines[number] : end]

    def _is_airy(self, node: yaml.SequenceNode, column: int) -> bool:
        """Whether a blank line stands between the items."""
        return any(
            not self._line(self._last_line(item) + 1).strip()
            for item in node.value[:-1]
            if self._last_line(item) + 1 < len(self.lines)
        )


def _before(name: str, there: Sequence[str], order: Sequence[str]) -> str | None:
    """The key of those *there* after which *name* belongs; nothing where it comes first."""
    ahead = order[: order.index(name)] if name in order else there
    return next((one for one in reversed(ahead) if one in there), None)


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, str) or not inner or _is_flat(inner):
                yield f"{_scalar(key)}: {_flow(inner)}"
            else:
                yield f"{_scalar(key)}:"
                yield from (f"  {line}" for line in _lines(inner))
    else:
        for item in value:
            inner = [_flow(item)] if isinstance(item, str) or not item else list(_lines(item))
            yield f"- {inner[0]}"
            yield from (f"  {line}" for line in inner[1:])


def _is_flat(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _flow(value: Any) -> str:
    if isinstance(value, str):
        return _scalar(value)
    return f"[{', '.join(map(_scalar, value))}]" if isinstance(value, list) else "{}"


def _scalar(text: str, style: str | None = "new") -> str:
    """*text* as YAML, in the quotes its place had before; *style* is PyYAML's, None for no quotes."""
    if style == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    if style == "new" and _BARE.fullmatch(text):
        return text
    if style is None and _reads_alone(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _BREAKING.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _reads_alone(text: str) -> bool:
    """Whether *text* says itself without quotes, also to other readers of YAML than ours."""
    if not text.isprintable() or text.strip() != text or not text[:1].isalnum():
        return False
    return not re.search(r":(\s|$)|\s#|[\[\]{},]", text)
