"""Everything a visitor comes for, on a phone with JavaScript off."""

import io
import re
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader


@pytest.fixture(scope="module")
def window(browser, site_url):
    """A small phone that runs no scripts."""
    context = browser.new_context(
        base_url=site_url, java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def visitor(window):
    """Somebody on the first page."""
    window.goto("/")
    return window


def test_two_taps_lead_from_home_to_who_and_where(visitor, built_site):
    """
    Whatever the need: the first tap names those who can help, their doors and the places;
    the second says where a place is, and when.
    """
    needs = {page.parent.name for page in built_site.glob("bisogni/*/index.html")}
    doors = visitor.locator("main .pt-door")
    led_to = [door.get_attribute("href").strip("/").rpartition("/")[2] for door in doors.all()]
    assert sorted(led_to) == sorted(needs)

    for need in led_to:
        visitor.goto("/")
        visitor.locator(f"main .pt-door[href$='bisogni/{need}/']").click()
        who = visitor.locator("main a[href*='/rete/']")
        assert who.count() >= 1, need

        where = visitor.get_by_role("region", name="Dove chiedere")
        where.locator("h3 a[href*='/luoghi/']").first.click()

        facts = visitor.get_by_role("region", name="Come trovarci")
        expect(facts.get_by_text("Indirizzo", exact=True)).to_be_visible()
        expect(facts.get_by_text("Orari", exact=True)).to_be_visible()


def test_help_is_one_tap_away_on_a_phone(visitor):
    """
    In the header, which stands on every page.
    """
    visitor.get_by_role("link", name="Aiuto").click()

    assert visitor.locator("main .pt-door").count() >= 5


def test_years_of_the_project_are_folded_and_a_link_leads_to_each(visitor):
    """
    Ten years of moments are no way to the rest of the page; what one wants is a tap away.
    """
    visitor.goto("/progetto/")
    years = visitor.locator(".pt-year")
    assert years.count() > 5
    assert years.get_by_role("listitem").filter(visible=True).count() == 0

    visitor.goto("/progetto/#pt-anno-2016")

    name = visitor.locator("#pt-anno-2016")
    expect(name).to_be_in_viewport()
    expect(name).to_be_visible()
    name.click()
    told = years.filter(has=name).get_by_role("listitem")
    expect(told.first).to_be_visible()
    expect(years.filter(has=name).locator("summary")).to_contain_text(f"{told.count()} moment")
    assert years.get_by_role("listitem").filter(visible=True).count() == told.count()


def test_on_paper_every_year_of_the_project_is_told(visitor):
    """
    Paper unfolds nothing.
    """
    visitor.goto("/progetto/")

    paper = PdfReader(io.BytesIO(visitor.pdf(format="A4")))

    text = " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())
    titles = visitor.locator(".pt-timeline__title").all_text_contents()
    assert len(titles) > 10
    assert [title for title in titles if title not in text] == []


def test_the_map_can_be_read_as_a_list(visitor):
    """
    All 43 members: those with a town under it, the others under their own heading.
    """
    visitor.goto("/mappa/")
    names = visitor.locator("main li a[href*='/rete/'], main li a[href^='../rete/']")
    addresses = {link.get_attribute("href") for link in names.all()}

    members = {address for address in addresses if re.fullmatch(r"\.\./rete/[a-z0-9-]+/", address)}
    assert len(members) == 43


def test_feeds_can_be_followed(visitor):
    """
    The page that explains them is in the footer, and each address on it answers with a feed.
    """
    visitor.get_by_role("contentinfo").get_by_role("link", name="Segui").click()
    feeds = visitor.get_by_role("region", name="Tabella: i feed").get_by_role("link", name="Atom")
    address = urljoin(visitor.url, feeds.first.get_attribute("href"))

    answer = visitor.request.get(address)

    assert feeds.count() >= 3
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert "<feed" in answer.text()


def test_the_language_can_be_changed_on_a_need(visitor):
    """
    Who lands on a page in Italian finds the same page in Romanian, and the way back.
    """
    visitor.goto("/bisogni/casa/")

    visitor.get_by_role("banner").get_by_text("Languages").click()
    visitor.get_by_role("link", name="Română").click()

    assert visitor.url.endswith("/ro/bisogni/casa/")
    assert visitor.locator("html").get_attribute("lang") == "ro"
    visitor.get_by_role("banner").get_by_text("Limb").click()
    visitor.get_by_role("banner").get_by_role("listitem").get_by_role(
        "link", name="Italiano"
    ).last.click()
    assert visitor.url.endswith("/bisogni/casa/")


def test_a_page_can_be_found_from_a_to_z(visitor):
    """
    The search needs a script; the list of all pages stands on the same page.
    """
    visitor.get_by_role("banner").get_by_role("link", name="Cerca").click()

    visitor.get_by_role("main").get_by_role("link", name="Sercop", exact=True).click()

    expect(visitor.get_by_role("heading", level=1)).to_have_text("Sercop")


def test_a_campaign_can_be_given_to(visitor):
    """
    The form is plain HTML that posts to the giving; what follows is tested with the giving itself.
    """
    visitor.get_by_role("link", name="Tutti i modi di sostenere").click()
    form = visitor.locator("main form")

    assert form.get_attribute("action") == "/api/donate"
    assert form.get_attribute("method") == "post"
    expect(form.get_by_role("button", name="Continua verso il pagamento")).to_be_enabled()
