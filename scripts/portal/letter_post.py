"""One letter, to one address, to look at it where letters are read. Not how an issue goes out."""

from __future__ import annotations

import email
import email.policy
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

_SECONDS = 20
_LOCAL = ("localhost", "127.0.0.1", "::1")


class NotSent(Exception):
    """The letter did not leave; the message says why, in Italian."""


def send_test(eml: bytes, to: str, smtp_url: str) -> None:
    """Send the message *eml* to *to* by the server at *smtp_url*, its subject marked as a test.

    `smtps://user:password@host:465` is TLS from the start; `smtp://…:587` asks for
    STARTTLS, and goes on without only on this machine. Raises NotSent.
    """
    message = email.message_from_bytes(eml, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    subject = str(message["Subject"])
    del message["Subject"]
    message["Subject"] = f"[PROVA] {subject}"
    message["To"] = to
    try:
        with _connected(smtp_url) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code, answer = next(iter(refused.recipients.values()))
        raise NotSent(
            f"il server non accetta l'indirizzo {to}: {code} {_said(answer)}"
        ) from refused
    except smtplib.SMTPResponseException as refused:
        raise NotSent(
            f"il server ha risposto {refused.smtp_code} {_said(refused.smtp_error)}"
        ) from refused
    except (OSError, smtplib.SMTPException) as fault:
        raise NotSent(f"il server di posta non risponde ({fault})") from fault


def _connected(smtp_url: str) -> smtplib.SMTP:
    if not smtp_url:
        raise NotSent("manca SMTP_URL, il server di posta. Guarda .env.example")
    address = urlsplit(smtp_url)
    if address.scheme not in ("smtp", "smtps") or not address.hostname:
        raise NotSent(
            "SMTP_URL non si capisce. Scrivila così: smtps://utente:password@posta.esempio.it:465"
        )
    secure = ssl.create_default_context()
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(
            address.hostname, address.port or 465, timeout=_SECONDS, context=secure
        )
    else:
        server = smtplib.SMTP(address.hostname, address.port or 587, timeout=_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=secure)
        elif address.hostname not in _LOCAL:
            server.close()
            raise NotSent(
                "il server non sa cifrare la connessione: la password passerebbe in chiaro"
            )
    if address.username:
        server.login(unquote(address.username), unquote(address.password or ""))
    return server


def _said(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
