"""The sandbox's API, spoken to by the real SDK over real HTTP."""

import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import pytest
import stripe
from hypothesis import given, settings
from hypothesis import strategies as st

from fundraising.sandbox import Refusal, Sandbox
from fundraising.sandbox.sessions import create_session

KEY = "sk_test_rehearsal"


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self):
        self.time = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)

    def __call__(self):
        return self.time

    def advance(self, **duration):
        self.time += timedelta(**duration)


def a_sandbox(clock, state=None):
    return Sandbox(
        state=state,
        public_url="http://127.0.0.1:8000/prova",
        webhook_url=None,
        webhook_secret="whsec_rehearsal",
        secret_key=KEY,
        clock=clock,
    )


def a_client(server, key=KEY, retries=0):
    return stripe.StripeClient(key, base_addresses={"api": server.url}, max_network_retries=retries)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(clock):
    sandbox = a_sandbox(clock)
    yield sandbox
    sandbox.close()


@pytest.fixture
def server(sandbox):
    with sandbox.serve_api() as server:
        yield server


@pytest.fixture
def client(server):
    return a_client(server)


def a_line(amount_cents=25_00, **recurring):
    price = {
        "currency": "eur",
        "unit_amount": amount_cents,
        "product_data": {"name": "Emporio solidale"},
    }
    if recurring:
        price["recurring"] = recurring
    return {"quantity": 1, "price_data": price}


def a_gift(amount_cents=25_00, **changes):
    return {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "submit_type": "donate",
        "locale": "it",
        "client_reference_id": "intent-1",
        "customer_email": "prova@example.org",
        "success_url": "https://example.org/grazie?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://example.org/dona",
        "metadata": {"intent": "intent-1"},
        "payment_intent_data": {"metadata": {"intent": "intent-1"}},
        "line_items": [a_line(amount_cents)],
        **changes,
    }


def a_monthly_gift(amount_cents=10_00, interval="month"):
    gift = a_gift(
        mode="subscription",
        line_items=[a_line(amount_cents, interval=interval)],
        subscription_data={"metadata": {"intent": "intent-1"}},
    )
    del gift["payment_intent_data"]
    return gift


def event_types(client):
    return [event.type for event in reversed(client.v1.events.list({"limit": 100}).data)]


def test_new_session_waits_on_a_page_of_the_rehearsal(client):
    """
    Nothing exists yet but the session: no payment intent, no customer, no money.
    """
    session = client.v1.checkout.sessions.create(a_gift())

    assert session.id.startswith("cs_test_")
    assert session.url == f"http://127.0.0.1:8000/prova/paga/{session.id}"
    assert (session.status, session.payment_status) == ("open", "unpaid")
    assert session.amount_total == 25_00
    assert session.payment_intent is None
    assert session.livemode is False
    assert session.expires_at == session.created + 24 * 60 * 60


def test_card_gift_is_paid_with_its_fee_known(client, sandbox):
    """
    1,5 % of 25 € is 37,5 cents, rounded up to 38, and 25 fixed: 63 cents.
    """
    session = client.v1.checkout.sessions.create(a_gift())

    sandbox.pay_by_card(session.id)

    paid = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    charge = paid.payment_intent.latest_charge
    money = charge.balance_transaction
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.customer_details.email == "prova@example.org"
    assert paid.payment_intent.metadata.to_dict() == {"intent": "intent-1"}
    assert charge.paid is True
    assert charge.payment_method_details.type == "card"
    assert (money.amount, money.fee, money.net) == (25_00, 63, 24_37)
    assert [detail.amount for detail in money.fee_details] == [63]
    assert (money.type, money.source) == ("charge", charge.id)
    assert event_types(client) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
        "charge.updated",
    ]


def test_declined_card_leaves_the_session_open(client, sandbox):
    """
    The same payment intent takes the next card; the balance stays empty.
    """
    session = client.v1.checkout.sessions.create(a_gift())

    sandbox.decline_card(session.id)

    tried = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (tried.status, tried.payment_status) == ("open", "unpaid")
    assert tried.payment_intent.status == "requires_payment_method"
    assert tried.payment_intent.last_payment_error.code == "card_declined"
    assert client.v1.balance_transactions.list().data == []

    sandbox.pay_by_card(session.id)

    paid = client.v1.checkout.sessions.retrieve(session.id)
    charges = client.v1.charges.list({"payment_intent": paid.payment_intent}).data
    assert paid.payment_intent == tried.payment_intent.id
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


def test_sepa_completes_unpaid_and_settles_later(client, sandbox):
    """
    Until the debit settles there is no balance transaction: no money.
    """
    session = client.v1.checkout.sessions.create(a_gift(50_00))
    sandbox.pay_by_sepa(session.id)

    waiting = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    )
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert waiting.payment_intent.status == "processing"
    assert waiting.payment_intent.latest_charge.balance_transaction is None

    sandbox.settle(session.id)

    settled = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    )
    money = settled.payment_intent.latest_charge.balance_transaction
    assert settled.payment_status == "paid"
    assert (money.type, money.amount, money.fee, money.net) == ("payment", 50_00, 35, 49_65)
    assert event_types(client)[-4:] == [
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
        "charge.updated",
    ]


def test_sepa_that_comes_back_is_never_paid(client, sandbox):
    """
    The session stays complete and unpaid, the charge says why.
    """
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_sepa(session.id)

    sandbox.fail(session.id)

    failed = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge"]}
    )
    assert (failed.status, failed.payment_status) == ("complete", "unpaid")
    assert failed.payment_intent.status == "requires_payment_method"
    assert failed.payment_intent.latest_charge.failure_code == "insufficient_funds"
    assert client.v1.balance.retrieve().pending[0].amount == 0
    assert event_types(client)[-1] == "checkout.session.async_payment_failed"


def test_refund_in_two_parts_empties_the_charge(client, sandbox):
    """
    The fee of the payment does not come back.
    """
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_card(session.id)
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent

    first = client.v1.refunds.create({"payment_intent": intent, "amount": 10_00})
    charge = client.v1.charges.retrieve(first.charge)
    assert (charge.amount_refunded, charge.refunded) == (10_00, False)

    second = client.v1.refunds.create({"payment_intent": intent, "expand": ["balance_transaction"]})
    charge = client.v1.charges.retrieve(first.charge, {"expand": ["refunds"]})
    assert second.amount == 15_00
    assert (second.balance_transaction.amount, second.balance_transaction.fee) == (-15_00, 0)
    assert (charge.amount_refunded, charge.refunded) == (25_00, True)
    assert [refund.id for refund in charge.refunds.data] == [second.id, first.id]
    assert client.v1.balance.retrieve().pending[0].amount == -63

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent})
    assert refused.value.code == "charge_already_refunded"


def test_refund_of_more_than_is_left_is_refused(client, sandbox):
    """
    25,00 € were given, 10,00 € are back: 15,01 € are not there.
    """
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_card(session.id)
    sandbox.refund(session.id, 10_00)

    with pytest.raises(Refusal, match="greater than unrefunded amount"):
        sandbox.refund(session.id, 15_01)


def test_failed_refund_puts_the_money_back(client, sandbox):
    """
    The donor's bank may send a refund back days later.
    """
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_card(session.id)
    refund = sandbox.refund(session.id)

    sandbox.fail_refund(refund["id"])

    failed = client.v1.refunds.retrieve(
        refund["id"], {"expand": ["charge", "failure_balance_transaction"]}
    )
    assert failed.status == "failed"
    assert failed.failure_balance_transaction.amount == 25_00
    assert (failed.charge.amount_refunded, failed.charge.refunded) == (0, False)


def test_dispute_takes_the_gift_and_twenty_euros(client, sandbox):
    """
    Won, the gift comes back and the fee does not.
    """
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_card(session.id)
    dispute_id = sandbox.dispute(session.id)["id"]

    dispute = client.v1.disputes.retrieve(dispute_id)
    assert dispute.status == "needs_response"
    assert [(money.amount, money.fee) for money in dispute.balance_transactions] == [
        (-25_00, 20_00)
    ]
    assert client.v1.charges.retrieve(dispute.charge).disputed is True

    sandbox.close_dispute(dispute_id, won=True)

    (dispute,) = client.v1.disputes.list().data
    assert dispute.status == "won"
    assert [money.net for money in dispute.balance_transactions] == [-45_00, 25_00]
    assert event_types(client)[-4:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    ]


def test_disputed_sepa_debit_is_lost_at_once(client, sandbox):
    """
    A bank asks for no evidence when a debit is called back.
    """
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_sepa(session.id)
    sandbox.settle(session.id)

    dispute = sandbox.dispute(session.id)

    assert client.v1.disputes.retrieve(dispute["id"]).status == "lost"


def test_subscription_starts_with_a_paid_invoice(client, sandbox):
    """
    The invoice finds its payment through invoice payments, and the gift's id
    through the subscription's metadata.
    """
    session = client.v1.checkout.sessions.create(a_monthly_gift())
    sandbox.pay_by_card(session.id)

    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["subscription"]})
    invoice = client.v1.invoices.retrieve(
        session.subscription.latest_invoice,
        {"expand": ["payments.data.payment.payment_intent"]},
    )
    (payment,) = client.v1.invoice_payments.list({"invoice": invoice.id}).data
    assert session.payment_status == "paid"
    assert session.payment_intent is None
    assert session.subscription.status == "active"
    assert session.subscription.metadata.to_dict() == {"intent": "intent-1"}
    assert (invoice.status, invoice.amount_paid, invoice.billing_reason) == (
        "paid",
        10_00,
        "subscription_create",
    )
    assert invoice.parent.subscription_details.subscription == session.subscription.id
    assert invoice.parent.subscription_details.metadata.to_dict() == {"intent": "intent-1"}
    assert invoice.payments.data[0].payment.payment_intent.status == "succeeded"
    assert (payment.status, payment.amount_paid) == ("paid", 10_00)
    assert not hasattr(invoice, "payment_intent")


def test_invoice_payment_is_found_from_the_payment_intent(client, sandbox):
    """
    From a charge, a refund or a dispute this is the way back to a recurring gift.
    """
    session = client.v1.checkout.sessions.create(a_monthly_gift())
    sandbox.pay_by_card(session.id)
    (intent,) = client.v1.payment_intents.list().data

    found = client.v1.invoice_payments.list(
        {"payment": {"type": "payment_intent", "payment_intent": intent.id}}
    )

    invoice_id = client.v1.checkout.sessions.retrieve(session.id).invoice
    assert [payment.invoice for payment in found.data] == [invoice_id]


def test_renewal_makes_a_second_invoice(client, sandbox):
    """
    22 November and a month is 22 December, and then 22 January.
    """
    session = client.v1.checkout.sessions.create(a_monthly_gift())
    sandbox.pay_by_card(session.id)
    subscription_id = client.v1.checkout.sessions.retrieve(session.id).subscription

    sandbox.renew(subscription_id)

    subscription = client.v1.subscriptions.retrieve(subscription_id)
    reasons = [
        invoice.billing_reason
        for invoice in client.v1.invoices.list({"subscription": subscription_id}).data
    ]
    period_end = subscription["items"].data[0].current_period_end
    assert datetime.fromtimestamp(period_end, UTC) == datetime(2027, 1, 22, 10, 0, tzinfo=UTC)
    assert reasons == ["subscription_cycle", "subscription_create"]


def test_refused_renewal_makes_the_subscription_late(client, sandbox):
    """
    The invoice stays open; no money is booked for it.
    """
    session = client.v1.checkout.sessions.create(a_monthly_gift())
    sandbox.pay_by_card(session.id)
    subscription_id = client.v1.checkout.sessions.retrieve(session.id).subscription

    invoice = sandbox.renew(subscription_id, accepted=False)

    assert client.v1.subscriptions.retrieve(subscription_id).status == "past_due"
    assert client.v1.invoices.retrieve(invoice["id"]).status == "open"
    assert len(client.v1.balance_transactions.list().data) == 1


def test_subscription_by_sepa_waits_for_its_invoice(client, sandbox):
    """
    The invoice is paid when the debit settles, and the session with it.
    """
    session = client.v1.checkout.sessions.create(a_monthly_gift())
    sandbox.pay_by_sepa(session.id)
    invoice_id = client.v1.checkout.sessions.retrieve(session.id).invoice
    assert client.v1.invoices.retrieve(invoice_id).status == "open"

    sandbox.settle(session.id)

    assert client.v1.invoices.retrieve(invoice_id).status == "paid"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_subscription_ends_with_its_period_or_at_once(client, sandbox):
    """
    Ending with the period keeps it active until then; canceling is for good.
    """
    session = client.v1.checkout.sessions.create(a_monthly_gift())
    sandbox.pay_by_card(session.id)
    subscription_id = client.v1.checkout.sessions.retrieve(session.id).subscription

    ending = client.v1.subscriptions.update(subscription_id, {"cancel_at_period_end": True})
    assert (ending.status, ending.cancel_at_period_end) == ("active", True)
    assert datetime.fromtimestamp(ending.cancel_at, UTC) == datetime(
        2026, 12, 22, 10, 0, tzinfo=UTC
    )

    assert client.v1.subscriptions.cancel(subscription_id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.subscriptions.cancel(subscription_id)


def test_same_key_and_same_question_get_the_same_session(client):
    """
    A retry after a lost answer must not start a second payment.
    """
    first = client.v1.checkout.sessions.create(a_gift(), {"idempotency_key": "intent-1"})
    again = client.v1.checkout.sessions.create(a_gift(), {"idempotency_key": "intent-1"})

    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_same_key_with_another_question_is_refused(client):
    """
    A key belongs to the parameters it was first used with.
    """
    client.v1.checkout.sessions.create(a_gift(25_00), {"idempotency_key": "intent-1"})

    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create(a_gift(50_00), {"idempotency_key": "intent-1"})


def test_lost_answer_is_found_again_by_the_key(server, sandbox):
    """
    The call was carried out, its answer was not: the SDK retries by itself.
    """
    sandbox.faults.api_unavailable(how="answer_lost")

    session = a_client(server, retries=2).v1.checkout.sessions.create(a_gift())

    assert session.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(sandbox.account.store.all("checkout.session")) == 1


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"success_ulr": "https://example.org"}, "success_ulr"),
        ({"payment_method_types": ["card"]}, "payment_method_types"),
        ({"payment_intent_data": {"capture": "x"}}, "payment_intent_data[capture]"),
        (
            {"line_items": [{"quantity": 1, "price_data": {"unit_amont": 1}}]},
            "line_items[0][price_data][unit_amont]",
        ),
    ],
)
def test_unknown_parameter_is_refused_in_every_depth(client, changes, param):
    """
    A misspelt parameter, or one that Stripe has removed, fails as at Stripe.
    """
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(a_gift(**changes))

    assert (refused.value.code, refused.value.param) == ("parameter_unknown", param)
    assert refused.value.request_id.startswith("req_test_")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mode": "payement"}, None),
        ({"line_items": []}, "parameter_missing"),
        ({"line_items": [a_line(49)]}, "amount_too_small"),
        ({"line_items": [a_line(10_00, interval="month")]}, None),
        ({"expires_at": 1}, None),
        ({"discounts": [{"coupon": "x"}]}, "sandbox_not_rehearsed"),
        ({"metadata": {"k" * 41: "v"}}, None),
        ({"line_items": [{"quantity": "due", "price_data": {}}]}, "parameter_invalid_integer"),
    ],
)
def test_question_without_sense_is_refused(client, changes, code):
    """
    What Stripe would refuse is refused, and what the sandbox cannot do is not ignored.
    """
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(a_gift(**changes))

    assert refused.value.code == code
    assert client.v1.checkout.sessions.list().data == []


def test_wrong_key_is_refused(server):
    """
    401, and the key is not repeated whole.
    """
    with pytest.raises(stripe.AuthenticationError) as refused:
        a_client(server, key="sk_test_wrong_wrong_wrong").v1.balance.retrieve()

    assert "sk_test_wrong_wrong_wrong" not in str(refused.value)


def test_unknown_object_is_missing(client):
    """
    Also an id of another kind of object.
    """
    session = client.v1.checkout.sessions.create(a_gift())

    for intent_id in ("pi_test_nothing", session.id):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.payment_intents.retrieve(intent_id)
        assert (refused.value.code, refused.value.http_status) == ("resource_missing", 404)


def test_expansion_of_a_plain_field_is_refused(client):
    """
    Asking for what cannot be expanded fails at Stripe, too.
    """
    session = client.v1.checkout.sessions.create(a_gift())

    for path in ("amount_total", "client_reference_id", "nothing", "success_url.more"):
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            client.v1.checkout.sessions.retrieve(session.id, {"expand": [path]})


def test_expansion_reaches_into_lists(client, sandbox):
    """
    Line items are left out unless they are asked for.
    """
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_card(session.id)

    (plain,) = client.v1.checkout.sessions.list().data
    (rich,) = client.v1.checkout.sessions.list(
        {"expand": ["data.line_items", "data.payment_intent.latest_charge"]}
    ).data
    (line,) = client.v1.checkout.sessions.line_items.list(session.id).data
    assert not hasattr(plain, "line_items")
    assert rich.line_items.data[0].description == "Emporio solidale"
    assert rich.payment_intent.latest_charge.amount == 25_00
    assert line.price.unit_amount == 25_00


def test_lists_come_in_pages_newest_first(client):
    """
    The SDK walks through all pages by itself.
    """
    amounts = [1_00, 2_00, 3_00, 4_00, 5_00]
    for amount_cents in amounts:
        client.v1.checkout.sessions.create(a_gift(amount_cents))

    first = client.v1.checkout.sessions.list({"limit": 2})
    everything = [session.amount_total for session in first.auto_paging_iter()]
    before = client.v1.checkout.sessions.list({"limit": 2, "ending_before": first.data[1].id})
    assert first.has_more is True
    assert everything == [5_00, 4_00, 3_00, 2_00, 1_00]
    assert [session.amount_total for session in before.data] == [5_00]


def test_lists_can_be_cut_by_time(client, clock):
    """
    The sweep asks for what was created since it last looked.
    """
    client.v1.checkout.sessions.create(a_gift(1_00))
    clock.advance(hours=1)
    since = int(clock().timestamp())
    client.v1.checkout.sessions.create(a_gift(2_00))

    recent = client.v1.checkout.sessions.list({"created": {"gte": since}})

    assert [session.amount_total for session in recent.data] == [2_00]


def test_filter_the_sandbox_does_not_know_is_not_ignored(client):
    """
    A list that ignored a filter would show what was not asked for.
    """
    client.v1.checkout.sessions.create(a_gift())

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.list({"customer_account": "acct_1"})
    assert refused.value.code == "sandbox_not_rehearsed"


def test_other_version_of_the_api_is_refused(client):
    """
    The sandbox speaks the version of the installed SDK and no other.
    """
    with pytest.raises(stripe.InvalidRequestError, match=r"2025-03-31\.basil"):
        client.v1.balance.retrieve(options={"stripe_version": "2025-03-31.basil"})


def test_session_expires_by_the_clock(client, clock, sandbox):
    """
    After its time nobody can pay it.
    """
    expires_at = int(clock().timestamp()) + 30 * 60
    session = client.v1.checkout.sessions.create(a_gift(expires_at=expires_at))

    clock.advance(minutes=30)

    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert event_types(client) == ["checkout.session.expired"]
    with pytest.raises(Refusal, match="expired, not open"):
        sandbox.pay_by_card(session.id)


def test_session_can_be_expired_once(client):
    """
    Only an open one.
    """
    session = client.v1.checkout.sessions.create(a_gift())

    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)


def test_automatic_payout_lists_its_members(client, sandbox):
    """
    With the payout itself they sum to zero.
    """
    for amount_cents in (25_00, 50_00):
        session = client.v1.checkout.sessions.create(a_gift(amount_cents))
        sandbox.pay_by_card(session.id)
    sandbox.refund(session.id, 10_00)

    payout_id = sandbox.pay_out()["id"]

    payout = client.v1.payouts.retrieve(payout_id)
    members = client.v1.balance_transactions.list({"payout": payout_id}).data
    balance = client.v1.balance.retrieve()
    assert (payout.amount, payout.automatic) == (63_37, True)
    assert (payout.status, payout.reconciliation_status) == ("paid", "completed")
    assert sorted(member.net for member in members) == [-63_37, -10_00, 24_37, 49_00]
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, 0)
    with pytest.raises(Refusal, match="nothing to pay out"):
        sandbox.pay_out()


def test_failed_payout_is_in_the_balance_again(client, sandbox):
    """
    The next payout takes it along.
    """
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_card(session.id)
    payout_id = sandbox.pay_out()["id"]

    sandbox.fail_payout(payout_id)

    failed = client.v1.payouts.retrieve(payout_id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_balance_transaction.amount) == ("failed", 24_37)
    assert client.v1.balance.retrieve().available[0].amount == 24_37
    assert sandbox.pay_out()["amount"] == 24_37


def test_manual_payout_cannot_be_listed(client, sandbox, clock):
    """
    It is only an amount, of what is available three days after a gift.
    """
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_card(session.id)
    amount = {"amount": 20_00, "currency": "eur"}
    with pytest.raises(stripe.InvalidRequestError, match="insufficient funds"):
        client.v1.payouts.create(amount)

    clock.advance(days=3)
    payout = client.v1.payouts.create(amount)

    assert (payout.automatic, payout.reconciliation_status) == (False, "not_applicable")
    assert client.v1.balance.retrieve().available[0].amount == 4_37
    with pytest.raises(stripe.InvalidRequestError, match="only be filtered on automatic"):
        client.v1.balance_transactions.list({"payout": payout.id})
    assert sandbox.pay_out()["amount"] == 4_37


def test_late_fee_is_null_until_it_is_booked(client, sandbox):
    """
    At Stripe a card charge may succeed before its balance transaction exists.
    """
    sandbox.faults.late_fees()
    session = client.v1.checkout.sessions.create(a_gift())
    sandbox.pay_by_card(session.id)
    (charge,) = client.v1.charges.list().data
    assert (charge.status, charge.balance_transaction) == ("succeeded", None)

    sandbox.book_late_fee(session.id)

    charge = client.v1.charges.retrieve(charge.id, {"expand": ["balance_transaction"]})
    assert charge.balance_transaction.fee == 63
    assert event_types(client)[-1] == "charge.updated"


@pytest.mark.parametrize(
    ("how", "error"),
    [("unavailable", stripe.APIError), ("refused", stripe.APIConnectionError)],
)
def test_outage_lasts_as_many_calls_as_asked(client, sandbox, how, error):
    """
    Afterwards the API answers again, and nothing happened in between.
    """
    sandbox.faults.api_unavailable(calls=2, how=how)

    for _ in range(2):
        with pytest.raises(error):
            client.v1.checkout.sessions.create(a_gift())

    assert client.v1.checkout.sessions.list().data == []


def test_restart_keeps_the_account(clock, tmp_path):
    """
    Sessions, answers given under a key, and what they led to.
    """
    before = a_sandbox(clock, tmp_path / "sandbox.sqlite3")
    with before.serve_api() as server:
        session = a_client(server).v1.checkout.sessions.create(
            a_gift(), {"idempotency_key": "intent-1"}
        )
        before.pay_by_sepa(session.id)
    before.close()

    after = a_sandbox(clock, tmp_path / "sandbox.sqlite3")
    with after.serve_api() as server:
        client = a_client(server)
        replayed = client.v1.checkout.sessions.create(a_gift(), {"idempotency_key": "intent-1"})
        after.settle(session.id)
        settled = client.v1.checkout.sessions.retrieve(session.id)
    after.close()

    assert replayed.id == session.id
    assert settled.payment_status == "paid"


def test_no_field_is_invented(client, sandbox):
    """
    Code that reads a field which the SDK does not declare would break at Stripe.
    """
    session = client.v1.checkout.sessions.create(a_monthly_gift(100_00))
    session = sandbox.pay_by_card(session.id)
    sandbox.refund(session["id"], 5_00)
    sandbox.dispute(session["id"])
    sandbox.renew(session["subscription"])
    sandbox.pay_out()
    lists = [
        client.v1.checkout.sessions.list({"expand": ["data.line_items"]}),
        client.v1.payment_intents.list(),
        client.v1.charges.list(),
        client.v1.balance_transactions.list(),
        client.v1.refunds.list(),
        client.v1.disputes.list(),
        client.v1.customers.list(),
        client.v1.subscriptions.list(),
        client.v1.invoices.list(),
        client.v1.invoice_payments.list(),
        client.v1.payouts.list(),
        client.v1.events.list(),
    ]

    found = [thing for listed in lists for thing in listed.data] + [client.v1.balance.retrieve()]
    invented = {place for thing in found for place in undeclared(thing)}
    assert len(found) > 25
    assert invented == set()


def undeclared(thing):
    """Yield the places of fields that the SDK's classes do not declare, in every depth."""
    free = stripe.StripeObject
    for name in thing.to_dict():
        value = getattr(thing, name) if name != "items" else thing["items"]
        if name not in type(thing).__annotations__ and name != "object":
            yield f"{type(thing).__qualname__}.{name}"
        for inner in value if isinstance(value, list) else [value]:
            known = isinstance(inner, free) and type(inner).__annotations__
            if known and type(inner) is not free and not isinstance(inner, stripe.ListObject):
                yield from undeclared(inner)
            if isinstance(inner, stripe.ListObject):
                for element in inner.data:
                    yield from undeclared(element)


STEPS = ("card", "sepa", "settle", "fail", "refund", "part", "dispute", "win", "lose", "payout")


@settings(max_examples=150, deadline=None)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=12), amount_cents=st.integers(50, 99_999))
def test_books_of_the_rehearsal_always_add_up(steps, amount_cents):
    """
    Whatever is pressed in whatever order: what makes no sense is refused, what
    is booked adds up, and nobody gets back more than was given.
    """
    sandbox = a_sandbox(Clock())
    session = create_session(sandbox.account, a_gift(amount_cents))

    def last_dispute():
        return next(iter(sandbox.account.store.all("dispute")), {"id": "du_none"})["id"]

    actions = {
        "card": lambda: sandbox.pay_by_card(session["id"]),
        "sepa": lambda: sandbox.pay_by_sepa(session["id"]),
        "settle": lambda: sandbox.settle(session["id"]),
        "fail": lambda: sandbox.fail(session["id"]),
        "refund": lambda: sandbox.refund(session["id"]),
        "part": lambda: sandbox.refund(session["id"], 20),
        "dispute": lambda: sandbox.dispute(session["id"]),
        "win": lambda: sandbox.close_dispute(last_dispute(), won=True),
        "lose": lambda: sandbox.close_dispute(last_dispute(), won=False),
        "payout": sandbox.pay_out,
    }

    for step in steps:
        with suppress(Refusal):
            actions[step]()

    store = sandbox.account.store
    transactions = store.all("balance_transaction")
    kinds = [transaction["reporting_category"] for transaction in transactions]
    given_cents = sum(t["amount"] for t in transactions if t["reporting_category"] == "charge")
    returned_cents = -sum(
        t["amount"]
        for t in transactions
        if t["reporting_category"] in ("refund", "dispute", "dispute_reversal")
    )
    assert all(t["net"] == t["amount"] - t["fee"] for t in transactions)
    assert kinds.count("charge") <= 1
    assert kinds.count("dispute") <= 1
    assert 0 <= returned_cents <= given_cents
    for charge in store.all("charge"):
        assert charge["amount_refunded"] == sum(r["amount"] for r in store.all("refund"))
    sandbox.close()


def test_everything_says_that_it_is_a_rehearsal(clock, tmp_path):
    """
    No object is in live mode, and every id carries the word test.
    """
    state = tmp_path / "sandbox.sqlite3"
    sandbox = a_sandbox(clock, state)
    with sandbox.serve_api() as server:
        session = a_client(server).v1.checkout.sessions.create(a_monthly_gift())
    session = sandbox.pay_by_card(session.id)
    sandbox.refund(session["id"])
    sandbox.renew(session["subscription"])
    sandbox.pay_out()
    sandbox.close()

    with closing(sqlite3.connect(state)) as connection:
        rows = connection.execute("select id, body from object").fetchall()
    assert len(rows) > 20
    assert [object_id for object_id, _ in rows if "_test_" not in object_id] == []
    assert [body for _, body in rows if '"livemode": false' not in body] == []
