"""Reconciliation explains every cent, or names those it cannot."""

from fundraising.reconcile import reconcile
from fundraising.sweep import Sweep


def paid(house):
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    return session_id


def test_payouts_are_the_sum_of_their_entries(house):
    first, _second = paid(house), paid(house)
    house.sandbox.refund(first, 10_00)
    house.sandbox.charge_fee(1_00)
    payout = house.sandbox.pay_out()
    failed = house.sandbox.fail_payout(payout["id"])
    paid(house)
    house.sandbox.pay_out()
    parts = house.parts
    Sweep(parts.store, parts.gateway, parts.reducer, clock=parts.clock).run()
    found = reconcile(parts)

    assert found.holds
    assert found.differences == ()
    # 2 × (25,00 − 0,63) − 10,00 − 1,00
    assert [(one.amount_cents, one.entries, one.status) for one in found.payouts] == [
        (24_37 + 37_74, 2, "paid"),
        (37_74, 4, "failed"),
    ]
    assert failed["id"] == found.payouts[1].id
    assert found.stripe_cents == found.books_cents == 0


def test_entry_the_books_do_not_have_is_named_with_its_cents(house):
    paid(house)
    house.sandbox.pay_by_card(house.give())
    house.sandbox.pay_out()
    found = reconcile(house.parts)

    assert not found.holds
    [payout] = found.payouts
    assert payout.unexplained_cents == 24_37
    assert sorted(one.cents for one in found.differences) == [-48_74, 24_37]


def test_entry_stripe_does_not_have_is_named(house):
    paid(house)
    with house.parts.store.transaction() as books:
        books.add_booking(
            id="txn_ours", kind="payment", livemode=0, donation=None, campaign=None,
            booked_at="2026-11-22",
        )  # fmt: skip
        books.add_posting(booking="txn_ours", account="Assets:Stripe", amount_cents=5_00)
        books.add_posting(booking="txn_ours", account="Income:Donations", amount_cents=-5_00)
    found = reconcile(house.parts)

    assert [(one.id, one.cents) for one in found.differences] == [("txn_ours", -5_00)]
    assert found.books_cents - found.stripe_cents == 5_00


def test_payout_made_by_hand_has_no_entries_to_compare(house):
    paid(house)
    for entry in house.sandbox.account.store.all("balance_transaction"):
        house.sandbox.account.change(entry, available_on=0)
    house.parts.gateway._client.v1.payouts.create({"amount": 10_00, "currency": "eur"})
    parts = house.parts
    Sweep(parts.store, parts.gateway, parts.reducer, clock=parts.clock).run()
    found = reconcile(parts)

    assert found.holds
    assert [(one.entries, one.amount_cents) for one in found.payouts] == [(None, 10_00)]
