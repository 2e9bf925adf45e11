"""Digests: whether two values, or two folders of files, are the same, told without keeping either.

A value of the model is digested by its type and all of its fields, whatever they
are; a value of a kind not known here is refused rather than guessed at, because
a digest that overlooks something would pass off an old page as a new one.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import hashlib
import os
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel

from portal.editor_files import is_editors_own
from portal.memory import Recent

_PLAIN = (str, int, float, bytes, bool, type(None), datetime.date, datetime.time, enum.Enum)

_OFTEN = frozenset((str, int, bool, type(None), datetime.date))
"""Found at once; whether a value is of any other kind takes asking."""


class Undigestible(TypeError):
    """A value holds something whose sameness cannot be told."""


class Digests:
    """Digests values, each frozen page once."""

    def __init__(self, known: Recent[tuple[object, str]] | None = None) -> None:
        # By identity: hashing a page to look it up would cost what digesting it does.
        self._known = Recent() if known is None else known

    def of(self, value: object) -> str:
        """The digest of *value*. Raises Undigestible where it holds what is neither data nor ours."""
        return digest_of_text(self._text(value))

    def of_long(self, text: str) -> str:
        """The digest of *text*, worked out once as long as a memory holds on to it."""
        known = self._known.get(text)
        if known is None:
            known = (text, digest_of_text(text))
            self._known.put(text, known)
        return known[1]

    def _text(self, value: object) -> str:
        kind = type(value)
        if kind in _OFTEN:
            return f"{kind.__qualname__} {value!r}"
        if isinstance(value, (tuple, list)):
            return f"{kind.__qualname__} [{', '.join(map(self._text, value))}]"
        if isinstance(value, _PLAIN):
            return f"{kind.__qualname__} {value!r}"
        known = self._known.get(id(value))
        if known is None:
            # After what is known already: to tell a mapping is slow.
            if isinstance(value, Mapping):
                pairs = (f"{self._text(key)}: {self._text(each)}" for key, each in value.items())
                return f"{kind.__qualname__} {{{', '.join(pairs)}}}"
            fields = [
                f"{name}={type(each).__qualname__} {each!r}"
                if type(each) in _OFTEN
                else f"{name}={self._text(each)}"
                for name, each in _fields(value)
            ]
            digest = digest_of_text(f"{kind.__module__}.{kind.__qualname__}({', '.join(fields)})")
            known = (value, digest)
            self._known.put(id(value), known)
        return known[1]


def digest_of_text(text: str) -> str:
    """The digest of *text*, as 32 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def digest_of_files(places: Iterable[Path]) -> str:
    """The digest of *places*, files or folders with all below them: names and bytes.

    What Python compiled is left out, and what an editor keeps while a file is open:
    a lock, a backup.
    """
    digest = hashlib.blake2b(digest_size=16)
    for place in places:
        for file in [place] if place.is_file() else _files_below(place):
            try:
                content = file.read_bytes()
            except FileNotFoundError:
                # Gone since it was listed; whoever took it away will make another build.
                continue
            digest.update(f"{file.relative_to(place)}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def installed_packages() -> tuple[str, ...]:
    """Every installed package with its version, as the names of their folders say."""
    return tuple(sorted(name for name in os.listdir(sysconfig.get_path("purelib")) if "-" in name))


def _files_below(folder: Path) -> Iterable[Path]:
    for path, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if name != "__pycache__")
        kept = (name for name in sorted(files) if not is_editors_own(name))
        # A lock may be a link that leads nowhere; a pipe would keep its reader waiting.
        yield from (file for file in (Path(path, name) for name in kept) if file.is_file())


def _fields(value: object) -> Iterable[tuple[str, object]]:
    """What *value* is made of. What it has only worked out from that, and kept, is not part of it."""
    if isinstance(value, BaseModel):
        return ((name, value.__dict__[name]) for name in type(value).model_fields)
    if dataclasses.is_dataclass(value):
        return ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    if type(value).__module__.startswith("portal.model."):
        return vars(value).items()
    raise Undigestible(f"no digest for {type(value).__qualname__}: {value!r}"[:200])
