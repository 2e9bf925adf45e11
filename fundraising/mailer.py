"""Mailers: a letter becomes an e-mail and leaves, or is kept in a folder.

Whoever sends decides by a refusal's *temporary* whether to try again. A refusal
never carries the donor's address, because refusals end up in logs.
"""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, SMTPUTF8, Policy, default
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from fundraising.clock import Clock, utc_now
from fundraising.letters import Attachment, Letter

LETTER_NAME = re.compile(r"[A-Za-z0-9_.@-]{1,80}-[0-9a-f]{16}\.eml")


class MailRefused(Exception):
    """A letter did not leave.

    *temporary* is true when the same letter may leave later: the server is
    busy, away, or does not accept our password. *unreachable* says that nothing was
    answered to this letter: we did not get through, or were cut off, and then it may even
    have arrived. *no_such_mailbox* says that the address is what is wrong, and not the
    letter or the sender.
    """

    def __init__(
        self,
        reason: str,
        *,
        temporary: bool,
        unreachable: bool = False,
        no_such_mailbox: bool = False,
    ) -> None:
        super().__init__(reason)
        self.temporary = temporary
        self.unreachable = unreachable
        self.no_such_mailbox = no_such_mailbox


class Mailer(Protocol):
    """Whatever can send a letter."""

    def send(self, letter: Letter, message_id: str) -> None:
        """Send a letter under this message id; raises MailRefused."""

    def session(self) -> AbstractContextManager[Postbag]:
        """Open a way for many letters."""


class Postbag(Protocol):
    """Whatever can send one letter after the other."""

    def send(self, letter: Letter, message_id: str) -> None:
        """Send a letter under this message id; raises MailRefused."""


class _Whole(UnstructuredHeader, BaseHeader):
    """A header whose addresses stay whole: one cut by folding leads nowhere."""

    def fold(self, *, policy: Policy) -> str:
        lines = f",{policy.linesep} ".join(str(self).split(", "))
        return f"{self.name}: {lines}{policy.linesep}"


def _whole_addresses() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", _Whole)
    return registry


def compose(letter: Letter, message_id: str, mail_from: str, sent_at: datetime) -> EmailMessage:
    """Make the e-mail: both parts of the letter, and its attachments.

    *mail_from* is an address with or without a name. *message_id* may leave out
    the domain, which is then that of *mail_from*. A value that would break out
    of its header raises ValueError.
    """
    name, address = parseaddr(mail_from)
    user, at, domain = address.rpartition("@")
    if not (user and at and domain and mail_from.isprintable()):
        raise ValueError(f"MAIL_FROM is {mail_from!r}, which is no e-mail address")
    identity = message_id if "@" in message_id else f"{message_id}@{domain}"
    if not re.fullmatch(r"[A-Za-z0-9_.:+/=-]+@[A-Za-z0-9.-]+", identity):
        raise ValueError(f"message id {message_id!r} does not fit in a header")

    # Addresses outside ASCII need a server that knows SMTPUTF8; the rest does not.
    policy = SMTP if (letter.to + address).isascii() else SMTPUTF8
    message = EmailMessage(policy=policy.clone(header_factory=_whole_addresses()))
    message["From"] = Address(name, user, domain)
    message["To"] = Address("", *letter.to.rsplit("@", 1))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<{identity}>"
    # So that an absence note does not answer a letter nobody typed (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    for header, value in letter.headers:
        message[header] = value
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for attachment in letter.attachments:
        maintype, _, subtype = attachment.media_type.partition("/")
        message.add_attachment(
            attachment.content, maintype=maintype, subtype=subtype, filename=attachment.filename
        )
    # Last, because setting and adding parts takes the Content- headers away.
    message["Content-Language"] = "it"
    return message


class FolderMailer:
    """Keep letters as .eml files in a folder, instead of sending them.

    The same message id gives the same file, so a letter sent twice is one letter.
    """

    def __init__(self, folder: Path, mail_from: str, *, clock: Clock = utc_now) -> None:
        self.folder = Path(folder)
        self.mail_from = mail_from
        self.clock = clock

    def session(self) -> AbstractContextManager[FolderMailer]:
        """Write many letters."""
        return nullcontext(self)

    def send(self, letter: Letter, message_id: str) -> None:
        """Write a letter whole or not at all."""
        message = compose(letter, message_id, self.mail_from, self.clock())
        self.folder.mkdir(parents=True, exist_ok=True)
        readable = re.sub(r"[^A-Za-z0-9_.@-]", "-", message_id)[:60]
        name = f"{readable}-{sha256(message_id.encode()).hexdigest()[:16]}.eml"
        handle, draft = tempfile.mkstemp(dir=self.folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes())
            os.replace(draft, self.folder / name)
        except BaseException:
            os.unlink(draft)
            raise


@dataclass(frozen=True)
class StoredLetter:
    """A letter read back from a folder."""

    name: str
    sent_at: datetime
    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


def list_letters(folder: Path) -> list[StoredLetter]:
    """Read the letters kept in a folder, the newest first."""
    names = [path.name for path in Path(folder).glob("*.eml") if LETTER_NAME.fullmatch(path.name)]
    letters = [read_letter(folder, name) for name in names]
    return sorted(letters, key=lambda letter: (letter.sent_at, letter.name), reverse=True)


def read_letter(folder: Path, name: str) -> StoredLetter:
    """Read one letter; raises FileNotFoundError for a name that is not one of ours."""
    if not LETTER_NAME.fullmatch(name):
        raise FileNotFoundError(name)
    message = BytesParser(policy=default).parsebytes((Path(folder) / name).read_bytes())
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    if text is None or html is None:
        raise FileNotFoundError(name)
    return StoredLetter(
        name=name,
        sent_at=message["Date"].datetime,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=text.get_content(),
        html=html.get_content(),
        attachments=tuple(
            Attachment(part.get_filename(""), part.get_content(), part.get_content_type())
            for part in message.iter_attachments()
        ),
    )
