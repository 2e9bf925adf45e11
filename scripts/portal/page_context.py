"""What templates are given: which of them a page has, the words for dates and money, what pages are about."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from portal.model.listing import Listing
from portal.model.page import Page
from portal.model.site import Site
from portal.model.source import newest_date
from portal.model.translation import LANGUAGES, Translation
from portal.rendering import Rendering
from portal.search import alphabet, search_weight, town_halls_typed
from portal.writers.calendars import calendar_list, event_ics_url
from portal.writers.campaign_sharing import badge_html, badge_said, badge_url, code_url
from portal.writers.chart_svg import draw_chart
from portal.writers.data_tables import data_tables
from portal.writers.deadlines import deadline_calendars
from portal.writers.feed import Feed, feed_list, followed_at
from portal.writers.formats import date_in, days, euros, hour, italian_date, number, weekday_date
from portal.writers.graph_svg import draw_graph
from portal.writers.json_ld import json_ld
from portal.writers.map_svg import draw_map
from portal.writers.open_data import LICENCE, data_version, indicator_csv_url
from portal.writers.page_weight import WEIGHT_MARK
from portal.writers.paper import letters_on_paper, with_breaks
from portal.writers.press_kit import PRESS_KIT
from portal.writers.preview_note import preview_note
from portal.writers.qr import draw_qr
from portal.writers.relations import adjacency
from portal.writers.sharing import link_preview

PLAIN_TEMPLATES = {
    "": "home.html", "progetto": "project.html", "mappa": "map.html", "azioni": "actions.html",
    "bisogni": "needs.html", "luoghi": "places.html", "rete": "network.html", "storie": "stories.html",
    "agenda": "events.html", "campagne": "campaigns.html", "sostieni": "donate.html",
    "trasparenza": "transparency.html", "segui": "follow.html", "valutazione": "evaluation.html",
    "newsletter": "issues.html", "cerca": "search.html", "relazioni": "relations.html", "dati": "data.html",
    "stampa": "press.html", "opportunita": "board.html", "corsi": "board.html", "strumenti": "tools.html",
    "strumenti/bilancio-di-casa": "tool_budget.html", "strumenti/affitto-sostenibile": "tool_rent.html",
}  # fmt: skip
"""The template of each plain page that is more than its text, by slug."""


def address_from(base: str, address: str) -> str:
    """*address*, which counts from the site's root, as seen from a page to which *base* is the way there.

    Always by way of the root: so it is the same on all pages of one depth, and what
    these share can be rendered once.
    """
    return base + address.removeprefix(".") or "./"


@pass_context
def _url(context: Context, address: str) -> str:
    return address_from(context["base"], address)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "url": _url,
    "italian_date": italian_date,
    "weekday_date": weekday_date,
    "days": days,
    "date_in": date_in,
    "euros": euros,
    "number": number,
    "hour": hour,
    "newest_date": newest_date,
    "letters_on_paper": letters_on_paper,
    "with_breaks": lambda address: Markup(with_breaks(address)),
}


def template_of(shown: Page | Listing) -> str:
    """The template of a page: its type knows it, plain pages are told by their address."""
    if type(shown) is Page:
        return PLAIN_TEMPLATES.get(shown.slug, Page.template)
    return shown.template


def given_to_all(rendering: Rendering) -> dict[str, Any]:
    """What every template sees. Whatever reads the content is a question, which pages then depend on."""
    site, site_url = rendering.site, rendering.setting.site_url
    named_feeds = _once(lambda: _feeds_to_name(site))
    asked = {
        "site": site,
        "languages": LANGUAGES,
        "feeds": lambda: tuple(named_feeds().values()),
        "feed_at": lambda url: named_feeds().get(url),
        "calendars": _once(lambda: (*calendar_list(site), *deadline_calendars(site))),
        "preview": rendering.setting.is_preview,
        "preview_note": lambda shown: preview_note(shown, site.today),
        "weight_mark": WEIGHT_MARK,
        "data_tables": _once(lambda: data_tables(site, site_url)),
        "data_version": _once(lambda: data_version(site, site_url)),
        "data_licence": LICENCE,
        "alphabet": _once(lambda: alphabet(site)),
        "synonyms": rendering.synonyms,
        "town_halls_typed": _once(lambda: town_halls_typed(site)),
        "badge_said": lambda campaign: badge_said(campaign, site),
        "adjacency": _once(lambda: adjacency(site)),
    }
    # These know nothing but what they are given, so no answer of theirs can change by itself.
    known = {
        "chart": lambda indicator: Markup(draw_chart(indicator)),
        "badge_html": lambda campaign: badge_html(campaign, site_url),
        "badge_url": badge_url,
        "code_url": code_url,
        "event_ics_url": event_ics_url,
        "indicator_csv_url": indicator_csv_url,
        "press_kit": PRESS_KIT,
        "search_weight": search_weight,
        "qr": lambda url: Markup(draw_qr(site_url + url)),
    }
    return known | {name: rendering.questions.given(name, value) for name, value in asked.items()}


def given_to_page(shown: Page | Listing, rendering: Rendering) -> dict[str, Any]:
    """What the template of *shown* sees besides: what it is about, under its own name too, and where it stands."""
    site, url = rendering.site, shown.url
    base = "../" * url.count("/")
    link = functools.partial(address_from, base)
    given: dict[str, Any] = {
        "item": shown,
        "base": base,
        "room": url[: url.find("/") + 1],
        "is_room": url.count("/") < 2,
        "link": link_preview(shown, site),
        "followed_at": followed_at(shown),
        "searched": rendering.kind_searched(shown),
        "network_map": lambda: Markup(draw_map(site.network, link)),
        "relations_graph": lambda: Markup(draw_graph(site, link)),
        "json_ld": lambda steps: Markup(json_ld(shown, steps, site, rendering.setting.site_url)),
    }
    if type(shown) is not Page:
        given[type(shown).__name__.lower()] = shown
    if isinstance(shown, Translation):
        given |= {
            "original": site.original_of(shown),
            "words": site.words[shown.language],
            "hidden": site.is_hidden(shown),
        }
    return given


def _feeds_to_name(site: Site) -> dict[str, Feed]:
    """The feeds by the page they belong to, without entries: what is said of them does not change with each story."""
    return {feed.item_url: replace(feed, entries=()) for feed in feed_list(site)}


def _once(compute: Callable[[], Any]) -> Callable[[], Any]:
    """A function for templates that computes its answer the first time it is asked."""
    return functools.lru_cache(maxsize=1)(compute)
