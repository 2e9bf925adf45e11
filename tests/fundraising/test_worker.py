"""The worker: a crash anywhere loses nothing and doubles nothing."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from fundraising.mailer import MailRefused, list_letters
from fundraising.news import News
from fundraising.store import from_text, to_text

LETTERS = "letters"


@dataclass
class Postbox:
    """A mailer that remembers, or refuses as often as it is told."""

    refusals: list = field(default_factory=list)
    sent: list = field(default_factory=list)

    def send(self, letter, message_id):
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append((letter, message_id))


class PowerCut(BaseException):
    """Nothing after this runs."""


def notify(house, kind, object_id, number=1):
    with house.parts.store.transaction() as books:
        books.receive_notification(
            id=f"evt_{kind}_{object_id}_{number}",
            livemode=0,
            type=f"{kind}.updated",
            object_kind=kind,
            object_id=object_id,
            received_at=to_text(house.clock()),
        )


def paid_session(house, **changes):
    session_id = house.give(**changes)
    house.sandbox.pay_by_card(session_id)
    return session_id


def use(house, postbox):
    house.parts.__dict__["mailer"] = postbox
    return postbox


def test_notification_ends_in_books_letter_and_totals(house):
    notify(house, "checkout.session", paid_session(house))
    done = house.parts.worker.run_once()

    assert (done.notifications, done.letters, done.totals_written) == (1, 1, True)
    [letter] = list_letters(house.parts.settings.letters_folder)
    assert letter.to == "anna@example.org"
    [receipt] = letter.attachments
    assert receipt.filename.startswith("ricevuta-1-")
    assert receipt.content.startswith(b"%PDF")
    totals = json.loads(house.parts.settings.totals_file.read_text(encoding="utf-8"))
    assert totals["total"] == {
        "gifts": 1, "confirmed_cents": 25_00, "pending_cents": 0, "costs_cents": 63,
    }  # fmt: skip


def test_nothing_due_is_nothing_done(house):
    house.parts.worker.run_once()
    done = house.parts.worker.run_once()

    assert (done.notifications, done.receipts, done.letters) == (0, 0, 0)
    assert not done.totals_written


def test_one_look_answers_every_notification_about_an_object(house):
    """
    A burst about one session costs one visit to Stripe.
    """
    session_id = paid_session(house)
    for number in range(5):
        notify(house, "checkout.session", session_id, number)

    assert house.parts.worker.run_once().notifications == 1
    assert house.query("count_notifications")["waiting"] == 0


def test_stripe_out_of_reach_postpones_and_forgets_nothing(house):
    session_id = paid_session(house)
    notify(house, "checkout.session", session_id)
    house.sandbox.faults.api_unavailable(50, how="refused")
    house.parts.worker.run_once()

    row = house.query("find_notification", id=f"evt_checkout.session_{session_id}_1")
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert row["error"].startswith("StripeUnreachable")
    assert from_text(row["due_at"]) > house.clock()


def cut_power(monkeypatch, owner, name, *, after):
    """Let a method of ours run, or not, and then nothing more."""
    original = getattr(owner, name)

    def cut(*arguments, **keywords):
        if after:
            original(*arguments, **keywords)
        raise PowerCut

    monkeypatch.setattr(owner, name, cut)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "step", ["observe", "apply", "send", "_settle_letter", "_settle_receipt", "of_gift"]
)
def test_power_cut_at_any_step_loses_nothing_and_doubles_nothing(house, monkeypatch, step, after):
    """
    The rows in hand come back when their lease ends, and are done once.
    """
    session_id = paid_session(house)
    notify(house, "checkout.session", session_id)
    parts = house.parts
    owner = {
        "observe": parts.gateway,
        "apply": parts.reducer,
        "_settle_receipt": parts.reducer,
        "of_gift": News,
        "_settle_letter": parts.worker,
        "send": parts.mailer,
    }[step]
    with monkeypatch.context() as patch:
        cut_power(patch, owner, step, after=after)
        with pytest.raises(PowerCut):
            parts.worker.run_once()

    monkeypatch.setattr(parts.worker, "_clock", lambda: house.clock() + timedelta(minutes=3))
    parts.worker.run_once()

    assert len(list_letters(parts.settings.letters_folder)) == 1
    assert [row["number"] for row in house.query("all_receipts")] == [1]
    assert len(house.query("all_postings")) == 3
    assert house.query("count_notifications")["waiting"] == 0
    assert [row["state"] for row in house.query("all_letters")] == ["sent"]


def test_letter_refused_for_now_leaves_later_under_the_same_id(house, monkeypatch):
    notify(house, "checkout.session", paid_session(house))
    postbox = use(house, Postbox([MailRefused("451 busy", temporary=True)]))
    house.parts.worker.run_once()
    [row] = house.query("all_letters")
    assert (row["state"], row["error"], postbox.sent) == ("waiting", "451 busy", [])

    monkeypatch.setattr(house.parts.worker, "_clock", lambda: house.clock() + timedelta(minutes=3))
    house.parts.worker.run_once()

    [(_letter, message_id)] = postbox.sent
    assert message_id == row["id"]


def test_letter_refused_for_good_is_not_sent_again(house):
    notify(house, "checkout.session", paid_session(house))
    postbox = use(house, Postbox([MailRefused("550 nobody", temporary=False)]))
    house.parts.worker.run_once()
    house.parts.worker.run_once()

    assert postbox.sent == []
    assert [row["state"] for row in house.query("all_letters")] == ["refused"]


def test_nobody_is_thanked_for_money_already_given_back(house):
    session_id = paid_session(house)
    house.look("checkout.session", session_id)
    house.sandbox.refund(session_id)
    house.look("checkout.session", session_id)
    postbox = use(house, Postbox())
    house.parts.worker.run_once()

    assert [letter.kind for letter, _ in postbox.sent] == ["refunded"]
    assert {row["kind"]: row["state"] for row in house.query("all_letters")} == {
        "paid": "dropped",
        "refunded": "sent",
    }


def test_debit_is_announced_then_confirmed(house):
    session_id = house.give()
    house.sandbox.pay_by_sepa(session_id)
    postbox = use(house, Postbox())
    notify(house, "checkout.session", session_id)
    house.parts.worker.run_once()
    house.sandbox.settle(session_id)
    notify(house, "checkout.session", session_id, 2)
    house.parts.worker.run_once()

    kinds = [(letter.kind, len(letter.attachments)) for letter, _ in postbox.sent]
    assert kinds == [("pending", 0), ("paid", 1)]


def test_debit_that_bounces_is_told_with_a_way_to_try_again(house):
    session_id = house.give()
    house.sandbox.pay_by_sepa(session_id)
    house.sandbox.fail(session_id)
    postbox = use(house, Postbox())
    notify(house, "checkout.session", session_id)
    house.parts.worker.run_once()

    [(letter, _)] = postbox.sent
    assert letter.kind == "failed"
    assert "/api/donate?campaign=tetto" in letter.text


def test_partial_refund_sends_the_new_receipt(house):
    session_id = paid_session(house)
    house.look("checkout.session", session_id)
    house.parts.worker.run_once()
    house.sandbox.refund(session_id, 10_00)
    house.look("checkout.session", session_id)
    postbox = use(house, Postbox())
    house.parts.worker.run_once()

    [(letter, _)] = postbox.sent
    assert letter.kind == "refunded"
    assert letter.attachments[0].filename.startswith("ricevuta-2-")


def test_a_bug_in_one_row_does_not_stop_the_others(house, monkeypatch):
    notify(house, "checkout.session", "cs_test_cursed")
    notify(house, "checkout.session", paid_session(house))
    observe = house.parts.gateway.observe

    def stumble(kind, object_id):
        if object_id == "cs_test_cursed":
            raise ZeroDivisionError
        return observe(kind, object_id)

    monkeypatch.setattr(house.parts.gateway, "observe", stumble)
    house.parts.worker.run_once()

    cursed = house.query("find_notification", id="evt_checkout.session_cs_test_cursed_1")
    assert (cursed["state"], cursed["error"]) == ("waiting", "ZeroDivisionError")
    assert len(house.query("all_receipts")) == 1


def test_notification_that_arrives_while_we_look_is_looked_at_again(house, monkeypatch):
    """
    What it is about may have happened after our look: it has a look of its own.
    """
    session_id = paid_session(house)
    notify(house, "checkout.session", session_id)
    observe = house.parts.gateway.observe
    looks = []

    def observe_and_be_interrupted(kind, object_id):
        facts = observe(kind, object_id)
        if not looks:
            notify(house, "checkout.session", session_id, 2)
        looks.append(object_id)
        return facts

    monkeypatch.setattr(house.parts.gateway, "observe", observe_and_be_interrupted)
    house.parts.worker.run_once()

    assert looks == [session_id, session_id]
    assert house.query("count_notifications")["waiting"] == 0
