"""What the built site says to programs: feeds, calendars, the list of pages, the way to each page."""

import json
from collections import Counter
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import feedparser
import icalendar
import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from tests.site.built_pages import BuiltPage

SCHEMAS = Path(__file__).parents[1] / "portal" / "writers"
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
NAMED = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture(scope="module")
def pages(built_pages) -> dict[str, BuiltPage]:
    """The pages somebody reads, by the whole address each says it has."""
    return {
        page.tree.xpath("string(//link[@rel='canonical']/@href)"): page
        for page in built_pages
        if not page.sends_on and page.url != "/404.html"
    }


@pytest.fixture(scope="module")
def home(pages) -> str:
    """The address of the first page, which all others begin with."""
    [address] = [address for address, page in pages.items() if page.url == "/"]
    return address


def written(built_site: Path, name: str, home: str) -> dict[str, Path]:
    """The files of one name, by the address each is served at."""
    found = {
        urljoin(home, file.relative_to(built_site).as_posix()): file
        for file in built_site.rglob(name)
    }
    assert found, f"no {name} was built"
    return found


def test_each_page_says_the_address_it_is_served_at(pages, home):
    """
    So that no two pages are taken for one.
    """
    assert {address: urljoin(home, page.url) for address, page in pages.items()} == {
        address: address for address in pages
    }


def test_every_atom_feed_follows_its_schema_and_says_where_it_is(built_site, pages, home):
    """
    RFC 4287: also the feeds of other languages, and those without an entry yet.
    """
    schema = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
    for address, file in written(built_site, "feed.atom", home).items():
        assert schema.validate(etree.parse(file)), (address, schema.error_log)
        read = feedparser.parse(file.read_bytes())
        assert not read.bozo, address
        links = {link.rel: link.href for link in read.feed.links}
        assert links["self"] == address
        assert links["alternate"] in pages, address


def test_every_json_feed_follows_the_standard_and_says_where_it_is(built_site, pages, home):
    """
    Version 1.1, in the language of its page.
    """
    schema = Draft202012Validator(
        json.loads((SCHEMAS / "json_feed.schema.json").read_text(encoding="utf-8"))
    )
    for address, file in written(built_site, "feed.json", home).items():
        feed = json.loads(file.read_text(encoding="utf-8"))
        assert list(schema.iter_errors(feed)) == [], address
        assert feed["feed_url"] == address
        assert feed["language"] == pages[feed["home_page_url"]].tree.get("lang"), address


def test_the_three_formats_tell_of_the_same_pages(built_site, pages, home):
    """
    The same ids in the same order, no id twice, and behind each entry a page.
    """
    for address, file in written(built_site, "feed.rss", home).items():
        rss = feedparser.parse(file.read_bytes())
        atom = feedparser.parse(file.with_suffix(".atom").read_bytes())
        items = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))["items"]
        ids = [item["id"] for item in items]
        assert not rss.bozo, address
        assert rss.feed.link in pages, address
        assert max(Counter(ids).values(), default=1) == 1, address
        assert [entry.id for entry in rss.entries] == ids, address
        assert [entry.id for entry in atom.entries] == ids, address
        led_to = {entry.link for entry in [*rss.entries, *atom.entries]}
        assert led_to | {item["url"] for item in items} <= pages.keys(), address


def test_every_feed_is_found_from_a_page_and_every_page_names_feeds_that_are_there(
    built_site, pages, home
):
    """
    What no page names, no program finds.
    """
    named = {
        urljoin(address, link.get("href"))
        for address, page in pages.items()
        for link in page.tree.iter("link")
        if link.get("type") in FEED_TYPES
    }
    there = {
        address
        for name in ("feed.rss", "feed.atom", "feed.json")
        for address in written(built_site, name, home)
    }

    assert named == there


def test_every_calendar_can_be_read_and_leads_to_pages(built_site, pages, home):
    """
    Each event once, with its day and its page; a calendar program need guess nothing.
    """
    for address, file in written(built_site, "*.ics", home).items():
        calendar = icalendar.Calendar.from_ical(file.read_bytes())
        assert calendar.errors == [], address
        assert calendar["VERSION"] == "2.0", address
        ids = [event["UID"] for event in calendar.events]
        assert len(ids) == len(set(ids)), address
        for event in calendar.events:
            assert event.errors == [], address
            assert event["SUMMARY"], address
            assert event["URL"] in pages, address
            assert event.DTSTAMP, address
            assert event.end >= event.start, address


def test_the_agenda_holds_every_event_there_is_a_file_of(built_site, home):
    """
    Who adds the whole agenda and then one day has that day once.
    """

    def ids(file: Path) -> set[str]:
        return {event["UID"] for event in icalendar.Calendar.from_ical(file.read_bytes()).events}

    alone = [ids(file) for file in written(built_site, "evento.ics", home).values()]

    assert all(len(one) == 1 for one in alone)
    assert set.union(*alone) == ids(built_site / "agenda" / "calendario.ics")


def test_search_engines_are_told_of_exactly_the_pages_they_may_show(built_site, pages):
    """
    Each once: none that only sends on, none that asks to be left out, none forgotten.
    """
    listed = [loc.text for loc in etree.parse(built_site / "sitemap.xml").iter(NAMED)]
    open_to_all = [
        address
        for address, page in pages.items()
        if "noindex" not in page.tree.xpath("string(//meta[@name='robots']/@content)")
    ]

    assert sorted(listed) == sorted(open_to_all)


def test_the_way_to_a_page_leads_over_pages_and_ends_there(pages):
    """
    Where a page says one: counted from one, no step twice, each a page or a part of one.
    """
    said = [
        (address, thing["itemListElement"])
        for address, page in pages.items()
        for thing in page.linked_data
        if thing["@type"] == "BreadcrumbList"
    ]
    assert said
    for address, steps in said:
        targets = [step["item"] for step in steps]
        assert [step["position"] for step in steps] == list(range(1, len(steps) + 1)), address
        for page, anchor in map(urldefrag, targets):
            assert page in pages, address
            assert not anchor or anchor in pages[page].ids, address
        assert len(targets) == len(set(targets)), address
        assert targets[-1] == address
        assert all(step["name"] for step in steps), address
