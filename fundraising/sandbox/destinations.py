"""Event destinations: where thin events go, by Stripe's second API.

It is asked in JSON and writes moments as text. Which address an event goes to and
what signs it is told only to who asks for it with `include`.
"""

from datetime import UTC, datetime
from typing import Any

from fundraising.sandbox.account import Account, merged_metadata
from fundraising.sandbox.errors import missing_parameter, not_rehearsed
from fundraising.sandbox.objects import Body

KIND = "v2.core.event_destination"
URL = "webhook_endpoint.url"
SECRET = "webhook_endpoint.signing_secret"


def create_destination(account: Account, params: dict[str, Any]) -> Body:
    """Create a destination for thin events at an address."""
    for name in ("enabled_events", "event_payload", "name", "type", "webhook_endpoint"):
        if name not in params:
            raise missing_parameter(name)
    if params["event_payload"] != "thin" or params["type"] != "webhook_endpoint":
        raise not_rehearsed("event_payload")
    destination = account.create(
        KIND,
        "ed",
        description=params.get("description", ""),
        enabled_events=params["enabled_events"],
        metadata=merged_metadata(None, params.get("metadata")),
        name=params["name"],
        status="enabled",
        updated=account.now(),
        _url=params["webhook_endpoint"]["url"],
        _secret=f"whsec_test_{account.new_token()}",
    )
    return shown(destination, params)


def update_destination(account: Account, destination: Body, params: dict[str, Any]) -> Body:
    """Change what a destination is told, or where it is."""
    changes: Body = {
        name: params[name] for name in ("description", "enabled_events", "name") if name in params
    }
    if "webhook_endpoint" in params:
        changes["_url"] = params["webhook_endpoint"]["url"]
    metadata = merged_metadata(destination["metadata"], params.get("metadata"))
    account.change(destination, **changes, metadata=metadata, updated=account.now())
    return shown(destination, params)


def enable_destination(account: Account, destination: Body, params: dict[str, Any]) -> Body:
    """Let events go there again."""
    account.change(destination, status="enabled", updated=account.now())
    return shown(destination, params)


def disable_destination(account: Account, destination: Body, params: dict[str, Any]) -> Body:
    """Stop telling a destination anything."""
    account.change(destination, status="disabled", updated=account.now())
    return shown(destination, params)


def shown(destination: Body, params: dict[str, Any]) -> Body:
    """Return a destination as the second API tells it."""
    include = params.get("include", [])
    disabled = destination["status"] == "disabled"
    return {
        **{name: value for name, value in destination.items() if not name.startswith("_")},
        "created": _moment(destination["created"]),
        "updated": _moment(destination["updated"]),
        "event_payload": "thin",
        "events_from": ["@self"],
        "snapshot_api_version": None,
        "status_details": {"disabled": {"reason": "user"}} if disabled else None,
        "type": "webhook_endpoint",
        "amazon_eventbridge": None,
        "azure_event_grid": None,
        "webhook_endpoint": {
            "url": destination["_url"] if URL in include else None,
            "signing_secret": destination["_secret"] if SECRET in include else None,
        },
    }


def list_destinations(account: Account, params: dict[str, Any], _: str) -> Body:
    """List destinations, all on one page: nobody has more than a few."""
    found = [shown(destination, params) for destination in account.store.all(KIND)]
    return {"data": found, "next_page_url": None, "previous_page_url": None}


def _moment(seconds: int) -> str:
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
