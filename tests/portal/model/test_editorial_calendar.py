"""The editorial calendar: nothing that somebody must see to is forgotten, nothing past fills it."""

import datetime

from portal.model.editorial_calendar import Due, editorial_calendar
from portal.model.picture import Picture
from portal.model.story import Consent
from tests.portal.writers.builders import a_story, an_event, an_opportunity

TODAY = datetime.date(2026, 11, 22)
DAY = datetime.timedelta(days=1)


def entries(*pages):
    return [(entry.day, entry.due) for entry in editorial_calendar(pages, {}, TODAY)]


def test_what_is_due_comes_by_day_and_drafts_come_last():
    draft = a_story("2026-11-20-bozza", status="bozza")
    story = a_story(publish_from=TODAY + 9 * DAY, review_by=TODAY + DAY)

    assert entries(draft, story, an_opportunity(expires=TODAY + 2 * DAY)) == [
        (TODAY + DAY, Due.REVIEW),
        (TODAY + 2 * DAY, Due.EXPIRES),
        (TODAY + 9 * DAY, Due.GOES_OUT),
        (None, Due.DRAFT),
    ]


def test_what_happens_by_itself_leaves_the_day_after():
    """An event that has been, a page that is out, an offer that has ended: nobody has to do anything."""
    past = TODAY - DAY

    assert (
        entries(an_event(date=past), a_story(publish_from=past), an_opportunity(expires=past)) == []
    )
    assert entries(an_event(date=TODAY)) == [(TODAY, Due.EVENT)]


def test_what_somebody_must_see_to_stays_until_it_is_done():
    consent = {"kind": "scritto", "until": TODAY - 5 * DAY}
    story = a_story(real_person=True, consent=consent, review_by=TODAY - DAY)

    found = editorial_calendar([story], {}, TODAY)

    assert [(entry.due, entry.is_late(TODAY)) for entry in found] == [
        (Due.CONSENT_ENDS, True),
        (Due.REVIEW, True),
    ]


def test_cancelled_event_asks_nobody_to_come():
    assert entries(an_event(date=TODAY + DAY, cancelled=True)) == []


def test_the_consent_of_whoever_is_seen_in_a_picture_ends_too():
    """Nobody thinks of it once the story is out; a drawing without people asks for nothing."""
    until = datetime.date(2026, 10, 1)
    pictures = {
        "storie/img/orto.jpg": Picture(
            credit="Foto: Officina, 2016", people=True, consent=Consent(kind="scritto", until=until)
        ),
        "storie/img/zappa.jpg": Picture(credit="Foto: Officina, 2016", people=False),
    }

    [entry] = editorial_calendar([], pictures, TODAY)

    assert (entry.day, entry.due) == (until, Due.PICTURE_CONSENT_ENDS)
    assert (entry.name, entry.where) == ("orto.jpg", "storie/img/orto.jpg")
    assert entry.is_late(TODAY)
