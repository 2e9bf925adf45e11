"""Going back from the payment page, in a real browser: what was typed is still there."""

import re

import pytest
from playwright.sync_api import expect

from tests.fundraising.conftest import a_form


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox"]}


@pytest.fixture
def site(serve, tmp_path):
    server = serve(f"sqlite:///{tmp_path}/books.sqlite3")
    yield server.url
    server.close()


@pytest.fixture
def phone(browser):
    page = browser.new_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield page
    page.close()


def fill_in(page, site, **changes):
    page.goto(f"{site}/api/donate?campaign=tetto&amount=25")
    for name in ("email", "first_name", "last_name"):
        page.locator(f"[name={name}]").fill((a_form() | changes)[name])


def go_on(page):
    page.get_by_role("button", name="Continua").click()


def test_page_that_asks_for_a_yes_is_there_again(phone, site):
    """
    Who goes back and on again pays on the same page as before: it is still one gift.
    """
    fill_in(phone, site)
    phone.locator("[name=cover_fees]").check()
    go_on(phone)
    expect(phone.get_by_role("heading", name="È tutto giusto?")).to_be_visible()
    phone.get_by_role("button", name="Sì, continua").click()
    expect(phone).to_have_url(re.compile("/prova/paga/"))
    payment_page = phone.url

    phone.go_back()

    expect(phone.get_by_role("heading", name="È tutto giusto?")).to_be_visible()
    phone.get_by_role("button", name="Sì, continua").click()
    assert phone.url == payment_page


def test_form_that_had_an_error_is_there_again(phone, site):
    fill_in(phone, site, first_name=" ")
    go_on(phone)
    phone.locator("[name=first_name]").fill("Anna")
    go_on(phone)
    expect(phone).to_have_url(re.compile("/prova/paga/"))

    phone.go_back()

    assert phone.locator("[name=email]").input_value() == "anna@example.org"
