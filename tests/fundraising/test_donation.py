"""The states of a donation, computed from what Stripe says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraising.donation import HOLDS_MONEY, STEPS, State, can_become
from fundraising.facts import UnknownFact, state_of


@pytest.mark.parametrize(
    ("status", "payment_status", "payment", "state"),
    [
        ("open", "unpaid", None, State.OPEN),
        ("expired", "unpaid", None, State.ABANDONED),
        ("complete", "paid", "succeeded", State.PAID),
        ("complete", "unpaid", "processing", State.PROCESSING),
        ("complete", "unpaid", "succeeded", State.PROCESSING),
        ("complete", "unpaid", "requires_payment_method", State.FAILED),
    ],
)
def test_one_off_gift_follows_its_session(
    a_gift, a_payment, status, payment_status, payment, state
):
    """
    Completed is not paid: only what Checkout calls paid is money.
    """
    gift = a_gift(
        status=status,
        payment_status=payment_status,
        payment=payment and a_payment(status=payment),
    )

    assert state_of(gift) is state


@pytest.mark.parametrize(
    ("status", "attempts", "payment", "state"),
    [
        ("draft", 0, None, State.DUE),
        ("open", 0, None, State.DUE),
        ("open", 1, "processing", State.PROCESSING),
        ("open", 1, "requires_payment_method", State.RETRYING),
        ("paid", 1, "succeeded", State.PAID),
        ("void", 2, "canceled", State.FAILED),
        ("uncollectible", 4, "requires_payment_method", State.FAILED),
    ],
)
def test_recurring_gift_follows_its_invoice(a_gift, a_payment, status, attempts, payment, state):
    gift = a_gift(
        origin="in_test_1",
        subscription_id="sub_test_1",
        status=status,
        payment_status="",
        attempts=attempts,
        payment=payment and a_payment(status=payment),
    )

    assert state_of(gift) is state


@pytest.mark.parametrize(
    ("refunds", "state"),
    [
        ([(10_00, "succeeded")], State.PARTIALLY_REFUNDED),
        ([(25_00, "succeeded")], State.REFUNDED),
        ([(10_00, "succeeded"), (15_00, "succeeded")], State.REFUNDED),
        ([(25_00, "pending")], State.PAID),
        ([(25_00, "failed")], State.PAID),
        ([(25_00, "canceled")], State.PAID),
    ],
)
def test_only_refunds_that_succeeded_take_money_away(a_gift, a_payment, a_refund, refunds, state):
    made = tuple(a_refund(cents, status, f"re_{n}") for n, (cents, status) in enumerate(refunds))

    assert state_of(a_gift(payment=a_payment(refunds=made))) is state


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", State.DISPUTED),
        ("under_review", State.DISPUTED),
        ("appeal_under_review", State.DISPUTED),
        ("lost", State.CHARGED_BACK),
        ("won", State.PAID),
        ("prevented", State.PAID),
        ("warning_needs_response", State.PAID),
        ("warning_closed", State.PAID),
    ],
)
def test_dispute_takes_the_gift_until_it_is_decided(a_gift, a_payment, a_dispute, status, state):
    assert state_of(a_gift(payment=a_payment(disputes=(a_dispute(status),)))) is state


@pytest.mark.parametrize(
    ("refunded_cents", "lost_cents", "state"),
    [
        (0, 10_00, State.PARTIALLY_REFUNDED),
        (10_00, 10_00, State.PARTIALLY_REFUNDED),
        (15_00, 10_00, State.CHARGED_BACK),
        (15_00, 25_00, State.CHARGED_BACK),
    ],
)
def test_part_that_a_bank_took_for_good_leaves_the_rest(
    a_gift, a_payment, a_refund, a_dispute, refunded_cents, lost_cents, state
):
    payment = a_payment(
        refunds=(a_refund(refunded_cents),),
        disputes=(a_dispute("lost", amount_cents=lost_cents),),
    )

    gift = a_gift(payment=payment)

    assert state_of(gift) is state
    assert gift.returned_cents == min(refunded_cents + lost_cents, 25_00)


def test_word_we_have_no_rule_for_is_not_guessed(a_gift, a_payment, a_dispute, a_refund):
    for unknown in (
        a_gift(status="paused"),
        a_gift(payment_status="no_payment_required"),
        a_gift(currency="usd"),
        a_gift(payment=None),
        a_gift(payment=a_payment(disputes=(a_dispute("settled_by_duel"),))),
        a_gift(payment=a_payment(refunds=(a_refund(5_00, "floating"),))),
    ):
        with pytest.raises(UnknownFact):
            state_of(unknown)


def test_every_state_has_its_next_steps():
    assert set(STEPS) == set(State)


@pytest.mark.parametrize("before", [State.PAID, State.REFUNDED, State.DISPUTED, State.FAILED])
@pytest.mark.parametrize("after", [State.DRAFT, State.OPEN, State.ABANDONED, State.DUE])
def test_money_that_came_never_becomes_a_gift_not_yet_made(before, after):
    assert not can_become(before, after)


def test_news_that_was_lost_may_be_jumped_over():
    """
    We may hear of a gift for the first time when it has long been refunded.
    """
    assert can_become(State.OPEN, State.REFUNDED)
    assert can_become(State.OPEN, State.CHARGED_BACK)


@given(st.sampled_from(State), st.sampled_from(State), st.sampled_from(State))
def test_what_can_be_reached_in_two_walks_can_be_reached_in_one(first, second, third):
    if can_become(first, second) and can_become(second, third):
        assert can_become(first, third)


@given(st.sampled_from(sorted(HOLDS_MONEY)))
def test_gift_in_our_hands_can_always_be_given_back(state):
    assert can_become(state, State.REFUNDED)
