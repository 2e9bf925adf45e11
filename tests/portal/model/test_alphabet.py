"""Titles in the order a reader looks for them."""

import pytest

from portal.model.alphabet import letter_of, sorted_as


@pytest.mark.parametrize(
    ("title", "letter"),
    [
        ("#OPcafé Rho", "O"),
        ("Èuforia", "E"),
        ("«Casa»", "C"),
        ("« Casa »", "C"),
        ("3F", "0–9"),
        ("ic Grossi", "I"),
    ],
)
def test_a_title_stands_under_its_letter(title, letter):
    """Signs, accents and capitals do not count; figures share one place."""
    assert letter_of(title) == letter


def test_signs_and_accents_do_not_change_the_order():
    """A.Se.R. comes where one says it."""
    assert sorted(["Ázimut", "A.Se.R.", "#Aiuto"], key=sorted_as) == ["#Aiuto", "A.Se.R.", "Ázimut"]
