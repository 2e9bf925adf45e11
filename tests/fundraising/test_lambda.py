"""The functions: a gateway's events in, the same bytes and the same answers as anywhere."""

from __future__ import annotations

import base64
import importlib
import json
from urllib.parse import parse_qsl

import pytest
import stripe

from fundraising.store import open_store

ENTRY = "fundraising.entrypoints.lambda"
SECRET = "whsec_for_tests"
# Spaces, an accent, an emoji and no final newline: whoever decodes and encodes changes them.
PAYLOAD = (
    '{\n  "id": "evt_test_1",  "object": "v2.core.event",\n\t"type": "v1.checkout.session.completed", '
    '"livemode": false, "note": "perché 🎁 \\u00e8",\r\n'
    '  "related_object": {"id": "cs_test_1", "type": "checkout.session", "url": "/v1/x"}}'
).encode()


def event_v2(method="POST", path="/api/stripe/webhook", body="", encoded=False, **headers):
    """An event of an HTTP API, payload format 2.0, with everything AWS puts into it."""
    path, _, query = path.partition("?")
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "cookies": ["uno=1", "due=2"],
        "headers": {
            "accept": "*/*",
            "content-length": str(len(body)),
            "host": "dona.example.org",
            "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "x-amzn-trace-id": "Root=1-674066e0-0b1c2d3e4f5a6b7c8d9e0f1a",
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "domainName": "dona.example.org",
            "domainPrefix": "dona",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            },
            "requestId": "Bxyz3jYAIAMEVtQ=",
            "routeKey": "$default",
            "stage": "$default",
            "time": "22/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1795435200000,
        },
        "body": body,
        "isBase64Encoded": encoded,
    }


def event_v1(method="POST", path="/api/stripe/webhook", body="", encoded=False, **headers):
    """An event of a REST API, payload format 1.0, with everything AWS puts into it."""
    path, _, query = path.partition("?")
    # This format hands queries over decoded.
    pairs = parse_qsl(query)
    single = {
        "Accept": "*/*",
        "Host": "dona.example.org",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        # The first address is what the caller claims, the last one what AWS saw.
        "X-Forwarded-For": "198.51.100.99, 203.0.113.7",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
        "Cookie": "uno=1; due=2",
        **{name.replace("_", "-").title(): value for name, value in headers.items()},
    }
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": single,
        "multiValueHeaders": {name: [value] for name, value in single.items()},
        "queryStringParameters": dict(pairs) or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in pairs} or None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "a1b2c3d4e5",
            "httpMethod": method,
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "Stripe/1.0"},
            "path": path,
            "protocol": "HTTP/1.1",
            "requestId": "7f9d2c34-0000-4000-8000-000000000000",
            "resourcePath": "/{proxy+}",
            "stage": "prod",
        },
        "body": body or None,
        "isBase64Encoded": encoded,
    }


def signed(payload=PAYLOAD):
    return stripe.WebhookSignature.generate_signature_header(payload.decode(), SECRET)


@pytest.fixture
def entry(monkeypatch, database, write_campaigns):
    """The module as the platform loads it: by its name, with the environment set."""
    url = database()
    for name, value in {
        "SITE_URL": "https://dona.example.org",
        "DATABASE_URL": url,
        "CAMPAIGNS_FILE": str(write_campaigns()),
        "MAIL_FROM": "donazioni@example.org",
        "SMTP_URL": "smtp://127.0.0.1:9",
        "STRIPE_SECRET_KEY": "sk_test_for_tests",
        "STRIPE_WEBHOOK_SECRET": SECRET,
        "STRIPE_API_BASE": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    module = importlib.import_module(ENTRY)
    module._gateway.cache_clear()
    module._worker_parts.cache_clear()
    yield module
    module._gateway.cache_clear()
    module._worker_parts.cache_clear()


@pytest.fixture
def kept(entry):
    import os

    def kept():
        with open_store(os.environ["DATABASE_URL"]) as store, store.transaction() as books:
            return books.find_notification(id="evt_test_1")

    return kept


@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "base64"])
@pytest.mark.parametrize("make", [event_v1, event_v2], ids=["v1", "v2"])
def test_signature_holds_because_not_a_byte_changes(entry, kept, make, encoded):
    """
    A gateway hands the body over as text or as base64; the HMAC is over the bytes Stripe sent.
    """
    body = base64.b64encode(PAYLOAD).decode() if encoded else PAYLOAD.decode()
    answer = entry.handler(make(body=body, encoded=encoded, stripe_signature=signed()), None)

    assert (answer["statusCode"], answer["body"]) == (200, "kept\n")
    assert kept()["object_id"] == "cs_test_1"


@pytest.mark.parametrize("make", [event_v1, event_v2], ids=["v1", "v2"])
def test_one_changed_byte_is_turned_away(entry, kept, make):
    body = PAYLOAD.decode().replace("cs_test_1", "cs_test_2")
    answer = entry.handler(make(body=body, stripe_signature=signed()), None)

    assert answer["statusCode"] == 400
    assert kept() is None


@pytest.mark.parametrize("make", [event_v1, event_v2], ids=["v1", "v2"])
def test_body_larger_than_any_notification_is_refused(entry, make):
    answer = entry.handler(make(body="x" * (512 * 1024 + 1), stripe_signature="t=1,v1=0"), None)

    assert answer["statusCode"] == 413


@pytest.mark.parametrize("make", [event_v1, event_v2], ids=["v1", "v2"])
def test_pages_come_with_their_headers(entry, make):
    answer = entry.handler(make("GET", "/api/donate?campaign=tetto&amount=25%2C50"), None)

    headers = answer.get("headers") or {
        name.lower(): values[-1] for name, values in answer["multiValueHeaders"].items()
    }
    assert answer["statusCode"] == 200
    assert "PROVA: nessun addebito" in answer["body"]
    assert 'value="25,50"' in answer["body"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert not answer["isBase64Encoded"]


@pytest.mark.parametrize("make", [event_v1, event_v2], ids=["v1", "v2"])
def test_form_without_stripe_says_that_nothing_was_charged(entry, make):
    body = (
        "campaign=tetto&amount=25&frequency=once&email=anna%40example.org"
        "&first_name=Anna&last_name=Prov%C3%A0"
    )
    answer = entry.handler(
        make("POST", "/api/donate", body, content_type="application/x-www-form-urlencoded"), None
    )

    assert answer["statusCode"] == 503
    assert "non abbiamo addebitato nulla" in answer["body"]
    assert 'value="Provà"' in answer["body"]


@pytest.mark.parametrize("make", [event_v1, event_v2], ids=["v1", "v2"])
def test_caller_is_who_the_gateway_saw_and_every_cookie_arrives(entry, make):
    seen = {}

    class Probe(entry.Door):
        def __init__(self):
            pass

        def _doorbell(self, environ, start_response):
            seen.update(environ)
            start_response("200 OK", [])
            return [b""]

    entry.make_lambda_handler(Probe(), binary_support=True)(make(body="{}"), None)

    assert seen["REMOTE_ADDR"] == "203.0.113.7"
    cookies = {part.strip() for part in seen["HTTP_COOKIE"].split(";")}
    assert cookies == {"uno=1", "due=2"}


def test_bytes_leave_as_bytes(entry):
    """
    A receipt is not text: the gateway gets it as base64, and says so.
    """
    from werkzeug.wrappers import Response

    pdf = b"%PDF-1.7\n\xe2\xe3\xcf\xd3"
    for make in (event_v1, event_v2):
        handle = entry.make_lambda_handler(
            Response(pdf, mimetype="application/pdf"), binary_support=True
        )
        answer = handle(make("GET", "/api/receipt"), None)

        assert answer["isBase64Encoded"]
        assert base64.b64decode(answer["body"]) == pdf


def test_worker_does_what_is_due_and_says_how_much(entry, kept):
    body = json.dumps(
        {
            "id": "evt_test_1", "object": "event", "type": "balance.available", "livemode": False,
            "data": {"object": {"object": "balance"}},
        }
    )  # fmt: skip
    entry.handler(event_v2(body=body, stripe_signature=signed(body.encode())), None)
    done = entry.work({"source": "aws.scheduler"}, None)

    assert done["notifications"] == 1
    assert kept()["state"] == "done"


def test_function_without_its_settings_names_them_all(entry, monkeypatch):
    for name in ("SITE_URL", "STRIPE_SECRET_KEY", "SMTP_URL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "giving-web")
    with pytest.raises(ValueError) as refused:
        entry.handler(event_v2(body="{}"), None)

    for name in ("SITE_URL", "STRIPE_SECRET_KEY", "SMTP_URL"):
        assert name in str(refused.value)
