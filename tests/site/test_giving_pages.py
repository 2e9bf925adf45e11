"""The pages of the giving itself: valid HTML, and as quiet in the browser as those of the site."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Response

CAMPAIGN = "/campagne/conti-di-casa/"
"""Not the campaign whose sum other tests watch."""


@dataclass
class Walk:
    """What a browser met on its way from the form to the letter."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    cookies: int = 0
    stored: int = 0

    def listen(self, message: ConsoleMessage) -> None:
        """Keep what is wrong; the preview also says that it reloads by itself."""
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def keep(self, answer: Response | None, name: str) -> None:
        """Keep a page as it came."""
        self.pages[name] = answer.body()


@pytest.fixture(scope="module")
def walk(browser, portal_url) -> Walk:
    """One gift with all its detours: errors in the form, a declined card, the thanks, the letter."""
    walk = Walk()
    context = browser.new_context(base_url=portal_url)
    page = context.new_page()
    page.on("request", lambda request: walk.asked.append(request.url))
    page.on("console", walk.listen)
    page.on("pageerror", lambda error: walk.complaints.append(str(error)))

    walk.keep(page.goto("/api/donate"), "form")
    walk.keep(page.goto("/api/thanks?session_id=cs_test_nobody"), "thanks for nothing")
    walk.keep(page.goto("/api/nowhere"), "lost")
    page.goto(CAMPAIGN)
    page.get_by_label("Nome", exact=True).fill("Ada")
    page.get_by_label("Cognome").fill("Prova")
    page.get_by_label("E-mail", exact=True).fill("ada@example.org")
    page.get_by_label("Oppure scrivi tu l'importo").fill("2.500")
    with page.expect_response("**/api/donate") as answer:
        page.get_by_role("button", name="Continua verso il pagamento").click()
    walk.keep(answer.value, "form with errors")
    page.goto(CAMPAIGN)
    page.get_by_label("25 €").check()
    page.get_by_label("Nome", exact=True).fill("Ada")
    page.get_by_label("Cognome").fill("Prova")
    page.get_by_label("E-mail", exact=True).fill("ada@example.org")
    for button, name in (
        ("Continua verso il pagamento", "checkout"),
        ("Carta rifiutata", "declined"),
        ("Paga con carta", "thanks"),
    ):
        with page.expect_navigation() as arrival:
            page.get_by_role("button", name=button).click()
        walk.keep(arrival.value, name)
    walk.keep(page.goto("/prova/"), "rehearsal")
    letter = page.get_by_role("link", name="Il tuo dono di 25,00 € è arrivato").first
    page.goto("/api/mailbox")
    while (
        not letter.count()
    ):  # the worker writes it in its own time; Playwright's patience ends the wait
        page.wait_for_timeout(500)
        page.reload()
    walk.keep(page.reload(), "mailbox")
    with page.expect_navigation() as arrival:
        letter.click()
    walk.keep(arrival.value, "letter")

    walk.cookies = len(context.cookies())
    walk.stored = page.evaluate("localStorage.length + sessionStorage.length")
    context.close()
    return walk


def test_every_page_of_the_giving_is_valid_html(walk, errors_of, tmp_path: Path):
    """
    The form, its errors, the checkout of the rehearsal, the thanks, the letters.
    """
    for name, content in walk.pages.items():
        (tmp_path / f"{name}.html").write_bytes(content)

    assert errors_of(tmp_path) == []


def test_giving_asks_nothing_of_others_and_leaves_nothing_behind(walk, portal_url):
    """
    In the rehearsal the checkout is ours too, so that not one address is foreign.
    """
    assert [url for url in walk.asked if not url.startswith(portal_url)] == []
    assert (walk.cookies, walk.stored) == (0, 0)


def test_no_page_of_the_giving_breaks_its_policy(walk):
    """
    Chromium also writes down each answer that is no success; those are meant to be none.
    """
    refused = [text for text in walk.complaints if not text.startswith("Failed to load resource")]

    assert refused == []


@pytest.mark.parametrize("address", ["/api", "/api/manca", "/prova", "/prova/manca", "/manca/"])
def test_address_where_nothing_is_says_so_and_leads_on(browser, portal_url, address):
    """The words are the site's own, and not those of the program that serves it."""
    context = browser.new_context(base_url=portal_url)
    page = context.new_page()

    answer = page.goto(address)

    assert answer.status == 404
    assert "pagina" in page.get_by_role("heading", level=1).inner_text()
    page.locator("main a").last.click()
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.url != portal_url + address
    context.close()


@pytest.mark.parametrize("address", [CAMPAIGN, "/api/donate", "/api/newsletter"])
def test_boxes_to_tick_stand_beside_the_first_line_of_their_words(browser, portal_url, address):
    """In the middle of several lines a box belongs to none of them."""
    context = browser.new_context(base_url=portal_url, viewport={"width": 320, "height": 740})
    page = context.new_page()
    page.goto(address)

    off = page.locator(".pt-choice:visible").evaluate_all(
        """(labels) => labels.map((label) => {
            const box = label.querySelector("input").getBoundingClientRect();
            const words = document.createRange();
            words.selectNodeContents(label.querySelector("span") ?? label);
            const lines = [...words.getClientRects()].filter((one) => one.left >= box.right);
            const first = lines[0];
            return {
                lines: new Set(lines.map((line) => Math.round(line.top))).size,
                off: Math.abs((box.top + box.bottom) / 2 - (first.top + first.bottom) / 2),
            };
        })"""
    )
    context.close()

    assert max(one["lines"] for one in off) > 1
    assert [one for one in off if one["off"] > 3] == []
