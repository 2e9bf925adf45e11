"""Whatever happens at Stripe and however we hear of it, every cent is explained."""

import itertools
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundraising.bootstrap import bootstrap
from fundraising.clock import italian_day, utc_now
from fundraising.doctor import close_task, examine
from fundraising.donation import HOLDS_MONEY, State
from fundraising.facts import ENDED_PLANS
from fundraising.reconcile import reconcile
from fundraising.report.figures import read_figures
from fundraising.sandbox import Refusal
from fundraising.store import Transaction, to_text
from fundraising.sweep import Sweep
from fundraising.totals import read_totals

STEPS = [
    "card", "sepa", "month", "year", "late fee", "settle", "bounce", "refund some", "refund all",
    "refund fails",
    "dispute", "dispute some", "win", "lose", "pay out", "renew", "decline", "expire", "fee",
    "renewal refused", "cancel", "payout fails",
]  # fmt: skip


class Account:
    """Plays a history at the sandbox and gathers the notifications it causes."""

    def __init__(self, house):
        self.house = house
        self.sessions, self.refunds, self.disputes, self.plans = [], [], [], []
        self.payouts, self.without_fee = [], []
        self.heard = []
        house.sandbox.account.listeners.append(
            lambda kind, body: self.heard.append((kind, body["object"], body["id"]))
        )

    def play(self, step, pick):
        """Do one thing that may happen; what Stripe refuses does not happen."""
        sandbox = self.house.sandbox
        try:
            match step:
                case "month" | "year":
                    session_id = self.house.give(frequency=step)
                    self.plans.append(sandbox.pay_by_card(session_id)["subscription"])
                case "late fee":
                    session_id = self.house.give()
                    self.sessions.append(session_id)
                    sandbox.faults.late_fees()
                    sandbox.pay_by_card(session_id)
                    sandbox.faults.late_fees(False)
                    self.without_fee.append(session_id)
                case "card" | "sepa" | "decline" | "expire":
                    session_id = self.house.give()
                    self.sessions.append(session_id)
                    if step == "decline":
                        sandbox.decline_card(session_id)
                    elif step == "expire":
                        sandbox.expire(session_id)
                    elif step == "sepa":
                        sandbox.pay_by_sepa(session_id)
                    else:
                        sandbox.pay_by_card(session_id)
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
                case "dispute" | "dispute some":
                    part = 6_00 if step == "dispute some" else None
                    dispute = sandbox.dispute(self._one_of(self.sessions, pick), part)
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

    def book_late_fees(self):
        """Let Stripe say at last what it kept."""
        for session_id in self.without_fee:
            self.house.sandbox.book_late_fee(session_id)

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
    account.book_late_fees()
    late = account.heard[told:] + [
        heard for heard in account.heard[:told] if data.draw(st.booleans())
    ]
    for number, heard in enumerate(data.draw(st.permutations(late)), start=told):
        notify(house, heard, number)
    house.parts.worker.run_once()

    assert equal_gifts_that_stand(house.parts) <= asked_about(house.parts, "twice")
    everything_is_explained(house.parts, house.sandbox)
    house.parts.store.close()


class PowerCut(BaseException):
    """Nothing after this runs."""


@contextmanager
def power_cut_before(statement):
    """Let the books run so many statements of ours, and then nothing more.

    Tells, in a list, which statement was not run. A cut before a commit is the same as one
    before the last statement, and one after it the same as before the next: both are here.
    """
    original = Transaction.__getattr__
    left = [statement]
    cut_before = []

    def cut(self, name):
        if left[0] == 0:
            cut_before.append(name)
            raise PowerCut
        left[0] -= 1
        return original(self, name)

    Transaction.__getattr__ = cut
    try:
        yield cut_before
    except PowerCut:
        pass
    finally:
        Transaction.__getattr__ = original


class Postbox:
    """Takes letters as the rehearsal does, and counts how often each was handed over."""

    def __init__(self, mailer):
        self.mailer = mailer
        self.handed_over = []
        self.never_noted = set()

    def send(self, letter, message_id):
        self.mailer.send(letter, message_id)
        self.handed_over.append(message_id)

    def power_was_cut_before(self, statement):
        """Between handing over and noting it lies the one moment that can repeat a letter."""
        if statement == "settle_letter" and self.handed_over:
            self.never_noted.add(self.handed_over[-1])

    def sent_twice(self):
        counted = Counter(self.handed_over)
        return {message_id for message_id, times in counted.items() if times > 1}


def work_with_two_at_once(house, postbox):
    second = bootstrap(house.parts.settings)
    second.mailer = postbox
    broken = []

    def work(worker):
        try:
            worker.run_once()
        except Exception as error:
            broken.append(error)

    try:
        threads = [
            threading.Thread(target=work, args=(one.worker,)) for one in (house.parts, second)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        second.close()
    assert broken == []


FAULTS = [
    "all is well",
    "lost",
    "doubled",
    "stripe away",
    "answer lost",
    "power cut",
    "two at once",
]


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_sweep_mends_whatever_went_wrong(build_house, data):
    """
    Notifications lost for good, Stripe away in the middle of a look, power cut at any
    statement, two workers at once: one sweep and one round of work later the books hold
    what Stripe holds, no receipt is missing or doubled, and every letter has left once.
    """
    house = build_house()
    account = Account(house)
    postbox = house.parts.mailer = Postbox(house.parts.mailer)
    moments = st.tuples(
        st.sampled_from(STEPS), st.integers(0, 7), st.sampled_from(FAULTS), st.integers(0, 60)
    )
    told = number = 0
    for step, pick, fault, when in data.draw(st.lists(moments, min_size=4, max_size=12)):
        account.play(step, pick)
        news, told = account.heard[told:], len(account.heard)
        for heard in news if fault != "lost" else []:
            for _ in range(2 if fault == "doubled" else 1):
                notify(house, heard, number)
                number += 1
        if fault in ("stripe away", "answer lost"):
            how = "refused" if fault == "stripe away" else "answer_lost"
            house.sandbox.faults.api_unavailable(1 + when % 5, how=how)
        if fault == "two at once":
            work_with_two_at_once(house, postbox)
        with power_cut_before(when if fault == "power cut" else -1) as cut_before:
            house.parts.worker.run_once()
        for statement in cut_before:
            postbox.power_was_cut_before(statement)
        house.sandbox.faults.clear()
    account.book_late_fees()

    all_is_well_tomorrow(house, postbox)


def test_power_cut_before_every_statement_there_is(build_house):
    """
    A gift comes and part of it goes back; the power is cut before the first statement of
    the work, for the next gift before the second, and so on until nothing is left to cut.
    """
    house = build_house()
    postbox = house.parts.mailer = Postbox(house.parts.mailer)
    statements = []
    for statement in itertools.count():
        session_id = house.give()
        house.sandbox.pay_by_card(session_id)
        house.sandbox.refund(session_id, 5_00)
        notify(house, ("checkout.session.completed", "checkout.session", session_id), statement)
        with power_cut_before(statement) as cut_before:
            house.parts.worker.run_once()
        if not cut_before:
            break
        statements += cut_before
        postbox.power_was_cut_before(cut_before[0])

    assert {"claim_notification", "add_posting", "settle_letter"} <= set(statements)
    all_is_well_tomorrow(house, postbox)


def all_is_well_tomorrow(house, postbox):
    """Sweep and work a day later, and look at everything.

    By then whoever held a row when the power went has it no longer, and what was put off is due.
    """
    tomorrow = bootstrap(
        house.parts.settings,
        clock=lambda: utc_now() + timedelta(days=1, hours=1),
    )
    tomorrow.mailer = postbox
    try:
        Sweep(tomorrow.store, tomorrow.gateway, tomorrow.reducer, clock=tomorrow.clock).run()
        tomorrow.worker.run_once()

        everything_is_explained(tomorrow, house.sandbox)
        assert reconcile(tomorrow).holds
        every_letter_left_once(tomorrow, postbox, house.sandbox)
    finally:
        tomorrow.close()
        # Every example has a house of its own, and PostgreSQL a hundred connections.
        house.parts.store.close()


def everything_is_explained(parts, sandbox):
    """Only what is a person's to answer is left to one: refunds that failed, and equal gifts."""
    with parts.store.transaction() as books:
        asked = [(row["kind"], row["subject"]) for row in books.open_tasks(livemode=0)]
    assert {kind for kind, _subject in asked} <= {"refund_failed", "twice"}
    assert asked_about(parts, "refund_failed") == objects(sandbox, "refund", "failed")
    # All is given by one person in one minute; only the earliest of its kind repeats none.
    equals = [later for gifts in equal_gifts(parts) for later in gifts[1:]]
    assert asked_about(parts, "twice") <= set(equals)
    for kind, subject in asked:
        assert close_task(parts, kind, subject)
    assert examine(parts) == []
    with parts.store.transaction() as books:
        for row in books.receipt_series():
            assert row["receipts"] == row["last_number"] == row["highest_number"]
        numbers = [(row["recipient"], row["year"], row["number"]) for row in books.all_receipts()]
        assert len(set(numbers)) == len(numbers)
        paid_out = books.account_balance(livemode=0, account="Assets:Bank")["cents"]
        held = books.account_balance(livemode=0, account="Assets:Stripe")["cents"]
    told = read_totals(parts.store, livemode=False, now=parts.clock())["total"]
    reported = read_figures(parts.store, livemode=False, today=italian_day(parts.clock()))
    assert reported.net_cents == told["confirmed_cents"]
    assert reported.on_its_way_cents == told["pending_cents"]
    assert int(held) == parts.gateway.balance_cents()
    assert int(paid_out) >= 0


def asked_about(parts, kind):
    """What a person is asked about, of a kind."""
    with parts.store.transaction() as books:
        return {row["subject"] for row in books.open_tasks(livemode=0) if row["kind"] == kind}


def equal_gifts_that_stand(parts):
    """All but the earliest of the equal gifts that nothing has been taken from."""
    standing = equal_gifts(parts, {State.PROCESSING, State.PAID})
    return {later for gifts in standing for later in gifts[1:]}


def equal_gifts(parts, states=frozenset(State)):
    """Gifts that are equal, in their order; of a recurring one only the first payment."""
    with parts.store.transaction() as books:
        gifts = books.gifts_for_report(livemode=0)
        groups = {"once": [], "month": [], "year": []}
        begun = set()
        for gift in sorted(gifts, key=lambda gift: (gift["given_at"], gift["origin"])):
            plan = gift["subscription_id"]
            frequency = books.find_plan(subscription_id=plan)["frequency"] if plan else "once"
            if plan not in begun and gift["state"] in states:
                groups[frequency].append(gift["origin"])
            begun |= {plan} if plan else set()
    return list(groups.values())


def objects(sandbox, kind, status):
    return {one["id"] for one in sandbox.account.store.all(kind) if one["status"] == status}


def every_letter_left_once(parts, postbox, sandbox):
    """No letter waits, none left twice, and everything that is so now has been told."""
    with parts.store.transaction() as books:
        letters = books.all_letters()
        gifts = books.gifts_for_report(livemode=0)
        plans = {
            gift["subscription_id"]: books.find_plan(subscription_id=gift["subscription_id"])
            for gift in gifts
            if gift["subscription_id"]
        }
    assert {letter["state"] for letter in letters} <= {"sent", "dropped"}
    assert {letter["id"] for letter in letters if letter["state"] == "sent"} <= set(
        postbox.handed_over
    )
    assert postbox.sent_twice() <= postbox.never_noted
    for gift in gifts:
        told = [one for one in letters if one["donation"] == gift["id"]]
        everything_that_moved_is_told(gift, told, sandbox)
        assert len([one for one in told if one["kind"] == "paid"]) <= 1
        plan = plans.get(gift["subscription_id"])
        due = letter_due(State(gift["state"]), plan_ended=plan and plan["status"] in ENDED_PLANS)
        assert due is None or due in {one["kind"] for one in told}
    told_of_plans = {one["subject"] for one in letters if one["kind"] == "cancelled"}
    ended = {id for id, plan in plans.items() if plan["status"] in ENDED_PLANS}
    assert ended <= told_of_plans


def everything_that_moved_is_told(gift, told, sandbox):
    """What letters say went back is what went back, and what came again is taken back by one."""
    kinds = {}
    for one in told:
        kinds.setdefault(one["kind"], {})[one["subject"]] = one
    refunded, asked = kinds.get("refunded", {}), kinds.get("disputed", {})
    lost = kinds.get("taken_back", {})
    failed = objects(sandbox, "refund", "failed") & set(refunded)
    won = objects(sandbox, "dispute", "won") & (set(asked) | set(lost))
    assert failed == set(kinds.get("refund_failed", {}))
    assert won == set(kinds.get("dispute_won", {}))
    went_back = [one for subject, one in refunded.items() if subject not in failed]
    went_back += [one for subject, one in lost.items() if subject not in won]
    assert sum(one["amount_cents"] for one in went_back) == gift["refunded_cents"]
    # A letter that says the contrary of another left only before it.
    for before, after in (("refunded", "refund_failed"), ("disputed", "dispute_won")):
        for subject, later in kinds.get(after, {}).items():
            earlier = kinds.get(before, {}).get(subject)
            if earlier and earlier["sent_at"]:
                assert not later["sent_at"] or earlier["sent_at"] <= later["sent_at"]


def letter_due(state, *, plan_ended):
    """Which letter a gift in this state calls for, whatever came before."""
    if state in HOLDS_MONEY:
        return "paid"
    if state is State.FAILED and plan_ended:
        # The letter about the plan tells everything.
        return None
    return {
        State.PROCESSING: "pending",
        State.RETRYING: "renewal_failed",
        State.FAILED: "failed",
        State.CHARGED_BACK: "taken_back",
        State.DISPUTED: "disputed",
    }.get(state)
