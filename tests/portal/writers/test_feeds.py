"""The feeds: valid, stable, whole, and in the right order, in RSS and in Atom."""

import datetime
import re
from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from portal.writers.feed import followed_at
from portal.writers.feeds import feed_list, write_feeds

from .builders import (
    a_page,
    a_place,
    a_site,
    a_story,
    a_translation,
    an_action,
    an_event,
    an_issue,
    an_opportunity,
)

ATOM = "{http://www.w3.org/2005/Atom}"
ATOM_SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
SITE_URL = "https://www.esempio.it/"


def three_stories():
    return (
        a_story(
            "2018-11-30-festa", id="st-2018-001", title="La festa", date=datetime.date(2018, 11, 30)
        ),
        a_story(
            "2016-05-12-officina", id="st-2016-001", title="L'officina", actions=("job-community",)
        ),
        a_story(
            "2015-07-04-granaio",
            id="st-2015-001",
            title="Il granaio",
            date=datetime.date(2015, 7, 4),
        ),
    )


def written(*stories, bodies=None, actions=(), site_url=SITE_URL):
    whole = {story.url: f"<p>Il testo di {story.slug}.</p>" for story in stories} | (bodies or {})
    return write_feeds(a_site(stories=stories, actions=actions), whole, site_url)


def faults_of_rss(channel):
    """What the RSS 2.0 specification asks for and *channel* does not have."""
    required = [
        f"channel without {name}"
        for name in ("title", "link", "description")
        if not channel.findtext(name)
    ]
    items = list(channel.iter("item"))
    guids = [item.findtext("guid") for item in items]
    return [
        *required,
        *(
            f"item without {name}"
            for item in items
            for name in ("title", "link", "guid")
            if not item.findtext(name)
        ),
        *(f"guid {guid} twice" for guid in set(guids) if guids.count(guid) > 1),
        *(
            f"{link.text} is relative"
            for link in channel.iter("link")
            if not link.text.startswith("https://")
        ),
        *(
            f"{date.text} is no date"
            for date in channel.iter("pubDate")
            if not parsedate_to_datetime(date.text).tzinfo
        ),
    ]


@pytest.mark.parametrize("stories", [three_stories(), ()], ids=["three stories", "no story"])
def test_atom_is_valid(stories):
    """Every Atom feed follows RFC 4287, its Schematron rules included: an author, a link to itself."""
    feeds = written(
        *stories, actions=(an_action(), an_action("smart-house", number=3, area="casa"))
    )

    for path in (
        "storie/feed.atom",
        "azioni/job-community/feed.atom",
        "azioni/smart-house/feed.atom",
    ):
        root = etree.fromstring(feeds[path])
        assert ATOM_SCHEMA.validate(root), ATOM_SCHEMA.error_log
        assert root.findtext(f"{ATOM}author/{ATOM}name") == "#Oltreiperimetri"
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        page = path.removesuffix("feed.atom")
        assert links == {
            "self": f"https://www.esempio.it/{path}",
            "alternate": f"https://www.esempio.it/{page}",
        }


@pytest.mark.parametrize("stories", [three_stories(), ()], ids=["three stories", "no story"])
def test_rss_is_valid(stories):
    feeds = written(*stories, actions=(an_action(),))

    for path in ("storie/feed.rss", "azioni/job-community/feed.rss"):
        root = etree.fromstring(feeds[path])
        assert (root.tag, root.get("version")) == ("rss", "2.0")
        assert faults_of_rss(root.find("channel")) == []
        assert root.findtext("channel/language") == "it"


def test_channel_links_to_the_page_and_to_itself():
    """The channel's link is the page for people; the feed's own address is a link beside it."""
    channel = etree.fromstring(written(*three_stories())["storie/feed.rss"]).find("channel")

    assert channel.findtext("link") == "https://www.esempio.it/storie/"
    assert channel.find(f"{ATOM}link").attrib == {
        "href": "https://www.esempio.it/storie/feed.rss",
        "rel": "self",
        "type": "application/rss+xml",
    }


@pytest.mark.parametrize("path", ["storie/feed.rss", "storie/feed.atom"])
def test_program_that_reads_feeds_finds_what_was_written(path):
    feed = feedparser.parse(written(*three_stories())[path])

    assert not feed.bozo
    assert feed.feed.title == "#Oltreiperimetri: Tutte le storie"
    assert feed.feed.language == "it"
    assert [entry.title for entry in feed.entries] == ["La festa", "L'officina", "Il granaio"]
    newest = feed.entries[0]
    assert newest.id == "tag:oltreiperimetri.it,2026:st-2018-001"
    assert newest.link == "https://www.esempio.it/storie/2018-11-30-festa/"
    assert newest.summary == "Una bottega di biciclette diventa il posto dove ci si aiuta."
    assert newest.content[0].value == "<p>Il testo di 2018-11-30-festa.</p>"
    assert newest.published_parsed[:5] == (2018, 11, 30, 11, 0)


def test_time_is_noon_in_rome_in_winter_and_in_summer():
    feeds = written(*three_stories())

    rss = etree.fromstring(feeds["storie/feed.rss"])
    atom = etree.fromstring(feeds["storie/feed.atom"])
    assert [date.text for date in rss.iter("pubDate")] == [
        "Fri, 30 Nov 2018 12:00:00 +0100",
        "Thu, 12 May 2016 12:00:00 +0200",
        "Sat, 04 Jul 2015 12:00:00 +0200",
    ]
    assert [date.text for date in atom.iter(f"{ATOM}published")][1] == "2016-05-12T12:00:00+02:00"


def test_guid_is_no_address():
    """Programs must not open it, and it stays when the address changes."""
    rss = etree.fromstring(
        written(*three_stories(), site_url="https://altrove.it")["storie/feed.rss"]
    )

    guids = list(rss.iter("guid"))
    assert {guid.get("isPermaLink") for guid in guids} == {"false"}
    assert [guid.text for guid in guids] == [
        "tag:oltreiperimetri.it,2026:st-2018-001",
        "tag:oltreiperimetri.it,2026:st-2016-001",
        "tag:oltreiperimetri.it,2026:st-2015-001",
    ]


def test_order_is_by_date_whatever_order_the_stories_come_in():
    feed = feedparser.parse(written(*reversed(three_stories()))["storie/feed.rss"])

    assert [entry.title for entry in feed.entries] == ["La festa", "L'officina", "Il granaio"]


def test_stories_of_one_day_are_ordered_by_id():
    """Otherwise two builds could differ."""
    first, second = a_story("prima", id="st-2016-001"), a_story("seconda", id="st-2016-002")

    feeds = written(first, second)

    assert feeds == written(second, first)
    atom = feedparser.parse(feeds["storie/feed.atom"])
    assert [entry.id[-3:] for entry in atom.entries] == ["002", "001"]


def test_feed_carries_the_last_twenty_stories():
    stories = [
        a_story(f"storia-{day}", id=f"st-2016-{day:03}", date=datetime.date(2016, 5, day))
        for day in range(1, 26)
    ]

    feed = feedparser.parse(written(*stories)["storie/feed.rss"])

    assert [entry.published_parsed.tm_mday for entry in feed.entries] == list(range(25, 5, -1))


def test_feed_says_when_its_newest_story_is_from_and_not_when_it_was_built():
    feeds = written(*three_stories(), actions=(an_action(),))

    rss, atom = (
        etree.fromstring(feeds["storie/feed.rss"]),
        etree.fromstring(feeds["azioni/job-community/feed.atom"]),
    )
    assert rss.findtext("channel/lastBuildDate") == "Fri, 30 Nov 2018 12:00:00 +0100"
    assert atom.findtext(f"{ATOM}updated") == "2016-05-12T12:00:00+02:00"


def test_two_builds_give_the_same_bytes():
    assert written(*three_stories(), actions=(an_action(),)) == written(
        *three_stories(), actions=(an_action(),)
    )


def test_action_has_a_feed_of_its_own_stories():
    feed = feedparser.parse(
        written(*three_stories(), actions=(an_action(),))["azioni/job-community/feed.rss"]
    )

    assert feed.feed.title == "#Oltreiperimetri: Job community"
    assert [entry.title for entry in feed.entries] == ["L'officina"]


def test_entry_link_in_atom_keeps_what_it_is():
    """feedgen drops relation and type; without them some programs open nothing."""
    atom = etree.fromstring(written(a_story())["storie/feed.atom"])

    assert atom.find(f"{ATOM}entry/{ATOM}link").attrib == {
        "href": "https://www.esempio.it/storie/2016-05-12-officina/",
        "rel": "alternate",
        "type": "text/html",
    }


@pytest.mark.parametrize("path", ["storie/feed.rss", "storie/feed.atom"])
def test_addresses_inside_a_story_are_absolute(path):
    """Also those of images in several sizes and of notes on the same page."""
    story = a_story()
    body = (
        '<p>Al <a href="../../luoghi/opcafe-rho/">caffè</a>, <a href="#nota">nota</a>, <a href="https://altri.it/x">x</a>'
        '<img alt="Il banco" src="../banco.jpg" srcset="../banco.jpg 1x, ../banco-2.jpg 2x"></p>'
    )

    feed = feedparser.parse(written(story, bodies={story.url: body})[path], sanitize_html=False)

    content = feed.entries[0].content[0].value
    assert re.findall(r'(?:href|src|srcset)="([^"]+)"', content) == [
        "https://www.esempio.it/luoghi/opcafe-rho/",
        "https://www.esempio.it/storie/2016-05-12-officina/#nota",
        "https://altri.it/x",
        "https://www.esempio.it/storie/banco.jpg",
        "https://www.esempio.it/storie/banco.jpg 1x, https://www.esempio.it/storie/banco-2.jpg 2x",
    ]


def test_signs_of_markup_and_stray_control_characters_do_no_harm():
    """Text pasted from a word processor carries characters XML cannot hold."""
    story = a_story(
        title="Caffè & <pane>\x0b", description="Venti mamme si trovano \x02 ogni martedì a Rho."
    )

    feeds = written(story, bodies={story.url: "<p>Uno\x0b &lt;due&gt; &amp; tre</p>"})

    for path in ("storie/feed.rss", "storie/feed.atom"):
        [entry] = feedparser.parse(feeds[path]).entries
        assert entry.content[0].value == "<p>Uno &lt;due&gt; &amp; tre</p>"
        root = etree.fromstring(feeds[path])
        titles = [title.text for title in root.iter("{*}title")]
        assert titles == ["#Oltreiperimetri: Tutte le storie", "Caffè & <pane>"]


def test_no_mail_address_is_published():
    for content in written(*three_stories(), actions=(an_action(),)).values():
        assert b"@" not in content
        assert b"<email" not in content


def test_site_lists_its_feeds_for_people():
    everything, stories, *_, job_community = feed_list(a_site(actions=(an_action(),)))

    assert (everything.title, everything.rss_url, everything.id) == (
        "Tutte le novità",
        "feed.rss",
        "tag:oltreiperimetri.it,2026:tutto",
    )
    assert (stories.title, stories.rss_url, stories.atom_url, stories.item_url) == (
        "Tutte le storie",
        "storie/feed.rss",
        "storie/feed.atom",
        "storie/",
    )
    assert (job_community.title, job_community.rss_url, job_community.item_url) == (
        "Job community",
        "azioni/job-community/feed.rss",
        "azioni/job-community/",
    )


def entries_of(path, **pages):
    """The entries of one feed of a site with these pages, as a program reads them."""
    shown = [page for group in pages.values() for page in group if hasattr(page, "url")]
    bodies = {page.url: f"<p>Il testo di {page.title}.</p>" for page in shown}
    return feedparser.parse(write_feeds(a_site(**pages), bodies, SITE_URL)[path]).entries


def test_everything_that_is_dated_is_in_the_feed_of_all():
    """Newest first, whatever it is; each under a name that will not change."""
    entries = entries_of(
        "feed.atom",
        stories=(a_story(date=datetime.date(2026, 11, 3)),),
        events=(an_event(updated=datetime.date(2026, 11, 2)),),
        issues=(an_issue(date=datetime.date(2026, 11, 4)),),
        opportunities=(an_opportunity(date=datetime.date(2026, 11, 1)),),
    )

    assert [entry.id.rpartition(":")[2] for entry in entries] == [
        "newsletter/1",
        "st-2016-001",
        "ev-2018-001",
        "op-2026-001",
    ]


def test_action_is_followed_with_its_days_and_what_one_can_apply_for():
    """The board of jobs belongs to the action for work."""
    entries = entries_of(
        "azioni/job-community/feed.rss",
        actions=(an_action(),),
        stories=(a_story(actions=("job-community",)),),
        events=(an_event(actions=("job-community",)), an_event("altro", id="ev-2018-002")),
        opportunities=(an_opportunity(), an_opportunity("corso", id="op-2026-002", kind="corso")),
    )

    assert sorted(entry.id.rpartition(":")[2] for entry in entries) == [
        "ev-2018-001",
        "op-2026-001",
        "st-2016-001",
    ]


def test_day_still_to_come_is_news_when_we_know_of_it():
    """A program would put a date to come above everything, or not show it; when it is stands in the text."""
    coming = an_event(
        date=datetime.date(2026, 12, 5), starts="09:30", updated=datetime.date(2026, 11, 20)
    )

    [entry] = entries_of("agenda/feed.rss", events=(coming,))

    assert entry.published_parsed[:3] == (2026, 11, 20)
    assert entry.content[0].value == (
        "<p>sabato 5 dicembre 2026, ore 09:30</p><p>Il testo di La festa di fine progetto.</p>"
    )


def test_day_that_will_not_be_says_so_in_its_title():
    """Where nobody opens the page."""
    [entry] = entries_of("agenda/feed.rss", events=(an_event(cancelled=True),))

    assert entry.title == "Annullato: La festa di fine progetto"

    [entry] = entries_of("agenda/feed.rss", events=(an_event(),))

    assert entry.title == "La festa di fine progetto"


def test_story_told_years_later_is_news_on_the_day_it_comes_out():
    """Else it would stand below twenty newer ones, and nobody would be told of it."""
    late = a_story(publish_from=datetime.date(2026, 11, 2))

    [entry] = entries_of("storie/feed.atom", stories=(late,))

    assert entry.published_parsed[:3] == (2026, 11, 2)
    assert entry.content[0].value.startswith("<p>12 maggio 2016</p>")


@pytest.mark.parametrize(
    ("read", "addresses"),
    [
        (a_page("privacy"), ("", "privacy/")),
        (a_place(), ("", "luoghi/", "luoghi/opcafe-rho/")),
        (
            a_story("x", actions=("orto",), places=("opcafe-rho",)),
            ("", "storie/", "azioni/orto/", "luoghi/opcafe-rho/"),
        ),
        (
            an_event("x", actions=("orto",), place="opcafe-rho"),
            ("", "agenda/", "azioni/orto/", "luoghi/opcafe-rho/"),
        ),
        (an_opportunity(kind="lavoro"), ("", "opportunita/")),
        (an_opportunity(kind="corso"), ("", "corsi/")),
        (a_translation("bisogni/casa/"), ("en/",)),
    ],
)
def test_a_page_is_followed_from_everything_to_what_it_is_about(read, addresses):
    """Who reads of a place finds what happens there; a course stands among courses, whatever its address."""
    assert followed_at(read) == addresses


def test_each_language_has_a_feed_of_its_own():
    """In that language, of what was translated, and since when; without translations there is none."""
    home, need = (
        a_translation(
            original,
            title=title,
            description=f"{title}: who can help you, and where to find them.",
            translated=datetime.date(2026, 11, day),
        )
        for original, title, day in (("", "Never alone", 21), ("bisogni/casa/", "A home", 22))
    )

    site = a_site(translations=(home, need))
    feeds = write_feeds(site, {home.url: "<p>Hello.</p>", need.url: "<p>A home.</p>"}, SITE_URL)
    english = feedparser.parse(feeds["en/feed.rss"])

    assert not [path for path in feeds if path.startswith(("es/", "ro/"))]
    assert (english.feed.language, english.feed.title) == ("en", "#Oltreiperimetri: English")
    assert english.feed.subtitle == home.description
    assert [
        (entry.id.rpartition(":")[2], entry.published_parsed[2]) for entry in english.entries
    ] == [
        ("en/bisogni/casa", 22),
        ("en", 21),
    ]
    assert ATOM_SCHEMA.validate(etree.fromstring(feeds["en/feed.atom"])), ATOM_SCHEMA.error_log
