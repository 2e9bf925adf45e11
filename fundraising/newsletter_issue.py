"""A newsletter issue: the document the site writes, and the letter it becomes for one reader.

Its shape is published as a JSON Schema beside the site. The document knows no reader: two
addresses in it stand for each reader's own, and are put in when the letter leaves.
"""

from __future__ import annotations

import hashlib
import html
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from fundraising.letters import Letter
from fundraising.reader_links import ReaderAddresses

_TEST_MARK = "PROVA – "
_TEXTS = ("subject", "web_url", "html", "text")


class BadIssue(ValueError):
    """A document that is no issue; the message says why, in Italian."""


@dataclass(frozen=True)
class Issue:
    """One issue, ready for any reader. *digest* tells it from every other text."""

    number: int
    subject: str
    web_url: str
    leave_stand_in: str
    preferences_stand_in: str
    html: str
    text: str
    document: str

    @property
    def digest(self) -> str:
        """What is the same only for the same document."""
        return hashlib.sha256(self.document.encode()).hexdigest()

    def for_reader(self, *, leave: str, preferences: str) -> tuple[str, str]:
        """Return HTML and text with the reader's own links in their places."""
        in_html, in_text = self.html, self.text
        for stand_in, own in (
            (self.leave_stand_in, leave),
            (self.preferences_stand_in, preferences),
        ):
            in_html = in_html.replace(stand_in, html.escape(own))
            in_text = in_text.replace(stand_in, own)
        return in_html, in_text


def parse_issue(content: bytes) -> Issue:
    """Read the document; raises BadIssue."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadIssue("non è testo UTF-8: riscrivilo con «portal newsletter»") from None
    try:
        document = json.loads(text)
    except ValueError as error:
        raise BadIssue(f"non è JSON, o è tagliato ({error})") from None
    if not isinstance(document, dict) or document.get("version") != 1:
        raise BadIssue("non è un numero scritto da «portal newsletter»: manca «version»: 1")
    number = document.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise BadIssue(f"«number» è {number!r}: serve il numero, per esempio 1")
    texts = {name: _text(document, name) for name in _TEXTS}
    if not texts["subject"].isprintable():
        raise BadIssue("«subject» va su una riga sola")
    links = document.get("personal_links")
    stand_ins = {
        name: _text(links if isinstance(links, dict) else {}, name)
        for name in ("leave", "preferences")
    }
    for name, stand_in in stand_ins.items():
        for shape in ("html", "text"):
            if stand_in not in texts[shape]:
                raise BadIssue(
                    f"in «{shape}» manca il posto per il link «{name}» ({stand_in}): "
                    "senza, nessuno potrebbe smettere"
                )
    return Issue(
        number=number,
        leave_stand_in=stand_ins["leave"],
        preferences_stand_in=stand_ins["preferences"],
        document=text,
        **texts,
    )


def write_issue(
    issue: Issue, *, to: str, addresses: ReaderAddresses, reply_to: str, livemode: bool
) -> Letter:
    """Write the letter one reader gets, with the headers to leave by (RFC 2369, RFC 8058)."""
    in_html, in_text = issue.for_reader(leave=addresses.leave, preferences=addresses.preferences)
    by_mail = f"mailto:{quote(reply_to, safe='@')}?subject=Non%20mandatemi%20altre%20lettere"
    host = urlsplit(addresses.site_url).hostname or "localhost"
    return Letter(
        kind="newsletter",
        to=to,
        subject=issue.subject if livemode else f"{_TEST_MARK}{issue.subject}",
        text=in_text,
        html=in_html,
        headers=(
            ("Reply-To", reply_to),
            ("List-Id", f"<newsletter.{host}>"),
            ("List-Unsubscribe", f"<{addresses.leave}>, <{by_mail}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ),
    )


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadIssue(f"manca «{name}»: riscrivilo con «portal newsletter»")
    return value
