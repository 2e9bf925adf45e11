"""The pictures of a text: browsers choose, nobody has to wait, and whose they are stands below."""

import pytest
from lxml import html

from portal.writers.picture_html import with_pictures
from portal.writers.picture_variants import PictureVariants, Variant

ORTO = PictureVariants(
    2000,
    1000,
    {
        "image/avif": (
            Variant("storie/img/orto-1-480.avif", 480, b""),
            Variant("storie/img/orto-1-960.avif", 960, b""),
        ),
        "image/webp": (Variant("storie/img/orto-1-480.webp", 480, b""),),
    },
    Variant("storie/img/orto-1-960.jpg", 960, b""),
)  # fmt: skip


def shown(text: str, page_url: str = "storie/una-storia/") -> str:
    return with_pictures(
        text,
        page_url,
        lambda path: (
            (ORTO, "Foto: Orti & <riuniti>, 2020") if path == "storie/img/orto.jpg" else None
        ),
        lambda path: f"../../{path}",
    )


def test_picture_alone_is_a_figure_with_its_owner():
    figure = html.fragment_fromstring(
        shown('<p><img alt="L\'orto &amp; le zucche" src="../img/orto.jpg" /></p>')
    )

    assert figure.tag == "figure"
    assert figure.findtext("figcaption") == "Foto: Orti & <riuniti>, 2020"
    (image,) = figure.iter("img")
    assert image.get("alt") == "L'orto & le zucche"
    assert image.get("src") == "../../storie/img/orto-1-960.jpg"
    assert (image.get("width"), image.get("height"), image.get("loading")) == ("960", "480", "lazy")
    assert [(source.get("type"), source.get("srcset")) for source in figure.iter("source")] == [
        ("image/avif", "../../storie/img/orto-1-480.avif 480w, ../../storie/img/orto-1-960.avif 960w"),
        ("image/webp", "../../storie/img/orto-1-480.webp 480w"),
    ]  # fmt: skip


def test_picture_among_words_stays_among_them():
    text = shown('<p>Ecco <img alt="L\'orto" src="../img/orto.jpg"> com\'era.</p>')

    assert text.startswith("<p>Ecco <picture>")
    assert text.endswith("</picture> com'era.</p>")


@pytest.mark.parametrize("before", ["", "Ecco "])
@pytest.mark.parametrize("after", ["", " com'era."])
def test_only_a_picture_alone_in_its_paragraph_is_a_figure(before, after):
    """Words before it or after it stay in the paragraph, and none is lost."""
    text = shown(f"<p>{before}<img alt='Orto' src='../img/orto.jpg'>{after}</p>")

    assert text.startswith("<figure") is (not before and not after)
    assert text.startswith("<p>") is bool(before or after)
    assert text.endswith(f"{after}</p>") is bool(before or after)


def test_picture_of_another_site_or_of_another_kind_is_left_alone():
    for text in (
        '<p><img alt="Un disegno" src="../img/mappa.svg" /></p>',
        '<p><img alt="Altrove" src="https://www.esempio.it/storie/img/orto.jpg" /></p>',
        "<p>Nessuna immagine.</p>",
    ):
        assert shown(text) == text


def test_original_leaves_no_trace_in_the_page():
    assert "orto.jpg" not in shown('<p><img alt="" src="../img/orto.jpg" /></p>')


def test_a_name_with_a_space_is_one_address_among_the_others():
    """In a list of pictures a space ends the address."""
    named = PictureVariants(
        20,
        10,
        {"image/avif": (Variant("img/orto mio-480.avif", 480, b""),)},
        Variant("img/orto mio-480.jpg", 480, b""),
    )
    text = with_pictures(
        '<p><img alt="L\'orto" src="../img/orto%20mio.jpg"></p>',
        "storie/",
        lambda path: (named, "Foto: noi") if path == "img/orto mio.jpg" else None,
        lambda path: f"../{path}",
    )

    assert 'srcset="../img/orto%20mio-480.avif 480w"' in text
    assert 'src="../img/orto%20mio-480.jpg"' in text
