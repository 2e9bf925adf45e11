"""The defences: donors pass, programs do not, and nobody is told anything but the truth."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraising.defences import Budget, Defences, Limits, Reason, Verdict, Visit
from fundraising.doctor import examine
from fundraising.form_token import FormToken, intent_ids, read_token, write_token
from fundraising.visitor import comes_from_elsewhere, visitor_network
from tests.fundraising.conftest import a_form

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = b"a secret of thirty-two characters"
PAGE = "0123456789abcdef" * 2
TIGHT = Limits(
    network=Budget(3, 6), email=Budget(3, 6), page=Budget(3, 6), site=Budget(10, 15),
    failed_payments=2,
)  # fmt: skip
READ = FormToken(PAGE, timedelta(seconds=40))


class SetClock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now

    def advance(self, **delta):
        self.now += timedelta(**delta)


@pytest.fixture
def defences(store):
    salts = iter(f"salt {number}" for number in range(1000))
    return Defences(store, livemode=False, new_salt=lambda: next(salts), limits=TIGHT)


def a_visit(**changes):
    plain = {"network": "151.38.7.0/24", "email": "anna@example.org", "token": None}
    return Visit(**plain | changes)


def strangers(count):
    """Visits that have nothing in common."""
    return [
        a_visit(network=f"151.{number}.7.0/24", email=f"{number}@example.org")
        for number in range(count)
    ]


def count_all(store, table):
    with store.transaction() as books:
        return [dict(row) for row in books._connection.execute(f"select * from {table}")]


def test_donor_in_quiet_times_notices_nothing(defences):
    decision = defences.judge(a_visit(), now=NOON)

    assert decision.verdict is Verdict.ADMIT
    assert not decision.shield


@pytest.mark.parametrize(
    ("oddity", "reason"),
    [({"from_elsewhere": True}, Reason.ELSEWHERE), ({"trapped": True}, Reason.TRAP)],
)
def test_odd_sender_sees_the_form_again_and_it_is_counted(defences, oddity, reason):
    decision = defences.judge(a_visit(**oddity), now=NOON)

    assert (decision.verdict, decision.reason) == (Verdict.ASK_AGAIN, reason)
    assert defences.watch(now=NOON).turned_away == {reason: 1}
    assert defences.watch(now=NOON).opened == 0


@pytest.mark.parametrize(
    ("same", "reason"),
    [
        ({"network": "151.38.7.0/24"}, Reason.NETWORK),
        ({"email": "anna@example.org"}, Reason.EMAIL),
    ],
)
def test_budget_first_asks_again_and_then_says_later(defences, same, reason):
    """
    Three go through; then a page's token is needed; after six nothing helps for an hour.
    """
    without = [defences.judge(visit_with(same, one), now=NOON) for one in strangers(4)]
    with_token = [
        defences.judge(visit_with(same, one, READ), now=NOON + timedelta(minutes=1))
        for one in strangers(3)
    ]
    later = defences.judge(visit_with(same, strangers(1)[0]), now=NOON + timedelta(hours=1))

    assert [one.verdict for one in without] == ["admit", "admit", "admit", "ask_again"]
    assert [one.verdict for one in with_token] == ["admit", "admit", "too_many"]
    assert with_token[-1].reason is reason
    assert later.verdict is Verdict.ADMIT


def visit_with(same, stranger, token=None):
    """A stranger's visit that has one thing in common with others; each page is another one."""
    if token:
        page = stranger.email.partition("@")[0].zfill(32)
        token = FormToken(page, token.age)
    plain = {"network": stranger.network, "email": stranger.email, "token": token}
    return Visit(**plain | same)


def test_capital_letters_do_not_make_another_donor(defences):
    for email in ("anna@example.org", "Anna@example.org", "ANNA@EXAMPLE.ORG"):
        defences.judge(a_visit(email=email, network=None), now=NOON)
    decision = defences.judge(a_visit(network=None), now=NOON)

    assert decision.reason is Reason.EMAIL


def test_one_page_cannot_be_sent_for_ever(defences):
    decisions = [
        defences.judge(a_visit(network=None, email=f"{number}@example.org", token=READ), now=NOON)
        for number in range(7)
    ]

    assert [one.verdict for one in decisions] == ["admit"] * 6 + ["too_many"]
    assert decisions[-1].reason is Reason.PAGE


def test_shield_goes_up_by_itself_and_comes_down_by_itself(defences):
    for visit in strangers(11):
        defences.judge(visit, now=NOON)
    stranger = a_visit(network="93.40.1.0/24", email="bruno@example.org")

    during = defences.judge(stranger, now=NOON + timedelta(minutes=59))
    with_token = defences.judge(
        a_visit(network="93.40.1.0/24", email="b@example.org", token=READ),
        now=NOON + timedelta(minutes=59),
    )
    after = defences.judge(stranger, now=NOON + timedelta(hours=2))

    assert (during.verdict, during.reason) == (Verdict.ASK_AGAIN, Reason.SHIELD)
    assert (with_token.verdict, with_token.shield) == (Verdict.ADMIT, True)
    assert (after.verdict, after.shield) == (Verdict.ADMIT, False)


def test_form_sent_faster_than_anybody_reads_is_asked_again_under_the_shield(defences):
    for visit in strangers(11):
        defences.judge(visit, now=NOON)
    quick = FormToken(PAGE, timedelta(seconds=1))

    assert defences.judge(a_visit(token=quick), now=NOON).reason is Reason.SHIELD


def test_refused_cards_raise_the_shield(defences, store):
    """
    Who tests cards gets past the form; what Stripe refuses tells on them.
    """
    with store.transaction() as books:
        for number in range(3):
            books.receive_notification(
                id=f"evt_{number}", livemode=0, type="payment_intent.payment_failed",
                object_kind="payment_intent", object_id=f"pi_{number}",
                received_at=NOON.isoformat(timespec="microseconds"),
            )  # fmt: skip

    assert defences.watch(now=NOON + timedelta(minutes=5)).shield
    assert not defences.watch(now=NOON + timedelta(minutes=61)).shield


def test_flood_without_tokens_does_not_use_up_what_donors_need(defences):
    """
    Under the shield a thousand posts by a program leave the site's budget as it was.
    """
    for visit in strangers(11):
        defences.judge(visit, now=NOON)
    before = defences.watch(now=NOON).opened
    for visit in strangers(30):
        defences.judge(visit, now=NOON)

    assert defences.watch(now=NOON).opened == before
    donor = a_visit(network="93.40.1.0/24", email="carla@example.org", token=READ)
    assert defences.judge(donor, now=NOON).verdict is Verdict.ADMIT


def test_nobody_can_be_found_in_the_counters(defences, store):
    defences.judge(a_visit(token=READ), now=NOON)
    text = str(count_all(store, "attempt"))

    for secret in ("anna", "151.38", PAGE):
        assert secret not in text


def test_salt_is_thrown_away_with_its_day_and_counters_after_a_week(defences, store):
    defences.judge(a_visit(), now=NOON)
    defences.judge(a_visit(), now=NOON + timedelta(days=1))
    salts = [row["day"] for row in count_all(store, "attempt_salt")]
    defences.judge(a_visit(), now=NOON + timedelta(days=9))
    hours = {row["hour"] for row in count_all(store, "attempt")}

    assert salts == ["2026-11-23"]
    assert hours == {"2026-12-01T12"}


def test_same_visitor_has_another_name_every_day(defences, store):
    for days in (0, 1):
        defences.judge(a_visit(network=None), now=NOON + timedelta(days=days))
    subjects = [row["subject"] for row in count_all(store, "attempt") if row["kind"] == "email"]

    assert len(set(subjects)) == 2


def test_counters_that_cannot_be_read_stop_nobody(defences, store, caplog):
    with store.transaction() as books:
        books._connection.execute("drop table attempt")
    decision = defences.judge(a_visit(), now=NOON)

    assert (decision.verdict, decision.shield) == (Verdict.ADMIT, True)
    assert "out of order" in caplog.text


def test_two_at_once_are_both_counted(defences, store):
    """
    Whoever comes at the same moment waits for the other's counter, and nobody deadlocks.
    """
    verdicts = []
    visits = [a_visit(network=None, email=f"{number % 2}@example.org") for number in range(8)]
    threads = [
        threading.Thread(
            target=lambda visit=visit: verdicts.append(defences.judge(visit, now=NOON).verdict)
        )
        for visit in visits
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(verdicts) == ["admit"] * 6 + ["ask_again"] * 2
    assert defences.watch(now=NOON).opened == 6


@given(
    secret=st.binary(min_size=1),
    page=st.text("0123456789abcdef", min_size=32, max_size=32),
    seconds=st.integers(0, 12 * 3600),
)
def test_token_comes_back_as_it_was_written(secret, page, seconds):
    token = write_token(secret, page=page, now=NOON)

    found = read_token(secret, token, now=NOON + timedelta(seconds=seconds))

    assert found == FormToken(page, timedelta(seconds=seconds))
    assert read_token(secret + b"x", token, now=NOON) is None


@pytest.mark.parametrize("text", ["", "x", "1.2.3", f"1795348800.{PAGE}.{'0' * 64}", "é" * 99])
def test_token_that_is_not_ours_is_no_token(text):
    assert read_token(SECRET, text, now=NOON) is None


def test_token_of_yesterday_is_no_token():
    token = write_token(SECRET, page=PAGE, now=NOON)

    assert read_token(SECRET, token, now=NOON + timedelta(hours=13)) is None


def test_same_form_is_the_same_intent_and_another_amount_is_another():
    typed = {"amount": ["25"], "email": ["anna@example.org"], "form_token": ["x"]}
    first = intent_ids(SECRET, typed, READ, now=NOON)

    assert intent_ids(SECRET, typed, READ, now=NOON + timedelta(hours=3)) == first
    assert intent_ids(SECRET, typed | {"amount": ["30"]}, READ, now=NOON) != first
    assert len(first) == 1
    assert re.fullmatch("[0-9a-f]{32}", first[0])


def test_without_a_token_a_form_is_the_same_for_about_a_minute():
    typed = {"amount": ["25"]}
    now, earlier = intent_ids(SECRET, typed, None, now=NOON)
    next_minute = intent_ids(SECRET, typed, None, now=NOON + timedelta(seconds=60))

    assert next_minute[1] == now
    assert earlier != now


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "network"),
    [
        ("151.38.7.9", "", 0, "151.38.7.0/24"),
        ("2a01:e11:2000:77:1::5", "", 0, "2a01:e11:2000:77::/64"),
        ("::ffff:151.38.7.9", "", 0, "151.38.7.0/24"),
        ("151.38.7.9", "8.8.8.8", 0, "151.38.7.0/24"),
        ("127.0.0.1", "151.38.7.9", 1, "151.38.7.0/24"),
        ("10.0.0.1", "8.8.8.8, 151.38.7.9", 1, "151.38.7.0/24"),
        ("10.0.0.1", "8.8.8.8, 151.38.7.9, 130.176.1.1", 2, "151.38.7.0/24"),
        ("151.38.7.9", "", 1, "151.38.7.0/24"),
        ("127.0.0.1", "151.38.7.9", 0, None),
        ("192.168.1.4", "", 0, None),
        ("", "", 0, None),
        ("127.0.0.1", "unknown", 1, None),
    ],
)
def test_network_is_what_our_own_proxies_saw(remote, forwarded, proxies, network):
    """
    The rest of the header is what the visitor wrote there.
    """
    assert visitor_network(remote, forwarded, trusted_proxies=proxies) == network


@pytest.mark.parametrize(
    ("origin", "referer", "fetch_site", "elsewhere"),
    [
        ("", "", "", False),
        ("https://dona.example.org", "", "same-origin", False),
        ("null", "", "same-origin", False),
        ("null", "", "", False),
        ("", "https://dona.example.org/campagne/tetto/", "", False),
        ("https://evil.example", "", "", True),
        ("https://dona.example.org.evil.example", "", "", True),
        ("null", "https://evil.example/", "", True),
        ("", "https://evil.example/", "", True),
        ("null", "", "cross-site", True),
        ("http://[", "", "", True),
        ("", "http://[", "", True),
    ],
)
def test_form_on_somebody_elses_page_is_noticed(origin, referer, fetch_site, elsewhere):
    found = comes_from_elsewhere(
        origin=origin,
        referer=referer,
        fetch_site=fetch_site,
        own_hosts=frozenset({"dona.example.org"}),
    )

    assert found is elsewhere


ANNA = a_form()


@pytest.fixture
def besieged(build_house):
    """A house with tight budgets, a clock to turn, and its shield up."""
    house = build_house(limits=TIGHT)
    house.clock = house.parts.clock = SetClock(house.clock())
    for visit in strangers(11):
        house.parts.defences.judge(visit, now=house.clock())
    return house


def token_in(answer):
    return re.search('name="form_token" value="(.*?)"', answer.text)[1]


def test_static_form_takes_one_step_in_quiet_times(build_house):
    """
    The site's own form is a file and can carry no token.
    """
    answer = build_house(limits=TIGHT).client.post("/api/donate", data=ANNA)

    assert answer.status_code == 303


def test_static_form_takes_one_step_more_under_the_shield(besieged):
    first = besieged.client.post("/api/donate", data=ANNA)
    besieged.clock.advance(seconds=10)
    second = besieged.client.post("/api/donate", data=ANNA | {"form_token": token_in(first)})

    assert first.status_code == 422
    assert first.text.index("non abbiamo addebitato nulla") < first.text.index("<form")
    assert 'value="anna@example.org"' in first.text
    assert second.status_code == 303


def test_payment_page_lives_half_an_hour_under_the_shield(besieged):
    form = besieged.client.get("/api/donate?campaign=tetto")
    besieged.clock.advance(seconds=10)
    answer = besieged.client.post("/api/donate", data=ANNA | {"form_token": token_in(form)})
    session_id = re.search("cs_test_[a-z0-9]+", answer.location)[0]
    session = besieged.sandbox.account.read("checkout.session", session_id)

    lives_seconds = session["expires_at"] - besieged.clock().timestamp()
    assert 30 * 60 <= lives_seconds <= 32 * 60


def test_too_many_requests_are_told_when_to_come_back(besieged):
    form = besieged.client.get("/api/donate?campaign=tetto")
    besieged.clock.advance(seconds=10)
    answers = [
        besieged.client.post(
            "/api/donate", data=ANNA | {"form_token": token_in(form), "amount": str(20 + number)}
        )
        for number in range(4)
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    assert answers[-1].headers["Retry-After"] == "3600"
    assert "non abbiamo addebitato nulla" in answers[-1].text


def test_trap_is_hidden_from_people_and_empty_the_next_time(build_house):
    house = build_house(limits=TIGHT)
    answer = house.client.post("/api/donate", data=ANNA | {"website": "https://spam.example"})

    assert answer.status_code == 422
    assert "<div hidden>" in answer.text
    assert "spam.example" not in answer.text


def test_double_click_leads_to_the_same_payment_page(house):
    """
    With the token of the page, or without one within a minute: one intent, one session.
    """
    form = house.client.get("/api/donate?campaign=tetto")
    for fields in (ANNA | {"form_token": token_in(form)}, ANNA):
        places = [house.client.post("/api/donate", data=fields).location for _ in range(2)]

        assert places[0] == places[1]
    assert len(count_all(house.parts.store, "intent")) == 2


def test_two_clicks_at_the_same_moment_are_one_gift(house):
    form = house.client.get("/api/donate?campaign=tetto")
    fields = ANNA | {"form_token": token_in(form)}
    places = []

    def click():
        places.append(house.client.post("/api/donate", data=fields).location)

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(places)) == 1
    assert len(count_all(house.parts.store, "intent")) == 1
    assert len(count_all(house.parts.store, "donor")) == 1


def test_same_form_after_paying_leads_to_the_thanks(house):
    """
    Going back and pressing again must not charge twice.
    """
    form = house.client.get("/api/donate?campaign=tetto")
    fields = ANNA | {"form_token": token_in(form)}
    place = house.client.post("/api/donate", data=fields).location
    session_id = re.search("cs_test_[a-z0-9]+", place)[0]
    house.sandbox.pay_by_card(session_id)

    again = house.client.post("/api/donate", data=fields)

    assert again.location == f"http://127.0.0.1:8000/api/thanks?session_id={session_id}"


def test_same_form_after_its_page_closed_opens_a_new_one(house):
    form = house.client.get("/api/donate?campaign=tetto")
    fields = ANNA | {"form_token": token_in(form)}
    place = house.client.post("/api/donate", data=fields).location
    house.sandbox.expire(re.search("cs_test_[a-z0-9]+", place)[0])

    again = house.client.post("/api/donate", data=fields)

    assert again.status_code == 303
    assert again.location != place


def test_form_sent_again_after_stripe_was_away_is_still_one_gift(house):
    form = house.client.get("/api/donate?campaign=tetto")
    fields = ANNA | {"form_token": token_in(form)}
    house.sandbox.faults.api_unavailable(10, how="refused")
    failed = house.client.post("/api/donate", data=fields)
    house.sandbox.faults.clear()
    again = house.client.post("/api/donate", data=fields)

    assert (failed.status_code, again.status_code) == (503, 303)
    assert len(count_all(house.parts.store, "intent")) == 1


def test_doctor_tells_that_the_shield_is_up(besieged):
    findings = examine(besieged.parts)

    assert any("difese: lo scudo è alzato" in finding for finding in findings)


def test_doctor_tells_that_the_counters_cannot_be_read(house):
    with house.parts.store.transaction() as books:
        books._connection.execute("drop table attempt")
    findings = examine(house.parts)

    assert any("difese: i contatori non si leggono" in finding for finding in findings)


def test_page_that_asks_for_a_yes_keeps_the_token_or_writes_one(besieged):
    """
    Under the shield a large gift from the site's own form is confirmed and then goes through.
    """
    asked = besieged.client.post("/api/donate", data=ANNA | {"amount": "700"})
    besieged.clock.advance(seconds=10)
    fields = ANNA | {"amount": "700", "confirmed": "70000", "form_token": token_in(asked)}
    answer = besieged.client.post("/api/donate", data=fields)

    assert asked.status_code == 200
    assert answer.status_code == 303


def test_server_behind_a_proxy_knows_networks_apart(database, serve):
    """
    The header has to arrive: a server may throw it away before we decide whether to believe it.
    """
    server = serve(database(), TRUSTED_PROXIES="1")
    try:
        request = urllib.request.Request(
            f"{server.url}/api/donate",
            urllib.parse.urlencode(ANNA | {"website": "filled in"}).encode(),
            {"X-Forwarded-For": "8.8.8.8, 151.38.7.9"},
        )
        with pytest.raises(urllib.error.HTTPError) as sent_back:
            urllib.request.urlopen(request, timeout=20)
        seen = server.parts.defences.watch(now=server.parts.clock())
        opener = urllib.request.build_opener(StayHere())
        request.data = urllib.parse.urlencode(ANNA).encode()
        with pytest.raises(urllib.error.HTTPError) as admitted:
            opener.open(request, timeout=20)
        counted = {row["kind"] for row in count_all(server.parts.store, "attempt")}
    finally:
        server.close()

    assert [one.value.code for one in (sent_back, admitted)] == [422, 303]
    assert seen.turned_away == {Reason.TRAP: 1}
    assert counted == {"network", "email", "site", "turned_away"}


class StayHere(urllib.request.HTTPRedirectHandler):
    """A redirect is the answer we look for."""

    def redirect_request(self, *args, **kwargs):
        return None
