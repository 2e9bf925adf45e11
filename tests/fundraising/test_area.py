"""The donor's own area: who may come in, what they see, and that it tells nothing to others."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie
from io import BytesIO

import justhtml
import pytest
from pypdf import PdfReader
from werkzeug.test import Client

from fundraising.app import App
from fundraising.mailer import list_letters
from tests.fundraising.test_recurring import Plan

SITE = "http://127.0.0.1:8000"


class Donor:
    """Somebody with a browser and a mailbox."""

    def __init__(self, house):
        self.house = house
        self.browser = Client(App(house.parts))

    def get(self, address):
        return self.browser.get(address, base_url=SITE)

    def post(self, address, headers=None, **fields):
        return self.browser.post(address, data=fields, headers=headers, base_url=SITE)

    def ask(self, email="anna@example.org"):
        return self.post("/api/area", email=email)

    def token(self):
        """The way in from the latest letter."""
        self.house.parts.worker.run_once()
        for letter in list_letters(self.house.parts.settings.letters_folder):
            if found := re.search(r"token=(\S+)", letter.text):
                return found[1]
        return None

    def come_in(self):
        self.ask()
        answer = self.post("/api/area/enter", token=self.token())
        assert answer.status_code == 303
        return self.get("/api/area").text

    def form_token(self):
        return re.search('name="form_token" value="([0-9a-f]{64})"', self.get("/api/area").text)[1]

    def send(self, address, **fields):
        return self.post(address, form_token=self.form_token(), **fields)


@pytest.fixture
def donor(house):
    """Anna, who has given 25 € by card."""
    house.sandbox.pay_by_card(session_id := house.give())
    house.look("checkout.session", session_id)
    return Donor(house)


def sign_in_letters(house):
    return [row for row in house.query("all_letters") if row["kind"] == "sign_in"]


def test_area_shows_gifts_and_receipts_to_whoever_reads_the_letters(donor):
    page = donor.come_in()

    assert "anna@example.org" in page
    assert "25,00\u00a0€</strong> per «Un tetto per ricominciare»" in page
    receipt = donor.get(re.search(r"/api/area/receipts/\w+", page)[0])
    assert receipt.mimetype == "application/pdf"
    assert "Anna Prova" in PdfReader(BytesIO(receipt.data)).pages[0].extract_text()


def test_address_is_known_with_any_capitals(donor):
    donor.ask("ANNA@Example.org")

    assert donor.token()


def test_answer_is_the_same_for_an_address_nobody_knows(donor):
    """
    To the byte, with the same headers; nothing is kept of the unknown one.
    """
    known, unknown = donor.ask(), donor.ask("nessuno@example.org")

    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    assert dict(known.headers) == dict(unknown.headers)
    assert len(sign_in_letters(donor.house)) == 1
    assert "nessuno" not in str(donor.house.query("all_letters"))


def test_as_much_is_done_for_an_address_nobody_knows(donor, monkeypatch):
    """
    One transaction that writes, for the known and for the unknown: no clock tells them apart.
    """
    store = donor.house.parts.store
    begun = []
    original = store.transaction
    monkeypatch.setattr(store, "transaction", lambda: begun.append(1) or original())

    donor.ask()
    known, begun[:] = len(begun), []
    donor.ask("nessuno@example.org")

    assert len(begun) == known == 1


def test_opening_the_letter_uses_nothing_up(donor):
    """
    Mail programs open links before people do.
    """
    donor.ask()
    token = donor.token()
    for _ in range(3):
        assert "premi il pulsante" in donor.get(f"/api/area/enter?token={token}").text

    assert donor.post("/api/area/enter", token=token).status_code == 303


def test_way_in_works_once(donor):
    donor.ask()
    token = donor.token()
    donor.post("/api/area/enter", token=token)

    again = Donor(donor.house).post("/api/area/enter", token=token)

    assert again.status_code == 410
    assert "Questo pulsante non vale più" in again.text
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize(("minutes", "status"), [(14, 303), (16, 410)])
def test_way_in_lasts_fifteen_minutes(donor, monkeypatch, minutes, status):
    donor.ask()
    token = donor.token()
    later = donor.house.clock() + timedelta(minutes=minutes)
    monkeypatch.setattr(donor.house.parts, "clock", lambda: later)

    assert donor.post("/api/area/enter", token=token).status_code == status


def test_session_ends_after_half_an_hour(donor, monkeypatch):
    donor.come_in()
    later = donor.house.clock() + timedelta(minutes=31)
    monkeypatch.setattr(donor.house.parts, "clock", lambda: later)

    assert "Mandami la lettera" in donor.get("/api/area").text
    assert donor.get("/api/area/data").status_code == 303


def test_letter_that_leaves_too_late_does_not_leave(donor, monkeypatch):
    donor.ask()
    later = donor.house.clock() + timedelta(hours=2)
    monkeypatch.setattr(donor.house.parts.worker, "_clock", lambda: later)

    assert donor.token() is None
    assert [row["state"] for row in sign_in_letters(donor.house)] == ["dropped"]


def test_cookie_stays_in_the_area_and_out_of_scripts(donor):
    donor.ask()
    answer = donor.post("/api/area/enter", token=donor.token())

    [cookie] = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert (cookie.key, cookie["path"], cookie["max-age"]) == ("op_area", "/api/area", "1800")
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"


def test_cookie_is_secure_on_https(house):
    house.parts.settings = replace(house.parts.settings, site_url="https://example.org")
    house.sandbox.pay_by_card(session_id := house.give())
    house.look("checkout.session", session_id)
    donor = Donor(house)
    donor.ask()

    answer = donor.post("/api/area/enter", token=donor.token())

    [cookie] = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert (cookie.key, cookie["secure"]) == ("__Secure-op_area", True)


@pytest.mark.parametrize("address", ["/api/donate?campaign=tetto", "/api/area", "/api/healthz"])
def test_no_other_page_sets_a_cookie(donor, address):
    assert "Set-Cookie" not in donor.get(address).headers


def test_database_holds_no_key_to_the_area(donor):
    donor.ask()
    token = donor.token()
    assert token not in str(donor.house.query("all_access"))
    answer = donor.post("/api/area/enter", token=token)

    [cookie] = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert cookie.value not in str(donor.house.query("all_access"))


def test_too_many_letters_are_not_sent(donor):
    """
    The answer does not change: whoever floods a mailbox learns nothing.
    """
    answers = {donor.ask().text for _ in range(5)}

    assert len(answers) == 1
    assert len(sign_in_letters(donor.house)) == 3


def test_nobody_sees_anothers_receipt(donor, house):
    [receipt] = house.query("all_receipts")
    house.sandbox.pay_by_card(session_id := house.give(email="bruno@example.org"))
    house.look("checkout.session", session_id)
    bruno = Donor(house)
    bruno.ask("bruno@example.org")
    bruno.post("/api/area/enter", token=bruno.token())

    assert bruno.get(f"/api/area/receipts/{receipt['id']}").status_code == 404
    assert "anna@" not in bruno.get("/api/area/data").text
    assert Donor(house).get(f"/api/area/receipts/{receipt['id']}").status_code == 303


@pytest.mark.parametrize("address", ["consents", "erase", "leave", "plan"])
def test_forms_of_other_sites_are_refused(donor, address):
    donor.come_in()
    token = donor.form_token()

    from_elsewhere = donor.post(
        f"/api/area/{address}", headers={"Origin": "https://altrove.example"}, form_token=token
    )
    without_token = donor.post(f"/api/area/{address}", form_token="")

    assert (from_elsewhere.status_code, without_token.status_code) == (403, 403)
    assert donor.form_token() == token


def test_consents_are_given_and_taken_back_with_their_proof(donor):
    donor.come_in()
    assert "checked" not in donor.get("/api/area").text

    donor.send("/api/area/consents", consent_newsletter="1")
    assert donor.get("/api/area").text.count("checked") == 1
    donor.send("/api/area/consents", consent_newsletter="1")
    donor.send("/api/area/consents")

    answers = donor.house.query("consents_of_person", email="anna@example.org", livemode=0)
    assert [(row["purpose"], row["granted"], row["place"]) for row in answers] == [
        ("newsletter", 1, "area"),
        ("newsletter", 0, "area"),
    ]


def test_own_data_can_be_downloaded(donor):
    donor.come_in()

    answer = donor.get("/api/area/data")

    assert answer.headers["Content-Disposition"] == "attachment; filename=i-miei-dati.json"
    found = json.loads(answer.text)
    assert found["email"] == "anna@example.org"
    assert found["doni"][0]["chi"]["nome"] == "Anna"
    assert answer.headers["Cache-Control"] == "no-store"


def test_being_forgotten_takes_two_yeses_and_leaves_what_the_law_wants(donor):
    donor.come_in()
    first = donor.send("/api/area/erase")
    assert "Vuoi davvero" in first.text
    assert donor.house.query("donors_of_email", email="anna@example.org", livemode=0)

    done = donor.send("/api/area/erase", sure="1")

    assert "Abbiamo cancellato i tuoi dati" in done.text
    assert donor.house.query("donors_of_email", email="anna@example.org", livemode=0) == []
    assert donor.house.query("all_access") == []
    assert [row["state"] for row in donor.house.query("all_receipts")] == ["issued"]
    assert "Mandami la lettera" in donor.get("/api/area").text


def test_leaving_ends_the_session_for_good(donor):
    donor.come_in()
    session = donor.browser.get_cookie("op_area", "127.0.0.1", "/api/area").value

    donor.send("/api/area/leave")

    donor.browser.set_cookie("op_area", session, domain="127.0.0.1", path="/api/area")
    assert "Mandami la lettera" in donor.get("/api/area").text


def test_recurring_gift_is_managed_from_the_area(house):
    plan = Plan(house)
    donor = Donor(house)
    page = donor.come_in()
    assert "25,00\u00a0€ ogni mese</strong>" in page

    answer = donor.send("/api/area/plan", plan=plan.id)

    assert answer.status_code == 303
    assert "Il tuo dono mensile" in donor.get(answer.location).text
    assert donor.send("/api/area/plan", plan="sub_test_other").status_code == 404


@pytest.mark.parametrize(
    ("ended", "main"), [(None, ["Cambia o ferma"]), ("now", []), ("with its period", [])]
)
def test_main_button_of_the_area_is_about_the_gift_that_goes_on(house, ended, main):
    """
    To leave, to save, to be forgotten can be done too, and look like it.
    """
    plan = Plan(house)
    if ended == "now":
        house.sandbox.cancel_subscription(plan.id)
    elif ended:
        subscriptions = house.parts.gateway._client.v1.subscriptions
        subscriptions.update(plan.id, {"cancel_at_period_end": True})
    plan.look()

    buttons = justhtml.JustHTML(Donor(house).come_in(), sanitize=False).query("button")

    assert [one.to_text() for one in buttons if one.attrs["class"] == "pt-button"] == main
    assert buttons[0].to_text() == ("Guarda" if ended else "Cambia o ferma")
    assert buttons[0].parent.attrs["class"] == "pt-form__end"


def test_a_gift_that_goes_on_has_to_be_stopped_before_being_forgotten(house):
    Plan(house)
    donor = Donor(house)
    donor.come_in()

    answer = donor.send("/api/area/erase", sure="1")

    assert answer.status_code == 409
    assert "Non abbiamo cancellato nulla" in answer.text
    assert house.query("donors_of_email", email="anna@example.org", livemode=0)
