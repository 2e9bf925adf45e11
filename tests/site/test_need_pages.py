"""The pages of the needs, as they are published."""

import pytest
from lxml import html

CARDS = "//section[@aria-labelledby='pt-dove']//article"


def page_of(built_site, need: str, language: str = "") -> html.HtmlElement:
    page = built_site / language / "bisogni" / need / "index.html"
    return html.document_fromstring(page.read_bytes())


def doors(built_site, need: str) -> dict[str, html.HtmlElement]:
    """The cards under «Dove chiedere», by their titles."""
    cards = page_of(built_site, need).xpath(CARDS)
    return {card.xpath("string(h3)"): card for card in cards}


def test_a_door_named_after_who_keeps_it_leads_there(built_site):
    """
    A line «Lo gestisce» would say its name again.
    """
    door = doors(built_site, "spese-e-debiti")["Fondazione San Bernardino"]

    assert door.xpath("h3/a/@href") == ["../../rete/fondazione-san-bernardino/"]
    assert "Lo gestisce" not in door.text_content()


@pytest.mark.parametrize(
    ("need", "members"),
    [
        ("casa", {"sercop": "Cornaggia 33", "la-cordata": "Zumbini 6", "intrecci": ""}),
        ("lavoro", {"afol": "Villafranca 8", "a-e-i": "Allegranza 16", "serena": "", "intrecci": "",
                    "il-grappolo": "", "spazio-aperto": "Gorki 5"}),
        ("spese-e-debiti", {"fondazione-san-bernardino": "Borromeo 6", "caritas-decanale-rho": "",
                            "intrecci": "", "acli": "", "gesem": ""}),
        ("famiglia-e-cura", {"sercop": "Cornaggia 33", "stripes": "", "cooperho": ""}),
        ("documenti-e-pratiche", {"acli": "", "intrecci": "", "gesem": "", "fare-diversamente": ""}),
    ],
)  # fmt: skip
def test_whom_the_text_names_is_not_listed_beside_it_again(built_site, need, members):
    """
    On a phone the same name, three times, pushes away the words that matter. Nobody and no address is lost.
    """
    page = page_of(built_site, need)
    (text,) = page.find_class("pt-prose")
    (main,) = page.xpath("//main")

    assert page.xpath("//section[@aria-labelledby='pt-chi']") == []
    for member, address in members.items():
        assert f"../../rete/{member}/" in text.xpath(".//a/@href"), member
        assert address in main.text_content(), member


def test_whom_the_text_does_not_name_is_listed_beside_it(built_site):
    """
    «Stare insieme» has no words on who can help.
    """
    page = page_of(built_site, "stare-insieme")

    names = page.xpath("//section[@aria-labelledby='pt-chi']//a/text()")

    assert names == ["Fare Diversamente", "Consulta delle associazioni di Settimo Milanese"]


@pytest.mark.parametrize("language", ["en", "es", "ar", "ro", "uk", "facile"])
@pytest.mark.parametrize(
    ("page", "answer"), [("bisogni/casa", "section"), ("luoghi/opcafe-rho", "div")]
)
def test_who_has_read_a_translation_is_said_after_where_to_go(built_site, language, page, answer):
    """
    And not in the colour of danger.
    """
    tree = html.document_fromstring((built_site / language / page / "index.html").read_bytes())

    (notice,) = tree.xpath("//*[contains(@class, 'pt-notice--slim')]")

    assert "pt-notice--warning" not in notice.get("class")
    assert notice.xpath(f"preceding::{answer}[contains(@class, 'pt-section--first')]")


def test_what_has_happened_and_where_it_was_read_unfold(browser, site_url):
    """
    Closed, they can still be led to; open, they say all.
    """
    page = browser.new_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.goto(f"{site_url}/bisogni/casa/#pt-fonti")
    source = page.locator(".pt-sources a").first

    assert page.get_by_role("heading", name="Da dove lo sappiamo").is_visible()
    assert not source.is_visible()
    page.get_by_role("heading", name="Da dove lo sappiamo").click()
    assert source.is_visible()
    page.close()


def test_on_a_phone_whom_to_call_is_seen_without_scrolling(browser, site_url):
    """
    The number, whole, on a small window.
    """
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto(f"{site_url}/bisogni/famiglia-e-cura/")

    number = page.locator("a[href='tel:1522']").bounding_box()

    assert number["y"] + number["height"] <= 640
    page.close()


def test_a_door_with_a_name_of_its_own_says_who_keeps_it(built_site):
    """
    Each of them, with the way to its page.
    """
    door = doors(built_site, "spese-e-debiti")["Emporio della solidarietà"]

    assert door.xpath("h3/a") == []
    assert "Ci lavorano: Caritas decanale di Rho, Intrecci" in door.text_content()
    assert door.xpath("p/a/@href") == ["../../rete/caritas-decanale-rho/", "../../rete/intrecci/"]


@pytest.mark.parametrize("language", ["en", "es", "ar", "ro", "uk", "facile"])
def test_a_place_says_in_every_language_what_it_has_for_the_need(built_site, language):
    """
    A granary of the seventeenth century is no reason to go there about the rent.
    """
    italian = page_of(built_site, "casa").xpath(CARDS)
    translated = page_of(built_site, "casa", language).xpath(CARDS)

    assert len(translated) == len(italian) > 1
    for card in translated:
        said = card.xpath("string(p[@class='pt-card__text'])")
        assert "Agenzia dell'Abitare" in said or "Agenzia dell'Abitare" in card.xpath("string(h3)")


@pytest.mark.parametrize("language", ["", "en", "es", "ar", "ro", "uk", "facile"])
def test_the_number_to_call_is_the_first_thing_after_the_title(built_site, language):
    """
    Before who has read the translation, and before every address.
    """
    page = page_of(built_site, "famiglia-e-cura", language)
    (main,) = page.xpath("//main")
    links = main.xpath(
        ".//*[self::a or self::article][not(ancestor::*[@class and contains(@class, 'pt-masthead')])]"
    )

    assert [link.get("href") for link in links[:2]] == ["tel:1522", "tel:112"]


@pytest.mark.parametrize("language", ["", "en", "ar", "facile"])
@pytest.mark.parametrize(("need", "comes_first"), [("casa", True), ("lavoro", False)])
def test_the_municipality_comes_before_doors_nobody_has_seen_of_late(
    built_site, language, need, comes_first
):
    """
    For a home the newest door is of 2018; the municipality surely is still there.
    """
    page = page_of(built_site, need, language)
    (halls,) = page.xpath("//section[@aria-labelledby='pt-dove']/*[@data-town-halls]")

    assert bool(halls.xpath("following-sibling::ul")) is comes_first
    assert bool(halls.xpath("preceding-sibling::ul")) is not comes_first


@pytest.mark.parametrize("page", ["", "bisogni", "cerca"])
def test_whom_to_call_at_once_stands_under_the_doors(built_site, page):
    """
    On a phone the doors of the first page are six titles, and «Famiglia e cura» does not say fear.
    """
    doors = html.document_fromstring((built_site / page / "index.html").read_bytes())
    (line,) = doors.find_class("pt-doors__call")

    assert "fa paura? Chiama il 1522" in line.text_content()
    assert [link.split("../")[-1] for link in line.xpath(".//a/@href")] == [
        "tel:1522",
        "bisogni/famiglia-e-cura/",
    ]
