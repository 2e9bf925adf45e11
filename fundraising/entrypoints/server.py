"""The server: one process on one machine, or one container among several.

It answers under one address, works in the background, and in a rehearsal serves
the sandbox's pages beside its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from wsgiref.types import WSGIApplication

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from fundraising.app import App
from fundraising.bootstrap import Fundraising

_THREADS = 8
_ANSWER_SECONDS = 4
"""For answers that are being written when we are to stop, and again to send them: whoever runs
services kills them after ten seconds or more."""


class Server:
    """The application, its server and its worker; start it, and close it when done."""

    def __init__(
        self, make: Callable[[str], Fundraising], *, host: str = "127.0.0.1", port: int = 8000
    ) -> None:
        """Listen on an address and wire the parts.

        *make* is given the address notifications are to be sent to. Port 0 takes
        a free one.
        """
        # The socket comes first: the sandbox has to know where to send its notifications.
        self._application: WSGIApplication = _not_ready
        self._sockets: dict[int, Any] = {}
        self._server = create_server(
            self._answer,
            map=self._sockets,
            host=_listening(host),
            port=port,
            threads=_THREADS,
            ident=None,
            # Which of these headers to believe is TRUSTED_PROXIES' to say, here as in a function.
            clear_untrusted_proxy_headers=False,
        )
        self.host = host
        self.port = int(self._server.effective_port)
        try:
            self.parts = make(f"http://{_reachable(host)}:{self.port}/api/stripe/webhook")
        except BaseException:
            self._server.close()
            raise
        self._application = App(self.parts)
        if self.parts.sandbox:
            mounts = {"/prova": self.parts.sandbox.pages}
            self._application = DispatcherMiddleware(self._application, mounts)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._server.run, name="web", daemon=True),
            threading.Thread(
                target=self.parts.worker.run,
                args=(self._stop, self.parts.wake),
                name="worker",
                daemon=True,
            ),
        ]

    @property
    def url(self) -> str:
        """Where this machine reaches it, without a closing slash."""
        return f"http://{_reachable(self.host)}:{self.port}"

    def start(self) -> None:
        """Begin to answer and to work, in the background."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop working, answer who has already asked, stop listening, and close the parts."""
        self._stop.set()
        self.parts.wake.set()
        web, worker = self._threads
        worker.join(timeout=30)
        self._server.task_dispatcher.shutdown(timeout=_ANSWER_SECONDS)
        self._wait_until_answers_are_sent()
        # Sockets are closed by the thread that watches them, which then has nothing to watch.
        # The trigger is one of them, and a bell: it is not taken away while we ring it.
        rung = threading.Event()

        def close_sockets() -> None:
            rung.wait()
            wasyncore.close_all(self._sockets)

        self._server.trigger.pull_trigger(close_sockets)
        rung.set()
        web.join(timeout=30)
        self.parts.close()

    def _wait_until_answers_are_sent(self) -> None:
        deadline = time.monotonic() + _ANSWER_SECONDS
        while time.monotonic() < deadline and any(
            channel.total_outbufs_len for channel in list(self._server.active_channels.values())
        ):
            time.sleep(0.01)

    def _answer(self, environ, start_response):  # type: ignore[no-untyped-def]
        return self._application(environ, start_response)


def _not_ready(environ, start_response):  # type: ignore[no-untyped-def]
    start_response(
        "503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "1")]
    )
    return [b"starting\n"]


def _listening(host: str) -> str:
    """Name one address to listen on: «localhost» may be two, with a port of their own each."""
    return "127.0.0.1" if host == "localhost" else host


def _reachable(host: str) -> str:
    """Name an address this machine can call: listening everywhere is no address."""
    if host in {"0.0.0.0", "::", ""}:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
