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
    A line «Chi lo tiene» would say its name again.
    """
    door = doors(built_site, "spese-e-debiti")["Fondazione San Bernardino"]

    assert door.xpath("h3/a/@href") == ["../../rete/fondazione-san-bernardino/"]
    assert "Chi lo tiene" not in door.text_content()


def test_whoever_has_a_door_among_the_cards_is_not_listed_again(built_site):
    """
    On a phone the same name, three times, pushes away the words that matter.
    """
    page = page_of(built_site, "spese-e-debiti")

    names = page.xpath("//section[@aria-labelledby='pt-chi']//a/text()")

    assert "Fondazione San Bernardino" not in names
    assert "Acli Milanesi" in names


def test_a_door_with_a_name_of_its_own_says_who_keeps_it(built_site):
    """
    Each of them, with the way to its page.
    """
    door = doors(built_site, "spese-e-debiti")["Emporio della solidarietà"]

    assert door.xpath("h3/a") == []
    assert "Chi lo tiene: Caritas decanale di Rho, Intrecci" in door.text_content()
    assert door.xpath("p/a/@href") == ["../../rete/caritas-decanale-rho/", "../../rete/intrecci/"]


@pytest.mark.parametrize("language", ["en", "es", "ar", "ro", "uk", "facile"])
def test_a_place_says_in_every_language_what_it_has_for_the_need(built_site, language):
    """
    A granary of the seventeenth century is no reason to go there about the rent.
    """
    italian = page_of(built_site, "casa").xpath(CARDS)
    translated = page_of(built_site, "casa", language).xpath(CARDS)

    assert len(translated) == len(italian) == 4
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
