"""Bounces: what mail services tell about letters that did not arrive, or were not wanted.

Two shapes are read: a table `email;type;date`, which every service can export in some
way, and the message a mail server sends back (RFC 3464), with its cousin for complaints
(RFC 5965). Nothing is taken over from a file of which a part cannot be read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from enum import StrEnum

from fundraising.clock import italian_day
from fundraising.form import read_email

_COLUMNS = ("email", "type", "date")
_GOOD_LINE = "anna@example.org;hard;2026-11-22"


class Kind(StrEnum):
    """What happened: hard for good, soft for now, complaint because a person said so."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"


@dataclass(frozen=True)
class Bounce:
    """One letter that came back, on a day."""

    email: str
    kind: Kind
    on: date


class BadBounces(ValueError):
    """A file that cannot be taken over; *problems* says why, line by line, in Italian."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_table(content: bytes) -> list[Bounce]:
    """Read a table with the columns email, type and date; raises BadBounces."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadBounces(f"riga {line}: non è UTF-8. Salva la tabella come CSV UTF-8") from None
    header = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in header else ",")
    names = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise BadBounces(
            f"riga 1: manca la colonna {' e '.join(missing)}. Scrivi: {';'.join(_COLUMNS)}"
        )
    found, problems = [], []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        values = dict(zip(names, (cell.strip() for cell in row), strict=False))
        try:
            found.append(_read_row(values))
        except ValueError as error:
            problems.append(f"riga {rows.line_num}: {error}. Scrivila così: {_GOOD_LINE}")
    if problems:
        raise BadBounces(*problems)
    return found


def read_message(content: bytes) -> list[Bounce]:
    """Read what a mail server or a mail service sent back; raises BadBounces."""
    message = message_from_bytes(content, policy=policy.default)
    report = str(message.get_param("report-type", "")).lower()
    if message.get_content_type() != "multipart/report" or report not in (
        "delivery-status", "feedback-report",
    ):  # fmt: skip
        raise BadBounces("non è un messaggio di mancata consegna: manca il rapporto (RFC 3464)")
    day = _day_of(message)
    if report == "feedback-report":
        found = [
            Bounce(email, Kind.COMPLAINT, day)
            for part in message.walk()
            if part.get_content_type() == "message/feedback-report"
            for email in _addresses(_fields(part), "Original-Rcpt-To")
        ]
    else:
        found = [
            bounce
            for part in message.walk()
            if part.get_content_type() == "message/delivery-status"
            for block in _blocks(part)
            for bounce in _read_block(block, day)
        ]
    if not found:
        raise BadBounces("il rapporto non nomina nessun indirizzo a cui la lettera non è arrivata")
    return found


def _read_row(values: dict[str, str]) -> Bounce:
    email = read_email(values.get("email", ""))
    if not email:
        raise ValueError(f"«{values.get('email', '')}» non è un indirizzo")
    kind = values.get("type", "").lower()
    if kind not in set(Kind):
        raise ValueError(f"il tipo «{kind}» non c'è: hard, soft o complaint")
    try:
        on = date.fromisoformat(values.get("date", "")[:10])
    except ValueError:
        raise ValueError(f"la data «{values.get('date', '')}» non si capisce") from None
    return Bounce(email, Kind(kind), on)


def _blocks(part: Message) -> Iterator[Message]:
    """Give the report's blocks, one for each recipient after the first, which is about the message."""
    payload = part.get_payload()
    yield from (
        (block for block in payload if isinstance(block, Message))
        if isinstance(payload, list)
        else ()
    )


def _fields(part: Message) -> Message:
    """Read the fields of a report that the email package leaves as text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload[0] if payload and isinstance(payload[0], Message) else Message()
    return message_from_bytes(str(payload).encode(), policy=policy.default)


def _read_block(block: Message, day: date) -> Iterator[Bounce]:
    if str(block.get("Action", "")).strip().lower() != "failed":
        return
    kind = _kind_of(str(block.get("Status", "")).split(" ")[0].strip())
    # The address we wrote to comes first: a forwarded letter fails at one we never heard of.
    for email in _addresses(block, "Original-Recipient", "Final-Recipient"):
        yield Bounce(email, kind, day)
        return


def _kind_of(status: str) -> Kind:
    """Tell what a status is about: only 5.1.x and 5.2.1 say that the mailbox is not there."""
    level, _, rest = status.partition(".")
    gone = level == "5" and (rest.startswith("1.") or rest == "2.1")
    return Kind.HARD if gone else Kind.SOFT


def _addresses(fields: Message, *names: str) -> Iterator[str]:
    for name in names:
        for value in fields.get_all(name, []):
            email = read_email(str(value).rpartition(";")[2].strip().strip("<>"))
            if email:
                yield email


def _day_of(message: EmailMessage | Message) -> date:
    try:
        moment: datetime = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        raise BadBounces("il messaggio non ha una data che si capisca (Date)") from None
    return italian_day(moment)
