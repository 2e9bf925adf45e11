"""The pages: what a donor sees, in every case, starting with their money."""

import json
import logging
import re
from urllib.parse import urlsplit

import jsonschema
import justhtml
import pytest

from fundraising import totals
from fundraising.people import erase_person
from fundraising.stripe_gateway import StripeGateway
from tests.fundraising.conftest import a_form

ANNA = a_form()


def read_strictly(answer):
    """Parse a page and refuse HTML that is not well formed."""
    document = justhtml.JustHTML(answer.text, strict=True, sanitize=False)
    assert document.query("h1")
    return document


def field(document, name):
    [found] = document.query(f"input[name={name}]")
    return found.attrs


def amount_in(document):
    """What the form says of the amount: the suggestions that are chosen, and what is typed beside."""
    radios = document.query("input[type=radio][name=amount]")
    [typed] = document.query("input[type=text][name=amount]")
    chosen = [one.attrs["value"] for one in radios if "checked" in one.attrs and one.attrs["value"]]
    return chosen, typed.attrs.get("value") or ""


def sent_again(document, **changes):
    """What a browser sends when the form of a page is sent once more."""
    sent = {}
    for one in document.query("form input"):
        if one.attrs.get("type") in ("radio", "checkbox") and "checked" not in one.attrs:
            continue
        sent.setdefault(one.attrs["name"], []).append(one.attrs.get("value") or "")
    return sent | changes


def test_form_offers_the_campaign_and_names_who_receives_the_money(house):
    answer = house.client.get("/api/donate?campaign=tetto&amount=25")

    document = read_strictly(answer)
    assert answer.status_code == 200
    assert amount_in(document) == (["25"], "")
    assert "Sercop – azienda speciale" in answer.text
    assert "detra" not in answer.text.lower()
    # Stripes is a co-operative of the network.
    assert answer.text.partition("Stripe")[2].startswith(", la società che gestisce i pagamenti.")


def test_link_fills_in_the_gift_and_ticks_nothing(house):
    """
    A consent somebody else has ticked, by a link, would be nobody's consent.
    """
    answer = house.client.get(
        "/api/donate?campaign=tetto&amount=25&frequency=month&cover_fees=1&anonymous=1"
        "&consent_newsletter=1&consent_project_news=1&email=anna%40example.org"
    )

    document = read_strictly(answer)
    assert amount_in(document) == (["25"], "")
    ticked = [found.attrs for found in document.query("input") if "checked" in found.attrs]
    assert [one["value"] for one in ticked if one["name"] == "frequency"] == ["month"]
    assert {one["name"] for one in ticked} == {"amount", "frequency", "dedication"}
    assert not field(document, "email").get("value")


def test_rehearsal_says_so_on_every_page(house):
    """
    Nobody may take a pretended gift for a real one.
    """
    for address in ("/api/donate", "/api/donate?campaign=tetto", "/api/nowhere", "/api/thanks"):
        answer = house.client.get(address)

        read_strictly(answer)
        assert "PROVA: nessun addebito" in answer.text


def test_every_answer_allows_nothing_but_this_site(house):
    for address in ("/api/donate", "/api/totals.json", "/api/healthz", "/api/nowhere"):
        policy = house.client.get(address).headers["Content-Security-Policy"]

        assert policy.startswith("default-src 'none'; style-src 'self'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_pages_have_no_script_and_no_inline_style(house):
    for address in ("/api/donate", "/api/donate?campaign=tetto", "/api/nowhere"):
        page = house.client.get(address).text

        assert "<script" not in page
        assert "style=" not in page


def test_gift_leads_to_checkout_and_the_intent_is_in_the_books(house):
    answer = house.client.post("/api/donate", data=ANNA)

    assert answer.status_code == 303
    assert "/prova/" in answer.location
    session_id = re.search("cs_test_[a-z0-9]+", answer.location)[0]
    intent = house.query("find_intent_by_session", session_id=session_id, livemode=0)
    assert (intent["amount_cents"], intent["campaign"], intent["recipient"]) == (
        25_00, "tetto", "sercop"
    )  # fmt: skip


def test_stripe_hears_nothing_of_the_donor_but_the_email(house):
    session_id = house.give(first_name="Guglielmina", fiscal_code="RSSMRA85T10A562S")
    session = house.sandbox.account.read("checkout.session", session_id)
    text = json.dumps(session)

    assert "Guglielmina" not in text
    assert "RSSMRA85T10A562S" not in text
    assert session["customer_email"] == "anna@example.org"
    assert session["submit_type"] == "donate"
    assert session["locale"] == "it"
    assert set(session["metadata"]) == {"intent"}


def test_errors_come_back_next_to_their_fields_with_everything_kept(house):
    typed = ANNA | {"amount": "2.500", "email": "anna@", "first_name": "<b>Anna"}
    answer = house.client.post("/api/donate", data=typed)

    document = read_strictly(answer)
    assert answer.status_code == 422
    assert answer.text.index("Non abbiamo addebitato nulla") < answer.text.index("<form")
    assert amount_in(document) == ([], "2.500")
    assert field(document, "email")["value"] == "anna@"
    assert field(document, "email")["aria-invalid"] == "true"
    assert "email-error" in field(document, "email")["aria-describedby"]
    assert field(document, "first_name")["value"] == "<b>Anna"
    assert field(document, "last_name")["value"] == "Prova"
    readings = [one.attrs["value"] for one in document.query("input[name=chosen_amount]")]
    assert readings == ["2500", "2,50", ""]


def test_errors_are_listed_as_their_fields_follow_each_other(house):
    """
    Who mends them one after the other goes down the page, and never back up.
    """
    wrong = {"amount": "tanto", "email": "", "first_name": "", "last_name": "", "fiscal_code": "X"}
    wrong |= {"frequency": "week", "company_name": "Ditta", "vat_number": "1", "card_text": "Ciao"}
    wrong |= {"dedication": "gift", "dedication_name": ""}
    document = read_strictly(house.client.post("/api/donate", data=ANNA | wrong))

    told = [link.attrs["href"].removeprefix("#") for link in document.query("[role=alert] a")]
    ids = [one.attrs["id"] for one in document.query("form [id]")]
    assert len(told) == 9
    assert [name for name in ids if name in told] == told


def test_suggested_amounts_are_chosen_in_the_form_and_lose_nothing(house):
    """
    A link would open the form anew, and empty.
    """
    answer = house.client.post("/api/donate", data=ANNA | {"amount": "2.500", "email": "anna@"})

    document = read_strictly(answer)
    offered = [one.attrs["value"] for one in document.query("input[type=radio][name=amount]")]
    assert offered == ["10", "25", "50", ""]
    assert document.query("form a") == []


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        (["25", ""], (["25"], "")),
        (["25", "25,00"], (["25"], "")),
        (["30,50"], ([], "30,50")),
        (["25", "tanto"], (["25"], "tanto")),
        (["1"], ([], "1")),
    ],
)
def test_amount_comes_back_where_it_was_given(house, amount, kept):
    answer = house.client.post("/api/donate", data=ANNA | {"amount": amount, "email": ""})

    assert amount_in(read_strictly(answer)) == kept


@pytest.mark.parametrize("answer", ["25", "30"])
def test_one_answer_settles_which_of_two_amounts_counts(house, answer):
    """
    Both are in the question, and no longer in their places, where they would ask it again.
    """
    asked = read_strictly(house.client.post("/api/donate", data=ANNA | {"amount": ["25", "30"]}))
    [link] = asked.query("[role=alert] a")
    question = [one.attrs["value"] for one in asked.query("input[name=chosen_amount]")]
    assert (link.attrs["href"], question) == ("#chosen_amount", ["25", "30", ""])

    settled = house.client.post("/api/donate", data=sent_again(asked, chosen_amount=answer))

    assert settled.status_code == 303
    session_id = re.search("cs_test_[a-z0-9]+", settled.location)[0]
    intent = house.query("find_intent_by_session", session_id=session_id, livemode=0)
    assert intent["amount_cents"] == int(answer) * 100


def test_a_question_about_the_amount_cannot_be_passed_over(house):
    """
    Sent on without an answer, what was chosen and what was typed would both be gone.
    """
    asked = read_strictly(house.client.post("/api/donate", data=ANNA | {"amount": ["25", "30"]}))

    answers = asked.query("input[name=chosen_amount]")
    assert len(answers) == 3
    assert all("required" in one.attrs for one in answers)


def test_amount_that_can_mean_nothing_we_take_is_asked_anew(house):
    document = read_strictly(house.client.post("/api/donate", data=ANNA | {"amount": "12,345"}))

    assert document.query("input[name=chosen_amount]") == []
    assert amount_in(document) == ([], "12,345")


def test_one_answer_settles_what_was_typed_beside_a_choice(house):
    """
    A suggestion that stayed chosen would contradict it, and be asked about next.
    """
    typed = ANNA | {"amount": ["25", "2.500"]}
    asked = read_strictly(house.client.post("/api/donate", data=typed))
    assert amount_in(asked) == ([], "2.500")

    settled = house.client.post("/api/donate", data=sent_again(asked, chosen_amount="2,50"))

    session_id = re.search("cs_test_[a-z0-9]+", settled.location)[0]
    intent = house.query("find_intent_by_session", session_id=session_id, livemode=0)
    assert intent["amount_cents"] == 2_50


def test_who_comes_with_an_amount_may_type_another(house):
    """
    Without a script a choice can be changed, and not be taken back.
    """
    document = read_strictly(house.client.get("/api/donate?campaign=tetto&amount=25"))
    [other] = document.query("input[type=radio][name=amount][value='']")
    assert "checked" not in other.attrs

    sent = sent_again(document) | ANNA | {"amount": [other.attrs["value"], "30"]}
    answer = house.client.post("/api/donate", data=sent)

    session_id = re.search("cs_test_[a-z0-9]+", answer.location)[0]
    intent = house.query("find_intent_by_session", session_id=session_id, livemode=0)
    assert intent["amount_cents"] == 30_00


def test_answer_about_the_amount_is_kept_while_something_else_is_mended(house):
    typed = ANNA | {"amount": "2.500", "chosen_amount": "2500", "email": ""}

    document = read_strictly(house.client.post("/api/donate", data=typed))

    assert amount_in(document) == ([], "2500")
    assert document.query("input[name=chosen_amount]") == []


def test_monthly_gift_keeps_its_frequency_when_something_is_wrong(house):
    answer = house.client.post("/api/donate", data=ANNA | {"frequency": "month", "email": ""})

    checked = [
        one.attrs["value"]
        for one in read_strictly(answer).query("input[name=frequency]")
        if "checked" in one.attrs
    ]
    assert checked == ["month"]


def test_stripe_that_does_not_answer_has_charged_nothing(house):
    """
    The first sentence is about the money; what was typed is still there.
    """
    house.sandbox.faults.api_unavailable(10, how="refused")
    answer = house.client.post("/api/donate", data=ANNA)

    assert answer.status_code == 503
    assert answer.text.index("non abbiamo addebitato nulla") < answer.text.index("<form")
    assert field(read_strictly(answer), "email")["value"] == "anna@example.org"


def test_stripe_that_says_no_has_charged_nothing(house):
    api_base = house.parts.settings.stripe_api_base
    house.parts.gateway = StripeGateway(
        "sk_test_revoked", ("whsec_1",), clock=house.clock, api_base=api_base
    )
    answer = house.client.post("/api/donate", data=ANNA)

    assert answer.status_code == 502
    assert "non abbiamo addebitato nulla" in answer.text


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"campaign=\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"campaign=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a=1" for _ in range(200)), "application/x-www-form-urlencoded", 400),
        (b"x" * 20_000, "application/x-www-form-urlencoded", 413),
        (b"{}", "application/json", 415),
        (b"--x", "multipart/form-data; boundary=x", 415),
        (b"", "", 415),
        (b"", "application/x-www-form-urlencoded", 422),
    ],
)
def test_body_that_cannot_be_read_is_refused_kindly(house, body, content_type, status):
    answer = house.client.post("/api/donate", data=body, content_type=content_type)

    read_strictly(answer)
    assert answer.status_code == status
    assert "on abbiamo addebitato nulla" in answer.text


def test_nul_and_other_traps_in_fields_are_errors_not_crashes(house):
    for trap in ("\x00", "a\x00b", "\x1b[2J", "\u2028", "'; drop table donor; --"):
        answer = house.client.post("/api/donate", data=ANNA | dict.fromkeys(ANNA, trap))

        assert answer.status_code == 422


def test_campaign_nobody_knows_offers_the_ones_there_are(house):
    answer = house.client.get("/api/donate?campaign=nessuna")

    assert answer.status_code == 404
    assert "Un tetto per ricominciare" in answer.text


def test_campaign_still_to_be_chosen_keeps_everything_typed(house):
    answer = house.client.post("/api/donate", data=ANNA | {"campaign": "nessuna"})

    document = read_strictly(answer)
    assert answer.status_code == 422
    assert "Scegli per che cosa donare" in answer.text
    assert field(document, "campaign")["value"] == "tetto"
    assert field(document, "amount")["value"] == "25"
    assert field(document, "email")["value"] == "anna@example.org"


def test_with_nothing_open_there_is_no_form(build_house):
    answer = build_house(open=False).client.get("/api/donate")

    assert "non ci sono campagne aperte" in answer.text
    assert "<form" not in answer.text


def test_closed_campaign_says_so(build_house):
    house = build_house(open=False)

    assert house.client.get("/api/donate?campaign=tetto").status_code == 404
    answer = house.client.post("/api/donate", data=ANNA)
    assert answer.status_code == 422
    assert "non è aperta" in answer.text


def way_back(house, session_id):
    """Where Checkout's «back» leads."""
    return urlsplit(house.sandbox.account.store.find(session_id)["cancel_url"])


def test_coming_back_from_checkout_says_nothing_was_charged(house):
    back = way_back(house, house.give())

    answer = house.client.get(f"{back.path}?{back.query}")

    assert answer.status_code == 200
    assert "Sei tornato indietro e non abbiamo addebitato nulla" in answer.text


@pytest.mark.parametrize("stripe_is_away", [False, True])
def test_coming_back_from_checkout_keeps_the_gift_and_tells_nothing_of_the_donor(
    house, stripe_is_away
):
    """
    Whoever has the address may read the page. The fee is for the donor to tick once more.
    """
    given = {"first_name": "Guglielmina", "fiscal_code": "RSSMRA85T10A562S"}
    given |= {"dedication": "gift", "dedication_name": "Zefirino", "consent_newsletter": "1"}
    session_id = house.give(frequency="month", cover_fees="1", confirmed="2563", **given)
    back = way_back(house, session_id)
    assert "amount" not in back.query
    if stripe_is_away:
        house.sandbox.faults.api_unavailable(10, how="refused")

    answer = house.client.get(f"{back.path}?{back.query}")

    document = read_strictly(answer)
    assert amount_in(document) == (["25"], "")
    ticked = [found.attrs for found in document.query("input") if "checked" in found.attrs]
    assert [one["value"] for one in ticked if one["name"] == "frequency"] == ["month"]
    assert {one["name"] for one in ticked} == {"amount", "frequency", "dedication"}
    for personal in ("Guglielmina", "Prova", "anna@example.org", "RSSMRA85T10A562S", "Zefirino"):
        assert personal not in answer.text


@pytest.mark.parametrize("way", ["pay_by_card", "pay_by_sepa"])
def test_coming_back_from_a_checkout_paid_in_another_tab_leads_to_the_thanks(house, way):
    session_id = house.give()
    back = way_back(house, session_id)
    getattr(house.sandbox, way)(session_id)

    answer = house.client.get(f"{back.path}?{back.query}")

    assert answer.status_code == 303
    assert answer.location == f"/api/thanks?session_id={session_id}"


@pytest.mark.parametrize("came_from", ["1", "0" * 32, "%00", "'"])
def test_coming_back_from_nowhere_claims_nothing_about_money(house, came_from):
    answer = house.client.get(f"/api/donate?campaign=tetto&cancelled={came_from}")

    assert answer.status_code == 200
    assert "addebitato" not in answer.text
    assert "quando un dono è pagato ti scriviamo" in answer.text


def test_coming_back_while_stripe_is_away_claims_nothing_about_money(house):
    session_id = house.give()
    back = way_back(house, session_id)
    house.sandbox.pay_by_card(session_id)
    house.sandbox.faults.api_unavailable(10, how="refused")

    answer = house.client.get(f"{back.path}?{back.query}")

    assert answer.status_code == 200
    assert "addebitato" not in answer.text


def test_thanks_completes_the_gift_when_the_webhook_was_lost(house):
    """
    No notification ever arrives; the page looks for itself, and survives a reload.
    """
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    for _ in range(2):
        answer = house.client.get(f"/api/thanks?session_id={session_id}")
        read_strictly(answer)
        assert "La tua donazione è arrivata" in answer.text
        assert "1/2026" in answer.text or "numero 1/" in answer.text

    assert house.parts.wake.is_set()
    assert len(house.query("all_receipts")) == 1
    assert int(house.query("account_balance", livemode=0, account="Assets:Stripe")["cents"]) == 2437


def test_thanks_tells_the_truth_in_every_state(house):
    paid, pending, bounced, open_ = (house.give() for _ in range(4))
    house.sandbox.pay_by_card(paid)
    house.sandbox.pay_by_sepa(pending)
    house.sandbox.pay_by_sepa(bounced)
    house.sandbox.fail(bounced)

    def words(session_id):
        answer = house.client.get(f"/api/thanks?session_id={session_id}")
        return re.search("<h1>(.*)</h1>", answer.text)[1]

    assert words(paid) == "Grazie! La tua donazione è arrivata"
    assert words(pending) == "Grazie! L'addebito è in corso"
    assert words(bounced) == "Il pagamento non è riuscito"
    assert words(open_) == "Il pagamento non è stato completato"


def test_thanks_say_who_has_the_money_that_is_no_longer_ours(house):
    sessions = refunded, disputed, lost = [house.give() for _ in range(3)]
    for session_id in sessions:
        house.sandbox.pay_by_card(session_id)
    house.sandbox.refund(refunded)
    house.sandbox.dispute(disputed)
    house.sandbox.close_dispute(house.sandbox.dispute(lost)["id"], won=False)

    pages = [house.client.get(f"/api/thanks?session_id={session_id}") for session_id in sessions]

    for page in pages:
        assert "non è più presso di noi" in page.text
    said = [read_strictly(page).query("main strong")[-1].to_text() for page in pages]
    assert said == [
        "Te li abbiamo restituiti.",
        "La tua banca li ha contestati: decide lei.",
        "Li ha ripresi la tua banca.",
    ]


@pytest.mark.parametrize("frequency", ["once", "month"])
@pytest.mark.parametrize("way", ["card", "sepa", "away"])
def test_thanks_promise_no_letter_to_who_was_forgotten_while_paying(house, frequency, way):
    """
    The payment page stays open for a day; the address may be gone before it is paid.
    """
    session_id = house.give(frequency=frequency)
    erase_person(house.parts.store, "anna@example.org", livemode=False, now=house.clock())
    pay = house.sandbox.pay_by_sepa if way == "sepa" else house.sandbox.pay_by_card
    pay(session_id)
    if way == "away":
        house.sandbox.faults.api_unavailable(10, how="refused")

    answer = house.client.get(f"/api/thanks?session_id={session_id}")

    read_strictly(answer)
    said = {
        "card": "possiamo mandartela: hai chiesto di cancellare i tuoi dati",
        "sepa": "Come va a finire non possiamo scrivertelo",
        "away": "Non pagare di nuovo",
    }
    assert said[way] in answer.text
    for false in ("per e-mail", "ti scriviamo", "ricevi una lettera", "ogni lettera", "ogni mese"):
        assert false not in answer.text
    assert ("Questo dono non si ripete" in answer.text) is (frequency == "month" and way != "away")


def test_trying_again_is_the_same_gift_without_the_fee(house):
    """
    The form adds the fee by itself, when it is ticked: added twice, nobody asked for it.
    """
    session_id = house.give(frequency="month", cover_fees="1", confirmed="2563")

    document = read_strictly(house.client.get(f"/api/thanks?session_id={session_id}"))

    [again] = [link for link in document.query("a") if link.to_text() == "Riprova"]
    assert again.attrs["href"] == "/api/donate?campaign=tetto&amount=25&frequency=month"


def test_thanks_does_not_guess_when_stripe_does_not_answer(house):
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    house.sandbox.faults.api_unavailable(10, how="refused")
    answer = house.client.get(f"/api/thanks?session_id={session_id}")

    assert answer.status_code == 200
    assert "Non pagare di nuovo" in answer.text


def test_thanks_shows_no_name_and_no_address(house):
    """
    Whoever has the address of this page may read it.
    """
    session_id = house.give(first_name="Guglielmina")
    house.sandbox.pay_by_card(session_id)
    page = house.client.get(f"/api/thanks?session_id={session_id}").text

    assert "Guglielmina" not in page
    assert "anna@example.org" not in page


@pytest.mark.parametrize(
    "session_id", ["", "cs_test_unknown", "pi_1", "cs_" + "x" * 300, "cs_../x"]
)
def test_thanks_for_a_session_that_never_was_is_not_found(house, session_id):
    answer = house.client.get("/api/thanks", query_string={"session_id": session_id})

    assert answer.status_code == 404


def test_totals_follow_their_schema(house):
    for pay in (house.sandbox.pay_by_card, house.sandbox.pay_by_sepa):
        session_id = house.give()
        pay(session_id)
        house.look("checkout.session", session_id)

    answer = house.client.get("/api/totals.json")
    schema = house.client.get("/api/totals.schema.json").get_json()

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(answer.get_json(), schema)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.get_json()["mode"] == "test"
    assert answer.get_json()["campaigns"] == {
        "tetto": {"gifts": 1, "confirmed_cents": 25_00, "pending_cents": 25_00, "costs_cents": 63}
    }


def test_totals_file_is_written_only_when_it_says_something_new(house, tmp_path):
    found = totals.read_totals(house.parts.store, livemode=False, now=house.clock())
    path = tmp_path / "out" / "totals.json"

    assert totals.write_totals(found, path)
    assert not totals.write_totals(found | {"as_of": "2027-01-01T00:00:00+00:00"}, path)
    assert json.loads(path.read_text())["as_of"] == found["as_of"]
    path.write_text("{broken")
    assert totals.write_totals(found, path)


def test_health_tells_whether_the_books_can_be_reached(house):
    assert house.client.get("/api/healthz").status_code == 200


def test_mailbox_is_for_rehearsals_only(house):
    """
    With Stripe configured nobody may read letters here, test mode or not.
    """
    assert house.client.get("/api/mailbox").status_code == 404
    assert "/api/mailbox" not in house.client.post("/api/area", data={"email": "a@b.it"}).text
    assert house.client.get("/api/mailbox/x.eml").status_code == 404


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/nowhere", 404),
        ("GET", "/", 404),
        ("DELETE", "/api/donate", 405),
        ("POST", "/api/thanks", 405),
        ("TRACE", "/api/donate", 405),
        ("GET", "/api/mailbox/../../etc/passwd", 404),
    ],
)
def test_wrong_addresses_and_methods_get_a_page(house, method, address, status):
    answer = house.client.open(address, method=method)

    assert answer.status_code == status
    read_strictly(answer)


def test_our_own_mistake_is_a_page_too(house, caplog):
    """
    Never a traceback, and first of all what happened to the money.
    """
    house.parts.campaigns = None
    answer = house.client.get("/api/donate?campaign=tetto")

    assert answer.status_code == 500
    assert "non abbiamo addebitato nulla" in answer.text
    assert "Traceback" not in answer.text


def test_donors_are_not_in_the_logs(house, caplog):
    caplog.set_level(logging.INFO)
    session_id = house.give(first_name="Guglielmina", email="guglielmina@example.org")
    house.sandbox.pay_by_card(session_id)
    house.client.get(f"/api/thanks?session_id={session_id}")
    house.parts.worker.run_once()

    assert caplog.text
    assert "uglielmina" not in caplog.text
