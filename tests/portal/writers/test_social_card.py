"""Social cards: every title fits, and the same title gives the same picture."""

import io
from pathlib import Path

import pytest
from PIL import Image

from portal.writers.social_card import draw_card

ROOT = Path(__file__).parents[3]
SAFFRON = (255, 200, 69)


@pytest.fixture(scope="module")
def font() -> bytes:
    """The font of the site."""
    return (ROOT / "theme/assets/fonts/bricolage-grotesque-700.woff2").read_bytes()


def opened(card: bytes) -> Image.Image:
    """The picture a card holds, in colours."""
    return Image.open(io.BytesIO(card)).convert("RGB")


def written_at(card: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether anything but the ground is in *box*: left, top, right, bottom."""
    return card.crop(box).getcolors(maxcolors=1) != [
        ((box[2] - box[0]) * (box[3] - box[1]), SAFFRON)
    ]


def test_a_card_has_the_size_networks_ask_for_and_is_light(font):
    """1200 by 630, and lighter than the page it stands for."""
    card = draw_card("Chi cura gli altri si trova al Granaio", "Storia", font)

    assert opened(card).size == (1200, 630)
    assert card.startswith(b"\x89PNG")
    assert len(card) < 40_000


def test_the_same_title_gives_the_same_bytes(font):
    """A card that changed by itself would be fetched again by everyone."""
    first = draw_card("Casa", "Bisogno", font)
    draw_card("Un'altra pagina", "Storia", font)

    assert draw_card("Casa", "Bisogno", font) == first


def test_title_and_kind_are_both_written(font):
    """The kind above, the title below it."""
    card = opened(draw_card("Casa", "Bisogno", font))

    assert written_at(card, (80, 80, 300, 130))
    assert written_at(card, (80, 260, 340, 390))


@pytest.mark.parametrize(
    "title",
    [
        "La colazione delle mamme, lo yoga della risata e tutto quello che è successo a Rho nel 17",
        "W" * 90,
        "precipitevolissimevolmente " * 30,
    ],
)
def test_a_long_title_stays_between_its_margins(font, title):
    """Ninety letters are the most a title may have; more are cut."""
    card = opened(draw_card(title, "Storia", font))

    assert written_at(card, (80, 150, 920, 500))
    assert not written_at(card, (0, 0, 78, 630))
    assert not written_at(card, (924, 300, 1200, 500))
    assert not written_at(card, (80, 512, 1200, 530))


def test_accents_are_drawn(font):
    """«Perché» is not «Perche»."""
    assert draw_card("Perché", "Storia", font) != draw_card("Perche", "Storia", font)


def test_letters_the_font_does_not_hold_lose_their_accent_or_go(font):
    """No empty boxes: the font is cut to western European letters."""
    assert draw_card("Română și 漢字", "Storia", font) == draw_card("Româna si", "Storia", font)
