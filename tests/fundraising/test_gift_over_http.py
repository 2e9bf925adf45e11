"""One gift, end to end, over real HTTP: browser, Stripe's stand-in and our server."""

import http.client
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from fundraising.bootstrap import bootstrap
from fundraising.clock import utc_now
from fundraising.doctor import examine
from fundraising.stripe_gateway.setup import NEWS
from tests.fundraising.conftest import a_form

ANNA = a_form()


class Visitor:
    """Follows no redirect by itself, so that a test sees each step."""

    def __init__(self, server):
        self.server = server
        self._opener = urllib.request.build_opener(_Stay())

    def get(self, address):
        return self._open(urllib.request.Request(self._absolute(address)))

    def post(self, address, fields):
        body = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self._absolute(address), data=body))

    def _absolute(self, address):
        return address if address.startswith("http") else self.server.url + address

    def _open(self, request):
        try:
            answer = self._opener.open(request, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, dict(answer.headers), answer.read().decode("utf-8", "replace")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@pytest.fixture(params=["thin", "snapshot"])
def server(request, database, serve, tmp_path):
    totals = str(tmp_path / "totals.json")
    server = serve(database(), event_style=request.param, TOTALS_FILE=totals)
    yield server
    server.close()


@pytest.fixture
def visitor(server):
    return Visitor(server)


def until(what, seconds=20):
    """Wait for the notification and the worker, which have threads of their own."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def query(server, name, **parameters):
    with server.parts.store.transaction() as books:
        return getattr(books, name)(**parameters)


def donate(visitor, **changes):
    _status, _headers, form = visitor.get("/api/donate?campaign=tetto")
    token = re.search('name="form_token" value="(.*?)"', form)[1]
    status, headers, _page = visitor.post("/api/donate", ANNA | {"form_token": token} | changes)
    assert status == 303
    return headers["Location"], re.search("cs_test_[a-z0-9]+", headers["Location"])[0]


def letters(server):
    return [row for row in query(server, "all_letters") if row["state"] == "sent"]


def test_card_gift_ends_in_balanced_books_a_receipt_and_a_letter(server, visitor):
    """
    No thank-you page is opened: the notification alone does it all.
    """
    checkout, session_id = donate(visitor)
    status, _headers, page = visitor.get(checkout)
    assert status == 200
    assert "PROVA: nessun addebito" in page

    server.parts.sandbox.pay_by_card(session_id)
    until(lambda: letters(server))

    postings = {row["account"]: row["amount_cents"] for row in query(server, "all_postings")}
    assert postings == {
        "Assets:Stripe": 24_37,
        "Expenses:Fees:Stripe": 63,
        "Income:Donations": -25_00,
    }
    [receipt] = query(server, "all_receipts")
    assert (receipt["number"], receipt["amount_cents"]) == (1, 25_00)
    _status, _headers, mailbox = visitor.get("/api/mailbox")
    name = re.search('/api/mailbox/([^"]+)"', mailbox)[1]
    assert "25,00\u00a0€" in visitor.get(f"/api/mailbox/{name}")[2]
    status, headers, _pdf = visitor.get(f"/api/mailbox/{name}/1")
    assert (status, headers["Content-Type"]) == (200, "application/pdf")
    assert visitor.get(f"/api/mailbox/{name}/html")[0] == 200
    assert visitor.get(f"/api/mailbox/{name}/2")[0] == 404
    totals = json.loads(visitor.get("/api/totals.json")[2])
    assert totals["campaigns"]["tetto"]["confirmed_cents"] == 25_00
    until(lambda: query(server, "count_notifications")["waiting"] == 0)
    assert examine(server.parts) == []


@pytest.mark.parametrize("address", ["/api/area", "/api/newsletter/preferences"])
def test_letter_that_does_not_leave_can_be_found(visitor, address):
    """
    In a rehearsal «look at your mail» alone would send somebody to an empty mailbox.
    """
    _status, _headers, page = visitor.post(address, {"email": "anna@example.org"})

    assert '<a href="/api/mailbox">Leggila nella posta di questa prova</a>' in page


def test_page_of_a_letter_says_once_that_it_is_a_rehearsal(server, visitor):
    """
    The letter's subject says so already; a tab has room for little.
    """
    _checkout, session_id = donate(visitor)
    server.parts.sandbox.pay_by_card(session_id)
    until(lambda: letters(server))

    _status, _headers, mailbox = visitor.get("/api/mailbox")
    _status, _headers, page = visitor.get(re.search('/api/mailbox/[^"]+', mailbox)[0])

    [title] = re.findall("<title>(.*)</title>", page)
    assert title.startswith("PROVA: nessun addebito – Il tuo dono di 25,00")
    assert title.count("PROVA") == 1
    assert mailbox.count("<title>PROVA: nessun addebito – La posta della prova") == 1


def test_debit_is_pending_until_it_settles(server, visitor):
    _checkout, session_id = donate(visitor)
    server.parts.sandbox.pay_by_sepa(session_id)
    until(lambda: [row["kind"] for row in letters(server)] == ["pending"])
    totals = json.loads(visitor.get("/api/totals.json")[2])
    assert totals["total"] == {
        "gifts": 0, "confirmed_cents": 0, "pending_cents": 25_00, "costs_cents": 0,
    }  # fmt: skip

    server.parts.sandbox.settle(session_id)
    until(lambda: [row["kind"] for row in letters(server)] == ["pending", "paid"])

    totals = json.loads(visitor.get("/api/totals.json")[2])
    assert totals["total"] == {
        "gifts": 1, "confirmed_cents": 25_00, "pending_cents": 0, "costs_cents": 35,
    }  # fmt: skip


def test_notifications_lost_doubled_and_late_change_nothing(server, visitor):
    """
    The thank-you page alone completes a gift whose notifications were lost.
    """
    server.parts.sandbox.faults.drop(50)
    _checkout, lost = donate(visitor)
    server.parts.sandbox.pay_by_card(lost)
    _status, _headers, page = visitor.get(f"/api/thanks?session_id={lost}")
    assert "La tua donazione è arrivata" in page

    server.parts.sandbox.faults.clear()
    server.parts.sandbox.faults.duplicate(20)
    server.parts.sandbox.faults.reorder(20)
    _checkout, doubled = donate(visitor, email="bruno@example.org")
    server.parts.sandbox.pay_by_card(doubled)
    until(lambda: len(letters(server)) == 2)

    assert [row["number"] for row in query(server, "all_receipts")] == [1, 2]
    assert len(query(server, "all_postings")) == 6
    assert examine_quietly(server) == []


def examine_quietly(server):
    """Look once the worker has nothing left to answer."""
    until(lambda: query(server, "count_notifications")["waiting"] == 0)
    return examine(server.parts)


def test_declined_card_moves_nothing(server, visitor):
    _checkout, session_id = donate(visitor)
    server.parts.sandbox.decline_card(session_id)
    _status, _headers, page = visitor.get(f"/api/thanks?session_id={session_id}")

    assert "Non abbiamo addebitato nulla" in page
    assert query(server, "all_postings") == []


@pytest.mark.parametrize("frequency", ["once", "month"])
def test_declined_card_leaves_nothing_to_look_at(server, visitor, frequency):
    """
    A rehearsal rings for what the prepared account would ring for, and for nothing else.
    """
    _checkout, session_id = donate(visitor, frequency=frequency)
    server.parts.sandbox.decline_card(session_id)
    until(lambda: {one["state"] for one in server.parts.sandbox.notifier.recent()} == {"delivered"})

    assert examine_quietly(server) == []
    rung = {one["type"] for one in server.parts.sandbox.notifier.recent()}
    assert rung <= set(NEWS)


def test_bodies_over_the_wire_are_refused_whole(server):
    """
    Chunked, too large or cut short: an answer, or a closed door, never a traceback.
    """
    for headers, body, statuses in (
        ({"Transfer-Encoding": "chunked"}, b"5\r\nhello\r\n0\r\n\r\n", {400}),
        ({"Content-Length": "5"}, b"hello", {400}),
        ({"Content-Length": str(600 * 1024)}, b"x" * 600 * 1024, {413}),
        ({"Content-Length": "-5"}, b"", {400}),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.putrequest("POST", "/api/stripe/webhook")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body)
        answer = connection.getresponse()
        assert answer.status in statuses
        assert b"Traceback" not in answer.read()
        connection.close()


def test_second_process_over_the_same_rehearsal_agrees(server, visitor):
    """
    Doctor is another process: it opens the same books and the same sandbox.
    """
    _checkout, session_id = donate(visitor)
    server.parts.sandbox.pay_by_card(session_id)
    until(lambda: letters(server))
    until(lambda: query(server, "count_notifications")["waiting"] == 0)
    second = bootstrap(server.parts.settings, clock=utc_now)

    assert examine(second) == []
    second.close()
