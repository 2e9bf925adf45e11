"""Reader links: what a letter carries so that its reader can leave, choose or come back.

A link is signed and never used up: whoever repeats it sees the same page. The key is in
the books and not in the settings, because a letter may be opened years later, when every
key of the deployment has changed. Somebody who can read it could sign a link, and would
find behind it what they have just read.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from fundraising.access import NewToken
from fundraising.store import Transaction

_SHAPE = re.compile(r"([0-9a-f]{32})\.([a-z0-9-]{0,40})\.([0-9a-f]{32})")


@dataclass(frozen=True)
class ReaderLink:
    """What a link is about: a reader, and one topic or, when it is empty, all of them."""

    reader: str
    topic: str = ""


@dataclass(frozen=True)
class ReaderAddresses:
    """Where the links of one letter lead."""

    site_url: str
    token: str

    @property
    def leave(self) -> str:
        """The page, and for mail programs the address, to leave by."""
        return f"{self.site_url}/api/newsletter/leave/{self.token}"

    @property
    def preferences(self) -> str:
        """The page to choose on."""
        return f"{self.site_url}/api/newsletter/preferences/{self.token}"


def read_key(books: Transaction, *, livemode: int, new_token: NewToken) -> bytes:
    """Return the key that signs links; the first time it is drawn."""
    key: str = books.draw_reader_key(livemode=livemode, key=new_token())["key"]
    return key.encode()


def write_link(key: bytes, link: ReaderLink) -> str:
    """Sign a link."""
    return f"{link.reader}.{link.topic}.{_sign(key, link)}"


def read_link(key: bytes, token: str) -> ReaderLink | None:
    """Read a link back; None when we did not sign it."""
    match = _SHAPE.fullmatch(token)
    if match is None:
        return None
    link = ReaderLink(match[1], match[2])
    return link if hmac.compare_digest(_sign(key, link), match[3]) else None


def _sign(key: bytes, link: ReaderLink) -> str:
    text = f"{link.reader}.{link.topic}"
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
