"""What pydantic found wrong, said to an editor: what was read, and how to write it."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import Any, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from portal.model.dates import MONTHS
from portal.model.number import REFUSED
from portal.model.page import SLUG, Value, front_matter_fields, named_type, slug_of
from portal.readers.document import Document
from portal.readers.problem import Problem, shortened

_NAMES = {
    "date": "la data", "until": "la data", "title": "il titolo", "description": "la descrizione",
    "url": "l'indirizzo", "website": "l'indirizzo", "opens": "l'ora", "closes": "l'ora", "starts": "l'ora",
    "ends": "l'ora", "id": "il codice",
}  # fmt: skip

_ITALIAN_DAY = re.compile(rf"(\d{{1,2}})[°./ -]+(\d{{1,2}}|{'|'.join(MONTHS)})[./ -]+(\d{{4}})")


def explain(
    error: ValidationError, document: Document, page_type: type[Value], at: Sequence[str | int] = ()
) -> list[Problem]:
    """One problem per fault of *error*, in the order of the file. *at* is where the value stands in it."""
    problems = []
    faults = error.errors(include_url=False)
    for fault in faults:
        location = tuple(fault["loc"])
        if fault["type"] == "too_short" and any(
            _is_inside(other["loc"], location) for other in faults
        ):
            continue  # the list only looks empty because its items have faults of their own
        problems.append(
            Problem(
                document.path,
                document.line_of((*at, *location)),
                _sentence(fault["type"], fault["input"], fault.get("ctx", {}), location, page_type),
            )
        )
    return problems


def _sentence(
    kind: str,
    read: Any,
    context: Mapping[str, Any],
    location: tuple[str | int, ...],
    page_type: type[Value],
) -> str:
    name = next((str(step) for step in reversed(location) if isinstance(step, str)), "")
    owner, field = _find(page_type, location)
    if kind == "extra_forbidden":
        return _unknown(name, owner)
    if kind == "string_pattern_mismatch" and (meant := _meant_file(read, context["pattern"])):
        return f"«{shortened(read)}» si scrive con minuscole, cifre e trattini. Forse volevi «{meant}»."
    if kind == "missing":
        return " ".join(filter(None, (f"manca «{name}».", field.description, _how(name, field))))
    what = f"{_NAMES.get(name, name)} «{shortened(read)}»"
    if kind == REFUSED:
        how = (
            context["written"] if isinstance(location[-1], int) else f"{name}: {context['written']}"
        )
        return f"{what} {context['said']}" + (f": {how}" if context["written"] else ".")
    if kind == "string_too_short" and read == "":
        return f"«{name}» è vuoto. {_how(name, field)}"
    if kind == "string_too_short":
        return f"{what} è troppo corto: servono almeno {context['min_length']} caratteri."
    if kind == "string_too_long":
        return f"{what} è troppo lungo: {len(read)} caratteri, al massimo {context['max_length']}."
    if kind == "too_short":
        return f"«{name}» è vuoto: ne serve almeno {context['min_length']}. {_how(name, field)}"
    if kind == "too_long":
        return f"«{name}» ha troppe voci: al massimo {context['max_length']}."
    if kind in ("tuple_type", "list_type"):
        return f"«{name}» vuole un elenco, e qui c'è «{shortened(read)}». {_how(name, field)}"
    if kind in ("model_type", "dict_type", "model_attributes_type") and not read:
        return f"sotto «{name}» non c'è niente: le sue voci vanno nelle righe dopo, con due spazi davanti."
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return f"«{name}» vuole più righe, una per voce, e qui c'è «{shortened(read)}». Guarda il modello in _modelli/."
    if kind == "enum":
        return f"{what} non è fra quelli ammessi. Scegli fra: {_choices(field)}."
    if kind == "bool_parsing":
        return f"{what} non si capisce. Scrivi sì oppure no."
    if kind in ("greater_than", "greater_than_equal"):
        return f"{what} è troppo piccolo. {_how(name, field)}"
    if kind in ("less_than", "less_than_equal"):
        return f"{what} è troppo grande. {_how(name, field)}"
    if day := _no_such_day(read):
        return f"{what} non esiste: {day}. {_how(name, field)}"
    if kind == "string_type":
        return f"«{name}» vuole un testo su una riga sola. {_how(name, field)}"
    meant_day = _meant_day(read) if _NAMES.get(name) == "la data" else None
    return f"{what} non si capisce. {_how(name, field, meant_day)}"


def _is_inside(inner: Sequence[str | int], outer: Sequence[str | int]) -> bool:
    return len(inner) > len(outer) and tuple(inner[: len(outer)]) == tuple(outer)


def _unknown(name: str, owner: type[Value]) -> str:
    known = list(front_matter_fields(owner))
    outer = next((key for key in known if name in _fields_inside(owner, key)), None)
    if outer:
        return f"«{name}» fa parte di «{outer}»: mettilo sotto, con due spazi davanti."
    near = get_close_matches(name, known, n=1)
    if near:
        return f"«{name}» non è un campo che conosciamo. Forse volevi scrivere «{near[0]}»."
    return f"«{name}» non è un campo di questa pagina. I campi sono: {', '.join(known)}."


def _fields_inside(owner: type[Value], name: str) -> Iterable[str]:
    """The fields of the values that the field called *name* holds, where it holds any."""
    inner = named_type(owner.model_fields[name].annotation, Value)
    return inner.model_fields if inner else ()


def _meant_file(read: Any, pattern: str) -> str | None:
    """The name of the file, or the code, that was meant: «La Cordata» is `la-cordata`."""
    words = str(read).rstrip("/").rpartition("/")[2].removesuffix(".md")
    return slug_of(words) if pattern == SLUG and re.search(r"[A-Za-z0-9]", words) else None


def _meant_day(read: Any) -> str | None:
    """The day that was meant, as it is to be written: `15/05/2018` and «15 maggio 2018» are `2018-05-15`."""
    written = _ITALIAN_DAY.fullmatch(str(read).strip().lower())
    if not written:
        return None
    day, month, year = written.groups()
    number = int(month) if month.isdigit() else MONTHS.index(month) + 1
    try:
        return datetime.date(int(year), number, int(day)).isoformat()
    except ValueError:
        return None


def _find(page_type: type[Value], location: Sequence[str | int]) -> tuple[type[Value], FieldInfo]:
    """The model that owns the last named step of *location*, and that step's field."""
    owner: type[Value] = page_type
    field = FieldInfo()
    for step in location:
        if not isinstance(step, str):
            continue
        if step not in owner.model_fields:
            break
        field = owner.model_fields[step]
        inner = named_type(field.annotation, Value)
        if inner is not None and step != location[-1]:
            owner = inner
    return owner, field


def _choices(field: FieldInfo) -> str:
    return ", ".join(str(member.value) for member in named_type(field.annotation, Enum))


def _no_such_day(read: Any) -> str | None:
    """What a date written as it should be has more of than the calendar: «novembre ha 30 giorni»."""
    written = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", str(read))
    if not written:
        return None
    year, month, day = map(int, written.groups())
    if not 1 <= month <= 12:
        return "i mesi sono dodici"
    last = calendar.monthrange(year, month)[1] if year else 31
    if 1 <= day <= last:
        return None
    return f"{MONTHS[month - 1]} ha {last} giorni"


def _how(name: str, field: FieldInfo, example: Any = None) -> str:
    """How *name* is written: with *example*, or with the one its field declares."""
    if not field.examples:
        inner = named_type(field.annotation, Value)
        if inner is None or get_origin(field.annotation) is not tuple:
            return "Guarda il modello in _modelli/."
        required = {key: one for key, one in inner.model_fields.items() if one.is_required()}
        item = ", ".join(f"{key}: {(one.examples or ['…'])[0]}" for key, one in required.items())
        return f"Scrivi così: {name}: [{{{item}}}]"
    example = example or field.examples[0]
    if isinstance(example, list):
        return f"Scrivila così: {name}: [{', '.join(map(str, example))}]"
    return f"Scrivi così: {name}: {example}"
