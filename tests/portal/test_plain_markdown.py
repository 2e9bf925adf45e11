"""The short way through Markdown: whatever people write, it becomes what Python-Markdown makes of it."""

import markdown
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import SimpleTagInlineProcessor

from portal.plain_markdown import spare_plain_text

EXTENSIONS = [
    "abbr",
    "admonition",
    "attr_list",
    "def_list",
    "footnotes",
    "md_in_html",
    "tables",
    "toc",
    "fenced_code",
]
"""Those of mkdocs.yml, and the engine's own."""

LINES = (
    "Una riga di testo.", "È vero, «davvero»!", "Un'altra  ", "2015 fu un anno", "1. uno", "2) due", "- uno",
    "* due", "+ tre", "- Tre, e **quattro**", "- Cinque {: .classe }", "## Un titolo", "# Altro {: #ancora }",
    "#Attaccato", "```", "~~~", "``` python",
    "    rientrata", "  appena rientrata", "        molto rientrata", "> citata", "# Titolo",
    "Titolo con coda ##", "===", "---", "***", "!!! note", "!!! tip \"Titolo\"", "    dentro la nota", "Termine",
    ":   definizione", "| a | b |", "a | b", "- | -", "|---|---|", "[^1]: la nota", "Testo[^1] con nota",
    "*[ONG]: organizzazione", "Una ONG *così* e `codice`", "[rif]: https://esempio.it", "[rif] e [altro](x.md)",
    "<div markdown=\"1\">", "</div>", "<p>html</p>", "<!-- nota -->", "Testo <em>in riga</em> & altro", "[TOC]",
    "Riga {: .classe }", "{: #ancora }", "a_b_c e __forte__", "\\*non così\\*", "&egrave; &amp; <https://x.it>", "",
)  # fmt: skip
texts = st.lists(
    st.tuples(st.sampled_from(LINES), st.sampled_from(["\n", "\n\n"])), min_size=1, max_size=14
).map(lambda parts: "".join(line + end for line, end in parts))


def engines() -> tuple[markdown.Markdown, markdown.Markdown]:
    """Python-Markdown as it is, and on the short way."""
    plain, short = (markdown.Markdown(extensions=EXTENSIONS) for _ in range(2))
    spare_plain_text(short)
    return plain, short


AS_IT_IS, SHORT = engines()


@given(text=texts | st.text(alphabet="a#- \n*`~{}:&;<>|!.1)_\\\t\x0cé\u2028[](=", max_size=60))
@settings(max_examples=800)
@example("- uno\n\n    Testo dell'elenco.\n\n- due\n\nPoi basta.")
@example("Termine\n\n:   Definizione.\n\n    Ancora.\n\nPoi basta.")
@example("!!! note\n    Dentro.\n\nFuori.\n\n    Rientrata dopo.")
@example('<div markdown="1">\n\nDentro.\n\n- uno\n\n</div>\n\nFuori.')
def test_any_text_becomes_the_same(text):
    """Paragraphs beside and inside of everything Markdown knows."""
    assert SHORT.reset().convert(text) == AS_IT_IS.reset().convert(text)


class _Shouted(BlockProcessor):
    """Text that begins with «Attenti» is made large."""

    def test(self, parent, block):
        return block.startswith("Attenti")

    def run(self, parent, blocks):
        parent.text = blocks.pop(0).upper()


class _Shouting(Extension):
    """An extension of which nothing is known here."""

    def extendMarkdown(self, md):
        md.parser.blockprocessors.register(_Shouted(md.parser), "shouted", 120)
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"()=(.+?)=", "mark"), "marked", 170)


@pytest.mark.parametrize("text", ["Attenti al cane", "Una parola =segnata= nel testo"])
def test_an_extension_not_known_here_is_given_every_text(text):
    """It may be after any of them."""
    engine = markdown.Markdown(extensions=[_Shouting()])
    expected = engine.convert(text)

    spare_plain_text(engine)

    assert engine.reset().convert(text) == expected
    assert expected != f"<p>{text}</p>"
