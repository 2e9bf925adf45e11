"""Which letters a change in the books calls for, each at most once and only while it is true."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fundraising.doctor import close_task, examine
from fundraising.donor_post import queue_yearly_summaries
from fundraising.mailer import list_letters
from fundraising.register import replace_receipt


def pay(house, **form):
    session_id = house.give(**form)
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    return session_id


def sent(house):
    house.parts.worker.run_once()
    return sorted(row["kind"] for row in house.query("all_letters") if row["state"] == "sent")


def letters(house):
    return list_letters(house.parts.settings.letters_folder)


def give_back(house, session_id, cents=None):
    refund = house.sandbox.refund(session_id, cents)
    house.look("refund", refund["id"])
    return refund


def fail(house, refund):
    house.sandbox.fail_refund(refund["id"])
    house.look("refund", refund["id"])


def dispute_gift(house, gift, cents=None):
    dispute = house.sandbox.dispute(gift, cents)
    house.look("dispute", dispute["id"])
    return dispute


def decide(house, dispute, *, won):
    house.sandbox.close_dispute(dispute["id"], won=won)
    house.look("dispute", dispute["id"])


def test_card_for_a_dedication_leaves_only_with_the_money(house):
    """
    Nobody is told of a gift that was never paid.
    """
    dedication = {
        "dedication": "gift", "dedication_name": "Rosa", "card_email": "rosa@example.org",
        "card_text": "Auguri!",
    }  # fmt: skip
    session_id = house.give(**dedication)
    house.look("checkout.session", session_id)
    assert sent(house) == []

    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)

    assert sent(house) == ["card", "paid"]
    [card] = [letter for letter in letters(house) if letter.to == "rosa@example.org"]
    assert "Un dono per Rosa" in card.subject
    assert "Anna Prova ha fatto un dono pensando a Rosa." in " ".join(card.text.split())
    assert "25,00" not in card.text
    assert card.attachments == ()


def test_monthly_gift_sends_one_card(house):
    session_id = house.give(
        frequency="month", dedication="memory", dedication_name="Rosa",
        card_email="rosa@example.org", anonymous="1",
    )  # fmt: skip
    plan = house.sandbox.pay_by_card(session_id)["subscription"]
    house.look("subscription", plan)
    house.sandbox.renew(plan)
    house.look("subscription", plan)

    assert sent(house) == ["card", "paid", "paid"]
    [card] = [letter for letter in letters(house) if letter.to == "rosa@example.org"]
    assert "Anna" not in card.text


def test_dispute_is_told_while_it_is_open_and_when_it_is_lost(house):
    session_id = pay(house)
    sent(house)
    dispute = dispute_gift(house, session_id)
    assert sent(house) == ["disputed", "paid"]

    decide(house, dispute, won=False)

    assert sent(house) == ["disputed", "paid", "taken_back"]
    [told] = [one for one in letters(house) if "ci ha chiesto indietro" in one.subject]
    assert "la ricevuta n. 1/2026 è annullata" in " ".join(told.text.split())


def test_dispute_decided_before_its_letter_left_is_told_as_closed(house):
    """
    The receipt in the donor's hands was annulled meanwhile: the one that counts has to follow.
    """
    session_id = pay(house)
    sent(house)
    dispute = dispute_gift(house, session_id)
    decide(house, dispute, won=True)

    assert sent(house) == ["dispute_won", "paid"]


def told(house, subject):
    """The one letter with these words in its subject, in plain text on one line."""
    [letter] = [one for one in letters(house) if subject in one.subject.replace("\u00a0", " ")]
    return " ".join(letter.text.split())


def test_refund_that_fails_after_it_was_told_is_taken_back_with_the_receipt_that_counts(house):
    session_id = pay(house)
    sent(house)
    refund = give_back(house, session_id)
    sent(house)
    fail(house, refund)
    house.look("refund", refund["id"])

    assert sent(house) == ["paid", "refund_failed", "refunded"]
    text = told(house, "Il rimborso di 25,00 € non è riuscito")
    assert "quel denaro è tornato indietro ed è di nuovo presso di noi" in text
    assert "vale la ricevuta n. 2/2026, che trovi in allegato" in text
    assert "La n. 1/2026 resta annullata" in text
    [letter] = [one for one in letters(house) if "non è riuscito" in one.subject]
    assert [one.filename for one in letter.attachments] == ["ricevuta-2-2026.pdf"]


def test_refund_that_fails_before_its_letter_left_is_not_told_as_done(house):
    """
    Of two refunds one failed: the letter about the other one leaves.
    """
    session_id = pay(house, amount="50")
    sent(house)
    refunds = [house.sandbox.refund(session_id, cents) for cents in (10_00, 5_00)]
    house.look("checkout.session", session_id)
    house.sandbox.fail_refund(refunds[0]["id"])
    house.look("checkout.session", session_id)

    assert sent(house) == ["paid", "refund_failed", "refunded"]
    left = {(row["kind"], row["subject"]): row["state"] for row in house.query("all_letters")}
    assert left["refunded", refunds[0]["id"]] == "dropped"
    assert left["refunded", refunds[1]["id"]] == "sent"
    assert "non è riuscito" in told(house, "Il rimborso di 10,00 €")


def test_failed_refund_is_asked_of_a_person_once(house):
    """
    Every later look finds the refund failed still: what a person has settled stays settled.
    """
    session_id = pay(house)
    refund = give_back(house, session_id)
    fail(house, refund)
    sent(house)

    [finding] = examine(house.parts)
    assert "un rimborso non è arrivato al donatore" in finding
    assert f"25,00\u00a0€ del dono {session_id}" in finding
    assert close_task(house.parts, "refund_failed", refund["id"])
    house.look("refund", refund["id"])
    assert examine(house.parts) == []


def test_each_refund_tells_its_own_part_and_what_came_back_in_all(house):
    session_id = pay(house, amount="50")
    for cents in (10_00, 5_00, 7_00):
        house.sandbox.refund(session_id, cents)
        house.look("checkout.session", session_id)
        sent(house)

    first, second, third = (
        told(house, f"Ti abbiamo restituito {cents}") for cents in ("10,00", "5,00", "7,00")
    )
    assert "ti abbiamo restituito 10,00 € del tuo dono di 50,00 €" in first
    assert "In tutto" not in first
    assert "Alla campagna restano 40,00 €." in first
    assert "In tutto ti sono tornati 15,00 €. Alla campagna restano 35,00 €." in second
    assert "ti abbiamo restituito 7,00 € del tuo dono di 50,00 €" in third
    assert "In tutto ti sono tornati 22,00 €. Alla campagna restano 28,00 €." in third


def test_last_of_several_refunds_does_not_tell_of_a_rest(house):
    session_id = pay(house)
    for cents in (10_00, 15_00):
        house.sandbox.refund(session_id, cents)
        house.look("checkout.session", session_id)
        sent(house)

    text = told(house, "Ti abbiamo restituito 15,00 €")
    assert "In tutto ti sono tornati 25,00 €." in text
    assert "restano" not in text


def test_dispute_won_is_told_with_the_receipt_that_counts(house):
    session_id = pay(house)
    sent(house)
    dispute = dispute_gift(house, session_id)
    sent(house)
    decide(house, dispute, won=True)
    house.look("dispute", dispute["id"])

    assert sent(house) == ["dispute_won", "disputed", "paid"]
    text = told(house, "Il tuo dono di 25,00 € è di nuovo con noi")
    assert "la tua banca ci ha ridato i 25,00 € che aveva ripreso" in text
    assert "La ricevuta che vale è la n. 2/2026, che trovi in allegato" in text
    assert "La n. 1/2026 resta annullata" in text
    [letter] = [one for one in letters(house) if "di nuovo con noi" in one.subject]
    assert [one.filename for one in letter.attachments] == ["ricevuta-2-2026.pdf"]


def test_dispute_that_was_won_and_is_lost_in_the_end_is_told_again(house):
    """Else the donor would go on using a receipt that is void."""
    session_id = pay(house)
    sent(house)
    dispute = dispute_gift(house, session_id)
    sent(house)
    decide(house, dispute, won=True)
    assert sent(house) == ["dispute_won", "disputed", "paid"]

    [gift] = house.parts.gateway.observe("checkout.session", session_id)
    lost = tuple(replace(one, status="lost") for one in gift.payment.disputes)
    taken = next(one for one in gift.payment.movements if one.amount_cents < 0)
    movements = (*gift.payment.movements, replace(taken, id="txn_of_the_appeal"))
    house.parts.reducer.apply(
        [replace(gift, payment=replace(gift.payment, disputes=lost, movements=movements))]
    )

    assert sent(house) == ["dispute_won", "disputed", "paid", "taken_back"]
    assert {row["state"] for row in house.query("all_receipts")} == {"void"}


@pytest.mark.parametrize("won", [True, False])
def test_refund_that_fails_while_a_bank_decides_of_the_rest_is_told(house, won):
    """The donor was told it is back: whatever the bank decides of the rest, it is not."""
    session_id = pay(house)
    refund = give_back(house, session_id, 10_00)
    sent(house)
    dispute = dispute_gift(house, session_id, 15_00)
    sent(house)
    fail(house, refund)
    sent(house)
    decide(house, dispute, won=won)

    last = "dispute_won" if won else "taken_back"
    assert sorted(sent(house)) == sorted(["disputed", "paid", "refunded", "refund_failed", last])
    failed = told(house, "non è riuscito")
    assert "il rimborso di 10,00 € del tuo dono di 25,00 €" in failed
    assert "ricevuta n." not in failed


def test_dispute_letters_name_what_the_bank_took(house):
    session_id = pay(house, amount="50")
    house.sandbox.refund(session_id, 20_00)
    house.look("checkout.session", session_id)
    dispute = dispute_gift(house, session_id)
    sent(house)
    decide(house, dispute, won=False)
    sent(house)

    asked = told(house, "La tua banca ci ha chiesto indietro 30,00 €")
    assert "la tua banca ha ripreso 30,00 € del tuo dono di 50,00 €" in asked
    taken = told(house, "30,00 € sono tornati alla tua banca")
    assert "la tua banca ha ripreso 30,00 € del tuo dono di 50,00 €" in taken
    assert "restano" not in taken


def test_nobody_says_what_stays_while_a_bank_decides(house):
    session_id = pay(house, amount="50")
    sent(house)
    house.sandbox.refund(session_id, 20_00)
    house.look("checkout.session", session_id)
    dispute_gift(house, session_id)
    sent(house)

    text = told(house, "Ti abbiamo restituito 20,00 €")
    assert "ti abbiamo restituito 20,00 € del tuo dono di 50,00 €" in text
    assert "restano" not in text


def test_part_a_bank_took_for_good_leaves_the_rest_receipted(house):
    session_id = pay(house)
    sent(house)
    dispute = dispute_gift(house, session_id, 10_00)
    sent(house)
    decide(house, dispute, won=False)

    assert sent(house) == ["disputed", "paid", "taken_back"]
    text = told(house, "10,00 € sono tornati alla tua banca")
    assert "la tua banca ha ripreso 10,00 € del tuo dono di 25,00 €" in text
    assert "Alla campagna restano 15,00 €." in text
    assert "In allegato trovi la nuova ricevuta n. 2/2026" in text
    assert "/api/donate" not in text
    receipts = [(one["amount_cents"], one["state"]) for one in house.query("all_receipts")]
    assert receipts == [(25_00, "void"), (15_00, "issued")]
    [total] = house.query("confirmed_by_campaign", livemode=0)
    assert (int(total["gifts"]), int(total["confirmed_cents"])) == (1, 15_00)
    assert examine(house.parts) == []


def test_bank_debit_that_is_taken_back_is_told_with_a_way_to_give_again(house):
    session_id = house.give()
    house.sandbox.pay_by_sepa(session_id)
    house.sandbox.settle(session_id)
    house.look("checkout.session", session_id)
    sent(house)

    dispute_gift(house, session_id)

    assert sent(house) == ["paid", "taken_back"]
    [told] = [one for one in letters(house) if "sono tornati alla tua banca" in one.subject]
    assert "/api/donate?campaign=tetto&amount=25&frequency=once" in told.text


def test_way_to_give_again_leaves_the_fee_to_the_donor(house):
    session_id = house.give(cover_fees="1", confirmed="2563")
    house.sandbox.pay_by_sepa(session_id)
    house.sandbox.fail(session_id)
    house.look("checkout.session", session_id)
    assert "failed" in sent(house)

    [told] = [one for one in letters(house) if "/api/donate" in one.text]
    assert "/api/donate?campaign=tetto&amount=25&frequency=once" in told.text


def test_year_is_summed_up_once_per_address_net_of_refunds(house, monkeypatch):
    pay(house)
    refunded = pay(house, email="Anna@example.org", amount="10")
    house.sandbox.refund(refunded, 4_00)
    house.look("checkout.session", refunded)
    pay(house, email="bruno@example.org")
    given_back = pay(house, email="carla@example.org")
    house.sandbox.refund(given_back)
    house.look("checkout.session", given_back)
    this_year = house.clock().year
    january = datetime(this_year + 1, 1, 20, 12, tzinfo=UTC)

    for _ in range(2):
        with house.parts.store.transaction() as books:
            queue_yearly_summaries(books, livemode=0, now=january, new_id=house.parts.new_id)
    monkeypatch.setattr(house.parts.worker, "_clock", lambda: january)
    house.parts.worker.run_once()

    subjects = {one.to: one.subject.replace("\u00a0", " ") for one in letters(house)
                if "I tuoi doni del" in one.subject}  # fmt: skip
    assert subjects == {
        "anna@example.org": f"PROVA: nessun addebito – I tuoi doni del {this_year}: 31,00 €",
        "bruno@example.org": f"PROVA: nessun addebito – I tuoi doni del {this_year}: 25,00 €",
    }


def sum_up(house, january):
    with house.parts.store.transaction() as books:
        queue_yearly_summaries(books, livemode=0, now=january, new_id=house.parts.new_id)


def yearly_letters(house):
    return [row for row in house.query("all_letters") if row["kind"] == "yearly"]


def test_corrected_receipts_bring_no_second_summary(house):
    """
    Each correction is a new row of the same person, as old as the first one.
    """
    for _ in range(2):
        pay(house)
    january = datetime(house.clock().year + 1, 1, 20, 12, tzinfo=UTC)
    sum_up(house, january)

    for number in range(6):
        receipts = house.query("all_receipts")
        for receipt in [one for one in receipts if one["state"] == "issued"]:
            donor = house.query("find_donor", id=receipt["donor"])
            with house.parts.store.transaction() as books:
                replace_receipt(
                    books, receipt, house.parts.campaigns.read(),
                    donor=donor | {"last_name": f"Prova{number}"},
                    now=january, new_id=house.parts.new_id,
                )  # fmt: skip
        sum_up(house, january)

    assert len(yearly_letters(house)) == 1


def test_wish_forgotten_in_january_brings_no_second_summary(house):
    """
    The oldest row of an address may be one that its date takes away between two days of work.
    """
    house.give()
    [wish] = house.query("donors_of_email", livemode=0, email="anna@example.org")
    pay(house)
    january = datetime(house.clock().year + 1, 1, 20, 12, tzinfo=UTC)
    sum_up(house, january)
    with house.parts.store.transaction() as books:
        books.forget_donor(id=wish["id"], erased_at=january.isoformat())

    sum_up(house, january)

    assert len(yearly_letters(house)) == 1


@pytest.mark.parametrize(
    ("day", "summaries"), [(datetime(2027, 1, 14), 0), (datetime(2027, 1, 15), 1),
                           (datetime(2027, 3, 1), 0)],
)  # fmt: skip
def test_worker_sums_up_in_the_second_half_of_january(house, monkeypatch, day, summaries):
    pay(house)
    house.parts.worker.run_once()
    noon = day.replace(year=house.clock().year + 1, hour=12, tzinfo=UTC)
    monkeypatch.setattr(house.parts.worker, "_clock", lambda: noon)

    house.parts.worker.run_once()
    house.parts.worker.run_once()

    assert sent(house).count("yearly") == summaries
