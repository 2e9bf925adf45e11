"""Mailers: a letter becomes an e-mail and leaves, or is kept in a folder.

Whoever sends decides by a refusal's *temporary* whether to try again. A refusal
never carries the donor's address, because refusals end up in logs.
"""

import os
import re
import smtplib
import ssl
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, SMTPUTF8, default
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from fundraising.letters import Attachment, Letter

LETTER_NAME = re.compile(r"[A-Za-z0-9_.@-]{1,80}-[0-9a-f]{16}\.eml")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
TIMEOUT_SECONDS = 20.0


class MailRefused(Exception):
    """A letter did not leave.

    *temporary* is true when the same letter may leave later: the server is
    busy, away, or does not accept our password.
    """

    def __init__(self, reason: str, *, temporary: bool) -> None:
        super().__init__(reason)
        self.temporary = temporary


class Mailer(Protocol):
    """Whatever can send a letter."""

    def send(self, letter: Letter, message_id: str) -> None:
        """Send a letter under this message id; raises MailRefused."""


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
    message = EmailMessage(policy=policy)
    message["From"] = Address(name, user, domain)
    message["To"] = Address("", *letter.to.rsplit("@", 1))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<{identity}>"
    # So that an absence note does not answer a letter nobody typed (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
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


def _now() -> datetime:
    return datetime.now(UTC)


class SmtpMailer:
    """Send through an SMTP server.

    *url* is ``smtp://user:password@host:587``, which goes over to TLS when the
    server offers it, or ``smtps://…:465``, TLS from the first byte. A password
    is never sent in the clear, except to this machine.
    """

    def __init__(
        self,
        url: str,
        mail_from: str,
        *,
        clock: Callable[[], datetime] = _now,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("SMTP_URL is not smtp://host:port or smtps://host:port")
        self.host = parts.hostname
        self.is_tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.is_tls else 587)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.mail_from = mail_from
        self.clock = clock
        self.timeout_seconds = timeout_seconds

    def send(self, letter: Letter, message_id: str) -> None:
        """Send a letter; raises MailRefused."""
        message = compose(letter, message_id, self.mail_from, self.clock())
        try:
            server = self._connect()
            try:
                server.send_message(message)
                # Accepted is accepted: what goes wrong while leaving must not send it twice.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
            finally:
                server.close()
        except smtplib.SMTPRecipientsRefused as refusal:
            [(code, answer)] = refusal.recipients.values()
            raise self._refused(letter, code, answer) from None
        except smtplib.SMTPResponseException as refusal:
            raise self._refused(letter, refusal.smtp_code, refusal.smtp_error) from None
        except smtplib.SMTPNotSupportedError:
            reason = "the server cannot write to an address with letters outside ASCII"
            raise MailRefused(reason, temporary=False) from None
        except (smtplib.SMTPException, OSError) as failure:
            reason = f"{self.host}:{self.port} does not answer ({type(failure).__name__})"
            raise MailRefused(reason, temporary=True) from None

    def _connect(self) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        if self.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=tls
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)
        try:
            server.ehlo_or_helo_if_needed()
            is_private = self.is_tls or self.host in LOOPBACK
            if not self.is_tls and server.has_extn("starttls"):
                server.starttls(context=tls)
                is_private = True
            if self.user and not is_private:
                reason = f"{self.host} offers no TLS and we have a password to send"
                raise MailRefused(reason, temporary=True)
            if self.user:
                self._log_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        # Our settings are wrong, not the letter: it waits until they are mended.
        try:
            server.login(self.user, self.password)
        except smtplib.SMTPAuthenticationError as refusal:
            reason = f"{self.host} does not take our password ({refusal.smtp_code})"
            raise MailRefused(reason, temporary=True) from None
        except smtplib.SMTPNotSupportedError:
            reason = f"{self.host} takes no password and we have one to send"
            raise MailRefused(reason, temporary=True) from None

    def _refused(self, letter: Letter, code: int, answer: bytes | str) -> MailRefused:
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        # Without the address, whole or without its domain.
        for private in (letter.to, letter.to.rpartition("@")[0]):
            text = re.sub(rf"(?<!\w){re.escape(private)}(?!\w)", "…", text, flags=re.IGNORECASE)
        return MailRefused(f"{code} {text}", temporary=code < 500)


class FolderMailer:
    """Keep letters as .eml files in a folder, instead of sending them.

    The same message id gives the same file, so a letter sent twice is one letter.
    """

    def __init__(
        self, folder: Path, mail_from: str, *, clock: Callable[[], datetime] = _now
    ) -> None:
        self.folder = Path(folder)
        self.mail_from = mail_from
        self.clock = clock

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
