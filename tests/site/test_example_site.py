"""The example content as a site: what the real content has no case of today."""

import datetime
import os
import shutil
from pathlib import Path

import pytest
from lxml import html
from mkdocs.commands.build import build
from mkdocs.config import load_config

from portal.readers.content import ContentReader
from portal.translating import mark_translated
from tests.axe import faults_of
from tests.conftest import TESTS
from tests.site.static_host import host_of
from tests.site.test_first_visit import listen
from tests.site.test_reach import PRESSABLE, STEPS

ROOT = Path(__file__).parents[2]
MANY = 8
ALL_OF_MARKDOWN = """---
title: Tutto quello che si può scrivere
description: Una pagina con ogni cosa che il Markdown del sito sa fare.
---

**Forte**, *enfasi*, `codice`, <kbd>Esc</kbd>, <mark>segnato</mark>, ABC e una nota[^1].

!!! note "Nota"
    Con un [link](index.md).

!!! danger "Pericolo"
    - uno
    - due

<details markdown="1"><summary>Apri</summary>

Quello che c'è dentro.

</details>

> Parole di qualcuno.

| Nome | Numero |
|------|-------:|
| Uno  |      1 |

Termine
:   Che cosa vuol dire.

1. primo
2. secondo

```
un blocco di codice
```

*[ABC]: Alfa Beta Ci

[^1]: Il testo della nota.
"""
TO_COME, OVER, CANCELLED = "2099-03-07-festa", "2020-03-07-apertura", "2099-03-08-pioggia"
JOB, COURSE = "opportunita/2026-11-01-annaffiare/", "opportunita/2020-02-01-corso-di-potatura/"
COUNTED = """title: Annaffiatoi aggiustati
unit: annaffiatoi
kind: output
area: comunita
order: 2
reading: In un anno abbiamo aggiustato dodici annaffiatoi.
method: Una riga sul quaderno per ogni annaffiatoio.
caution: Non dice quanti si sono rotti di nuovo.
measures:
  - {period: "2021", value: 12, source: {title: Quaderno dell'orto, date: 2021-12}}
"""


@pytest.fixture(scope="module")
def example_site(tmp_path_factory):
    """The example built, with eight more stories of one action, one that has moved, days to come, all of Markdown.

    And a figure of which it is known how it was counted, and two pages in English: one that somebody
    has read, one behind its source. And a campaign that is agreed on.
    """
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(TESTS / "example_content", folder / "content")
    told = folder / "content" / "storie" / "2021-09-11-le-zucche.md"
    text = told.read_text(encoding="utf-8")
    for number in range(MANY):
        copy = told.with_name(f"2022-01-0{number + 1}-zucca.md")
        copy.write_text(text.replace("st-2021-001", f"st-2022-00{number}"), encoding="utf-8")
    told.write_text(
        text.replace("description:", "old_urls: [storie/zucche/]\ndescription:", 1),
        encoding="utf-8",
    )
    day = folder / "content" / "agenda" / f"{OVER}.md"
    to_come = day.read_text(encoding="utf-8").replace("ev-2020-001", "ev-2099-001")
    day.with_name(f"{TO_COME}.md").write_text(
        to_come.replace("date: 2020-03-07\nstarts", "date: 2099-03-07\nstarts"), encoding="utf-8"
    )
    day.with_name(f"{CANCELLED}.md").write_text(
        to_come.replace("ev-2099-001", "ev-2099-002").replace(
            "date: 2020-03-07\nstarts",
            "date: 2099-03-08\ncancelled: sì\nsequence: 1\nupdated: 2026-11-20\nstarts",
        ),
        encoding="utf-8",
    )
    (folder / "content" / "valutazione" / "annaffiatoi.yml").write_text(COUNTED, encoding="utf-8")
    write_english(folder / "content")
    campaign = folder / "content" / "campagne" / "zappe-nuove.md"
    agreed = campaign.read_text(encoding="utf-8").replace(
        "goal_euros", "example: no\ngoal_euros", 1
    )
    campaign.write_text(agreed, encoding="utf-8")
    (folder / "content" / "trasparenza.md").write_text(
        "---\ntitle: Trasparenza\ndescription: Chi riceve i soldi, e quanti sono.\n---\n\nEcco.\n",
        encoding="utf-8",
    )
    (folder / "content" / "tutto.md").write_text(ALL_OF_MARKDOWN, encoding="utf-8")
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config = load_config(
        str(ROOT / "mkdocs.yml"), docs_dir=str(folder / "content"), site_dir=str(folder / "site")
    )
    config.extra["search_index"] = False
    build(config)
    return folder / "site"


def write_english(content):
    """In English the first page, which somebody has read, and two that are behind: one read, one not."""
    for path, reviewer in (
        ("index.md", "reviewer: Ann Reader\n"),
        ("sostieni.md", "reviewer: Ann Reader\n"),
        ("luoghi/casa-verde.md", ""),
    ):
        page = content / "en" / path
        page.parent.mkdir(exist_ok=True, parents=True)
        page.write_text(
            f"---\ntitle: In English\ndescription: The same page, in English.\n{reviewer}"
            "source_hash: '000000000000'\ntranslated: 2026-11-22\n---\n\nThere is coffee.\n",
            encoding="utf-8",
        )
    shutil.copy(ROOT / "content" / "en" / "parole.yml", content / "en")
    list(mark_translated(content, [content / "en" / "index.md"], datetime.date(2026, 11, 22)))


@pytest.fixture(scope="module")
def model(example_site):
    """What the example is made of, as the build read it."""
    reader = ContentReader(example_site.with_name("content"), datetime.date.today())
    site = reader.read()
    assert reader.problems == []
    return site


@pytest.fixture(scope="module")
def site_url(example_site):
    """The example, on a host that sends the headers it asks for."""
    with host_of(example_site) as url:
        yield url


def page_of(site, address):
    """A built page, read strictly."""
    return html.document_fromstring((site / address / "index.html").read_bytes())


def test_what_is_open_stands_on_its_board(example_site):
    """One opportunity is open, one course is over since 2020."""
    jobs, courses = page_of(example_site, "opportunita"), page_of(example_site, "corsi")

    assert [a.text for a in jobs.xpath("//article//a")] == ["Si cerca chi annaffia"]
    assert courses.xpath("//article//a") == []
    assert "Per ora qui non c'è niente di aperto." in courses.text_content()


def test_an_expired_course_keeps_its_page_and_says_so(example_site):
    """Before anything else; and it leads to what is open now."""
    page = page_of(example_site, "opportunita/2020-02-01-corso-di-potatura")

    (notice,) = page.xpath("//*[contains(@class, 'pt-notice--warning')]")
    assert "La scadenza è passata: era il 29 febbraio 2020." in notice.text_content()
    assert notice.xpath(".//a/@href") == ["../../corsi/"]


def test_an_open_one_says_until_when_how_and_with_whom(example_site):
    """And nothing about a deadline gone by."""
    page = page_of(example_site, "opportunita/2026-11-01-annaffiare")
    words = " ".join(" ".join(page.find(".//main").itertext()).split())

    assert "Entro giovedì 31 dicembre 2099" in words
    assert "Vieni un sabato mattina e chiedi al cancello." in words
    assert "../../rete/orti-riuniti/" in page.xpath("//main//dl//a/@href")
    assert page.xpath("//*[contains(@class, 'pt-notice--warning')]") == []


def test_a_campaign_agreed_on_says_who_receives_and_how_to_spread_it(example_site):
    """As soon as it is no example any more: on its page, in the list, and where it is spread."""
    page, listed = page_of(example_site, "campagne/zappe-nuove"), page_of(example_site, "campagne")

    assert "Riceve: Orti & Riuniti" in page.text_content()
    assert "I soldi li riceve Associazione Orti & Riuniti" in page.text_content()
    assert "Riceve: Orti & Riuniti" in listed.text_content()
    assert page.xpath("//*[@id='pt-fai-girare']")
    assert page.xpath("//progress[not(ancestor::*[@hidden])]")


def test_a_campaign_agreed_on_is_measured_where_money_is_told_of(example_site):
    """As soon as it is no example any more, and brought up to date like its own page."""
    page = page_of(example_site, "trasparenza")

    assert page.xpath("//main//*[@data-campaign]/@data-campaign") == ["zappe-nuove"]
    assert page.xpath("//progress[not(ancestor::*[@hidden])]")
    assert [src for src in page.xpath("//script/@src") if src.endswith("giving.js")]


def test_only_a_day_to_come_is_offered_for_the_calendar(example_site):
    """What is over nobody needs to be reminded of; its file stays, as feeds name it."""
    offered = {
        slug: page_of(example_site, f"agenda/{slug}").xpath("//main//a[contains(@href, '.ics')]")
        for slug in (TO_COME, CANCELLED, OVER)
    }

    assert [slug for slug, links in offered.items() if links] == [TO_COME]
    assert (example_site / "agenda" / OVER / "evento.ics").is_file()


def days_in(page, section):
    """The days of the agenda that stand under the heading with this id."""
    links = page.xpath(f"//section[@aria-labelledby='{section}']//article//a/@href")
    return [link.rstrip("/").rpartition("/")[2] for link in links]


def test_what_is_over_stands_only_under_what_has_been(example_site):
    """Nobody takes it down: it falls out at the first build of the day after."""
    agenda = page_of(example_site, "agenda")

    assert days_in(agenda, "pt-prossimi") == [TO_COME, CANCELLED]
    assert days_in(agenda, "pt-passati") == [OVER]
    assert days_in(page_of(example_site, ""), "pt-agenda") == [TO_COME, CANCELLED]


def test_a_cancelled_day_says_so_on_its_page_and_wherever_it_is_listed(example_site):
    """Above all else; nobody goes there for nothing."""
    page = page_of(example_site, f"agenda/{CANCELLED}")
    (eyebrow,) = page.find_class("pt-masthead__eyebrow")
    cards = page_of(example_site, "agenda").xpath("//section//article")

    assert [flag.text for flag in eyebrow.find_class("pt-flag")] == ["Annullato"]
    assert [CANCELLED in card.xpath("string(.//a/@href)") for card in cards] == [
        "annullato" in card.text_content() for card in cards
    ]
    for slug in (TO_COME, OVER):
        assert "nnullato" not in page_of(example_site, f"agenda/{slug}").text_content()


def test_a_story_leads_to_the_stories_nearest_to_it(example_site, model):
    """Three, as the site weighs them; never to itself."""
    for story in model.stories:
        page = page_of(example_site, story.url)
        (section,) = page.xpath("//section[@aria-labelledby='pt-vicine']")
        near = [f"../../{other.url}" for other in model.related_stories(story)]

        assert section.findtext("h2") == "Storie vicine"
        assert section.xpath(".//article//h3/a/@href") == near
        assert len(near) == 3
        assert f"../../{story.url}" not in near


def test_a_figure_says_how_it_was_counted_where_that_is_known(example_site, model):
    """In the words of its editor; of one where nobody has found it, no page makes up a way."""
    page = page_of(example_site, "valutazione")
    known = {indicator.id: indicator.method for indicator in model.indicators}
    assert {name: bool(method) for name, method in known.items()} == {
        "insalate": False,
        "annaffiatoi": True,
    }

    for name, method in known.items():
        words = page.get_element_by_id(f"numero-{name}").text_content()
        if method:
            assert f"Come è stato contato: {method}" in words
        elif "Come è stato contato" in words:
            assert "Come è stato contato: non l'abbiamo trovato scritto." in words


def notices_of(site, address):
    """What a page in English says of itself, before anything else: line by line, without the day and the way back."""
    main = page_of(site, address).find(".//main")
    notices = main.find_class("pt-notice")
    for notice in notices:
        assert notice.xpath("preceding::h2[ancestor::main]") == [], address
    return [line.text_content() for notice in notices for line in notice.findall("p")[:-1]]


def test_a_translation_says_on_top_whether_it_is_read_and_level(example_site, model):
    """Who reads it knows how far to trust it; where somebody has read it and it is level, there is nothing to say."""
    words = model.words["en"]

    assert notices_of(example_site, "en") == []
    assert notices_of(example_site, "en/sostieni") == [words.behind]
    assert notices_of(example_site, "en/luoghi/casa-verde") == [words.behind, words.not_reviewed]


def test_a_place_says_when_it_is_open_in_the_language_of_the_page(example_site):
    """In the place's own page and on the first one, where the places are listed."""
    for address in ("en/luoghi/casa-verde", "en"):
        words = " ".join(page_of(example_site, address).find(".//main").text_content().split())

        assert "Saturday 10:30–12:00" in words, address
        assert "sabato" not in words, address


def test_an_action_shows_six_of_its_stories_and_leads_to_all_ten(example_site):
    """Its page is not an archive; the archive is one step away."""
    section = page_of(example_site, "azioni/orto").xpath("//section[@aria-labelledby='pt-storie']")[
        0
    ]
    archive = page_of(example_site, "storie/azione/orto")

    assert len(section.xpath(".//article")) == 6
    assert section.xpath(".//a[contains(., '(10)')]/@href") == ["../../storie/azione/orto/"]
    assert len(archive.xpath("//main//article")) == 10


def test_a_need_shows_where_to_ask_with_the_year_of_each_address(example_site):
    """Doors of others first, the one seen last before the older; our places have a card as well."""
    cards = page_of(example_site, "bisogni/compagnia").xpath(
        "//section[@aria-labelledby='pt-dove']//article"
    )
    words = [" ".join(card.text_content().split()) for card in cards]

    assert [card.findtext(".//h3") or card.findtext(".//h3/a") for card in cards] == [
        "Banco nuovo",
        "Banco vecchio",
        "Casa Verde",
    ]
    assert "via del Pozzo 2, Rho (indirizzo del 2023: da confermare)" in words[0]
    assert "via del Pozzo 1, Rho (indirizzo del 2018 circa: da confermare)" in words[1]
    assert words[2].endswith("Nel 2022 si zappava insieme.")
    assert cards[0].xpath(".//a/@href") == ["../../rete/sconosciuta/"]


def test_an_old_address_leads_on_without_a_script(browser, example_site, site_url):
    """The browser follows by itself; the rules for hosts say the same."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(f"{site_url}/storie/zucche/")
    page.wait_for_url("**/storie/2021-09-11-le-zucche/")

    context.close()
    rules = (example_site / "_redirects").read_text(encoding="utf-8")
    assert "/storie/zucche/ /storie/2021-09-11-le-zucche/ 301\n" in rules


def test_a_moved_address_is_not_in_the_sitemap(example_site):
    """Search engines are told the new one alone."""
    sitemap = (example_site / "sitemap.xml").read_text(encoding="utf-8")

    assert "/storie/2021-09-11-le-zucche/" in sitemap
    assert "/storie/zucche/" not in sitemap


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_where_the_real_content_has_no_page_yet(browser, site_url, width, scheme):
    """An opportunity, open or over; all that Markdown can do. On a phone or on a desk, by day or by night."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    faults = {}

    for address in (
        JOB,
        COURSE,
        "opportunita/",
        "tutto/",
    ):
        page.goto(f"{site_url}/{address}")
        if found := faults_of(page):
            faults[address] = found

    context.close()
    assert faults == {}


def test_every_page_is_valid_html(errors_of, example_site):
    """An opportunity, a cancelled day, a translation that somebody has read: no real page is like them yet."""
    assert errors_of(example_site) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_keyboard_reaches_what_one_can_apply_for_within_twelve_steps(browser, site_url, width):
    """As on every other kind of page, also without the skip link."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    steps = {}

    for address in (JOB, COURSE, "opportunita/", "corsi/"):
        page.goto(f"{site_url}/{address}")
        steps[address] = page.evaluate(STEPS, PRESSABLE)

    page.close()
    assert {address: count for address, count in steps.items() if count > 12} == {}


def test_what_one_can_apply_for_asks_nothing_of_another_host(browser, site_url):
    """Nor has the browser anything to complain about, under the policy the pages are sent with."""
    page = browser.new_page()
    asked, complaints = listen(page)

    for address in (JOB, COURSE, "opportunita/", "corsi/"):
        page.goto(f"{site_url}/{address}", wait_until="networkidle")

    page.close()
    assert [url for url in asked if not url.startswith(f"{site_url}/")] == []
    assert complaints == []
    assert len(asked) > 4
