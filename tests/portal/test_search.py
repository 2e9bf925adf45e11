"""Search: what may be found, from A to Z, and an index that is the same every time."""

import datetime
import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from portal.model.opportunity import Opportunity, OpportunityKind
from portal.model.source import Source
from portal.readers.content import ContentReader
from portal.search import (
    alphabet,
    index_site,
    kind_searched,
    read_synonyms,
    search_weight,
    town_halls_typed,
)

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def site(example):
    """The site of the example content."""
    return ContentReader(example, TODAY).read()


def write_page(folder: Path, address: str, body: str, language: str = "it") -> None:
    """Put a page that search may find into a built site."""
    file = folder / address / "index.html"
    file.parent.mkdir(parents=True)
    file.write_text(
        f'<!doctype html><html lang="{language}"><head><title>{address}</title></head>'
        f"<body><nav>Luoghi</nav><main data-pagefind-body><h1>{address}</h1>{body}</main></body></html>",
        encoding="utf-8",
    )


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def text_of(folder: Path) -> str:
    """What search shows around a word, of a site with one page."""
    (fragment,) = (folder / "pagefind" / "fragment").iterdir()
    said = json.loads(gzip.decompress(fragment.read_bytes()).removeprefix(b"pagefind_dcd"))
    return str(said["content"])


def test_each_language_has_an_index_of_its_own(tmp_path):
    """
    Someone who searches in Italian is not shown the Romanian page of the same place.
    """
    write_page(tmp_path, "casa", "<p>Una casa a Rho</p>")
    write_page(tmp_path, "lavoro", "<p>Un lavoro a Rho</p>")
    write_page(tmp_path, "ro/casa", "<p>O casă în Rho</p>", language="ro")

    indexed = index_site(tmp_path)

    entry = json.loads((tmp_path / "pagefind" / "pagefind-entry.json").read_text())
    assert indexed == 3
    assert {name: found["page_count"] for name, found in entry["languages"].items()} == {
        "it": 2,
        "ro": 1,
    }


def test_a_page_that_does_not_ask_for_it_is_left_out(tmp_path):
    """
    Lists and the page of errors carry no `data-pagefind-body`.
    """
    write_page(tmp_path, "casa", "<p>Una casa a Rho</p>")
    (tmp_path / "404.html").write_text('<html lang="it"><body><main>Casa</main></body></html>')

    assert index_site(tmp_path) == 1


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "<dl><div><dt>Che cos'è</dt><dd>Banca</dd></div>"
            "<div><dt>Dove</dt>\n<dd>Rho</dd>\n<dd>Pero</dd>\n</div></dl>",
            "casa. Che cos'è: Banca. Dove: Rho. Pero.",
        ),
        (
            "<p><time>1° maggio 2015</time><span>Rho</span><span>Pero</span></p>",
            "casa. 1° maggio 2015 · Rho · Pero.",
        ),
        (
            '<div class="pt-sheet__line"><label for="a">Benzina e auto</label>'
            '<span><input id="a"> <span aria-hidden="true">€</span></span></div>',
            "casa. Benzina e auto.",
        ),
        (
            "<p>Guarda <span data-by-hand>D</span><span data-done hidden>quello che resta</span>: ci si vive?</p>",
            "casa. Guarda quello che resta: ci si vive?",
        ),
        (
            "<table><thead><tr><th>Anno</th><th>Valore</th></tr></thead><tr><td>2015</td><td>12</td></tr></table>",
            "casa. 2015. 12.",
        ),
    ],
)
def test_what_only_style_sets_apart_is_parted_where_it_is_shown_as_text(tmp_path, body, text):
    """
    Or the words around the one sought would be glued: «Che cos'èBanca». What fills in a sheet is no text.
    """
    write_page(tmp_path, "casa", body)

    index_site(tmp_path)

    assert text_of(tmp_path) == text


def test_a_site_with_nothing_to_find_has_no_index(tmp_path):
    """
    As while a site is begun: no pages, no fault.
    """
    (tmp_path / "404.html").write_text('<html lang="it"><body><main>Casa</main></body></html>')

    assert index_site(tmp_path) == 0
    assert not (tmp_path / "pagefind").exists()


def test_a_large_site_is_indexed_in_parts(tmp_path):
    """
    So that Pagefind, which holds all it counts, never holds more than a part; languages are dealt out apart.
    """
    for number in range(5):
        write_page(tmp_path, f"casa-{number}", f"<p>La casa numero {number}</p>")
    write_page(tmp_path, "ro/casa", "<p>O casă</p>", language="ro")

    assert index_site(tmp_path, pages_an_index=2) == 6

    made = {
        part: json.loads((tmp_path / "pagefind" / part / "pagefind-entry.json").read_text())
        for part in ("", "2", "3")
    }
    assert {
        part: {name: found["page_count"] for name, found in entry["languages"].items()}
        for part, entry in made.items()
    } == {"": {"it": 2, "ro": 1}, "2": {"it": 2}, "3": {"it": 1}}
    script = (tmp_path / "pagefind" / "pagefind.js").read_text()
    assert 'export const parts = {"it": ["2/", "3/"], "ro": []};\n' in script
    assert [
        file.name
        for file in (tmp_path / "pagefind" / "2").glob("*.*")
        if file.suffix in (".js", ".css")
    ] == []


def test_the_weight_of_a_page_is_known_from_the_index(tmp_path):
    """
    Under the id that a search answers with, in whatever part the page is; an ordinary one is not listed.
    """
    for number, weight in enumerate((8, 1, 0.5)):
        write_page(tmp_path, f"casa-{number}", "<p>Una casa</p>")
        file = tmp_path / f"casa-{number}" / "index.html"
        html = file.read_text().replace("<main", f'<main data-search-weight="{weight}"')
        file.write_text(html)

    index_site(tmp_path, pages_an_index=2)

    written = (tmp_path / "pagefind" / "pagefind.js").read_text().rpartition("weights = ")[2]
    weights = json.loads(written.removesuffix(";\n"))
    parts = ("", "2")
    ids = [
        fragment.stem
        for part in parts
        for fragment in (tmp_path / "pagefind" / part / "fragment").iterdir()
    ]
    assert sorted(weights.values()) == [0.5, 8]
    assert set(weights) < set(ids)


def test_the_same_pages_give_the_same_bytes(tmp_path):
    """
    Pagefind lists languages at random; what we publish may not change with the dice.
    """
    for name in ("one", "other"):
        for language in ("it", "en", "es", "ro", "ar", "uk"):
            write_page(tmp_path / name, f"{language}/casa", f"<p>casa {language}</p>", language)
        index_site(tmp_path / name)

    assert files_of(tmp_path / "one") == files_of(tmp_path / "other")


def test_nothing_of_an_older_index_stays(tmp_path):
    """
    A page that was taken away cannot be found any more.
    """
    write_page(tmp_path, "casa", "<p>Una casa a Rho</p>")
    write_page(tmp_path, "lavoro", "<p>Un lavoro a Rho</p>")
    index_site(tmp_path)
    (tmp_path / "lavoro" / "index.html").unlink()

    index_site(tmp_path)

    assert len(list((tmp_path / "pagefind" / "fragment").iterdir())) == 1


def test_pagefinds_own_interface_is_not_published(tmp_path):
    """
    400 KB that no page of ours loads.
    """
    write_page(tmp_path, "casa", "<p>Una casa a Rho</p>")

    index_site(tmp_path)

    published = {file.name for file in (tmp_path / "pagefind").glob("*.*")}
    assert {name for name in published if name.endswith((".js", ".css"))} == {"pagefind.js"}


def test_every_italian_page_stands_under_its_letter(site):
    """
    Every page people wrote is there once, and the letters run from A to Z. The course of 2020 is over.
    """
    letters = alphabet(site)

    listed = [entry.page.url for letter in letters for entry in letter.entries]
    over = "opportunita/2020-02-01-corso-di-potatura/"
    assert sorted([*listed, over]) == sorted(page.url for page in site.every_page())
    assert [letter.letter for letter in letters] == sorted(letter.letter for letter in letters)


@pytest.mark.parametrize(
    ("title", "letter", "anchor"),
    [("È già successo", "E", "e"), ("#OPcafé Rho", "O", "o"), ("«Soli mai»", "S", "s"), ("43 nomi", "0–9", "cifre")],
)  # fmt: skip
def test_accents_signs_and_figures_do_not_lose_a_title(site, title, letter, anchor):
    """
    A title is looked up under the first letter one would say.
    """
    renamed = site.stories[0].model_copy(update={"title": title})
    only = replace(site, stories=(renamed,))

    found = next(one for one in alphabet(only) if renamed in [entry.page for entry in one.entries])

    assert (found.letter, found.anchor) == (letter, anchor)


def test_a_list_is_not_found_but_what_it_lists_is(site):
    """
    The page of all the stories would answer every question, and no one well.
    """
    pages = {page.url: kind_searched(page, TODAY) for page in site.every_page()}

    assert pages["storie/"] is None
    assert pages[""] is None
    assert pages["storie/2020-03-07-prima-zappata/"] == "Storia"
    assert pages["luoghi/casa-verde/"] == "Luogo"
    assert pages["sostieni/"] == "Pagina"
    assert kind_searched(site.network.listings[0], TODAY) is None


def test_help_weighs_more_than_what_is_told_of_it(site):
    """
    Needs first; then places, organisations and actions; last what has been, and what asks for money.
    """
    weights = {page.url.split("/")[0]: search_weight(page) for page in site.every_page()}

    order = ["bisogni", "luoghi", "rete", "sostieni", "storie", "campagne"]
    assert [weights[room] for room in order] == [8, 4, 3, 2, 1, 0.5]
    assert weights["azioni"] == weights["rete"]


def an_opportunity(expires: datetime.date) -> Opportunity:
    return Opportunity(
        slug="2020-01-07-potatura",
        id="op-2020-001",
        title="Imparare a potare",
        description="Un corso di tre sere, per chi un albero non l'ha mai toccato.",
        kind=OpportunityKind.COURSE,
        date=datetime.date(2020, 1, 7),
        expires=expires,
        organisation="Forno di piazza",
        how="Passa a dirlo al banco.",
        sources=(Source(title="Il foglio sulla porta", date="2020-01-07"),),
    )


@pytest.mark.parametrize(
    ("expires", "kind", "listed"), [(TODAY, "Corso", True), (datetime.date(2026, 11, 21), None, False)]
)  # fmt: skip
def test_what_has_expired_is_not_found(site, expires, kind, listed):
    """
    A course one can no longer join leaves the search and the list; its last day still counts.
    """
    course = an_opportunity(expires)

    letters = alphabet(replace(site, opportunities=(course,)))

    assert kind_searched(course, TODAY) == kind
    assert (course in [entry.page for letter in letters for entry in letter.entries]) is listed


def test_a_town_is_known_as_people_type_it(site):
    """
    Without capitals; the first word of a long name is enough. The page is named by its title.
    """
    town = site.network.towns[0].model_copy(update={"name": "Settimo Alto"})
    hall = site.network.members[0].model_copy(
        update={"kind": "comune", "website": "https://example.org", "town": town.id}
    )
    network = replace(site.network, towns=(town,), members=(hall,))

    typed = town_halls_typed(replace(site, network=network))

    assert typed == {"settimo alto": hall.title, "settimo": hall.title}


def test_a_synonym_may_have_figures(example):
    """
    «5x1000» is what people type.
    """
    (example / "cerca-sinonimi.yml").write_text("5x1000: [sostieni]\n")

    assert read_synonyms(example) == ({"5x1000": ("sostieni",)}, [])


def test_synonyms_are_read_without_accents(example):
    """
    Who searches rarely types them.
    """
    (example / "cerca-sinonimi.yml").write_text("Comunità: [stare insieme]\n")

    assert read_synonyms(example) == ({"comunita": ("stare insieme",)}, [])


def test_no_file_is_no_synonyms(example):
    """
    The search works without.
    """
    assert read_synonyms(example) == ({}, [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("badante: assistente\n", 1),
        ("colf: [casa]\nbadante fissa: [casa]\n", 2),
        ("colf: []\n", 1),
        ("- badante\n", 1),
        ("colf: [casa\nbadante: [casa]\n", 2),
    ],
)
def test_a_slip_in_the_synonyms_is_named_with_its_line(example, text, line):
    """
    And with the way to write it.
    """
    (example / "cerca-sinonimi.yml").write_text(text)

    synonyms, problems = read_synonyms(example)

    assert synonyms == {}
    assert [(problem.path, problem.line) for problem in problems] == [("cerca-sinonimi.yml", line)]


@pytest.mark.parametrize(("encoding", "line"), [("cp1252", 2), ("utf-16", 1)])
def test_synonyms_in_another_encoding_are_named(example, encoding, line):
    """
    As any other file of the content is.
    """
    (example / "cerca-sinonimi.yml").write_bytes(
        "colf: [casa]\ncomunità: [casa]\n".encode(encoding)
    )

    synonyms, problems = read_synonyms(example)

    assert synonyms == {}
    assert [(problem.path, problem.line) for problem in problems] == [("cerca-sinonimi.yml", line)]


def test_the_synonyms_we_publish_are_right(tmp_path):
    """
    The real file, as the build reads it.
    """
    synonyms, problems = read_synonyms(Path(__file__).parents[2] / "content")

    assert problems == []
    assert synonyms["badante"] == ("assistente familiare", "famiglia e cura")
