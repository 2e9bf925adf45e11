"""Social cards: every title fits, and the same title gives the same picture."""

import io
from pathlib import Path

import pytest
from PIL import Image

from portal.beside_pages import CARD_FONTS
from portal.writers.social_card import Fonts, draw_card

ROOT = Path(__file__).parents[3]
SAFFRON = (255, 200, 69)


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    """The fonts of the cards."""
    return tuple((ROOT / "theme" / font).read_bytes() for font in CARD_FONTS)


def opened(card: bytes) -> Image.Image:
    """The picture a card holds, in colours."""
    return Image.open(io.BytesIO(card)).convert("RGB")


def written_at(card: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether anything but the ground is in *box*: left, top, right, bottom."""
    return card.crop(box).getcolors(maxcolors=1) != [
        ((box[2] - box[0]) * (box[3] - box[1]), SAFFRON)
    ]


def test_a_card_is_as_large_as_networks_ask_for_and_light(fonts):
    """600 by 315 is the least they show as a large picture; it weighs less than the page it stands for."""
    card = draw_card("Chi cura gli altri si trova al Granaio", "Storia", fonts)

    assert opened(card).size == (600, 315)
    assert card.startswith(b"\x89PNG")
    assert len(card) < 10_000


def test_the_same_title_gives_the_same_bytes(fonts):
    """A card that changed by itself would be fetched again by everyone."""
    first = draw_card("Casa", "Bisogno", fonts)
    draw_card("Un'altra pagina", "Storia", fonts)

    assert draw_card("Casa", "Bisogno", fonts) == first


def test_title_and_kind_are_both_written(fonts):
    """The kind above, the title below it."""
    card = opened(draw_card("Casa", "Bisogno", fonts))

    assert written_at(card, (40, 40, 150, 65))
    assert written_at(card, (40, 130, 170, 195))


@pytest.mark.parametrize(
    "title",
    [
        "La colazione delle mamme, lo yoga della risata e tutto quello che è successo a Rho nel 17",
        "W" * 90,
        "precipitevolissimevolmente " * 30,
    ],
)
def test_a_long_title_stays_between_its_margins(fonts, title):
    """Ninety letters are the most a title may have; more are cut."""
    card = opened(draw_card(title, "Storia", fonts))

    assert written_at(card, (40, 75, 460, 250))
    assert not written_at(card, (0, 0, 39, 315))
    assert not written_at(card, (462, 150, 600, 250))
    assert not written_at(card, (40, 256, 600, 265))


def test_accents_are_drawn(fonts):
    """«Perché» is not «Perche»."""
    assert draw_card("Perché", "Storia", fonts) != draw_card("Perche", "Storia", fonts)


def test_letters_no_font_holds_lose_their_accent_or_go(fonts):
    """No empty boxes: the fonts are cut to the languages of the site."""
    assert draw_card("Ǎ 漢字 →", "Storia", fonts) == draw_card("A", "Storia", fonts)


@pytest.mark.parametrize(
    ("title", "bare"),
    [("Știți ce să faceți", "Stiti ce sa faceti"), ("Їжа та ґрунт", "Iжа та грунт")],
)
def test_romanian_and_ukrainian_keep_their_letters(fonts, title, bare):
    """They come from fonts of their own, cut to what the first does not hold."""
    assert draw_card(title, "", fonts) != draw_card(bare, "", fonts)


def test_an_arabic_card_is_the_mirror_image_with_its_title_on_the_right(fonts):
    """Ground and name change sides; the title ends where it begins to be read."""
    card = opened(draw_card("الخصوصية", "", fonts, right_to_left=True))

    assert written_at(card, (500, 100, 560, 230))
    assert not written_at(card, (150, 100, 250, 230))
    assert written_at(card, (0, 0, 40, 100))
    assert not written_at(card, (561, 0, 600, 315))


def test_arabic_letters_are_joined(fonts):
    """«بب» is one stroke with two dots, not two letters beside each other."""
    joined = opened(draw_card("بب", "", fonts, right_to_left=True))
    apart = opened(draw_card("ب\u200cب", "", fonts, right_to_left=True))

    assert ink_of(joined) < ink_of(apart)


def ink_of(card: Image.Image) -> int:
    """How many pixels of the title are not ground."""
    title = card.crop((260, 76, 560, 249))
    ground = {colour: count for count, colour in title.getcolors()}.get(SAFFRON, 0)
    return title.width * title.height - ground
