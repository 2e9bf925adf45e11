"""The weight a page says it has is about what travels."""

from portal.writers.page_weight import compressed_size, with_weight


def test_a_page_weighs_itself_and_what_it_names_once():
    """A style sheet of 20 kB, named twice, and a short page: 21 kB, rounded up."""
    html = '<link href="../assets/portal.css"><link href="../assets/portal.css">pesa @@PESO@@ KB'

    assert with_weight(html, {"assets/portal.css": 20_000}).endswith("pesa 21 KB")


def test_what_a_page_does_not_name_does_not_count():
    """Other pages' scripts, and pictures at whole addresses, which only others fetch."""
    html = '<meta content="https://esempio.it/assets/cards/x.png">@@PESO@@'

    assert with_weight(html, {"assets/js/map.js": 9_000, "assets/cards/x.png": 9_000}).endswith(
        ">1"
    )


def test_a_page_without_the_mark_stays_as_it_is():
    """Pages in other languages do not say it."""
    assert with_weight("<p>Hello</p>", {}) == "<p>Hello</p>"


def test_text_travels_compressed_and_fonts_as_they_are():
    """A font is compressed already."""
    assert compressed_size("assets/portal.css", b"a" * 10_000) < 100
    assert compressed_size("assets/fonts/x.woff2", b"a" * 10_000) == 10_000
