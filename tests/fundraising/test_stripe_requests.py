"""Every request to Stripe is checked against the SDK's own types, while it runs and before."""

import ast
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import stripe

from fundraising.clock import utc_now
from fundraising.donation import Frequency
from fundraising.gateway import CheckoutOrder
from fundraising.sandbox import Sandbox
from fundraising.sandbox.api import ADDRESSES
from fundraising.sandbox.payment_methods import use_new_card
from fundraising.sandbox.server import ApiServer
from fundraising.stripe_gateway import StripeGateway
from fundraising.stripe_gateway.setup import Style

ROOT = Path(__file__).parents[2]
KEY = "sk_test_for_tests"
VERBS = {"cancel", "create", "disable", "enable", "expire", "list", "pay", "retrieve", "update"}
WITHOUT_ID = {"create", "list"}
THE_ONLY_ONE = ("v1", "balance", "retrieve")


def chain_of(node, aliases):
    """Spell `self._client.v1.charges.list` as ("v1", "charges", "list"), through local names."""
    names = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        names = [*aliases.get(node.id, ()), *names]
    for version in ("v1", "v2"):
        if version in names:
            return tuple(names[names.index(version) :])
    return ()


def requests_in(path):
    """Every request a module can make, as the path through the SDK's client."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    aliases = {}
    # Twice: a short name may stand for something that begins with another short name.
    for _ in range(2):
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
                continue
            if chain := chain_of(node.value, aliases):
                aliases[node.targets[0].id] = chain
    chains = {chain_of(node, aliases) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return {chain for chain in chains if chain and chain[-1] in VERBS}


ROOM = ROOT / "fundraising" / "stripe_gateway"
REQUESTS = sorted(set().union(*(requests_in(path) for path in ROOM.glob("*.py"))))


class Listening:
    """The sandbox's API, and what it was asked: with which method, at which address."""

    def __init__(self, api):
        self.api = api
        self.asked = []
        self.accepted = set()

    def __call__(self, environ, start_response):
        resource, _ids = ADDRESSES.bind_to_environ(environ).match()
        question = (resource.method, resource.address)
        self.asked.append(question)

        def start(status, headers):
            if status.startswith("2"):
                self.accepted.add(question)
            return start_response(status, headers)

        return self.api(environ, start)


@pytest.fixture(scope="module")
def sandbox():
    sandbox = Sandbox(
        state=None,
        public_url="http://127.0.0.1:8000/prova",
        webhook_url=None,
        webhook_secret="whsec_for_tests",
        secret_key=KEY,
        clock=utc_now,
    )
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def listening(sandbox):
    return Listening(sandbox.api)


@pytest.fixture(scope="module")
def api(listening):
    with ApiServer(listening, "127.0.0.1", 0) as api:
        yield api


@pytest.fixture(scope="module")
def client(api):
    return stripe.StripeClient(KEY, base_addresses={"api": api.url})


def misspelt(client, request_path):
    """Make a request with a parameter that does not exist, and return the refusal."""
    method = client
    for name in request_path:
        method = getattr(method, name)
    has_id = request_path[-1] not in WITHOUT_ID and request_path != THE_ONLY_ONE
    ids = ["xx_test_1"] if has_id else []
    with pytest.raises(stripe.StripeError) as refused:
        method(*ids, {"success_ulr": "https://dona.example.org"})
    return str(refused.value).lower()


def test_requests_are_found():
    """
    The list below is read from the code; an empty one would prove nothing.
    """
    assert ("v1", "checkout", "sessions", "create") in REQUESTS
    assert ("v1", "webhook_endpoints", "update") in REQUESTS
    assert ("v2", "core", "event_destinations", "create") in REQUESTS
    assert len(REQUESTS) > 25


@pytest.mark.parametrize("request_path", REQUESTS, ids=".".join)
def test_parameter_the_sdk_does_not_declare_is_refused(client, request_path):
    """
    The sandbox holds each request against the SDK's TypedDict, so what passes here fits there.
    """
    assert "unknown parameter" in misspelt(client, request_path)


def test_every_request_the_code_can_make_was_made_and_accepted(sandbox, listening, api, client):
    """
    What the gateway says at each of its doors fits the SDK's types; no request is left out.
    """
    gateway = StripeGateway(KEY, (), clock=utc_now, api_base=api.url)
    listening.accepted.clear()

    give_once_and_look(gateway, sandbox)
    give_every_month_and_look(gateway, sandbox)
    prepare_twice(gateway, client)
    list(gateway.history.touched_since(None))
    list(gateway.history.plans())
    list(gateway.history.entries())
    list(gateway.history.payouts())
    gateway.balance_cents()
    accepted = set(listening.accepted)

    possible = set()
    for request_path in REQUESTS:
        misspelt(client, request_path)
        possible.add(listening.asked[-1])
    assert possible - accepted == set()


def an_order(frequency, intent_id):
    return CheckoutOrder(
        intent_id=intent_id,
        amount_cents=25_00,
        frequency=frequency,
        title="Un tetto",
        description="Il primo mese di affitto",
        email="anna@example.org",
        success_url="http://127.0.0.1:8000/api/thanks?session_id={CHECKOUT_SESSION_ID}",
        cancel_url="http://127.0.0.1:8000/api/donate",
        expires_at=utc_now() + timedelta(minutes=31),
    )


def give_once_and_look(gateway, sandbox):
    left, _url = gateway.open_checkout(an_order(Frequency.ONCE, "left"))
    gateway.close_checkout(left)
    session_id, _url = gateway.open_checkout(an_order(Frequency.ONCE, "once"))
    gateway.find_checkout(session_id)
    payment_id = sandbox.pay_by_card(session_id)["payment_intent"]
    refund_id = gateway.history.refund(payment_id, 5_00, key="refund:1", donation="gift-1")
    dispute_id = sandbox.dispute(session_id)["id"]
    charge_id = sandbox.account.read("payment_intent", payment_id)["latest_charge"]
    sandbox.charge_fee(1_00)
    [fee] = [one for one in gateway.history.entries() if one.kind == "stripe_fee"]
    another, _url = gateway.open_checkout(an_order(Frequency.ONCE, "another"))
    sandbox.pay_by_card(another)
    for kind, object_id in (
        ("checkout.session", session_id),
        ("payment_intent", payment_id),
        ("charge", charge_id),
        ("refund", refund_id),
        ("dispute", dispute_id),
        ("balance_transaction", fee.id),
        ("payout", sandbox.pay_out()["id"]),
    ):
        gateway.observe(kind, object_id)


def give_every_month_and_look(gateway, sandbox):
    session_id, _url = gateway.open_checkout(an_order(Frequency.MONTH, "month"))
    plan_id = sandbox.pay_by_card(session_id)["subscription"]
    customer_id = sandbox.account.read("subscription", plan_id)["customer"]
    portal = gateway.setup.prepare_portal(return_url="https://dona.example.org/")
    gateway.plans.open_portal(
        customer_id, configuration=portal.id, return_url="https://dona.example.org/"
    )
    sandbox.renew_to_confirm(plan_id)
    gateway.plans.page_to_confirm(plan_id)
    gateway.plans.mend(plan_id, new_card(sandbox, customer_id))
    invoice_id = sandbox.renew(plan_id)["id"]
    for kind, object_id in (
        ("checkout.session", session_id),
        ("subscription", plan_id),
        ("invoice", invoice_id),
        ("customer", customer_id),
    ):
        gateway.observe(kind, object_id)
    gateway.plans.end(plan_id)


def new_card(sandbox, customer_id):
    with sandbox.account.store.change():
        customer = sandbox.account.read("customer", customer_id)
        use_new_card(sandbox.account, customer, works=True)
        return sandbox.account.read("customer", customer_id)["invoice_settings"][
            "default_payment_method"
        ]


def prepare_twice(gateway, client):
    """Prepare everything, spoil it as a person might, and prepare it again."""
    url = "https://dona.example.org/api/stripe/webhook"
    [endpoint] = gateway.setup.prepare_webhook(url, Style.SNAPSHOT)
    client.v1.webhook_endpoints.update(endpoint.id, {"enabled_events": ["invoice.paid"]})
    gateway.setup.prepare_webhook(url, Style.SNAPSHOT)
    [destination, _disabled] = gateway.setup.prepare_webhook(url, Style.THIN)
    client.v2.core.event_destinations.update(
        destination.id, {"enabled_events": ["v1.invoice.paid"]}
    )
    gateway.setup.prepare_webhook(url, Style.SNAPSHOT)
    gateway.setup.prepare_webhook(url, Style.THIN)
    portal = gateway.setup.prepare_portal(return_url="https://dona.example.org/")
    client.v1.billing_portal.configurations.update(
        portal.id, {"features": {"subscription_cancel": {"enabled": False}}}
    )
    gateway.setup.prepare_portal(return_url="https://dona.example.org/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"line_items": [{"price_data": {"currency": "eur", "unit_ammount": 100}}]},
        {"payment_intent_data": {"metadatas": {}}},
        {"mode": "donation"},
        {"line_items": [{"quantity": "one"}]},
        {"expires_at": "tomorrow"},
        {"payment_method_types": ["card"]},
    ],
)
def test_parameters_are_checked_in_every_depth_and_by_type(client, wrong):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(
            {"mode": "payment", "success_url": "https://dona.example.org"} | wrong
        )


@pytest.mark.slow
def test_types_hold_strictly():
    """
    mypy knows every parameter of the SDK; the second run takes a second.
    """
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "fundraising"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout
