"""A standing order: the same code comes every month, and each time is a gift of its own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from fundraising.bank.matching import (
    CannotConfirm,
    book_again,
    confirm,
    list_doubts,
)
from fundraising.doctor import examine
from fundraising.people import erase_person, export_person
from fundraising.reconcile import reconcile
from tests.fundraising.conftest import came

OCTOBER, NOVEMBER = date(2026, 10, 12), date(2026, 11, 12)


def test_second_transfer_with_a_code_is_a_gift_with_receipt_and_thanks_of_its_own(house, promise):
    _page, code = promise()
    came(house, code, on=OCTOBER)
    came(house, f"ordine permanente {code}", cents=30_00, on=NOVEMBER)
    [doubt] = list_doubts(house.parts)
    gift = book_again(house.parts, doubt.id[:8])
    house.parts.worker.run_once()

    assert (gift["origin"], gift["state"], gift["amount_cents"]) == (f"{code}/2", "paid", 30_00)
    assert (gift["campaign"], gift["recipient"]) == ("tetto", "sercop")
    assert [row["amount_cents"] for row in house.query("all_receipts")] == [25_00, 30_00]
    thanks = [letter for letter in house.query("all_letters") if letter["kind"] == "paid"]
    assert [letter["state"] for letter in thanks] == ["sent", "sent"]
    bank = house.query("account_balance", livemode=0, account="Assets:Bank")
    assert int(bank["cents"]) == 55_00
    assert list_doubts(house.parts) == []
    assert examine(house.parts) == []
    assert reconcile(house.parts).holds


def test_third_time_is_counted_too(house, promise):
    _page, code = promise()
    for month in (9, 10, 11):
        came(house, code, on=date(2026, month, 12))
    gifts = [book_again(house.parts, doubt.id) for doubt in list_doubts(house.parts)]

    assert [gift["origin"] for gift in gifts] == [f"{code}/2", f"{code}/3"]
    assert examine(house.parts) == []


def test_who_confirms_a_promise_that_was_kept_is_told_how_to_book_another(house, promise):
    _page, code = promise()
    came(house, code, on=OCTOBER)
    came(house, code, on=NOVEMBER)
    [doubt] = list_doubts(house.parts)

    with pytest.raises(CannotConfirm) as told:
        confirm(house.parts, doubt.id, code)
    assert str(told.value) == (
        f"La promessa {code} è già «arrivato». Se è un altro dono della stessa persona: "
        f"import-bank --again {doubt.id[:8]} --code {code}"
    )


def test_promise_nobody_kept_yet_is_confirmed_and_not_repeated(house, promise):
    _page, code = promise()
    came(house, "da parte di Anna", on=NOVEMBER)
    [doubt] = list_doubts(house.parts)

    with pytest.raises(CannotConfirm, match=f"--confirm {doubt.id[:8]} --code {code}"):
        book_again(house.parts, doubt.id, code)
    with pytest.raises(CannotConfirm, match="--again"):
        book_again(house.parts, doubt.id)
    assert confirm(house.parts, doubt.id, code)["origin"] == code


def test_transfer_read_from_two_files_is_said_to_be_perhaps_the_same(house, promise):
    """
    Another export of the bank words the same line in another way: it counts only if a person says so.
    """
    _page, code = promise()
    came(house, code, on=NOVEMBER)
    done = came(house, f"BONIFICO DA ANNA {code}", on=NOVEMBER)
    [doubt] = list_doubts(house.parts)

    assert (done.matched, done.review) == (0, 1)
    assert doubt.doubt == (
        f"la promessa {code} è già «arrivato», con un bonifico dello stesso giorno e importo: "
        "forse è quello, letto due volte"
    )


def test_line_whose_twin_was_booked_after_it_came_says_so_too(house, promise):
    """Both waited, each as good as the other; once a person has booked one, the other is in doubt."""
    _page, code = promise()
    came(house, code, on=OCTOBER)
    came(house, code, on=NOVEMBER)
    came(house, f"BONIFICO DA ANNA {code}", on=NOVEMBER)
    one, other = list_doubts(house.parts)
    assert "letto due volte" not in one.doubt + other.doubt

    book_again(house.parts, one.id)

    [left] = list_doubts(house.parts)
    assert left.doubt.endswith("dello stesso giorno e importo: forse è quello, letto due volte")


def test_dedication_and_consents_are_of_the_promise_and_are_not_repeated(house, promise):
    """
    The card went to Rosa once, the newsletter's door was shown once; the answers stay where they were given.
    """
    _page, code = promise(
        dedication="gift", dedication_name="Rosa", card_email="rosa@example.org", anonymous="1",
        consent_newsletter="1", consent_wording="2026-11",
    )  # fmt: skip
    came(house, code, on=OCTOBER)
    came(house, code, on=NOVEMBER)
    [doubt] = list_doubts(house.parts)
    before = house.query("consents_of_person", livemode=0, email="anna@example.org")
    book_again(house.parts, doubt.id)
    house.parts.worker.run_once()

    sent = [row["kind"] for row in house.query("all_letters") if row["state"] == "sent"]
    assert sorted(sent) == ["card", "opt_in", "paid", "paid"]
    assert house.query("consents_of_person", livemode=0, email="anna@example.org") == before
    known = export_person(house.parts.store, "anna@example.org", livemode=False, now=house.clock())[
        "doni"
    ]
    assert [[gift["riferimento"] for gift in one["doni"]] for one in known] == [[code, f"{code}/2"]]
    assert [one["chi"]["anonimo"] for one in known] == [1]


def test_page_of_the_promise_tells_of_the_promise(house, promise):
    """
    A transfer found later on an older statement is older, and no promise of anybody.
    """
    page, code = promise()
    came(house, code, on=NOVEMBER)
    came(house, code, cents=99_00, on=OCTOBER)
    [doubt] = list_doubts(house.parts)
    book_again(house.parts, doubt.id)

    assert "Abbiamo ricevuto 25,00" in house.client.get(page).text


def test_standing_order_of_somebody_who_was_forgotten_is_booked_and_not_written_about(
    house, promise
):
    """
    The money is here and wants a receipt with the name the law keeps; there is nobody to write to.
    """
    _page, code = promise()
    came(house, code, on=OCTOBER)
    house.parts.worker.run_once()
    erase_person(house.parts.store, "anna@example.org", livemode=False, now=house.clock())
    came(house, code, on=NOVEMBER)
    [doubt] = list_doubts(house.parts)
    book_again(house.parts, doubt.id)
    house.parts.worker.run_once()

    assert len(house.query("all_receipts")) == 2
    paid = [letter for letter in house.query("all_letters") if letter["kind"] == "paid"]
    assert sorted(letter["state"] for letter in paid) == ["dropped", "sent"]
    assert examine(house.parts) == []


def test_two_transfers_booked_again_at_once_are_two_gifts(house, promise):
    _page, code = promise()
    for month in (9, 10, 11):
        came(house, code, on=date(2026, month, 12))
    ids = [doubt.id for doubt in list_doubts(house.parts)]
    with ThreadPoolExecutor(2) as both:
        gifts = list(both.map(lambda id: book_again(house.parts, id), ids))

    assert {gift["origin"] for gift in gifts} == {f"{code}/2", f"{code}/3"}
    assert len(house.query("all_receipts")) == 3
    assert examine(house.parts) == []


def test_one_transfer_booked_again_twice_is_one_gift(house, promise):
    _page, code = promise()
    came(house, code, on=OCTOBER)
    came(house, code, on=NOVEMBER)
    [doubt] = list_doubts(house.parts)
    book_again(house.parts, doubt.id, code)

    with pytest.raises(CannotConfirm, match="nessuno"):
        book_again(house.parts, doubt.id, code)
    assert len(house.query("all_receipts")) == 2
