"""The HTML of old posts as Markdown: every word comes along, nothing else does."""

import re

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from justhtml import JustHTML

from portal.importing.html_to_markdown import OldPicture, escaped, html_to_markdown

EXTENSIONS = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"]  # fmt: skip
WORDS = st.lists(
    st.sampled_from(
        ["orto", "più", "12.", "3", "#OP", "*", "_a_", "[x]", "(y)", "- ", "+", "<b", "a<c", "&lt;", "`", "|", "{z}",
         "===", "---", ":", "~~", ">", "!!!", "\\", "\\*", "&amp;copy;", "1", "****", "__init__", "![", "](", "$"]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)  # fmt: skip
TAGS = st.sampled_from(
    ["p", "div", "span", "b", "i", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h1", "h2", "h5", "td", "pre"]
)  # fmt: skip
HTML = st.recursive(
    st.one_of(
        WORDS.map(lambda words: words.replace("<", "&lt;")),
        st.sampled_from(["<br>", "<br/><br />", "<hr>", " ", "\n\n"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map("".join),
        st.builds("<{0} href='/x'>{1}</{0}>".format, TAGS, inner),
        st.builds("<{0}>{1}".format, TAGS, inner),
        st.builds("{1}</{0}>".format, TAGS, inner),
    ),
    max_leaves=20,
)


def convert(html: str) -> str:
    """The Markdown alone, with pictures as files."""
    return html_to_markdown(html, lambda old: f"![{escaped(old.alt)}](foto.jpg)").markdown


def words_of(html: str) -> list[str]:
    """The words a reader sees."""
    text = JustHTML(html, sanitize=False).to_text(separator=" ")
    return re.findall(r"[^\W_]+", text)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div><div>Uno</div><div>due</div></div>", "Uno\n\ndue"),
        ("Uno<br />due<br /><br />tre", "Uno  \ndue\n\ntre"),
        ("<b>Uno </b>e<i> due</i>", "**Uno** e *due*"),
        ("<b>U</b><b>no</b>", "**Uno**"),
        ("<b><div>Uno</div><div>due</div></b>", "**Uno**\n\n**due**"),
        ("<b>Uno <i>due</i></b>", "**Uno due**"),
        ("<h1>A</h1><h3>B</h3><h3>C</h3>", "## A\n\n### B\n\n### C"),
        ("<h3><b>Solo</b><br>uno</h3>", "## Solo uno"),
        ("<ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>", "- a\n- b\n    1. c\n    2. d"),
        ("<blockquote>Uno<br><br>due</blockquote>", "> Uno\n>\n> due"),
        ("<a href='http://a.it/x (1)'>Il link</a>", "[Il link](http://a.it/x%20%281%29)"),
        ("<a href='mailto:a@b.it'>scrivi</a>", "[scrivi](mailto:a@b.it)"),
        ("<a name='inizio'></a>Testo", "Testo"),
        ("#OPcafé", "\\#OPcafé"),
        ("12. dicembre", "12\\. dicembre"),
        ("&nbsp;a&nbsp;&nbsp;b", "a b"),
        ("2 &lt; 3 &amp; 4", "2 &lt; 3 & 4"),
        ("<pre>uno\n  due</pre>", "uno  \ndue"),
        ("<!--more-->Uno<![if !x]>due<?php x ?>", "Unodue"),
        ("", ""),
    ],
)  # fmt: skip
def test_old_html_becomes_plain_markdown(html, expected):
    """What old blogs are full of, and how an editor would have written it."""
    assert convert(html) == expected


def test_a_picture_linked_to_itself_is_a_picture():
    """Blogger links the small one to the large one; the link is dropped, the large one is known."""
    seen = []

    def picture(old: OldPicture) -> str:
        seen.append(old)
        return "![](foto.jpg)"

    html = "<a href='http://b.it/s1600/a.jpg'><img src='http://b.it/s320/a.jpg' alt=' Il  tavolo '></a>"
    converted = html_to_markdown(html, picture)

    assert converted.markdown == "![](foto.jpg)"
    assert seen == [
        OldPicture("http://b.it/s320/a.jpg", "Il tavolo", larger="http://b.it/s1600/a.jpg")
    ]


def test_what_runs_or_shows_another_site_is_dropped_and_told():
    """The text around it stays."""
    html = (
        "<p>Prima</p><script>alert('x')</script><iframe src='http://v.it/1'>no</iframe>"
        "<style>p {}</style><a href='javascript:alert(1)'>qui</a>"
    )

    converted = html_to_markdown(html, lambda old: "")

    assert converted.markdown == "Prima\n\nqui"
    assert converted.dropped == (
        ("script", ""),
        ("iframe", "http://v.it/1"),
        ("style", ""),
        ("a", "javascript:alert(1)"),
    )


@settings(deadline=None, max_examples=60)
@given(HTML)
def test_no_word_is_lost_or_added(html):
    """Read back by the site's own Markdown, the text has the words the old page showed, in their order."""
    read_back = markdown.markdown(convert(html), extensions=EXTENSIONS)

    assert "".join(words_of(read_back)) == "".join(words_of(html))


@settings(deadline=None, max_examples=60)
@given(st.text() | st.lists(st.sampled_from(
    ["<", ">", "<script>", "</script>", "<SCRIPT ", "&lt;script&gt;", "<a href='", "'", "\"", "<img src=x alt='", "<!",
     "<![", "]]>", "<!--", "-->", "</", "<p", "&#60;script>", "&#0;", "\x00", "x", "\n", "javascript:", "<?", "<li>"]
)).map("".join))  # fmt: skip
def test_any_text_is_converted_without_a_script(html):
    """However broken, it is read, and nothing in it runs on our pages."""
    read_back = markdown.markdown(convert(html), extensions=EXTENSIONS)

    assert not re.search(r"<\s*/?script", convert(html), re.I)
    assert not re.search(r"<\s*/?(script|iframe)|href=\"\s*javascript:", read_back, re.I)


def test_boxes_in_boxes_without_end_are_no_danger():
    """Ten thousand open elements; the words come along and the memory of calls is not used up."""
    html = "<div><blockquote><ul><li><b>" * 2_000 + "dentro"

    read_back = markdown.markdown(convert(html), extensions=EXTENSIONS)

    assert "dentro" in read_back
