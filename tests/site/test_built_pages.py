"""What `./scripts/build` writes: every page there, every link whole, nothing from elsewhere."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from portal.model.translation import LANGUAGES
from tests.site.built_pages import one_of_each_kind, read_site, served_file
from tests.site.static_host import travelling_bytes

PHOTOGRAPHS = (".jpg", ".png", ".webp", ".avif")
"""What a page shows when one comes to it, and not before it can be read."""


@pytest.fixture(scope="module")
def pages(built_site):
    """Every page of the built site."""
    return read_site(built_site)


def shown(pages):
    """The pages somebody reads; the others only send on."""
    return [page for page in pages if not page.sends_on]


def folders_in(built_site: Path, folder: str) -> set[str]:
    """The addresses right under *folder*."""
    return {page.parent.name for page in (built_site / folder).glob("*/index.html")}


def test_all_forty_three_members_have_a_page(built_site):
    """One file each; beside them the alphabet, and three folders of listings."""
    assert len(folders_in(built_site, "rete") - {"a-z"}) == 43
    assert folders_in(built_site, "rete/ruolo") == {"capofila", "partner", "accordo"}
    assert len(folders_in(built_site, "rete/comune") - {"ignoto"}) == 11


@pytest.mark.parametrize(
    ("name", "folder"), [("role", "ruolo"), ("town", "comune"), ("area", "area")]
)
def test_every_value_of_a_filter_is_a_page(built_site, pages, name, folder):
    """Without JavaScript too, and for who wants to send it on: «we do not know» as well."""
    (directory,) = [page for page in pages if page.url == "/rete/"]
    values = set(directory.tree.xpath(f"//select[@name='{name}']/option/@value")) - {""}

    assert values == folders_in(built_site, f"rete/{folder}")
    linked = {urljoin("/rete/", href) for href in directory.tree.xpath("//a/@href")}
    assert {f"/rete/{folder}/{value}/" for value in values} <= linked


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


def in_every_language(built_site: Path, pattern: str) -> dict[str, html.HtmlElement]:
    """The pages whose address fits *pattern*, in Italian and in every other language."""
    found = [*built_site.glob(pattern), *built_site.glob(f"*/{pattern}")]
    return {str(page): html.document_fromstring(page.read_bytes()) for page in found}


def test_whoever_is_afraid_at_home_finds_whom_to_call_before_anything_else(built_site):
    """One tap calls, in every language."""
    needs = in_every_language(built_site, "bisogni/famiglia-e-cura/index.html")

    assert len(needs) == 1 + len(LANGUAGES)
    for address, need in needs.items():
        main = need.get_element_by_id("pt-contenuto")
        calls = main.xpath(".//a[starts-with(@href, 'tel:')]")
        assert [call.get("href") for call in calls] == ["tel:1522", "tel:112"], address
        assert not calls[0].xpath("preceding::h2[ancestor::main]"), address


def test_every_need_leads_to_the_websites_of_the_nine_municipalities(built_site):
    """Opening hours are to be confirmed: there must be somebody to ask."""
    for address, need in in_every_language(built_site, "bisogni/*/index.html").items():
        halls = need.xpath("//main//ul[@class='pt-halls']//a/@href")
        assert len({urlsplit(hall).netloc for hall in halls}) == 9, address
        names = need.xpath("//main//ul[@class='pt-halls']//a/text()")
        assert all(name.startswith("Comune di ") for name in names), address


def test_every_place_whose_hours_nobody_knows_leads_to_its_municipality(built_site):
    """Its own one, and not a list."""
    for address, place in in_every_language(built_site, "luoghi/*/index.html").items():
        links = place.xpath("//dl[contains(@class, 'pt-facts')]//a[contains(., 'Comune di')]/@href")
        assert len(links) == 1, address
        assert urlsplit(links[0]).scheme == "https", address


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


def test_help_stands_in_the_same_place_on_every_page(pages):
    """
    Right after what the page says, before the footer, in every language: the needs, and the six places.
    """
    for page in shown(pages):
        [after] = page.tree.xpath("//main/following-sibling::*[1]")
        assert after.get("class") == "pt-help", page.url
        assert after.getnext().tag == "footer", page.url
        if page.url == "/bisogni/":
            assert not after.find_class("pt-button"), "it would lead to where one is"
            continue
        [needs] = after.find_class("pt-button")
        led_to = urlsplit(urljoin(page.url, needs.get("href"))).path.strip("/")
        assert led_to == "bisogni" or led_to in LANGUAGES, page.url
        assert len(after.findall(".//li/a")) == 6, page.url


def test_every_page_leads_to_what_we_say_of_accessibility(pages):
    """
    Who cannot use a page learns from that page where to say so.
    """
    assert [page.url for page in shown(pages) if "/accessibilita/" not in page.links] == []


def test_every_page_says_what_it_weighs(pages, built_site):
    """
    In its footer, in its language; a tenth more or less. Only the page for wrong addresses does not.
    """
    wrong = []
    for page in shown(pages):
        [note] = page.tree.find_class("pt-footer__note")
        said = [int(number) * 1_000 for number in re.findall(r"\d+", note.text_content())]
        fetched = {page.url, *(urljoin(page.url, url) for url in page.fetched)}
        weight = sum(
            len(travelling_bytes(served_file(built_site, url)))
            for url in {urlsplit(url)._replace(fragment="").geturl() for url in fetched}
            if not url.startswith("data:") and not url.endswith(PHOTOGRAPHS)
        )
        if page.url != "/404.html" and said != [pytest.approx(weight, rel=0.1)]:
            wrong.append((page.url, said, weight))

    assert wrong == []


def test_browsers_look_at_every_language_and_every_kind_of_page(pages):
    """
    A member and the alphabet of members, a story and a list of stories; no language is left to luck.
    """
    looked_at = {page.url for page in one_of_each_kind(pages)}
    members = {url for url in looked_at if re.fullmatch("/rete/[^/]+/", url)} - {"/rete/a-z/"}
    first = {url.split("/")[1] for url in looked_at}
    arabic = {url.split("/")[2] for url in looked_at if url.startswith("/ar/")}

    assert members
    assert "/rete/a-z/" in looked_at
    assert first >= set(LANGUAGES)
    assert first >= {page.url.split("/")[1] for page in shown(pages)}
    assert arabic == {"", "bisogni", "luoghi", "privacy", "sostieni"}


def test_what_editors_keep_for_themselves_is_not_published(built_site):
    """The guide, the models, the raw data, and the page to write them with."""
    names = {file.name for file in built_site.rglob("*") if file.is_file()}

    assert names.isdisjoint(
        {"LEGGIMI.md", "comuni.yml", "beneficiari.yml", "cronologia.yml", "order.txt"}
    )
    assert not (built_site / "_modelli").exists()
    assert not (built_site / "admin").exists()
    assert not list(built_site.rglob("*.map"))
