"""The visual editor over HTTP, at `/admin/` of the preview and nowhere else.

Whoever can ask here can write into the content folder, so it answers the person
at this machine alone: by a name of this machine (a foreign name that leads here
would be another site's page), and for writing only pages of this address.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from portal.admin.backend import Backend
from portal.admin.folder import Refused
from portal.readers.picture_files import MOST_BYTES

PREFIX = "/admin/"
API = f"{PREFIX}api"
MOST_QUESTION_BYTES = 4 * MOST_BYTES
"""A story with a few pictures, each a third longer for being sent as text."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        # Decap checks its configuration with Ajv, which compiles the schema into a function.
        "script-src 'self' 'unsafe-eval'",
        # Decap is styled by Emotion, which writes <style> elements while it runs.
        "style-src 'self' 'unsafe-inline'",
        # Pictures that have just been chosen exist only in the browser; icons are written into the bundle.
        "img-src 'self' blob: data:",
        # The copy that Decap keeps in the browser of what is not saved reads a picture back from there.
        "connect-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

_HERE = Path(__file__).parent
_FILES = {
    "": (_HERE / "index.html", "text/html; charset=utf-8"),
    "editor.js": (_HERE / "editor.js", "text/javascript; charset=utf-8"),
    "editor.css": (_HERE / "editor.css", "text/css; charset=utf-8"),
    "decap-cms.js": (_HERE / "vendor" / "decap-cms.js", "text/javascript; charset=utf-8"),
}
_HEADERS = [
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
]

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_editor(app: WSGIApplication, backend: Backend, hosts: frozenset[str]) -> WSGIApplication:
    """*app*, with the editor under `/admin/`. *hosts* are the names, with port, that mean this machine."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == PREFIX.rstrip("/"):
            start_response("301 Moved Permanently", [("Location", PREFIX), ("Content-Length", "0")])
            return [b""]
        if not path.startswith(PREFIX):
            return app(environ, start_response)
        status, kind, body = _respond(environ, backend, hosts)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(status, [*headers, *_HEADERS])
        return [body]

    return answer


def _respond(
    environ: dict[str, Any], backend: Backend, hosts: frozenset[str]
) -> tuple[str, str, bytes]:
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    if environ.get("HTTP_HOST") not in hosts:
        return _refusal("403 Forbidden", "Questo indirizzo risponde solo su questo computer.")
    if path == API:
        if method != "POST":
            return _refusal("405 Method Not Allowed", "Qui si risponde solo all'editor.")
        return _answer(environ, backend, hosts)
    if method not in ("GET", "HEAD"):
        return _refusal("405 Method Not Allowed", "Qui si può solo leggere.")
    if path == f"{PREFIX}config.json":
        return _said(backend.configuration)
    if (found := _FILES.get(path.removeprefix(PREFIX))) is None:
        return _refusal("404 Not Found", "Qui non c'è niente.")
    file, kind = found
    return "200 OK", kind, file.read_bytes()


def _answer(
    environ: dict[str, Any], backend: Backend, hosts: frozenset[str]
) -> tuple[str, str, bytes]:
    """What the backend says to a question, if it comes from a page of ours."""
    if not _is_from_here(environ, hosts):
        return _refusal("403 Forbidden", "La richiesta viene da un altro sito.")
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
        return _refusal("415 Unsupported Media Type", "La richiesta non si capisce.")
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        return _refusal("411 Length Required", "La richiesta non si capisce.")
    if int(length) > MOST_QUESTION_BYTES:
        return _refusal("413 Content Too Large", "Le foto pesano troppo. Salvane meno alla volta.")
    try:
        question = json.loads(environ["wsgi.input"].read(int(length)))
    except (ValueError, RecursionError):
        return _refusal("400 Bad Request", "La richiesta non si capisce.")
    return _said(lambda: backend.answer(question))


def _said(answer: Callable[[], object]) -> tuple[str, str, bytes]:
    """What *answer* gives, or why it does not, for the person at the form."""
    try:
        return _json("200 OK", answer())
    except Refused as refused:
        return _refusal("422 Unprocessable Content", str(refused))
    except OSError as error:
        return _refusal(
            "500 Internal Server Error",
            f"Non riesco a scrivere {error.filename or 'il file'}: guarda i permessi e lo spazio sul disco.",
        )


def _is_from_here(environ: dict[str, Any], hosts: frozenset[str]) -> bool:
    """Whether a browser says that a page of this very address is asking."""
    origin = urlsplit(environ.get("HTTP_ORIGIN", ""))
    site = environ.get("HTTP_SEC_FETCH_SITE", "same-origin")
    return (
        origin.scheme == "http"
        and origin.netloc in hosts
        and origin.netloc == environ["HTTP_HOST"]
        and site == "same-origin"
    )


def _json(status: str, value: object) -> tuple[str, str, bytes]:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8")
    return status, "application/json; charset=utf-8", body


def _refusal(status: str, reason: str) -> tuple[str, str, bytes]:
    return _json(status, {"error": reason})
