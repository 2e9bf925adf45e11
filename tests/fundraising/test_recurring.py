"""A recurring gift from its first payment to its last, over the real SDK and the sandbox."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from fundraising.app import App
from fundraising.doctor import examine
from fundraising.facts import PlanSeen
from fundraising.mailer import list_letters
from fundraising.plans import send_errand


@pytest.fixture
def plan(house):
    """A monthly gift of 25 €, paid for the first time by card."""
    return Plan(house)


class Plan:
    """A recurring gift and its donor, who has a browser and reads letters."""

    def __init__(self, house, method="card", **form):
        self.house = house
        self.session_id = house.give(**({"frequency": "month"} | form))
        pay = {"card": house.sandbox.pay_by_card, "sepa": house.sandbox.pay_by_sepa}[method]
        self.id = pay(self.session_id)["subscription"]
        self.look()
        site = DispatcherMiddleware(App(house.parts), {"/prova": house.sandbox.pages})
        self.browser = Client(site)

    def look(self):
        self.house.look("subscription", self.id)

    def work(self):
        self.house.parts.worker.run_once()

    def row(self):
        return self.house.query("find_plan", subscription_id=self.id)

    def states(self):
        return [gift["state"] for gift in self.gifts()]

    def gifts(self):
        return self.house.query("gifts_of_person", email="anna@example.org", livemode=0)

    def letters(self, kind):
        """Count the letters of a kind that have left."""
        self.work()
        states = [row["state"] for row in self.house.query("all_letters") if row["kind"] == kind]
        assert set(states) <= {"sent", "dropped"}
        return states.count("sent")

    def link(self):
        """The plan's address in the latest letter that has one."""
        self.work()
        for letter in list_letters(self.house.parts.settings.letters_folder):
            if found := re.search(r"/api/plan/\S+", letter.text):
                return found[0]
        raise AssertionError("no letter leads to the plan")

    def press(self, address, **fields):
        return self.browser.post(address, data=fields, base_url="http://127.0.0.1:8000")

    def errands(self):
        return [(row["kind"], row["state"]) for row in self.house.query("all_errands")]


@pytest.mark.parametrize(("frequency", "words"), [("month", "mensile"), ("year", "annuale")])
def test_recurring_gift_is_made_and_renewed(house, frequency, words):
    plan = Plan(house, frequency=frequency)
    assert plan.states() == ["paid"]

    house.sandbox.renew(plan.id)
    plan.look()

    assert plan.states() == ["paid", "paid"]
    assert [row["number"] for row in house.query("all_receipts")] == [1, 2]
    assert plan.letters("paid") == 2
    subjects = [letter.subject for letter in list_letters(house.parts.settings.letters_folder)]
    assert all(f"Il tuo dono {words} di 25,00" in subject for subject in subjects)
    assert examine(house.parts) == []


def test_refused_renewal_is_told_once_with_the_way_to_mend_it(house, plan):
    house.sandbox.renew(plan.id, accepted=False)
    plan.look()
    plan.look()

    assert sorted(plan.states()) == ["paid", "retrying"]
    assert plan.row()["status"] == "past_due"
    assert plan.letters("renewal_failed") == 1
    page = plan.browser.get(plan.link()).text
    assert "L'ultimo pagamento non è riuscito e non ti abbiamo addebitato nulla" in page


def test_page_of_thanks_stays_about_the_payment_it_thanks_for(house, plan):
    """
    A browser opens its old tabs again; «try again» would begin a second gift beside this one.
    """
    house.sandbox.account.clock = lambda: house.clock() + timedelta(days=31)
    house.sandbox.renew(plan.id, accepted=False)
    plan.look()

    page = plan.browser.get(f"/api/thanks?session_id={plan.session_id}").text

    assert "La tua donazione è arrivata" in page
    assert "Riprova" not in page


def test_first_debit_that_came_back_does_not_lead_to_a_second_gift_beside_the_first(house):
    """
    Stripe tries it again by itself: who gave once more would pay twice, every month.
    """
    plan = Plan(house, method="sepa")
    house.sandbox.fail(plan.session_id)

    page = plan.browser.get(f"/api/thanks?session_id={plan.session_id}").text

    assert plan.row()["status"] == "past_due"
    assert "non ci è arrivato nulla" in page
    assert "Non rifare il dono" in page
    assert "/api/area" in page
    assert "/api/donate" not in page
    plan.work()
    [letter] = [one for one in list_letters(house.parts.settings.letters_folder)
                if "non è riuscito" in one.subject]  # fmt: skip
    for text in (letter.text, plan.browser.get(plan.link()).text):
        assert "un'altra carta:" not in text
        assert "la carta nuova" not in text
    assert "sul conto non c'era abbastanza" in " ".join(letter.text.split())


def test_first_debit_that_came_back_after_the_stop_may_be_given_again(house):
    plan = Plan(house, method="sepa")
    plan.press(f"{plan.link()}/stop")
    house.sandbox.fail(plan.session_id)

    page = plan.browser.get(f"/api/thanks?session_id={plan.session_id}").text

    assert "Non rifare il dono" not in page
    assert "Riprova" in page


def test_another_card_pays_what_is_owed_and_what_comes(house, plan):
    """
    The donor follows the letter, changes the card at Stripe's, and is told on the way back.
    """
    house.sandbox.renew(plan.id, accepted=False)
    plan.look()
    link = plan.link()
    portal = plan.press(f"{link}/card")
    assert portal.status_code == 303

    back = plan.press(urlsplit(portal.location).path, modo="carta")
    page = plan.browser.get(urlsplit(back.location).path).text

    assert back.location.endswith(link)
    assert "È tutto a posto" in page
    assert plan.states() == ["paid", "paid"]
    subscription = house.parts.gateway._client.v1.subscriptions.retrieve(plan.id)
    customer = house.parts.gateway._client.v1.customers.retrieve(subscription.customer)
    assert subscription.default_payment_method == customer.invoice_settings.default_payment_method
    assert plan.errands() == [("mend_plan", "done")]
    assert plan.letters("paid") == 2
    assert examine(house.parts) == []


def test_card_changed_without_coming_back_is_found_by_the_notification(house, plan):
    house.sandbox.renew(plan.id, accepted=False)
    plan.look()
    portal = plan.press(f"{plan.link()}/card")
    plan.press(urlsplit(portal.location).path, modo="carta")
    subscription = house.sandbox.account.store.find(plan.id)

    house.look("customer", subscription["customer"])
    plan.work()
    plan.look()

    assert plan.states() == ["paid", "paid"]


def test_page_and_worker_may_mend_at_the_same_time(house, plan):
    """
    Whoever comes second finds the invoice paid, and that is no refusal.
    """
    house.sandbox.renew(plan.id, accepted=False)
    plan.look()
    portal = plan.press(f"{plan.link()}/card")
    plan.press(urlsplit(portal.location).path, modo="carta")
    card = house.sandbox.account.store.all("payment_method")[0]["id"]
    mend = partial(house.parts.gateway.plans.mend, plan.id, card)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: mend(), range(8)))

    plan.look()
    assert plan.states() == ["paid", "paid"]
    assert examine(house.parts) == []


def test_second_card_that_is_refused_leaves_everything_as_it_was(house, plan):
    house.sandbox.renew(plan.id, accepted=False)
    plan.look()
    portal = plan.press(f"{plan.link()}/card")
    back = plan.press(urlsplit(portal.location).path, modo="carta-rifiutata")

    page = plan.browser.get(urlsplit(back.location).path).text

    assert "L'ultimo pagamento non è riuscito" in page
    assert sorted(plan.states()) == ["paid", "retrying"]
    assert plan.errands() == [("mend_plan", "done")]
    assert plan.letters("renewal_failed") == 1
    assert examine(house.parts) == []


def test_bank_that_wants_the_donor_to_confirm(house, plan):
    """
    The letter asks for it, the page leads there, and the money is here afterwards.
    """
    house.sandbox.renew_to_confirm(plan.id)
    plan.look()
    assert sorted(plan.states()) == ["paid", "retrying"]
    assert plan.letters("action_required") == 1
    assert plan.letters("renewal_failed") == 0

    stripe = plan.press(f"{plan.link()}/confirm")
    assert stripe.status_code == 303
    plan.press(urlsplit(stripe.location).path)
    plan.look()

    assert plan.states() == ["paid", "paid"]
    assert plan.letters("paid") == 2


def test_one_click_and_one_confirmation_stop_a_gift(house, plan):
    link = plan.link()
    page = plan.browser.get(link).text
    assert "Sì, ferma il dono mensile" in page
    assert house.sandbox.account.store.find(plan.id)["status"] == "active"

    answer = plan.press(f"{link}/stop")

    assert answer.status_code == 303
    assert house.sandbox.account.store.find(plan.id)["status"] == "canceled"
    assert "Questo dono è fermo" in plan.browser.get(link).text
    assert plan.letters("cancelled") == 1
    assert plan.states() == ["paid"]


def test_stopping_twice_is_stopping_once(house, plan):
    link = plan.link()

    assert [plan.press(f"{link}/stop").status_code for _ in range(2)] == [303, 303]
    assert plan.letters("cancelled") == 1
    assert plan.errands() == [("end_plan", "done")]


def test_stopping_is_kept_while_stripe_is_away(house, plan):
    """
    The donor has said stop: we remember it, and tell Stripe as soon as it listens.
    """
    link = plan.link()
    house.sandbox.faults.api_unavailable(50, how="refused")
    plan.press(f"{link}/stop")
    page = plan.browser.get(link).text
    assert "Abbiamo preso nota" in page
    assert house.sandbox.account.store.find(plan.id)["status"] == "active"

    house.sandbox.faults.clear()
    house.parts.worker.errands.run_about(plan.id)

    assert house.sandbox.account.store.find(plan.id)["status"] == "canceled"
    assert plan.row()["status"] == "canceled"


def test_errand_that_never_gets_done_is_a_finding(house, plan, monkeypatch):
    link = plan.link()
    house.sandbox.faults.api_unavailable(50, how="refused")
    plan.press(f"{link}/stop")
    house.sandbox.faults.clear()
    assert examine(house.parts) == []
    later = house.clock() + timedelta(hours=2)
    monkeypatch.setattr(house.parts, "clock", lambda: later)

    [finding] = examine(house.parts)

    assert finding.startswith(f"sostegni: fermare {plan.id} non riesce da troppo (un tentativo")


def test_what_stripe_refuses_becomes_a_task(house, plan):
    with house.parts.store.transaction() as books:
        send_errand(
            books, "mend_plan", "sub_test_unknown", "pm_test_1",
            livemode=False, now=house.clock(), new_id=house.parts.new_id,
        )  # fmt: skip
    plan.work()

    [task] = house.query("open_tasks", livemode=0)
    assert (task["kind"], task["subject"]) == ("errand", "sub_test_unknown")
    assert plan.errands() == [("mend_plan", "refused")]


def test_stop_that_our_key_may_not_order_waits_until_it_may(house, plan):
    """
    A key on its way to being changed is our affair: the donor has said stop once, and that is enough.
    """
    link = plan.link()
    house.sandbox.faults.api_unavailable(50, how="forbidden")
    plan.press(f"{link}/stop")
    assert plan.errands() == [("end_plan", "waiting")]
    [task] = house.query("open_tasks", livemode=0)
    assert (task["kind"], task["subject"]) == ("errand", plan.id)
    page = plan.browser.get(link).text
    assert "vuoi fermare questo dono, ma non è ancora fermo" in page
    assert "Non serve chiederlo di nuovo" in page
    assert "non ti addebiteremo più nulla" not in page
    assert "Lo stiamo dicendo" not in page
    assert "Non riusciamo a chiedere" not in page

    house.sandbox.faults.clear()
    house.parts.worker.errands.run_about(plan.id)

    assert plan.errands() == [("end_plan", "done")]
    assert plan.row()["status"] == "canceled"
    assert house.query("open_tasks", livemode=0) == []
    assert "Questo dono è fermo" in plan.browser.get(link).text


def test_stop_that_stripe_refuses_is_never_called_all_well(house, plan):
    link = plan.link()
    house.sandbox.faults.api_unavailable(1, how="rejected")
    plan.press(f"{link}/stop")
    assert plan.errands() == [("end_plan", "refused")]

    page = plan.browser.get(link).text

    assert "È tutto a posto" not in page
    assert "ce ne occupiamo a mano" in page
    assert "Sì, ferma il dono mensile" in page


def test_stop_asked_again_after_a_refusal_is_tried_again(house, plan):
    link = plan.link()
    house.sandbox.faults.api_unavailable(1, how="rejected")
    plan.press(f"{link}/stop")

    plan.press(f"{link}/stop")

    assert house.sandbox.account.store.find(plan.id)["status"] == "canceled"
    assert plan.errands() == [("end_plan", "done")]
    assert "Questo dono è fermo" in plan.browser.get(link).text
    assert plan.letters("cancelled") == 1
    assert house.query("open_tasks", livemode=0) == []


def test_card_asked_again_after_a_refusal_is_tried_again(house, plan):
    house.sandbox.renew(plan.id, accepted=False)
    plan.look()
    portal = plan.press(f"{plan.link()}/card")
    plan.press(urlsplit(portal.location).path, modo="carta")
    plan.look()
    house.sandbox.faults.api_unavailable(1, how="rejected")
    house.parts.worker.errands.run_about(plan.id)
    [refused] = house.query("all_errands")
    assert refused["state"] == "refused"

    with house.parts.store.transaction() as books:
        send_errand(
            books, "mend_plan", plan.id, refused["detail"],
            livemode=False, now=house.clock(), new_id=house.parts.new_id,
        )  # fmt: skip
    plan.work()

    assert plan.errands() == [("mend_plan", "done")]
    assert plan.states() == ["paid", "paid"]
    assert house.query("open_tasks", livemode=0) == []


def test_card_that_is_used_leaves_a_refused_stop_to_a_person(house, plan):
    """
    One task speaks for everything about a plan: it stays while something is still to be done.
    """
    link = plan.link()
    house.sandbox.faults.api_unavailable(1, how="rejected")
    plan.press(f"{link}/stop")
    with house.parts.store.transaction() as books:
        send_errand(
            books, "mend_plan", plan.id, "pm_test_1",
            livemode=False, now=house.clock(), new_id=house.parts.new_id,
        )  # fmt: skip
    plan.work()

    assert plan.errands() == [("end_plan", "refused"), ("mend_plan", "done")]
    [task] = house.query("open_tasks", livemode=0)
    assert task["subject"] == plan.id


def test_debit_that_arrives_after_the_stop_is_not_said_to_repeat(house):
    """
    A debit takes days; meanwhile its donor has thought better of giving every month.
    """
    plan = Plan(house, method="sepa")
    plan.press(f"{plan.link()}/stop")
    house.sandbox.settle(plan.session_id)
    plan.look()
    plan.work()

    [letter] = [one for one in list_letters(house.parts.settings.letters_folder)
                if "è arrivato" in one.subject]  # fmt: skip
    assert "Il dono si ferma qui: non si ripete." in letter.text
    assert "Il dono si ripete" not in letter.text
    assert "cambiare o fermare" not in letter.text


def test_debit_that_fails_after_the_stop_is_told(house):
    """
    The letter before it said that it was on its way.
    """
    plan = Plan(house, method="sepa")
    plan.press(f"{plan.link()}/stop")
    house.sandbox.fail(plan.session_id)
    house.look("checkout.session", plan.session_id)

    assert plan.states() == ["failed"]
    assert plan.letters("pending") == 1
    assert plan.letters("failed") == 1
    assert examine(house.parts) == []


def test_payment_taken_back_does_not_lead_to_a_second_gift_beside_the_first(house, plan):
    """
    The bank takes one month back; the gift itself goes on.
    """
    dispute = house.sandbox.dispute(house.sandbox.account.store.all("payment_intent")[0]["id"])
    house.sandbox.close_dispute(dispute["id"], won=False)
    house.look("dispute", dispute["id"])
    plan.work()

    [letter] = [one for one in list_letters(house.parts.settings.letters_folder)
                if "sono tornati alla tua banca" in one.subject]  # fmt: skip
    assert "/api/donate" not in letter.text
    assert "/api/plan/" in letter.text


def test_gift_stopped_while_a_payment_is_owed_is_not_tried_again(house, plan):
    house.sandbox.renew(plan.id, accepted=False)
    plan.look()

    plan.press(f"{plan.link()}/stop")
    plan.look()

    assert sorted(plan.states()) == ["failed", "paid"]
    assert plan.letters("failed") == 0
    assert plan.letters("cancelled") == 1
    assert house.query("open_tasks", livemode=0) == []


def test_stripe_giving_up_is_told_as_such(house, plan):
    house.sandbox.renew(plan.id, accepted=False)
    plan.look()

    house.sandbox.give_up(plan.id)
    plan.look()

    assert plan.letters("cancelled") == 1
    [letter] = [
        letter
        for letter in list_letters(house.parts.settings.letters_folder)
        if "si è fermato" in letter.subject
    ]
    assert "non è riuscito nemmeno dopo altri tentativi" in " ".join(letter.text.split())
    assert plan.row()["end_reason"] == "payment_failed"


def test_plan_stopped_in_the_portal_ends_with_its_period(house, plan):
    subscription = house.sandbox.account.store.find(plan.id)
    client = house.parts.gateway._client
    session = client.v1.billing_portal.sessions.create({"customer": subscription["customer"]})
    plan.press(urlsplit(session.url).path, modo="ferma", sostegno=plan.id)
    plan.look()

    assert plan.letters("cancelled") == 1
    assert "Abbiamo preso nota" in plan.browser.get(plan.link()).text


def test_new_amount_takes_the_old_ones_place_when_it_is_paid(house, plan):
    checkout = plan.press(f"{plan.link()}/amount", amount="40")
    assert checkout.status_code == 303
    assert house.sandbox.account.store.find(plan.id)["status"] == "active"
    new_session = re.search("cs_test_[a-z0-9]+", checkout.location)[0]

    new_id = house.sandbox.pay_by_card(new_session)["subscription"]
    house.look("checkout.session", new_session)
    plan.work()

    assert house.sandbox.account.store.find(plan.id)["status"] == "canceled"
    assert house.query("find_plan", subscription_id=new_id)["amount_cents"] == 40_00
    assert house.query("find_plan", subscription_id=new_id)["status"] == "active"
    assert plan.letters("cancelled") == 0
    assert examine(house.parts) == []


def test_new_amount_sent_twice_is_one_new_gift(house, plan):
    link = plan.link()
    page = plan.browser.get(link).text
    token = re.search('name="form_token" value="([^"]+)"', page)[1]

    answers = [
        plan.press(f"{link}/amount", amount="40", form_token=one) for one in (token, token, "", "")
    ]

    first, second, third, fourth = (answer.location for answer in answers)
    assert first == second
    assert third == fourth


def ask(plan, link, amount):
    """Open the plan's page in a tab of its own and ask for another amount; return where it leads."""
    page = plan.browser.get(link).text
    token = re.search('name="form_token" value="([^"]+)"', page)[1]
    return plan.press(f"{link}/amount", amount=amount, form_token=token).location


def session_in(address):
    return re.search("cs_test_[a-z0-9]+", address)[0]


@contextmanager
def unseen(house, session_id):
    """A page of the payment that the books do not know yet: another tab, in the same instant."""
    intent = house.query("find_intent_by_session", session_id=session_id, livemode=0)["id"]
    with house.parts.store.transaction() as books:
        books.attach_session(id=intent, session_id=None)
    yield
    with house.parts.store.transaction() as books:
        books.attach_session(id=intent, session_id=session_id)


def take_place(house, plan, session_id, amount):
    """Pay a new amount; return where the letter about it leads."""
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    plan.work()
    [letter] = [one for one in list_letters(house.parts.settings.letters_folder)
                if f"{amount},00" in one.subject]  # fmt: skip
    return re.search(r"/api/plan/\S+", letter.text)[0]


def running(house):
    plans = house.sandbox.account.store.all("subscription")
    return [one["items"]["data"][0]["price"]["unit_amount"] for one in plans
            if one["status"] != "canceled"]  # fmt: skip


def test_same_amount_from_a_new_page_is_another_checkout(house, plan):
    """
    Who changed their mind and comes back later begins anew.
    """
    link = plan.link()

    assert ask(plan, link, "40") != ask(plan, link, "40")


def test_second_new_amount_closes_the_page_of_the_first(house, plan):
    """
    Two tabs, two amounts: only the one asked for last can be paid.
    """
    link = plan.link()
    first, second = (session_in(ask(plan, link, amount)) for amount in ("40", "30"))
    assert house.sandbox.account.store.find(first)["status"] == "expired"

    house.sandbox.pay_by_card(second)
    house.look("checkout.session", second)
    plan.work()

    assert running(house) == [30_00]
    assert sorted(gift["amount_cents"] for gift in plan.gifts()) == [25_00, 30_00]
    assert examine(house.parts) == []


def test_going_back_to_the_first_page_asks_for_its_amount_again(house, plan):
    link = plan.link()
    page = plan.browser.get(link).text
    token = re.search('name="form_token" value="([^"]+)"', page)[1]
    plan.press(f"{link}/amount", amount="40", form_token=token)
    second = session_in(ask(plan, link, "30"))

    again = plan.press(f"{link}/amount", amount="40", form_token=token)

    assert house.sandbox.account.store.find(session_in(again.location))["status"] == "open"
    assert house.sandbox.account.store.find(second)["status"] == "expired"


@pytest.mark.parametrize("paid_first", [0, 1])
@pytest.mark.parametrize("told", [(0, 1), (1, 0)])
def test_two_new_amounts_that_are_both_paid_leave_one_gift(house, plan, paid_first, told):
    """
    Two tabs in the same instant: neither sees the other's page. Whichever is paid, and told of,
    first, the one asked for last stays, and a letter says so.
    """
    link = plan.link()
    sessions = [session_in(ask(plan, link, "40"))]
    with unseen(house, sessions[0]):
        sessions.append(session_in(ask(plan, link, "30")))
    for number in (paid_first, 1 - paid_first):
        house.sandbox.pay_by_card(sessions[number])

    for number in told:
        house.look("checkout.session", sessions[number])
        plan.work()

    assert running(house) == [30_00]
    assert sorted(plan.states()) == ["paid"] * 3
    assert plan.letters("cancelled") == 1
    [letter] = [one for one in list_letters(house.parts.settings.letters_folder)
                if "è uno solo" in one.subject]  # fmt: skip
    words = " ".join(letter.text.split())
    assert "quello di 40,00 € è fermo" in words
    assert "rispondi a questa lettera e te lo rendiamo" in words
    assert examine(house.parts) == []


@pytest.mark.parametrize("arrives", [True, False])
def test_debit_of_an_earlier_new_amount_ends_with_the_one_asked_for_last(house, plan, arrives):
    """
    40 € asked of the bank, which takes days, and 30 € paid at once: the first is stopped, and its
    donor hears what becomes of the money that was on its way.
    """
    link = plan.link()
    earlier = session_in(ask(plan, link, "40"))
    with unseen(house, earlier):
        last = session_in(ask(plan, link, "30"))
    house.sandbox.pay_by_sepa(earlier)
    house.look("checkout.session", earlier)
    house.sandbox.pay_by_card(last)
    house.look("checkout.session", last)
    plan.work()
    assert running(house) == [30_00]

    [letter] = [" ".join(one.text.split()) for one in list_letters(house.parts.settings.letters_folder)
                if "è uno solo" in one.subject]  # fmt: skip
    assert "quello di 40,00 € è fermo" in letter
    assert "è ancora in viaggio: se arriva resta alla campagna" in letter

    getattr(house.sandbox, "settle" if arrives else "fail")(earlier)
    house.look("checkout.session", earlier)
    plan.work()

    assert running(house) == [30_00]
    assert sorted(plan.states()) == (["paid"] * 3 if arrives else ["failed", "paid", "paid"])
    subject = (
        "dono mensile di 40,00 € è arrivato" if arrives else "pagamento di 40,00 € non è riuscito"
    )
    [letter] = [one.text for one in list_letters(house.parts.settings.letters_folder)
                if subject in one.subject.replace("\u00a0", " ")]  # fmt: skip
    assert ("Il dono si ferma qui" if arrives else "quanto doni resta com'era") in letter
    assert "cambiare o fermare" not in letter
    assert examine(house.parts) == []


def test_what_follows_from_a_new_amount_is_decided_by_one_at_a_time(house, plan):
    """
    Two workers that each see their own payment and not yet the other's would both let theirs go on.
    """
    new = session_in(ask(plan, plan.link(), "40"))
    house.sandbox.pay_by_card(new)
    facts = house.parts.gateway.observe("checkout.session", new)
    first = plan.row()["intent"]

    with ThreadPoolExecutor(1) as other:
        with house.parts.store.transaction() as books:
            books.hold_intent(id=first)
            decided = other.submit(house.parts.reducer.apply, facts)
            with pytest.raises(TimeoutError):
                decided.result(timeout=1)
        decided.result(timeout=10)
    plan.work()

    assert running(house) == [40_00]


def test_gift_that_is_heard_of_after_its_money_does_not_stay_as_a_second_one(house, plan):
    """
    Notifications come in any order: here that of the payment before that of what it pays for.
    """
    link = plan.link()
    earlier = session_in(ask(plan, link, "40"))
    with unseen(house, earlier):
        last = session_in(ask(plan, link, "30"))
    take_place(house, plan, last, "30")
    subscription_id = house.sandbox.pay_by_card(earlier)["subscription"]
    [invoice] = [one["id"] for one in house.sandbox.account.store.all("invoice")
                 if one["amount_paid"] == 40_00]  # fmt: skip
    money = [fact for fact in house.parts.gateway.observe("invoice", invoice)
             if not isinstance(fact, PlanSeen)]  # fmt: skip

    house.parts.reducer.apply(money)
    house.look("subscription", subscription_id)
    plan.work()

    assert running(house) == [30_00]
    assert examine(house.parts) == []


def test_two_new_amounts_asked_at_the_same_moment_leave_one_gift(house, plan):
    """
    Not even a clock that shows both the same time lets both go on.
    """
    link = plan.link()
    moment = house.clock()
    plan.browser = Client(App(replace(house.parts, clock=lambda: moment)))
    sessions = [session_in(ask(plan, link, "40"))]
    with unseen(house, sessions[0]):
        sessions.append(session_in(ask(plan, link, "30")))
    asked = {house.query("find_intent_by_session", session_id=one, livemode=0)["created_at"]
             for one in sessions}  # fmt: skip
    assert len(asked) == 1

    for session_id in sessions:
        house.sandbox.pay_by_card(session_id)
        house.look("checkout.session", session_id)
        plan.work()

    assert len(running(house)) == 1
    assert plan.letters("cancelled") == 1
    assert examine(house.parts) == []


@pytest.mark.parametrize(("told", "stopped"), [((0, 1), ["30"]), ((1, 0), ["40", "30"])])
def test_page_left_over_from_a_change_before_does_not_leave_two_gifts(house, plan, told, stopped):
    """
    Changed to 40 €, and that to 50 €; a page for 30 € instead of the first gift, opened in between, is paid too.
    """
    link = plan.link()
    first = session_in(ask(plan, link, "40"))
    with unseen(house, first):
        left_over = session_in(ask(plan, link, "30"))
    second_link = take_place(house, plan, first, "40")
    with unseen(house, left_over):
        last = session_in(ask(plan, second_link, "50"))
    sessions = [last, left_over]
    for session_id in sessions:
        house.sandbox.pay_by_card(session_id)

    for number in told:
        house.look("checkout.session", sessions[number])
        plan.work()

    assert running(house) == [50_00]
    assert sorted(plan.states()) == ["paid"] * 4
    for one in (link, second_link):
        assert "ora doni <strong>50,00" in plan.browser.get(one).text.replace("\u00a0", " ")
    letters = [" ".join(one.text.split()) for one in list_letters(house.parts.settings.letters_folder)
               if "è uno solo" in one.subject]  # fmt: skip
    told_of = [re.search(r"quello di (\d+),00 € è fermo", letter)[1] for letter in letters]
    assert sorted(told_of) == sorted(stopped)
    assert examine(house.parts) == []


def test_new_amount_closes_the_pages_of_the_gifts_before_it(house, plan):
    """
    A page of the first gift must not be paid once the second one is changed.
    """
    link = plan.link()
    first = session_in(ask(plan, link, "40"))
    with unseen(house, first):
        forgotten = session_in(ask(plan, link, "30"))
    second_link = take_place(house, plan, first, "40")

    second = session_in(ask(plan, second_link, "50"))

    assert house.sandbox.account.store.find(forgotten)["status"] == "expired"
    assert house.sandbox.account.store.find(second)["status"] == "open"
    assert running(house) == [40_00]


def test_leaving_the_page_of_a_new_amount_leads_back_to_the_gift(house, plan):
    """
    The form of a gift would begin another one beside it.
    """
    link = plan.link()
    session_id = session_in(ask(plan, link, "40"))
    session = house.sandbox.account.store.find(session_id)
    assert session["cancel_url"] == f"http://127.0.0.1:8000{link}"
    not_paid = plan.browser.get(f"/api/thanks?session_id={session_id}").text
    house.sandbox.pay_by_sepa(session_id)
    house.sandbox.fail(session_id)
    failed = plan.browser.get(f"/api/thanks?session_id={session_id}").text

    assert "non è stato completato" in not_paid
    assert "Il pagamento non è riuscito" in failed
    for page in (not_paid, failed):
        assert "Quanto doni non è cambiato" in page
        assert "/api/donate" not in page


def test_debit_on_its_way_is_not_paid_a_second_time(house, plan):
    """
    The new amount has been asked of the bank: there is nothing left to pay until it answers.
    """
    link = plan.link()
    first = session_in(ask(plan, link, "40"))
    house.sandbox.pay_by_sepa(first)

    assert ask(plan, link, "30") == f"http://127.0.0.1:8000/api/thanks?session_id={first}"
    house.sandbox.fail(first)
    house.look("checkout.session", first)
    assert house.sandbox.account.store.find(session_in(ask(plan, link, "30")))["status"] == "open"


def test_page_that_cannot_be_closed_opens_no_other(house, plan):
    link = plan.link()
    first = session_in(ask(plan, link, "40"))
    page = plan.browser.get(link).text
    token = re.search('name="form_token" value="([^"]+)"', page)[1]
    house.sandbox.faults.api_unavailable(50, how="refused")

    answer = plan.press(f"{link}/amount", amount="30", form_token=token)

    assert answer.status_code == 503
    assert house.sandbox.account.store.find(first)["status"] == "open"


def test_page_of_a_replaced_gift_tells_of_the_one_that_goes_on(house, plan):
    """
    An old letter leads to the old gift; «nothing more is charged» would be false.
    """
    first_link = link = plan.link()
    for amount in ("40", "30"):
        link = take_place(house, plan, session_in(ask(plan, link, amount)), amount)

    page = plan.browser.get(first_link).text.replace("\u00a0", " ")

    assert "ora doni <strong>30,00 €</strong> ogni mese" in page
    assert "non ti addebiteremo più nulla" not in page
    assert "Dona di nuovo" not in page


def test_new_amount_that_is_never_paid_changes_nothing(house, plan):
    checkout = plan.press(f"{plan.link()}/amount", amount="40")
    house.sandbox.expire(re.search("cs_test_[a-z0-9]+", checkout.location)[0])
    plan.work()

    plan.look()

    assert plan.row()["status"] == "active"
    assert plan.errands() == []


def test_new_amount_waits_for_a_bank_debit(house, plan):
    """
    A debit that has not arrived yet does not end the gift that works.
    """
    checkout = plan.press(f"{plan.link()}/amount", amount="40")
    session_id = re.search("cs_test_[a-z0-9]+", checkout.location)[0]
    house.sandbox.pay_by_sepa(session_id)
    house.look("checkout.session", session_id)
    plan.work()
    assert house.sandbox.account.store.find(plan.id)["status"] == "active"

    house.sandbox.settle(session_id)
    house.look("checkout.session", session_id)
    plan.work()

    assert house.sandbox.account.store.find(plan.id)["status"] == "canceled"


def test_fee_that_is_covered_is_told_before_a_new_amount_is_asked_for(house):
    covered = Plan(house, cover_fees="1", confirmed="2563")
    said = covered.browser.get(covered.link()).text

    assert "25,63" in said
    assert "Paghi subito il nuovo importo, con le commissioni come adesso, e da lì" in said
    session_id = session_in(ask(covered, covered.link(), "40"))
    assert house.sandbox.account.store.find(session_id)["amount_total"] == 40_86


def test_unreadable_amount_changes_nothing(house, plan):
    answer = plan.press(f"{plan.link()}/amount", amount="1")

    assert answer.status_code == 422
    assert "Non è cambiato nulla" in answer.text
    assert 'value="1"' in answer.text


@pytest.mark.parametrize("button", ["card", "amount", "confirm"])
def test_stripe_being_away_is_said_on_the_plans_page(house, plan, button):
    link = plan.link()
    house.sandbox.faults.api_unavailable(50, how="refused")

    answer = plan.press(f"{link}/{button}", amount="40")

    assert answer.status_code == 503
    assert "Non è cambiato nulla e non abbiamo addebitato nulla" in answer.text


@pytest.mark.parametrize("address", ["/api/plan/no", "/api/plan/" + "a" * 43, "/api/plan/è"])
def test_link_to_no_plan_is_no_page(house, address):
    assert house.client.get(address).status_code == 404
    assert house.client.post(f"{address}/stop").status_code == 404


def test_database_holds_no_key_to_a_plan(house, plan):
    token = plan.link().rpartition("/")[2]

    assert token not in str(house.query("all_access"))
    assert token not in str(house.query("all_letters"))


def test_letters_about_a_single_gift_lead_to_no_plan(house):
    house.sandbox.pay_by_card(session_id := house.give())
    house.look("checkout.session", session_id)
    house.parts.worker.run_once()

    [letter] = list_letters(house.parts.settings.letters_folder)
    assert "/api/plan/" not in letter.text
