"""Plain text: the same words and links, in lines a mail program shows whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.writers.plain_text import numbered, plain_text, wrapped


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Uno\n due</p><p>Tre</p>", "Uno due\n\nTre"),
        ("<h2>Che cosa <em>è</em></h2><p>Ciao</p>", "## Che cosa è\n\nCiao"),
        ("<ul><li>uno</li><li><p>due</p></li></ul>", "- uno\n- due"),
        ("<ol><li>uno</li><li>due</li></ol>", "1. uno\n2. due"),
        ("<ul><li>uno<ul><li>sotto</li></ul></li></ul>", "- uno\n  - sotto"),
        ("<blockquote><p>Soli mai.</p><p>Mai.</p></blockquote>", "> Soli mai.\n>\n> Mai."),
        (
            '<p>Vai al <a href="https://esempio.it/x">caffè</a>.</p>',
            "Vai al caffè <https://esempio.it/x>.",
        ),
        ('<p><a href="https://esempio.it">https://esempio.it</a></p>', "https://esempio.it"),
        ('<p><a href="#nota">nota</a></p>', "nota"),
        ('<p><img src="x.jpg" alt="Il banco"></p>', "Il banco"),
        ("<p>uno<br>due</p>", "uno due"),
        ("<p>uno<!-- no --> due</p>", "uno due"),
        ("<div>sciolto<p>nel blocco</p>dopo</div>", "sciolto\n\nnel blocco\n\ndopo"),
        ("<table><tr><th>Anno</th><td>2018</td></tr></table>", "- Anno – 2018"),
        ("<p>5 &lt; 6 &amp; 7</p>", "5 < 6 & 7"),
        ("<p> </p>", ""),
        ("", ""),
    ],
)
def test_html_becomes_plain_text(html, text):
    assert plain_text(html) == text


def test_links_are_numbered_and_the_same_address_keeps_its_number():
    addresses = []

    first = numbered("Il caffè <https://a.it> e la casa <https://b.it>", addresses)
    second = numbered("Ancora il caffè <https://a.it>", addresses)

    assert wrapped(first) == "Il caffè [1] e la casa [2]"
    assert wrapped(second) == "Ancora il caffè [1]"
    assert addresses == ["https://a.it", "https://b.it"]


def test_list_items_are_indented_and_quotations_keep_their_sign():
    words = "parola " * 13

    assert wrapped(f"- {words}") == (
        "- parola parola parola parola parola parola parola parola parola parola\n  parola parola parola"
    )
    assert wrapped(f"> {words}").split("\n")[1] == "> parola parola parola"
    assert wrapped(f"  - {words}").split("\n")[1] == "    parola parola parola parola"


def test_heading_is_underlined():
    assert wrapped("## Che cosa manca") == "Che cosa manca\n--------------"
    assert wrapped(f"## {'x' * 70} fine") == f"{'x' * 70}\nfine\n{'-' * 70}"


def test_number_of_a_link_is_never_alone_on_a_line():
    text = wrapped(numbered(f"{'x' * 65} parola <https://a.it>", []))

    assert text == f"{'x' * 65}\nparola [1]"


WORDS = st.lists(st.text("abcdeèàù'(),.", min_size=1, max_size=20), max_size=60).map(" ".join)


@given(WORDS)
def test_no_line_is_longer_than_72_columns_and_no_word_is_lost(words):
    text = wrapped(words)

    assert all(len(line) <= 72 for line in text.split("\n"))
    assert text.split() == words.split()


@given(st.integers(73, 200))
def test_long_address_is_not_broken(length):
    address = "https://" + "x" * (length - 8)

    assert wrapped(f"Vai a {address} e torna") == f"Vai a\n{address}\ne torna"
