"""The form token: which page a form was sent from, and how long ago we wrote it.

It is signed and kept nowhere. A form sent twice carries the same one; a program that
posts without ever having opened the page has none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FIELD = "form_token"
TRAP = "website"
"""A field no person sees; programs that fill in everything fill it in."""

LONGEST_LIFE = timedelta(hours=12)
_SHAPE = re.compile(r"(\d{1,11})\.([0-9a-f]{32})\.([0-9a-f]{64})")
# What does not make one form different from another.
_NOT_CONTENT = frozenset({FIELD, TRAP})


@dataclass(frozen=True)
class FormToken:
    """A token we wrote: the page's number, drawn once, and its age."""

    page: str
    age: timedelta


def write_token(secret: bytes, *, page: str, now: datetime) -> str:
    """Write the token of a page; *page* is 32 hexadecimal digits nobody can guess."""
    head = f"{int(now.timestamp())}.{page}"
    return f"{head}.{_sign(secret, head)}"


def read_token(secret: bytes, text: str, *, now: datetime) -> FormToken | None:
    """Read a token back; None when it is not ours, or too old to mean anything."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    written, page, signature = match.groups()
    if not hmac.compare_digest(_sign(secret, f"{written}.{page}"), signature):
        return None
    age = timedelta(seconds=int(now.timestamp()) - int(written))
    return FormToken(page, age) if age <= LONGEST_LIFE else None


def intent_ids(
    secret: bytes, typed: Mapping[str, Sequence[str]], token: FormToken | None, *, now: datetime
) -> tuple[str, ...]:
    """Name the intent a form stands for, so that the same form sent twice is one gift.

    The second name is what the same form would have been called a little earlier:
    without a token only the minute tells a double click from a second gift.
    """
    content = {name: list(typed[name]) for name in sorted(typed) if name not in _NOT_CONTENT}
    if token:
        pages = [token.page]
    else:
        minute = int(now.timestamp()) // 60
        pages = [f"minute {minute}", f"minute {minute - 1}"]
    return tuple(_sign(secret, json.dumps([page, content]))[:32] for page in pages)


def _sign(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
