"""Preparing Stripe: done once or ten times, the account looks the same."""

import os
import subprocess
import sys
import typing

import pytest
import stripe
from stripe.params import WebhookEndpointCreateParams

from fundraising.clock import utc_now
from fundraising.sandbox import Sandbox
from fundraising.stripe_gateway import StripeGateway
from fundraising.stripe_gateway.setup import NEWS, Done, Style

KEY = "sk_test_for_tests"
URL = "https://dona.example.org/api/stripe/webhook"


@pytest.fixture
def api():
    sandbox = Sandbox(
        state=None,
        public_url="http://127.0.0.1:8000/prova",
        webhook_url=None,
        webhook_secret="whsec_for_tests",
        secret_key=KEY,
        clock=utc_now,
    )
    with sandbox.serve_api() as api:
        yield api
    sandbox.close()


@pytest.fixture
def setup(api):
    return StripeGateway(KEY, (), clock=utc_now, api_base=api.url).setup


@pytest.fixture
def client(api):
    return stripe.StripeClient(KEY, base_addresses={"api": api.url})


def endpoints(client):
    return [(one.url, one.status) for one in client.v1.webhook_endpoints.list().data]


def destinations(client):
    listed = client.v2.core.event_destinations.list({"include": ["webhook_endpoint.url"]})
    return [(one.webhook_endpoint.url, one.status) for one in listed.data]


def done(prepared):
    return [(one.what, one.done) for one in prepared]


@pytest.mark.parametrize(
    ("style", "what", "listed"),
    [(Style.SNAPSHOT, "endpoint", endpoints), (Style.THIN, "destination", destinations)],
)
def test_repeating_it_changes_nothing(setup, client, style, what, listed):
    """
    The secret is told the first time, and a second endpoint is never made.
    """
    first = setup.prepare_webhook(URL, style)
    second = setup.prepare_webhook(URL, style)

    assert done(first) == [(what, Done.CREATED)]
    assert first[0].secret.startswith("whsec_")
    assert done(second) == [(what, Done.UNCHANGED)]
    assert second[0].secret is None
    assert listed(client) == [(URL, "enabled")]


@pytest.mark.parametrize("style", Style)
def test_missing_news_and_a_switch_turned_off_are_mended(setup, client, style):
    [made] = setup.prepare_webhook(URL, style)
    if style is Style.SNAPSHOT:
        client.v1.webhook_endpoints.update(
            made.id, {"enabled_events": ["invoice.paid"], "disabled": True}
        )
    else:
        client.v2.core.event_destinations.update(made.id, {"enabled_events": ["v1.invoice.paid"]})
        client.v2.core.event_destinations.disable(made.id)

    [mended] = setup.prepare_webhook(URL, style)
    [same] = setup.prepare_webhook(URL, style)

    assert (mended.id, mended.done) == (made.id, Done.UPDATED)
    assert same.done is Done.UNCHANGED


def test_endpoint_somebody_made_by_hand_is_adopted(setup, client):
    by_hand = client.v1.webhook_endpoints.create({"url": URL, "enabled_events": ["*"]})
    [prepared] = setup.prepare_webhook(URL, Style.SNAPSHOT)

    assert (prepared.id, prepared.done) == (by_hand.id, Done.UPDATED)
    assert set(client.v1.webhook_endpoints.retrieve(by_hand.id).enabled_events) == set(NEWS)


def test_second_endpoint_at_the_same_address_is_turned_off(setup, client):
    """
    Found in the field: every event rang twice. The one that is ours stays.
    """
    [ours] = setup.prepare_webhook(URL, Style.SNAPSHOT)
    twin = client.v1.webhook_endpoints.create({"url": URL, "enabled_events": ["*"]})
    prepared = setup.prepare_webhook(URL, Style.SNAPSHOT)

    assert done(prepared) == [("endpoint", Done.UNCHANGED), ("endpoint", Done.DISABLED)]
    assert [one.id for one in prepared] == [ours.id, twin.id]


def test_changing_the_shape_turns_the_other_one_off_and_back_again(setup, client):
    setup.prepare_webhook(URL, Style.SNAPSHOT)
    to_thin = setup.prepare_webhook(URL, Style.THIN)
    assert (endpoints(client), destinations(client)) == ([(URL, "disabled")], [(URL, "enabled")])

    back = setup.prepare_webhook(URL, Style.SNAPSHOT)

    assert done(to_thin) == [("destination", Done.CREATED), ("endpoint", Done.DISABLED)]
    assert done(back) == [("endpoint", Done.UPDATED), ("destination", Done.DISABLED)]
    assert (endpoints(client), destinations(client)) == ([(URL, "enabled")], [(URL, "disabled")])


@pytest.mark.parametrize("style", Style)
def test_endpoint_of_another_place_is_told_and_left_alone(setup, client, style):
    old = "https://vecchio.example.org/api/stripe/webhook"
    setup.prepare_webhook(old, style)
    prepared = setup.prepare_webhook(URL, style)

    assert [(one.done, one.url) for one in prepared] == [
        (Done.CREATED, URL),
        (Done.ELSEWHERE, old),
    ]
    assert (old, "enabled") in endpoints(client) + destinations(client)


def test_portal_lets_donors_change_the_card_and_stop_and_no_more(setup, client):
    assert setup.find_portal() is None
    made = setup.prepare_portal(return_url="https://dona.example.org/")
    again = setup.prepare_portal(return_url="https://dona.example.org/")

    features = client.v1.billing_portal.configurations.retrieve(made.id).features
    assert (made.done, again.done) == (Done.CREATED, Done.UNCHANGED)
    assert setup.find_portal() == made.id == again.id
    assert features.payment_method_update.enabled
    assert features.subscription_cancel.enabled
    assert features.subscription_cancel.mode == "at_period_end"
    assert not features.customer_update.enabled
    assert not features.subscription_update.enabled


def test_portal_somebody_changed_is_mended(setup, client):
    made = setup.prepare_portal(return_url="https://dona.example.org/")
    client.v1.billing_portal.configurations.update(
        made.id, {"features": {"subscription_cancel": {"enabled": False}}}
    )
    mended = setup.prepare_portal(return_url="https://dona.example.org/")

    features = client.v1.billing_portal.configurations.retrieve(made.id).features
    assert (mended.id, mended.done) == (made.id, Done.UPDATED)
    assert features.subscription_cancel.enabled


def test_every_piece_of_news_is_known_to_the_sdk():
    """
    A misspelt name would be refused by Stripe on the day of the setup.
    """
    [listed] = typing.get_args(WebhookEndpointCreateParams.__annotations__["enabled_events"])
    known = set(typing.get_args(listed))

    assert len(known) > 200
    assert [name for name in NEWS if name not in known] == []
    assert len(set(NEWS)) == len(NEWS)
    assert not {"payment_intent.succeeded", "charge.succeeded"} & set(NEWS)


def run_setup(api, tmp_path, write_campaigns, *arguments, **changes):
    return subprocess.run(
        [sys.executable, "-m", "fundraising.cli", "setup", *arguments],
        env={
            "PATH": os.environ["PATH"],
            "SITE_URL": "https://dona.example.org",
            "DATA_DIR": str(tmp_path / "data"),
            "CAMPAIGNS_FILE": str(write_campaigns()),
            "MAIL_FROM": "donazioni@example.org",
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_API_BASE": api.url,
        }
        | changes,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_command_tells_the_secret_once(api, tmp_path, write_campaigns):
    """
    It runs before the secret is known, which is what it is there to find out.
    """
    first = run_setup(api, tmp_path, write_campaigns)
    second = run_setup(api, tmp_path, write_campaigns)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "STRIPE_WEBHOOK_SECRET=whsec_" in first.stdout
    assert "creato (https://dona.example.org/api/stripe/webhook)" in first.stdout
    assert "whsec_" not in second.stdout
    assert "era già a posto" in second.stdout
    assert not (tmp_path / "data").exists()


def test_command_explains_what_it_needs(api, tmp_path, write_campaigns):
    local = run_setup(api, tmp_path, write_campaigns, SITE_URL="http://127.0.0.1:8000")
    rehearsal = run_setup(api, tmp_path, write_campaigns, STRIPE_SECRET_KEY="")

    assert local.returncode == 1
    assert "https://" in local.stdout
    assert rehearsal.returncode == 1
    assert "STRIPE_SECRET_KEY" in rehearsal.stdout
