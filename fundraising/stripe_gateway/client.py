"""How we speak to Stripe: with a timeout, and with its errors in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

import stripe

from fundraising.gateway import StripeForbids, StripeRefused, StripeUnreachable, UnknownObject


class TimedClient(stripe.UrllibClient):
    """The SDK's standard-library transport, which by itself waits forever."""

    def __init__(self, timeout_seconds: float) -> None:
        import urllib.request

        super().__init__(_lib=_TimedUrllib(urllib.request, timeout_seconds))

    def request(  # type: ignore[override]  # as UrllibClient itself narrows it
        self, method: str, url: str, headers: Any, post_data: Any = None
    ) -> tuple[str, int, Mapping[str, str]]:
        try:
            return super().request(method, url, headers, post_data)
        except (OSError, HTTPException) as error:
            # A read that times out or breaks off escapes the SDK as one of these.
            raise stripe.APIConnectionError(  # type: ignore[no-untyped-call]
                f"no answer from Stripe ({type(error).__name__})", should_retry=True
            ) from error


class _TimedUrllib:
    """urllib.request, with a timeout on every call."""

    def __init__(self, library: Any, timeout_seconds: float) -> None:
        self._library = library
        self._timeout_seconds = timeout_seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def urlopen(self, request: Any) -> Any:
        return self._library.urlopen(request, timeout=self._timeout_seconds)


@contextmanager
def answers() -> Iterator[None]:
    """Translate Stripe's errors into what each means for us."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise StripeUnreachable(type(error).__name__) from error
    except stripe.InvalidRequestError as error:
        if error.http_status == 404:
            raise UnknownObject(f"Stripe knows no such object ({error.code})") from error
        raise StripeRefused(f"{error.code}: {error.param}") from error
    except (stripe.AuthenticationError, stripe.PermissionError, stripe.IdempotencyError) as error:
        raise StripeForbids(type(error).__name__) from error
    except stripe.StripeError as error:
        raise StripeUnreachable(f"{type(error).__name__} {error.http_status}") from error
