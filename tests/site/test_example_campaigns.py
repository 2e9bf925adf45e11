"""What is only an example promises nothing: nobody receives, nothing has started, nothing is spread."""

import re
from pathlib import Path

import pytest
import yaml

from tests.site.built_pages import BuiltPage

CONTENT = Path(__file__).parents[2] / "content"


def words_of(page: BuiltPage) -> str:
    """All that the page says in its content."""
    (main,) = page.tree.xpath("//main")
    return " ".join(main.text_content().split())


def shown(element) -> bool:
    """Whether the page shows it from the start."""
    return not element.xpath("ancestor-or-self::*[@hidden]")


@pytest.fixture(scope="module")
def campaigns() -> dict[str, dict]:
    """What is written above each campaign, by its address."""
    pages = {file.stem: file.read_text(encoding="utf-8") for file in CONTENT.glob("campagne/*.md")}
    heads = {name: yaml.safe_load(text.split("---")[1]) for name, text in pages.items()}
    return {f"/campagne/{name}/": head for name, head in heads.items() if "recipient" in head}


@pytest.fixture(scope="module")
def not_agreed(campaigns) -> list[str]:
    """The names of those for whom there are only examples, short and in full."""
    agreed = {head["recipient"] for head in campaigns.values() if head["example"] != "sì"}
    recipients = yaml.safe_load((CONTENT / "campagne/beneficiari.yml").read_text(encoding="utf-8"))
    asked = [one for one in recipients if one["id"] not in agreed]
    return [name for one in asked for name in (one["name"], one["legal_name"])]


@pytest.fixture(scope="module")
def examples(built_pages, campaigns) -> list[BuiltPage]:
    """The pages of campaigns that are examples."""
    urls = {url for url, head in campaigns.items() if head["example"] == "sì"}
    return [page for page in built_pages if page.url in urls]


def page_at(built_pages, url: str) -> BuiltPage:
    """The one page at *url*."""
    (page,) = (page for page in built_pages if page.url == url)
    return page


def test_nobody_is_said_to_receive_who_has_not_said_yes(built_pages, not_agreed):
    """On any page of the site: they would receive."""
    receives = re.compile(rf"\briceve:? (?:{'|'.join(map(re.escape, not_agreed))})", re.IGNORECASE)

    wrong = {page.url: receives.findall(page.tree.text_content()) for page in built_pages}

    assert {url: found for url, found in wrong.items() if found} == {}


def test_who_would_receive_is_named_all_the_same(built_pages, examples):
    """In the list, on the campaign's page, in the form, in the names with their addresses."""
    would = {
        url: words_of(page_at(built_pages, url)).lower().count("riceverebbe")
        for url in ("/campagne/", "/sostieni/", "/trasparenza/")
    }

    assert would["/campagne/"] >= len(examples)
    assert would["/sostieni/"] >= len(examples)
    assert would["/trasparenza/"] >= 4
    assert [page.url for page in examples if "riceverebbe" not in words_of(page)] == []


def test_an_example_has_not_started_and_shows_no_bar(examples):
    """A bar at nothing of ten thousand tells of a failure that there was not."""
    for page in examples:
        bars = page.tree.xpath("//main//progress")

        assert bars, page.url
        assert [bar for bar in bars if shown(bar)] == [], page.url
        assert page.tree.xpath("//main//*[@data-progress='waits']/text()") == [
            "Non è ancora partita."
        ] * len(bars)


def test_nobody_is_asked_to_spread_an_example(examples):
    """A code on a wall and a badge on somebody's site outlive the day they were put there."""
    assert len(examples) >= 2
    assert [page.url for page in examples if page.tree.xpath("//*[@id='pt-fai-girare']")] == []


def test_transparency_measures_no_example(built_pages):
    """Not even where it is hidden: whoever reads without style sheets would read five times of nothing raised."""
    page = page_at(built_pages, "/trasparenza/")
    said = words_of(page)

    assert page.tree.xpath("//main//*[@data-campaign]") == []
    assert [word for word in ("PROVA", "raccolti", "in arrivo", "Doni:") if word in said] == []
    assert said.count("Non c'è ancora nessun totale") == 1
    assert "Le campagne di oggi sono esempi: nessuna è partita." in said


def test_transparency_speaks_of_tax_once(built_pages):
    """Said below each of four names, it is read at none."""
    assert words_of(page_at(built_pages, "/trasparenza/")).lower().count("fiscali") == 1


def test_transparency_has_no_table_with_words_in_strips(built_pages):
    """Three columns of text do not fit a phone."""
    assert page_at(built_pages, "/trasparenza/").tree.xpath("//main//table") == []
