"""Webhook endpoints: further destinations for snapshot events."""

from typing import Any

from fundraising.sandbox.account import API_VERSION, Account, merged_metadata
from fundraising.sandbox.errors import missing_parameter
from fundraising.sandbox.objects import Body


def create_endpoint(account: Account, params: dict[str, Any]) -> Body:
    """Create an endpoint; only this answer tells its secret."""
    for name in ("enabled_events", "url"):
        if name not in params:
            raise missing_parameter(name)
    secret = f"whsec_test_{account.new_token()}"
    endpoint = account.create(
        "webhook_endpoint",
        "we",
        api_version=params.get("api_version", API_VERSION),
        description=params.get("description"),
        enabled_events=params["enabled_events"],
        metadata=merged_metadata(None, params.get("metadata")),
        status="enabled",
        url=params["url"],
        _secret=secret,
    )
    return {**endpoint, "secret": secret}


def update_endpoint(account: Account, endpoint: Body, params: dict[str, Any]) -> Body:
    """Change where an endpoint is, what it is told, or whether it is told at all."""
    changes: Body = {
        name: params[name] for name in ("description", "enabled_events", "url") if name in params
    }
    if "disabled" in params:
        changes["status"] = "disabled" if params["disabled"] else "enabled"
    return account.change(
        endpoint,
        **changes,
        metadata=merged_metadata(endpoint["metadata"], params.get("metadata")),
    )
