"""The editorial calendar: nothing that somebody must see to is forgotten, nothing past fills it."""

import datetime

from portal.model.editorial_calendar import Due, editorial_calendar
from tests.portal.writers.builders import a_story, an_event, an_opportunity

TODAY = datetime.date(2026, 11, 22)
DAY = datetime.timedelta(days=1)


def entries(*pages):
    return [(entry.day, entry.due) for entry in editorial_calendar(pages, TODAY)]


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

    found = editorial_calendar([story], TODAY)

    assert [(entry.due, entry.is_late(TODAY)) for entry in found] == [
        (Due.CONSENT_ENDS, True),
        (Due.REVIEW, True),
    ]


def test_cancelled_event_asks_nobody_to_come():
    assert entries(an_event(date=TODAY + DAY, cancelled=True)) == []
