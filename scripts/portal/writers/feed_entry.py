"""An entry of a feed: a dated page, as programs that follow a site take it."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from markupsafe import escape

from portal.model.event import Event
from portal.model.issue import Issue
from portal.model.opportunity import Opportunity
from portal.model.story import Story
from portal.model.translation import Translation
from portal.writers.event_days import days_of

Entry = Story | Event | Issue | Opportunity | Translation
"""The pages that come out on a day."""

_ROME = ZoneInfo("Europe/Rome")


def permanent_id(name: str) -> str:
    """The `tag:` URI that programs know an entry or a feed by, whatever becomes of its address (RFC 4151)."""
    return f"tag:oltreiperimetri.it,2026:{name}"


def entry_id(entry: Entry) -> str:
    """The permanent id of a page: its code where it has one, else where it stands, which no other page takes."""
    if isinstance(entry, Story | Event | Opportunity):
        return permanent_id(entry.id)
    return permanent_id(entry.url.rstrip("/"))


def came_out(entry: Entry) -> datetime.date:
    """The day a page came out, by which feeds are in order.

    The day its editor gave it, or else the one its page type has: that of the fact, of the
    announcement, of the translation; for an event, the day of what we last knew of it, since
    its own may be still to come.
    """
    if entry.publish_from:
        return entry.publish_from
    match entry:
        case Event():
            return entry.revised
        case Translation():
            return entry.translated
        case Issue():
            return entry.date
    return entry.day


def noon(day: datetime.date) -> datetime.datetime:
    """Noon in Rome: in every time zone but the farthest it is the same day."""
    return datetime.datetime.combine(day, datetime.time(12), _ROME)


def entry_title(entry: Entry) -> str:
    """The title; that of an event which will not be says so."""
    cancelled = isinstance(entry, Event) and entry.cancelled
    return f"Annullato: {entry.title}" if cancelled else entry.title


def entry_html(entry: Entry, body: str) -> str:
    """The whole page: its text as HTML, and before it the days it is about where those are others than its own."""
    days = None
    if isinstance(entry, Event):
        days = days_of(entry)
    elif isinstance(entry, Story) and entry.day != came_out(entry):
        days = entry.date.in_italian
    return f"<p>{escape(days)}</p>{body}" if days else body
