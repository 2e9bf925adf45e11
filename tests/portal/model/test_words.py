"""The words of another language keep the marks that the site fills in."""

import pytest
from pydantic import ValidationError

from portal.model.words import Words
from tests.portal.writers.builders import some_words


def fault_of(field: str, words: str) -> str:
    """What is said of *words* for one field."""
    with pytest.raises(ValidationError) as caught:
        Words(**some_words() | {field: words})
    (fault,) = caught.value.errors()
    return str(fault["msg"])


def test_words_with_their_marks_are_taken():
    assert Words(**some_words()).about_date == "the words for about_date {date}"


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [
        ("address_seen", "address as of {data}", "ha «{data}» al posto di «{date}». Rimetti «{date}»"),
        ("address_seen", "address as of {date", "ha «{date» al posto di «{date}». Rimetti «{date}»"),
        ("address_seen_in", "address as of long ago", "non ha «{year}». Rimetti «{year}»"),
        ("weight", "{kilobytes} KB on {date}", "ha «{date}», che nella pagina resterebbe scritto così"),
        ("menu", "Menu {year}", "ha «{year}», che nella pagina resterebbe scritto così"),
    ],
)  # fmt: skip
def test_a_mark_that_is_not_the_one_we_know_is_refused(field, words, said):
    """It would stand on every page of that language."""
    assert fault_of(field, words).startswith(said)
