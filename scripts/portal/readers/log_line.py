"""A line of a web server's access log → the five things that are looked at.

Common and Combined Log Format (https://httpd.apache.org/docs/current/logs.html),
the JSON lines of Caddy, and those of nginx with its own names for the values.
Addresses, users and referrers are read over: they are never kept.
"""

from __future__ import annotations

import datetime
import json
import re
from typing import Any
from zoneinfo import ZoneInfo

LoggedRequest = tuple[datetime.date, bytes, bytes, int, bytes | None]
"""The day, the method, the target, the status, and the user agent where the format has one."""

_QUOTED = rb'"([^"\\]*(?:\\.[^"\\]*)*)"'
_COMMON = re.compile(
    rb'[^\["]*\[(\d\d/[A-Z][a-z]{2}/\d{4}):[^\]"]*\] '
    + _QUOTED
    + rb" (\d{3}) [\d-]+(?: "
    + _QUOTED.replace(b"(", b"(?:", 1)
    + b" "
    + _QUOTED
    + b")?",
    re.DOTALL,
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun",
         b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"), start=1)
}  # fmt: skip
_ROME = ZoneInfo("Europe/Rome")


class LogLines:
    """Reads lines. Days repeat for thousands of lines: each is worked out once."""

    def __init__(self) -> None:
        self._days: dict[bytes, datetime.date | None] = {}

    def read(self, line: bytes) -> LoggedRequest | None:
        """The request in *line*, or nothing where it is not a line of a log. Never raises."""
        if line.startswith(b"{"):
            return _read_json(line)
        found = _COMMON.match(line)
        if found is None:
            return None
        written, request, status, agent = found.groups()
        if written not in self._days:
            self._days[written] = _day(written)
        day = self._days[written]
        if day is None:
            return None
        method, _, rest = request.partition(b" ")
        return day, method, rest.partition(b" ")[0], int(status), agent


def _day(written: bytes) -> datetime.date | None:
    """`04/Jul/2015`, in the server's own time."""
    day, month, year = written.split(b"/")
    try:
        return datetime.date(int(year), _MONTHS[month], int(day))
    except (KeyError, ValueError):
        return None


def _read_json(line: bytes) -> LoggedRequest | None:
    try:
        record = json.loads(line)
        request = record.get("request") if isinstance(record.get("request"), dict) else {}
        headers = request.get("headers", {})
        agents = headers.get("User-Agent") or record.get("http_user_agent")
        agent = agents[0] if isinstance(agents, list) else agents
        return (
            _moment(record.get("ts") or record.get("time_iso8601")),
            _bytes(request.get("method") or record["request_method"]),
            _bytes(request.get("uri") or record.get("request_uri") or record["uri"]),
            int(record["status"]),
            None if agent is None else _bytes(agent),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, OSError,
            RecursionError):  # fmt: skip
        return None


def _moment(written: Any) -> datetime.date:
    """The day in Italy, from seconds since 1970 (Caddy) or ISO 8601 (nginx)."""
    if isinstance(written, str):
        return datetime.datetime.fromisoformat(written).date()
    return datetime.datetime.fromtimestamp(float(written), tz=_ROME).date()


def _bytes(text: Any) -> bytes:
    if not isinstance(text, str):
        raise TypeError(text)
    return text.encode("utf-8", "replace")
