"""A page that still says what its model says is not published."""

import datetime
from pathlib import Path

import pytest

from portal.drafting import TYPES, draft_page
from portal.readers.content import ContentReader

TODAY = datetime.date(2026, 11, 22)


def said_of(content: Path, *, preview: bool = False) -> list[str]:
    """What the reader says of the content."""
    reader = ContentReader(content, TODAY, preview=preview)
    reader.read()
    return [str(problem) for problem in sorted(reader.problems)]


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_new_page_of_any_type_that_is_only_no_draft_any_more_is_refused(content, kind):
    """Else «Il nome di chi lo racconta» would go out to everybody."""
    file = draft_page(content, kind, "Una prova", TODAY)
    text = file.read_text(encoding="utf-8")
    assert said_of(content, preview=True) == []

    file.write_text(text.replace("status: bozza\n", ""), encoding="utf-8")

    said = said_of(content)
    assert any("è ancora il testo del modello" in one for one in said)
    assert all(file.name in one for one in said)


def test_each_thing_that_was_kept_is_named_on_its_line(content):
    file = draft_page(content, "storia", "Una prova", TODAY)
    text = file.read_text(encoding="utf-8").replace("status: bozza\n", "")
    file.write_text(text, encoding="utf-8")
    lines = text.split("\n")

    said = "\n".join(said_of(content))

    url = next(number for number, line in enumerate(lines, 1) if "www.esempio.it" in line)
    assert (
        f"riga {url}: «https://www.esempio.it/articolo» è l'indirizzo del modello. Scrivi quello vero, o togli la riga."
        in said
    )
    first = lines.index(next(line for line in lines if line.startswith("Comincia da"))) + 1
    assert f"riga {first}: «Comincia da quello che è successo" in said
