"""Everything the site publishes that is not a page."""

from __future__ import annotations

from collections.abc import Mapping

from portal.model.site import Site
from portal.writers.calendars import write_calendars
from portal.writers.campaigns_json import CAMPAIGNS_SCHEMA, write_campaigns
from portal.writers.feeds import write_feeds
from portal.writers.open_data import write_open_data
from portal.writers.robots_txt import write_robots


def write_outputs(site: Site, bodies: Mapping[str, str], site_url: str) -> dict[str, bytes]:
    """The files beside the pages, by their path on the site. *bodies* are the pages' texts as HTML, by address."""
    return {
        **write_feeds(site, bodies, site_url),
        **write_calendars(site, site_url),
        **write_open_data(site, site_url),
        "campaigns.json": write_campaigns(site),
        "schemi/campaigns.schema.json": CAMPAIGNS_SCHEMA.read_bytes(),
        "robots.txt": write_robots(site_url),
    }
