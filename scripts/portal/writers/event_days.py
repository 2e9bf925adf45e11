"""The days and hours of an event in words, where no markup can tell them apart."""

from __future__ import annotations

from portal.model.event import Event
from portal.writers.formats import days


def days_of(event: Event) -> str:
    """When it is: «sabato 5 dicembre 2026, 09:30–13:00»; with the last day where it lasts several."""
    when = days(event.date, event.until)
    if event.starts and event.ends:
        return f"{when}, {event.starts}–{event.ends}"
    return f"{when}, ore {event.starts}" if event.starts else when
