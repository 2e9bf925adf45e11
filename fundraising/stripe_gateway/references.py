"""References: an object at Stripe names another by its id, or holds it whole if we asked."""

from __future__ import annotations

from typing import Protocol, TypeVar

from fundraising.gateway import UnknownObject


class Named(Protocol):
    """Any object at Stripe that has an id."""

    id: str


Whole = TypeVar("Whole", bound=Named)


def id_of(reference: str | Named | None) -> str:
    """Read the id of an object, whether it came whole or not. Raises UnknownObject for none."""
    if reference is None:
        raise UnknownObject("the object does not lead to a payment")
    return reference if isinstance(reference, str) else reference.id


def whole(reference: str | Whole | None, kind: type[Whole]) -> Whole:
    """Return an object that was asked for with `expand`. Raises TypeError when it was not."""
    if not isinstance(reference, kind):
        raise TypeError(f"{reference!r} is not a whole {kind.__name__}: expand it")
    return reference
