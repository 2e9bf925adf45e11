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


def test_a_card_is_as_large_as_networks_ask_for_and_light(font):
    """600 by 315 is the least they show as a large picture; it weighs less than the page it stands for."""
    card = draw_card("Chi cura gli altri si trova al Granaio", "Storia", font)

    assert opened(card).size == (600, 315)
    assert card.startswith(b"\x89PNG")
    assert len(card) < 10_000


def test_the_same_title_gives_the_same_bytes(font):
    """A card that changed by itself would be fetched again by everyone."""
    first = draw_card("Casa", "Bisogno", font)
    draw_card("Un'altra pagina", "Storia", font)

    assert draw_card("Casa", "Bisogno", font) == first


def test_title_and_kind_are_both_written(font):
    """The kind above, the title below it."""
    card = opened(draw_card("Casa", "Bisogno", font))

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
def test_a_long_title_stays_between_its_margins(font, title):
    """Ninety letters are the most a title may have; more are cut."""
    card = opened(draw_card(title, "Storia", font))

    assert written_at(card, (40, 75, 460, 250))
    assert not written_at(card, (0, 0, 39, 315))
    assert not written_at(card, (462, 150, 600, 250))
    assert not written_at(card, (40, 256, 600, 265))


def test_accents_are_drawn(font):
    """«Perché» is not «Perche»."""
    assert draw_card("Perché", "Storia", font) != draw_card("Perche", "Storia", font)


def test_letters_the_font_does_not_hold_lose_their_accent_or_go(font):
    """No empty boxes: the font is cut to western European letters."""
    assert draw_card("Română și 漢字", "Storia", font) == draw_card("Româna si", "Storia", font)
