"""A link leads somewhere, a picture is ours, and no program hides in a text: else the check says where and how."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.readers.content import ContentReader
from portal.readers.marked_up import Markup
from portal.readers.named_files import files_named_in
from portal.readers.targets import is_plain
from tests.portal.writers.builders import some_words

TODAY = datetime.date(2026, 11, 22)
PAGE = "storie/2020-03-07-prima-zappata.md"


def said_of(content: Path, text: str) -> list[str]:
    """What the reader says of a story that ends with *text*, each without the place where it is always said."""
    file = content / PAGE
    before = file.read_text(encoding="utf-8").rstrip("\n")
    file.write_text(f"{before}\n\n{text}\n", encoding="utf-8")
    reader = ContentReader(content, TODAY)
    reader.read()
    place = f"{PAGE}, riga {before.count(chr(10)) + 3}: "
    said = [str(problem) for problem in sorted(reader.problems)]
    assert all(one.startswith(place) for one in said)
    return [one.removeprefix(place) for one in said]


@pytest.mark.parametrize(
    "text",
    [
        "[Casa](../luoghi/casa-verde.md), [Orto](/azioni/orto.md \"L'orto\"), [noi](?uno)",
        "[Dillo](mailto:?subject=Ciao), [scrivi](mailto:d'angelo@esempio.it), [chiama](tel:02/1234567;ext=3)",
        "## Titolo {#luogo .grande}",
        "[Sercop](https://www.sercop.it/a_(b)?c=1&d=2#e) e <https://www.sercop.it>",
        "[Scrivi](mailto:scrivi@esempio.it?subject=Ciao) o [chiama](tel:+39112). <scrivi@esempio.it>",
        "[Casa][casa]\n\n[casa]: ../luoghi/casa-verde.md",
        "Il codice `[a](b)` e `<script>`.\n\n```\n[a](b) <iframe>\n```\n\n<!-- [a](b) -->",
        "<bdi>Rho</bdi><br> <span lang=\"en\">job</span> 3 < 4 e [nota](nessuno\\)",
        "Una nota[^1].\n\n[^1]: Come [qui](../luoghi/casa-verde.md).",
        "[il nostro](https://www.oltreiperimetri.it/luoghi/casa-verde/) e [il loro](https://www.sercop.it/luoghi/nulla/)",
        "[il nostro](https://www.oltreiperimetri.it/luoghi/casa-verde/) e [i feed](https://oltreiperimetri.it/f.rss)",
        "[Il 2020](https://www.oltreiperimetri.it/storie/anno/2020/)",
    ],
)  # fmt: skip
def test_what_leads_somewhere_is_left_alone(example, text):
    assert said_of(example, text) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[a](../luoghi/casa-verde)", "il link porta a «../luoghi/casa-verde», che non c'è. "
         "Forse volevi «../luoghi/casa-verde.md»."),
        ("[a](../luoghi/casa-verde.html#b)", "il link porta a «../luoghi/casa-verde.html#b», che non c'è. "
         "Forse volevi «../luoghi/casa-verde.md#b»."),
        ("[a](/luoghi/casa-verde/)", "il link porta a «/luoghi/casa-verde/», che non c'è. "
         "Forse volevi «../luoghi/casa-verde.md»."),
        ("[a](../luoghi/)", "il link porta a «../luoghi/», che non c'è. Forse volevi «../luoghi/index.md»."),
        ("[a](..\\luoghi\\casa-verde.md)", "il link porta a «..\\luoghi\\casa-verde.md», che non c'è. "
         "Forse volevi «../luoghi/casa-verde.md»."),
        ("[a](../luoghi/casa verde.md)", "il link porta a «../luoghi/casa verde.md», che non c'è. "
         "Forse volevi «../luoghi/casa-verde.md»."),
        ("[a](<../luoghi/Casa-Verde.md>)", "il link porta a «../luoghi/Casa-Verde.md», che non c'è. "
         "Forse volevi «../luoghi/casa-verde.md»."),
        ("[a](../../content/luoghi/casa-verde.md)", "il link porta a «../../content/luoghi/casa-verde.md», che non "
         "c'è. Forse volevi «../luoghi/casa-verde.md»."),
        ("[a](volantino.pdf)", "il link porta a «volantino.pdf», che non c'è. Controlla il nome del file."),
        ("[a](../_modelli/storia.md)", "il link porta a «../_modelli/storia.md», che non c'è. "
         "Controlla il nome del file."),
        ("[a](../rete/comuni.yml)", "il link porta a «../rete/comuni.yml», che sul sito non esce. Togli il link."),
        ("<a href='../luoghi/nulla'>a</a>", "il link porta a «../luoghi/nulla», che non c'è. "
         "Controlla il nome del file."),
        ("[a]: ../luoghi/nulla.md\n\n[a]", "il link porta a «../luoghi/nulla.md», che non c'è. "
         "Controlla il nome del file."),
        ("[a]()", "fra le parentesi () non c'è niente: scrivi dove porta il link."),
        ("[a](www.sercop.it)", "al link «www.sercop.it» manca https:// davanti. Scrivi: https://www.sercop.it"),
        ("[a](sercop.it/orari)", "al link «sercop.it/orari» manca https:// davanti. Scrivi: https://sercop.it/orari"),
        ("[a](https//www.sercop.it)", "all'inizio di «https//www.sercop.it» c'è un errore. "
         "Scrivi: https://www.sercop.it"),
        ("[a](https:/www.sercop.it)", "all'inizio di «https:/www.sercop.it» c'è un errore. "
         "Scrivi: https://www.sercop.it"),
        ("[a](//www.sercop.it)", "all'inizio di «//www.sercop.it» c'è un errore. Scrivi: https://www.sercop.it"),
        ("[a](https://)", "l'indirizzo «https://» non si legge. Copialo di nuovo dalla barra del browser."),
        ("[a](https://[x)", "l'indirizzo «https://[x» non si legge. Copialo di nuovo dalla barra del browser."),
        ("[a](io@esempio.it)", "il link «io@esempio.it» è un indirizzo di posta. Scrivi: mailto:io@esempio.it"),
        ("[a](mailto:pippo)", "«mailto:pippo» non è un indirizzo di posta. Scrivi così: mailto:scrivi@esempio.it"),
        ("[a](tel:sportello)", "«tel:sportello» non è un numero di telefono. Scrivi così: tel:021234567"),
        ("[a](javascript:alert(1))", "il link «javascript:alert(1)» comincia con «javascript:», e qui non può stare. "
         "Scrivi l'indirizzo di una pagina, come https://www.sercop.it"),
        ("[a](file:///C:/x.doc)", "il link «file:///C:/x.doc» porta a un file del tuo computer: nessun altro lo può "
         "aprire. Metti il file vicino alla pagina, e scrivi il suo nome."),
        ("[a](https://www.oltreiperimetri.it/rete/nulla/)", "il link porta a "
         "«https://www.oltreiperimetri.it/rete/nulla/», che nel nostro sito non c'è. Scrivi il nome del file, per "
         "esempio: ../rete/sercop.md"),
        ("Ciao <script>alert(1)</script>", "«<script>» qui non può stare: il sito non carica programmi scritti nelle "
         "pagine. Toglilo."),
        ("<IFRAME src='https://www.youtube.com/embed/1'></IFRAME>", "«<iframe>» qui non può stare: chi legge finirebbe "
         "seguito da un altro sito. Al suo posto metti un link."),
        ("<style>p { color: red }</style>", "«<style>» qui non può stare: colori e caratteri li mette il sito. "
         "Toglilo."),
        ("## Titolo {onclick=\"x()\"}", "«onclick» qui non può stare: il sito non carica programmi scritti nelle "
         "pagine. Toglilo."),
        ('<img srcset="https://esempio.it/a.png 1x" alt="a">', "l'immagine «https://esempio.it/a.png» non è qui "
         "accanto. Copiala in img/, vicino alla pagina, e scrivi: ![Che cosa si vede](img/foto.jpg)"),
        ("<b onclick='x()'>a</b>", "«onclick» qui non può stare: il sito non carica programmi scritti nelle pagine. "
         "Toglilo."),
        ("![Una foto](https://x.it/a.jpg)", "l'immagine «https://x.it/a.jpg» non è qui accanto. Copiala in img/, "
         "vicino alla pagina, e scrivi: ![Che cosa si vede](img/foto.jpg)"),
        ("![Una [bella] foto](https://x.it/a.jpg)", "l'immagine «https://x.it/a.jpg» non è qui accanto. Copiala in "
         "img/, vicino alla pagina, e scrivi: ![Che cosa si vede](img/foto.jpg)"),
        ("<img alt='Una foto' src='//x.it/a.jpg'>", "l'immagine «//x.it/a.jpg» non è qui accanto. Copiala in img/, "
         "vicino alla pagina, e scrivi: ![Che cosa si vede](img/foto.jpg)"),
        ("![Una foto]()", "all'immagine manca il nome del file. Scrivi: ![Che cosa si vede](img/foto.jpg)"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_named_with_its_remedy(example, written, said):
    """The engine would stop the publication in English, or publish it without a word."""
    assert said_of(example, written) == [said]


@pytest.mark.parametrize(
    ("written", "linked"),
    [("../storie/anno/2020/", "storie/anno/2020"), ("/rete/comune/rho/", "rete/comune/rho")],
)
def test_a_list_that_the_site_writes_is_linked_by_its_whole_address(example, written, linked):
    (said,) = said_of(example, f"[L'elenco]({written})")
    address = f"https://www.oltreiperimetri.it/{linked}/"

    assert said.endswith(
        f"Se è un elenco che il sito scrive da sé, scrivi tutto l'indirizzo: {address}"
    )


def test_a_page_with_a_wrong_field_is_told_of_its_links_at_once(example):
    """Whoever mends the field should not meet the link in the next round."""
    file = example / PAGE
    text = file.read_text(encoding="utf-8").replace("title:", "titel:", 1)
    file.write_text(f"{text}\n[a](nessuno.md) [b](#nessuno)\n\n# Un titolo\n", encoding="utf-8")
    reader = ContentReader(example, TODAY)

    assert reader.read() is None
    said = " ".join(map(str, sorted(reader.problems)))
    for fault in ("manca «title»", "«titel»", "«nessuno.md»", "«#nessuno»", "secondo titolo"):
        assert fault in said


@pytest.mark.parametrize(
    "name", ["foto.jfif", "foto.heif", "foto.JPE", "foto.heic", "foto", "foto.pdf", "foto.tif"]
)
@pytest.mark.parametrize(
    "written", ["![Anna che ride]({})", "[Anna che ride]({})", "<img src={} alt='Anna'>", "[a]: {}\n\n![Anna][a]"]
)  # fmt: skip
def test_a_photograph_of_another_kind_is_refused_however_it_is_named_and_shown(
    example, name, written
):
    """Of what is not ours to draw anew the file itself would go out, with the place it was taken in."""
    folder = example / "storie" / "img"
    folder.mkdir()
    Image.new("RGB", (8, 8)).save(folder / name, "JPEG")

    (said,) = said_of(example, written.format(f"img/{name}"))

    assert said == (
        f"l'immagine «img/{name}» non è JPEG, PNG, WebP o AVIF: aprila con un programma di foto e salvala come .jpg."
    )


@pytest.mark.parametrize(
    "written", ["[Anna]({})", "![Anna]({0}) e [Anna]({0})", "[![Anna]({0})]({0})"]
)
def test_a_photograph_is_shown_and_not_linked(example, written):
    """Only its smaller copies are on the site: a link to it would lead nowhere."""
    folder = example / "storie" / "img"
    folder.mkdir()
    Image.new("RGB", (8, 8)).save(folder / "foto.jpg")
    (folder / "foto.yml").write_text('credit: "Foto: noi, 2020"\npeople: no\n')

    assert said_of(example, written.format("img/foto.jpg")) == [
        "l'immagine «img/foto.jpg» si mostra e non si linka: il sito ne pubblica solo copie più piccole. "
        "Scrivi: ![Che cosa si vede](img/foto.jpg)"
    ]


def test_the_page_that_was_perhaps_meant_is_in_the_same_language(example):
    """Who misses the Italian page does not mean the English one."""
    english = example / "en" / "luoghi"
    english.mkdir(parents=True)
    text = (example / "luoghi" / "index.md").read_text(encoding="utf-8")
    (english / "casa-gialla.md").write_text(
        text.replace("---\n", "---\nsource_hash: 0123456789ab\ntranslated: 2026-11-01\n", 1),
        encoding="utf-8",
    )
    (example / "en" / "parole.yml").write_text(
        "".join(f'{name}: "{words}"\n' for name, words in some_words().items())
    )

    assert said_of(example, "[a](../luoghi/casa-gialla.md)") == [
        "il link porta a «../luoghi/casa-gialla.md», che non c'è. Controlla il nome del file."
    ]


def test_a_file_that_is_there_may_be_linked_also_with_a_space_in_its_name(example):
    (example / "storie" / "il volantino.pdf").write_bytes(b"%PDF-1.7")

    assert said_of(example, "[Il volantino](il volantino.pdf) e [ancora](<il volantino.pdf>)") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("![a](img/foto mia.jpg)", {"storie/img/foto mia.jpg"}),
        ("![a](img/foto%20mia.jpg 'Titolo')", {"storie/img/foto mia.jpg"}),
        ("![a](<img/foto (2).jpg>) [b](img/c(1).pdf \"T\")", {"storie/img/foto (2).jpg", "storie/img/c(1).pdf"}),
        ("<img SRC=img/a.jpg> <a href='/b.pdf?c#d'>", {"storie/img/a.jpg", "b.pdf"}),
        ("[a](https://x.it/b.jpg) [c](#d)", set()),
    ],
)  # fmt: skip
def test_every_way_to_name_a_file_is_known(text, names):
    assert files_named_in(text, PAGE) == names


PIECES = st.sampled_from(
    ["[", "]", "(", ")", "](", "![", "[a](", "][", "]:", "<", ">", '"', " ", "\n", "\n\n", "`", "\\", "*", "_", "!",
     "good.md", "bad.md", "https://x.it/a", "a", "{", "}", "&", "<a href=bad.md>", "<img src='bad.md'>", "[^1]", "- ",
     "{: onclick=x }"]
)  # fmt: skip
MARKUP = Markup()


@given(st.lists(PIECES, max_size=25).map("".join))
def test_a_text_that_is_plain_holds_nothing_the_glance_has_not_seen(text):
    """Else a dead link, or a photograph with the place it was taken in, would pass."""
    seen = []

    def is_good(target: str, may_be_picture: bool) -> bool:
        seen.append((target, may_be_picture))
        return target in ("good.md", "https://x.it/a")

    if not is_plain(text, is_good):
        return
    for tag in MARKUP.of(text).tags:
        assert "onclick" not in tag.attributes
        if "src" in tag.attributes:
            assert (tag.attributes["src"], True) in seen
        elif not tag.attributes.get("href", "#fn").startswith(("#fn", "https://x.it/a")):
            assert tag.attributes["href"] in [target for target, _ in seen]
