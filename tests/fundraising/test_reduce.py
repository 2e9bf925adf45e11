"""Facts in, books out: the same facts in any order leave the same books."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundraising.campaigns import CampaignsFile
from fundraising.donation import Frequency
from fundraising.facts import Dispute, Movement, Payment, PayoutSeen, PlanSeen, Refund, state_of
from fundraising.reduce import Reducer
from fundraising.store import open_store, to_text

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Desk:
    """A reducer over a store in which one intent of 25 € is waiting."""

    def __init__(self, store, campaigns, clock, **intent):
        self.store = store
        numbers = iter(range(1, 10_000))
        self.reducer = Reducer(
            store,
            campaigns,
            clock=clock,
            new_id=lambda: f"id-{next(numbers)}",
            livemode=False,
        )
        plain = {
            "id": "intent-1", "livemode": 0, "donor": "donor-1", "campaign": "tetto",
            "title": "Un tetto", "recipient": "sercop", "frequency": "once",
            "amount_cents": 25_00, "created_at": to_text(NOON),
        }  # fmt: skip
        with store.transaction() as books:
            books.add_donor(
                id="donor-1", livemode=0, email="anna@example.org", first_name="Anna",
                last_name="Prova", fiscal_code=None, anonymous=0, created_at=to_text(NOON),
            )  # fmt: skip
            books.add_intent(**plain | intent)

    def apply(self, *facts):
        self.reducer.apply(facts)

    def query(self, name, **parameters):
        with self.store.transaction() as books:
            return getattr(books, name)(**parameters)

    def state(self, origin="cs_test_1"):
        found = self.query("find_donation_by_origin", origin=origin)
        return found and found["state"]

    def receipts(self):
        return [
            (row["number"], row["amount_cents"], row["state"]) for row in self.query("all_receipts")
        ]

    def letters(self):
        return [(row["kind"], row["subject"]) for row in self.query("all_letters")]

    def tasks(self):
        return [(row["kind"], row["subject"]) for row in self.query("open_tasks", livemode=0)]

    def books(self):
        """What must not depend on order: the postings, and what is true of the gift."""
        postings = [
            (row["id"], row["account"], row["amount_cents"]) for row in self.query("all_postings")
        ]
        donation = self.query("find_donation_by_origin", origin="cs_test_1")
        known = {name: donation[name] for name in ("state", "refunded_cents", "refund_pending")}
        valid = [
            row["amount_cents"] for row in self.query("all_receipts") if row["state"] == "issued"
        ]
        return postings, known, valid


@pytest.fixture
def campaigns(write_campaigns):
    return CampaignsFile(write_campaigns()).read


@pytest.fixture
def desk(store, campaigns, clock):
    return Desk(store, campaigns, clock)


def test_paid_gift_is_booked_receipted_and_thanked(desk, a_gift):
    desk.apply(a_gift())

    assert desk.state() == "paid"
    assert desk.receipts() == [(1, 25_00, "issued")]
    [(kind, _subject)] = desk.letters()
    assert kind == "paid"
    assert sum(row["amount_cents"] for row in desk.query("all_postings")) == 0


def test_same_facts_twice_change_nothing(desk, a_gift):
    desk.apply(a_gift())
    once = desk.books(), desk.receipts(), desk.letters()
    desk.apply(a_gift(), a_gift())

    assert (desk.books(), desk.receipts(), desk.letters()) == once


def test_facts_older_than_the_books_are_ignored(desk, a_gift):
    """
    A slow look that began before the payment must not undo what a faster one saw.
    """
    desk.apply(a_gift(observed_at=NOON + timedelta(seconds=5)))
    desk.apply(a_gift(status="open", payment=None, paid_at=None, observed_at=NOON))

    assert desk.state() == "paid"


def test_debit_on_its_way_is_promised_not_booked(desk, a_gift, a_payment):
    desk.apply(
        a_gift(
            payment_status="unpaid",
            paid_at=None,
            payment=a_payment(status="processing", method="sepa_debit", movements=()),
        )
    )

    assert desk.state() == "processing"
    assert desk.receipts() == []
    assert [kind for kind, _ in desk.letters()] == ["pending"]
    assert desk.query("all_postings") == []
    [pending] = desk.query("pending_by_campaign", livemode=0)
    assert int(pending["pending_cents"]) == 25_00


def test_debit_that_bounces_leaves_no_money_and_a_letter(desk, a_gift, a_payment):
    desk.apply(
        a_gift(
            payment_status="unpaid",
            paid_at=None,
            payment=a_payment(status="requires_payment_method", movements=()),
        )
    )

    assert desk.state() == "failed"
    assert [kind for kind, _ in desk.letters()] == ["failed"]
    assert desk.query("all_postings") == []


def test_partial_refund_replaces_the_receipt(desk, a_gift, a_payment, a_refund, a_movement):
    desk.apply(a_gift())
    back = a_movement(id="txn_2", kind="refund", amount_cents=-10_00, fee_cents=0)
    desk.apply(
        a_gift(
            observed_at=NOON + timedelta(days=1),
            payment=a_payment(movements=(a_movement(), back), refunds=(a_refund(10_00),)),
        )
    )

    assert desk.state() == "partially_refunded"
    assert desk.receipts() == [(1, 25_00, "void"), (2, 15_00, "issued")]
    assert ("refunded", "re_1") in desk.letters()


def test_whole_refund_voids_the_receipt_and_keeps_its_number(
    desk, a_gift, a_payment, a_refund, a_movement
):
    desk.apply(a_gift())
    back = a_movement(id="txn_2", kind="refund", amount_cents=-25_00, fee_cents=0)
    desk.apply(
        a_gift(
            observed_at=NOON + timedelta(days=1),
            payment=a_payment(movements=(a_movement(), back), refunds=(a_refund(25_00),)),
        )
    )

    assert desk.receipts() == [(1, 25_00, "void")]
    [total] = desk.query("confirmed_by_campaign", livemode=0)
    assert (int(total["gifts"]), int(total["confirmed_cents"])) == (0, 0)


def test_refund_on_its_way_leaves_the_receipt_until_it_is_sure(desk, a_gift, a_payment, a_refund):
    desk.apply(a_gift())
    desk.apply(
        a_gift(
            observed_at=NOON + timedelta(days=1),
            payment=a_payment(refunds=(a_refund(25_00, "pending"),)),
        )
    )

    assert desk.state() == "paid"
    assert desk.receipts() == [(1, 25_00, "issued")]
    assert [kind for kind, _ in desk.letters()] == ["paid"]


def test_no_receipt_is_issued_while_a_refund_may_still_take_the_money(
    desk, a_gift, a_payment, a_refund
):
    desk.apply(a_gift(payment=a_payment(refunds=(a_refund(25_00, "pending"),))))
    assert (desk.receipts(), desk.reducer.issue_missing_receipts()) == ([], 0)

    failed = a_payment(refunds=(a_refund(25_00, "failed"),))
    desk.apply(a_gift(observed_at=NOON + timedelta(days=1), payment=failed))

    assert desk.receipts() == [(1, 25_00, "issued")]
    assert desk.tasks() == [("refund_failed", "re_1")]
    # Nobody was told that the money was on its way back.
    assert [kind for kind, _ in desk.letters()] == ["paid"]


def test_dispute_won_gives_the_gift_a_new_receipt_and_a_letter_but_no_second_thanks(
    desk, a_gift, a_payment, a_dispute
):
    desk.apply(a_gift())
    desk.apply(
        a_gift(
            observed_at=NOON + timedelta(days=1),
            payment=a_payment(disputes=(a_dispute("needs_response"),)),
        )
    )
    assert desk.state() == "disputed"
    desk.apply(
        a_gift(
            observed_at=NOON + timedelta(days=2),
            payment=a_payment(disputes=(a_dispute("won"),)),
        )
    )

    assert desk.state() == "paid"
    assert desk.receipts() == [(1, 25_00, "void"), (2, 25_00, "issued")]
    assert desk.letters()[1:] == [("disputed", "du_1"), ("dispute_won", "du_1")]


def test_unknown_word_moves_no_state_and_asks_a_person(desk, a_gift, a_payment, a_dispute):
    desk.apply(a_gift())
    strange = a_payment(disputes=(a_dispute("settled_by_duel"),))
    desk.apply(a_gift(observed_at=NOON + timedelta(days=1), payment=strange))

    assert desk.state() == "paid"
    assert desk.tasks() == [("unknown_fact", "cs_test_1")]


def test_question_closes_by_itself_when_stripe_says_something_we_know(
    desk, a_gift, a_payment, a_dispute
):
    strange = a_payment(disputes=(a_dispute("settled_by_duel"),))
    desk.apply(a_gift(payment=strange))
    desk.apply(a_gift(observed_at=NOON + timedelta(days=1)))

    assert desk.state() == "paid"
    assert desk.tasks() == []


def test_money_never_walks_backwards(desk, a_gift):
    desk.apply(a_gift())
    desk.apply(a_gift(status="expired", observed_at=NOON + timedelta(days=1)))

    assert desk.state() == "paid"
    assert desk.tasks() == [("backwards", "cs_test_1")]


def test_payment_that_is_none_of_ours_is_a_task_and_no_guess(desk, a_gift):
    desk.apply(a_gift(intent_id=None), a_gift(origin="cs_test_2", intent_id="intent-9"))

    assert desk.state() is None
    assert desk.tasks() == [("orphan", "cs_test_1"), ("orphan", "cs_test_2")]


def test_other_mode_is_never_mixed_in(desk, a_gift):
    desk.apply(a_gift(livemode=True))

    assert desk.query("all_postings") == []
    assert desk.tasks() == [("wrong_mode", "cs_test_1")]


def test_receipt_waits_for_the_recipient_to_be_named(store, clock, a_gift, write_campaigns):
    """
    The money is booked at once; the receipt comes when campaigns.json can be read.
    """
    path = write_campaigns()
    text = path.read_text(encoding="utf-8")
    path.unlink()
    desk = Desk(store, CampaignsFile(path).read, clock)
    desk.apply(a_gift())
    assert (desk.state(), desk.receipts(), desk.letters()) == ("paid", [], [])

    path.write_text(text, encoding="utf-8")
    issued = desk.reducer.issue_missing_receipts()

    assert issued == 1
    assert desk.receipts() == [(1, 25_00, "issued")]
    assert [kind for kind, _ in desk.letters()] == ["paid"]
    assert desk.reducer.issue_missing_receipts() == 0


def test_receipt_waits_for_the_fee_to_be_known(desk, a_gift, a_payment):
    """
    Stripe may say paid before it says what moved: the receipt follows the postings.
    """
    desk.apply(a_gift(paid_at=None, payment=a_payment(movements=())))
    assert (desk.state(), desk.receipts()) == ("paid", [])

    desk.apply(a_gift(observed_at=NOON + timedelta(seconds=5)))

    assert desk.receipts() == [(1, 25_00, "issued")]


def test_receipt_belongs_to_the_italian_year(store, campaigns, clock, a_gift):
    """
    Half an hour after midnight in Milan it is still last year in UTC.
    """
    clock.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    desk = Desk(store, campaigns, clock)
    desk.apply(a_gift())

    [receipt] = desk.query("all_receipts")
    assert receipt["year"] == 2027


def test_plan_is_known_by_its_subscription(desk):
    plan = PlanSeen("sub_1", "intent-1", False, "active", False, Frequency.MONTH, 25_00, NOON)
    ended = replace(plan, status="canceled", observed_at=NOON + timedelta(days=1))
    desk.apply(ended, plan)

    assert desk.query("find_plan", subscription_id="sub_1")["status"] == "canceled"


def test_payout_moves_the_balance_to_the_bank(desk, a_gift, a_movement):
    out = a_movement(id="txn_9", kind="payout", amount_cents=-24_37, fee_cents=0)
    desk.apply(a_gift(), PayoutSeen("po_1", False, (out,), NOON))

    assert int(desk.query("account_balance", livemode=0, account="Assets:Stripe")["cents"]) == 0
    assert int(desk.query("account_balance", livemode=0, account="Assets:Bank")["cents"]) == 24_37


def test_looks_at_the_same_time_act_once(desk, a_gift):
    """
    Thank-you page, notification and worker may all arrive together.
    """
    errors = []

    def look(number):
        try:
            desk.apply(a_gift(observed_at=NOON + timedelta(seconds=number)))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert desk.receipts() == [(1, 25_00, "issued")]
    assert [kind for kind, _ in desk.letters()] == ["paid"]
    assert len(desk.query("all_postings")) == 3


@st.composite
def histories(draw):
    """The looks one could take at one gift while it is paid, refunded and disputed."""
    movements = [Movement("txn_0", "payment", 25_00, 63, 24_37, NOON)]
    refunds, disputes = {}, {}
    by_debit = draw(st.booleans())
    looks = [("open", "unpaid", None)]
    if by_debit:
        looks.append(("complete", "unpaid", Payment("pi_1", "processing", "sepa_debit")))

    def look():
        payment = Payment(
            "pi_1", "succeeded", "card", "ch_1", "succeeded",
            tuple(movements), tuple(refunds.values()), tuple(disputes.values()),
        )  # fmt: skip
        looks.append(("complete", "paid", payment))

    look()
    for number in range(draw(st.integers(0, 5))):
        made = [one for one in refunds.values() if one.status == "succeeded"]
        left = 25_00 - sum(refund.amount_cents for refund in made)
        match draw(st.sampled_from(["refund", "refund fails", "dispute", "close"])):
            case "refund" if left and not disputes:
                cents = draw(st.integers(1, left))
                refunds[number] = Refund(f"re_{number}", cents, "succeeded")
                movements.append(Movement(f"txn_r{number}", "refund", -cents, 0, -cents, NOON))
            case "refund fails" if made:
                key, one = next(each for each in refunds.items() if each[1] in made)
                refunds[key] = replace(one, status="failed")
                cents = one.amount_cents
                movements.append(Movement(f"txn_f{key}", "refund", cents, 0, cents, NOON))
            case "dispute" if left and not disputes:
                cents = draw(st.integers(1, left))
                disputes["du_1"] = Dispute("du_1", cents, "needs_response")
                movements.append(Movement("txn_d", "dispute", -cents, 20_00, -cents - 20_00, NOON))
            case "close" if disputes and disputes["du_1"].status == "needs_response":
                won = draw(st.booleans())
                cents = disputes["du_1"].amount_cents
                disputes["du_1"] = Dispute("du_1", cents, "won" if won else "lost")
                if won:
                    movements.append(Movement("txn_w", "dispute", cents, 0, cents, NOON))
        look()
    # Duplicates, any order; the last look is somewhere among them, as Stripe retries for days.
    order = draw(st.lists(st.sampled_from(range(len(looks))), max_size=8))
    order.insert(draw(st.integers(0, len(order))), len(looks) - 1)
    return looks, order


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(histories())
def test_any_order_and_duplication_ends_in_the_same_books(
    database, campaigns, clock, a_gift, history
):
    """
    Whatever arrives first, twice or late: the last word of Stripe decides.
    """
    looks, order = history

    def seen(number):
        status, payment_status, payment = looks[number]
        return a_gift(
            status=status,
            payment_status=payment_status,
            payment=payment,
            paid_at=NOON if payment_status == "paid" else None,
            observed_at=NOON + timedelta(minutes=number),
        )

    with open_store(database()) as plain, open_store(database()) as shuffled:
        straight, mixed = Desk(plain, campaigns, clock), Desk(shuffled, campaigns, clock)
        straight.apply(seen(len(looks) - 1))
        for number in order:
            mixed.apply(seen(number))

        assert mixed.books() == straight.books()
        assert mixed.state() == state_of(seen(len(looks) - 1))
        payment = looks[-1][2]
        for desk in (straight, mixed):
            failed = [refund.id for refund in payment.refunds if refund.has_failed]
            assert desk.tasks() == [("refund_failed", refund) for refund in failed]
            told = set(desk.letters())
            for refund in failed:
                assert (("refunded", refund) in told) == (("refund_failed", refund) in told)
            won = any(one.status == "won" for one in payment.disputes)
            assert (("dispute_won", "du_1") in told) == (won and ("disputed", "du_1") in told)
            assert desk.query("unbalanced_bookings") == []
            assert desk.query("receipts_without_money", livemode=0) == []
            assert desk.query("donations_without_receipt", livemode=0) == []
            assert desk.query("donations_at_odds_with_the_ledger", livemode=0) == []
            for series in desk.query("receipt_series"):
                assert series["receipts"] == series["last_number"] == series["highest_number"]
