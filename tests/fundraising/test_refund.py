"""A refund ordered here gives money back once, whatever happens to the answer."""

import pytest

from fundraising.gateway import StripeRefused, StripeUnreachable
from fundraising.money import format_cents
from fundraising.refund import RefundRefused, find_gift, refund_gift


@pytest.fixture
def gift(house):
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    return find_gift(house.parts, session_id)


def refunds(house):
    return [one["amount"] for one in house.sandbox.account.store.all("refund")]


def test_whole_gift_goes_back(house, gift):
    after, cents = refund_gift(house.parts, gift)

    assert (after["state"], cents) == ("refunded", 25_00)
    assert refunds(house) == [25_00]


def test_part_of_a_gift_goes_back_and_the_receipt_follows(house, gift):
    after, _cents = refund_gift(house.parts, gift, 10_00)

    assert (after["state"], after["refunded_cents"]) == ("partially_refunded", 10_00)
    [old, new] = house.query("all_receipts")
    assert (old["state"], new["state"], new["amount_cents"]) == ("void", "issued", 15_00)


def test_gift_is_found_by_any_of_its_names(house, gift):
    for name in (gift["id"], gift["origin"], gift["payment_intent"]):
        assert find_gift(house.parts, name)["id"] == gift["id"]
    assert find_gift(house.parts, "cs_nobody") is None


def test_lost_answer_is_asked_for_again_and_pays_once(house, gift):
    """
    Stripe gave the money back and the line broke: the same command again gives
    the same refund, not a second one.
    """
    calls = house.sandbox.faults
    original = house.parts.gateway.history.refund

    def break_off(*arguments, **keywords):
        calls.api_unavailable(3, how="answer_lost")
        return original(*arguments, **keywords)

    house.parts.gateway.history.refund = break_off
    with pytest.raises(StripeUnreachable):
        refund_gift(house.parts, gift, 10_00)
    calls.clear()
    house.parts.gateway.history.refund = original
    after, cents = refund_gift(house.parts, gift)

    assert refunds(house) == [10_00]
    assert cents == 10_00
    assert after["refunded_cents"] == 10_00


def test_equal_refund_right_after_must_be_meant(house, gift):
    refund_gift(house.parts, gift, 5_00)
    with pytest.raises(RefundRefused, match="--again"):
        refund_gift(house.parts, gift, 5_00)
    refund_gift(house.parts, gift, 5_00, again=True)

    assert refunds(house) == [5_00, 5_00]


@pytest.mark.parametrize("cents", [25_01, 0])
def test_more_than_is_left_is_refused(house, gift, cents):
    with pytest.raises(RefundRefused, match=format_cents(25_00)):
        refund_gift(house.parts, gift, cents)
    assert refunds(house) == []


def test_what_was_given_back_in_the_dashboard_is_seen_first(house, gift):
    house.sandbox.refund(gift["payment_intent"])
    with pytest.raises(RefundRefused, match="niente da rendere"):
        refund_gift(house.parts, gift)


def test_refund_stripe_refuses_leaves_no_order_behind(house, gift):
    original = house.parts.gateway.history.refund

    def refuse(*arguments, **keywords):
        raise StripeRefused("balance_insufficient: amount")

    house.parts.gateway.history.refund = refuse
    with pytest.raises(StripeRefused):
        refund_gift(house.parts, gift)
    house.parts.gateway.history.refund = original

    assert house.query("open_refund_order", donation=gift["id"]) is None
    assert refund_gift(house.parts, gift)[1] == 25_00
