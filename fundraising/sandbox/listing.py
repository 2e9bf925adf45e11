"""Lists: filters and pages, newest first."""

import operator
from typing import Any

from fundraising.sandbox.account import Account
from fundraising.sandbox.errors import Refusal, missing, not_rehearsed
from fundraising.sandbox.objects import Body
from fundraising.sandbox.shapes import completed, listed

PAGING = {"limit", "starting_after", "ending_before", "expand"}
RANGES = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}
LARGEST_PAGE = 100


def page(account: Account, found: list[Body], params: dict[str, Any], url: str) -> Body:
    """Return the page of *found* (newest first) that the parameters ask for."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= LARGEST_PAGE:
        raise Refusal(
            f"This value must be between 1 and {LARGEST_PAGE}.",
            "parameter_invalid_integer",
            "limit",
        )
    ids = [body["id"] for body in found]
    if "starting_after" in params:
        after = _position(ids, params, "starting_after") + 1
        chosen = found[after : after + limit]
        has_more = after + limit < len(found)
    elif "ending_before" in params:
        before = _position(ids, params, "ending_before")
        chosen = found[max(0, before - limit) : before]
        has_more = before > limit
    else:
        chosen = found[:limit]
        has_more = limit < len(found)
    return listed([completed(account, body) for body in chosen], url, has_more)


def matching(bodies: list[Body], params: dict[str, Any]) -> list[Body]:
    """Return the objects that have the values the parameters ask for."""
    filters = {name: value for name, value in params.items() if name not in PAGING}
    for name in filters:
        if any(name not in body for body in bodies):
            raise not_rehearsed(name)
    return [body for body in bodies if _fits(body, filters)]


def _fits(value: Any, wanted: Any) -> bool:
    if not isinstance(wanted, dict):
        return bool(value == wanted)
    if wanted and wanted.keys() <= RANGES.keys():
        return all(RANGES[name](value, bound) for name, bound in wanted.items())
    return value is not None and all(
        _fits(value.get(name), inner) for name, inner in wanted.items()
    )


def _position(ids: list[str], params: dict[str, Any], name: str) -> int:
    if params[name] not in ids:
        raise missing("object", params[name], name)
    return ids.index(params[name])
