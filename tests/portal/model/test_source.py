"""Sources, and how new they are."""

from portal.model.source import Source, newest_date


def test_the_newest_source_is_the_latest_that_has_a_date():
    """
    One without a date may be newer, and nobody can say so.
    """
    sources = [Source(title="Il Giorno", date=date) for date in ("2018-05-09", "s.d.", "2018-12")]

    assert str(newest_date(sources)) == "dicembre 2018"


def test_a_date_that_is_estimated_says_so():
    """
    On paper too it is «circa».
    """
    sources = [Source(title="La Cordata", date=date) for date in ("2018-05-09", "~2021")]

    assert str(newest_date(sources)) == "circa 2021"


def test_without_a_dated_source_there_is_no_date():
    """
    None is made up.
    """
    assert newest_date([Source(title="Radiomamma", date="s.d.")]) is None
