"""The webhook: nothing unverified is believed, nothing verified is lost."""

import json
import time

import pytest
import stripe

from fundraising.store import StoreUnavailable
from fundraising.stripe_gateway import StripeGateway

SECRET = "whsec_for_tests"


def thin(kind="checkout.session", object_id="cs_test_1", **changes):
    return {
        "id": "evt_test_thin",
        "object": "v2.core.event",
        "type": f"v1.{kind}.completed",
        "livemode": False,
        "created": "2026-11-22T12:00:00.000Z",
        "related_object": {"id": object_id, "type": kind, "url": f"/v1/{object_id}"},
    } | changes


def snapshot(kind="checkout.session", object_id="cs_test_1", **changes):
    return {
        "id": "evt_test_snapshot",
        "object": "event",
        "type": f"{kind}.completed",
        "livemode": False,
        "data": {"object": {"id": object_id, "object": kind}},
    } | changes


def sign(payload, secret=SECRET, at=None):
    text = payload.decode("utf-8", errors="replace")
    return stripe.WebhookSignature.generate_signature_header(text, secret, at)


def post(house, body, signature=None):
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Stripe-Signature": signature or sign(payload)}
    return house.client.post(
        "/api/stripe/webhook", data=payload, headers=headers, content_type="application/json"
    )


def kept(house):
    return house.query("count_notifications")["rows"]


@pytest.mark.parametrize("body", [thin(), snapshot()], ids=["thin", "snapshot"])
def test_both_shapes_are_kept_alike(house, body):
    answer = post(house, body)

    assert answer.status_code == 200
    row = house.query("find_notification", id=body["id"])
    assert (row["object_kind"], row["object_id"]) == ("checkout.session", "cs_test_1")
    assert (row["type"], row["state"]) == ("checkout.session.completed", "waiting")
    assert house.parts.wake.is_set()


def test_same_notification_twice_is_kept_once(house):
    answers = [post(house, thin()).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert kept(house) == 1


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "nonsense",
        "t=1,v1=00",
        "t=x,v1=00",
        sign(json.dumps(thin()).encode(), "whsec_of_somebody_else"),
        sign(json.dumps(thin()).encode(), SECRET, int(time.time()) - 301),
        sign(json.dumps(thin(livemode=True)).encode()),
    ],
    ids=["empty", "nonsense", "false", "no time", "other secret", "too old", "other body"],
)
def test_signature_that_does_not_hold_is_turned_away(house, signature):
    payload = json.dumps(thin()).encode()
    answer = house.client.post(
        "/api/stripe/webhook", data=payload, headers={"Stripe-Signature": signature}
    )

    assert answer.status_code == 400
    assert kept(house) == 0


def test_missing_signature_is_turned_away(house):
    answer = house.client.post("/api/stripe/webhook", data=json.dumps(thin()))

    assert answer.status_code == 400
    assert kept(house) == 0


def test_live_notification_has_no_place_among_tests(house):
    assert post(house, thin(livemode=True)).status_code == 400
    assert post(house, snapshot(livemode="false")).status_code == 400
    assert kept(house) == 0


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        b'{"object": "event"}',
        b'{"object": "event", "data": null}',
        json.dumps(thin(id=None)).encode(),
        json.dumps(thin(id="evt\x00")).encode(),
        json.dumps(thin(related_object={"id": 7, "type": "charge"})).encode(),
        json.dumps(thin(related_object={"id": "x" * 300, "type": "charge"})).encode(),
        b"[" * 100_000,
    ],
)
def test_signed_nonsense_is_turned_away_without_a_traceback(house, payload):
    answer = post(house, payload, sign(payload))

    assert answer.status_code == 400
    assert b"Traceback" not in answer.data
    assert kept(house) == 0


def test_body_larger_than_any_notification_is_not_read(house):
    answer = post(house, b"x" * (512 * 1024 + 1))

    assert answer.status_code == 413
    assert kept(house) == 0


def test_either_of_two_secrets_is_good_while_one_replaces_the_other(house):
    house.parts.gateway = StripeGateway("sk_test_1", ("whsec_tomorrow", SECRET), clock=house.clock)

    for secret in ("whsec_tomorrow", SECRET):
        body = thin(id=f"evt_{secret}")
        assert post(house, body, sign(json.dumps(body).encode(), secret)).status_code == 200


def test_notification_about_nothing_is_kept_and_settled(house):
    """
    A few notifications are about the account: they have no object of their own.
    """
    body = snapshot(type="balance.available", data={"object": {"object": "balance"}})

    assert post(house, body).status_code == 200
    house.parts.worker.run_once()
    assert house.query("find_notification", id=body["id"])["state"] == "done"
    assert house.query("open_tasks", livemode=0) == []


@pytest.mark.parametrize("kind", ["checkout.session", "charge", "refund", "hovercraft"])
def test_unknown_object_is_kept_and_a_person_is_asked(house, kind):
    body = thin(kind=kind, object_id="xx_test_unknown")

    assert post(house, body).status_code == 200
    house.parts.worker.run_once()

    assert house.query("find_notification", id=body["id"])["state"] == "done"
    [task] = house.query("open_tasks", livemode=0)
    assert (task["kind"], task["subject"]) == ("unknown_object", "xx_test_unknown")


def test_database_that_is_gone_makes_stripe_send_it_again(house):
    """
    503 and nothing kept: Stripe retries for days, so nothing is lost.
    """
    body = thin()
    good = house.parts.store

    class Gone:
        def transaction(self):
            raise StoreUnavailable("away")

    house.parts.store = Gone()
    assert post(house, body).status_code == 503

    house.parts.store = good
    assert post(house, body).status_code == 200
    assert kept(house) == 1


def test_only_post_is_answered(house):
    answer = house.client.get("/api/stripe/webhook")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
