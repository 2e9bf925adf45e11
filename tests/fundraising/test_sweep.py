"""The sweep mends what notifications did not tell, and finds nothing to do twice."""

from datetime import timedelta

import pytest

from fundraising.doctor import examine
from fundraising.gateway import StripeUnreachable
from fundraising.store import from_text, to_text
from fundraising.sweep import Sweep


def sweep(house, later=timedelta()):
    parts = house.parts
    return Sweep(
        parts.store, parts.gateway, parts.reducer, clock=lambda: house.clock() + later
    ).run()


def state_of(house, session_id):
    return house.query("find_donation_by_origin", origin=session_id)["state"]


def test_everything_that_was_never_told_is_found(house):
    """
    A year without a single notification: gifts, a debit, a plan, refunds, disputes,
    fees and payouts are in the books after one sweep.
    """
    card, debit, plan = house.give(), house.give(), house.give(frequency="month")
    house.sandbox.pay_by_card(card)
    house.sandbox.pay_by_sepa(debit)
    subscription = house.sandbox.pay_by_card(plan)["subscription"]
    house.sandbox.renew(subscription)
    house.sandbox.settle(debit)
    house.sandbox.refund(card, 10_00)
    house.sandbox.dispute(debit)
    house.sandbox.charge_fee(2_00)
    house.sandbox.pay_out()
    done = sweep(house)

    assert done.tasks == 0
    assert state_of(house, card) == "partially_refunded"
    assert state_of(house, debit) == "charged_back"
    assert house.query("find_plan", subscription_id=subscription)["status"] == "active"
    assert len(house.query("all_receipts")) == 3
    assert examine(house.parts) == []


def test_second_sweep_looks_at_nothing(house):
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    house.sandbox.pay_by_card(house.give(frequency="month"))
    house.sandbox.refund(session_id, 5_00)
    house.sandbox.pay_out()
    sweep(house)
    before = house.query("all_postings")
    done = sweep(house)

    assert done.looked_at == 0
    assert house.query("all_postings") == before


def test_gift_at_odds_with_the_ledger_is_looked_at_again(house):
    """The doctor sends the treasurer here: the advice has to help."""
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    dispute = house.sandbox.dispute(session_id, 10_00)
    house.sandbox.close_dispute(dispute["id"], won=False)
    house.look("checkout.session", session_id)
    with house.parts.store.transaction() as books:
        # As a version that knew no parts would have left it.
        books._connection.execute("update donation set state = 'charged_back', refunded_cents = 0")
    assert any("ma nei libri ci sono 15,00" in finding for finding in examine(house.parts))

    assert sweep(house).looked_at == 1
    assert state_of(house, session_id) == "partially_refunded"
    assert examine(house.parts) == []


def test_debit_that_settles_long_after_is_found_by_what_it_moved(house):
    """
    The session is older than what the sweep lists; the money is not.
    """
    session_id = house.give()
    house.sandbox.pay_by_sepa(session_id)
    sweep(house, later=timedelta(days=10))
    house.sandbox.settle(session_id)
    sweep(house)

    assert state_of(house, session_id) == "paid"


def test_debit_that_fails_moves_no_money_and_is_found_all_the_same(house):
    session_id = house.give()
    house.sandbox.pay_by_sepa(session_id)
    sweep(house, later=timedelta(days=10))
    house.sandbox.fail(session_id)
    sweep(house)

    assert state_of(house, session_id) == "failed"


def test_cancelled_plan_and_lost_dispute_are_found(house):
    session_id, plan = house.give(), house.give(frequency="month")
    house.sandbox.pay_by_card(session_id)
    subscription = house.sandbox.pay_by_card(plan)["subscription"]
    dispute = house.sandbox.dispute(session_id)
    sweep(house, later=timedelta(days=10))
    house.sandbox.close_dispute(dispute["id"], won=False)
    house.sandbox.cancel_subscription(subscription)
    sweep(house)

    assert state_of(house, session_id) == "charged_back"
    assert house.query("find_plan", subscription_id=subscription)["status"] == "canceled"


def test_stripe_out_of_reach_leaves_the_date_where_it_was(house):
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    house.sandbox.faults.api_unavailable(50, how="refused")
    with pytest.raises(StripeUnreachable):
        sweep(house)
    house.sandbox.faults.clear()

    with house.parts.store.transaction() as books:
        assert books.find_watermark(name="sweep", livemode=0) is None
    sweep(house)
    assert state_of(house, session_id) == "paid"


def test_what_is_not_ours_becomes_a_task_not_a_crash(house):
    house.sandbox.pay_by_card(house.give())
    with house.parts.store.transaction() as books:
        books._connection.execute("update intent set id = 'another'")
    done = sweep(house)

    assert done.looked_at > 0
    assert {task["kind"] for task in house.query("open_tasks", livemode=0)} == {"orphan"}


def test_promise_of_ninety_days_ago_is_not_waited_for(house):
    house.give()
    [intent] = house.query("intents_of_donor", donor=_only_donor(house))
    long_ago = to_text(house.clock() - timedelta(days=91))
    with house.parts.store.transaction() as books:
        books.add_donation(
            id="d1", livemode=0, intent=intent["id"], origin="OP-0001-Y", subscription_id=None,
            campaign="tetto", recipient="sercop", amount_cents=25_00, state="announced",
            given_at=long_ago, observed_at=long_ago,
        )  # fmt: skip
        books.add_promise(number=1, livemode=0, donation="d1", promised_at=long_ago)

    assert sweep(house).promises_abandoned == 1
    assert state_of(house, "OP-0001-Y") == "abandoned"


def test_worker_sweeps_once_a_day_by_itself(house):
    house.sandbox.pay_by_card(house.give())

    assert not house.parts.worker.sweep_when_due()
    with house.parts.store.transaction() as books:
        day_before = from_text(books.oldest_intent(livemode=0)["moment"]) - timedelta(days=1)
        books._connection.execute(f"update intent set created_at = '{to_text(day_before)}'")
    assert house.parts.worker.sweep_when_due()
    assert not house.parts.worker.sweep_when_due()
    assert len(house.query("all_receipts")) == 1


def _only_donor(house):
    [row] = house.query("donors_of_email", livemode=0, email="anna@example.org")
    return row["id"]
