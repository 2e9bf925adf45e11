"""Events: what happened, as a snapshot and as a thin notification.

Both shapes are made from one stored event. The thin one says which object to
look at; the snapshot carries the object as it was.
"""

from datetime import UTC, datetime

from fundraising.sandbox.account import API_VERSION, Account
from fundraising.sandbox.objects import Body
from fundraising.sandbox.shapes import completed

FOLDERS = {
    "balance_transaction": "balance_transactions",
    "charge": "charges",
    "checkout.session": "checkout/sessions",
    "customer": "customers",
    "dispute": "disputes",
    "invoice": "invoices",
    "invoice_payment": "invoice_payments",
    "payment_intent": "payment_intents",
    "payout": "payouts",
    "refund": "refunds",
    "subscription": "subscriptions",
}


def record_event(account: Account, event_type: str, body: Body) -> Body:
    """Keep the event that something happened to an object."""
    return account.create(
        "event",
        "evt",
        api_version=API_VERSION,
        data={"object": completed(account, body)},
        request={"id": None, "idempotency_key": None},
        type=event_type,
        _deliveries=[],
    )


def pending_webhooks(account: Account, event: Body) -> int:
    """Return how many deliveries of an event have not succeeded yet."""
    deliveries = [account.store.find(delivery_id) for delivery_id in event["_deliveries"]]
    return sum(1 for delivery in deliveries if delivery and delivery["state"] != "delivered")


def thin_id(event_id: str) -> str:
    """Return the id of the thin event that belongs to a snapshot event."""
    return event_id.replace("evt_test_", "evt_test_thin", 1)


def snapshot_id(event_id: str) -> str:
    """Return the id of the snapshot event that belongs to a thin event."""
    return event_id.replace("evt_test_thin", "evt_test_", 1)


def thin_notification(event: Body) -> Body:
    """Return the event as it is pushed to a destination for thin events."""
    subject = event["data"]["object"]
    return {
        "id": thin_id(event["id"]),
        "object": "v2.core.event",
        "type": f"v1.{event['type']}",
        "created": datetime.fromtimestamp(event["created"], UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z"),
        "livemode": False,
        "context": None,
        "reason": None,
        "snapshot_event": event["id"],
        "related_object": {
            "id": subject["id"],
            "type": subject["object"],
            "url": f"/v1/{FOLDERS[subject['object']]}/{subject['id']}",
        },
    }
