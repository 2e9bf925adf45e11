"""The feeds written: RSS 2.0, Atom and JSON Feed of the same entries, in the same order.

feedgen writes the first two; what it would get wrong is set here: it puts the newest
entry first only if entries are appended, takes the last link for the channel's
own, stamps the moment of the build where no date is given, and forgets the
relation and type of an entry's links in Atom. Two builds of the same content
give the same bytes, so that a reader's program is told «nothing new».
"""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from portal.model.site import Site
from portal.writers.absolute_links import (
    absolute_url,
    with_absolute_links,
    without_control_characters,
)
from portal.writers.feed import PROJECT, Feed, feed_list
from portal.writers.feed_entry import Entry, came_out, entry_html, entry_id, entry_title, noon
from portal.writers.json_feed import write_json_feed

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

MOST_ENTRIES = 20
"""A feed carries whole pages, so it carries the last ones; its page lists them all."""

_ATOM = "{http://www.w3.org/2005/Atom}"
_BEFORE_ANY_STORY = datetime.date(2026, 1, 1)


def write_feeds(site: Site, bodies: Mapping[str, str], site_url: str) -> dict[str, bytes]:
    """Write every feed, by its path on the site.

    *bodies* holds the rendered HTML of each page by its URL. A feed without
    entries is still a feed: one can follow it before the first one.
    """
    written = {}
    for feed in feed_list(site):
        entries = heapq.nlargest(
            MOST_ENTRIES, feed.entries, key=lambda entry: (came_out(entry), entry_id(entry))
        )
        newest = _newest(entries) or _newest(site.stories) or _BEFORE_ANY_STORY
        written[feed.rss_url] = _rss(_filled(feed, feed.rss_url, entries, newest, bodies, site_url))
        written[feed.atom_url] = _atom(
            _filled(feed, feed.atom_url, entries, newest, bodies, site_url)
        )
        written[feed.json_url] = write_json_feed(feed, entries, bodies, site_url)
    return written


def _newest(pages: Iterable[Entry]) -> datetime.date | None:
    return max((came_out(page) for page in pages), default=None)


def _filled(
    feed: Feed,
    self_url: str,
    pages: Iterable[Entry],
    newest: datetime.date,
    bodies: Mapping[str, str],
    site_url: str,
) -> FeedGenerator:
    from feedgen.feed import FeedGenerator

    generator = FeedGenerator()
    generator.id(feed.id)
    generator.title(without_control_characters(f"{PROJECT}: {feed.title}"))
    generator.description(without_control_characters(feed.description))
    generator.language(feed.language)
    generator.author({"name": PROJECT})
    media_type = "application/rss+xml" if self_url.endswith(".rss") else "application/atom+xml"
    # The last link becomes the RSS channel's own, so the page comes after the feed itself.
    generator.link(href=absolute_url(site_url, self_url), rel="self", type=media_type)
    generator.link(href=absolute_url(site_url, feed.item_url), rel="alternate", type="text/html")
    # Sets the RSS lastBuildDate too; left alone, both would be the moment of the build.
    generator.updated(noon(newest))
    for page in pages:
        entry = generator.add_entry(order="append")
        page_url = absolute_url(site_url, page.url)
        entry.id(entry_id(page))
        entry.title(without_control_characters(entry_title(page)))
        entry.link(href=page_url, rel="alternate", type="text/html")
        entry.published(noon(came_out(page)))
        entry.updated(noon(came_out(page)))
        entry.summary(without_control_characters(page.description))
        html = entry_html(page, bodies[page.url])
        entry.content(with_absolute_links(html, page_url), type="html")
    return generator


def _rss(generator: FeedGenerator) -> bytes:
    written: bytes = generator.rss_str(pretty=True)
    return written


def _atom(generator: FeedGenerator) -> bytes:
    """Write Atom, giving each entry's link back the relation and type feedgen 1.0.0 forgets."""
    from lxml import etree

    root = etree.fromstring(generator.atom_str())
    for link in root.iterfind(f"{_ATOM}entry/{_ATOM}link"):
        link.set("rel", "alternate")
        link.set("type", "text/html")
    written: bytes = etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True)
    return written
