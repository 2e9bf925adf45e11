"""Every kind of page in a real browser: on a phone and on a desk, by day and by night."""

import pytest
from axe_playwright_python.sync_playwright import Axe

KINDS = {
    "home": "/",
    "needs": "/bisogni/",
    "need": "/bisogni/casa/",
    "action": "/azioni/smart-house/",
    "place": "/luoghi/opcafe-rho/",
    "network": "/rete/",
    "listing": "/rete/comune/rho/",
    "member": "/rete/sercop/",
    "map": "/mappa/",
    "stories": "/storie/",
    "agenda": "/agenda/",
    "campaigns": "/campagne/",
    "donate": "/sostieni/",
    "transparency": "/trasparenza/",
    "project": "/progetto/",
    "evaluation": "/valutazione/",
    "newsletter": "/newsletter/1/",
    "follow": "/segui/",
    "privacy": "/privacy/",
    "relations": "/relazioni/",
    "data": "/dati/",
    "accessibility": "/accessibilita/",
    "event": "/agenda/2018-11-30-generazione-op/",
    "translation": "/ar/bisogni/casa/",
    "easy to read": "/facile/",
    "lost": "/404.html",
}


@pytest.fixture(params=[(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")], ids=str)
def visitor(request, browser):
    """A page at one width, in one scheme."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_and_nothing_sticks_out(visitor, site_url):
    """
    No rule of axe-core is broken on any kind of page, and no page scrolls sideways.
    """
    axe = Axe()
    faults = []

    for kind, address in KINDS.items():
        visitor.goto(site_url + address)
        found = axe.run(visitor).response["violations"]
        faults += [(kind, fault["id"], fault["nodes"][0]["html"][:120]) for fault in found]
        width = visitor.evaluate("document.documentElement.scrollWidth")
        if width > visitor.viewport_size["width"]:
            faults.append((kind, "sideways", width))

    assert faults == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_keyboard_reaches_the_content_within_twelve_steps(browser, site_url, width):
    """
    Skip link, wordmark, menu, trail, and one is there.
    """
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    late = []

    for kind in ("home", "need", "place", "member", "donate"):
        page.goto(site_url + KINDS[kind])
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate(
                "!!document.activeElement.closest('main') && !document.activeElement.closest('nav')"
            ):
                break
        else:
            late.append(kind)

    context.close()
    assert late == []


def test_what_one_presses_is_big_enough_for_a_thumb(browser, site_url):
    """
    44 CSS pixels for doors, buttons, menu, footer and the fields of the form, on a phone.
    """
    pressed = ".pt-door, .pt-button, .pt-header a, summary, .pt-footer__link, .pt-tag, .pt-input, .pt-choice"
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    small = []

    for kind in ("home", "network", "donate"):
        page.goto(site_url + KINDS[kind])
        for target in page.locator(pressed).filter(visible=True).all():
            height = target.bounding_box()["height"]
            if height < 44:
                small.append((kind, target.get_attribute("class"), height))

    context.close()
    assert small == []


def test_menu_opens_without_a_script(browser, site_url):
    """
    On a phone the six doors are behind one button that is plain HTML.
    """
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(site_url)

    page.get_by_text("Menu", exact=True).click()

    links = page.locator(".pt-menu--narrow a:visible").all_inner_texts()
    context.close()
    assert links == ["Ho bisogno di…", "Luoghi", "Le azioni", "Storie", "La rete", "Sostieni"]
