"""The parts that descriptions in the words of schema.org are made of."""

from __future__ import annotations

from typing import Any

from portal.model.campaign import Recipient, RecipientKind
from portal.model.event import Event
from portal.model.member import Member
from portal.model.page import Page
from portal.model.place import OpeningHours, Place
from portal.model.site import Site
from portal.model.source import Source
from portal.writers.absolute_links import absolute_url
from portal.writers.feed import PROJECT

Thing = dict[str, Any]

_MEMBER_TYPES = {
    "comune": "GovernmentOrganization",
    "azienda speciale consortile": "GovernmentOrganization",
    "scuola": "EducationalOrganization",
}


def project(site_url: str) -> Thing:
    """The project, known by the address of the home page wherever it is named."""
    url = absolute_url(site_url, "")
    return {"@type": "Organization", "@id": url, "name": PROJECT, "url": url}


def said(page: Page, site_url: str, name: str = "name") -> Thing:
    """What every page says of itself; *name* is the property that holds the title."""
    url = absolute_url(site_url, page.url)
    return {"@id": url, "url": url, name: page.title, "description": page.description}


def named(page: Page, kind: str, site_url: str) -> Thing:
    """What another page describes, by its address and name."""
    return {"@type": kind, "@id": absolute_url(site_url, page.url), "name": page.title}


def town(town_id: str | None, site: Site) -> Thing | None:
    """A town by its name, or nothing."""
    return {"@type": "City", "name": site.network.town(town_id).name} if town_id else None


def address(place: Place, site: Site) -> Thing:
    """Where a place is: its street once a person has confirmed it, since who reads this shows no note beside it."""
    return {
        "@type": "PostalAddress",
        "streetAddress": place.address if place.confirmed else None,
        "addressLocality": site.network.town(place.town).name,
        "addressCountry": "IT",
    }


def location(event: Event, site: Site, site_url: str) -> Thing | None:
    """Where an event is: in a place of ours, somewhere else, in some town, or nobody knows."""
    if event.place:
        place = site.place(event.place)
        return {**named(place, "Place", site_url), "address": address(place, site)}
    if event.location:
        where = event.town and site.network.town(event.town).name
        return {"@type": "Place", "name": event.location, "address": where}
    return town(event.town, site)


def opening(hours: OpeningHours) -> Thing:
    """When the doors are open on one weekday."""
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": f"https://schema.org/{hours.day_in('en')}",
        "opens": hours.opens,
        "closes": hours.closes,
    }


def receiver(recipient: Recipient) -> Thing:
    """Who receives the money of a campaign."""
    is_public = recipient.kind is RecipientKind.PUBLIC_BODY
    return {
        "@type": "GovernmentOrganization" if is_public else "Organization",
        "name": recipient.name,
        "legalName": recipient.legal_name,
    }


def cited(source: Source) -> Thing:
    """Where the story was read; a date only as sure as its source."""
    known = source.date.iso if not source.date.is_about else None
    return {
        "@type": "CreativeWork",
        "name": source.title,
        "url": source.url,
        "datePublished": known,
    }


def member_type(member: Member) -> str:
    """What kind of organisation a member is, as far as its legal form tells."""
    return _MEMBER_TYPES.get(member.kind, "Organization")
