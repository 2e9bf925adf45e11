"""The press kit: one file with all that is needed, the same for the same site."""

import io
import zipfile

from portal.writers.press_kit import PRESS_KIT, write_press_kit

DRAWINGS = {"marchio.svg": b"<svg/>", "simbolo.svg": b"<svg></svg>"}
PAGE = "https://www.esempio.it/stampa/"


def test_kit_holds_the_text_the_signs_and_what_they_are():
    kit = write_press_kit("## In breve\n\nPerché no.", DRAWINGS, PAGE)[PRESS_KIT]

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


def test_same_things_make_the_same_file():
    """No clock and no order of a folder gets in."""
    again = dict(reversed(DRAWINGS.items()))

    assert write_press_kit("Uno.", DRAWINGS, PAGE) == write_press_kit("Uno.", again, PAGE)
