"""A transfer that goes back from the bank account is told once, and is a refund like any other."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundraising.bank.given_back import book_given_back
from fundraising.bank.matching import book_again, list_doubts
from fundraising.clock import italian_day
from fundraising.doctor import examine
from fundraising.mailer import list_letters
from fundraising.people import erase_person
from fundraising.reconcile import reconcile
from fundraising.refund import RefundRefused, find_gift, refund_gift
from fundraising.store import from_text
from fundraising.totals import read_totals
from tests.fundraising.conftest import came
from tests.fundraising.test_random_histories import power_cut_before

NUMBERS = itertools.count(1)
CAME, WENT = date(2026, 11, 2), date(2026, 11, 12)


@pytest.fixture
def gift(house, promise):
    """A transfer of 25 € that came, was receipted and thanked for."""
    _page, code = promise()
    came(house, code, on=CAME)
    house.parts.worker.run_once()
    return find_gift(house.parts, code)


def test_whole_transfer_goes_back(house, gift):
    after, cents = book_given_back(house.parts, gift, WENT)
    house.parts.worker.run_once()

    assert (after["state"], after["refunded_cents"], cents) == ("refunded", 25_00, 25_00)
    booking = house.query("returns_of_donation", donation=gift["id"])[0]
    assert italian_day(from_text(booking["booked_at"])) == WENT
    postings = house.query("postings_of_booking", booking=booking["id"])
    assert [(row["account"], row["amount_cents"]) for row in postings] == [
        ("Assets:Bank", -25_00),
        ("Income:Refunds", 25_00),
    ]
    [receipt] = house.query("all_receipts")
    assert receipt["state"] == "void"
    total = read_totals(house.parts.store, livemode=False, now=house.clock())["total"]
    assert (total["confirmed_cents"], total["gifts"]) == (0, 0)
    assert examine(house.parts) == []
    assert reconcile(house.parts).holds


def test_part_of_a_transfer_goes_back_and_the_receipt_follows(house, gift):
    after, _cents = book_given_back(house.parts, gift, WENT, 10_00)

    assert (after["state"], after["refunded_cents"]) == ("partially_refunded", 10_00)
    [old, new] = house.query("all_receipts")
    assert (old["state"], new["state"], new["amount_cents"]) == ("void", "issued", 15_00)
    assert examine(house.parts) == []


def test_donor_is_told_what_went_back_and_what_counts_now(house, gift):
    book_given_back(house.parts, gift, WENT, 10_00)
    house.parts.worker.run_once()

    letters = list_letters(house.parts.settings.letters_folder)
    [told] = [one for one in letters if "restituito" in one.subject]
    text = " ".join(told.text.split()).replace("\N{NO-BREAK SPACE}", " ")
    assert "12 novembre 2026" in text  # when the bank did it, not when somebody wrote it down
    assert "ti abbiamo restituito 10,00 € del tuo dono di 25,00 €" in text
    assert "restano 15,00 €" in text
    year = italian_day(house.clock()).year
    assert f"La ricevuta n. 1/{year} è annullata" in text
    assert f"la nuova ricevuta n. 2/{year}" in text


def test_each_part_that_goes_back_is_told(house, gift):
    book_given_back(house.parts, gift, WENT, 10_00)
    book_given_back(house.parts, gift, WENT + timedelta(days=1), 10_00)
    after, cents = book_given_back(house.parts, gift, WENT)
    house.parts.worker.run_once()

    assert (after["state"], cents) == ("refunded", 5_00)
    told = [row for row in house.query("all_letters") if row["kind"] == "refunded"]
    assert [row["state"] for row in told] == ["sent"] * 3
    assert sorted(row["amount_cents"] for row in told) == [5_00, 10_00, 10_00]
    assert examine(house.parts) == []


def test_refund_told_twice_is_booked_once(house, gift):
    book_given_back(house.parts, gift, WENT, 10_00)

    with pytest.raises(
        RefundRefused, match=r"già di 10,00.€ resi in data 12 novembre 2026.*--again"
    ):
        book_given_back(house.parts, gift, WENT, 10_00)
    assert find_gift(house.parts, gift["id"])["refunded_cents"] == 10_00
    book_given_back(house.parts, gift, WENT, 10_00, again=True)
    assert find_gift(house.parts, gift["id"])["refunded_cents"] == 20_00
    assert examine(house.parts) == []


def test_refund_told_by_two_at_once_is_booked_once(house, gift):
    def tell(_):
        try:
            book_given_back(house.parts, gift, WENT, 10_00)
        except RefundRefused:
            return 0
        return 1

    with ThreadPoolExecutor(4) as treasurers:
        assert sum(treasurers.map(tell, range(4))) == 1
    assert len(house.query("returns_of_donation", donation=gift["id"])) == 1
    assert examine(house.parts) == []


@pytest.mark.parametrize(
    ("day", "cents", "why"),
    [
        (CAME - timedelta(days=1), None, "in data 2 novembre 2026"),
        (date(2999, 1, 1), None, "Quel giorno deve ancora venire"),
        (WENT, 25_01, "restano 25,00"),
        (WENT, 0, "restano 25,00"),
    ],
)
def test_what_cannot_have_gone_back_is_refused(house, gift, day, cents, why):
    with pytest.raises(RefundRefused, match=why):
        book_given_back(house.parts, gift, day, cents)
    assert house.query("returns_of_donation", donation=gift["id"]) == []


def test_transfer_that_never_came_cannot_go_back(house, promise):
    _page, code = promise()
    announced = find_gift(house.parts, code)

    with pytest.raises(RefundRefused, match="niente da rendere: è «bonifico promesso»"):
        book_given_back(house.parts, announced, WENT)
    with pytest.raises(RefundRefused, match="niente da rendere: è «bonifico promesso»"):
        refund_gift(house.parts, announced)


def test_each_way_of_giving_back_names_the_other(house, gift):
    """
    What came through Stripe goes back through Stripe, which would know nothing of a transfer.
    """
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)

    with pytest.raises(RefundRefused, match="--by-bank GIORNO"):
        refund_gift(house.parts, gift)
    with pytest.raises(RefundRefused, match="senza --by-bank"):
        book_given_back(house.parts, find_gift(house.parts, session_id), WENT)
    assert examine(house.parts) == []


def test_page_of_the_promise_says_what_went_back(house, promise):
    page, code = promise()
    came(house, code, on=CAME)
    gift = find_gift(house.parts, code)
    book_given_back(house.parts, gift, WENT, 10_00)
    part = house.client.get(page).text.replace("\N{NO-BREAK SPACE}", " ")
    book_given_back(house.parts, gift, WENT)
    whole = house.client.get(page).text.replace("\N{NO-BREAK SPACE}", " ")

    assert "Bonifico arrivato – #Oltreiperimetri</title>" in part
    assert "Ti abbiamo restituito 10,00 €: alla campagna restano 15,00 €." in part
    assert "Bonifico restituito – #Oltreiperimetri</title>" in whole
    assert "I tuoi 25,00 € per «Un tetto per ricominciare» erano arrivati" in whole
    assert "Non abbiamo addebitato nulla" not in whole


def test_transfer_of_somebody_who_was_forgotten_goes_back_without_a_letter(house, gift):
    erase_person(house.parts.store, "anna@example.org", livemode=False, now=house.clock())
    book_given_back(house.parts, gift, WENT)
    house.parts.worker.run_once()

    [told] = [row for row in house.query("all_letters") if row["kind"] == "refunded"]
    assert told["state"] == "dropped"
    assert examine(house.parts) == []


def test_power_cut_before_any_statement_leaves_nothing_half_told(house, gift):
    """
    Before the first statement, before the second, and so on: the same command again tells it once.
    """
    for statement in itertools.count():
        with power_cut_before(statement) as cut_before:
            book_given_back(house.parts, gift, WENT)
        if not cut_before:
            break
        assert house.query("returns_of_donation", donation=gift["id"]) == []
        assert examine(house.parts) == []

    assert statement > 5
    assert find_gift(house.parts, gift["id"])["state"] == "refunded"
    assert examine(house.parts) == []


MOMENTS = st.tuples(
    st.sampled_from(["promise", "keep", "again", "give back some", "give back all", "work"]),
    st.integers(0, 5),
    st.integers(2_00, 30_00),
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moments=st.lists(MOMENTS, min_size=6, max_size=20))
def test_books_hold_what_came_and_did_not_go_back_whatever_happens(house, promise, moments):
    """
    Promises kept, kept again with any amount, given back in part and whole: bank, totals and
    valid receipts all say the same, and every movement is told once.
    """
    before = read_bank(house)
    codes, gifts, came_cents, went_cents, returns = [], [], 0, 0, 0
    for step, pick, cents in [("promise", 0, 0), ("keep", 0, 0), *moments]:
        words = f"movimento {next(NUMBERS)}"
        if step == "promise":
            codes.append([promise()[1], False])
        elif step == "keep" and not codes[pick % len(codes)][1]:
            code = codes[pick % len(codes)]
            code[1] = True
            assert came(house, f"{code[0]} {words}", on=CAME).matched == 1
            gifts.append(code[0])
            came_cents += 25_00
        elif step == "again":
            code = next(code for code, kept in codes if kept)
            assert came(house, f"{code} {words}", on=CAME, cents=cents).review == 1
            [doubt] = list_doubts(house.parts)
            gifts.append(book_again(house.parts, doubt.id)["origin"])
            came_cents += cents
        elif step.startswith("give back"):
            gift = find_gift(house.parts, gifts[pick % len(gifts)])
            try:
                _after, cents = book_given_back(
                    house.parts, gift, WENT, None if step.endswith("all") else cents, again=True
                )
            except RefundRefused:
                continue
            went_cents += cents
            returns += 1
        elif step == "work":
            house.parts.worker.run_once()
    house.parts.worker.run_once()

    after = read_bank(house)
    assert {name: after[name] - before[name] for name in after} == {
        "bank": came_cents - went_cents,
        "confirmed": came_cents - went_cents,
        "receipted": came_cents - went_cents,
        "told of refunds": returns,
    }
    assert examine(house.parts) == []
    assert reconcile(house.parts).holds


def read_bank(house):
    receipts = [row for row in house.query("all_receipts") if row["state"] == "issued"]
    letters = [row for row in house.query("all_letters") if row["kind"] == "refunded"]
    total = read_totals(house.parts.store, livemode=False, now=house.clock())["total"]
    return {
        "bank": int(house.query("account_balance", livemode=0, account="Assets:Bank")["cents"]),
        "confirmed": total["confirmed_cents"],
        "receipted": sum(row["amount_cents"] for row in receipts),
        "told of refunds": len([row for row in letters if row["state"] == "sent"]),
    }
