"""The portal at work on one machine: the site with live reload, the editor and the giving behind the same address.

The giving runs as a process of its own, as it does in production; the two meet
in the files `campaigns.json` and `totals.json`. What a browser asks under
`/api/` and `/prova/` is passed on to it; under `/admin/` the visual editor answers.
"""

from __future__ import annotations

import gc
import html
import logging
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from werkzeug.middleware.http_proxy import ProxyMiddleware

from portal.admin.app import API, WSGIApplication, with_editor
from portal.admin.backend import Backend
from portal.build import build_site
from portal.environment import ROOT
from portal.giving_process import GivingProcess
from portal.memory import Memory
from portal.readers.problem import ContentFaults
from portal.site_folder import PlaceRefused, place_for_site
from portal.state_folder import StateInUse, state_of_one
from portal.today import build_day
from portal.watching import Watcher

WATCHED = ("content", "theme", "mkdocs.yml")
HOST = "127.0.0.1"
SETTLE_SECONDS = 0.05
"""How long nothing may change before a build begins: who saves one file often saves another."""


class Preview:
    """The site as editors see it while they write: rebuilt at every change, never half built.

    While something must be mended every page shows what, and mends itself as soon
    as the file is saved. The words of all pages are counted anew only when somebody
    searches, and waits for it: at each key pressed nobody would.
    """

    def __init__(
        self, site_dir: Path, url: str, totals_file: Path, say: Callable[[str], None]
    ) -> None:
        self.site_dir = site_dir
        self.url = url
        self.totals_file = totals_file
        self.say = say
        self.fault: str | None = None
        self._is_indexed = False
        self._memory = Memory()
        self._turn = threading.Lock()
        """Whoever searches asks for a build in a thread of its own; the memory is for one at a time."""

    def build(self) -> None:
        """Build once. Never raises: the server would otherwise wait for ever."""
        with self._turn:
            self._build(search_index=False)

    def index(self) -> None:
        """Bring the search index up to the pages, where these have been built since. Never raises either."""
        with self._turn:
            if not self._is_indexed and self.fault is None:
                self._build(search_index=True)

    def _build(self, search_index: bool) -> None:
        self._is_indexed = False
        self._try_to_build(search_index)
        # The pages of a site know each other: left to chance, those of several builds would pile up.
        gc.collect()

    def _try_to_build(self, search_index: bool) -> None:
        started = time.monotonic()
        try:
            rendering = build_site(
                self.site_dir,
                site_url=self.url,
                totals_file=self.totals_file,
                search_index=search_index,
                preview=True,
                memory=self._memory,
            )
        except ContentFaults as faults:
            self.fault = str(faults)
            self.say(f"{len(faults.problems)} da correggere:\n{faults}")
        except PlaceRefused as refusal:
            self.fault = str(refusal)
            self.say(self.fault)
        except Abort as warning:
            self.fault = f"{warning}\nIl motivo è scritto nel terminale."
            self.say(str(warning))
        except Exception:
            self.fault = traceback.format_exc()
            self.say(self.fault)
        else:
            self.fault = None
            self._is_indexed = search_index
            for notice in rendering.notices:
                self.say(f"{notice}\nLe pagine mostrano gli ultimi totali buoni, con la loro data.")
            ready = (
                "Ricerca aggiornata" if search_index else f"{len(rendering.bodies)} pagine pronte"
            )
            self.say(f"{ready} in {time.monotonic() - started:.1f} secondi.")

    def lost_page(self, status: int) -> bytes | None:
        """The site's own page for an address where nothing is; None while there is none."""
        # Never raises: what is logged as an error would be taken for the build's.
        with suppress(OSError):
            return (self.site_dir / "404.html").read_bytes() if status == 404 else None
        return None

    def wrap(self, app: WSGIApplication) -> WSGIApplication:
        """The WSGI app that shows the fault in place of a page, searches what is there now, and otherwise is *app*."""

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if environ["PATH_INFO"].startswith("/pagefind/"):
                self.index()
            if self.fault is None or not environ["PATH_INFO"].endswith("/"):
                return app(environ, start_response)
            body = _FAULT_PAGE.format(fault=html.escape(self.fault)).encode()
            start_response(
                "200 OK",
                [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))],
            )
            return [body]

        return answer


def serve(port: int, state: Path, say: Callable[[str], None] = print) -> None:
    """Serve until interrupted. *state* keeps the gifts of the rehearsal and the last build."""
    # Whoever stops us, and whenever: a build clears up after itself, and the giving does not outlive us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # It warns of every answer but 200, and MkDocs takes a warning during a build for the build's.
    logging.getLogger("mkdocs.livereload").setLevel(logging.ERROR)
    # It reports a thread of its own that was stopped in the middle of what it does.
    logging.getLogger("watchdog").setLevel(logging.CRITICAL)
    url = f"http://{HOST}:{port}/"
    try:
        place_for_site(state / "site", ROOT)
        with state_of_one(state, url):
            _serve_alone(port, url, state, say)
    except PlaceRefused as refusal:
        sys.exit(str(refusal))
    except StateInUse as use:
        sys.exit(
            f"In {state} tiene già i suoi dati un'altra anteprima: {use.url}\nUsa quella, o dai a questa "
            f"una cartella e una porta sue: ./scripts/serve --state {state}-2 --port {port + 1}"
        )


def _serve_alone(port: int, url: str, state: Path, say: Callable[[str], None]) -> None:
    # In a folder of its own: it can be watched before the first totals are there.
    totals_file = state / "totals" / "totals.json"
    totals_file.parent.mkdir(parents=True, exist_ok=True)
    preview = Preview(state / "site", url, totals_file, say)
    watcher = Watcher(say)
    try:
        server = LiveReloadServer(preview.build, HOST, port, str(preview.site_dir))
        server.observer = watcher  # type: ignore[assignment]  # it does all that is asked of one
        server.build_delay = SETTLE_SECONDS
        server.error_handler = preview.lost_page
        server.server_bind()
    except OSError:
        sys.exit(
            f"La porta {port} è occupata. Chiudi l'altro programma o scegline una: ./scripts/serve --port {port + 1}"
        )
    # Both are done here, before the first build: a taken port is known, and what is saved from now on is shown.
    server.server_bind = lambda: None  # type: ignore[method-assign]
    try:
        for path in (*(ROOT / name for name in WATCHED), totals_file.parent):
            server.watch(str(path))
        watcher.start()
        preview.build()
        giving_port = _free_port()
        with _giving(url, giving_port, preview):
            giving_url = f"http://{HOST}:{giving_port}/"
            site = _with_giving(preview.wrap(server.serve_request), giving_url, f"{HOST}:{port}")
            editor = Backend(ROOT / "content", url, API, build_day)
            server.set_app(
                with_editor(site, editor, frozenset({f"{HOST}:{port}", f"localhost:{port}"}))
            )
            say(
                f"\nIl portale è qui: {url}\nSi scrive anche da qui, senza toccare i file: {url}admin/\n"
                "Si ferma con Ctrl+C. Le pagine si aggiornano da sole quando salvi un file."
            )
            server.serve()  # type: ignore[no-untyped-call]
    except (KeyboardInterrupt, SystemExit):
        say("\nA presto.")
    finally:
        server.shutdown()


def _with_giving(app: WSGIApplication, giving_url: str, host: str) -> WSGIApplication:
    """*app*, with the giving behind it under the paths that are its own."""
    target = {"target": giving_url, "host": host}
    proxy = ProxyMiddleware(app, {"/api/": target, "/prova/": target})

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # wsgiref says "no length given" with an empty text, which the proxy takes for a body in chunks.
        if environ.get("CONTENT_LENGTH") == "":
            del environ["CONTENT_LENGTH"]
        return proxy(environ, start_response)

    return answer


def _giving(site_url: str, port: int, preview: Preview) -> GivingProcess:
    """`fundraising serve` at *port*, for the site at *site_url*."""
    command = [str(Path(sys.executable).with_name("fundraising")), "serve", "--host", HOST]
    settings = {
        "SITE_URL": site_url.rstrip("/"),
        "CAMPAIGNS_FILE": str(preview.site_dir / "campaigns.json"),
        "TOTALS_FILE": str(preview.totals_file),
        "DATA_DIR": str(preview.site_dir.parent / "giving"),
    }
    health_url = f"http://{HOST}:{port}/api/healthz"
    return GivingProcess([*command, "--port", str(port)], settings, health_url, preview.say)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


_FAULT_PAGE = """<!doctype html>
<html lang="it"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Da correggere</title>
<link rel="stylesheet" href="/assets/portal.css"></head>
<body class="pt-page"><main class="pt-main"><h1>C'è qualcosa da correggere</h1>
<p>La pagina torna da sola appena salvi il file corretto.</p><pre>{fault}</pre></main></body></html>
"""
