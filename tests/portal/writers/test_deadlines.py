"""The calendars of the boards: the last day of what is open."""

import icalendar

from portal.writers.deadlines import write_deadlines
from portal.writers.feeds import write_feeds
from tests.portal.writers.builders import a_site, an_opportunity

SITE_URL = "https://www.esempio.it/"


def test_the_last_day_is_a_whole_day_that_stays_free():
    """A reminder, not an appointment: who subscribes is not busy on it."""
    site = a_site(opportunities=(an_opportunity(expires="2026-12-31"),))

    calendar = icalendar.Calendar.from_ical(
        write_deadlines(site, SITE_URL)["opportunita/calendario.ics"]
    )

    (entry,) = calendar.walk("VEVENT")
    assert entry["UID"] == "op-2026-001@oltreiperimetri.it"
    assert entry.decoded("DTSTART").isoformat() == "2026-12-31"
    assert entry.decoded("DTEND").isoformat() == "2027-01-01"
    assert entry["SUMMARY"] == "Ultimo giorno: Aiuto panettiere"
    assert entry["DESCRIPTION"].splitlines() == [
        site.opportunities[0].how,
        "",
        "https://www.esempio.it/opportunita/2026-11-01-aiuto-panettiere/",
    ]
    assert entry["TRANSP"] == "TRANSPARENT"
    assert entry["URL"] == "https://www.esempio.it/opportunita/2026-11-01-aiuto-panettiere/"


def test_what_has_expired_is_in_no_calendar_and_in_no_feed():
    """Yesterday was the last day; the files are there, without it."""
    over = an_opportunity(expires="2026-11-21")
    site = a_site(opportunities=(over,))

    calendars = write_deadlines(site, SITE_URL)
    feeds = write_feeds(site, {over.url: "<p>Si impasta.</p>"}, SITE_URL)

    assert calendars.keys() == {"opportunita/calendario.ics", "corsi/calendario.ics"}
    assert not any(b"VEVENT" in content for content in calendars.values())
    assert b"<entry" not in feeds["opportunita/feed.atom"]


def test_what_is_open_is_in_the_feed_of_its_board():
    """With its text, so that one can decide without coming to the site."""
    course = an_opportunity(kind="corso")
    site = a_site(opportunities=(course,))

    feeds = write_feeds(site, {course.url: "<p>Si impasta.</p>"}, SITE_URL)

    assert b"tag:oltreiperimetri.it,2026:op-2026-001" in feeds["corsi/feed.atom"]
    assert "Si impasta." in feeds["corsi/feed.rss"].decode()
    assert b"op-2026-001" not in feeds["opportunita/feed.atom"]
    assert b"op-2026-001" not in feeds["storie/feed.atom"]
