"""Which card stands for which page."""

from portal.model.words import Words
from portal.writers.sharing import GENERAL, card_list, card_of, link_preview
from tests.portal.writers.builders import (
    a_need,
    a_page,
    a_place,
    a_site,
    a_story,
    a_translation,
    some_words,
)

ARABIC = Words(**some_words() | {"claim": "بناء رأس مال اجتماعي", "menu_places": "الأماكن"})


def test_a_page_has_a_card_of_its_own_with_its_room_above_the_title():
    """The room is called as its index page is."""
    place = a_place(slug="casa-verde", title="Casa Verde")
    site = a_site(pages=(a_page("luoghi", title="I luoghi"),), places=(place,))

    card = card_of(place, site)

    assert card.path == "assets/cards/luoghi/casa-verde.png"
    assert (card.eyebrow, card.title) == ("I luoghi", "Casa Verde")
    assert card.alt == "I luoghi: Casa Verde"


def test_a_room_itself_has_nothing_above_its_title():
    """«I luoghi: I luoghi» says nothing twice."""
    index = a_page("luoghi", title="I luoghi")

    assert card_of(index, a_site(pages=(index,))).eyebrow == ""


def test_home_and_what_one_may_have_to_hide_share_the_general_card():
    """The picture in a chat does not tell what the page is about."""
    home = a_page("", title="Il sito")
    debts = a_page("debiti", title="I debiti", sensitive=True)
    site = a_site(pages=(home, debts))

    assert card_of(home, site) == card_of(debts, site) == GENERAL
    assert [card for card in card_list(site) if not card.path.startswith("assets/cards/rete/")] == [
        GENERAL
    ]


def test_a_link_to_what_one_may_have_to_hide_has_the_words_of_the_whole_site():
    """A chat shows title and description larger than the card."""
    home = a_page("", title="Il sito", description="Una rete di persone e di luoghi.")
    debts = a_page("debiti", title="I debiti", sensitive=True)

    link = link_preview(debts, a_site(pages=(home, debts)))

    assert (link.title, link.description) == ("#Oltreiperimetri", home.description)


def test_a_link_to_any_other_page_has_its_own_words():
    """In Italian, where it is no translation."""
    page = a_page("agenda", title="L'agenda")

    link = link_preview(page, a_site(pages=(page,)))

    assert (link.title, link.description) == (page.title, page.description)
    assert (link.locale, link.card.alt) == ("it_IT", "L'agenda")


def test_a_story_is_an_article():
    """Open Graph tells articles from other pages."""
    story = a_story()

    assert card_of(story, a_site(stories=(story,))).is_article


def test_a_translation_has_a_card_in_its_own_language():
    """With the room as its menu calls it; Arabic cards are mirrored."""
    place = a_place(slug="casa-verde")
    translated = a_translation(place.url, "ar", title="البيت الأخضر")
    site = a_site(places=(place,), translations=(translated,), words={"ar": ARABIC})

    card = card_of(translated, site)

    assert card.path == "assets/cards/ar/luoghi/casa-verde.png"
    assert (card.eyebrow, card.title) == ("الأماكن", "البيت الأخضر")
    assert card.right_to_left


def test_what_one_may_have_to_hide_shares_the_general_card_of_its_language():
    """The home in that language has it too: its title is the name that stands on every card."""
    need = a_need("casa")
    home = a_page("", title="Il sito")
    translated = (a_translation(need.url, "ar"), a_translation("", "ar"))
    site = a_site(pages=(home,), needs=(need,), translations=translated, words={"ar": ARABIC})

    [card] = {card_of(page, site) for page in translated}

    assert card.path == "assets/cards/ar/oltreiperimetri.png"
    assert card.title == ARABIC.claim
