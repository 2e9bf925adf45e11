"""What was meant as a link or a list and is none is pointed at; what is one is left alone."""

import pytest

from tests.portal.editorial.builders import a_manuscript, advice


@pytest.mark.parametrize(
    ("written", "example"),
    [
        ("Vai da [Sercop] (../rete/sercop.md) subito.", "[Sercop](../rete/sercop.md)"),
        ("Vai da [Sercop] (https://www.sercop.it) subito.", "[Sercop](https://www.sercop.it)"),
        ("Vai da (Sercop)[../rete/sercop.md] subito.", "[Sercop](../rete/sercop.md)"),
        ("Vai da [Sercop](../rete/sercop.md subito.", "[Sercop](../rete/sercop.md)"),
        ("Vai da [Sercop][sercop] subito.", "[Sercop](https://www.sercop.it)"),
    ],
)  # fmt: skip
def test_a_link_that_is_none_is_shown_as_it_should_be(written, example):
    (finding,) = advice(a_manuscript(f"Una riga.\n\n{written}\n"), "link-scritto-male")

    assert (finding.line, finding.example) == (7, example)


@pytest.mark.parametrize(
    "written",
    [
        "Vai da [Sercop](../rete/sercop.md) (Rho) e [altrove](<il volantino.pdf>).",
        "[Il volantino](il volantino.pdf) e [Rho](https://it.wikipedia.org/wiki/Rho_(Italia)).",
        "«Eravamo […] (circa 2015) in tanti», scrive [1].",
        "Vai da [Sercop][sercop].\n\n[sercop]: ../rete/sercop.md",
        "Una nota[^1] (Rho).\n\n[^1]: Ecco.",
    ],
)  # fmt: skip
def test_a_link_that_is_one_is_left_alone(written):
    assert advice(a_manuscript(written), "link-scritto-male") == []


@pytest.mark.parametrize(
    "written", ['<span style="font-family:Calibri">Ciao</span>', "<o:p></o:p>", '<p class="MsoNormal">Ciao</p>',
                "<font color=red>Ciao</font>", "<div>Ciao"]
)  # fmt: skip
def test_code_of_another_program_is_named_once(written):
    (finding,) = advice(a_manuscript(f"Una riga.\n\n{written}\n\n{written}\n"), "codice-nel-testo")

    assert finding.line == 7
    assert "Incolla di nuovo come testo semplice." in finding.message
    assert "(2 volte)" in finding.message


def test_what_a_language_needs_is_no_code_of_another_program():
    text = "<bdi>Rho</bdi><br><span lang='en'>job</span> <abbr title='x'>y</abbr> <scrivi@esempio.it> 3 < 4 e `<div>`"

    assert advice(a_manuscript(text), "codice-nel-testo") == []


def test_html_that_means_something_is_no_code_of_another_program():
    text = "<details><summary>Di più</summary>\n\n<strong>Tanto</strong> di <time>lunedì</time>.\n\n</details>"

    assert advice(a_manuscript(text), "codice-nel-testo") == []


@pytest.mark.parametrize(("mark", "line"), [("- ", 6), ("* ", 6), ("1. ", 6), ("• ", 6)])
def test_a_list_that_stays_a_paragraph_is_named_on_the_line_it_begins(mark, line):
    (finding, *_) = advice(a_manuscript(f"Serve:\n{mark}uno\n{mark}due\n"), "elenco-attaccato")

    assert finding.line == line


@pytest.mark.parametrize(
    "text",
    ["Serve:\n\n- uno\n- due\n", "- uno\n- due\n", "Nel\n2018. Poi no.\n", "Parola\n: che cos'è\n"],
)
def test_a_list_that_is_one_is_left_alone(text):
    assert advice(a_manuscript(text), "elenco-attaccato") == []


@pytest.mark.parametrize(
    ("path", "date", "said"),
    [
        ("storie/2018-05-15-agenzia.md", "2019-05-15", 1),
        ("storie/2018-05-agenzia.md", "2018-05-15", 0),
        ("storie/2018-05-15-agenzia.md", "2018-05", 0),
        ("agenda/2018-05-15-festa.md", "2018-05-16", 1),
        ("rete/2018-05-15-agenzia.md", "2019-05-15", 0),
        ("storie/agenzia.md", "2019-05-15", 0),
    ],
)
def test_a_file_whose_name_tells_another_day_is_asked_about(path, date, said):
    page = a_manuscript("Una riga.", path, f"date: {date}")

    assert len(advice(page, "data-nel-nome")) == said
