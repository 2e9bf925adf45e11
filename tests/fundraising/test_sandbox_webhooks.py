"""The sandbox's notifications: signed, repeated, and broken on demand."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
import stripe
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from fundraising.sandbox import Sandbox

KEY = "sk_test_rehearsal"
SECRET = "whsec_rehearsal"


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self):
        self.time = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def __call__(self):
        return self.time

    def advance(self, **duration):
        self.time += timedelta(**duration)


class QuietHandler(WSGIRequestHandler):
    def log(self, type, message, *args):
        pass


class Receiver:
    """A site that keeps what it is sent, and answers what it is told to."""

    def __init__(self):
        self.received = []
        self.answers = []
        self.arrived = threading.Event()
        self.server = make_server(
            "127.0.0.1", 0, self.answer, threaded=True, request_handler=QuietHandler
        )
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/api/stripe/webhook"

    @Request.application
    def answer(self, request):
        self.received.append((request.get_data(), request.headers["Stripe-Signature"]))
        self.arrived.set()
        return Response(status=self.answers.pop(0) if self.answers else 200)

    def types(self):
        return [json.loads(payload)["type"] for payload, _ in self.received]

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def rehearse(clock, receiver):
    """Make sandboxes that notify the receiver, and close them."""
    opened = []

    def rehearse(
        event_style="thin", autodeliver=False, state=None, webhook_url=receiver.url, secret=SECRET
    ):
        sandbox = Sandbox(
            state=state,
            public_url="http://127.0.0.1:8000/prova",
            webhook_url=webhook_url,
            webhook_secret=secret,
            secret_key=KEY,
            clock=clock,
            event_style=event_style,
            autodeliver=autodeliver,
        )
        server = sandbox.serve_api()
        opened.append((sandbox, server))
        client = stripe.StripeClient(KEY, base_addresses={"api": server.url}, max_network_retries=0)
        return sandbox, client

    yield rehearse
    for sandbox, server in opened:
        server.close()
        sandbox.close()


def an_expired_session(client):
    """Cause exactly one event."""
    session = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "https://example.org/grazie",
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": "eur",
                        "unit_amount": 25_00,
                        "product_data": {"name": "Emporio solidale"},
                    },
                }
            ],
        }
    )
    client.v1.checkout.sessions.expire(session.id)
    return session.id


def test_thin_notification_leads_to_its_object(rehearse, receiver):
    """
    The SDK accepts the signature and fetches object and event by itself.
    """
    sandbox, client = rehearse("thin")
    session_id = an_expired_session(client)

    assert sandbox.deliver_pending() == 1

    ((payload, header),) = receiver.received
    notification = client.parse_event_notification(payload, header, SECRET)
    assert notification.type == "v1.checkout.session.expired"
    assert notification.livemode is False
    assert notification.related_object.id == session_id
    assert notification.fetch_related_object().status == "expired"
    event = notification.fetch_event()
    assert (event.id, event.object) == (notification.id, "v2.core.event")
    assert client.v1.events.retrieve(event.snapshot_event).type == "checkout.session.expired"
    assert b"amount" not in payload


def test_snapshot_carries_the_object(rehearse, receiver):
    """
    Both ways of the SDK to read a snapshot accept it.
    """
    sandbox, client = rehearse("snapshot")
    session_id = an_expired_session(client)

    sandbox.deliver_pending()

    ((payload, header),) = receiver.received
    event = client.construct_event(payload, header, SECRET)
    assert event.type == "checkout.session.expired"
    assert event.api_version == "2026-10-28.endive"
    assert event.data.object.id == session_id
    assert event.data.object.amount_total == 25_00
    assert stripe.Webhook.construct_event(payload, header, SECRET).id == event.id


def test_wrong_secret_does_not_open_a_notification(rehearse, receiver):
    """
    The signature is over the bytes and the secret.
    """
    sandbox, client = rehearse("thin")
    an_expired_session(client)
    sandbox.deliver_pending()
    ((payload, header),) = receiver.received

    with pytest.raises(stripe.SignatureVerificationError):
        client.parse_event_notification(payload, header, "whsec_other")
    with pytest.raises(stripe.SignatureVerificationError):
        client.parse_event_notification(payload + b" ", header, SECRET)


@pytest.mark.parametrize("pay", ["pay_by_card", "decline_card", "pay_by_sepa"])
@pytest.mark.parametrize("mode", ["payment", "subscription"])
def test_sdk_knows_every_thin_notification(rehearse, receiver, pay, mode):
    """
    A type the SDK does not know would have no object to fetch.
    """
    sandbox, client = rehearse("thin")
    price = {"currency": "eur", "unit_amount": 25_00, "product_data": {"name": "Emporio"}}
    if mode == "subscription":
        price["recurring"] = {"interval": "year"}
    session = client.v1.checkout.sessions.create(
        {
            "mode": mode,
            "success_url": "https://example.org/grazie",
            "line_items": [{"quantity": 1, "price_data": price}],
        }
    )
    getattr(sandbox, pay)(session.id)

    sandbox.deliver_pending()

    assert len(receiver.received) >= 3
    for payload, header in receiver.received:
        notification = client.parse_event_notification(payload, header, SECRET)
        assert type(notification).__name__ != "UnknownEventNotification", notification.type
        assert notification.fetch_related_object().id == notification.related_object.id


def test_sdk_knows_what_happens_to_a_gift_later(rehearse, receiver):
    """
    Renewals, refunds, disputes, payouts and the end of a subscription.
    """
    sandbox, client = rehearse("thin")
    price = {"currency": "eur", "unit_amount": 25_00, "product_data": {"name": "Emporio"}}
    session = client.v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": "https://example.org/grazie",
            "line_items": [
                {"quantity": 1, "price_data": {**price, "recurring": {"interval": "month"}}}
            ],
        }
    )
    subscription_id = sandbox.pay_by_card(session.id)["subscription"]
    sandbox.deliver_pending()
    receiver.received.clear()

    sandbox.pay_out()
    sandbox.fail_refund(sandbox.refund(session.id, 5_00)["id"])
    sandbox.close_dispute(sandbox.dispute(session.id)["id"], won=True)
    sandbox.renew(subscription_id, accepted=False)
    sandbox.cancel_subscription(subscription_id)
    sandbox.deliver_pending()

    assert {
        "v1.charge.dispute.funds_reinstated",
        "v1.charge.refunded",
        "v1.customer.subscription.deleted",
        "v1.invoice.payment_failed",
        "v1.payout.reconciliation_completed",
        "v1.refund.failed",
    } <= set(receiver.types())
    for payload, header in receiver.received:
        notification = client.parse_event_notification(payload, header, SECRET)
        assert type(notification).__name__ != "UnknownEventNotification", notification.type
        assert notification.fetch_related_object().id == notification.related_object.id


def test_notification_comes_again_until_it_is_taken(rehearse, receiver, clock):
    """
    503, then a redirect, which is no success either, then 200: three times in all.
    """
    sandbox, client = rehearse()
    receiver.answers = [503, 302]
    an_expired_session(client)

    assert [sandbox.deliver_pending() for _ in range(4)] == [0, 0, 1, 0]

    assert len(receiver.received) == 3
    assert len({payload for payload, _ in receiver.received}) == 1


def test_pause_between_attempts_grows(rehearse, receiver, clock):
    """
    The courier waits two seconds, then four.
    """
    sandbox, client = rehearse()
    receiver.answers = [500, 500]
    an_expired_session(client)

    taken = [sandbox.notifier.deliver(only_due=True)]
    for seconds in (1, 1, 3, 1):
        clock.advance(seconds=seconds)
        taken.append(sandbox.notifier.deliver(only_due=True))

    assert taken == [0, 0, 0, 0, 1]
    assert len(receiver.received) == 3


def test_site_that_is_down_is_told_later(rehearse, receiver):
    """
    The event lists as not delivered in the meantime.
    """
    sandbox, client = rehearse(webhook_url="http://127.0.0.1:9/closed")
    an_expired_session(client)

    assert sandbox.deliver_pending() == 0

    (event,) = client.v1.events.list({"delivery_success": False}).data
    assert event.pending_webhooks == 1
    assert client.v1.events.list({"delivery_success": True}).data == []
    (delivery,) = sandbox.notifier.recent()
    assert (delivery["state"], delivery["attempts"]) == ("refused", 1)


def test_courier_delivers_by_itself(rehearse, receiver):
    """
    In the background, without anyone asking.
    """
    _, client = rehearse(autodeliver=True)

    an_expired_session(client)

    assert receiver.arrived.wait(5)
    assert receiver.types() == ["v1.checkout.session.expired"]


def test_waiting_notification_survives_a_restart(rehearse, receiver, tmp_path):
    """
    It is delivered by whoever comes next, with the secret of that time.
    """
    state = tmp_path / "sandbox.sqlite3"
    _, client = rehearse(state=state)
    an_expired_session(client)

    sandbox, client = rehearse(state=state, secret="whsec_next")

    assert sandbox.deliver_pending() == 1
    ((payload, header),) = receiver.received
    client.parse_event_notification(payload, header, "whsec_next")


def test_duplicate_arrives_twice(rehearse, receiver):
    """
    The same event, byte by byte.
    """
    sandbox, client = rehearse()
    sandbox.faults.duplicate()
    an_expired_session(client)
    an_expired_session(client)

    sandbox.deliver_pending()

    first, again, other = [payload for payload, _ in receiver.received]
    assert first == again != other


def test_dropped_notification_never_arrives(rehearse, receiver):
    """
    The event is there for whoever looks, its notification is not.
    """
    sandbox, client = rehearse()
    sandbox.faults.drop()
    an_expired_session(client)

    assert sandbox.deliver_pending() == 0
    assert receiver.received == []
    assert len(client.v1.events.list({"delivery_success": False}).data) == 1


def test_delayed_notification_waits_for_the_clock(rehearse, receiver, clock):
    """
    Asking earlier does not help.
    """
    sandbox, client = rehearse()
    sandbox.faults.delay(seconds=60)
    an_expired_session(client)

    assert sandbox.deliver_pending() == 0
    clock.advance(seconds=60)
    assert sandbox.deliver_pending() == 1


def test_reorder_turns_a_batch_around(rehearse, receiver):
    """
    The last thing that happened is told first.
    """
    sandbox, client = rehearse()
    sandbox.faults.reorder()
    first, second = an_expired_session(client), an_expired_session(client)

    sandbox.deliver_pending()

    told = [json.loads(payload)["related_object"]["id"] for payload, _ in receiver.received]
    assert told == [second, first]


def test_endpoint_made_by_the_api_gets_what_it_asked_for(rehearse, receiver):
    """
    With a secret of its own, told once, until it is disabled.
    """
    sandbox, client = rehearse(webhook_url=None)
    endpoint = client.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": ["checkout.session.expired"]}
    )
    an_expired_session(client)

    sandbox.deliver_pending()

    ((payload, header),) = receiver.received
    assert client.construct_event(payload, header, endpoint.secret).livemode is False
    (listed,) = client.v1.webhook_endpoints.list().data
    assert (listed.id, listed.secret) == (endpoint.id, None)

    client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    an_expired_session(client)
    assert sandbox.deliver_pending() == 0
