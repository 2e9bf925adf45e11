"""Dates as exact as their source, and no more."""

import datetime

import pytest

from portal.model.dates import SourceDate
from tests.portal.writers.builders import a_story


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2015-07-04", "4 luglio 2015"),
        ("2018-11-01", "1° novembre 2018"),
        ("2019-10", "ottobre 2019"),
        ("2023", "2023"),
        ("~2015", "circa 2015"),
        ("~2019-02", "circa febbraio 2019"),
        ("s.d.", "senza data"),
    ],
)
def test_a_date_is_said_as_exactly_as_it_is_known(text, words):
    """A month stays a month: a made-up first day would be a made-up fact."""
    assert SourceDate(text).in_italian == words


@pytest.mark.parametrize("text", ["12 maggio", "2015-13", "2015-02-30", "15", "", "2015-7-4", "~"])
def test_what_is_not_a_date_is_refused(text):
    """Better a question to the editor than a wrong day on the page."""
    with pytest.raises(ValueError, match=r"."):
        SourceDate(text)


def test_dates_of_different_exactness_sort_together():
    """A timeline mixes years, months and days; what is undated comes first."""
    dates = [SourceDate(text) for text in ("2018-11-30", "2018", "s.d.", "2018-11", "~2015")]

    assert [date.text for date in sorted(dates)] == [
        "s.d.",
        "~2015",
        "2018",
        "2018-11",
        "2018-11-30",
    ]


def test_a_date_is_said_in_the_language_of_the_page():
    """Translated pages say when an address was last seen."""
    assert SourceDate("2024-11").said_in("en") == "November 2024"
    assert SourceDate("2015-07-04").said_in("es") == "4 de julio de 2015"
    assert SourceDate("2015-07-04").said_in("uk") == "4 липня 2015"
    assert SourceDate("2024-11").said_in("uk") == "листопад 2024"


def test_a_story_known_to_the_month_stands_at_its_first_day():
    """Feeds and lists need a day; readers are told the month."""
    story = a_story(date="2016-09")

    assert story.day == datetime.date(2016, 9, 1)
    assert str(story.date) == "settembre 2016"
