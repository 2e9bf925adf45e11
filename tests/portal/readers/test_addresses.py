"""Addresses: an old one leads to one page, and none that was published is lost."""

import pytest

from portal.readers.addresses import read_addresses
from portal.readers.content import ContentReader
from portal.readers.content_folder import ContentFolder
from portal.writers.addresses import write_addresses
from tests.portal.readers.test_content import TODAY, change, said_of

STORY = "storie/2020-03-07-prima-zappata.md"
LIST = "indirizzi-pubblicati.txt"


def claim(content, path, *addresses):
    """Write `old_urls` under the title of a page."""
    change(content, path, "description:", f"old_urls: [{', '.join(addresses)}]\ndescription:")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "luoghi/casa-verde/",
            "«luoghi/casa-verde/» è l'indirizzo di luoghi/casa-verde.md, che c'è ancora: "
            "toglilo da old_urls.",
        ),
        (
            "/rete/comune/rho",
            "«rete/comune/rho/» è l'indirizzo di una pagina che il sito scrive da sé, che c'è "
            "ancora: toglilo da old_urls.",
        ),
        (
            "index.html",
            "«index.html» è l'indirizzo di index.md, che c'è ancora: toglilo da old_urls.",
        ),
        (
            "../segreto/",
            "old_urls «../segreto/» non si capisce. Scrivila così: old_urls: [storie/il-vecchio-nome/]",
        ),
    ],
)
def test_an_old_address_that_cannot_be_is_refused(example, written, said):
    """A page that is there would vanish behind its own redirect."""
    claim(example, STORY, written)

    assert said_of(example) == [f"{STORY}, riga 3: {said}"]


def test_an_old_address_leads_to_one_page_only(example):
    """The reader could not know to which."""
    claim(example, STORY, "storie/vecchia/")
    claim(example, "luoghi/casa-verde.md", "/storie/vecchia")

    assert said_of(example) == [
        f"{STORY}, riga 3: «storie/vecchia/» porta già a luoghi/casa-verde.md: "
        "tienilo in una pagina sola."
    ]


def test_a_published_page_cannot_just_vanish(example):
    """The file was renamed; who has its link would be left outside."""
    (example / LIST).write_text(write_addresses(["", "storie/2021-09-11-le-zucche/"]))
    (example / "storie/2021-09-11-le-zucche.md").rename(example / "storie/2021-09-11-zucche.md")
    change(example, "newsletter/1.md", "2021-09-11-le-zucche", "2021-09-11-zucche")

    assert said_of(example) == [
        f"{LIST}, riga 5: «/storie/2021-09-11-le-zucche/» era pubblicato e ora non c'è più: chi ha quel "
        "link resta fuori. Nella pagina che lo sostituisce scrivi: "
        "old_urls: [storie/2021-09-11-le-zucche/] – se non ce n'è una, nell'index.md della sua cartella."
    ]
    assert ContentReader(example, TODAY).read() is None


def test_a_published_page_may_move(example):
    """It says where it was, and that is enough."""
    (example / LIST).write_text(write_addresses(["storie/2021-09-11-le-zucche/"]))
    (example / "storie/2021-09-11-le-zucche.md").rename(example / "storie/2021-09-11-zucche.md")
    change(example, "newsletter/1.md", "2021-09-11-le-zucche", "2021-09-11-zucche")
    claim(example, "storie/2021-09-11-zucche.md", "storie/2021-09-11-le-zucche/")

    assert said_of(example) == []


def test_the_list_reads_back_as_it_was_written(tmp_path):
    """Each address once, in order, the first page as a slash."""
    (tmp_path / LIST).write_text(write_addresses(["storie/", "", "luoghi/", "storie/"]))

    addresses = [address for _, address in read_addresses(ContentFolder(tmp_path))]

    assert addresses == ["", "luoghi/", "storie/"]
    assert (tmp_path / LIST).read_text().endswith("\n/\n/luoghi/\n/storie/\n")


def test_before_anything_is_published_there_is_no_list(tmp_path):
    """A new site starts without one."""
    assert read_addresses(ContentFolder(tmp_path)) == []


def test_a_list_that_cannot_be_read_is_no_empty_one(example):
    """An editor of the nineties saves accents in its own way; a folder has no lines at all."""
    (example / LIST).write_bytes("# già pubblicati\n/luoghi/casa-verde/\n".encode("cp1252"))
    (said,) = said_of(example)
    assert said.startswith(f"{LIST}, riga 1: ")

    (example / LIST).unlink()
    (example / LIST).mkdir()
    (said,) = said_of(example)
    assert said.startswith(f"{LIST}, riga 1: il file non si apre")
