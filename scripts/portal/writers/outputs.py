"""Everything the site publishes that is not a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from portal.model.site import Site
from portal.writers.calendars import write_calendars
from portal.writers.campaign_sharing import write_campaign_sharing
from portal.writers.campaigns_json import CAMPAIGNS_SCHEMA, write_campaigns
from portal.writers.deadlines import write_deadlines
from portal.writers.feeds import write_feeds
from portal.writers.open_data import write_open_data
from portal.writers.redirects import write_redirects
from portal.writers.robots_txt import write_robots
from portal.writers.totals_json import write_totals

NEWSLETTER_SCHEMA = Path(__file__).with_name("newsletter.schema.json")
"""Here and not beside who writes by it: letters bring libraries of their own, which a build may not need."""


def output_writers(
    site: Site, bodies: Mapping[str, str], site_url: str, *, preview: bool
) -> dict[str, Callable[[], dict[str, bytes]]]:
    """The writers of the files beside the pages, by name; each gives its files by their path on the site.

    *bodies* are the pages' texts as HTML, by address. A *preview* asks not to be found.
    """
    return {
        "feeds": lambda: write_feeds(site, bodies, site_url),
        "calendars": lambda: write_calendars(site, site_url),
        "deadlines": lambda: write_deadlines(site, site_url),
        "open data": lambda: write_open_data(site, site_url),
        "campaigns": lambda: {
            "campaigns.json": write_campaigns(site),
            "schemi/campaigns.schema.json": CAMPAIGNS_SCHEMA.read_bytes(),
        },
        "newsletter schema": lambda: {
            "schemi/newsletter.schema.json": NEWSLETTER_SCHEMA.read_bytes()
        },
        "totals": lambda: write_totals(site),
        "campaign sharing": lambda: write_campaign_sharing(site, site_url),
        "redirects": lambda: write_redirects(site, site_url),
        "robots": lambda: {"robots.txt": write_robots(site_url, preview=preview)},
    }
