"""What stands around a page: the way out, the other languages, the sheet of paper, what is told to programs."""

import csv
import datetime
import io
import json
import re
import zipfile
from collections import defaultdict
from itertools import groupby
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from PIL import Image
from pypdf import PdfReader

from portal.model.translation import LANGUAGES
from portal.readers.content import ContentReader
from portal.writers.headers_file import content_security_policy
from tests.portal.writers.test_open_data import keys_of
from tests.site.built_pages import served_file

CONTENT = Path(__file__).parents[2] / "content"
SENSITIVE = {
    "/bisogni/casa/",
    "/bisogni/spese-e-debiti/",
    "/bisogni/famiglia-e-cura/",
    "/cerca/",
    "/strumenti/bilancio-di-casa/",
    "/strumenti/affitto-sostenibile/",
}
ELSEWHERE = "https://www.google.it/"
SHEET = re.compile(r"/(?:\w+/)?(?:bisogni|luoghi|azioni)/[\w-]+/")
"""Where the pages stand that take one sheet of paper."""
PRINTED = (210 - 2 * 13, 297 - 2 * 12)
"""Width and height of A4 in millimetres, without the margins that `print.css` leaves."""


@pytest.fixture
def reader(browser, site_url):
    """A browser page whose neutral site answers without leaving this machine."""
    context = browser.new_context()
    context.route(
        f"{ELSEWHERE}**",
        lambda route: route.fulfill(content_type="text/html", body="<title>Altrove</title>"),
    )
    yield context.new_page()
    context.close()


def of(built_pages, url):
    """The built page at *url*."""
    return next(page for page in built_pages if page.url == url)


@pytest.fixture(scope="module")
def model():
    """What the site is made of, as the build reads it."""
    reader = ContentReader(CONTENT, datetime.date.today())
    site = reader.read()
    assert reader.problems == []
    return site


def language_of(url):
    """The folder of the language a page is in; nothing for Italian."""
    first = url.split("/")[1]
    return first if first in LANGUAGES else ""


def test_every_page_in_another_language_says_in_it_that_no_native_reader_has_checked_it(
    built_pages, model
):
    """Until one is named, and whether its source has changed since: in the words of its language, not in ours."""
    unread = {words.not_reviewed for words in model.words.values()}
    assert len(unread) == len(LANGUAGES)
    translations = {f"/{translation.url}": translation for translation in model.translations}
    assert {page.url for page in built_pages if language_of(page.url)} == set(translations)

    for url, translation in translations.items():
        words = model.words[translation.language]
        said = [
            line.text_content()
            for notice in of(built_pages, url).tree.find_class("pt-notice")
            for line in notice.findall("p")
        ]
        assert (words.not_reviewed in said) is (translation.reviewer is None), url
        assert (words.behind in said) is translation.is_behind, url


def test_where_a_list_leads_to_italian_pages_is_said_above_it(built_pages, model):
    """Organisations and campaigns are on the Italian site only; one learns it before one is there."""
    sections = [
        (page, section)
        for page in built_pages
        if language_of(page.url)
        for section in page.tree.xpath("//main//section[.//li/a[@hreflang='it']]")
    ]

    assert len(sections) > 2 * len(LANGUAGES)
    for page, section in sections:
        said = model.words[language_of(page.url)].pages_in_italian
        (above,) = section.xpath("./p[following-sibling::ul][last()]")
        assert above.text_content() == said, page.url


def test_sensitive_pages_and_translated_needs_have_a_way_out(built_pages):
    """And no other page: where it is not needed it would only alarm."""
    leaving = {page.url for page in built_pages if page.tree.find_class("pt-leave")}
    translated = {
        page.url
        for page in built_pages
        if page.url.split("/")[1] in LANGUAGES and "/bisogni/" in page.url
    }

    assert leaving == SENSITIVE | translated
    assert len(translated) == 36


def test_the_way_out_is_a_plain_link_that_tells_nobody_where_one_was(built_pages):
    """It works without JavaScript and says what it does not do."""
    page = of(built_pages, "/bisogni/casa/")
    (link,) = page.tree.find_class("pt-leave__link")

    assert (link.get("href"), link.get("rel")) == (ELSEWHERE, "noreferrer")
    assert "La cronologia resta" in page.tree.find_class("pt-leave")[0].text_content()


def test_the_way_out_says_once_that_the_history_stays_and_how_to_erase_it(built_pages):
    """In the language of the page, with an address that is there: a heading of its own privacy page."""
    for page in built_pages:
        if page.tree.find_class("pt-leave"):
            (how,) = page.tree.xpath("//main//a[contains(@href, '#esci-in-fretta')]")
            language = language_of(page.url)
            privacy = f"/{language}/privacy/".replace("//", "/")
            assert urljoin(page.url, how.get("href")) == f"{privacy}#esci-in-fretta", page.url
            (heading,) = of(built_pages, privacy).tree.xpath("//h2[@id='esci-in-fretta']")
            assert heading.text_content().strip() != "", page.url


@pytest.mark.parametrize("language", ["", "en/", "es/", "ro/", "uk/", "ar/", "facile/"])
def test_the_way_out_takes_two_lines_of_a_phone(reader, site_url, language):
    """It stays in sight: what it takes is taken from the page."""
    reader.set_viewport_size({"width": 360, "height": 700})
    reader.goto(f"{site_url}/{language}bisogni/casa/")

    assert reader.locator(".pt-leave").bounding_box()["height"] <= 56


def test_leaving_takes_the_place_of_the_page_in_the_history(reader, site_url):
    """«Back» goes to where one was before, not to the page one left."""
    reader.goto(f"{site_url}/bisogni/")
    reader.goto(f"{site_url}/bisogni/casa/")

    reader.get_by_role("link", name="Esci in fretta").click()
    reader.wait_for_url(ELSEWHERE)
    reader.go_back()

    assert urlsplit(reader.url).path == "/bisogni/"


def test_escape_pressed_three_times_leaves_too(reader, site_url):
    """Twice does not: one presses it by mistake."""
    reader.goto(f"{site_url}/bisogni/casa/")

    reader.keyboard.press("Escape")
    reader.keyboard.press("Escape")
    reader.wait_for_timeout(100)
    still_here = urlsplit(reader.url).path
    reader.keyboard.press("Escape")
    reader.wait_for_url(ELSEWHERE)

    assert still_here == "/bisogni/casa/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_way_past_the_menu_stands_out_on_the_way_out(reader, site_url, scheme):
    """It lies on it when the Tab key reaches it: of another colour, with an edge."""
    reader.emulate_media(color_scheme=scheme)
    reader.goto(f"{site_url}/bisogni/casa/")
    reader.keyboard.press("Tab")

    skip, bar = (
        reader.locator(selector).evaluate(
            "(it) => { const {backgroundColor, borderTopWidth} = getComputedStyle(it);"
            " return [backgroundColor, borderTopWidth]; }"
        )
        for selector in (".pt-skip:focus", ".pt-leave")
    )

    assert skip[0] != bar[0]
    assert skip[1] == "3px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_not_chosen_in_a_form_is_empty(reader, site_url, scheme):
    """A browser fills it with grey in the dark, and it looks chosen."""
    reader.emulate_media(color_scheme=scheme)
    reader.goto(f"{site_url}/cerca/")
    box = reader.locator(".pt-choice input")
    look = (
        "(it) => { const {appearance, backgroundColor, borderColor} = getComputedStyle(it);"
        " return [appearance, backgroundColor, borderColor, getComputedStyle(it, '::before').content]; }"
    )

    empty = box.evaluate(look)
    box.check()
    chosen = box.evaluate(look)

    assert empty[:2] == ["none", "rgba(0, 0, 0, 0)"]
    assert empty[2] != chosen[2]
    assert "✓" not in empty[3]
    assert "✓" in chosen[3]


def test_the_way_out_stays_in_sight(reader, site_url):
    """At the bottom of a long page it is still at the top of the window."""
    reader.set_viewport_size({"width": 360, "height": 700})
    reader.goto(f"{site_url}/bisogni/casa/")

    reader.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

    assert reader.locator(".pt-leave__link").bounding_box()["y"] < 20


@pytest.mark.parametrize("size", [(390, 700), (320, 256)])
@pytest.mark.parametrize("address", ["/bisogni/casa/", "/cerca/", "/ar/bisogni/casa/"])
def test_who_goes_backwards_with_the_keyboard_sees_where_they_are(reader, site_url, address, size):
    """The way out stays on top: what has the focus stops below it."""
    width, height = size
    reader.set_viewport_size({"width": width, "height": height})
    reader.goto(f"{site_url}{address}")
    reader.locator("footer a").last.focus()
    covered = []
    passed = 0

    while not reader.evaluate("!!document.activeElement.closest('.pt-leave, .pt-skip')"):
        passed += 1
        name, under = reader.evaluate(
            "() => { const it = document.activeElement;"
            " const bar = document.querySelector('.pt-leave').getBoundingClientRect();"
            " return [it.outerHTML.slice(0, 80), it.getBoundingClientRect().bottom <= bar.bottom]; }"
        )
        if under:
            covered.append(name)
        reader.keyboard.press("Shift+Tab")

    assert passed > 12
    assert covered == []


def test_each_place_need_and_action_is_one_sheet_of_paper_with_its_code(
    browser, site_url, built_pages
):
    """
    A4, in every language, for who will never visit the site; the code brings to the page.

    All are measured on a screen as large as what is printed of a sheet, which is quick;
    the fullest of each language is printed.
    """
    sheets = [page for page in built_pages if SHEET.fullmatch(page.url)]
    width, height = (round(millimetres * 96 / 25.4) for millimetres in PRINTED)
    page = browser.new_page(viewport={"width": width, "height": 600})
    page.emulate_media(media="print")
    taken = {}
    for built in sheets:
        page.goto(site_url + built.url)
        taken[built.url] = page.evaluate("document.body.scrollHeight")
        (code,) = built.tree.find_class("pt-qr")
        assert code.get("aria-label").endswith(built.url), built.url
    fullest = {
        max(group, key=lambda url: taken[url])
        for _, group in groupby(sorted(taken, key=language_of), key=language_of)
    }
    printed = {}
    for url in fullest:
        page.goto(site_url + url)
        printed[url] = len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)
    page.close()

    assert len(sheets) == 17 + 12 * len(LANGUAGES)
    assert {url: tall for url, tall in taken.items() if tall > height} == {}
    assert len(printed) == 1 + len(LANGUAGES)
    assert {url: count for url, count in printed.items() if count != 1} == {}


def test_tools_lead_back_from_paper_too(built_pages):
    """
    A household sheet filled in with a pen says where it comes from; no page prints what is said of cookies.
    """
    for url in ("/strumenti/bilancio-di-casa/", "/strumenti/affitto-sostenibile/"):
        (paper,) = of(built_pages, url).tree.find_class("pt-paper")
        (code,) = paper.find_class("pt-qr")
        assert code.get("aria-label").endswith(url)
        assert paper.text_content().split()[-1].endswith(url)


def test_the_code_is_only_on_paper(reader, site_url):
    """On the screen one is already there."""
    reader.goto(f"{site_url}/luoghi/opcafe-rho/")
    on_screen = reader.locator(".pt-paper").is_visible()

    reader.emulate_media(media="print")

    assert not on_screen
    assert reader.locator(".pt-paper").is_visible()


def test_translations_name_each_other_and_the_italian_page(built_pages):
    """What page A says of page B, B says of A; Italian is for who speaks none of these."""
    alternates = defaultdict(dict)
    for page in built_pages:
        for link in page.tree.iter("link"):
            if link.get("hreflang"):
                alternates[page.url][link.get("hreflang")] = urlsplit(link.get("href")).path

    for url, others in alternates.items():
        assert others["x-default"] == others["it"]
        assert url in others.values(), url
        for other in others.values():
            assert alternates[other] == others, (url, other)
    easy = [url for url in alternates if language_of(url) == "facile"]
    assert not easy, "in Italian as the original is, so no other language of it"
    assert set(alternates["/bisogni/casa/"]) == {"it", "x-default", "en", "es", "ar", "ro", "uk"}


def test_every_page_offers_the_other_languages(built_pages):
    """The same page where it is translated, and else the first page of that language."""
    casa = of(built_pages, "/bisogni/casa/").links
    storie = of(built_pages, "/storie/").links

    assert "/ar/bisogni/casa/" in casa
    assert "/facile/bisogni/casa/" in casa
    assert {"/en/", "/es/", "/ar/", "/ro/", "/uk/", "/facile/"} <= set(storie)


def test_every_page_says_where_to_turn_and_what_it_weighs(built_pages):
    """In its own language, in the same place: after the content, before the foot."""
    for page in built_pages:
        if page.sends_on or page.url == "/404.html":
            continue
        (aid,) = page.tree.find_class("pt-help")
        links = {urljoin(page.url, a.get("href")) for a in aid.iter("a")}
        home = f"/{language_of(page.url)}/".replace("//", "/")
        assert f"{home}luoghi/opcafe-rho/" in links, page.url
        (note,) = page.tree.find_class("pt-footer__note")
        assert re.search(r"\d\d (KB|КБ|كيلوبايت)", note.text_content()), page.url
        assert {"/cerca/", "/accessibilita/"} <= set(page.links), page.url


def test_the_home_of_each_language_leads_to_every_place(built_pages):
    """A card for each, where its menu leads to."""
    for language in LANGUAGES:
        home = of(built_pages, f"/{language}/")
        (places,) = home.tree.xpath("//section[@aria-labelledby='pt-luoghi']")
        assert len(places.find_class("pt-card")) == 6
        assert f"/{language}/#pt-luoghi" in home.links
        assert not home.tree.findtext(".//title").startswith("#")


def test_places_stand_in_one_order_in_every_language(built_pages):
    """By town, as in Italian, in the list and in the help; where a need leads, in the order of the Italian need."""

    def cards(url, section):
        links = of(built_pages, url).tree.xpath(f"{section}//article//h3/a/@href")
        return [link.rpartition("luoghi/")[2] for link in links if "luoghi/" in link]

    def in_help(url):
        links = of(built_pages, url).tree.xpath("//aside//li/a/@href")
        return [link.rpartition("luoghi/")[2] for link in links]

    places = cards("/luoghi/", "//main")
    tried = cards("/bisogni/casa/", "//section[@aria-labelledby='pt-dove']")

    assert len(places) == 6
    assert in_help("/luoghi/") == places
    assert set(tried) < set(places)
    for language in LANGUAGES:
        assert cards(f"/{language}/", "//section[@aria-labelledby='pt-luoghi']") == places
        assert in_help(f"/{language}/") == places
        need = f"/{language}/bisogni/casa/"
        assert cards(need, "//section[@aria-labelledby='pt-dove']") == tried


def test_italian_names_begin_where_arabic_lines_do(reader, site_url):
    """At the right: a list that begins at the left looks like somebody else's."""
    reader.goto(f"{site_url}/ar/bisogni/casa/")

    ends = reader.evaluate(
        """() => [".pt-names", ".pt-names__name", ".pt-names__note > bdi"].map(
            (one) => Math.round(document.querySelector(one).getBoundingClientRect().right))"""
    )

    assert len(set(ends)) == 1


def open_graph(page):
    """What a link to the page shows in a chat, by property."""
    return {
        meta.get("property"): meta.get("content")
        for meta in page.tree.iter("meta")
        if meta.get("property")
    }


def test_every_page_has_a_card_and_sensitive_ones_all_the_same(built_pages, built_site):
    """A phone that shows somebody else's messages must not show debts."""
    cards = {
        page.url: urlsplit(said["og:image"]).path
        for page in built_pages
        if (said := open_graph(page))
    }

    assert "/404.html" not in cards
    for url, path in cards.items():
        with Image.open(served_file(built_site, path)) as picture:
            assert picture.size == (600, 315), url
    assert {cards[url] for url in SENSITIVE} == {"/assets/cards/oltreiperimetri.png"}
    assert cards["/luoghi/opcafe-rho/"] == "/assets/cards/luoghi/opcafe-rho.png"


def test_a_link_to_a_page_one_may_have_to_hide_shows_only_whose_it_is(built_pages):
    """Neither the title nor a word of its own: a chat must not say «Spese e debiti», in no language."""
    leaving = [page for page in built_pages if page.tree.find_class("pt-leave")]
    homes = {
        language: open_graph(of(built_pages, f"/{language}/".replace("//", "/")))
        for language in ("", *LANGUAGES)
    }

    for page in leaving:
        said, home = open_graph(page), homes[language_of(page.url)]
        assert said["og:title"] == "#Oltreiperimetri", page.url
        for word in ("og:description", "og:image", "og:image:alt", "og:locale"):
            assert said[word] == home[word], (page.url, word)


def test_a_link_is_described_in_the_language_of_its_page(built_pages):
    """The picture's words too, for who hears them read."""
    shown = [(page, said) for page in built_pages if (said := open_graph(page))]

    for page, said in shown:
        assert said["og:locale"].startswith(page.tree.get("lang")), page.url
        assert said["og:description"], page.url
    alts = {open_graph(of(built_pages, f"/{language}/"))["og:image:alt"] for language in LANGUAGES}
    assert len(alts) == len(LANGUAGES)


def test_every_page_has_a_description(built_pages):
    """Lists that no editor writes too: search engines show it under the title."""
    for page in built_pages:
        if page.sends_on or page.url == "/404.html":
            continue
        assert page.tree.xpath("//meta[@name='description']/@content"), page.url


def test_every_page_says_to_programs_what_it_is_about(built_pages):
    """One block of data, which reads back as JSON; the 404 page is about nothing."""
    for page in built_pages:
        blocks = [
            json.loads(script.text_content())
            for script in page.tree.iter("script")
            if script.get("type") == "application/ld+json"
        ]
        is_about_something = page.url != "/404.html" and not page.tree.xpath(
            "//meta[@http-equiv='refresh']"
        )
        assert len(blocks) == is_about_something, page.url


def way_shown(page):
    """Name and address of each step of the trail."""
    return [
        (link.text_content().strip(), urljoin(page.url, link.get("href")))
        for link in page.tree.find_class("pt-trail__link")
    ]


def way_told(page):
    """Name and address of each step that programs are told of."""
    (script,) = page.tree.xpath("//script[@type='application/ld+json']")
    lists = [
        thing["itemListElement"]
        for thing in json.loads(script.text_content())["@graph"]
        if thing["@type"] == "BreadcrumbList"
    ]
    return [
        (step["name"], urlsplit(step["item"])._replace(scheme="", netloc="").geturl())
        for steps in lists
        for step in steps
    ]


def test_programs_are_told_the_way_that_readers_see(built_pages):
    """And the page itself at its end; where none is shown, none."""
    for page in built_pages:
        if page.sends_on or page.url == "/404.html":
            continue
        shown, told = way_shown(page), way_told(page)
        title = page.tree.find_class("pt-masthead__title")
        assert told == ([*shown, (title[0].text_content(), page.url)] if shown else []), page.url


def test_every_page_inside_a_room_shows_the_way_back(built_pages, built_site):
    """In its own language, to a page that is there; not where one may have to hide it."""
    for page in built_pages:
        if page.sends_on or page.url == "/404.html":
            continue
        is_inside = page.url.count("/") > 2
        steps = way_shown(page)
        if page.tree.find_class("pt-leave"):
            assert not steps, page.url
        elif is_inside:
            assert steps, page.url
        for _, address in steps:
            assert language_of(address) == language_of(page.url), page.url
            assert served_file(built_site, address).is_file(), page.url


def test_feeds_and_calendars_are_offered_where_they_belong(built_pages, built_site):
    """Each in three formats; a day that is over has its file for who follows, and offers it to nobody."""
    rho = of(built_pages, "/luoghi/opcafe-rho/")
    types = [
        link.get("type")
        for link in rho.tree.iter("link")
        if link.get("type") and "opcafe-rho" in urljoin(rho.url, link.get("href"))
    ]
    events = [page for page in built_pages if page.url.startswith("/agenda/20")]
    over = [page for page in events if page.tree.xpath("//h1/..//span[.='Già passato']")]

    assert types == ["application/rss+xml", "application/atom+xml", "application/feed+json"]
    assert "/agenda/calendario.ics" in of(built_pages, "/agenda/").links
    assert over
    for page in over:
        assert served_file(built_site, f"{page.url}evento.ics").is_file()
        assert f"{page.url}evento.ics" not in page.links


def test_who_follows_finds_every_calendar_on_one_page(built_pages, built_site):
    """Those of the agenda, of each place and action, and the deadlines of the boards."""
    written = {
        f"/{file.relative_to(built_site).as_posix()}" for file in built_site.rglob("calendario.ics")
    }

    assert {"/agenda/calendario.ics", "/opportunita/calendario.ics"} <= written
    assert written <= set(of(built_pages, "/segui/").links)


def feeds_offered(page):
    """The feeds a program finds from the page, by the page they belong to."""
    return [
        urljoin(page.url, link.get("href")).removesuffix("feed.json")
        for link in page.tree.iter("link")
        if link.get("type") == "application/feed+json"
    ]


def test_a_page_offers_every_feed_it_is_in(built_pages, built_site):
    """Who reads of a day in one place can follow that place from there, and has not to look for it."""
    offered = {page.url: feeds_offered(page) for page in built_pages}

    for file in built_site.rglob("feed.json"):
        where = f"/{file.relative_to(built_site).parent.as_posix()}/".replace("/./", "/")
        assert where in offered[where]
        for entry in json.loads(file.read_text("utf-8"))["items"]:
            page = urlsplit(entry["url"]).path
            language = language_of(page)
            assert where in offered[page] or (where == "/" and language), (where, page)


def test_a_list_offers_the_feed_of_what_it_lists(built_pages):
    """The stories of an action or a place, beside all stories; the numbers of the newsletter."""
    everything, stories = "/", "/storie/"

    for url, feeds in {
        "/storie/azione/smart-house/": [everything, stories, "/azioni/smart-house/"],
        "/storie/luogo/opcafe-rho/": [everything, stories, "/luoghi/opcafe-rho/"],
        "/storie/anno/2016/": [everything, stories],
        "/newsletter/1/": [everything, "/newsletter/"],
        "/en/luoghi/opcafe-rho/": ["/en/"],
    }.items():
        assert feeds_offered(of(built_pages, url)) == feeds, url


def test_every_figure_can_be_taken_away(built_pages, built_site):
    """Beside its chart stands its CSV."""
    files = [link for link in of(built_pages, "/valutazione/").links if link.endswith(".csv")]

    assert len(files) == len(set(files)) >= 16
    assert all(served_file(built_site, file).is_file() for file in files)


def test_figures_stand_before_the_story_of_the_evaluation(built_pages):
    """One comes for the numbers; how to read them is one link away."""
    tree = of(built_pages, "/valutazione/").tree
    headings = tree.xpath("//main//h2/@id")

    assert headings[:3] == ["pt-evidenza", "pt-indicatori", "come-leggere-i-numeri"]
    assert tree.xpath(
        "//*[@aria-labelledby='pt-indicatori']//a/@href[. = '#come-leggere-i-numeri']"
    )


def test_press_page_shows_the_headline_figures_with_all_one_must_quote(built_pages, model):
    """Value, period, source with its year, and what the figure does not say; the rest is one link away."""
    page = of(built_pages, "/stampa/")
    shown = [" ".join(part.text_content().split()) for part in page.tree.find_class("pt-figure")]

    assert len(shown) == len(model.headlines) > 0
    for indicator, said in zip(model.headlines, shown, strict=True):
        measure = indicator.latest
        assert measure.in_words in said
        assert measure.period in said
        assert measure.source.title in said
        assert str(measure.source.date.year) in said
        assert f"Che cosa non dice: {indicator.caution or indicator.kind.caution}" in said
    assert page.tree.xpath("//*[@class='pt-figures'][1]/preceding::h2[1]")[0].text_content() == (
        "I numeri, con la loro fonte"
    )
    assert "/valutazione/" in page.links


def test_press_kit_holds_pictures_for_programs_that_read_no_svg(built_site):
    """And says what each of its files is."""
    with zipfile.ZipFile(built_site / "stampa/oltreiperimetri.zip") as kit:
        files = {name.removeprefix("oltreiperimetri/"): kit.read(name) for name in kit.namelist()}

    pictures = {name: Image.open(io.BytesIO(files[name])) for name in files if name.endswith("png")}
    assert {name: picture.width for name, picture in pictures.items()} == {
        "marchio.png": 2000,
        "marchio-trasparente.png": 2000,
        "simbolo.png": 2000,
    }
    assert [name for name in files if name not in files["LEGGIMI.txt"].decode()] == ["LEGGIMI.txt"]


def test_how_a_figure_was_counted_is_said_only_where_it_is_known(built_pages):
    """The page announces it once; sixteen times «we do not know» tells nothing."""
    words = of(built_pages, "/valutazione/").tree.text_content()

    assert "trovato scritto" not in words
    assert "Dove non scriviamo come si è contato, la fonte non lo spiega." in words


def test_the_table_of_ties_names_every_member_and_stands_before_the_drawing(built_pages):
    """Who cannot see the drawing reads the same, first; who has no ties is named in one line below."""
    page = of(built_pages, "/relazioni/")
    (table,) = page.tree.find_class("pt-relations")
    (drawing,) = page.tree.find_class("pt-graph")
    order = [element for element in page.tree.iter() if element in (table, drawing)]

    assert order == [table, drawing]
    (alone,) = page.tree.find_class("pt-relations__alone")
    assert len(table.findall(".//tbody/tr")) + len(alone.findall("a")) == 43


def test_every_figure_has_its_values_their_source_and_what_it_does_not_say(built_pages, model):
    """And how it was counted where that is known, so that nobody takes a number for more than it is."""
    tree = of(built_pages, "/valutazione/").tree
    parts = {
        part.get("id").removeprefix("numero-"): part for part in tree.find_class("pt-indicator")
    }
    assert list(parts) == [indicator.id for indicator in model.indicators]

    for indicator in model.indicators:
        part = parts[indicator.id]
        said = " ".join(part.text_content().split())
        unsaid = indicator.caution or indicator.kind.caution
        rows = [row.text_content() for row in part.findall(".//table/tbody/tr")]

        for row, measure in zip(rows, indicator.measures, strict=True):
            assert measure.period in row, indicator.id
            assert measure.in_words in row, indicator.id
            assert measure.source.title in row, indicator.id
        assert f"Che cosa non dice: {unsaid}" in said, indicator.id
        downloads = [href for href in part.xpath(".//a/@href") if href.endswith(".csv")]
        assert downloads == [f"../valutazione/{indicator.id}.csv"], indicator.id
        if indicator.method:
            assert f"Come è stato contato: {indicator.method}" in said, indicator.id


def test_every_file_of_the_open_data_is_offered_and_explained(built_pages, built_site):
    """What the page names is what the folder holds."""
    links = {
        link
        for link in of(built_pages, "/dati/").links
        if link.startswith("/dati/") and not urlsplit(link).path.endswith("/")
    }
    published = {
        f"/dati/{file.name}"
        for file in (built_site / "dati").iterdir()
        if file.name != "index.html"
    }

    assert links == published


def test_every_key_of_every_file_of_the_open_data_is_explained_on_its_page(built_pages, built_site):
    """Under its table: the columns once, and what a file has besides. A figure alone has the columns of all."""
    tree = of(built_pages, "/dati/").tree
    explained = defaultdict(set)
    for row in tree.xpath("//table//tr[th/code]"):
        (section,) = row.xpath("ancestor::section/@aria-labelledby")
        key, words = row.findtext("th/code"), row.find("td[last()]").text_content()
        assert words.strip(), key
        explained[section.removeprefix("pt-")].add(key)

    documents = set((built_site / "dati").glob("*.*json")) - {built_site / "dati/datapackage.json"}
    assert {file.name for file in documents} == {"rete.json", "rete.geojson"}
    for file in documents:
        keys = set(keys_of(json.loads(file.read_text(encoding="utf-8"))))
        of_rows = re.compile(r"(organizzazioni\[\]|features\[\]\.properties)\.")
        assert {of_rows.sub("", key) for key in keys} <= explained[file.stem], file.name
    for file in (*built_site.glob("dati/*.csv"), *built_site.glob("valutazione/*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            columns = set(next(csv.reader(lines)))
        table = file.stem if file.parent.name == "dati" else "indicatori"
        assert columns <= explained[table], file.name


def test_a_page_that_is_not_there_brings_its_own_policy(built_pages):
    """
    A host gives it the headers of the address asked for, and for `/nowhere/` there is no rule.
    """
    page = of(built_pages, "/404.html").tree

    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")

    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert set(policy.split("; ")) <= set(content_security_policy().split("; "))
    assert page.xpath("//script") == []
