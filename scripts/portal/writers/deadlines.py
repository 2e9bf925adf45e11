"""The calendars of the boards: the last day of each open opportunity, to subscribe to.

One that has expired is not there any more: programs that subscribe forget it
by themselves, and nobody needs to be reminded of a day gone by.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from portal.model.opportunity import Opportunity
from portal.model.site import Site
from portal.writers.absolute_links import absolute_url
from portal.writers.calendars import DOMAIN, Calendar, empty_document

if TYPE_CHECKING:
    import icalendar


def deadline_calendars(site: Site) -> tuple[Calendar, ...]:
    """The calendar of each board. An empty one can be subscribed to before the first opportunity."""
    return tuple(Calendar(f"Scadenze: {board.title}", board.url, ()) for board in site.boards)


def write_deadlines(site: Site, site_url: str) -> dict[str, bytes]:
    """Write the calendar of each board, by its path on the site."""
    written = {}
    for calendar in deadline_calendars(site):
        document = empty_document(site_url, calendar)
        for opportunity in site.board_at(calendar.item_url).opportunities:
            document.add_component(_entry(opportunity, site_url))
        written[calendar.ics_url] = document.to_ical()
    return written


def _entry(opportunity: Opportunity, site_url: str) -> icalendar.Event:
    """The whole last day; whoever subscribes stays free on it."""
    import icalendar

    page_url = absolute_url(site_url, opportunity.url)
    entry = icalendar.Event()
    entry.add("UID", f"{opportunity.id}@{DOMAIN}")
    entry.add("DTSTAMP", datetime.datetime.combine(opportunity.date, datetime.time(), datetime.UTC))
    entry.add("DTSTART", opportunity.expires)
    entry.add("DTEND", opportunity.expires + datetime.timedelta(days=1))
    entry.add("TRANSP", "TRANSPARENT")
    entry.add("SUMMARY", f"Ultimo giorno: {opportunity.title}")
    entry.add("DESCRIPTION", f"{opportunity.how}\n\n{page_url}")
    entry.add("URL", page_url)
    return entry
