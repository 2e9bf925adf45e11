"""A picture on the site: light, the right way up, and without a word of where it was taken."""

import io

import pytest
from PIL import Image

from portal.readers.picture_files import picture_fault
from portal.writers.picture_variants import draw_variants

ORIENTATION, GPS, MODEL = 0x0112, 0x8825, 0x0110


def a_photograph(width=2000, height=1500, mode="RGB", **saved) -> bytes:
    """Sky above, earth below, so that one sees which way is up."""
    picture = Image.new(mode, (width, height), "steelblue")
    picture.paste("saddlebrown", (0, height // 2, width, height))
    file = io.BytesIO()
    picture.save(file, **{"format": "JPEG", **saved})
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_picture_comes_in_sizes_for_phones_and_screens_in_three_formats():
    variants = draw_variants(a_photograph(), "storie/img/orto.jpg")

    assert (variants.width, variants.height) == (2000, 1500)
    assert {kind: [one.width for one in files] for kind, files in variants.modern.items()} == {
        "image/avif": [480, 960, 1600],
        "image/webp": [480, 960, 1600],
    }
    assert variants.fallback.width == 960
    assert variants.fallback.path.endswith(".jpg")
    for one in variants.files:
        picture = opened(one.content)
        assert picture.size == (one.width, one.width * 3 // 4)
        assert one.path.startswith("storie/img/orto-")
        assert one.path.endswith(
            f"-{one.width}.{ {'JPEG': 'jpg'}.get(picture.format, picture.format.lower()) }"
        )


def test_small_picture_is_not_blown_up():
    variants = draw_variants(a_photograph(300, 200), "img/a.jpg")

    assert {one.width for one in variants.files} == {300}


def test_nothing_the_camera_wrote_is_published():
    """Where somebody lives is in there."""
    exif = Image.Exif()
    exif[MODEL] = "Telefono di Ada"
    exif.get_ifd(GPS)[2] = (45.0, 31.0, 42.0)
    photograph = a_photograph(exif=exif)
    assert b"Telefono di Ada" in photograph

    for one in draw_variants(photograph, "img/a.jpg").files:
        assert b"Telefono di Ada" not in one.content
        assert not opened(one.content).getexif()
        assert "exif" not in opened(one.content).info


def test_picture_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    upright = draw_variants(a_photograph(1500, 1000, exif=exif), "img/a.jpg")

    assert (upright.width, upright.height) == (1000, 1500)
    left, right = (opened(upright.fallback.content).getpixel((x, 700)) for x in (100, 850))
    assert left[0] > left[2], "the earth, which lay below, is on the left"
    assert right[2] > right[0], "the sky is on the right"


def test_transparency_stays_where_there_is_some():
    drawing = io.BytesIO()
    Image.new("RGBA", (600, 600), (0, 0, 0, 0)).save(drawing, "PNG")

    fallback = draw_variants(drawing.getvalue(), "img/disegno.png").fallback

    assert fallback.path.endswith(".png")
    assert opened(fallback.content).getpixel((0, 0))[3] == 0


def test_same_original_gives_the_same_files():
    first, second = (draw_variants(a_photograph(), "img/a.jpg") for _ in range(2))

    assert first == second


def test_other_original_has_other_names():
    """A browser that keeps the old one for ever must be asked for the new one."""
    first, second = (draw_variants(a_photograph(height=h), "img/a.jpg") for h in (1500, 1400))

    assert {one.path for one in first.files}.isdisjoint(one.path for one in second.files)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_picture_that_can_be_read_has_no_fault(kind):
    assert picture_fault(a_photograph(200, 100, format=kind)) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>Non trovata</html>", "non è un'immagine che sappiamo leggere"),
        (b"", "non è un'immagine che sappiamo leggere"),
        (a_photograph(2000, 1500)[:9000], "è rovinata o tagliata a metà"),
        (b"GIF89a" + bytes(50), "non è un'immagine che sappiamo leggere"),
        (bytes(20_000_001), "pesa 20 MB, e il massimo è 20"),
    ],
    ids=["a page", "nothing", "cut", "another kind", "too heavy"],
)
def test_file_that_cannot_be_shown_is_explained(content, said):
    assert said in picture_fault(content)


def test_picture_that_would_fill_the_memory_is_refused_before_it_is_read():
    """A few bytes may claim to be a hundred million pixels."""
    claim = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(claim, "PNG")

    assert "ha 10000 × 10000 pixel, troppi" in picture_fault(claim.getvalue())
