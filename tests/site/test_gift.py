"""One gift, from the page to the books, as a donor makes it: with JavaScript and without."""

import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Error, Page, expect
from pypdf import PdfReader

from tests.site.conftest import euros_shown

CAMPAIGN = "/campagne/colazione-delle-mamme/"


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def donor(request, browser: Browser, portal_url: str):
    """A donor's browser window, on a cheap phone."""
    context = browser.new_context(
        base_url=portal_url,
        java_script_enabled=request.param,
        viewport={"width": 360, "height": 740},
        accept_downloads=True,
    )
    yield context.new_page()
    context.close()


def open_campaign(page: Page) -> None:
    """Go to the campaign's page; the preview may reload it in that very moment, and ends the way there."""
    try:
        page.goto(CAMPAIGN)
    except Error as fault:
        if "interrupted by another navigation" not in fault.message:
            raise
        page.goto(CAMPAIGN)


def fill_in(page: Page, amount: str = "25 €") -> None:
    """Fill in the campaign's form with the least it asks for, each time as somebody else.

    The same gift by the same person within a minute is a double click, and one gift.
    """
    open_campaign(page)
    page.get_by_label(amount).check()
    page.get_by_label("Nome", exact=True).fill("Ada")
    page.get_by_label("Cognome").fill("Prova")
    page.get_by_label("E-mail", exact=True).fill(f"ada.{uuid4().hex}@example.org")
    page.get_by_role("button", name="Continua verso il pagamento").click()


def raised(page: Page) -> int:
    """What the campaign's page says was raised, in cents."""
    open_campaign(page)
    return euros_shown(page.locator("[data-campaign]").first.inner_text())


def wait_until_raised(page: Page, cents: int) -> None:
    """Wait for the next build to show the sum: the worker publishes the totals, the site follows."""
    for _ in range(60):
        if raised(page) == cents:
            return
        page.wait_for_timeout(500)
    pytest.fail(f"the campaign page never showed {cents} cents; it shows {raised(page)}")


def test_a_gift_of_25_euros_by_card_reaches_the_books(donor, portal_state, tmp_path):
    """
    The page tells the truth, the letter and the receipt are there, the ledger
    balances, and the campaign's page has moved by exactly 25 €.
    """
    before = raised(donor)

    fill_in(donor)
    expect(donor.get_by_text("PROVA: nessun addebito").first).to_be_visible()
    donor.get_by_role("button", name="Paga con carta").click()

    expect(donor.get_by_role("heading", level=1)).to_have_text(
        "Grazie! La tua donazione è arrivata"
    )
    expect(donor.locator("main")).to_contain_text("25,00 €")
    donor.reload()
    expect(donor.get_by_role("heading", level=1)).to_have_text(
        "Grazie! La tua donazione è arrivata"
    )
    wait_until_raised(donor, before + 25_00)

    donor.goto("/api/mailbox")
    donor.get_by_role("link", name="Il tuo dono di 25,00 € è arrivato").first.click()
    expect(donor.locator("body")).to_contain_text("Ada")
    link = donor.get_by_role("link", name=".pdf").first
    receipt = tmp_path / "ricevuta.pdf"
    address = urljoin(donor.url, link.get_attribute("href"))
    receipt.write_bytes(donor.request.get(address).body())
    text = PdfReader(receipt).pages[0].extract_text()
    assert "25,00" in text
    assert "Ada Prova" in text
    assert doctor(portal_state).returncode == 0


def test_a_declined_card_charges_nothing_and_can_be_tried_again(donor):
    """The donor stays where they were, and is told first that nothing was taken."""
    before = raised(donor)

    fill_in(donor)
    donor.get_by_role("button", name="Carta rifiutata").click()

    expect(donor.locator("main")).to_contain_text("rifiutata")
    expect(donor.get_by_role("button", name="Paga con carta")).to_be_visible()
    assert raised(donor) == before


def test_a_bank_debit_is_pending_until_it_settles(donor, portal_url):
    """«Completed» is not «paid»: the page says so, and the sum moves only when the money is there."""
    before = raised(donor)

    fill_in(donor, amount="10 €")
    donor.get_by_role("button", name="Addebito SEPA").click()

    expect(donor.locator("main")).to_contain_text("L'addebito è in corso")
    thanks = donor.url
    assert raised(donor) == before

    donor.goto("/prova/")
    with donor.expect_navigation():
        donor.get_by_role("button", name="Accredita").first.click()
    donor.goto(thanks)
    expect(donor.get_by_role("heading", level=1)).to_have_text(
        "Grazie! La tua donazione è arrivata"
    )
    wait_until_raised(donor, before + 10_00)

    # A browser may hold the answer of half a minute ago; the page knows how old its own figures are.
    with urlopen(f"{portal_url}/api/totals.json") as answer:
        totals = json.load(answer)
    totals["as_of"] = "2020-01-01T00:00:00+00:00"
    totals["campaigns"][CAMPAIGN.split("/")[2]]["confirmed_cents"] = 1
    donor.route("**/api/totals.json", lambda route: route.fulfill(json=totals))
    open_campaign(donor)
    donor.wait_for_timeout(300)
    assert euros_shown(donor.locator("[data-campaign]").first.inner_text()) == before + 10_00


def test_visitors_who_get_lost_do_not_stop_the_preview(donor, portal_url, portal_state):
    """A page that is not there, asked for while the site is built, is no fault of the content."""
    before = raised(donor)
    has_moved = threading.Event()

    def get_lost() -> None:
        while not has_moved.is_set():
            with suppress(HTTPError):
                urlopen(f"{portal_url}/api/manca").close()

    lost = threading.Thread(target=get_lost)
    lost.start()
    try:
        fill_in(donor)
        donor.get_by_role("button", name="Paga con carta").click()
        wait_until_raised(donor, before + 25_00)
    finally:
        has_moved.set()
        lost.join()

    assert "Aborted" not in portal_state.with_name("serve.log").read_text()


def test_what_was_typed_is_kept_when_something_must_be_mended(donor):
    """Nobody fills in a form twice: the error stands next to its field, and the rest is still there."""
    open_campaign(donor)
    donor.get_by_label("Oppure scrivi tu l'importo").fill("2.500")
    donor.get_by_label("Nome", exact=True).fill("Ada")
    donor.get_by_label("Cognome").fill("Prova")
    donor.get_by_label("E-mail", exact=True).fill("ada@example.org")
    with donor.expect_response("**/api/donate") as answer:
        donor.get_by_role("button", name="Continua verso il pagamento").click()

    assert answer.value.status == 422
    question = donor.get_by_role("group", name="Quale importo intendi?")
    expect(question).to_contain_text("2.500,00")
    expect(question).to_contain_text("2,50")
    expect(donor.get_by_label("Nome", exact=True)).to_have_value("Ada")
    expect(donor.get_by_label("E-mail", exact=True)).to_have_value("ada@example.org")


def test_leaving_the_checkout_says_that_nothing_was_charged(donor):
    """Changing one's mind is not an error."""
    fill_in(donor)

    donor.get_by_role("link", name="Torna indietro").click()

    expect(donor.locator("main")).to_contain_text("non abbiamo addebitato nulla")


def doctor(state: Path) -> subprocess.CompletedProcess:
    """What `fundraising doctor` says of the books of the portal under test."""
    environment = {
        "DATA_DIR": str(state / "giving"),
        "CAMPAIGNS_FILE": str(state / "site" / "campaigns.json"),
        "SITE_URL": "http://127.0.0.1",
    }
    command = [str(Path(sys.executable).with_name("fundraising")), "doctor"]
    return subprocess.run(command, env=environment, capture_output=True, text=True)
