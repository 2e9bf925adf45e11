"""The sandbox's customer portal, and invoices that are tried again or confirmed."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
import stripe
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

from fundraising.sandbox import Sandbox

SITE = "http://127.0.0.1:8000"
KEY = "sk_test_rehearsal"


@pytest.fixture
def sandbox():
    sandbox = Sandbox(
        state=None,
        public_url=f"{SITE}/prova",
        webhook_url=None,
        webhook_secret="whsec_rehearsal",
        secret_key=KEY,
        clock=lambda: datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    )
    yield sandbox
    sandbox.close()


@pytest.fixture
def v1(sandbox):
    with sandbox.serve_api() as server:
        client = stripe.StripeClient(KEY, base_addresses={"api": server.url}, max_network_retries=2)
        yield client.v1


@pytest.fixture
def visitor(sandbox):
    return Client(DispatcherMiddleware(Response("site"), {"/prova": sandbox.pages}))


@pytest.fixture
def subscription(sandbox, v1):
    """A gift of 25 € a month whose second payment the bank refused."""
    price = {
        "currency": "eur",
        "unit_amount": 25_00,
        "product_data": {"name": "Emporio"},
        "recurring": {"interval": "month"},
    }
    session = v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": f"{SITE}/grazie",
            "customer_email": "anna@example.org",
            "line_items": [{"quantity": 1, "price_data": price}],
        }
    )
    subscription_id = sandbox.pay_by_card(session.id)["subscription"]
    sandbox.renew(subscription_id, accepted=False)
    return v1.subscriptions.retrieve(subscription_id, {"expand": ["customer", "latest_invoice"]})


def press(visitor, url, **fields):
    return visitor.post(urlsplit(url).path, data=fields, base_url=SITE)


def events(v1):
    return [event.type for event in v1.events.list({"limit": 100}).data]


def test_portal_gives_the_customer_another_card(sandbox, v1, visitor, subscription):
    flow = {
        "type": "payment_method_update",
        "after_completion": {"type": "redirect", "redirect": {"return_url": f"{SITE}/indietro"}},
    }
    session = v1.billing_portal.sessions.create(
        {"customer": subscription.customer.id, "flow_data": flow, "locale": "it"}
    )
    assert "anna@example.org" in visitor.get(urlsplit(session.url).path, base_url=SITE).text

    answer = press(visitor, session.url, modo="carta")

    assert (answer.status_code, answer.location) == (303, f"{SITE}/indietro")
    customer = v1.customers.retrieve(subscription.customer.id)
    assert customer.invoice_settings.default_payment_method.startswith("pm_test_")
    assert "customer.updated" in events(v1)
    assert v1.invoices.retrieve(subscription.latest_invoice.id).status == "open"


def test_portal_lets_a_subscription_end_with_its_period(v1, visitor, subscription):
    session = v1.billing_portal.sessions.create({"customer": subscription.customer.id})

    press(visitor, session.url, modo="ferma", sostegno=subscription.id)

    assert v1.subscriptions.retrieve(subscription.id).cancel_at_period_end is True


def test_portal_shows_nobody_elses_subscription(v1, visitor, subscription):
    stranger = v1.customers.create({"email": "bruno@example.org"})
    session = v1.billing_portal.sessions.create({"customer": stranger.id})

    press(visitor, session.url, modo="ferma", sostegno=subscription.id)

    assert v1.subscriptions.retrieve(subscription.id).cancel_at_period_end is False
    assert visitor.get("/prova/portale/bps_test_no", base_url=SITE).status_code == 404


def test_flow_that_is_not_rehearsed_is_refused(v1, subscription):
    with pytest.raises(stripe.InvalidRequestError, match="flow_data"):
        v1.billing_portal.sessions.create(
            {"customer": subscription.customer.id, "flow_data": {"type": "subscription_pause"}}
        )


def test_open_invoice_is_paid_with_the_card_named(v1, subscription):
    paid = v1.invoices.pay(subscription.latest_invoice.id)

    assert paid.status == "paid"
    assert v1.subscriptions.retrieve(subscription.id).status == "active"
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        v1.invoices.pay(subscription.latest_invoice.id)


def test_card_that_is_declined_leaves_an_attempt_behind(v1, visitor, subscription):
    session = v1.billing_portal.sessions.create({"customer": subscription.customer.id})
    press(visitor, session.url, modo="carta-rifiutata")

    with pytest.raises(stripe.CardError) as declined:
        v1.invoices.pay(subscription.latest_invoice.id)

    assert (declined.value.http_status, declined.value.code) == (402, "card_declined")
    invoice = v1.invoices.retrieve(subscription.latest_invoice.id)
    assert (invoice.status, invoice.attempt_count) == ("open", 2)


def test_bank_asks_the_donor_to_confirm(sandbox, v1, visitor, subscription):
    invoice_id = sandbox.renew_to_confirm(subscription.id)["id"]
    assert "invoice.payment_action_required" in events(v1)
    invoice = v1.invoices.retrieve(invoice_id)
    page = visitor.get(urlsplit(invoice.hosted_invoice_url).path, base_url=SITE)
    assert "Conferma e paga" in page.text

    press(visitor, invoice.hosted_invoice_url)
    press(visitor, invoice.hosted_invoice_url)

    assert v1.invoices.retrieve(invoice_id).status == "paid"
    page = visitor.get(urlsplit(invoice.hosted_invoice_url).path, base_url=SITE)
    assert "già concluso" in page.text


def test_giving_up_says_why(sandbox, v1, subscription):
    sandbox.give_up(subscription.id)

    ended = v1.subscriptions.retrieve(subscription.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")
