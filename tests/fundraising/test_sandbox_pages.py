"""The sandbox's pages: the checkout page and the control room."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

from fundraising.sandbox import Sandbox
from fundraising.sandbox.sessions import create_session

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def sandbox():
    sandbox = Sandbox(
        state=None,
        public_url=f"{SITE}/prova",
        webhook_url="http://127.0.0.1:9/closed",
        webhook_secret="whsec_rehearsal",
        secret_key="sk_test_rehearsal",
        clock=lambda: datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    )
    yield sandbox
    sandbox.close()


@pytest.fixture
def visitor(sandbox):
    site = DispatcherMiddleware(Response("site"), {"/prova": sandbox.pages})
    return Client(site, Response)


def a_session(sandbox, **changes):
    price = {
        "currency": "eur",
        "unit_amount": 1_250_50,
        "product_data": {"name": "Emporio <solidale>", "description": "Per Sercop"},
    }
    if changes.get("mode") == "subscription":
        price["recurring"] = {"interval": "month"}
    return create_session(
        sandbox.account,
        {
            "mode": "payment",
            "customer_email": "prova@example.org",
            "success_url": f"{SITE}/grazie?session_id={{CHECKOUT_SESSION_ID}}",
            "cancel_url": f"{SITE}/dona",
            "line_items": [{"quantity": 1, "price_data": price}],
            **changes,
        },
    )


def press(visitor, address, base_url=SITE, headers=None, **fields):
    return visitor.post(address, base_url=base_url, data=fields, headers=headers)


def text(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def buttons(response):
    return re.findall(r'action="/prova/([^"]+)"', response.text)


def test_checkout_page_says_what_is_given_and_that_it_is_a_rehearsal(sandbox, visitor):
    """
    On top of the page, and in its title.
    """
    page = visitor.get(f"/prova/paga/{a_session(sandbox)['id']}")

    assert page.status_code == 200
    assert "<title>PROVA: nessun addebito – Emporio &lt;solidale&gt;</title>" in page.text
    assert text(page).count("PROVA: nessun addebito") == 2
    for words in ("Per Sercop", "1.250,50 €", "una volta sola", "prova@example.org"):
        assert words in text(page)
    for button in ("Paga con carta", "Carta rifiutata", "Addebito SEPA (in attesa)"):
        assert button in text(page)
    assert f'href="{SITE}/dona"' in page.text


def test_recurring_gift_says_how_often(sandbox, visitor):
    """
    Nobody signs a monthly gift by mistake.
    """
    page = visitor.get(f"/prova/paga/{a_session(sandbox, mode='subscription')['id']}")

    assert "ogni mese" in text(page)


def test_pages_need_no_script_and_allow_none(sandbox, visitor):
    """
    A strict policy, and nothing that would break it.
    """
    session = a_session(sandbox)
    sandbox.pay_by_card(a_session(sandbox)["id"])

    for address in (f"/prova/paga/{session['id']}", "/prova/", "/prova/nothing"):
        page = visitor.get(address)
        assert "<script" not in page.text
        assert "style=" not in page.text
        assert "default-src 'none'; style-src 'self'" in page.headers["Content-Security-Policy"]
    assert visitor.get("/prova/sandbox.css").mimetype == "text/css"


def test_card_button_pays_and_goes_on(sandbox, visitor):
    """
    The address of the site gets the id of the session.
    """
    session = a_session(sandbox)

    answer = press(visitor, f"/prova/paga/{session['id']}", modo="carta")

    assert answer.status_code == 303
    assert answer.location == f"{SITE}/grazie?session_id={session['id']}"
    assert sandbox.account.store.find(session["id"])["payment_status"] == "paid"


def test_pressing_twice_pays_once(sandbox, visitor):
    """
    The second time only goes on.
    """
    session = a_session(sandbox)

    for _ in range(2):
        answer = press(visitor, f"/prova/paga/{session['id']}", modo="carta")

    assert answer.status_code == 303
    assert len(sandbox.account.store.all("charge")) == 1


def test_declined_card_stays_on_the_page_with_the_reason(sandbox, visitor):
    """
    First what happened to the money, then what to do.
    """
    session = a_session(sandbox)

    page = press(visitor, f"/prova/paga/{session['id']}", modo="rifiutata")

    assert page.status_code == 422
    assert "La banca ha rifiutato la carta: non è stato addebitato nulla." in text(page)
    assert "<title>Errore – PROVA" in page.text
    assert "Paga con carta" in text(page)


def test_email_is_asked_for_when_nobody_gave_one(sandbox, visitor):
    """
    What was typed is kept; a good one reaches the session.
    """
    session = a_session(sandbox)
    session.update(customer_email=None)
    sandbox.account.store.save(session)
    address = f"/prova/paga/{session['id']}"

    page = press(visitor, address, modo="carta", email="anna.chiocciola")
    assert page.status_code == 422
    assert "Scrivi un indirizzo e-mail, per esempio nome@esempio.it." in text(page)
    assert 'value="anna.chiocciola"' in page.text

    assert press(visitor, address, modo="carta", email="prova@example.org").status_code == 303
    details = sandbox.account.store.find(session["id"])["customer_details"]
    assert details["email"] == "prova@example.org"


def test_finished_session_offers_the_way_on(sandbox, visitor):
    """
    Paid or expired, there is nothing left to press.
    """
    paid, expired = a_session(sandbox), a_session(sandbox)
    sandbox.pay_by_card(paid["id"])
    sandbox.expire(expired["id"])

    paid_page = visitor.get(f"/prova/paga/{paid['id']}")
    expired_page = visitor.get(f"/prova/paga/{expired['id']}")
    assert "già concluso" in text(paid_page)
    assert f"/grazie?session_id={paid['id']}" in paid_page.text
    assert "Questa pagina è scaduta: non è stato addebitato nulla." in text(expired_page)
    assert "<form" not in paid_page.text + expired_page.text


def test_excluded_method_is_not_offered(sandbox, visitor):
    """
    What the campaign does not take cannot be rehearsed by mistake.
    """
    session = a_session(sandbox, excluded_payment_method_types=["sepa_debit"])

    page = visitor.get(f"/prova/paga/{session['id']}")

    assert "SEPA" not in text(page)


def test_unknown_session_is_not_found(sandbox, visitor):
    """
    404, with the reassurance first needed.
    """
    page = visitor.get("/prova/paga/cs_test_nothing")

    assert page.status_code == 404
    assert "Non è stato addebitato nulla." in text(page)


@pytest.mark.parametrize(("action", "status"), [("accredita", "succeeded"), ("respingi", "failed")])
def test_control_room_decides_about_a_waiting_debit(sandbox, visitor, action, status):
    """
    Settled or sent back, by a button.
    """
    session = a_session(sandbox)
    press(visitor, f"/prova/paga/{session['id']}", modo="sepa")
    room = visitor.get("/prova/")
    assert "in attesa della banca" in text(room)

    (address,) = [each for each in buttons(room) if each.endswith(action)]
    answer = press(visitor, f"/prova/{address}")

    assert (answer.status_code, answer.location) == (303, "/prova/#pagamenti")
    (charge,) = sandbox.account.store.all("charge")
    assert charge["status"] == status


def test_control_room_refunds_part_of_a_gift(sandbox, visitor):
    """
    An amount that cannot be read refunds nothing.
    """
    session = sandbox.pay_by_card(a_session(sandbox)["id"])
    address = f"/prova/pagamenti/{session['payment_intent']}/rimborsa"

    page = press(visitor, address, importo="dodici")
    assert page.status_code == 422
    assert "Non è stato fatto nulla: l'importo si scrive così: 12,50." in text(page)

    press(visitor, address, importo="12,5")
    assert "rimborsato in parte: 12,50 €" in text(visitor.get("/prova/"))


def test_control_room_disputes_and_renews(sandbox, visitor):
    """
    Each row offers only what is possible in its state.
    """
    session = sandbox.pay_by_card(a_session(sandbox, mode="subscription")["id"])
    press(visitor, f"/prova/sostegni/{session['subscription']}/rinnova")
    press(visitor, f"/prova/pagamenti/{session['_intent']}/contesta")

    room = visitor.get("/prova/")
    assert "contestazione aperta" in text(room)
    assert "rinnovo di un sostegno" in text(room)
    assert f"pagamenti/{session['_intent']}/rimborsa" not in buttons(room)

    (won,) = [each for each in buttons(room) if each.endswith("vinta")]
    press(visitor, f"/prova/{won}")
    assert "contestazione vinta" in text(visitor.get("/prova/"))


def test_button_pressed_too_late_says_so(sandbox, visitor):
    """
    A page left open offers what is no longer possible.
    """
    session = sandbox.pay_by_sepa(a_session(sandbox)["id"])
    address = f"/prova/pagamenti/{session['payment_intent']}/accredita"
    press(visitor, address)

    page = press(visitor, address)

    assert page.status_code == 409
    assert "Non è stato fatto nulla: nel frattempo lo stato è cambiato." in text(page)


def test_faults_are_armed_and_disarmed_by_buttons(sandbox, visitor):
    """
    The page says what will break.
    """
    press(visitor, "/prova/guasti", guasto="doppie")
    press(visitor, "/prova/guasti", guasto="fuori-servizio")
    room = text(visitor.get("/prova/"))
    assert "Arriverà doppia la prossima notifica." in room
    assert "Non risponderà alla prossima chiamata." in room

    press(visitor, "/prova/guasti", guasto="nessuno")
    assert "Arriverà doppia" not in text(visitor.get("/prova/"))
    assert press(visitor, "/prova/guasti", guasto="terremoto").status_code == 404


def test_control_room_shows_what_became_of_notifications(sandbox, visitor):
    """
    The site does not answer: every notification waits for its next attempt.
    """
    sandbox.expire(a_session(sandbox)["id"])
    assert "checkout.session.expired da consegnare" in text(visitor.get("/prova/"))

    press(visitor, "/prova/notifiche")

    room = text(visitor.get("/prova/"))
    assert "checkout.session.expired non accettata, si riprova" in room
    assert "nessuna, tentativi: 1" in room


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_form_of_another_site_is_refused(sandbox, visitor, headers):
    """
    Nothing happens to the money, not even to that of a rehearsal.
    """
    session = a_session(sandbox)

    answer = press(visitor, f"/prova/paga/{session['id']}", headers=headers, modo="carta")

    assert answer.status_code == 403
    assert sandbox.account.store.find(session["id"])["status"] == "open"


def test_own_form_is_accepted_behind_a_proxy(sandbox, visitor):
    """
    The proxy speaks to another address than the browser.
    """
    session = a_session(sandbox)

    answer = press(
        visitor,
        f"/prova/paga/{session['id']}",
        base_url="http://10.0.0.5:9000",
        headers={"Origin": SITE, "Sec-Fetch-Site": "same-origin"},
        modo="carta",
    )

    assert answer.status_code == 303


def test_looking_changes_nothing(sandbox, visitor):
    """
    An address that acts answers only to POST.
    """
    session = sandbox.pay_by_card(a_session(sandbox)["id"])

    answer = visitor.get(f"/prova/pagamenti/{session['payment_intent']}/rimborsa")

    assert answer.status_code == 405
    assert sandbox.account.store.all("refund") == []
