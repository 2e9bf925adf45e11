"""A small server for the API: real sockets, one thread per request."""

import threading
from types import TracebackType
from typing import Self
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server


class ApiServer:
    """A server that is already answering; close it when done."""

    def __init__(self, application: WSGIApplication, host: str, port: int) -> None:
        self._server = make_server(
            host, port, application, threaded=True, request_handler=_QuietHandler
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.01},
            name="sandbox-api",
            daemon=True,
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it answers, without a closing slash."""
        return f"http://{self._server.host}:{self._server.server_port}"

    def close(self) -> None:
        """Stop answering and free the port. May be repeated."""
        if not self._thread.is_alive():
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _QuietHandler(WSGIRequestHandler):
    """Says nothing of requests, and of connections cut on purpose."""

    def log(self, type: str, message: str, *args: object) -> None:
        if type != "info" and "lost connection" not in message % args:
            super().log(type, message, *args)
