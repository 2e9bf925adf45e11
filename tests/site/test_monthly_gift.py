"""A monthly gift in a real browser, from the first payment to the last, as its donor sees it.

The control room stands for the calendar and the bank; everything else is what a
donor reads and presses.
"""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import objections_to

CAMPAIGN = "/campagne/colazione-delle-mamme/"


@pytest.fixture
def donor(browser: Browser, portal_url: str):
    """A donor's browser window, on a cheap phone and without JavaScript."""
    context = browser.new_context(
        base_url=portal_url, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    yield context.new_page()
    context.close()


def give_every_month(page: Page, email: str) -> None:
    """Fill in the campaign's form for 10 € a month and pay by card."""
    page.goto(CAMPAIGN)
    page.get_by_label("10 €").check()
    page.get_by_label("Ogni mese").check()
    page.get_by_label("Nome", exact=True).fill("Ada")
    page.get_by_label("Cognome").fill("Prova")
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_role("button", name="Continua verso il pagamento").click()
    page.get_by_role("button", name="Paga con carta").click()


def direct(page: Page, button: str) -> None:
    """Press a button of the control room, at the newest recurring gift."""
    page.goto("/prova/")
    page.locator("#sostegni").get_by_role("button", name=re.compile(f"^{button}")).first.click()


def open_letter(page: Page, email: str, subject: str, *, times: int = 1) -> None:
    """Wait until somebody has this many letters with a subject, and open the newest."""
    for _ in range(60):
        page.goto("/api/mailbox")
        found = (
            page.get_by_role("listitem").filter(has_text=email).get_by_role("link", name=subject)
        )
        if found.count() >= times:
            found.first.click()
            return
        page.wait_for_timeout(250)
    pytest.fail(f"there are fewer than {times} letters «{subject}»")


def follow(page: Page, path: str) -> None:
    """Follow the link of a letter."""
    page.goto(re.search(rf"{path}\S+", page.locator("main").inner_text())[0])


def test_monthly_gift_is_made_renewed_refused_mended_and_stopped(donor):
    """
    Each step is told, each letter leads on, and every button says what it did.
    """
    email = "ada@mesi.example"
    heading = donor.get_by_role("heading", level=1)
    main = donor.locator("main")

    give_every_month(donor, email)
    expect(heading).to_have_text("Grazie! La tua donazione è arrivata")
    expect(main).to_contain_text("Abbiamo ricevuto 10,00 € per «")
    expect(main).to_contain_text("Hai scelto di donare ogni mese")
    open_letter(donor, email, "Il tuo dono mensile di 10,00 € è arrivato")

    direct(donor, "Rinnova")
    open_letter(donor, email, "Il tuo dono mensile di 10,00 € è arrivato", times=2)

    direct(donor, "Rinnovo rifiutato")
    open_letter(donor, email, "Il pagamento del tuo dono mensile non è riuscito")
    follow(donor, "/api/plan/")
    expect(main).to_contain_text("non ti abbiamo addebitato nulla")

    donor.get_by_role("button", name="Cambia carta o conto").click()
    expect(heading).to_have_text("Cambia la carta")
    donor.get_by_role("button", name="Usa una carta nuova").click()
    expect(heading).to_have_text("Il tuo dono mensile")
    expect(main).to_contain_text("È tutto a posto: doni 10,00 € ogni mese")
    open_letter(donor, email, "Il tuo dono mensile di 10,00 € è arrivato", times=3)

    follow(donor, "/api/plan/")
    donor.get_by_role("button", name="Sì, ferma il dono mensile").click()
    expect(main).to_contain_text("non ti addebiteremo più nulla")
    open_letter(donor, email, "Il tuo dono mensile si è fermato")


def test_donor_comes_into_their_own_area_and_leaves_it(donor):
    """
    A letter instead of a password, and the gift is there with its receipt.
    """
    email = "bea@mesi.example"
    give_every_month(donor, email)
    open_letter(donor, email, "Il tuo dono mensile di 10,00 € è arrivato")
    donor.goto("/api/area")
    donor.get_by_label("L'e-mail con cui hai donato").fill(email)
    donor.get_by_role("button", name="Mandami la lettera").click()
    expect(donor.locator("main")).to_contain_text("Guarda la tua posta")

    open_letter(donor, email, "Entra nella tua area")
    follow(donor, "/api/area/enter")
    donor.get_by_role("button", name="Entra").click()

    expect(donor.locator("main")).to_contain_text(email)
    expect(donor.get_by_role("link", name=re.compile("Ricevuta n.")).first).to_be_visible()
    donor.get_by_label("Mandatemi la newsletter").check()
    donor.get_by_role("button", name="Salva le scelte").click()
    expect(donor.get_by_label("Mandatemi la newsletter")).to_be_checked()
    donor.get_by_role("button", name="Cambia o ferma").first.click()
    expect(donor.get_by_role("heading", level=1)).to_have_text("Il tuo dono mensile")
    donor.goto("/api/area")
    donor.get_by_role("button", name="Esci").click()
    expect(donor.get_by_role("button", name="Mandami la lettera")).to_be_visible()


def test_donors_pages_fit_a_small_phone_and_everyone(browser, portal_url, donor):
    """
    No scrolling sideways and nothing the checker objects to, in light and in dark.
    """
    email = "cleo@mesi.example"
    give_every_month(donor, email)
    open_letter(donor, email, "Il tuo dono mensile di 10,00 € è arrivato")
    plan = re.search(r"/api/plan/\S+", donor.locator("main").inner_text())[0]
    donor.goto("/api/area")
    donor.get_by_label("L'e-mail con cui hai donato").fill(email)
    donor.get_by_role("button", name="Mandami la lettera").click()
    open_letter(donor, email, "Entra nella tua area")
    door = re.search(r"/api/area/enter\S+", donor.locator("main").inner_text())[0]
    with browser.new_context(
        base_url=portal_url, viewport={"width": 360, "height": 740}, bypass_csp=True
    ) as context:
        page = context.new_page()
        page.goto(door)
        objections = objections_to(page)
        page.get_by_role("button", name="Entra").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("La tua area")
        for address in ("/api/area", plan, "/api/donate?campaign=colazione-delle-mamme&amount=25"):
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            objections |= objections_to(page)

    assert objections == {}
