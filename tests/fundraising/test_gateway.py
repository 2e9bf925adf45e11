"""The gateway against the sandbox: the real SDK, over real HTTP."""

import socket
import threading
import time

import pytest
import stripe

from fundraising.donation import Frequency, State
from fundraising.facts import GiftSeen, PayoutSeen, PlanSeen, state_of
from fundraising.gateway import CheckoutOrder, StripeRefused, StripeUnreachable, UnknownObject
from fundraising.stripe_gateway import StripeGateway
from fundraising.stripe_gateway.client import TimedClient
from fundraising.stripe_gateway.observer import paying_attempt

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def gift_in(facts):
    [gift] = [fact for fact in facts if isinstance(fact, GiftSeen)]
    return gift


def an_order(**changes):
    plain = {
        "intent_id": "intent-1",
        "amount_cents": 25_00,
        "frequency": Frequency.ONCE,
        "title": "Un tetto",
        "description": "",
        "email": "anna@example.org",
        "success_url": "http://127.0.0.1:8000/api/thanks?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/api/donate?campaign=tetto&cancelled=1",
    }
    return CheckoutOrder(**plain | changes)


def test_same_intent_asked_twice_gets_the_same_session(house):
    """
    A double click, or a retry after an answer was lost, opens one checkout.
    """
    first = house.parts.gateway.open_checkout(an_order())
    house.sandbox.faults.api_unavailable(1, how="answer_lost")
    second = house.parts.gateway.open_checkout(an_order())

    assert first == second


def test_card_gift_is_seen_with_what_moved(house):
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    gift = gift_in(house.parts.gateway.observe("checkout.session", session_id))

    assert state_of(gift) is State.PAID
    assert gift.payment.method == "card"
    [movement] = gift.payment.movements
    assert (movement.amount_cents, movement.fee_cents, movement.net_cents) == (25_00, 63, 24_37)


def test_debit_is_seen_without_movements_until_it_settles(house):
    session_id = house.give()
    house.sandbox.pay_by_sepa(session_id)
    pending = gift_in(house.parts.gateway.observe("checkout.session", session_id))
    house.sandbox.settle(session_id)
    settled = gift_in(house.parts.gateway.observe("checkout.session", session_id))

    assert (state_of(pending), pending.payment.movements) == (State.PROCESSING, ())
    assert state_of(settled) is State.PAID
    assert settled.payment.method == "sepa_debit"
    assert settled.payment.movements[0].fee_cents == 35


def test_declined_card_leaves_an_open_session(house):
    session_id = house.give()
    house.sandbox.decline_card(session_id)
    gift = gift_in(house.parts.gateway.observe("checkout.session", session_id))

    assert state_of(gift) is State.OPEN


def test_page_is_closed_only_while_it_is_open(house):
    """
    Whoever pays in that moment has paid; closing twice is closing once.
    """
    left, paid, busy = (house.give() for _ in range(3))
    house.sandbox.pay_by_card(paid)
    for session_id in (left, left, paid):
        house.parts.gateway.close_checkout(session_id)

    assert house.parts.gateway.find_checkout(left)[0] == "expired"
    assert house.parts.gateway.find_checkout(paid)[0] == "complete"
    house.sandbox.faults.api_unavailable(1, how="rejected")
    with pytest.raises(StripeRefused):
        house.parts.gateway.close_checkout(busy)


def test_charge_refund_and_dispute_all_lead_back_to_the_gift(house):
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    refund = house.sandbox.refund(session_id, 10_00)
    dispute = house.sandbox.dispute(session_id)
    observe = house.parts.gateway.observe
    paths = [
        ("charge", refund["charge"]),
        ("refund", refund["id"]),
        ("dispute", dispute["id"]),
        ("payment_intent", refund["payment_intent"]),
    ]

    for kind, object_id in paths:
        gift = gift_in(observe(kind, object_id))
        assert gift.origin == session_id
        assert state_of(gift) is State.DISPUTED
        assert gift.refunded_cents == 10_00


def test_recurring_gift_comes_from_its_invoice(house):
    """
    The session of a plan is not a gift: each invoice is one.
    """
    session_id = house.give(frequency="month")
    house.sandbox.pay_by_card(session_id)
    plan, gift = house.parts.gateway.observe("checkout.session", session_id)

    assert isinstance(plan, PlanSeen)
    assert (plan.status, plan.frequency, plan.amount_cents) == ("active", Frequency.MONTH, 25_00)
    assert gift.origin.startswith("in_")
    assert gift.intent_id == plan.intent_id
    assert state_of(gift) is State.PAID
    charge_id = gift.payment.charge_id
    assert gift_in(house.parts.gateway.observe("charge", charge_id)).origin == gift.origin


def test_renewal_is_another_gift_of_the_same_plan(house):
    session_id = house.give(frequency="month")
    house.sandbox.pay_by_card(session_id)
    plan, first = house.parts.gateway.observe("checkout.session", session_id)
    invoice = house.sandbox.renew(plan.subscription_id)
    _plan, second = house.parts.gateway.observe("invoice", invoice["id"])

    assert second.origin != first.origin
    assert second.subscription_id == first.subscription_id
    assert state_of(second) is State.PAID


def test_renewal_that_is_refused_is_tried_again_later(house):
    session_id = house.give(frequency="month")
    house.sandbox.pay_by_card(session_id)
    plan, _first = house.parts.gateway.observe("checkout.session", session_id)
    invoice = house.sandbox.renew(plan.subscription_id, accepted=False)

    assert (
        state_of(gift_in(house.parts.gateway.observe("invoice", invoice["id"]))) is State.RETRYING
    )


def test_payout_is_seen_as_money_leaving_for_the_bank(house):
    house.sandbox.pay_by_card(house.give())
    payout = house.sandbox.pay_out()
    [seen] = house.parts.gateway.observe("payout", payout["id"])

    assert isinstance(seen, PayoutSeen)
    assert [movement.amount_cents for movement in seen.movements] == [-24_37]


def test_late_fee_is_a_paid_gift_without_movements_yet(house):
    session_id = house.give()
    house.sandbox.faults.late_fees()
    house.sandbox.pay_by_card(session_id)
    gift = gift_in(house.parts.gateway.observe("checkout.session", session_id))

    assert state_of(gift) is State.PAID
    assert gift.payment.movements == ()
    assert gift.paid_at is None


@pytest.mark.parametrize(
    "kind", ["checkout.session", "invoice", "subscription", "charge", "refund", "dispute", "payout"]
)
def test_object_stripe_does_not_know_is_unknown(house, kind):
    with pytest.raises(UnknownObject):
        house.parts.gateway.observe(kind, "xx_test_nothing")


def test_wrong_key_is_refused_and_not_retried_for_ever(house):
    gateway = StripeGateway(
        "sk_test_wrong", ("whsec_1",), clock=house.clock,
        api_base=house.parts.settings.stripe_api_base,
    )  # fmt: skip

    with pytest.raises(StripeRefused):
        gateway.observe("payout", "po_test_1")


@pytest.mark.parametrize("how", ["unavailable", "refused"])
def test_short_outage_is_retried_and_a_long_one_told(house, how):
    session_id = house.give()
    house.sandbox.faults.api_unavailable(1, how=how)
    assert house.parts.gateway.observe("checkout.session", session_id)

    house.sandbox.faults.api_unavailable(10, how=how)
    with pytest.raises(StripeUnreachable):
        house.parts.gateway.observe("checkout.session", session_id)


def test_server_that_never_answers_is_given_up(house):
    """
    The SDK's own transport would wait for ever, and its timeouts escape it.
    """
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        gateway = StripeGateway(
            "sk_test_1", ("whsec_1",), clock=house.clock,
            api_base=f"http://127.0.0.1:{silent.getsockname()[1]}",
        )  # fmt: skip
        gateway._client._requestor._client = TimedClient(0.2)
        gateway._client._requestor._options.max_network_retries = 0
        started = time.monotonic()

        with pytest.raises(StripeUnreachable):
            gateway.balance_cents()
    assert time.monotonic() - started < 5


def test_answer_that_breaks_off_is_unreachable(house):
    """
    The connection opens, the headers come, and then nothing.
    """
    with socket.socket() as cut:
        cut.bind(("127.0.0.1", 0))
        cut.listen()

        def answer_half():
            while True:
                try:
                    connection, _address = cut.accept()
                except OSError:
                    return
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
                connection.close()

        threading.Thread(target=answer_half, daemon=True).start()
        gateway = StripeGateway(
            "sk_test_1", ("whsec_1",), clock=house.clock,
            api_base=f"http://127.0.0.1:{cut.getsockname()[1]}",
        )  # fmt: skip
        with pytest.raises(StripeUnreachable):
            gateway.balance_cents()
        cut.shutdown(socket.SHUT_RDWR)


def test_pending_charge_has_moved_nothing_though_stripe_expects_it_to(house):
    """
    A bank debit may carry its balance transaction days before the money is sure.
    """
    transaction = {
        "id": "txn_1", "object": "balance_transaction",
        "amount": 2500, "fee": 35, "net": 2465, "currency": "eur", "created": 1,
    }  # fmt: skip
    charge = {"id": "py_1", "status": "pending", "balance_transaction": transaction}
    movements_of = house.parts.gateway._observer._movements_of_charge

    assert list(movements_of(stripe.Charge.construct_from(charge, "sk_test_1"))) == []
    succeeded = stripe.Charge.construct_from(charge | {"status": "succeeded"}, "sk_test_1")
    assert [movement.net_cents for movement in movements_of(succeeded)] == [24_65]


def test_invoice_is_paid_by_the_attempt_that_paid_it(house):
    """
    A second card may pay what the first one, the default, did not.
    """

    def attempt(id, status, created, *, is_default=False, kind="payment_intent"):
        return stripe.InvoicePayment.construct_from(
            {
                "id": id, "status": status, "created": created, "is_default": is_default,
                "payment": {"type": kind, "payment_intent": f"pi_{id}"},
            },
            "sk_test_1",
        )  # fmt: skip

    first = attempt("first", "open", 1, is_default=True)
    second = attempt("second", "paid", 2)
    third = attempt("third", "canceled", 3)

    assert paying_attempt([third, second, first]).id == "second"
    assert paying_attempt([third, first]).id == "first"
    assert paying_attempt([attempt("record", "paid", 4, kind="payment_record")]) is None
    assert paying_attempt([]) is None
