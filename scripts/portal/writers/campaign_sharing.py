"""What makes a campaign go round: its code for posters, its badge for other sites."""

from __future__ import annotations

from html import escape

from portal.model.campaign import Campaign
from portal.model.site import Site
from portal.writers.absolute_links import absolute_url
from portal.writers.campaign_badge import HEIGHT, WIDTH, badge_text, draw_badge
from portal.writers.qr import draw_qr_file


def write_campaign_sharing(site: Site, site_url: str) -> dict[str, bytes]:
    """Write the code and the badge of every campaign, by their path on the site."""
    written = {}
    for campaign in site.campaigns:
        written[code_url(campaign)] = draw_qr_file(absolute_url(site_url, campaign.short_url))
        written[badge_url(campaign)] = draw_badge(campaign, site.progress(campaign))
    return written


def code_url(campaign: Campaign) -> str:
    """Where the QR code of *campaign* is, relative to the site's root."""
    return f"{campaign.url}codice.svg"


def badge_url(campaign: Campaign) -> str:
    """Where the badge of *campaign* is, relative to the site's root."""
    return f"{campaign.url}distintivo.svg"


def badge_html(campaign: Campaign, site_url: str) -> str:
    """The HTML another site pastes to show the badge: a link around a picture, nothing else.

    Its alternative text names no sum: there the words would stay, and the picture change.
    """
    picture = escape(absolute_url(site_url, badge_url(campaign)))
    name = escape(f"{campaign.title}: sostieni #Oltreiperimetri")
    page = escape(absolute_url(site_url, campaign.short_url))
    return (
        f'<a href="{page}"><img src="{picture}" alt="{name}" width="{WIDTH}" height="{HEIGHT}"></a>'
    )


def badge_said(campaign: Campaign, site: Site) -> str:
    """The badge in words, for our own page, which is as old as the picture."""
    return badge_text(campaign, site.progress(campaign))
