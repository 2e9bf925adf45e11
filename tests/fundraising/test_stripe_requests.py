"""Every request to Stripe is checked against the SDK's own types, while it runs and before."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import stripe

from fundraising.clock import utc_now
from fundraising.sandbox import Sandbox

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


REQUESTS = sorted(
    set().union(*(requests_in(path) for path in (ROOT / "fundraising").glob("stripe_*.py")))
)


@pytest.fixture(scope="module")
def client():
    sandbox = Sandbox(
        state=None,
        public_url="http://127.0.0.1:8000/prova",
        webhook_url=None,
        webhook_secret="whsec_for_tests",
        secret_key=KEY,
        clock=utc_now,
    )
    with sandbox.serve_api() as api:
        yield stripe.StripeClient(KEY, base_addresses={"api": api.url})
    sandbox.close()


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
    method = client
    for name in request_path:
        method = getattr(method, name)
    has_id = request_path[-1] not in WITHOUT_ID and request_path != THE_ONLY_ONE
    ids = ["xx_test_1"] if has_id else []

    with pytest.raises(stripe.StripeError) as refused:
        method(*ids, {"success_ulr": "https://dona.example.org"})

    assert "unknown parameter" in str(refused.value).lower()


@pytest.mark.parametrize(
    "misspelt",
    [
        {"line_items": [{"price_data": {"currency": "eur", "unit_ammount": 100}}]},
        {"payment_intent_data": {"metadatas": {}}},
        {"mode": "donation"},
        {"line_items": [{"quantity": "one"}]},
        {"expires_at": "tomorrow"},
        {"payment_method_types": ["card"]},
    ],
)
def test_parameters_are_checked_in_every_depth_and_by_type(client, misspelt):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(
            {"mode": "payment", "success_url": "https://dona.example.org"} | misspelt
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
