"""A form: what a person fills in for a declared value, without knowing YAML.

It is read from the declarations in `model/`: the same that validate, so a field
added there is in the form, with its label, its hint and what may be written.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, get_args

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from portal.model.page import Value, front_matter_fields, named_type, referred_folder

_ALTERNATIVES = re.compile(r"\^\((?P<words>[^()\\\[\].*+?{}]+)\)\$")
_LONG = 10
"""A text that must have this many characters is more than a word, and gets more than a line."""


class Kind(StrEnum):
    """What is asked for."""

    TEXT = "text"
    LONG_TEXT = "long text"
    DAY = "day"
    WHOLE = "whole number"
    DECIMAL = "decimal number"
    YES_NO = "yes or no"
    CHOICE = "choice"
    GROUP = "group"


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from: what is written in the file, and what it is called."""

    value: str
    label: str


@dataclass(frozen=True)
class Input:
    """One field of a form. Of a list, everything but *least*, *most* and *default* is said of each item."""

    name: str
    label: str
    hint: str
    kind: Kind
    is_list: bool
    is_required: bool
    default: Any
    """The JSON value of a field that is not written; nothing where there is none."""
    pattern: str | None
    advice: str
    """How to write what *pattern* asks for."""
    least: float | None
    most: float | None
    options: tuple[Option, ...]
    folder: str | None
    """Where the pages lie that can be chosen, for a reference."""
    inputs: tuple[Input, ...]
    field: FieldInfo


@functools.cache
def form_of(value_type: type[Value]) -> tuple[Input, ...]:
    """The fields an editor may fill in for *value_type*, in the order they are declared."""
    schema = value_type.model_json_schema()
    required = schema.get("required", ())
    return tuple(
        _input(name, field, schema["properties"][name], schema.get("$defs", {}), name in required)
        for name, field in front_matter_fields(value_type).items()
    )


def written_as_declared(field: FieldInfo, text: str) -> Any:
    """*text* as the declaration of *field* understands it: «sì» is True, «bozza» is «draft»."""
    value: Any = text
    for mark in (*field.metadata, *_marks(field.annotation)):
        if isinstance(mark, BeforeValidator):
            value = mark.func(value)  # type: ignore[call-arg]
    return value


def _input(
    name: str, field: FieldInfo, schema: dict[str, Any], known: dict[str, Any], required: bool
) -> Input:
    one = _without_nothing(schema, known)
    is_list = one.get("type") == "array"
    item = _without_nothing(one["items"], known) if is_list else one
    inner = named_type(field.annotation, Value)
    folder = referred_folder(field)
    options = _options(field, item, asked=required and not is_list)
    kind = _kind(item, inner, options, folder)
    pattern, advice = _pattern(field, item) if kind in (Kind.TEXT, Kind.LONG_TEXT) else (None, "")
    default = schema.get("default")
    bounds = ("minItems", "maxItems") if is_list else ("minimum", "maximum")
    least = one.get(bounds[0])
    if "exclusiveMinimum" in one:
        least = one["exclusiveMinimum"] + 1
    return Input(
        name=name,
        label=field.title or name,
        hint=_hint(field, kind),
        kind=kind,
        is_list=is_list,
        is_required=required,
        default=[] if is_list and default is None else default,
        pattern=pattern,
        advice=advice,
        least=least,
        most=one.get(bounds[1]),
        options=options,
        folder=folder,
        inputs=form_of(inner) if inner else (),
        field=field,
    )


def _kind(
    schema: dict[str, Any],
    inner: type[Value] | None,
    options: tuple[Option, ...],
    folder: str | None,
) -> Kind:
    if inner is not None:
        return Kind.GROUP
    if options or folder:
        return Kind.CHOICE
    if schema.get("format") == "date":
        return Kind.DAY
    named = {"boolean": Kind.YES_NO, "integer": Kind.WHOLE, "number": Kind.DECIMAL}
    if schema["type"] in named:
        return named[schema["type"]]
    return Kind.LONG_TEXT if schema.get("minLength", 0) >= _LONG else Kind.TEXT


def _options(field: FieldInfo, schema: dict[str, Any], asked: bool) -> tuple[Option, ...]:
    """The closed list a field is chosen from: an enumeration's, or a pattern's alternatives."""
    if chosen := named_type(field.annotation, Enum):
        return tuple(Option(member.value, member.label) for member in chosen)
    if schema.get("type") == "boolean" and asked:
        # A switch would answer «no» for somebody who has not been asked.
        return (Option("sì", "Sì"), Option("no", "No"))
    if match := _ALTERNATIVES.fullmatch(schema.get("pattern", "")):
        return tuple(Option(word, word.capitalize()) for word in match["words"].split("|"))
    return ()


def _pattern(field: FieldInfo, schema: dict[str, Any]) -> tuple[str | None, str]:
    """A regular expression of JavaScript for what may be written, and how to say it."""
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    lengths = rf"^[^\n]{{{least},{most or ''}}}$" if least or most else None
    if pattern := schema.get("pattern"):
        example = next(iter(field.examples or ()), "")
        advice = f"scrivi così: {example[0] if isinstance(example, list) else example}"
        return (f"(?={lengths}){pattern}" if lengths else pattern), advice
    if lengths and most:
        return lengths, f"da {least} a {most} caratteri, su una riga"
    return (lengths, f"almeno {least} caratteri, su una riga") if lengths else (None, "")


def _hint(field: FieldInfo, kind: Kind) -> str:
    example = next(iter(field.examples or ()), None)
    if kind is not Kind.TEXT or example is None:
        return field.description or ""
    shown = example[0] if isinstance(example, list) else example
    return f"{field.description} Per esempio: {shown}."


def _without_nothing(schema: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """The schema of a value that is there, with what it refers to in its place."""
    if "anyOf" in schema:
        schema = next(one for one in schema["anyOf"] if one.get("type") != "null")
    if "$ref" in schema:
        referred: dict[str, Any] = known[schema["$ref"].rpartition("/")[2]]
        return referred
    return schema


def _marks(annotation: Any) -> list[Any]:
    marks = list(getattr(annotation, "__metadata__", ()))
    return marks + [mark for inner in get_args(annotation) for mark in _marks(inner)]
