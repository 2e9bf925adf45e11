"""The doctor finds what is wrong, and nothing when all is well."""

import json
from datetime import timedelta

from fundraising.doctor import TASKS, close_task, examine
from fundraising.stripe_gateway import StripeGateway


def paid(house, **changes):
    session_id = house.give(**changes)
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    return session_id


def test_healthy_books_have_no_findings(house):
    """
    Gifts, a refund, a dispute, a payout: every cent is explained, at Stripe too.
    """
    first, second = paid(house), paid(house, email="bruno@example.org")
    paid(house, frequency="month")
    house.sandbox.refund(first, 10_00)
    house.sandbox.dispute(second)
    payout = house.sandbox.pay_out()
    house.look("checkout.session", first)
    house.look("checkout.session", second)
    house.look("payout", payout["id"])
    house.parts.worker.run_once()

    assert examine(house.parts) == []


def test_movement_we_never_heard_of_is_a_difference_with_stripe(house):
    paid(house)
    house.sandbox.pay_by_card(house.give())
    findings = examine(house.parts)

    assert len(findings) == 1
    assert "differenza 24,37\u00a0€" in findings[0]


def test_half_a_booking_is_found(house):
    paid(house)
    with house.parts.store.transaction() as books:
        books.add_booking(
            id="txn_half", kind="payout", livemode=0, donation=None, campaign=None, booked_at="2026",
        )  # fmt: skip
        books.add_posting(booking="txn_half", account="Assets:Bank", amount_cents=500)
    findings = examine(house.parts)

    assert any("txn_half non è in pareggio" in finding for finding in findings)


def test_paid_gift_without_receipt_is_found(house):
    """
    The recipient has left campaigns.json between the gift and the money.
    """
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    path = house.parts.settings.campaigns_file
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | {"campaigns": [], "recipients": []}), encoding="utf-8")
    house.look("checkout.session", session_id)
    findings = examine(house.parts)

    assert any("è pagata e non ha ricevuta" in finding for finding in findings)
    assert any("non ne contiene nessuna" in finding for finding in findings)


def test_missing_receipt_number_is_found(house):
    paid(house)
    with house.parts.store.transaction() as books:
        books.draw_receipt_number(recipient="sercop", year=house.clock().year, livemode=0)
    findings = examine(house.parts)

    assert any("manca un numero" in finding for finding in findings)


def test_valid_receipt_of_a_gift_given_back_is_found(house):
    session_id = paid(house)
    with house.parts.store.transaction() as books:
        books._connection.execute("update donation set state = 'refunded', refunded_cents = 2500")
    findings = examine(house.parts)

    assert session_id
    assert any("è valida, ma la donazione" in finding for finding in findings)


def test_state_that_disagrees_with_the_postings_is_found(house):
    paid(house)
    with house.parts.store.transaction() as books:
        books._connection.execute("update donation set amount_cents = 3000")
    findings = examine(house.parts)

    assert any("ma nei libri ci sono 25,00" in finding for finding in findings)


def test_gift_a_bank_took_back_that_is_still_worth_something_is_found(house):
    paid(house)
    with house.parts.store.transaction() as books:
        books._connection.execute("update donation set state = 'charged_back'")
    findings = examine(house.parts)

    assert any("«ripreso dalla banca» e vale 0,00" in finding for finding in findings)


def test_what_is_stuck_and_what_waits_for_a_person_is_found(house):
    long_ago = (house.clock() - timedelta(hours=2)).isoformat()
    with house.parts.store.transaction() as books:
        books.receive_notification(
            id="evt_old", livemode=0, type="invoice.paid", object_kind="invoice",
            object_id="in_1", received_at=long_ago,
        )  # fmt: skip
        books.open_task(
            id="t", livemode=0, kind="orphan", subject="cs_9", detail="…", opened_at=long_ago
        )
    findings = examine(house.parts)

    assert any("invoice.paid su in_1 aspetta" in finding for finding in findings)
    assert any("da guardare" in finding and "cs_9" in finding for finding in findings)


def test_refused_letter_is_found(house):
    paid(house)
    [row] = house.query("all_letters")
    with house.parts.store.transaction() as books:
        books.settle_letter(id=row["id"], state="refused", sent_at=None, error="550 nobody")
    findings = examine(house.parts)

    assert any("è stata rifiutata" in finding and "550" in finding for finding in findings)


def test_stripe_that_does_not_answer_is_told_and_not_a_crash(house):
    house.parts.gateway = StripeGateway(
        "sk_test_1", ("whsec_1",), clock=house.clock, api_base="http://127.0.0.1:9"
    )
    findings = examine(house.parts)

    assert any("il saldo non è stato confrontato" in finding for finding in findings)


def test_what_a_person_has_settled_is_no_longer_found(house):
    with house.parts.store.transaction() as books:
        books.open_task(
            id="t", livemode=0, kind="orphan", subject="cs_9", detail="…", opened_at="2026"
        )

    assert close_task(house.parts, "orphan", "cs_9")
    assert not close_task(house.parts, "orphan", "cs_9")
    assert examine(house.parts) == []


def test_refused_letter_says_what_to_do_and_is_put_away_by_a_person(house):
    paid(house)
    with house.parts.store.transaction() as books:
        [letter] = books.all_letters()
        books.settle_letter(id=letter["id"], state="refused", sent_at=None, error="550 nobody")
    [finding] = examine(house.parts)

    assert f"fundraising doctor --done lettera:{letter['id']}" in finding
    assert close_task(house.parts, "lettera", letter["id"])
    assert not close_task(house.parts, "lettera", letter["id"])
    assert examine(house.parts) == []


def test_every_task_has_words_and_something_to_do(house):
    for kind in TASKS:
        house.parts.reducer.open_task(kind, "cs_9", "un esempio")
    findings = examine(house.parts)

    assert len(findings) == 9
    assert all("Quando è a posto: fundraising doctor --done" in finding for finding in findings)
