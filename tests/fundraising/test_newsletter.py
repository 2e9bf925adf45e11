"""The newsletter's door: two yeses in, one click out, and nothing told to strangers."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from justhtml import JustHTML
from werkzeug.test import Client

from fundraising.app import App
from fundraising.doctor import examine
from fundraising.form_token import write_token
from fundraising.letter_facts import ReaderFacts
from fundraising.letters import write_letter
from fundraising.mailer import MailRefused, list_letters
from fundraising.newsletter_doctor import examine_newsletter
from fundraising.reader_links import ReaderLink, read_key, read_link, write_link
from fundraising.readers import Readers
from fundraising.topics import LATEST
from tests.fundraising.test_area import Donor

SITE = "http://127.0.0.1:8000"
LETTER = "newsletter"
DATES = "appuntamenti"


class Person:
    """Somebody with a browser and a mailbox."""

    def __init__(self, house, email="anna@example.org"):
        self.house = house
        self.email = email
        self.browser = Client(App(house.parts), use_cookies=False)

    def get(self, address):
        return self.browser.get(address, base_url=SITE)

    def post(self, address, headers=None, **fields):
        return self.browser.post(
            address,
            data=fields,
            headers=headers,
            base_url=SITE,
            # As a browser says it even where no box was ticked.
            content_type="application/x-www-form-urlencoded",
        )

    def ask(self, *topics, **changes):
        typed = {"email": self.email, "topic": list(topics) or [LETTER], "wording": LATEST}
        return self.post("/api/newsletter", **typed | changes)

    def letters(self, subject=""):
        """What is in the mailbox, the newest first."""
        self.house.parts.worker.run_once()
        folder = self.house.parts.settings.letters_folder
        return [
            letter
            for letter in list_letters(folder)
            if letter.to == self.email and subject in letter.subject
        ]

    def follow(self, pattern):
        """The address a letter leads to, from the newest one that has it."""
        for letter in self.letters():
            if found := re.search(rf"{SITE}({pattern}\S+)", letter.text):
                return found[1]
        return None

    def token(self):
        return self.follow("/api/newsletter/confirm").partition("token=")[2]

    def subscribe(self, *topics):
        self.ask(*topics)
        answer = self.post("/api/newsletter/confirm", token=self.token(), topic=[LETTER, DATES])
        assert answer.status_code == 200
        return answer

    def link(self, what="leave"):
        """A signed link, as every issue carries them."""
        self.post("/api/newsletter/preferences", email=self.email)
        address = self.follow("/api/newsletter/preferences/")
        assert address
        return address.replace("/preferences/", f"/{what}/")

    def states(self):
        return states(self.house, self.email)


def states(house, email="anna@example.org"):
    rows = house.query("subscriptions_of_email", livemode=0, email=email)
    return {row["topic"]: row["state"] for row in rows}


@pytest.fixture
def anna(house):
    return Person(house)


def test_one_letter_one_page_one_button(anna):
    """
    Asking alone subscribes nobody; the letter leads to a page whose one button does.
    """
    assert "guarda la posta" in anna.ask(LETTER, DATES).text
    assert anna.states() == {LETTER: "pending", DATES: "pending"}
    [letter] = anna.letters("Conferma")
    assert "«La lettera di #Oltreiperimetri» e «Gli appuntamenti»" in " ".join(letter.text.split())
    page = anna.get(anna.follow("/api/newsletter/confirm")).text
    assert page.count("<button") == 1
    assert "Sì, mandatemele" in page

    answer = anna.post("/api/newsletter/confirm", token=anna.token(), topic=[LETTER, DATES])

    assert "Fatto, ti scriviamo noi" in answer.text
    assert anna.states() == {LETTER: "active", DATES: "active"}


def test_yes_said_twice_is_one_yes(anna):
    anna.ask()
    token = anna.token()

    first = anna.post("/api/newsletter/confirm", token=token, topic=LETTER)
    second = anna.post("/api/newsletter/confirm", token=token, topic=LETTER)

    assert first.status_code == second.status_code == 200
    assert first.text == second.text


def test_proof_is_words_and_two_moments_and_nothing_else(anna):
    """
    No network address, no browser: what proves the yes, and no more.
    """
    anna.subscribe()

    [row] = anna.house.query("subscriptions_of_email", livemode=0, email=anna.email)
    assert row["wording"] == "2026-11"
    assert row["place"] == "form"
    assert row["requested_at"] < row["confirmed_at"]
    assert set(row) == {
        "reader", "topic", "state", "asked_at", "asked_wording", "asked_place", "requested_at",
        "wording", "place", "confirmed_at", "ended_at", "ended_why",
    }  # fmt: skip


def test_letter_that_asks_for_the_yes_is_no_newsletter(anna):
    """
    There is nothing to leave yet, so it has no header to leave by.
    """
    anna.ask()
    anna.letters()

    [file] = anna.house.parts.settings.letters_folder.glob("*.eml")
    assert b"List-Unsubscribe" not in file.read_bytes()


def test_opening_pages_changes_nothing(anna):
    """
    Mail programs open every link they see, often twice.
    """
    anna.subscribe()
    anna.ask(DATES)
    confirm = anna.follow("/api/newsletter/confirm")
    leave = anna.link()
    addresses = [confirm, confirm.replace("/confirm", "/refuse"), leave]
    for address in [*addresses, leave.replace("/leave/", "/preferences/")] * 2:
        assert anna.get(address).status_code == 200
        assert anna.browser.head(address, base_url=SITE).status_code == 200

    assert anna.states() == {LETTER: "active", DATES: "pending"}


def test_it_was_not_me_and_nothing_stays(anna):
    anna.ask()
    token = anna.token()
    page = anna.get(f"/api/newsletter/refuse?token={token}").text
    assert page.count("<button") == 1

    answer = anna.post("/api/newsletter/refuse", token=token)

    assert "Abbiamo cancellato la richiesta" in answer.text
    assert anna.states() == {}
    assert anna.house.query("lock_reader_of_email", livemode=0, email=anna.email) is None
    assert anna.get(f"/api/newsletter/confirm?token={token}").status_code == 410
    assert anna.post("/api/newsletter/refuse", token=token).status_code == 200


def test_it_was_not_me_after_a_yes_ends_what_was_confirmed(anna):
    """
    Somebody pressed the first button by mistake, or for somebody else: the second one undoes it.
    """
    anna.ask()
    token = anna.token()
    anna.post("/api/newsletter/confirm", token=token, topic=LETTER)
    assert anna.states() == {LETTER: "active"}

    answer = anna.post("/api/newsletter/refuse", token=token)

    assert "Non riceverai nulla" in answer.text
    assert anna.states() == {LETTER: "left"}


def test_nobody_confirms_and_the_worker_forgets_after_a_week(anna):
    anna.ask()
    house, parts = anna.house, anna.house.parts

    def tidy(later):
        with parts.store.transaction() as books:
            readers = Readers(books, livemode=0, now=parts.clock() + later, new_id=parts.new_id)
            return readers.tidy()

    assert tidy(timedelta(days=6, hours=23)) == 0
    assert tidy(timedelta(days=7)) == 1
    assert house.query("lock_reader_of_email", livemode=0, email=anna.email) is None


def test_worker_tidies_by_itself(anna):
    anna.ask()
    worker = anna.house.parts.worker
    worker.run_once()
    assert anna.states() == {LETTER: "pending"}
    now = anna.house.parts.clock()
    worker._clock = lambda: now + timedelta(days=8)

    worker.run_once()

    assert anna.states() == {}


def test_answer_tells_nothing_about_an_address(anna):
    """
    To the byte, with the same headers: unknown, waiting, reading, gone.
    """
    anna.subscribe()
    known = anna.ask()
    anna.post(anna.link())
    left = anna.ask()
    waiting = anna.ask()
    unknown = anna.ask(email="nessuno@example.org")

    answers = [known, left, waiting, unknown]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len({str(dict(answer.headers)) for answer in answers}) == 1


def test_way_to_the_choices_tells_nothing_about_an_address(anna):
    anna.subscribe()

    known = anna.post("/api/newsletter/preferences", email=anna.email)
    unknown = anna.post("/api/newsletter/preferences", email="nessuno@example.org")

    assert known.text == unknown.text
    assert len(anna.letters("La pagina delle tue lettere")) == 1
    assert Person(anna.house, "nessuno@example.org").letters() == []


def test_who_reads_already_is_told_by_letter(anna):
    """
    They typed their address because something does not arrive: silence would not help.
    """
    anna.subscribe()
    anna.ask()

    [letter] = anna.letters("Sei già tra chi riceve")
    assert "Non è cambiato nulla" in " ".join(letter.text.split())
    assert anna.states() == {LETTER: "active"}


def test_address_is_one_with_any_capitals(anna):
    anna.subscribe()
    anna.ask(email="Anna@Example.ORG")

    assert anna.states() == {LETTER: "active"}


def test_one_click_works_as_mail_programs_press_it(anna):
    """
    RFC 8058: a form, urlencoded or multipart, from anywhere, without cookie, repeated.
    """
    anna.subscribe(LETTER, DATES)
    leave = anna.link()
    elsewhere = {"Origin": "https://mail.example.com", "Sec-Fetch-Site": "cross-site"}
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        answer = anna.browser.post(
            leave,
            data={"List-Unsubscribe": "One-Click"},
            content_type=content_type,
            headers=elsewhere,
            base_url=SITE,
        )
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert anna.states() == {LETTER: "left", DATES: "left"}


def test_leaving_is_by_topic(anna):
    """
    The link of an issue is about its topic; the other letters go on.
    """
    anna.subscribe(LETTER, DATES)
    all_of_it = anna.link().rpartition("/")[2]
    with anna.house.parts.store.transaction() as books:
        key = read_key(books, livemode=0, new_token=lambda: "another key")
        reader = read_link(key, all_of_it).reader
    token = write_link(key, ReaderLink(reader, DATES))
    page = anna.get(f"/api/newsletter/leave/{token}").text

    assert page.count("<button") == 1
    assert "a…@example.org non riceverà più «Gli appuntamenti»" in page
    assert "anna@" not in page
    anna.post(f"/api/newsletter/leave/{token}")
    assert anna.states() == {LETTER: "active", DATES: "left"}


def test_way_back_asks_for_a_new_yes(anna):
    """
    A friend who got the letter forwarded can neither leave for good nor come back for somebody.
    """
    anna.subscribe()
    page = anna.post(anna.link()).text
    assert "torna dentro" in page

    answer = anna.post(anna.link("return"))

    assert "guarda la posta" in answer.text
    assert anna.states() == {LETTER: "pending"}
    anna.post("/api/newsletter/confirm", token=anna.token(), topic=LETTER)
    assert anna.states() == {LETTER: "active"}


def test_choices_leave_at_once_and_join_by_letter(anna):
    anna.subscribe()
    choices = anna.link("preferences")

    answer = anna.post(choices, topic=DATES)

    assert "Guarda la posta" in answer.text
    assert anna.states() == {LETTER: "left", DATES: "pending"}
    anna.post("/api/newsletter/confirm", token=anna.token(), topic=[DATES])
    assert anna.states() == {LETTER: "left", DATES: "active"}
    assert "Fatto: abbiamo salvato" in anna.post(choices).text
    assert anna.states() == {LETTER: "left", DATES: "left"}


def test_link_that_is_not_ours_opens_nothing(anna):
    anna.subscribe()
    leave = anna.link()
    for broken in (
        leave[:-1],
        f"{leave[:-1]}x",
        leave.replace(".", "-"),
        "/api/newsletter/leave/x",
    ):
        assert anna.get(broken).status_code == 404
        assert anna.post(broken).status_code == 404
    other = Person(anna.house, "bruno@example.org")
    other.subscribe()
    forged = f"{leave.rpartition('/')[0]}/{other.link().rpartition('/')[2][:32]}.{leave[-33:]}"

    assert anna.post(forged).status_code == 404
    assert (anna.states(), other.states()) == ({LETTER: "active"}, {LETTER: "active"})


def test_link_goes_on_working_after_everything_was_forgotten(anna):
    """
    The mail program that presses the button of an old letter is not told of an error.
    """
    anna.subscribe()
    leave = anna.link()
    with anna.house.parts.store.transaction() as books:
        Readers(books, livemode=0, now=anna.house.clock(), new_id=anna.house.parts.new_id).forget(
            anna.email
        )

    assert anna.post(leave).status_code == 200
    assert anna.get(leave).status_code == 404


def test_form_without_topic_or_address_comes_back_with_what_was_typed(anna):
    answer = anna.post("/api/newsletter", email="anna", topic=DATES, wording=LATEST)
    assert answer.status_code == 422
    assert "Questa e-mail non sembra completa" in answer.text
    assert 'value="anna"' in answer.text
    assert 'value="appuntamenti" checked' in answer.text

    answer = anna.post("/api/newsletter", email=anna.email, wording=LATEST, topic="calcio")
    assert answer.status_code == 422
    assert "Scegli che cosa ricevere." in answer.text


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"website": "https://spam.example"}, {}),
        ({"wording": "1999-01"}, {}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_programs_and_other_sites_are_asked_once_more(anna, fields, headers):
    answer = anna.ask(**fields, headers=headers)

    assert answer.status_code == 422
    assert "Non abbiamo ancora preso nota" in answer.text
    assert anna.states() == {}


def test_address_gets_three_letters_an_hour_and_the_answer_stays_the_same(anna):
    answers = {anna.ask().text for _ in range(6)}

    assert len(answers) == 1
    assert len(anna.letters()) == 3


def test_network_that_asks_for_many_is_asked_for_a_page_and_then_to_wait(house):
    """
    The fifth letter from one school still goes; then the page has to be opened; then an hour.
    """
    house.parts.settings = replace(house.parts.settings, trusted_proxies=1)
    crowd = [Person(house, f"person{number}@example.org") for number in range(32)]
    school = {"X-Forwarded-For": "93.184.216.34"}

    assert [person.ask(headers=school).status_code for person in crowd[:6]] == [200] * 5 + [422]
    opened = house.parts.clock() - timedelta(seconds=5)
    token = write_token(house.parts.form_secret, page=house.parts.new_id(), now=opened)
    answers = [person.ask(headers=school, form_token=token).status_code for person in crowd[6:]]
    assert answers == [200] * 24 + [429] * 2


def test_donor_who_ticked_the_newsletter_comes_to_the_same_door(house):
    """
    Only once the money is here, and only once: renewals do not ask again.
    """
    anna = Person(house)
    session_id = house.give(frequency="month", consent_newsletter="1", consent_wording="2026-11")
    assert anna.states() == {}
    subscription = house.sandbox.pay_by_card(session_id)["subscription"]
    house.look("checkout.session", session_id)
    house.sandbox.renew(subscription)
    for invoice in house.sandbox.account.store.all("invoice"):
        house.look("invoice", invoice["id"])

    assert anna.states() == {LETTER: "pending"}
    assert len(anna.letters("Conferma")) == 1
    anna.post("/api/newsletter/confirm", token=anna.token(), topic=LETTER)
    [row] = house.query("subscriptions_of_email", livemode=0, email=anna.email)
    assert (row["state"], row["place"]) == ("active", "gift")


def give_by_debit(house):
    """A gift with the box ticked, whose debit has still to settle."""
    session_id = house.give(consent_newsletter="1", consent_wording="2026-11")
    house.sandbox.pay_by_sepa(session_id)
    house.look("checkout.session", session_id)
    return session_id


def test_donor_who_unticks_before_the_debit_settles_is_not_asked(house):
    session_id = give_by_debit(house)
    donor, anna = Donor(house), Person(house)
    donor.come_in()
    donor.send("/api/area/consents")

    house.sandbox.settle(session_id)
    house.look("checkout.session", session_id)

    assert anna.states() == {}
    assert anna.letters("Conferma") == []


def test_reader_who_leaves_before_the_debit_settles_is_not_asked(house):
    anna = Person(house)
    anna.subscribe()
    session_id = give_by_debit(house)
    anna.post(anna.link())
    letters = len(anna.letters("Conferma"))

    house.sandbox.settle(session_id)
    house.look("checkout.session", session_id)

    assert anna.states() == {LETTER: "left"}
    assert len(anna.letters("Conferma")) == letters


def test_no_said_before_a_gift_does_not_undo_its_yes(house):
    donor, anna = Donor(house), Person(house)
    session_id = give_by_debit(house)
    donor.come_in()
    donor.send("/api/area/consents")

    later = give_by_debit(house)
    for one in (session_id, later):
        house.sandbox.settle(one)
        house.look("checkout.session", one)

    assert anna.states() == {LETTER: "pending"}
    assert len(anna.letters("Conferma")) == 1


def test_donor_who_did_not_tick_is_not_asked(house):
    house.sandbox.pay_by_card(session_id := house.give())
    house.look("checkout.session", session_id)

    assert states(house) == {}


def test_leaving_never_stops_letters_about_gifts(house):
    anna = Person(house)
    anna.subscribe()
    anna.post(anna.link())
    house.sandbox.pay_by_card(session_id := house.give())
    house.look("checkout.session", session_id)

    assert len(anna.letters("è arrivato")) == 1
    assert anna.states() == {LETTER: "left"}


def test_address_the_server_refuses_is_forgotten_and_nobody_has_to_look(anna):
    """
    Somebody mistyped: there is no one to tell, and the doctor stays silent.
    """

    class Refusing:
        def send(self, letter, message_id):
            raise MailRefused("550 no such user", temporary=False)

    anna.ask()
    anna.house.parts.worker._mailer = Refusing
    anna.house.parts.worker.run_once()

    assert anna.states() == {}
    assert examine(anna.house.parts) == []


def test_area_and_newsletter_say_the_same(house):
    """
    Ticked in the area, confirmed by letter, left by a letter: the box follows.
    """
    house.sandbox.pay_by_card(session_id := house.give())
    house.look("checkout.session", session_id)
    donor, anna = Donor(house), Person(house)
    donor.come_in()

    donor.send("/api/area/consents", consent_newsletter="1")
    assert "comincia quando confermi dalla lettera" in donor.get("/api/area").text
    anna.post("/api/newsletter/confirm", token=anna.token(), topic=LETTER)
    page = donor.get("/api/area").text
    assert 'name="consent_newsletter" value="1" checked' in page
    assert "comincia quando confermi" not in page
    anna.post(anna.link())
    assert 'name="consent_newsletter" value="1" checked' not in donor.get("/api/area").text


def test_unticking_in_the_area_leaves_at_once(house):
    house.sandbox.pay_by_card(session_id := house.give())
    house.look("checkout.session", session_id)
    donor, anna = Donor(house), Person(house)
    donor.come_in()
    anna.subscribe(LETTER, DATES)

    donor.send("/api/area/consents")

    assert anna.states() == {LETTER: "left", DATES: "active"}


def test_proof_of_who_left_is_forgotten_after_a_year(anna):
    """
    And with it the address, and who got what: nothing of the person stays.
    """
    anna.subscribe()
    anna.post(anna.link())
    parts = anna.house.parts
    for later, states in ((364, {LETTER: "left"}), (366, {})):
        with parts.store.transaction() as books:
            now = parts.clock() + timedelta(days=later)
            Readers(books, livemode=0, now=now, new_id=parts.new_id).tidy()
        assert anna.states() == states

    with parts.store.transaction() as books:
        tables = ["reader", "subscription", "outbox", "access", "bounce"]
        rows = [list(books._connection.execute(f"select * from {table}")) for table in tables]
    assert rows == [[], [], [], [], []]


def test_letters_to_readers_say_the_same_in_both_parts():
    """
    Strict HTML, no image, one link, and no money in them.
    """
    for kind in ("opt_in", "already_in", "preferences"):
        facts = ReaderFacts(
            email="anna@example.org",
            titles=("La lettera", "Gli appuntamenti"),
            url="https://dona.example.org/api/newsletter/confirm?token=x",
            livemode=True,
        )
        letter = write_letter(kind, facts)
        document = JustHTML(letter.html, sanitize=False, strict=True)

        assert [link.attrs["href"] for link in document.query("a")] == [facts.url]
        assert document.query("img") == []
        assert "«La lettera» e «Gli appuntamenti»" in " ".join(letter.text.split())
        assert f"[1] {facts.url}" in letter.text
        assert letter.headers == ()
        assert "€" not in letter.text


def test_what_was_counted_is_forgotten_after_a_week(anna):
    """
    Also where nobody ever gives: the fingerprints of who asked must not stay.
    """
    anna.ask()
    worker = anna.house.parts.worker
    now = anna.house.parts.clock()
    worker._clock = lambda: now + timedelta(days=9)

    worker.run_once()

    with anna.house.parts.store.transaction() as books:
        kinds = [row["kind"] for row in books._connection.execute("select kind from attempt")]
    assert [kind for kind in kinds if kind.startswith("reader")] == []


def test_doctor_tells_of_wishes_nobody_forgot(anna):
    anna.ask()
    parts = anna.house.parts
    now = parts.clock() + timedelta(days=9)
    with parts.store.transaction() as books:
        [finding] = examine_newsletter(books, 0, now=now)

    assert "un indirizzo di chi non ha mai confermato" in finding
