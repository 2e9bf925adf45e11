"""The rehearsal account: what every part of the sandbox works on.

It knows the objects, the time and how to make an id, and announces what
happened. Who listens to the announcements is decided where it is wired.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fundraising.sandbox.errors import Refusal, missing
from fundraising.sandbox.objects import Body, ObjectStore

API_VERSION = "2026-10-28.endive"


@dataclass
class Account:
    """One Stripe account in test mode.

    *new_token* returns letters and digits that were never returned before.
    *public_url* is where a browser finds the pages, without a closing slash.
    """

    store: ObjectStore
    clock: Callable[[], datetime]
    new_token: Callable[[], str]
    public_url: str
    late_fees: Callable[[], bool] = lambda: False
    listeners: list[Callable[[str, Body], None]] = field(default_factory=list)

    def now(self) -> int:
        """Return the time as Stripe writes it: seconds since 1970."""
        return int(self.clock().timestamp())

    def new_id(self, prefix: str) -> str:
        """Return a new id that shows at first sight that it is a rehearsal's."""
        return f"{prefix}_test_{self.new_token()}"

    def create(self, kind: str, prefix: str, **fields: Any) -> Body:
        """Make a new object of test mode and keep it."""
        return self.store.save(
            {
                "id": self.new_id(prefix),
                "object": kind,
                "created": self.now(),
                "livemode": False,
                **fields,
            }
        )

    def change(self, body: Body, **fields: Any) -> Body:
        """Set fields of an object, also in *body* itself, and keep it."""
        body.update(fields)
        return self.store.save(body)

    def read(self, kind: str, object_id: str, param: str = "id") -> Body:
        """Return an object of that kind, or refuse as Stripe does."""
        body = self.store.find(object_id)
        if body is None or body["object"] != kind:
            raise missing(kind, object_id, param)
        return body

    def announce(self, event_type: str, body: Body) -> None:
        """Tell the listeners that something happened to an object."""
        for listener in self.listeners:
            listener(event_type, body)


def merged_metadata(old: dict[str, str] | None, new: object) -> dict[str, str]:
    """Return metadata after an update; an empty value takes its key away.

    Limits: 50 keys of 40 characters, values of 500; see
    https://docs.stripe.com/api/metadata.
    """
    if new in (None, ""):
        return {} if new == "" else dict(old or {})
    if not isinstance(new, dict):
        raise Refusal("Invalid object", "parameter_invalid_object", "metadata")
    result = dict(old or {})
    for key, value in new.items():
        if len(key) > 40:
            raise Refusal(f"Metadata key '{key}' is longer than 40 characters.", param="metadata")
        if len(value) > 500:
            raise Refusal(
                f"Metadata value of '{key}' is longer than 500 characters.", param="metadata"
            )
        if value == "":
            result.pop(key, None)
        else:
            result[key] = value
    if len(result) > 50:
        raise Refusal("Metadata can have up to 50 keys.", param="metadata")
    return result
