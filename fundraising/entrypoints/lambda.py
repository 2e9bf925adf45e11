"""The functions: the same application on AWS Lambda, behind an API Gateway.

`fundraising.entrypoints.lambda.handler` answers requests and
`fundraising.entrypoints.lambda.work` does, on a schedule, what is due. The
module's name is a keyword of Python: it is loaded by its name as a text, as the
platform does, and nothing else needs it.

A function that is started to take one notification loads the doorbell and no more;
pages, Stripe's SDK and the rest come with the first request that asks for them.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from apig_wsgi import make_lambda_handler

from fundraising.bootstrap import bootstrap, open_doorbell
from fundraising.settings import Settings, read_settings
from fundraising.store import open_store
from fundraising.webhook import PATH

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from fundraising.bootstrap import Fundraising

Event = dict[str, Any]


def handler(event: Event, context: object) -> Event:
    """Answer a request that came through an API Gateway, version 1 or 2."""
    if _gateway.cache_info().currsize:
        return _answer(event, context)
    # What is loaded to start stays: looking through it for garbage is a tenth of the start.
    gc.disable()
    try:
        return _answer(event, context)
    finally:
        gc.freeze()
        gc.enable()


def _answer(event: Event, context: object) -> Event:
    answer: Event = _gateway()(event, context)
    return answer


def work(event: Event, context: object) -> Event:
    """Do what is due: notifications, receipts, letters."""
    worker = _worker_parts().worker
    worker.sweep_when_due()
    done = worker.run_once()
    return {
        "notifications": done.notifications,
        "receipts": done.receipts,
        "letters": done.letters,
    }


class Door:
    """The application, of which the doorbell is opened first."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = open_store(settings.database_url)
        self._doorbell = open_doorbell(settings, self._store)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = _source_address(environ)
        if environ["PATH_INFO"] == PATH and environ["REQUEST_METHOD"] == "POST":
            return self._doorbell(environ, start_response)
        return self._app(environ, start_response)

    @cached_property
    def _app(self) -> WSGIApplication:
        from fundraising.app import App

        return App(bootstrap(self._settings, store=self._store))


# What a function keeps between two requests, made when the first one comes.


@lru_cache
def _gateway() -> Any:
    # Version 1 sends back bytes only when told to; receipts are bytes.
    return make_lambda_handler(Door(read_settings(os.environ)), binary_support=True)


@lru_cache
def _worker_parts() -> Fundraising:
    return bootstrap(read_settings(os.environ))


def _source_address(environ: WSGIEnvironment) -> str:
    """Tell who called the gateway.

    For version 1 the adapter believes the first X-Forwarded-For, which the caller
    may have written; the gateway's own word is in the request context.
    """
    identity = environ.get("apig_wsgi.request_context", {}).get("identity", {})
    return str(identity.get("sourceIp", environ["REMOTE_ADDR"]))
