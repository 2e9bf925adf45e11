"""The index of the search: what is in it, as one reads it, and the same every time."""

import gzip
import json
from pathlib import Path

import pytest

from portal.search_index import index_site


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
            '<p><a href="/rete/">Partner</a><span>Nel documento: Aser</span></p>',
            "casa. Partner · Nel documento: Aser.",
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
