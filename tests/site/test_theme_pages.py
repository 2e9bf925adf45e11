"""Every kind of page in a real browser: on a phone and on a desk, by day and by night."""

import pytest

from tests.axe import faults_of
from tests.site.built_pages import one_of_each_kind

KINDS = {
    "home": "/",
    "need": "/bisogni/casa/",
    "place": "/luoghi/opcafe-rho/",
    "network": "/rete/",
    "member": "/rete/sercop/",
    "donate": "/sostieni/",
}
"""What most people come for."""

PHONE, DESK = 360, 1280
DAY, NIGHT = "light", "dark"


@pytest.mark.parametrize(
    "windows",
    [
        pytest.param([(PHONE, DAY), (DESK, NIGHT)], id="phone by day, desk by night"),
        # Each width and each scheme has had its turn: together they take as long again.
        pytest.param(
            [(PHONE, NIGHT), (DESK, DAY)],
            id="phone by night, desk by day",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(browser, site_url, built_pages, windows):
    """
    No rule of axe-core is broken on any kind of page, and no page scrolls sideways.
    """
    context = browser.new_context()
    page = context.new_page()
    faults = []

    for built in one_of_each_kind(built_pages):
        page.goto(site_url + built.url)
        for width, scheme in windows:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            if found := faults_of(page):
                faults.append((built.url, width, scheme, found))
            taken = page.evaluate("document.documentElement.scrollWidth")
            if taken > width:
                faults.append((built.url, width, scheme, "sideways", taken))

    context.close()
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
