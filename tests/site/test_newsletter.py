"""Subscribing in a real browser without JavaScript, from the site's own form to coming back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import objections_to
from tests.site.test_monthly_gift import follow, open_letter

EMAIL = "dora@lettere.example"
CONFIRM = "Conferma: vuoi ricevere le nostre lettere?"


@pytest.fixture
def reader(browser: Browser, portal_url: str):
    """A reader's browser window, on a cheap phone and without JavaScript."""
    context = browser.new_context(
        base_url=portal_url, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    yield context.new_page()
    context.close()


def confirm(page: Page, *, times: int) -> None:
    """Open the letter and press its page's one button."""
    open_letter(page, EMAIL, CONFIRM, times=times)
    follow(page, "/api/newsletter/confirm")
    expect(page.get_by_role("button")).to_have_count(1)
    page.get_by_role("button", name="Sì, mandatemele").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fatto, ti scriviamo noi")


def test_reader_subscribes_chooses_leaves_and_comes_back(reader):
    """
    Every step is a page with words that say what happened, and each new yes is asked by letter.
    """
    heading = reader.get_by_role("heading", level=1)
    main = reader.locator("main")

    reader.goto("/newsletter/")
    reader.get_by_role("checkbox", name="La lettera di #Oltreiperimetri").check()
    reader.get_by_label("La tua e-mail").fill(EMAIL)
    reader.get_by_role("button", name="Mandami la lettera di conferma").click()
    expect(heading).to_have_text("Manca un passo: guarda la posta")
    confirm(reader, times=1)

    reader.get_by_role("link", name="Puoi cambiare le tue scelte").click()
    expect(heading).to_have_text("Le tue lettere")
    expect(main).to_contain_text("d…@lettere.example")
    letter = reader.get_by_role("checkbox", name="La lettera di #Oltreiperimetri")
    dates = reader.get_by_role("checkbox", name="Gli appuntamenti")
    expect(letter).to_be_checked()
    expect(dates).not_to_be_checked()
    dates.check()
    reader.get_by_role("button", name="Salva le scelte").click()
    expect(main).to_contain_text("Guarda la posta")
    expect(main).to_contain_text("aspettiamo la tua conferma")
    confirm(reader, times=2)

    reader.get_by_role("link", name="Puoi cambiare le tue scelte").click()
    expect(dates).to_be_checked()
    reader.goto(reader.url.replace("/preferences/", "/leave/"))
    expect(heading).to_have_text("Vuoi smettere?")
    reader.get_by_role("button", name="Sì, smettete").click()
    expect(heading).to_have_text("Fatto, non ti scriviamo più")

    reader.get_by_role("button", name="torna dentro").click()
    expect(heading).to_have_text("Manca un passo: guarda la posta")
    confirm(reader, times=3)
    expect(main).to_contain_text("La lettera di #Oltreiperimetri e Gli appuntamenti")


def test_it_was_not_me(reader):
    """
    Two presses, and the address is forgotten.
    """
    email = "ugo@lettere.example"
    reader.goto("/api/newsletter")
    reader.get_by_role("checkbox", name="Gli appuntamenti").check()
    reader.get_by_label("La tua e-mail").fill(email)
    reader.get_by_role("button", name="Mandami la lettera di conferma").click()
    open_letter(reader, email, CONFIRM)
    follow(reader, "/api/newsletter/confirm")

    reader.get_by_role("link", name="Non sono stato io").click()
    reader.get_by_role("button", name="Dimenticate il mio indirizzo").click()

    expect(reader.get_by_role("heading", level=1)).to_have_text("Dimenticato")


def test_pages_of_the_newsletter_fit_a_small_phone_and_everyone(browser, portal_url, reader):
    """
    No scrolling sideways and nothing the checker objects to, in light and in dark.
    """
    email = "eva@lettere.example"
    reader.goto("/api/newsletter")
    reader.get_by_role("button", name="Mandami la lettera di conferma").wait_for()
    reader.get_by_role("checkbox", name="Gli appuntamenti").check()
    reader.get_by_label("La tua e-mail").fill(email)
    reader.get_by_role("button", name="Mandami la lettera di conferma").click()
    open_letter(reader, email, CONFIRM)
    follow(reader, "/api/newsletter/confirm")
    door = reader.url
    reader.get_by_role("button", name="Sì, mandatemele").click()
    choices = reader.get_by_role("link", name="Puoi cambiare").get_attribute("href")
    addresses = [
        "/api/newsletter", "/api/newsletter/preferences", door, door.replace("confirm", "refuse"),
        choices, choices.replace("preferences", "leave"), "/api/newsletter/leave/x",
    ]  # fmt: skip
    with browser.new_context(
        base_url=portal_url, viewport={"width": 360, "height": 740}, bypass_csp=True
    ) as context:
        page = context.new_page()
        objections = {}
        for address in addresses:
            page.goto(address)
            objections |= objections_to(page)

    assert objections == {}
