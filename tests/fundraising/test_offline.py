"""A bank transfer as a promise: what to write, and nothing counted until the bank has it."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from fundraising.campaigns import BrokenCampaigns, parse_campaigns
from fundraising.doctor import examine
from fundraising.mailer import list_letters
from fundraising.people import erase_person
from fundraising.reason_code import parse_reason_code
from tests.fundraising.conftest import a_form, campaigns_document

# The example of the European standard, of no bank and nobody.
IBAN = "IT60 X054 2811 1010 0000 0123 456"


def document(iban):
    found = campaigns_document()
    found["recipients"][0]["iban"] = iban
    return json.dumps(found)


@pytest.fixture
def with_iban(house):
    house.parts.campaigns.path.write_text(document(IBAN), encoding="utf-8")
    return house


def promise(house, **changes):
    return house.client.post("/api/donate", data=a_form(way="transfer", **changes))


def test_promise_says_what_to_write_and_counts_nothing(with_iban):
    answer = promise(with_iban)
    assert answer.status_code == 303

    page = with_iban.client.get(answer.location).text

    code = re.search(r"OP-[0-9A-Z]{4}-[0-9A-Z]", page)[0]
    assert parse_reason_code(code) == 1
    assert "Nessuno ha ancora pagato nulla" in page
    assert IBAN in page
    assert "venticinque euro" in page
    assert "Anna" not in page
    assert with_iban.query("confirmed_by_campaign", livemode=0) == []
    assert with_iban.query("pending_by_campaign", livemode=0) == []
    assert with_iban.query("find_promise", number=1, livemode=0)["state"] == "announced"
    assert examine(with_iban.parts) == []


def test_promise_is_written_about(with_iban):
    promise(with_iban)
    with_iban.parts.worker.run_once()

    [letter] = list_letters(with_iban.parts.settings.letters_folder)
    text = " ".join(letter.text.split())
    assert "Come fare il bonifico di 25,00 €" in letter.subject.replace("\u00a0", " ")
    assert f"IBAN: {IBAN}" in text
    assert "Causale: OP-0001-" in text


def test_page_of_a_promise_promises_no_letter_to_who_was_forgotten(with_iban):
    page = promise(with_iban).location
    store, now = with_iban.parts.store, with_iban.clock()
    erase_person(store, "anna@example.org", livemode=False, now=now)
    waiting = with_iban.client.get(page).text
    with store.transaction() as books:
        books._connection.execute("update donation set state = 'paid'")
    arrived = with_iban.client.get(page).text

    assert IBAN in waiting
    assert "Il tuo bonifico è arrivato" in arrived
    for text in (waiting, arrived):
        assert "e-mail" not in text
        assert "La ricevuta non possiamo mandartela" in text


def test_promise_made_twice_with_one_page_is_one(with_iban):
    page = with_iban.client.get("/api/donate?campaign=tetto").text
    token = re.search('name="form_token" value="([^"]+)"', page)[1]

    answers = [promise(with_iban, form_token=token).location for _ in range(2)]

    assert answers[0] == answers[1]
    assert with_iban.query("find_promise", number=2, livemode=0) is None


def test_promise_clicked_at_once_more_than_once_is_one(with_iban):
    """
    Clicks that arrive together wait for the first, and all lead to its promise.
    """
    page = with_iban.client.get("/api/donate?campaign=tetto").text
    token = re.search('name="form_token" value="([^"]+)"', page)[1]

    with ThreadPoolExecutor(6) as clicks:
        answers = list(clicks.map(lambda _: promise(with_iban, form_token=token), range(6)))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert with_iban.query("find_promise", number=2, livemode=0) is None


def test_transfer_costs_nothing_that_could_be_covered(with_iban):
    promise(with_iban, cover_fees="1")

    assert with_iban.query("find_promise", number=1, livemode=0)["amount_cents"] == 25_00


def test_transfer_does_not_repeat(with_iban):
    answer = promise(with_iban, frequency="month")

    assert answer.status_code == 422
    assert "Con il bonifico si dona una volta sola" in answer.text


def test_transfer_is_offered_only_with_an_iban(house, with_iban):
    offered = "Preferisco il bonifico"
    assert offered in house.client.get("/api/donate?campaign=tetto").text

    house.parts.campaigns.path.write_text(json.dumps(campaigns_document()), encoding="utf-8")

    assert offered not in house.client.get("/api/donate?campaign=tetto").text
    assert "/prova/paga/" in promise(house).location


def test_large_gift_that_asks_for_an_impossible_transfer_wants_its_yes(house, with_iban):
    assert "/api/promise/" in promise(with_iban, amount="600").location

    house.parts.campaigns.path.write_text(json.dumps(campaigns_document()), encoding="utf-8")
    answer = promise(house, amount="600")

    assert answer.status_code == 200
    assert "seicento euro" in answer.text


@pytest.mark.parametrize("intent", ["no", "0" * 32, "%00", "0" * 31 + "%00"])
def test_nobody_finds_a_promise_by_guessing(house, intent):
    assert house.client.get(f"/api/promise/{intent}").status_code == 404


def test_gift_by_card_is_no_promise(house):
    house.sandbox.pay_by_card(session_id := house.give())
    house.look("checkout.session", session_id)
    intent = house.query("find_intent_by_session", session_id=session_id, livemode=0)

    assert house.client.get(f"/api/promise/{intent['id']}").status_code == 404


@pytest.mark.parametrize("iban", ["IT61 X054 2811 1010 0000 0123 456", "IT60", "", 60, "ÌT60X05"])
def test_iban_that_cannot_be_is_refused(iban):
    with pytest.raises(BrokenCampaigns, match="iban"):
        parse_campaigns(document(iban))


def test_iban_is_written_in_groups_of_four():
    found = parse_campaigns(document("it60x0542811101000000123456"))

    assert found.recipients["sercop"].iban == IBAN
