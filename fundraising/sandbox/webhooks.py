"""Webhooks: signed notifications, delivered until they are taken.

A delivery that is not answered with 2xx comes again, later each time. The
signature carries the time of the machine, not of the rehearsal's clock,
because the receiver compares it with its own.
"""

import hashlib
import hmac
import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from fundraising.sandbox.account import Account
from fundraising.sandbox.destinations import KIND as DESTINATION
from fundraising.sandbox.events import pending_webhooks, record_event, thin_notification
from fundraising.sandbox.faults import Faults
from fundraising.sandbox.objects import Body
from fundraising.sandbox.shapes import completed

WAITING = "sandbox.delivery.waiting"
FINISHED = "sandbox.delivery.finished"
TIMEOUT_SECONDS = 10
GIVE_UP_SECONDS = 3 * 24 * 60 * 60
LONGEST_PAUSE_SECONDS = 60 * 60


@dataclass(frozen=True)
class Destination:
    """Where notifications go, in which shape, and the secret that signs them.

    *endpoint* is the id of the webhook endpoint, None for the one set up from
    outside.
    """

    url: str
    secret: str
    style: str = "thin"
    enabled_events: tuple[str, ...] = ("*",)
    endpoint: str | None = None

    def __post_init__(self) -> None:
        if self.style not in ("thin", "snapshot"):
            raise ValueError(f"event style must be thin or snapshot, not {self.style!r}")

    def wants(self, event_type: str) -> bool:
        """Return whether events of that type are sent here."""
        return "*" in self.enabled_events or event_type in self.enabled_events


def signature_header(payload: bytes, secret: str, timestamp: int) -> str:
    """Return the value of `Stripe-Signature` for a payload.

    Scheme v1, HMAC-SHA256 over `timestamp.payload`; see
    https://docs.stripe.com/webhooks#verify-manually.
    """
    signed = str(timestamp).encode() + b"." + payload
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


class Notifier:
    """Records events, queues their deliveries and makes them."""

    def __init__(
        self,
        account: Account,
        faults: Faults,
        destination: Destination | None,
        signing_clock: Callable[[], float] = time.time,
    ) -> None:
        self._account = account
        self._faults = faults
        self._destination = destination
        self._signing_clock = signing_clock
        self._delivering = threading.Lock()
        self.queued = threading.Event()
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _StayHere())

    def announce(self, event_type: str, body: Body) -> None:
        """Record an event and queue a delivery for every destination that wants it."""
        event = record_event(self._account, event_type, body)
        for destination in self._destinations():
            if destination.wants(event_type):
                self._queue(event, destination)
        self._account.store.save(event)
        self.queued.set()

    def deliver(self, *, only_due: bool) -> int:
        """Make the deliveries that wait; return how many were taken.

        *only_due* leaves alone those that were tried too short a time ago.
        Deliveries delayed by a fault always wait for their time.
        """
        with self._delivering:
            now = self._account.now()
            batch = [
                delivery
                for delivery in reversed(self._account.store.all(WAITING))
                if delivery["not_before"] <= now and (not only_due or delivery["due_at"] <= now)
            ]
            if len(batch) > 1 and self._faults.strikes("reorder"):
                batch.reverse()
            return sum(self._attempt(delivery) for delivery in batch)

    def recent(self, limit: int = 30) -> list[Body]:
        """Return the last deliveries, newest first."""
        store = self._account.store
        both = store.all(WAITING, limit) + store.all(FINISHED, limit)
        return sorted(both, key=lambda delivery: -delivery["number"])[:limit]

    def _destinations(self) -> list[Destination]:
        endpoints = [
            Destination(
                endpoint["url"],
                endpoint["_secret"],
                "snapshot",
                tuple(endpoint["enabled_events"]),
                endpoint["id"],
            )
            for endpoint in reversed(self._account.store.all("webhook_endpoint"))
            if endpoint["status"] == "enabled"
        ]
        return ([self._destination] if self._destination else []) + endpoints + self._thin_ones()

    def _thin_ones(self) -> list[Destination]:
        return [
            Destination(
                destination["_url"],
                destination["_secret"],
                "thin",
                tuple(name.removeprefix("v1.") for name in destination["enabled_events"]),
                destination["id"],
            )
            for destination in reversed(self._account.store.all(DESTINATION))
            if destination["status"] == "enabled"
        ]

    def _queue(self, event: Body, destination: Destination) -> None:
        account, faults = self._account, self._faults
        now = account.now()
        dropped = faults.strikes("drop")
        late_seconds = faults.armed.delay_seconds if faults.strikes("delay") else 0
        copies = 2 if faults.strikes("duplicate") else 1
        for _ in range(copies):
            number = 1 + max(
                [
                    d["number"]
                    for d in account.store.all(WAITING, 1) + account.store.all(FINISHED, 1)
                ],
                default=0,
            )
            delivery = account.store.save(
                {
                    "id": account.new_id("whd"),
                    "object": FINISHED if dropped else WAITING,
                    "number": number,
                    "event": event["id"],
                    "type": event["type"],
                    "subject": event["data"]["object"]["id"],
                    "endpoint": destination.endpoint,
                    "state": "dropped" if dropped else "waiting",
                    "attempts": 0,
                    "answer": None,
                    "created": now,
                    "due_at": now + late_seconds,
                    "not_before": now + late_seconds,
                }
            )
            event["_deliveries"].append(delivery["id"])

    def _attempt(self, delivery: Body) -> bool:
        event = self._account.store.find(delivery["event"])
        if event is None:
            raise LookupError(f"delivery {delivery['id']} has lost its event")
        # Looked up now: after a restart address and secret may be others.
        destination = next(
            (each for each in self._destinations() if each.endpoint == delivery["endpoint"]), None
        )
        answer = "no destination"
        if destination:
            answer = self._post(destination, self._payload(event, destination.style))
        delivery["attempts"] += 1
        delivery["answer"] = answer
        taken = answer.startswith("2")
        now = self._account.now()
        if taken:
            delivery.update(object=FINISHED, state="delivered")
        elif now - delivery["created"] > GIVE_UP_SECONDS:
            delivery.update(object=FINISHED, state="given_up")
        else:
            pause_seconds = min(2 ** delivery["attempts"], LONGEST_PAUSE_SECONDS)
            delivery.update(state="refused", due_at=now + pause_seconds)
        self._account.store.save(delivery)
        return taken

    def _payload(self, event: Body, style: str) -> bytes:
        if style == "thin":
            document = thin_notification(event)
        else:
            document = completed(self._account, event)
            document["pending_webhooks"] = pending_webhooks(self._account, event)
        return json.dumps(document, indent=2).encode()

    def _post(self, destination: Destination, payload: bytes) -> str:
        request = urllib.request.Request(
            destination.url,
            data=payload,
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "Stripe-Signature": signature_header(
                    payload, destination.secret, int(self._signing_clock())
                ),
            },
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return str(answer.status)
        except urllib.error.HTTPError as error:
            return str(error.code)
        except (OSError, http.client.HTTPException) as error:
            return f"no answer ({error})"


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer, and not a good one: Stripe does not follow it."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None
