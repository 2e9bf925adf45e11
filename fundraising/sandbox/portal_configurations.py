"""Portal configurations: what customers may do in the portal."""

from typing import Any

from fundraising.sandbox.account import Account, merged_metadata
from fundraising.sandbox.errors import Refusal, missing_parameter, refuse_unrehearsed
from fundraising.sandbox.objects import Body

REHEARSED = {"active", "default_return_url", "expand", "features", "metadata", "name"}
# What each feature says when it is not mentioned, or mentioned without more.
FEATURES: dict[str, Body] = {
    "customer_update": {"allowed_updates": [], "enabled": False},
    "invoice_history": {"enabled": False},
    "payment_method_update": {"enabled": False, "payment_method_configuration": None},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "feedback_options": None, "options": []},
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "subscription_pause": {"duration": None, "enabled": False},
    "subscription_update": {
        "billing_cycle_anchor": None,
        "default_allowed_updates": [],
        "enabled": False,
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}


def create_configuration(account: Account, params: dict[str, Any]) -> Body:
    """Create a configuration; the account's default one is another, made in the Dashboard."""
    refuse_unrehearsed(params, REHEARSED)
    if "features" not in params:
        raise missing_parameter("features")
    return account.create(
        "billing_portal.configuration",
        "bpc",
        active=True,
        business_profile={
            "headline": None, "privacy_policy_url": None, "terms_of_service_url": None,
        },
        default_return_url=params.get("default_return_url"),
        features=_features(FEATURES, params["features"]),
        is_default=False,
        login_page={"enabled": False, "url": None},
        metadata=merged_metadata(None, params.get("metadata")),
        name=params.get("name"),
        updated=account.now(),
    )  # fmt: skip


def update_configuration(account: Account, configuration: Body, params: dict[str, Any]) -> Body:
    """Change what is mentioned, and leave the rest."""
    refuse_unrehearsed(params, REHEARSED)
    changes: Body = {
        name: params[name] for name in ("active", "default_return_url", "name") if name in params
    }
    return account.change(
        configuration,
        **changes,
        features=_features(configuration["features"], params.get("features", {})),
        metadata=merged_metadata(configuration["metadata"], params.get("metadata")),
        updated=account.now(),
    )


def _features(before: Body, asked: dict[str, Any]) -> Body:
    features = {name: {**value, **asked.get(name, {})} for name, value in before.items()}
    cancel = features["subscription_cancel"]
    reason = cancel["cancellation_reason"]
    if reason["enabled"] and not reason["options"]:
        raise Refusal("Cancellation reasons need at least one option.", param="features")
    cancel["cancellation_reason"] = {"feedback_options": None, **reason}
    return features
