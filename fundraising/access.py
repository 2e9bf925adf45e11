"""Access: the ways in that a letter or a cookie carries, known here only by their hash.

Somebody who reads the database can open nothing with it. A way in to the donor's
area works once, within minutes; the one to a plan works as long as the plan is
known, because the letter it is in may be opened years later; the one that confirms a
newsletter works as long as there is something to confirm.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from fundraising.store import Transaction, to_text

NewToken = Callable[[], str]
Row = dict[str, Any]

SIGN_IN_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(minutes=30)
_LONGEST_TOKEN = 100


class Purpose(StrEnum):
    """What a token lets somebody do."""

    SIGN_IN = "sign_in"
    SESSION = "session"
    PLAN = "plan"
    OPT_IN = "opt_in"


def random_token() -> str:
    """Draw a token nobody can guess."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is kept of a token. It is random and long, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def grant(
    books: Transaction,
    purpose: Purpose,
    token: str,
    donor: str,
    *,
    livemode: int,
    plan: str | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Make a token work."""
    books.add_access(
        hash=hash_of(token),
        livemode=livemode,
        purpose=purpose,
        donor=donor,
        plan=plan,
        expires_at=to_text(expires_at) if expires_at else None,
    )


def grant_reader(
    books: Transaction, token: str, reader: str, *, livemode: int, expires_at: datetime
) -> None:
    """Make a token confirm what a reader asked for."""
    books.add_reader_access(
        hash=hash_of(token),
        livemode=livemode,
        purpose=Purpose.OPT_IN,
        reader=reader,
        expires_at=to_text(expires_at),
    )


def find(
    books: Transaction, purpose: Purpose, token: str, *, livemode: int, now: datetime
) -> Row | None:
    """Return what a token opens, None when it opens nothing (any more)."""
    if not 0 < len(token) <= _LONGEST_TOKEN or not token.isascii():
        return None
    row: Row | None = books.find_access(
        hash=hash_of(token), purpose=purpose, livemode=livemode, now=to_text(now)
    )
    return row


def use_up(
    books: Transaction, purpose: Purpose, token: str, *, livemode: int, now: datetime
) -> Row | None:
    """Return what a token opens and let it open nothing afterwards; of two at once, one gets it."""
    if find(books, purpose, token, livemode=livemode, now=now) is None:
        return None
    row: Row | None = books.remove_access(hash=hash_of(token))
    return row
