"""What was found is said to people calmly, to GitHub on the line, to programs in one documented shape."""

import json

from portal.editorial.check import Check
from portal.editorial.finding import Finding
from portal.editorial.reports import as_github, as_json, as_text
from portal.readers.problem import Problem

PROBLEM = Problem("storie/a.md", 3, "la data «12 maggio» non si capisce.")
DRAFT = Problem("storie/b.md", 2, "manca «date».")
MILD = Finding(
    "rete/b.md", 9, "frase-lunga", "Una frase lunga, davvero.", "la frase ha 30 parole.", "Due frasi."
)  # fmt: skip
GRAVE = Finding(
    "storie/z.md", 7, "dati-personali", "347 1234567", "«347 1234567» sembra un cellulare.", "«02 1234567»"
)  # fmt: skip


def test_people_read_the_most_urgent_page_first_and_a_calm_count_last():
    """Advice that may hurt somebody comes before advice about long sentences."""
    assert as_text(Check(41, advice=(MILD, GRAVE))) == (
        "storie/z.md\n"
        "  riga 7: «347 1234567» sembra un cellulare.\n"
        "    Meglio: «02 1234567»\n"
        "\n"
        "rete/b.md\n"
        "  riga 9: la frase ha 30 parole.\n"
        "    Letto: «Una frase lunga, davvero.»\n"
        "    Meglio: Due frasi.\n"
        "\n"
        "41 pagine lette, niente da correggere. 2 consigli in 2 pagine. Il sito si pubblica lo stesso: decidi tu."
    )


def test_errors_come_first_and_say_what_they_stop():
    """They are the only thing that keeps the site from being published."""
    assert as_text(Check(1, (PROBLEM,), (DRAFT,))) == (
        "Da correggere, altrimenti il sito non si pubblica:\n"
        "  storie/a.md, riga 3: la data «12 maggio» non si capisce.\n"
        "\n"
        "Nelle bozze, da correggere prima di pubblicarle:\n"
        "  storie/b.md, riga 2: manca «date».\n"
        "\n"
        "1 pagina letta, 1 da correggere."
    )


def test_asked_why_it_gives_the_reasons_of_what_it_said():
    """Of every rule, where it said nothing."""
    said = as_text(Check(41, advice=(MILD,)), explain=True)

    assert "La frase è troppo lunga (frase-lunga)" in said
    assert "(dati-personali)" not in said
    assert as_text(Check(41), explain=True).count("Fonte: ") == 19


def test_github_shows_each_finding_beside_its_line():
    """Percent signs, line ends, colons and commas are written as GitHub asks."""
    comma = Problem("storie/a,b.md", 3, "il 40%\nnon va")

    assert as_github(Check(2, (comma,), (DRAFT,), (GRAVE,)), "content").splitlines() == [
        "::error file=content/storie/a%2Cb.md,line=3,title=Da correggere::il 40%25%0Anon va",
        "::warning file=content/storie/b.md,line=2,title=Da correggere prima di pubblicare la bozza::manca «date».",
        "::warning file=content/storie/z.md,line=7,title=Un dato che può essere di una persona::"
        "«347 1234567» sembra un cellulare.%0APer esempio: «02 1234567»",
    ]


def test_programs_read_one_document():
    """Errors and advice in one list, told apart by their kind."""
    document = json.loads(as_json(Check(41, (PROBLEM,), (), (MILD,)), explain=True))

    assert (document["pages_read"], document["errors"], document["advice"]) == (41, 1, 1)
    assert document["findings"] == [
        {
            "kind": "error", "rule": "schema", "file": "storie/a.md", "line": 3, "quote": None,
            "message": "la data «12 maggio» non si capisce.", "example": None,
        },
        {
            "kind": "advice", "rule": "frase-lunga", "file": "rete/b.md", "line": 9,
            "quote": "Una frase lunga, davvero.", "message": "la frase ha 30 parole.", "example": "Due frasi.",
        },
    ]  # fmt: skip
    assert set(document["rules"]["frase-lunga"]) == {"title", "reason", "source"}
