"""The calendars: what a calendar program is told, and that it stays true."""

import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.model.network import Network
from portal.writers.calendars import calendar_list, write_calendars

from .builders import a_place, a_site, a_town, an_action, an_event

SITE_URL = "https://www.esempio.it/"
RHO = Network((), (a_town("rho", 9.0402, 45.5285),), ())
DAY = datetime.timedelta(days=1)


def written(*events, **fields):
    return write_calendars(a_site(events=events, network=RHO, **fields), SITE_URL)


def entry(event, **fields):
    """The event as a calendar program reads it from the file with it alone."""
    calendar = icalendar.Calendar.from_ical(written(event, **fields)[f"{event.url}evento.ics"])
    [found] = calendar.events
    return found


def test_calendar_program_finds_what_was_written():
    event = an_event(
        starts="09:30",
        ends="13:00",
        location="Cascina Triulza",
        sources=({"title": "Legnanonews", "date": "2018-11-20"},),
    )

    read = entry(event)

    assert read["UID"] == "ev-2018-001@oltreiperimetri.it"
    assert read["SUMMARY"] == "La festa di fine progetto"
    assert read["DESCRIPTION"] == (
        "Una mattina insieme per raccontare tre anni di lavoro.\n\n"
        "https://www.esempio.it/agenda/2018-11-30-festa/"
    )
    assert read["LOCATION"] == "Cascina Triulza"
    assert read["URL"] == "https://www.esempio.it/agenda/2018-11-30-festa/"
    assert read["STATUS"] == "CONFIRMED"
    assert read["SEQUENCE"] == 0


def test_times_are_those_of_rome_and_the_file_says_what_that_means():
    """In summer and in winter, also for a program that knows no time zones."""
    summer = an_event("estate", date=datetime.date(2018, 7, 1), starts="18:00", ends="20:00")
    winter = an_event("inverno", id="ev-2018-002", starts="09:30", ends="13:00")

    calendar = icalendar.Calendar.from_ical(written(summer, winter)["agenda/calendario.ics"])

    utc = [event.start.astimezone(ZoneInfo("UTC")) for event in calendar.events]
    assert [f"{moment:%d/%m %H:%M}" for moment in utc] == ["01/07 16:00", "30/11 08:30"]
    [zone] = calendar.timezones
    assert zone.tz_name == "Europe/Rome"
    tz = zone.to_tz(lookup_tzid=False)
    offsets = [
        datetime.datetime(2026, month, 15, 12, tzinfo=tz).utcoffset() for month in (1, 4, 7, 11)
    ]
    assert [offset.total_seconds() / 3600 for offset in offsets] == [1, 2, 2, 1]


def test_end_of_a_whole_day_is_the_day_after():
    """The end is the first moment that is no longer the event; else programs show a day too few."""
    one_day = entry(an_event(date=datetime.date(2018, 11, 30)))
    three_days = entry(an_event(date=datetime.date(2016, 5, 26), until=datetime.date(2016, 5, 28)))

    assert (one_day["DTSTART"].dt, one_day["DTEND"].dt) == (
        datetime.date(2018, 11, 30),
        datetime.date(2018, 12, 1),
    )
    assert (three_days["DTSTART"].dt, three_days["DTEND"].dt) == (
        datetime.date(2016, 5, 26),
        datetime.date(2016, 5, 29),
    )
    assert one_day["DTSTART"].params["VALUE"] == "DATE"


def test_event_without_an_end_has_none():
    read = entry(an_event(starts="09:30"))

    assert "DTEND" not in read


def test_evening_that_goes_past_midnight_ends_the_day_after():
    read = entry(an_event(starts="21:00", ends="01:00"))

    assert read.end - read.start == datetime.timedelta(hours=4)


def test_days_with_a_beginning_and_no_end_are_over_at_midnight():
    read = entry(an_event(until=datetime.date(2018, 12, 1), starts="10:00"))

    assert f"{read.end:%d/%m %H:%M}" == "02/12 00:00"


@settings(max_examples=60, deadline=None)
@given(
    date=st.dates(datetime.date(2000, 1, 1), datetime.date(2060, 1, 1)),
    more_days=st.none() | st.integers(1, 9),
    starts=st.none() | st.times(),
    ends=st.none() | st.times(),
)
def test_no_event_is_over_before_it_begins(date, more_days, starts, ends):
    event = an_event(
        date=date,
        until=date + more_days * DAY if more_days else None,
        starts=starts and f"{starts:%H:%M}",
        ends=ends and f"{ends:%H:%M}",
    )

    read = entry(event)

    assert "DTEND" not in read or read["DTEND"].dt > read["DTSTART"].dt
    assert type(read.get("DTEND", read["DTSTART"]).dt) is type(read["DTSTART"].dt)


def test_cancelled_event_stays_and_says_so():
    """Programs that do not know the state still show the word."""
    read = entry(an_event(cancelled=True, sequence=1, updated=datetime.date(2018, 11, 29)))

    assert read["STATUS"] == "CANCELLED"
    assert read["SUMMARY"] == "Annullato: La festa di fine progetto"
    assert read["UID"] == "ev-2018-001@oltreiperimetri.it"
    assert read["SEQUENCE"] == 1
    assert read["LAST-MODIFIED"].dt == datetime.datetime(2018, 11, 29, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("dates", "stamp"),
    [
        (("2018-11-20", "2018-05"), "20181120T000000Z"),
        (("~2017", "s.d."), "20170101T000000Z"),
        (("s.d.",), "20181130T000000Z"),
    ],
)
def test_stamp_is_the_newest_source_and_never_the_moment_of_the_build(dates, stamp):
    """An event of which no source has a date is as old as its own day."""
    sources = tuple({"title": "Legnanonews", "date": date} for date in dates)

    read = entry(an_event(sources=sources), today=datetime.date(2031, 1, 1))

    assert read["DTSTAMP"].to_ical().decode() == stamp
    assert read["LAST-MODIFIED"].to_ical().decode() == stamp


def test_program_comes_back_every_six_hours():
    ics = written(an_event())["agenda/calendario.ics"].decode()

    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in ics
    assert "\r\nX-PUBLISHED-TTL:PT6H\r\n" in ics
    assert "\r\nSOURCE:https://www.esempio.it/agenda/calendario.ics\r\n" in ics


def test_lines_end_and_fold_as_the_standard_wants():
    """CR LF, at most 75 octets a line, and no letter of two octets cut in two."""
    event = an_event(description="Però è già mezzogiorno, perché? " * 7)

    ics = written(event)["agenda/calendario.ics"]

    lines = ics.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in b"".join(lines)
    assert max(len(line) for line in lines) <= 75
    # Raises where a line ends in half a letter.
    assert "".join(line.decode() for line in lines).count("Però") == 7
    assert "mezzogiorno" in entry(event)["DESCRIPTION"]


def test_commas_semicolons_and_backslashes_arrive_as_they_were():
    event = an_event(title=r"Pane, vino; e \ altro")

    assert entry(event)["SUMMARY"] == r"Pane, vino; e \ altro"


def test_place_is_told_with_street_and_town():
    """Also where the place bears the town's name: a map looks for it after the street."""
    place = a_place(address="via Meda 20")
    event = an_event(place="opcafe-rho")

    assert entry(event, places=(place,))["LOCATION"] == "#OPcafé di Rho, via Meda 20, Rho"


def test_town_is_not_told_twice():
    assert (
        entry(an_event(location="Villa Burba, Rho", town="rho"))["LOCATION"] == "Villa Burba, Rho"
    )
    assert entry(an_event(town="rho"))["LOCATION"] == "Rho"
    assert "LOCATION" not in entry(an_event())


def test_each_place_and_action_has_a_calendar_before_its_first_event():
    rho, lainate = a_place(address="via Meda 20"), a_place("opcafe-lainate")
    job, house = an_action(), an_action("smart-house", number=3, area="casa")
    event = an_event(place="opcafe-rho", actions=("job-community",))

    files = written(event, places=(rho, lainate), actions=(job, house))

    assert sorted(files) == [
        "agenda/2018-11-30-festa/evento.ics",
        "agenda/calendario.ics",
        "azioni/job-community/calendario.ics",
        "azioni/smart-house/calendario.ics",
        "luoghi/opcafe-lainate/calendario.ics",
        "luoghi/opcafe-rho/calendario.ics",
    ]
    told = {path: icalendar.Calendar.from_ical(ics).events for path, ics in files.items()}
    assert [path for path, events in sorted(told.items()) if not events] == [
        "azioni/smart-house/calendario.ics",
        "luoghi/opcafe-lainate/calendario.ics",
    ]
    assert {one["SUMMARY"] for events in told.values() for one in events} == {event.title}


def test_site_lists_its_calendars_for_people():
    site = a_site(events=(an_event(place="opcafe-rho"),), places=(a_place(),), network=RHO)

    everything, rho = calendar_list(site)

    assert (everything.title, everything.ics_url) == (
        "Tutti gli appuntamenti",
        "agenda/calendario.ics",
    )
    assert rho.webcal_url(SITE_URL) == "webcal://www.esempio.it/luoghi/opcafe-rho/calendario.ics"


def test_agenda_without_events_is_still_a_calendar():
    """One can subscribe to it before the first event."""
    calendar = icalendar.Calendar.from_ical(written()["agenda/calendario.ics"])

    assert calendar["NAME"] == "#Oltreiperimetri: Tutti gli appuntamenti"
    assert calendar["X-WR-CALNAME"] == calendar["NAME"]
    assert calendar["X-WR-TIMEZONE"] == "Europe/Rome"
    assert calendar.events == []


def test_two_builds_give_the_same_bytes_whatever_order_the_events_come_in():
    first, second = an_event("prima"), an_event("seconda", id="ev-2018-002")

    assert written(first, second) == written(second, first, today=datetime.date(2030, 1, 1))
