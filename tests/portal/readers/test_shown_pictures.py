"""The pictures a page shows are looked at before anything is made of them, and named with the page's line."""

import datetime

import pytest
from PIL import Image

from portal.readers.content import ContentReader

TODAY = datetime.date(2026, 11, 22)
PAGE = "luoghi/casa-verde.md"


def said_of(content) -> list[str]:
    """What the reader says of the content."""
    reader = ContentReader(content, TODAY)
    reader.read()
    return [str(problem) for problem in sorted(reader.problems)]


@pytest.fixture
def shown(example):
    """Puts a file among the pictures and shows it at the end of a page; gives the line it is on."""

    def show(name: str, content: bytes | None) -> int:
        folder = example / "luoghi" / "img"
        folder.mkdir(exist_ok=True)
        if content is not None:
            (folder / name).write_bytes(content)
            details = "credit: Foto di prova\npeople: no\n"
            (folder / name).with_suffix(".yml").write_text(details, encoding="utf-8")
        page = example / PAGE
        text = page.read_text(encoding="utf-8").rstrip("\n")
        page.write_text(f"{text}\n\n![La porta](img/{name})\n", encoding="utf-8")
        return text.count("\n") + 3

    return show


def test_whole_pictures_are_left_alone(example, shown, tmp_path):
    """Photographs and drawings."""
    for name in ("a.jpg", "b.png", "c.webp"):
        Image.new("RGB", (8, 8)).save(tmp_path / name)
        shown(name, (tmp_path / name).read_bytes())
    shown("d.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")

    assert said_of(example) == []


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.jpg", None, "non c'è: la cerco in luoghi/img/a.jpg. Controlla il nome del file: "
         "anche le maiuscole contano"),
        ("a.png", b"", "è vuota: la copia si è interrotta. Copiala di nuovo"),
        ("a.svg", b"ciao", "non è un disegno SVG. Esportalo di nuovo"),
        ("a.jpg", b"<html>Accedi</html>", "non è un'immagine che sappiamo leggere, anche se il nome lo dice. Aprila "
         "con un programma di foto e salvala come JPEG o PNG"),
        ("a.HEIC", b"x", "non è JPEG, PNG, WebP o AVIF: aprila con un programma di foto e salvala come .jpg"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_named_where_it_is_shown(example, shown, name, content, fault):
    """With the line of the page, where an editor looks first."""
    line = shown(name, content)

    assert said_of(example) == [f"{PAGE}, riga {line}: l'immagine «img/{name}» {fault}."]


def test_a_picture_that_was_cut_is_named(example, shown, tmp_path):
    """It would be published with a grey half."""
    Image.effect_noise((200, 200), 90).save(tmp_path / "a.jpg")
    whole = (tmp_path / "a.jpg").read_bytes()
    line = shown("a.jpg", whole[: len(whole) // 2])

    assert said_of(example) == [
        f"{PAGE}, riga {line}: l'immagine «img/a.jpg» è rovinata o tagliata a metà. "
        "Copiala di nuovo da dove l'hai presa."
    ]


def test_a_huge_picture_is_named_without_being_unfolded(example, shown, tmp_path):
    """A few kilobytes can unfold into a gigabyte of memory."""
    Image.new("1", (20000, 9000)).save(tmp_path / "a.png")
    shown("a.png", (tmp_path / "a.png").read_bytes())

    (said,) = said_of(example)

    assert "troppi" in said
