"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): what RSS says, easier to read for a program.

An item has the same id and the same moment as in RSS and Atom, so that who
changes from one to another is not shown old stories as new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal.writers.absolute_links import (
    absolute_url,
    with_absolute_links,
    without_control_characters,
)
from portal.writers.feed import PROJECT, Feed
from portal.writers.feed_entry import Entry, came_out, entry_html, entry_id, entry_title, noon
from portal.writers.json_document import write_json


def write_json_feed(
    feed: Feed, pages: Iterable[Entry], bodies: Mapping[str, str], site_url: str
) -> bytes:
    """Write *pages*, in their order, as the JSON Feed of *feed*; *bodies* as in `write_feeds`."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": without_control_characters(f"{PROJECT}: {feed.title}"),
        "home_page_url": absolute_url(site_url, feed.item_url),
        "feed_url": absolute_url(site_url, feed.json_url),
        "description": without_control_characters(feed.description),
        "language": feed.language,
        "authors": [{"name": PROJECT, "url": absolute_url(site_url, "")}],
        "items": [_item(page, bodies[page.url], site_url) for page in pages],
    }
    return write_json(document)


def _item(page: Entry, body: str, site_url: str) -> dict[str, Any]:
    page_url = absolute_url(site_url, page.url)
    return {
        "id": entry_id(page),
        "url": page_url,
        "title": without_control_characters(entry_title(page)),
        "summary": without_control_characters(page.description),
        "content_html": with_absolute_links(entry_html(page, body), page_url),
        "date_published": noon(came_out(page)).isoformat(),
    }
