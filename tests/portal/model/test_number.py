"""A number is its digits: nothing else that Python would take for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from portal.model.number import Number

NUMBER = TypeAdapter(Number)
WRITTEN = st.text(alphabet="0123456789.,_' +-e€", max_size=8)


@given(st.integers(0, 10**9))
def test_digits_are_the_number_they_write(number):
    """Also with a space that came along when they were copied."""
    assert NUMBER.validate_python(str(number)) == number
    assert NUMBER.validate_python(f" {number} ") == number


@given(WRITTEN)
def test_whatever_is_taken_is_what_its_digits_say(text):
    """20.000 is twenty to Python, and twenty thousand to whoever asks for it."""
    try:
        read = NUMBER.validate_python(text)
    except ValidationError:
        return
    assert text.strip().removeprefix("-").isdigit()
    assert read == int(text)


@pytest.mark.parametrize("text", ["20.000", "1_000", "1 000", "+5", "5.0", "1'000", "20,000"])
def test_a_number_with_a_sign_in_it_is_refused(text):
    with pytest.raises(ValidationError):
        NUMBER.validate_python(text)
