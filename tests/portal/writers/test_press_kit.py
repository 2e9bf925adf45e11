"""The press kit: one file with all that is needed, the same for the same site."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from portal.model.indicator import Indicator
from portal.writers.press_kit import PRESS_KIT, write_press_kit
from portal.writers.sign_picture import PAPER, WIDTH, draw_sign

DRAWINGS = {"marchio.svg": b"<svg/>", "simbolo.svg": b"<svg></svg>"}
PAGE = "https://www.esempio.it/stampa/"
SIGNS = Path(__file__).parents[3] / "theme" / "assets" / "img"
INK = (42, 26, 51, 255)


def test_kit_holds_the_text_the_signs_and_what_they_are():
    kit = write_press_kit("## In breve\n\nPerché no.", [], DRAWINGS, PAGE)[PRESS_KIT]

    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        assert archive.testzip() is None
        read = {name: archive.read(name).decode() for name in archive.namelist()}
    assert list(read) == [
        "oltreiperimetri/LEGGIMI.txt", "oltreiperimetri/marchio.svg",
        "oltreiperimetri/simbolo.svg", "oltreiperimetri/testo.md",
    ]  # fmt: skip
    assert read["oltreiperimetri/testo.md"] == "## In breve\n\nPerché no.\n"
    assert PAGE in read["oltreiperimetri/LEGGIMI.txt"]
    assert "la licenza d'uso è da confermare" in read["oltreiperimetri/LEGGIMI.txt"]


def test_figures_stand_in_the_text_where_the_page_shows_them():
    """With period, source and year, and what they do not say, so that nobody quotes the bare number."""
    visits = Indicator.model_validate(
        {
            "id": "ingressi", "title": "Ingressi", "unit": "ingressi", "kind": "output", "area": "comunita",
            "order": 1, "reading": "Gli ingressi sono stati 3.287.", "caution": "Sono ingressi, non persone.",
            "measures": [{
                "period": "2015–2018", "value": 3287,
                "source": {"title": "Bilancio", "url": "https://esempio.it/bilancio", "date": "2019-05-31"},
            }],
        }
    )  # fmt: skip

    kit = write_press_kit("Prima.\n\n---\n\nDopo.", [visits], DRAWINGS, PAGE)[PRESS_KIT]

    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        text = archive.read("oltreiperimetri/testo.md").decode()
    assert text == (
        "Prima.\n\n- Ingressi: **3.287 ingressi**, 2015–2018 (attività, non impatto). Fonte: "
        "[Bilancio](https://esempio.it/bilancio), 31 maggio 2019. "
        "Che cosa non dice: Sono ingressi, non persone.\n\nDopo.\n"
    )


def test_same_things_make_the_same_file():
    """No clock and no order of a folder gets in."""
    again = dict(reversed(DRAWINGS.items()))

    assert write_press_kit("Uno.", [], DRAWINGS, PAGE) == write_press_kit("Uno.", [], again, PAGE)


@pytest.mark.parametrize(("sign", "height"), [("wordmark", 283), ("favicon", WIDTH)])
def test_a_sign_is_drawn_from_its_svg_in_the_same_bytes(sign, height):
    """For programs that read no SVG: wide enough for print, and with nothing behind it."""
    drawing = (SIGNS / f"{sign}.svg").read_bytes()

    drawn = draw_sign(drawing)

    assert draw_sign(drawing) == drawn
    picture = Image.open(io.BytesIO(drawn)).convert("RGBA")
    assert picture.size == (WIDTH, height)
    assert picture.getpixel((0, 0))[3] == 0
    assert INK in {colour for _, colour in picture.getcolors(maxcolors=100_000)}


def test_on_paper_a_sign_has_no_hole():
    """Where a program paints what is clear black, there is a picture that has nothing clear."""
    picture = Image.open(io.BytesIO(draw_sign((SIGNS / "wordmark.svg").read_bytes(), PAPER)))

    assert picture.convert("RGBA").getchannel("A").getextrema() == (255, 255)
    assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
