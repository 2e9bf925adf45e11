"""Whatever happens at Stripe and however we hear of it, every cent is explained."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundraising.doctor import examine
from fundraising.sandbox import Refusal
from fundraising.store import to_text

STEPS = [
    "card", "sepa", "month", "settle", "bounce", "refund some", "refund all", "refund fails",
    "dispute", "win", "lose", "pay out", "renew", "decline", "expire",
]  # fmt: skip


class Account:
    """Plays a history at the sandbox and gathers the notifications it causes."""

    def __init__(self, house):
        self.house = house
        self.sessions, self.refunds, self.disputes, self.plans = [], [], [], []
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
                    sandbox.pay_out()
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
    moments = st.tuples(st.sampled_from(STEPS), st.integers(0, 7), st.booleans())
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

    assert examine(house.parts) == []
    for row in house.query("receipt_series"):
        assert row["receipts"] == row["last_number"] == row["highest_number"]
    paid_out = house.query("account_balance", livemode=0, account="Assets:Bank")["cents"]
    held = house.query("account_balance", livemode=0, account="Assets:Stripe")["cents"]
    assert int(held) == house.parts.gateway.balance_cents()
    assert int(paid_out) >= 0
