"""What `./scripts/build` writes: every page there, every link whole, nothing from elsewhere."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from portal.model.translation import LANGUAGES
from tests.site.built_pages import read_site, served_file


@pytest.fixture(scope="module")
def pages(built_site):
    """Every page of the built site."""
    return read_site(built_site)


def folders_in(built_site: Path, folder: str) -> set[str]:
    """The addresses right under *folder*."""
    return {page.parent.name for page in (built_site / folder).glob("*/index.html")}


def test_all_forty_three_members_have_a_page(built_site):
    """One file each; beside them the alphabet, and three folders of listings."""
    assert len(folders_in(built_site, "rete") - {"a-z"}) == 43
    assert folders_in(built_site, "rete/ruolo") == {"capofila", "partner", "accordo"}
    assert len(folders_in(built_site, "rete/comune")) == 11


def test_the_five_actions_and_the_stories_have_a_page(built_site):
    """The five of the project document; at least ten stories."""
    assert folders_in(built_site, "azioni") == {
        "indebitamento-consapevole",
        "job-community",
        "smart-house",
        "comunicazione-e-fundraising",
        "formazione",
    }
    assert len(folders_in(built_site, "storie")) >= 10
    assert folders_in(built_site, "bisogni") >= {
        "lavoro",
        "casa",
        "spese-e-debiti",
        "famiglia-e-cura",
        "stare-insieme",
    }
    assert len(folders_in(built_site, "luoghi")) == 6


def test_a_listing_holds_exactly_the_members_it_names(built_site):
    """1 lead, 10 partners, 32 signatories: 43 in all."""
    counts = {}
    for role in ("capofila", "partner", "accordo"):
        tree = html.document_fromstring(
            (built_site / "rete" / "ruolo" / role / "index.html").read_bytes()
        )
        links = {a.get("href") for a in tree.find(".//main").iter("a")}
        counts[role] = len(
            {
                link
                for link in links
                if link and re.fullmatch(r"(\.\./)+rete/(?!a-z/)[a-z0-9-]+/", link)
            }
        )

    assert counts == {"capofila": 1, "partner": 10, "accordo": 32}


def test_every_mark_of_the_map_is_a_link_to_a_member(built_site):
    """33 members have a known town; the other ten are listed and said to be unmapped."""
    tree = html.document_fromstring((built_site / "mappa" / "index.html").read_bytes())
    marks = {a.get("href") for svg in tree.iter("svg") for a in svg.iter("a")}

    assert len([mark for mark in marks if re.fullmatch(r"\.\./rete/[a-z0-9-]+/", mark)]) == 33


def test_the_list_stands_before_the_map(built_site):
    """Who cannot see the drawing, or does not want to, meets the same data first."""
    text = (built_site / "mappa" / "index.html").read_text(encoding="utf-8")
    main = text[text.index("<main") :]

    assert 0 < main.index('href="../rete/sercop/"') < main.index("pt-map__town")


def test_pages_load_nothing_from_another_host(pages):
    """No request leaves the site: nobody learns who reads about debts."""
    foreign = {(page.url, url) for page in pages for url in page.fetched if urlsplit(url).netloc}

    assert foreign == set()


def test_pages_have_no_inline_script_and_no_inline_style(pages):
    """A strict Content-Security-Policy then needs no exception."""
    inline = [
        (page.url, element.tag)
        for page in pages
        for element in page.tree.iter()
        if isinstance(element.tag, str)
        and (
            (
                element.tag == "script"
                and not element.get("src")
                and element.get("type") != "application/ld+json"
            )
            or element.tag == "style"
            or element.get("style")
            or any(name.startswith("on") for name in element.attrib)
        )
    ]

    assert inline == []


def test_every_link_and_anchor_leads_somewhere(pages, built_site):
    """Links to the giving are answered by it, not by a file."""
    ids = {page.file: page.ids for page in pages}
    dead = set()
    for page in pages:
        for link in page.links:
            parts = urlsplit(link)
            if parts.path.startswith("/api/"):
                continue
            file = served_file(built_site, parts.path)
            if not file.is_file() or (
                parts.fragment and parts.fragment not in ids.get(file, set())
            ):
                dead.add((page.url, link))

    assert dead == set()


def test_everything_a_page_loads_is_there(pages, built_site):
    """Styles, scripts, pictures, icons."""
    missing = {
        (page.url, url)
        for page in pages
        for url in page.fetched
        if not urlsplit(url).netloc
        and not url.startswith("data:")
        and not served_file(built_site, urljoin(page.url, url)).is_file()
    }

    assert missing == set()


def test_each_page_says_its_language_its_title_and_one_heading(pages):
    """Screen readers and search engines start from these three."""
    for page in pages:
        language = LANGUAGES.get(page.url.split("/")[1])
        assert page.tree.get("lang") == (language.code if language else "it"), page.url
        assert page.tree.get("dir") == (language.direction if language else "ltr"), page.url
        assert page.tree.findtext(".//title"), page.url
        assert len(list(page.tree.iter("h1"))) == 1, page.url


def test_no_two_pages_of_a_language_have_the_same_title(pages):
    """
    In a list of open windows, or of what was found, a title is all there is.
    """
    titles = Counter(
        (page.tree.get("lang"), page.tree.findtext(".//title"))
        for page in pages
        if not page.sends_on
    )

    assert [title for title, times in titles.items() if times > 1] == []


def test_no_two_elements_of_a_page_share_an_id(pages):
    """A label would point at the wrong field."""
    for page in pages:
        found = [element.get("id") for element in page.tree.iter() if element.get("id")]
        assert len(found) == len(set(found)), page.url


def test_what_editors_keep_for_themselves_is_not_published(built_site):
    """The guide, the models, the raw data, and the page to write them with."""
    names = {file.name for file in built_site.rglob("*") if file.is_file()}

    assert names.isdisjoint(
        {"LEGGIMI.md", "comuni.yml", "beneficiari.yml", "cronologia.yml", "order.txt"}
    )
    assert not (built_site / "_modelli").exists()
    assert not (built_site / "admin").exists()
    assert not list(built_site.rglob("*.map"))
