"""The fiscal code: shape, omocodia and control character."""

import pytest

from fundraising.fiscal_code import FiscalCodeRefused, read_fiscal_code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", None),
        ("   ", None),
        ("RSSMRA85T10A562S", "RSSMRA85T10A562S"),
        ("rssmra 85t10 a562s", "RSSMRA85T10A562S"),
        # Omocodia: the last digit has become a letter, and the control letter with it.
        ("RSSMRA85T10A56NH", "RSSMRA85T10A56NH"),
        # Born abroad: Z instead of a town.
        ("RSSMRA85T10Z129Q", "RSSMRA85T10Z129Q"),
        ("00743110157", "00743110157"),
    ],
)
def test_code_is_read(typed, code):
    assert read_fiscal_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "RSSMRA85T10A562X",
        "RSSMRA85T10A562",
        "ABC",
        "1234567890123456",
        "00743110158",
        "ÀSSMRA85T10A562S",
    ],
)
def test_code_that_cannot_exist_is_refused_and_may_be_left_out(typed):
    """
    A wrong code is told, and never keeps anybody from giving.
    """
    with pytest.raises(FiscalCodeRefused, match="vuoto"):
        read_fiscal_code(typed)
