"""The JSON Feed: the same stories as in RSS, under the same ids."""

import datetime
import json
from pathlib import Path

import feedparser
from jsonschema import Draft202012Validator

from portal.writers.feeds import feed_list, write_feeds

from .builders import a_place, a_site, a_story, an_action, an_event

SITE_URL = "https://www.esempio.it/"
JSON_FEED = json.loads(
    Path(__file__).with_name("json_feed.schema.json").read_text(encoding="utf-8")
)


def written(*stories, body="<p>Il testo.</p>", **fields):
    bodies = {story.url: body for story in stories}
    return write_feeds(a_site(stories=stories, **fields), bodies, SITE_URL)


def test_every_json_feed_follows_the_standard():
    story = a_story(places=("opcafe-rho",))

    files = written(story, actions=(an_action(),), places=(a_place(),))

    feeds = {path: json.loads(file) for path, file in files.items() if path.endswith(".json")}
    assert sorted(feeds) == [
        "agenda/feed.json",
        "azioni/job-community/feed.json",
        "corsi/feed.json",
        "feed.json",
        "luoghi/opcafe-rho/feed.json",
        "newsletter/feed.json",
        "opportunita/feed.json",
        "storie/feed.json",
    ]
    for path, feed in feeds.items():
        Draft202012Validator(JSON_FEED).validate(feed)
        assert feed["feed_url"] == f"https://www.esempio.it/{path}"
        assert feed["language"] == "it"


def test_item_holds_the_whole_story_with_absolute_addresses():
    story = a_story(title="Caffè & <pane>\x0b")

    [item] = json.loads(
        written(story, body='<p><a href="../../luoghi/">Qui</a></p>')["storie/feed.json"]
    )["items"]

    assert item == {
        "id": "tag:oltreiperimetri.it,2026:st-2016-001",
        "url": "https://www.esempio.it/storie/2016-05-12-officina/",
        "title": "Caffè & <pane>",
        "summary": "Una bottega di biciclette diventa il posto dove ci si aiuta.",
        "content_html": '<p><a href="https://www.esempio.it/luoghi/">Qui</a></p>',
        "date_published": "2016-05-12T12:00:00+02:00",
    }


def test_all_three_formats_tell_the_same_stories_in_the_same_order():
    stories = [
        a_story(f"storia-{day}", id=f"st-2016-{day:03}", date=datetime.date(2016, 5, day))
        for day in (3, 25, 14)
    ]

    files = written(*stories)

    rss, atom = (feedparser.parse(files[f"storie/feed.{kind}"]).entries for kind in ("rss", "atom"))
    items = json.loads(files["storie/feed.json"])["items"]
    ids = [item["id"][-3:] for item in items]
    assert ids == ["025", "014", "003"]
    assert [entry.id[-3:] for entry in rss] == ids
    assert [entry.id[-3:] for entry in atom] == ids


def test_place_has_a_feed_of_its_own_stories_and_days():
    here, elsewhere = a_story(places=("opcafe-rho",)), a_story("altrove", id="st-2016-002")
    day = an_event(place="opcafe-rho")
    site = a_site(stories=(here, elsewhere), places=(a_place(),), events=(day,))

    [rho] = [feed for feed in feed_list(site) if feed.item_url.startswith("luoghi/")]

    assert rho.entries == (here, day)
    assert (rho.title, rho.item_url, rho.json_url) == (
        "#OPcafé di Rho",
        "luoghi/opcafe-rho/",
        "luoghi/opcafe-rho/feed.json",
    )
    assert rho.id == "tag:oltreiperimetri.it,2026:luoghi/opcafe-rho"
