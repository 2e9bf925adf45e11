"""Double entry: every movement in cents, to zero."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraising.facts import Movement
from fundraising.ledger import Booking, Posting, UnbalancedBooking, book

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_fee_is_an_expense_not_a_smaller_donation(a_movement):
    """
    Income shows the 25 € the donor gave, whatever Stripe kept of it.
    """
    booking = book(a_movement(), livemode=False, donation_id="d", campaign="tetto")

    assert booking.postings == (
        Posting("Assets:Stripe", 24_37),
        Posting("Expenses:Fees:Stripe", 63),
        Posting("Income:Donations", -25_00),
    )


def test_refund_is_a_new_entry_that_takes_income_back(a_movement):
    refund = a_movement(id="txn_2", kind="refund", amount_cents=-10_00, fee_cents=0)

    assert book(refund, livemode=False).postings == (
        Posting("Assets:Stripe", -10_00),
        Posting("Income:Refunds", 10_00),
    )


def test_dispute_takes_the_gift_and_a_fee_of_its_own(a_movement):
    dispute = a_movement(id="txn_3", kind="dispute", amount_cents=-25_00, fee_cents=20_00)

    assert book(dispute, livemode=False).postings == (
        Posting("Assets:Stripe", -45_00),
        Posting("Expenses:Fees:Disputes", 20_00),
        Posting("Income:Disputes", 25_00),
    )


def test_payout_moves_money_from_stripe_to_the_bank(a_movement):
    payout = a_movement(id="txn_4", kind="payout", amount_cents=-24_37, fee_cents=0)

    assert book(payout, livemode=False).postings == (
        Posting("Assets:Stripe", -24_37),
        Posting("Assets:Bank", 24_37),
    )


def test_postings_that_do_not_sum_to_zero_are_no_booking():
    with pytest.raises(UnbalancedBooking, match="txn_1 is off by 1 cents"):
        Booking("txn_1", "payment", False, NOON, None, None, (Posting("Assets:Stripe", 1),))


def test_movement_whose_parts_disagree_is_not_booked(a_movement):
    """
    If Stripe's amount, fee and net do not add up, somebody has to look.
    """
    with pytest.raises(UnbalancedBooking):
        book(a_movement(net_cents=24_00), livemode=False)


@given(
    kind=st.sampled_from(["payment", "refund", "dispute", "payout"]),
    amount_cents=st.integers(-10_000_00, 10_000_00),
    fee_cents=st.integers(-100_00, 100_00),
)
def test_every_movement_books_to_zero(kind, amount_cents, fee_cents):
    movement = Movement("txn_1", kind, amount_cents, fee_cents, amount_cents - fee_cents, NOON)

    booking = book(movement, livemode=False)

    assert sum(posting.amount_cents for posting in booking.postings) == 0
    assert all(posting.amount_cents for posting in booking.postings)
