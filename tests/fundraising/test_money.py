"""Amounts as people type them, and as Italians read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraising.money import AmountRefused, format_cents, parse_amount, plain_euros


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("25", 25_00),
        ("25,50", 25_50),
        ("25.50", 25_50),
        ("25,5", 25_50),
        ("1.250,00", 1250_00),
        ("1,250.00", 1250_00),
        ("1250", 1250_00),
        ("0,50", 50),
        ("007", 7_00),
        (" 25 € ", 25_00),
        ("€25", 25_00),
        ("25 euro", 25_00),
        ("1 250,00", 1250_00),
        ("25\u00a0€", 25_00),
        ("25,50 EUR", 25_50),
        ("Euro 1 250", 1250_00),
        ("1\u00a0250,5\u00a0€", 1250_50),
        ("1\u202f250", 1250_00),
        ("1\u2009250", 1250_00),
    ],
)
def test_amount_is_read_in_cents(typed, cents):
    assert parse_amount(typed) == cents


@pytest.mark.parametrize("typed", ["1.250", "1,250"])
def test_ambiguous_amount_is_asked_back_with_both_readings(typed):
    """
    A thousand and a quarter or one and a quarter: only the donor knows.
    """
    with pytest.raises(AmountRefused, match="due modi") as refused:
        parse_amount(typed)

    assert refused.value.readings == (1250_00, 1_25)


def test_ambiguous_amount_with_three_decimals_has_one_reading():
    """
    Nobody can give 1,255 €: the only amount it may be is offered, and still asked.
    """
    with pytest.raises(AmountRefused) as refused:
        parse_amount("1.255")

    assert refused.value.readings == (1255_00,)
    assert str(refused.value) == (
        "Intendi 1.255,00\u00a0€? Allora scrivi 1255. "
        "Se no scrivilo con due decimali, per esempio 25,50."
    )


@pytest.mark.parametrize(
    ("typed", "readings", "words"),
    [
        ("1.000", (1000_00,), "Intendi 1.000,00 €? Allora scrivi 1000. L'importo minimo è 2,00 €."),
        ("12.500", (12_50,), "Intendi 12,50 €? Allora scrivi 12,50. L'importo massimo online è"),
        ("12,345", (), "Non capiamo l'importo «12,345». Scrivilo così: 25 oppure 25,50. L'importo"),
    ],
)
def test_what_cannot_be_given_is_not_asked_about(typed, readings, words):
    """
    An answer that is refused afterwards would be no answer; why it may not be is said at once.
    """
    with pytest.raises(AmountRefused) as refused:
        parse_amount(typed, minimum_cents=2_00)

    assert refused.value.readings == readings
    assert str(refused.value).replace("\u00a0", " ").startswith(words)


@given(st.from_regex(r"[1-9][0-9]{0,2}[.,][0-9]{3}", fullmatch=True))
def test_whatever_is_offered_can_be_given(typed):
    with pytest.raises(AmountRefused) as refused:
        parse_amount(typed, minimum_cents=2_00)

    for cents in refused.value.readings:
        assert parse_amount(plain_euros(cents), minimum_cents=2_00) == cents
        assert plain_euros(cents) in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Scrivi quanto"),
        ("   ", "Scrivi quanto"),
        ("€", "Scrivi quanto"),
        ("-25", "maggiore di zero"),
        ("\u221225", "maggiore di zero"),
        ("0", "minimo è 2,00"),
        ("1,99", "minimo è 2,00"),
        ("10000,01", "massimo online è 10.000,00"),
        ("1.250.000", "massimo"),
        ("9" * 5000, "massimo"),
        ("venticinque", "Non capiamo"),
        ("25,505", "Non capiamo"),
        ("0,255", "Non capiamo"),
        ("25,50,1", "Non capiamo"),
        ("2e3", "Non capiamo"),
        ("٢٥", "Non capiamo"),
        ("1.25O", "Non capiamo"),
        ("<script>", "Non capiamo"),
        ("4€99", "«4€99». Scrivilo così"),
        ("2 euro 50", "«2 euro 50»"),
        ("2 50", "«2 50»"),
        ("25\n30", "«25 30»"),
        ("12 5000", "Non capiamo"),
        ("0 250", "Non capiamo"),
        ("€25€", "Non capiamo"),
        ("1 000 000", "massimo"),
        ("99999999999999999999", "massimo"),
        ("1E+999999999", "Non capiamo"),
    ],
)
def test_amount_that_cannot_be_taken_says_why(typed, words):
    with pytest.raises(AmountRefused, match=words):
        parse_amount(typed, minimum_cents=2_00)


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (25_50, "25,50\u00a0€"),
        (5, "0,05\u00a0€"),
        (1234567_89, "1.234.567,89\u00a0€"),
        (-25_00, "-25,00\u00a0€"),
    ],
)
def test_cents_are_written_as_italians_write_euros(cents, text):
    assert format_cents(cents) == text


@given(st.integers(min_value=1, max_value=10_000_00))
def test_what_we_write_we_read_back(cents):
    """
    Both ways of writing an amount mean that amount and no other.
    """
    assert parse_amount(format_cents(cents)) == cents
    assert parse_amount(plain_euros(cents)) == cents


@given(
    st.integers(min_value=0, max_value=99_999),
    st.sampled_from(["€", " ", " € ", " euro ", "eur", "\n", "\t", "\u00a0"]),
    st.integers(min_value=0, max_value=99),
)
def test_two_numbers_are_never_joined_into_one(left, between, right):
    """
    «4€99» is 4,99 € to who writes it: 499 € must not be taken.
    """
    with pytest.raises(AmountRefused, match="Non capiamo"):
        parse_amount(f"{left}{between}{right}")


@given(st.text(max_size=40))
def test_any_text_is_an_amount_in_bounds_or_a_message(text):
    try:
        cents = parse_amount(text, minimum_cents=2_00)
    except AmountRefused as refused:
        assert str(refused).endswith((".", "?"))
    else:
        assert 2_00 <= cents <= 10_000_00
