"""Access logs → how often each page was opened in each month. Nothing about who leaves this module.

A reading is a GET that was answered with a page of the site (200, or 304: the
browser had it already), by a program that does not call itself a robot. HEAD,
redirects, errors, files that are not pages, and addresses the site does not
have, such as those of a preview, are none.
"""

from __future__ import annotations

import datetime
import gzip
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

from portal.readers.log_line import LogLines

ROBOTS = (
    "bot", "crawl", "spider", "slurp",                          # search engines, by their own word
    "facebookexternalhit", "whatsapp/", "preview",              # the card that a chat draws of a link
    "feed",                                                     # readers of feeds, that look by themselves
    "monitor", "uptime", "pingdom", "lighthouse", "headless",   # watchers and measurements
    "curl", "wget", "python", "java/", "okhttp", "go-http", "axios", "libwww", "httpclient", "scrapy",  # programs
    "claude", "chatgpt", "archive", "scan",                     # gatherers
)  # fmt: skip
"""A program whose name has one of these words reads for no person. What hides its name is counted."""

# A telephone is called CUBOT.
_ROBOT = re.compile("|".join(map(re.escape, ROBOTS)).replace("bot", "(?<!cu)bot", 1).encode())
_GZIP = b"\x1f\x8b"
_BLOCK_BYTES = 1_048_576
_LONGEST_LINE_BYTES = 65_536
_MOST_AGENTS = 10_000


class UnreadableLog(Exception):
    """A log cannot be read to its end; the message tells an editor why, in Italian."""


@dataclass
class LogCounts:
    """Readings by month and address, the days covered, and what was set aside."""

    readings: dict[str, dict[str, int]] = field(default_factory=dict)
    days: set[datetime.date] = field(default_factory=set)
    lines: int = 0
    bad_lines: int = 0
    robots: int = 0
    unknown_addresses: int = 0
    nameless: int = 0
    """Readings in a format that does not tell which program it was."""


def read_access_logs(files: Iterable[Path], urls: Iterable[str], prefix: str = "/") -> LogCounts:
    """Count the readings of *urls*, pages from the site's root, which is served at *prefix*.

    A file given twice counts once. UnreadableLog where one cannot be read to its end.
    """
    root = f"/{prefix.strip('/')}/".replace("//", "/")
    pages: dict[bytes, str] = {}
    for url in urls:
        address = f"{root}{url}".encode()
        for spelling in (address, address.removesuffix(b"/"), address + b"index.html"):
            pages[spelling or b"/"] = url
    counts, lines = LogCounts(), LogLines()
    readings: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    months: dict[datetime.date, dict[str, int]] = {}
    agents: dict[bytes, bool] = {}
    for file in dict.fromkeys(file.resolve() for file in files):
        for line in _lines(file):
            counts.lines += 1
            request = lines.read(line) if line is not None else None
            if request is None:
                counts.bad_lines += 1
                continue
            day, method, target, status, agent = request
            if day not in months:
                months[day] = readings[f"{day:%Y-%m}"]
            if method != b"GET" or status not in (200, 304):
                continue
            opened = pages[target] if target in pages else _page(target, pages)
            if opened is None:
                counts.unknown_addresses += target.partition(b"?")[0].endswith((b"/", b".html"))
                continue
            if agent is None:
                counts.nameless += 1
            else:  # the same few programs come again and again
                if agent not in agents:
                    if len(agents) >= _MOST_AGENTS:
                        agents.clear()
                    agents[agent] = agent in (b"", b"-") or bool(_ROBOT.search(agent.lower()))
                if agents[agent]:
                    counts.robots += 1
                    continue
            months[day][opened] += 1
    counts.days = set(months)
    counts.readings = {month: dict(pages_read) for month, pages_read in readings.items()}
    return counts


def _page(target: bytes, pages: dict[bytes, str]) -> str | None:
    """The page at *target*, however it is written: with a host, a query, a fragment, percent signs."""
    path = target.partition(b"?")[0].partition(b"#")[0]
    if not path.startswith(b"/"):
        path = b"/" + path.partition(b"://")[2].partition(b"/")[2]
    url = pages.get(path)
    return pages.get(unquote_to_bytes(path)) if url is None and b"%" in path else url


def _lines(file: Path) -> Iterator[bytes | None]:
    """The lines that are not empty; nothing in place of one too long to be a line of a log."""
    rest = b""
    is_too_long = False
    try:
        with _opened(file) as log:
            while block := log.read(_BLOCK_BYTES):
                *lines, rest = (rest + block).split(b"\n")
                for line in lines:
                    if is_too_long or len(line) > _LONGEST_LINE_BYTES:
                        is_too_long = False
                        yield None
                    elif line and line != b"\r":
                        yield line
                if len(rest) > _LONGEST_LINE_BYTES:
                    rest, is_too_long = b"", True
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableLog(
            f"{file.name}: il file compresso è tagliato o rovinato. Copialo di nuovo dal server."
        ) from error
    except OSError as error:
        raise UnreadableLog(
            f"{file}: il file non c'è o non si può leggere. Controlla il nome e la cartella."
        ) from error
    if is_too_long:
        yield None
    elif rest:
        yield rest


def _opened(file: Path) -> BinaryIO:
    """The log as plain bytes, unpacked where its first bytes say gzip, whatever its name."""
    with file.open("rb") as start:
        is_packed = start.read(2) == _GZIP
    return gzip.open(file, "rb") if is_packed else file.open("rb")  # type: ignore[return-value]
