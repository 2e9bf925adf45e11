"""The sandbox's pages in a real browser, on a small phone and without JavaScript."""

from datetime import UTC, datetime

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from fundraising.sandbox import Sandbox
from fundraising.sandbox.server import ApiServer
from fundraising.sandbox.sessions import create_session
from tests.axe import faults_of

SMALL_TARGETS = """
() => [...document.querySelectorAll('button, input, a.sb-button, nav a')]
    .filter(element => element.getBoundingClientRect().height < 44)
    .map(element => element.outerHTML)
"""


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@pytest.fixture
def sandbox():
    sandbox = Sandbox(
        state=None,
        public_url="/prova",
        webhook_url=None,
        webhook_secret="whsec_rehearsal",
        secret_key="sk_test_rehearsal",
        clock=lambda: datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    )
    yield sandbox
    sandbox.close()


@pytest.fixture
def site(sandbox):
    thanks = Response("<!doctype html><title>Grazie</title>", mimetype="text/html")
    with ApiServer(
        DispatcherMiddleware(thanks, {"/prova": sandbox.pages}), "127.0.0.1", 0
    ) as server:
        yield server.url


@pytest.fixture
def phone(browser):
    """A small phone; the accessibility checker needs scripts, so they are on."""
    page = browser.new_page(viewport={"width": 360, "height": 740}, bypass_csp=True)
    yield page
    page.close()


def a_session(sandbox, site):
    return create_session(
        sandbox.account,
        {
            "mode": "payment",
            "success_url": f"{site}/grazie?session_id={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{site}/dona",
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
        },
    )["id"]


def test_gift_can_be_given_without_javascript(browser, sandbox, site):
    """
    Declined first, then paid, and on to the site.
    """
    session_id = a_session(sandbox, site)
    page = browser.new_page(java_script_enabled=False)

    page.goto(f"{site}/prova/paga/{session_id}")
    page.get_by_label("La tua e-mail").fill("prova@example.org")
    page.get_by_role("button", name="Carta rifiutata").click()
    assert "non è stato addebitato nulla" in page.get_by_role("alert").inner_text()
    page.get_by_role("button", name="Paga con carta").click()

    assert page.url == f"{site}/grazie?session_id={session_id}"
    assert sandbox.account.store.find(session_id)["payment_status"] == "paid"
    page.close()


def test_pages_fit_a_small_phone_and_everyone(phone, sandbox, site):
    """
    No scrolling sideways, targets of 44 px, nothing the checker objects to.
    """
    open_id, waiting_id, paid_id = (a_session(sandbox, site) for _ in range(3))
    sandbox.pay_by_sepa(waiting_id, "un.indirizzo.piuttosto.lungo.davvero@example.org")
    sandbox.pay_by_card(paid_id, "prova@example.org")

    for address in (f"/prova/paga/{open_id}", f"/prova/paga/{paid_id}", "/prova/", "/prova/no"):
        phone.goto(site + address)
        assert phone.evaluate("document.documentElement.scrollWidth") == 360, address
        assert phone.evaluate(SMALL_TARGETS) == [], address
        assert faults_of(phone) == {}, address
