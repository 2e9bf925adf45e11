"""An entry: a content file as the editor in the browser knows it, and back into the file.

Only values travel, never YAML: what is sent is what our reader reads, and what
comes back is compared with it, field by field. A field that says the same keeps
its own lines; a text that is the same keeps its own bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from portal.admin.forms import Input, Kind, form_of, written_as_declared
from portal.admin.shapes import Shape
from portal.admin.yaml_edit import Plain, dumped, edited, read
from portal.model.page import Value

TEXT = "body"
ITEMS = "voci"
VERSION = "_version"
TAB = "_tab"
NAME = "_name"
SAVES = "_saves"
"""Beside the declared fields: the text, a list's items, which bytes the form was filled from, the browser's tab, the
name a new file is to have, how often the form was saved."""

_FENCED = re.compile(
    r"(?P<opening>\ufeff?(?:[ \t]*\r?\n)*[ \t]*---[ \t]*\r?\n)"
    r"(?P<yaml>.*?)"
    r"(?P<closing>^[ \t]*---[ \t]*(?:\r?\n|\Z))"
    r"(?P<gap>\s*)(?P<text>.*?)(?P<end>\s*)\Z",
    re.DOTALL | re.MULTILINE,
)


def version_of(content: bytes) -> str:
    """Which bytes these are, in sixteen letters."""
    return hashlib.sha256(content).hexdigest()[:16]


def to_entry(text: str, shape: Shape) -> dict[str, Any]:
    """The values of a file that can be read, as JSON."""
    yaml, body = _parts(text, shape)
    values: Any = read(yaml)
    if shape.is_list:
        items = values if isinstance(values, list) else []
        return {ITEMS: [_sent(item, form_of(shape.value_type)) for item in items]}
    entry = _sent(values or {}, form_of(shape.value_type))
    return {**entry, TEXT: _lines_ended_alike(body)} if shape.has_text else entry


def changed_text(text: str, received: Mapping[str, Any], shape: Shape) -> str:
    """The file's *text* with what was *received* in it, changed only where it says something else.

    Raises UneditableYaml where only a person can change the file.
    """
    form = form_of(shape.value_type)
    yaml, body = _parts(text, shape)
    values: Any = read(yaml)
    if shape.is_list:
        was = to_entry(text, shape)[ITEMS]
        return edited(text, _items(received.get(ITEMS, was), values or [], was, form))
    wanted = _merged(values if isinstance(values, dict) else {}, received, form)
    order = [one.name for one in form]
    if not shape.has_text:
        return edited(text, wanted, order)
    match = _FENCED.match(text)
    assert match is not None, "a page that was read has its two lines of hyphens"
    new_body = str(received.get(TEXT, _lines_ended_alike(body)))
    return "".join(
        (
            match["opening"],
            edited(match["yaml"], wanted, order),
            match["closing"],
            _below(match, new_body),
        )
    )


def new_text(received: Mapping[str, Any], value_type: type[Value], *, has_text: bool) -> str:
    """A new file of *value_type* that says what was *received*, and nothing that goes without saying."""
    form = form_of(value_type)
    values = _merged({}, received, form)
    yaml = dumped({one.name: values[one.name] for one in form if one.name in values})
    body = str(received.get(TEXT, "")).strip()
    if not has_text:
        return yaml
    return f"---\n{yaml}---\n" + (f"\n{body}\n" if body else "")


def _parts(text: str, shape: Shape) -> tuple[str, str]:
    if not shape.has_text:
        return text, ""
    match = _FENCED.match(text)
    return (match["yaml"], match["text"]) if match else ("", text)


def _below(match: re.Match[str], body: str) -> str:
    """What stands under the front matter, with *body* for its text."""
    body = _lines_ended_alike(body).strip()
    if body == _lines_ended_alike(match["text"]):
        return match["gap"] + match["text"] + match["end"]
    newline = "\r\n" if "\r\n" in match["opening"] else "\n"
    gap = match["gap"] if match["text"] else newline
    if not match["closing"].endswith("\n"):
        gap = newline + gap
    return gap + body.replace("\n", newline) + (match["end"] or newline)


def _lines_ended_alike(text: str) -> str:
    """*text* as a browser's text field gives it back."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _sent(values: Mapping[str, Any], form: tuple[Input, ...]) -> dict[str, Any]:
    """The declared fields of *values* as JSON; those that are not written as what that means."""
    sent: dict[str, Any] = {}
    for one in form:
        value = _one_sent(values[one.name], one) if one.name in values else one.default
        if value is not None:
            sent[one.name] = value
    return sent


def _one_sent(value: Plain, one: Input, *, in_list: bool = False) -> Any:
    if one.is_list and not in_list:
        if isinstance(value, list):
            return [_one_sent(item, one, in_list=True) for item in value]
        return value or []
    if one.kind is Kind.GROUP:
        return _sent(value, one.inputs) if isinstance(value, dict) else value
    if not isinstance(value, str):
        return value
    if one.kind is Kind.YES_NO or (one.kind is Kind.CHOICE and one.options):
        meant = written_as_declared(one.field, value)
        if one.kind is Kind.YES_NO:
            return meant if isinstance(meant, bool) else value
        if isinstance(meant, bool):
            return "sì" if meant else "no"
        return str(meant)
    if one.kind is Kind.WHOLE and re.fullmatch(r"0|-?[1-9]\d{0,14}", value):
        return int(value)
    if one.kind is Kind.DECIMAL and re.fullmatch(r"-?\d+\.\d+", value):
        return float(value) if repr(float(value)) == value else value
    return value


def _merged(
    values: Mapping[str, Any], received: Mapping[str, Any], form: tuple[Input, ...]
) -> dict[str, Any]:
    """*values* as they are in the file, with what was *received* where it differs from what was sent."""
    sent = _sent(values, form)
    merged = dict(values)
    for one in form:
        if one.name not in received or received[one.name] == sent.get(one.name):
            continue
        value = _written(received[one.name], one, values.get(one.name), sent.get(one.name))
        if _is_nothing(value):
            merged.pop(one.name, None)
        else:
            merged[one.name] = value
    return merged


def _items(received: Any, values: list[Any], was: list[Any], form: tuple[Input, ...]) -> list[Any]:
    """The items of a list, each one that came back as it was in its own words."""
    items = []
    for item in received:
        if item in was:
            items.append(values[was.index(item)])
        else:
            items.append(_merged({}, item, form))
    return items


def _written(value: Any, one: Input, was: Any, sent: Any, *, in_list: bool = False) -> Any:
    """A received value as an editor would write it."""
    if one.is_list and not in_list:
        if not isinstance(value, list):
            return value if value is None else str(value)
        if one.kind is Kind.GROUP:
            known = was if isinstance(was, list) and isinstance(sent, list) else []
            return _items(value, known, sent if known else [], one.inputs)
        return [_written(item, one, None, None, in_list=True) for item in value]
    if one.kind is Kind.GROUP and isinstance(value, dict):
        return _merged(was if isinstance(was, dict) else {}, value, one.inputs)
    if isinstance(value, bool):
        return "sì" if value else "no"
    if one.kind is Kind.CHOICE:
        named = {option.value: option.label.lower() for option in one.options}
        # «bozza» rather than «draft», where the declaration understands it.
        spoken = named.get(str(value), "")
        if spoken and written_as_declared(one.field, spoken) == value:
            return spoken
    return value if value is None else str(value)


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})
