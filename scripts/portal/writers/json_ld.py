"""JSON-LD: what a page is about, for search engines and other programs, in the words of schema.org.

One document per page: the thing it is about, and the way to it where the page shows one. Only what the
model holds is said, and nothing that the page itself calls unsure: opening
hours and telephone numbers are told once a person has confirmed them, a
campaign asks for money once it really collects. A story's date is that of the
fact, so it is given as the time the story covers, not as a day of publication.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from portal.model.action import Action
from portal.model.campaign import Campaign
from portal.model.event import Event
from portal.model.issue import Issue
from portal.model.listing import Listing
from portal.model.member import Member
from portal.model.page import Page
from portal.model.place import Place
from portal.model.site import Site
from portal.model.story import Story
from portal.model.translation import Translation
from portal.writers.absolute_links import absolute_url
from portal.writers.linked_parts import Thing
from portal.writers.linked_things import (
    described_action,
    described_campaign,
    described_event,
    described_issue,
    described_listing,
    described_member,
    described_page,
    described_place,
    described_project,
    described_story,
    described_translation,
)

_DESCRIBED: dict[type, Callable[[Any, Site, str], Thing]] = {
    Action: described_action,
    Campaign: described_campaign,
    Event: described_event,
    Issue: described_issue,
    Listing: described_listing,
    Member: described_member,
    Place: described_place,
    Story: described_story,
    Translation: described_translation,
}


Step = tuple[str, str]
"""Address and label of a page on the way to another."""


def json_ld(page: Page | Listing, steps: Sequence[Step], site: Site, site_url: str) -> str:
    """The JSON-LD of *page*, ready to stand inside `<script type="application/ld+json">`.

    *steps* are those it shows of the way to it, from the outermost page on. No `<` is
    left in it, so that no title can close the script. Browsers do not run such a
    script, and a Content-Security-Policy does not ask about it.
    """
    if isinstance(page, Page) and page.url == "":
        thing = described_project(page, site, site_url)
    else:
        thing = _DESCRIBED.get(type(page), described_page)(page, site, site_url)
    document = {
        "@context": "https://schema.org",
        "@graph": [_without_nothing(thing), *_breadcrumbs(page, steps, site_url)],
    }
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return written.replace("<", "\\u003c")


def _breadcrumbs(page: Page | Listing, steps: Sequence[Step], site_url: str) -> list[Thing]:
    """The way to *page* with the page itself at its end; none where the page shows none."""
    if not steps:
        return []
    entries = [
        {
            "@type": "ListItem",
            "position": position,
            "name": name,
            "item": absolute_url(site_url, url),
        }
        for position, (url, name) in enumerate((*steps, (page.url, page.title)), start=1)
    ]
    return [{"@type": "BreadcrumbList", "itemListElement": entries}]


def _without_nothing(value: Any) -> Any:
    """The same value without what is missing, however deep: nothing is said of it."""
    if isinstance(value, dict):
        kept = {key: _without_nothing(inner) for key, inner in value.items()}
        return {key: inner for key, inner in kept.items() if inner not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_nothing(inner) for inner in value]
    return value
