"""A host of static files for the tests, which sends what the site's own `_headers` asks for."""

from __future__ import annotations

import gzip
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

from tests.site.built_pages import served_file

ALREADY_SMALL = {".woff2", ".png", ".jpg", ".webp", ".avif"}
"""What compressing again would not make smaller."""

_ONE_GIFT = {"gifts": 1, "confirmed_cents": 25_00, "pending_cents": 0, "costs_cents": 63}
TOTALS = {
    "version": 1,
    "mode": "test",
    "as_of": "2026-11-22T10:00:00+00:00",
    "currency": "eur",
    "campaigns": {"colazione-delle-mamme": _ONE_GIFT},
    "total": _ONE_GIFT,
}
"""What the giving answers at `/api/totals.json`, which is no part of the static site."""


@dataclass(frozen=True)
class HeaderRule:
    """The headers of every path that fits a pattern, where `*` stands for anything."""

    pattern: str
    headers: tuple[tuple[str, str], ...]

    def fits(self, path: str) -> bool:
        return bool(re.fullmatch(".*".join(map(re.escape, self.pattern.split("*"))), path))


def read_rules(text: str) -> list[HeaderRule]:
    """The rules of a `_headers` file: a path, then its headers indented under it."""
    rules = []
    for block in text.strip().split("\n\n"):
        pattern, *lines = block.splitlines()
        headers = tuple(tuple(line.strip().split(": ", 1)) for line in lines)
        rules.append(HeaderRule(pattern, headers))
    return rules


class Host(BaseHTTPRequestHandler):
    """Answers with the files of a folder and the headers the rules give them, and with the totals."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments, folder: Path, rules: list[HeaderRule], **options) -> None:
        self.folder = folder
        self.rules = rules
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = served_file(self.folder, path)
        if path == "/api/totals.json":
            self._answer(json.dumps(TOTALS).encode(), {"Content-Type": "application/json"})
        elif file.is_file():
            headers = {"Content-Type": guess_type(file.name)[0] or "application/octet-stream"}
            for rule in self.rules:
                headers |= dict(rule.headers) if rule.fits(path) else {}
            if file.suffix not in ALREADY_SMALL:
                headers["Content-Encoding"] = "gzip"
            self._answer(travelling_bytes(file), headers)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _answer(self, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(HTTPStatus.OK)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments) -> None:
        pass


@cache
def travelling_bytes(file: Path) -> bytes:
    """A file as a host sends it: compressed, unless that would gain nothing."""
    content = file.read_bytes()
    return content if file.suffix in ALREADY_SMALL else gzip.compress(content, 6)


class Server(ThreadingHTTPServer):
    """A thread a request; silent about browsers that leave before the answer is there."""

    def handle_error(self, request, client_address) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def host_of(folder: Path) -> Iterator[str]:
    """Serve the site in *folder*, and say at which address."""
    rules = read_rules((folder / "_headers").read_text(encoding="utf-8"))
    answer = partial(Host, folder=folder, rules=rules)
    server = Server(("127.0.0.1", 0), answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    with host_of(Path(sys.argv[1])) as address:
        print(address, flush=True)
        threading.Event().wait()
