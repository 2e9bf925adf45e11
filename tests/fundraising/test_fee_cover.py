"""The cover of fees: exact in cents, by the prices of the day, and never more than needed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraising.fee_cover import Fee, estimate_cover, price_list

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("gift_cents", "cover_cents"),
    [(2_00, 28), (10_00, 41), (25_00, 63), (100_00, 1_78), (9_000_00, 137_31)],
)
def test_cover_leaves_the_whole_gift(gift_cents, cover_cents):
    assert estimate_cover(gift_cents, today=TODAY) == cover_cents


@given(
    gift_cents=st.integers(min_value=1, max_value=10_000_00),
    per_mille=st.integers(min_value=0, max_value=120),
    fixed_cents=st.integers(min_value=0, max_value=100),
)
def test_one_cent_less_would_not_do(gift_cents, per_mille, fixed_cents):
    fee = Fee(date(2023, 4, 10), per_mille, fixed_cents)

    total_cents = gift_cents + estimate_cover(gift_cents, today=TODAY, fees=(fee,))

    assert total_cents - fee.of(total_cents) >= gift_cents
    less_cents = total_cents - 1
    assert less_cents < gift_cents or less_cents - fee.of(less_cents) < gift_cents


def test_prices_are_those_of_the_day():
    dear = Fee(date(2026, 1, 1), 29, 30)
    cheap = Fee(date(2023, 4, 10), 15, 25)

    assert estimate_cover(25_00, today=date(2025, 12, 31), fees=(cheap, dear)) == 63
    assert estimate_cover(25_00, today=date(2026, 1, 1), fees=(cheap, dear)) == 106
    assert estimate_cover(25_00, today=date(2020, 1, 1), fees=(cheap, dear)) == 0


def test_price_list_says_since_when_and_from_where():
    [fee] = price_list()

    assert fee == Fee(date(2023, 4, 10), 15, 25)
