"""SMTP: letters over a connection to a mail server, one or many.

A refusal says whether the same letter may leave later, and whether it is the mailbox
that is wrong. It never carries the reader's address, because refusals end up in logs.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from fundraising.clock import Clock, utc_now
from fundraising.letters import Letter
from fundraising.mailer import MailRefused, compose

LOOPBACK = ("localhost", "127.0.0.1", "::1")
TIMEOUT_SECONDS = 20.0
# How long an answer to a letter is waited for, where many letters leave.
_ANSWER_SECONDS = 120.0
_STATUS = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")


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
        clock: Clock = utc_now,
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
        session = SmtpSession(self, answer_seconds=self.timeout_seconds)
        try:
            session.send(letter, message_id)
        finally:
            session.close()

    @contextmanager
    def session(self) -> Iterator[SmtpSession]:
        """Open a connection for many letters; it is made when the first one leaves."""
        patience = max(self.timeout_seconds, _ANSWER_SECONDS)
        session = SmtpSession(self, answer_seconds=patience)
        try:
            yield session
        finally:
            session.close()

    def hand_over(self, server: smtplib.SMTP, letter: Letter, message_id: str) -> None:
        """Send a letter over a connection; raises MailRefused."""
        message = compose(letter, message_id, self.mail_from, self.clock())
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            [(code, answer)] = refusal.recipients.values()
            refused = self._refused(letter, code, answer)
            refused.no_such_mailbox = _is_about_the_mailbox(code, str(refused))
            raise refused from None
        except smtplib.SMTPResponseException as refusal:
            raise self._refused(letter, refusal.smtp_code, refusal.smtp_error) from None
        except smtplib.SMTPNotSupportedError:
            reason = "the server cannot write to an address with letters outside ASCII"
            raise MailRefused(reason, temporary=False) from None
        except (smtplib.SMTPException, OSError) as failure:
            raise self._unreachable(failure) from None

    def connect(self) -> smtplib.SMTP:
        """Make a connection; raises MailRefused."""
        try:
            return self._connect()
        except MailRefused as refused:
            # A password that is not taken stops every letter, not this one.
            refused.unreachable = True
            raise
        except smtplib.SMTPResponseException as refusal:
            reason = f"{self.host} answers {refusal.smtp_code}"
            raise MailRefused(reason, temporary=True, unreachable=True) from None
        except (smtplib.SMTPException, OSError) as failure:
            raise self._unreachable(failure) from None

    def _unreachable(self, failure: Exception) -> MailRefused:
        reason = f"{self.host}:{self.port} does not answer ({type(failure).__name__})"
        return MailRefused(reason, temporary=True, unreachable=True)

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


class SmtpSession:
    """One connection for many letters; after it is lost, the next letter makes a new one.

    *answer_seconds* is how long the answer to a letter is waited for.
    """

    def __init__(self, mailer: SmtpMailer, *, answer_seconds: float) -> None:
        self._mailer = mailer
        self._answer_seconds = answer_seconds
        self._server: smtplib.SMTP | None = None

    def send(self, letter: Letter, message_id: str) -> None:
        """Send a letter; raises MailRefused."""
        if self._server is None or self._server.sock is None:
            self._server = self._mailer.connect()
            # What has been handed over is waited for: giving up early would send it twice.
            _wait_at_most(self._server, self._answer_seconds)
        try:
            self._mailer.hand_over(self._server, letter, message_id)
        except MailRefused as refused:
            if refused.unreachable:
                self._server.close()
                self._server = None
            raise

    def close(self) -> None:
        """Take leave; accepted is accepted, whatever goes wrong now."""
        if self._server is None or self._server.sock is None:
            return
        with suppress(smtplib.SMTPException, OSError):
            _wait_at_most(self._server, self._mailer.timeout_seconds)
            self._server.quit()
        self._server.close()


def _wait_at_most(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock:
        server.sock.settimeout(seconds)


def _is_about_the_mailbox(code: int, answer: str) -> bool:
    """Tell a mailbox that is not there from a server that does not like us (RFC 3463)."""
    status = _STATUS.search(answer)
    if code < 500:
        return False
    if status is None:
        return code in (550, 551, 553)
    return status[1] == "1" or (status[1], status[2]) == ("2", "1")
