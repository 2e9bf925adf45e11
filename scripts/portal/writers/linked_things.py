"""What pages are about, one function per page type, in the words of schema.org. `None` is what nobody knows."""

from __future__ import annotations

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
from portal.writers.calendars import span
from portal.writers.linked_parts import (
    Thing,
    address,
    cited,
    location,
    member_type,
    named,
    opening,
    project,
    receiver,
    said,
    town,
)
from portal.writers.sharing import card_of


def described_project(home: Page, site: Site, site_url: str) -> Thing:
    """The project, which the home page is about."""
    towns = [found for found in site.network.towns if found.in_project]
    return {
        **project(site_url),
        "description": home.description,
        "areaServed": [{"@type": "City", "name": found.name} for found in towns],
    }


def described_page(page: Page, site: Site, site_url: str) -> Thing:
    """A page that is about nothing but what it says."""
    return {"@type": "WebPage", **said(page, site_url), "inLanguage": "it"}


def described_translation(page: Translation, site: Site, site_url: str) -> Thing:
    """A page in another language, which one it translates, and which place it is about.

    The place is the one of the Italian page, so it has that page's name for programs.
    """
    original = site.original_of(page)
    place = described_place(original, site, site_url) if isinstance(original, Place) else None
    return {
        "@type": "WebPage",
        **said(page, site_url),
        "inLanguage": page.spoken.code,
        "translationOfWork": {"@type": "WebPage", "@id": absolute_url(site_url, page.original)},
        "mainEntity": {**place, "name": page.title, "description": page.description}
        if place
        else None,
    }


def described_listing(listing: Listing, site: Site, site_url: str) -> Thing:
    """A generated page, with the members or stories it lists."""
    entries = [
        {"@type": "ListItem", "position": position, "name": page.title, "url": url}
        for position, page in enumerate(listing.pages, start=1)
        for url in [absolute_url(site_url, page.url)]
    ]
    url = absolute_url(site_url, listing.url)
    return {
        "@type": "CollectionPage",
        "@id": url,
        "url": url,
        "name": listing.title,
        "description": listing.description,
        "inLanguage": "it",
        "mainEntity": {"@type": "ItemList", "itemListElement": entries},
    }


def described_action(action: Action, site: Site, site_url: str) -> Thing:
    """An action: what the project does for someone."""
    return {
        "@type": "Service",
        **said(action, site_url),
        "alternateName": action.also_known_as,
        "audience": {"@type": "Audience", "audienceType": action.for_whom},
        "provider": project(site_url),
    }


def described_member(member: Member, site: Site, site_url: str) -> Thing:
    """An organisation, with its town if known. Nobody has confirmed a street and number."""
    return {
        "@type": member_type(member),
        "@id": absolute_url(site_url, member.url),
        "name": member.title,
        "legalName": member.official_name,
        "alternateName": member.name_2014,
        "description": member.description,
        "url": member.website,
        "mainEntityOfPage": absolute_url(site_url, member.url),
        "location": town(member.town, site),
        "memberOf": project(site_url),
    }


def described_story(story: Story, site: Site, site_url: str) -> Thing:
    """A story, with whom and what it is about and where it was read."""
    return {
        "@type": "Article",
        **said(story, site_url, name="headline"),
        "inLanguage": "it",
        "temporalCoverage": story.date.text,
        "about": [named(site.action(slug), "Service", site_url) for slug in story.actions],
        "mentions": [
            named(member, member_type(member), site_url)
            for member in map(site.member, story.members)
        ],
        "contentLocation": [
            *(named(site.place(slug), "Place", site_url) for slug in story.places),
            *(town(town_id, site) for town_id in story.towns),
        ],
        "citation": [cited(source) for source in story.sources],
        "image": absolute_url(site_url, card_of(story, site).path),
        "author": project(site_url),
        "publisher": project(site_url),
    }


def described_event(event: Event, site: Site, site_url: str) -> Thing:
    """An event. The end of one of whole days is its last day, not the day after as in calendars."""
    starts, ends = span(event)
    if event.starts is None:
        ends = event.until
    return {
        "@type": "Event",
        **said(event, site_url),
        "startDate": starts.isoformat(),
        "endDate": ends.isoformat() if ends else None,
        "eventStatus": f"https://schema.org/Event{'Cancelled' if event.cancelled else 'Scheduled'}",
        "location": location(event, site, site_url),
    }


def described_place(place: Place, site: Site, site_url: str) -> Thing:
    """A place. How to reach it by telephone and when is told once a person has confirmed it."""
    return {
        "@type": "Place",
        **said(place, site_url),
        "address": address(place, site),
        "telephone": place.phone if place.confirmed else None,
        "openingHoursSpecification": [opening(hours) for hours in place.hours]
        if place.confirmed
        else None,
    }


def described_campaign(campaign: Campaign, site: Site, site_url: str) -> Thing:
    """The page of a campaign; that one can give on it, only where real money is collected."""
    collects = campaign.open and not campaign.example
    return {
        **described_page(campaign, site, site_url),
        "potentialAction": {
            "@type": "DonateAction",
            "name": campaign.title,
            "recipient": receiver(site.recipient(campaign.recipient)),
            "target": absolute_url(site_url, campaign.url),
        }
        if collects
        else None,
    }


def described_issue(issue: Issue, site: Site, site_url: str) -> Thing:
    """A number of the newsletter."""
    return {
        "@type": "PublicationIssue",
        **said(issue, site_url),
        "inLanguage": "it",
        "issueNumber": issue.number,
        "datePublished": issue.date.isoformat(),
        "publisher": project(site_url),
    }
