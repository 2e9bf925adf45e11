"""The calendars: all events, and those of each place and action, to subscribe to; each event, to keep.

icalendar writes them (RFC 5545), folding lines at 75 octets. What it would leave
open is set here. An event keeps its UID for ever, whatever its address becomes;
its stamps are days of the event's own page, never the moment of the build, so
that two builds give the same bytes. A cancelled event stays, marked as such:
one that merely vanished would stay in the calendars of those who copied it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal.model.event import Event
from portal.model.site import Site
from portal.writers.absolute_links import absolute_url

if TYPE_CHECKING:
    import icalendar

REFRESH_EVERY = datetime.timedelta(hours=6)
"""How often a calendar asks whether anything changed. A wish: some programs ask once a day."""

DOMAIN = "oltreiperimetri.it"
_MAKER = f"-//{DOMAIN}//agenda//IT"
_ROME = ZoneInfo("Europe/Rome")
# The rule in force since 1996. Written out, because the whole history of the zone is a hundred
# times as long, and changes with the edition of the time zone database a build happens to find.
_ROME_COMPONENT = """BEGIN:VTIMEZONE
TZID:Europe/Rome
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Calendar:
    """A list of events one can subscribe to. Addresses are relative to the site's root."""

    title: str
    item_url: str
    """The page that shows the same events."""
    events: tuple[Event, ...]

    @property
    def ics_url(self) -> str:
        return f"{self.item_url}calendario.ics"

    def webcal_url(self, site_url: str) -> str:
        """The address that opens a calendar program and subscribes, instead of downloading once."""
        address = urlsplit(absolute_url(site_url, self.ics_url))
        return address._replace(scheme="webcal").geturl()


def calendar_list(site: Site) -> tuple[Calendar, ...]:
    """Every calendar of the site: all events first, then each place's and each action's.

    One without events is still a calendar: one can follow it before the first.
    """
    return (
        Calendar("Tutti gli appuntamenti", "agenda/", site.events),
        *(Calendar(place.title, place.url, site.events_of_place(place)) for place in site.places),
        *(
            Calendar(action.title, action.url, site.events_of_action(action))
            for action in site.actions
        ),
    )


def event_ics_url(event: Event) -> str:
    """Where the file with this event alone is, relative to the site's root."""
    return f"{event.url}evento.ics"


def write_calendars(site: Site, site_url: str) -> dict[str, bytes]:
    """Write every calendar and every event, by its path on the site."""
    written = {event_ics_url(event): _written([event], site, site_url) for event in site.events}
    for calendar in calendar_list(site):
        written[calendar.ics_url] = _written(calendar.events, site, site_url, calendar)
    return written


def _written(
    events: tuple[Event, ...] | list[Event],
    site: Site,
    site_url: str,
    calendar: Calendar | None = None,
) -> bytes:
    document = empty_document(site_url, calendar)
    for event in sorted(events, key=lambda event: (event.date, event.id)):
        document.add_component(_entry(event, site, site_url))
    written: bytes = document.to_ical()
    return written


def empty_document(site_url: str, calendar: Calendar | None = None) -> icalendar.Calendar:
    """A file without entries; with what a program needs to come back for it, where it is a *calendar*."""
    import icalendar

    document = icalendar.Calendar()
    document.add("PRODID", _MAKER)
    document.add("VERSION", "2.0")
    document.add("CALSCALE", "GREGORIAN")
    if calendar:
        name = f"#Oltreiperimetri: {calendar.title}"
        document.add("NAME", name)
        # What Apple's, Google's and Microsoft's programs read, older than RFC 7986.
        document.add("X-WR-CALNAME", name)
        document.add("X-WR-TIMEZONE", _ROME.key)
        document.add("URL", absolute_url(site_url, calendar.item_url))
        document.add("SOURCE", absolute_url(site_url, calendar.ics_url))
        document.add("REFRESH-INTERVAL", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
        document.add("X-PUBLISHED-TTL", icalendar.vDuration(REFRESH_EVERY))
    document.add_component(icalendar.Timezone.from_ical(_ROME_COMPONENT))
    return document


def _entry(event: Event, site: Site, site_url: str) -> icalendar.Event:
    import icalendar

    entry = icalendar.Event()
    page_url = absolute_url(site_url, event.url)
    stamp = datetime.datetime.combine(event.revised, datetime.time(), datetime.UTC)
    entry.add("UID", f"{event.id}@{DOMAIN}")
    entry.add("DTSTAMP", stamp)
    entry.add("LAST-MODIFIED", stamp)
    entry.add("SEQUENCE", event.sequence)
    entry.add("STATUS", "CANCELLED" if event.cancelled else "CONFIRMED")
    starts, ends = span(event)
    entry.add("DTSTART", starts)
    if ends:
        entry.add("DTEND", ends)
    entry.add("SUMMARY", f"Annullato: {event.title}" if event.cancelled else event.title)
    entry.add("DESCRIPTION", f"{event.description}\n\n{page_url}")
    if where := location_of(event, site):
        entry.add("LOCATION", where)
    entry.add("URL", page_url)
    return entry


def span(event: Event) -> tuple[datetime.date, datetime.date | None]:
    """When an event begins, and the first moment it is over: the next day, where it lasts whole days.

    An end at or before the beginning is on the following day; an event without
    an end that goes on for days is over when its last day is.
    """
    if event.starts is None:
        return event.date, event.last_day + datetime.timedelta(days=1)
    starts = _moment(event.date, event.starts)
    if event.ends:
        ends = _moment(event.last_day, event.ends)
        return starts, ends if ends > starts else ends + datetime.timedelta(days=1)
    if event.until:
        return starts, _moment(event.until + datetime.timedelta(days=1), "00:00")
    return starts, None


def _moment(day: datetime.date, time: str) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.fromisoformat(time), _ROME)


def location_of(event: Event, site: Site) -> str | None:
    """Where the event is, in one line: the place with its address, or the words of the editor, and the town."""
    place = site.place(event.place) if event.place else None
    parts = [place.title, place.address, event.location] if place else [event.location]
    town_id = event.town or (place.town if place else None)
    town = site.network.town(town_id).name if town_id else None
    # A place may bear its town's name; a map still needs it after the street.
    if not any(town and part and town in part for part in parts[-2:]):
        parts.append(town)
    return ", ".join(part for part in parts if part) or None
