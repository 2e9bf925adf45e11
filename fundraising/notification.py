"""Notifications: whether one is Stripe's, and what it is about.

A notification is verified on its raw bytes and read for three things only: what
happened, to which object, live or test. Thin and snapshot shapes look alike from
there on.

The signature is checked here and not by Stripe's SDK, which would be a third of what
a function loads before it can answer its first notification. The scheme is one HMAC
(https://docs.stripe.com/webhooks#verify-manually); the tests hold it against the
SDK's own check.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TOLERANCE_SECONDS = 300
"""How old a signature may be: Stripe's own figure."""


class BadNotification(ValueError):
    """A notification that is not Stripe's, or not for this mode."""


@dataclass(frozen=True)
class Notification:
    """What a notification says: look at this object."""

    id: str
    type: str
    object_kind: str
    object_id: str
    livemode: bool


class NotificationReader:
    """Reads notifications signed with one of our secrets, for one mode.

    *signing_clock* is the machine's, whatever the books' clock says: it is
    compared with Stripe's.
    """

    def __init__(
        self,
        secrets: tuple[str, ...],
        *,
        livemode: bool,
        signing_clock: Callable[[], float] = time.time,
    ) -> None:
        self._secrets = secrets
        self._livemode = livemode
        self._signing_clock = signing_clock

    def read_notification(self, payload: bytes, signature: str | None) -> Notification:
        """Verify a notification and read what it is about.

        Raises BadNotification for anything that is not a fresh, well signed
        notification of our own mode.
        """
        now = self._signing_clock()
        if not any(is_signed(payload, signature or "", secret, now) for secret in self._secrets):
            raise BadNotification("the signature is missing, wrong or too old")
        try:
            notification = _read(json.loads(payload))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadNotification(f"the body has no {error}") from error
        words = (notification.id, notification.type, notification.object_kind)
        if not all(_is_word(word) for word in (*words, notification.object_id)):
            raise BadNotification("a part of the body is not a word")
        if notification.livemode is not self._livemode:
            raise BadNotification(
                f"livemode is {notification.livemode!r}, ours is {self._livemode}"
            )
        return notification


def is_signed(payload: bytes, header: str, secret: str, now: float) -> bool:
    """Tell whether a `Stripe-Signature` header signs this body with this secret, lately."""
    fields = [field.partition("=") for field in header.split(",")]
    times = [value for name, _, value in fields if name == "t"]
    if not times or not all(equals for name, equals, _ in fields if name in {"t", "v1"}):
        return False
    if not (times[0].isascii() and times[0].isdigit() and len(times[0]) <= 12):
        return False
    signed = times[0].encode() + b"." + payload
    expected = hmac.digest(secret.encode(), signed, "sha256").hex().encode()
    # Several signatures come while Stripe passes from one secret to the next.
    holds = any(
        hmac.compare_digest(expected, value.encode()) for name, _, value in fields if name == "v1"
    )
    return holds and int(times[0]) >= now - TOLERANCE_SECONDS


def _read(body: Any) -> Notification:
    thin = body["object"] == "v2.core.event"
    related = body.get("related_object") if thin else body["data"]["object"]
    # A few notifications are about no object at all: they are about themselves.
    about = related if related and "id" in related else {"id": body["id"]}
    return Notification(
        id=body["id"],
        type=body["type"].removeprefix("v1."),
        object_kind=about.get("type" if thin else "object", "event"),
        object_id=about["id"],
        livemode=body["livemode"],
    )


def _is_word(value: object) -> bool:
    """Tell whether a value can be an id or a name at Stripe, and a key in our books."""
    return (
        isinstance(value, str) and 0 < len(value) <= 255 and value.isascii() and value.isprintable()
    )
