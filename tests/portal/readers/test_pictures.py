"""Pictures in a text: words for those who do not see them, an owner, and leave to be shown."""

import datetime
import io
from pathlib import Path

import pytest
from PIL import Image

from portal.readers.content import ContentReader

TODAY = datetime.date(2026, 11, 22)
STORY = "storie/2020-03-07-prima-zappata.md"
DETAILS = "storie/img/orto.yml"


@pytest.fixture
def illustrated(example: Path) -> Path:
    """The example content, one of its stories with a picture and all that it takes."""
    folder = example / "storie" / "img"
    folder.mkdir()
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(picture, "JPEG")
    (folder / "orto.jpg").write_bytes(picture.getvalue())
    (folder / "orto.yml").write_text('credit: "Foto: Orti Riuniti, 2020"\npeople: no\n')
    with (example / STORY).open("a", encoding="utf-8") as story:
        story.write("\n![Tre persone di spalle zappano](img/orto.jpg)\n")
    return example


def read(content: Path) -> ContentReader:
    reader = ContentReader(content, TODAY)
    reader.read()
    return reader


def said(content: Path) -> list[str]:
    return [str(problem) for problem in read(content).problems]


def test_picture_with_words_and_an_owner_is_read(illustrated):
    reader = read(illustrated)

    assert reader.problems == []
    assert reader.pictures["storie/img/orto.jpg"].credit == "Foto: Orti Riuniti, 2020"


def test_picture_nobody_owns_up_to_is_explained(illustrated):
    (illustrated / DETAILS).unlink()
    lines = (illustrated / STORY).read_text(encoding="utf-8").split("\n")
    shown = next(number for number, line in enumerate(lines, 1) if "(img/orto.jpg)" in line)

    (fault,) = said(illustrated)

    assert fault.startswith(f"{STORY}, riga {shown}: ")
    assert (
        f"dell'immagine storie/img/orto.jpg non si sa di chi è. Crea {DETAILS} con due righe"
        in fault
    )


def test_picture_without_words_is_pointed_at(illustrated):
    file = illustrated / STORY
    text = file.read_text(encoding="utf-8").replace("![Tre persone di spalle zappano]", "![ ]")
    file.write_text(text, encoding="utf-8")

    (fault,) = said(illustrated)

    line = text.split("\n").index("![ ](img/orto.jpg)") + 1
    assert fault == (
        f"{STORY}, riga {line}: «![ ](img/orto.jpg)» non ha parole per chi non vede. "
        "Scrivi: ![Che cosa si vede](…)"
    )


@pytest.mark.parametrize(
    ("details", "why"),
    [
        ("people: sì", "mostra una persona e non ha il suo consenso"),
        ("people: sì\nconsent:\n  kind: scritto", "ha un consenso senza scadenza"),
        ("people: sì\nconsent:\n  kind: scritto\n  until: 2026-11-21", "ha un consenso scaduto il 21/11/2026"),
        ("people: sì\nconsent:\n  kind: non-serve", "mostra una persona e non ha il suo consenso"),
    ],
)  # fmt: skip
def test_person_who_has_not_said_yes_is_not_shown(illustrated, details, why):
    (illustrated / DETAILS).write_text(f'credit: "Foto: Orti Riuniti"\n{details}\n')

    (fault,) = said(illustrated)

    assert (
        fault == f"{DETAILS}, riga 2: l'immagine {why}: non si può mostrare. Toglila dalla pagina."
    )


def test_person_who_has_said_yes_is_shown_up_to_the_last_day(illustrated):
    (illustrated / DETAILS).write_text(
        'credit: "Foto: Orti Riuniti"\npeople: sì\nconsent:\n  kind: scritto\n  until: 2026-11-22\n'
    )

    assert said(illustrated) == []


def test_owner_written_wrong_is_explained_like_any_field(illustrated):
    (illustrated / DETAILS).write_text("credits: Foto\npeople: no\n")

    faults = said(illustrated)

    assert any("«credits» non è un campo che conosciamo" in fault for fault in faults)
