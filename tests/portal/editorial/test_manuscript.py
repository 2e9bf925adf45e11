"""A page is taken apart once: what is read, what is not, and the line of everything."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.editorial.assistant import advice_on
from portal.editorial.manuscript import read_manuscript
from tests.portal.editorial.builders import a_desk, a_manuscript

PAGE = """\
Prima riga
e [seconda](../luoghi/rho.md). Poi **forte**.

## Un titolo

- una voce
- un'altra, che
  va a capo

```
# codice, non titolo
```

<!-- nessuno
lo legge -->

> Detto da altri

| a | b |

![Una porta](porta.jpg) <https://a.it> e ![](vuota.png)
"""


def test_blocks_keep_their_kind_and_their_line():
    """Code and comments are not read; the rest is, each as what it is."""
    page = a_manuscript(PAGE)

    assert [(block.kind, block.line) for block in page.blocks] == [
        ("paragraph", 5), ("heading", 8), ("item", 10), ("item", 11), ("quote", 21), ("row", 23), ("paragraph", 25),
    ]  # fmt: skip
    assert page.blocks[0].text == "Prima riga\ne seconda. Poi forte."


def test_links_and_pictures_are_met_on_the_way():
    """An address with nothing around it has no words; a picture without words has an empty text."""
    page = a_manuscript(PAGE)

    assert [(link.words, link.address, link.line) for link in page.links] == [
        ("seconda", "../luoghi/rho.md", 6),
        ("", "https://a.it", 25),
    ]
    assert [(picture.alt, picture.file) for picture in page.pictures] == [
        ("Una porta", "porta.jpg"),
        ("", "vuota.png"),
    ]


def test_sources_in_parentheses_are_not_read_aloud():
    """They would make a short sentence look long."""
    page = a_manuscript(
        "Sono 200 persone ([Legnanonews, 2018](https://a.it)). Erano 49 (blog, dicembre 2015)."
    )

    assert [sentence.text for sentence in page.sentences] == ["Sono 200 persone.", "Erano 49."]


def test_each_line_of_an_easy_page_stands_alone():
    """Two spaces at the end of a line are a line end that the reader sees."""
    page = a_manuscript("Vieni a Rho  \nalle dieci  \nporta una tazza")

    assert [(sentence.text, sentence.line) for sentence in page.sentences] == [
        ("Vieni a Rho", 5),
        ("alle dieci", 6),
        ("porta una tazza", 7),
    ]


def test_a_page_with_windows_line_ends_and_a_byte_order_mark_has_the_same_lines():
    """Notepad writes both, and nobody sees them."""
    text = "\ufeff---\r\ntitle: Prova\r\n---\r\n\r\nCiao.\r\n\r\nA presto."
    page = read_manuscript("a.md", text, {"title": "Prova"}, lambda location: 1)

    assert [(block.text, block.line) for block in page.blocks] == [("Ciao.", 5), ("A presto.", 7)]


MARKDOWN = st.lists(
    st.one_of(
        st.sampled_from(
            ["# ", "## ", "- ", "> ", "| ", "```", "<!--", "-->", "[qui](", ")", "![", "](", "**", "_", "`",
             "<img alt=", "https://", "(", "…", "«", "»", "\n", "  \n", "\n\n", "ISEE ", "lunedì 30 novembre 2018 ",
             "1.600 ", "\\", "!!! note", "*[A]: b", "[a]: ", "&amp;", "{: .a }", "\t", "\u2028", "12.", "sig. ",
             "3331234567"]
        ),
        st.text(max_size=12),
    ),
    max_size=60,
).map("".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(MARKDOWN)
def test_no_text_makes_the_assistant_stumble(text):
    """Whatever is in a file, advice is given or not, and each stands on a line that there is."""
    page = read_manuscript("storie/prova.md", text, {}, lambda location: 1)

    for finding in advice_on(page, a_desk()):
        assert 1 <= finding.line <= len(page.lines)


WORD = st.text("abcdefghilmnopqrstuvzàèìòù", min_size=1, max_size=9)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(WORD, min_size=1, max_size=12), min_size=1, max_size=12))
def test_a_sentence_begins_on_the_line_it_says(paragraphs):
    """Whatever stands between the paragraphs, the line holds the first word of the sentence."""
    separators = ["\n\n", "\n\n```\nx\n```\n\n", "\n\n<!-- a\nb -->\n\n", "\n\n## Titolo\n\n"]
    body = "".join(
        " ".join(words).capitalize() + "." + separators[number % 4]
        for number, words in enumerate(paragraphs)
    )
    page = a_manuscript(body)

    assert len(page.sentences) == len(paragraphs)
    for sentence in page.sentences:
        assert sentence.text.split()[0] in page.lines[sentence.line - 1]


@pytest.mark.parametrize(
    "unit",
    ["[", "[a](", "(", "( 2", "*a", "<", "`a", "![a](", "…", ". ", " ", "«", "A.", "3", "1.000.", "a.b@a.",
     "IT00 AAAA ", "http://a(", "a  \n", "a; ", "1 maggio ", "([a](http://x) "],
)  # fmt: skip
def test_no_text_keeps_the_assistant_long(unit):
    """Twenty thousand characters of anything are read in a moment: no pattern walks back and forth."""
    began = time.process_time()
    list(advice_on(a_manuscript(unit * (20_000 // len(unit))), a_desk()))

    assert time.process_time() - began < 2
