"""Whatever happens at Stripe and however we hear of it, every cent is explained."""

from contextlib import contextmanager
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundraising.bootstrap import bootstrap
from fundraising.clock import utc_now
from fundraising.doctor import examine
from fundraising.donation import HOLDS_MONEY
from fundraising.mailer import list_letters
from fundraising.reconcile import reconcile
from fundraising.sandbox import Refusal
from fundraising.store import Transaction, to_text
from fundraising.sweep import Sweep

STEPS = [
    "card", "sepa", "month", "settle", "bounce", "refund some", "refund all", "refund fails",
    "dispute", "win", "lose", "pay out", "renew", "decline", "expire", "fee",
    "renewal refused", "cancel", "payout fails",
]  # fmt: skip


class Account:
    """Plays a history at the sandbox and gathers the notifications it causes."""

    def __init__(self, house):
        self.house = house
        self.sessions, self.refunds, self.disputes, self.plans = [], [], [], []
        self.payouts = []
        self.heard = []
        house.sandbox.account.listeners.append(
            lambda kind, body: self.heard.append((kind, body["object"], body["id"]))
        )

    def play(self, step, pick):
        """Do one thing that may happen; what Stripe refuses does not happen."""
        sandbox = self.house.sandbox
        try:
            match step:
                case "card" | "sepa" | "month" | "decline" | "expire":
                    session_id = self.house.give(frequency="month" if step == "month" else "once")
                    self.sessions.append(session_id)
                    if step == "decline":
                        sandbox.decline_card(session_id)
                    elif step == "expire":
                        sandbox.expire(session_id)
                    elif step == "sepa":
                        sandbox.pay_by_sepa(session_id)
                    else:
                        session = sandbox.pay_by_card(session_id)
                        if session["subscription"]:
                            self.plans.append(session["subscription"])
                case "settle":
                    sandbox.settle(self._one_of(self.sessions, pick))
                case "bounce":
                    sandbox.fail(self._one_of(self.sessions, pick))
                case "refund some":
                    refund = sandbox.refund(self._one_of(self.sessions, pick), 7_50)
                    self.refunds.append(refund["id"])
                case "refund all":
                    refund = sandbox.refund(self._one_of(self.sessions, pick))
                    self.refunds.append(refund["id"])
                case "refund fails":
                    sandbox.fail_refund(self._one_of(self.refunds, pick))
                case "dispute":
                    dispute = sandbox.dispute(self._one_of(self.sessions, pick))
                    self.disputes.append(dispute["id"])
                case "win" | "lose":
                    sandbox.close_dispute(self._one_of(self.disputes, pick), won=step == "win")
                case "pay out":
                    self.payouts.append(sandbox.pay_out()["id"])
                case "payout fails":
                    sandbox.fail_payout(self._one_of(self.payouts, pick))
                case "fee":
                    sandbox.charge_fee(1_00)
                case "renewal refused":
                    sandbox.renew(self._one_of(self.plans, pick), accepted=False)
                case "cancel":
                    sandbox.cancel_subscription(self._one_of(self.plans, pick))
                case "renew":
                    sandbox.renew(self._one_of(self.plans, pick))
        except Refusal:
            pass

    def _one_of(self, things, pick):
        if not things:
            raise Refusal("nothing of this kind yet")
        return things[pick % len(things)]


def notify(house, heard, number):
    kind, object_kind, object_id = heard
    with house.parts.store.transaction() as books:
        books.receive_notification(
            id=f"evt_{number}",
            livemode=0,
            type=kind,
            object_kind=object_kind,
            object_id=object_id,
            received_at=to_text(house.clock()),
        )


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_every_cent_is_explained_whatever_happens(build_house, data):
    """
    Random gifts, refunds, disputes and payouts; notifications shuffled, doubled
    and answered at any moment: at the end the books hold what Stripe holds.
    """
    house = build_house()
    account = Account(house)
    # Of a fee for its services Stripe notifies nobody: only a sweep finds it.
    notified = [step for step in STEPS if step != "fee"]
    moments = st.tuples(st.sampled_from(notified), st.integers(0, 7), st.booleans())
    told = 0
    for step, pick, work_now in data.draw(st.lists(moments, min_size=4, max_size=10)):
        account.play(step, pick)
        if work_now:
            while told < len(account.heard):
                notify(house, account.heard[told], told)
                told += 1
            house.parts.worker.run_once()
    late = account.heard[told:] + [
        heard for heard in account.heard[:told] if data.draw(st.booleans())
    ]
    for number, heard in enumerate(data.draw(st.permutations(late)), start=told):
        notify(house, heard, number)
    house.parts.worker.run_once()

    everything_is_explained(house.parts)


class PowerCut(BaseException):
    """Nothing after this runs."""


@contextmanager
def power_cut_before(statement):
    """Let the books run so many statements of ours, and then nothing more."""
    original = Transaction.__getattr__
    left = [statement]

    def cut(self, name):
        if left[0] == 0:
            raise PowerCut
        left[0] -= 1
        return original(self, name)

    Transaction.__getattr__ = cut
    try:
        yield
    except PowerCut:
        pass
    finally:
        Transaction.__getattr__ = original


FAULTS = ["all is well", "lost", "doubled", "stripe away", "answer lost", "power cut"]


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_sweep_mends_whatever_went_wrong(build_house, data):
    """
    Notifications lost for good, Stripe away in the middle of a look, power cut at any
    statement: one sweep and one round of work later the books hold what Stripe holds,
    no receipt is missing or doubled, and every letter has left once.
    """
    house = build_house()
    account = Account(house)
    moments = st.tuples(
        st.sampled_from(STEPS), st.integers(0, 7), st.sampled_from(FAULTS), st.integers(0, 40)
    )
    told = number = 0
    for step, pick, fault, when in data.draw(st.lists(moments, min_size=4, max_size=10)):
        account.play(step, pick)
        news, told = account.heard[told:], len(account.heard)
        for heard in news if fault != "lost" else []:
            for _ in range(2 if fault == "doubled" else 1):
                notify(house, heard, number)
                number += 1
        if fault in ("stripe away", "answer lost"):
            how = "refused" if fault == "stripe away" else "answer_lost"
            house.sandbox.faults.api_unavailable(1 + when % 5, how=how)
        with power_cut_before(when if fault == "power cut" else -1):
            house.parts.worker.run_once()
        house.sandbox.faults.clear()
    # Whoever held a row when the power went has it no longer, and what was put off is due.
    tomorrow = bootstrap(
        house.parts.settings,
        clock=lambda: utc_now() + timedelta(days=1, hours=1),
    )
    try:
        Sweep(tomorrow.store, tomorrow.gateway, tomorrow.reducer, clock=tomorrow.clock).run()
        tomorrow.worker.run_once()

        everything_is_explained(tomorrow)
        assert reconcile(tomorrow).holds
        every_letter_left_once(tomorrow)
    finally:
        tomorrow.close()


def everything_is_explained(parts):
    assert examine(parts) == []
    with parts.store.transaction() as books:
        for row in books.receipt_series():
            assert row["receipts"] == row["last_number"] == row["highest_number"]
        paid_out = books.account_balance(livemode=0, account="Assets:Bank")["cents"]
        held = books.account_balance(livemode=0, account="Assets:Stripe")["cents"]
    assert int(held) == parts.gateway.balance_cents()
    assert int(paid_out) >= 0


def every_letter_left_once(parts):
    """No letter waits, none is told twice, and each gift and refund has its own."""
    with parts.store.transaction() as books:
        letters = books.all_letters()
        gifts = books.gifts_for_report(livemode=0)
    assert {letter["state"] for letter in letters} <= {"sent", "dropped"}
    sent = [letter for letter in letters if letter["state"] == "sent"]
    on_disk = [letter.name for letter in list_letters(parts.settings.letters_folder)]
    for letter in sent:
        assert len([name for name in on_disk if name.startswith(letter["id"])]) == 1
    thanked = {letter["donation"] for letter in letters if letter["kind"] == "paid"}
    assert {gift["id"] for gift in gifts if gift["state"] in HOLDS_MONEY} <= thanked
    for gift in gifts:
        told = [one for one in letters if one["donation"] == gift["id"]]
        refunds = sum(one["amount_cents"] for one in told if one["kind"] == "refunded")
        assert refunds >= gift["refunded_cents"]
        assert len([one for one in told if one["kind"] == "paid"]) <= 1
