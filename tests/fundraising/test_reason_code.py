"""The reason code of a bank transfer survives people, banks and their keyboards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraising.reason_code import LARGEST_NUMBER, parse_reason_code, reason_code

numbers = st.integers(1, LARGEST_NUMBER)


def test_code_is_short_and_always_the_same():
    assert reason_code(1) == "OP-0001-Y"
    assert reason_code(123456) == "OP-44EE-J"


@pytest.mark.parametrize(
    "words",
    [
        "Erogazione liberale OP-44EE-J",
        "EROG LIBERALE OP44EEJ DA ROSSI",
        "op 44ee j",
        "BONIFICO/OP.44EE.J/GRAZIE",
        "0P-44EE-J",
    ],
)
def test_code_is_found_in_what_banks_write(words):
    assert parse_reason_code(words) == 123456


def test_letters_people_mistake_for_digits_are_read_as_digits():
    assert parse_reason_code("OP-OOOI-Y") == 1
    assert parse_reason_code("OP-OOOl-Y") == 1


@pytest.mark.parametrize(
    "words", ["", "OPERAZIONE DEL 12/11", "OP-44EE-K", "OP-44E-J", "OPERAIO 1", "STRIPE PAYOUT"]
)
def test_what_is_no_code_is_not_taken_for_one(words):
    assert parse_reason_code(words) is None


def test_two_different_codes_are_nobodys_guess():
    assert parse_reason_code("OP-44EE-J oppure OP-0001-Y") is None
    assert parse_reason_code("OP-44EE-J OP-44EE-J") == 123456


@pytest.mark.parametrize("number", [0, -1, LARGEST_NUMBER + 1])
def test_numbers_that_have_no_code_are_refused(number):
    with pytest.raises(ValueError):
        reason_code(number)


@given(numbers)
def test_every_code_is_read_back(number):
    assert parse_reason_code(f"dono {reason_code(number)} grazie") == number


@given(numbers, st.data())
def test_one_wrong_character_never_gives_another_promise(number, data):
    code = reason_code(number)
    place = data.draw(st.sampled_from([i for i in range(3, len(code)) if code[i] != "-"]))
    wrong = data.draw(
        st.sampled_from([c for c in "0123456789ABCDEFGHJKMNPQRTVWXYZ" if c != code[place]])
    )

    assert parse_reason_code(code[:place] + wrong + code[place + 1 :]) is None


@given(numbers, st.data())
def test_two_swapped_characters_never_give_another_promise(number, data):
    digits = reason_code(number).split("-")[1]
    place = data.draw(st.integers(0, len(digits) - 2))
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    found = parse_reason_code(f"OP-{swapped}-{reason_code(number)[-1]}")

    assert found is None or swapped == digits
