"""The patient check of links to other sites: one question at a time to each, and good answers remembered.

Sites go down for a night, refuse robots, answer slowly. Whoever cries wolf at
that is soon not listened to. So only «it is gone» (404, 410) counts at once;
anything else must have failed on three different days, a week apart at least.
"""

from __future__ import annotations

import datetime
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

GOOD_FOR_DAYS = 14
FAILURES_BEFORE_WORD = 3
DAYS_BEFORE_WORD = 7
HOSTS_AT_ONCE = 8
TIMEOUT_SECONDS = 15.0
PAUSE_SECONDS = 1.0

_GONE = frozenset({404, 410})
_REFUSED = frozenset({401, 403, 406, 429, 451, 999})
"""The page may be there and is not for robots: a person with a browser can tell."""
_NAME = "Mozilla/5.0 (compatible; OltreiperimetriLinkCheck/1.0)"

Ask = Callable[[str], int | None]
"""Asks for an address and gives the HTTP status, or None where nobody answered."""


@dataclass(frozen=True)
class Memory:
    """What is known of one address: the day it was last *good*, the days it *failed* since, its last *status*."""

    good: datetime.date | None = None
    failed: tuple[datetime.date, ...] = ()
    status: int | None = None

    def after(self, status: int | None, today: datetime.date) -> Memory:
        """What is known once the address has answered *status* on *today*."""
        if status is not None and (status < 400 or status in _REFUSED):
            return Memory(good=today, status=status)
        return Memory(self.good, tuple(sorted({*self.failed, today})), status)

    def is_fresh(self, today: datetime.date) -> bool:
        """Whether there is no need to ask again on *today*."""
        return (
            self.good is not None
            and not self.failed
            and 0 <= (today - self.good).days < GOOD_FOR_DAYS
        )

    @property
    def fault(self) -> str | None:
        """What to tell an editor of the address, in Italian, or nothing yet."""
        if not self.failed:
            return None
        if self.status in _GONE:
            return f"non c'è più (il sito risponde {self.status})"
        days = (self.failed[-1] - self.failed[0]).days
        if len(self.failed) >= FAILURES_BEFORE_WORD and days >= DAYS_BEFORE_WORD:
            said = f"risponde {self.status}" if self.status else "non risponde"
            return f"{said} da {days} giorni"
        return None


def dead_links(
    addresses: Collection[str],
    memory_file: Path,
    today: datetime.date,
    ask: Ask,
    pause: Callable[[], None] = lambda: time.sleep(PAUSE_SECONDS),
) -> dict[str, str]:
    """What to tell of each of *addresses* that is dead, asking only what *memory_file* does not know.

    Hosts are asked side by side, each one address at a time with a *pause* between.
    """
    memory = read_memory(memory_file)
    by_host: dict[str, list[str]] = {}
    for address in sorted(set(addresses)):
        if not memory.get(address, Memory()).is_fresh(today):
            by_host.setdefault(_host(address), []).append(address)

    def ask_host(listed: Iterable[str]) -> dict[str, int | None]:
        answers: dict[str, int | None] = {}
        for number, address in enumerate(listed):
            if number:
                pause()
            answers[address] = ask(address)
        return answers

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as hosts:
        for answers in hosts.map(ask_host, by_host.values()):
            for address, status in answers.items():
                memory[address] = memory.get(address, Memory()).after(status, today)
            write_memory(memory_file, memory)  # what is known stays known if somebody stops us here
    return {
        address: fault
        for address in addresses
        if address in memory and (fault := memory[address].fault) is not None
    }


def ask_over_http(address: str, timeout_seconds: float = TIMEOUT_SECONDS) -> int | None:
    """Ask for the head of *address*, and for the page itself where a head is not given."""
    status = _status(address, "HEAD", timeout_seconds)
    if status is None or status >= 400:
        status = _status(address, "GET", timeout_seconds)
    return status


def read_memory(file: Path) -> dict[str, Memory]:
    """What earlier checks remember. A file that is missing or damaged is a memory of nothing."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return {address: _remembered(facts) for address, facts in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return {}


def write_memory(file: Path, memory: Mapping[str, Memory]) -> None:
    """Remember, whole or not at all."""
    kept = {
        address: {
            "good": known.good.isoformat() if known.good else None,
            "failed": [day.isoformat() for day in known.failed],
            "status": known.status,
        }
        for address, known in sorted(memory.items())
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    beside.replace(file)


def _remembered(facts: Mapping[str, object]) -> Memory:
    good, failed, status = facts["good"], facts["failed"], facts["status"]
    if not isinstance(failed, list) or not (status is None or isinstance(status, int)):
        raise ValueError(f"not a memory of a link: {facts!r}")
    return Memory(
        datetime.date.fromisoformat(str(good)) if good else None,
        tuple(datetime.date.fromisoformat(str(day)) for day in failed),
        status,
    )


def _status(address: str, method: str, timeout_seconds: float) -> int | None:
    plain = quote(address, safe="/:?#[]@!$&'()*+,;=%~")
    try:
        request = urllib.request.Request(plain, method=method, headers={"User-Agent": _NAME})
        with urllib.request.urlopen(request, timeout=timeout_seconds) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, ValueError, http.client.HTTPException):
        return None


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return address
