"""An issue reaches everybody once, whatever the mail server, the power or the readers do."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from fundraising.delivery import Delivery, End
from fundraising.newsletter_issue import parse_issue
from fundraising.readers import Readers
from fundraising.sendings import AnotherText, NobodyReads, Tally, start_sending
from fundraising.smtp import SmtpMailer
from fundraising.subscriptions import Place
from tests.fundraising.conftest import SetClock
from tests.fundraising.mail_server import free_port
from tests.fundraising.newsletter_documents import a_document

SITE = "https://dona.example.org"
REPLY_TO = "redazione@example.org"


def an_issue(**changes):
    return parse_issue(json.dumps(a_document(**changes)).encode())


class Desk:
    """A list of readers and a way to send an issue to them; time passes by waiting."""

    def __init__(self, store, url, people=3):
        self.store, self.clock = store, SetClock()
        self.mailer = SmtpMailer(url, "Oltre <dona@example.org>", timeout_seconds=5)
        self.numbers = iter(range(1, 10_000))
        self.waited = 0.0
        for number in range(people):
            self.subscribe(f"lettore{number}@example.org")

    def new_id(self):
        return f"{next(self.numbers):032x}"

    def readers(self, books):
        return Readers(books, livemode=0, now=self.clock(), new_id=self.new_id)

    def subscribe(self, email, topic="newsletter"):
        with self.store.transaction() as books:
            readers = self.readers(books)
            readers.ask(email, [topic], wording="2026-11", place=Place.FORM)
            readers.confirm(books.lock_reader_of_email(livemode=0, email=email)["id"], [topic])

    def leave(self, email):
        with self.store.transaction() as books:
            self.readers(books).leave_by_address(email, "newsletter")

    def states(self):
        with self.store.transaction() as books:
            return Counter(row["state"] for row in books.all_readers(livemode=0))

    def start(self, issue=None, topic="newsletter"):
        return start_sending(
            self.store, issue or an_issue(), topic, livemode=0, now=self.clock(), new_id=self.new_id
        )

    def pause(self, seconds):
        self.waited += seconds
        self.clock.advance(seconds=seconds)
        return False

    def delivery(self, sending, pause=None, mailer=None):
        return Delivery(
            self.store,
            mailer or self.mailer,
            sending,
            site_url=SITE,
            reply_to=REPLY_TO,
            clock=self.clock,
            pause=pause or self.pause,
            new_id=self.new_id,
        )

    def send(self, *, per_minute=6000, batch=50, **changes):
        return self.delivery(self.start(), **changes).run(per_minute=per_minute, batch=batch)


@pytest.fixture
def desk(store, postmaster):
    return Desk(store, postmaster.url)


def once_each(people):
    return Counter({f"lettore{number}@example.org": 1 for number in range(people)})


def test_everybody_gets_it_once(desk, postmaster):
    done = desk.send()

    assert done.end is End.FINISHED
    assert done.tally == Tally(sent=3, refused=0, skipped=0, waiting=0)
    assert postmaster.reached == once_each(3)
    assert desk.send().tally == done.tally
    assert postmaster.reached == once_each(3)


def test_letter_says_how_to_leave_and_its_links_are_whole(desk, postmaster):
    """
    Two ways to leave in the header, one of them with one click; each reader has their own.
    """
    desk.send()

    tokens = set()
    for message in postmaster.accepted:
        one_click, by_mail = re.fullmatch(
            r"<(\S+)>, <(\S+)>", str(message["List-Unsubscribe"])
        ).groups()
        assert one_click.startswith(f"{SITE}/api/newsletter/leave/")
        assert by_mail == f"mailto:{REPLY_TO}?subject=Non%20mandatemi%20altre%20lettere"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["List-Id"] == "<newsletter.dona.example.org>"
        assert message["Reply-To"] == REPLY_TO
        assert message["Content-Language"] == "it"
        assert message["Subject"] == "PROVA – Si apre: prendete una sedia"
        for kind in ("plain", "html"):
            part = message.get_body((kind,)).get_content()
            assert one_click in part
            assert one_click.replace("/leave/", "/preferences/") in part
            assert ".invalid" not in part
        tokens.add(one_click)
    assert len(tokens) == 3


def test_header_to_leave_by_is_not_cut_or_encoded_on_the_wire(desk, tmp_path):
    """
    A long address folded by RFC 2047 would be one no mail program presses.
    """
    from fundraising.mailer import FolderMailer

    folder = FolderMailer(tmp_path, "dona@example.org")
    desk.send(mailer=folder)

    for file in tmp_path.glob("*.eml"):
        raw = file.read_bytes()
        assert re.search(
            rb"\r\nList-Unsubscribe: <https://\S+>,\r\n <mailto:\S+>\r\nList-Unsubscribe-Post: "
            rb"List-Unsubscribe=One-Click\r\n",
            raw,
        )


def test_who_confirmed_after_the_start_gets_the_next_one(desk, postmaster):
    sending = desk.start()
    desk.subscribe("nuova@example.org")
    desk.subscribe("altra@example.org", "appuntamenti")

    desk.delivery(sending).run(per_minute=6000, batch=50)

    assert postmaster.reached == once_each(3)


def test_who_leaves_meanwhile_gets_nothing_more(desk, postmaster):
    sending = desk.start()
    desk.leave("lettore1@example.org")

    done = desk.delivery(sending).run(per_minute=6000, batch=50)

    assert done.tally == Tally(sent=2, refused=0, skipped=1, waiting=0)
    assert "lettore1@example.org" not in postmaster.reached


def test_who_is_erased_meanwhile_gets_nothing_and_is_counted(desk, postmaster):
    sending = desk.start()
    with desk.store.transaction() as books:
        desk.readers(books).forget("lettore2@example.org")

    done = desk.delivery(sending).run(per_minute=6000, batch=50)

    assert done.tally == Tally(sent=2, refused=0, skipped=1, waiting=0)


def test_nobody_to_send_to_starts_nothing(store, postmaster):
    desk = Desk(store, postmaster.url, people=0)

    with pytest.raises(NobodyReads):
        desk.start()
    desk.subscribe("lettore0@example.org")
    desk.send()
    assert postmaster.reached == once_each(1)


def test_number_is_one_text(desk):
    desk.start()

    with pytest.raises(AnotherText):
        desk.start(an_issue(subject="Un altro titolo"))


def test_same_number_of_another_topic_is_another_issue(desk, postmaster):
    desk.subscribe("altra@example.org", "appuntamenti")
    desk.send()
    desk.delivery(desk.start(topic="appuntamenti")).run(per_minute=6000, batch=50)

    assert postmaster.reached == once_each(3) + Counter({"altra@example.org": 1})


def test_rate_is_kept_and_batches_share_a_connection(store, postmaster):
    """
    Seven letters at twelve a minute: six waits of five seconds. Three letters a connection.
    """
    desk = Desk(store, postmaster.url, people=7)
    desk.send(per_minute=12, batch=3)

    assert desk.waited == pytest.approx(30, abs=0.5)
    assert len(postmaster.sessions) == 3
    assert postmaster.reached == once_each(7)


def test_slow_server_is_waited_for(desk, postmaster):
    """
    An answer that takes longer than a connection may is no reason to send twice.
    """
    desk.mailer.timeout_seconds = 0.2
    postmaster.delay_seconds = 0.5

    assert desk.send().end is End.FINISHED
    assert postmaster.reached == once_each(3)


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_busy_server_is_asked_again(desk, postmaster, step):
    """
    Greylisting: the first try of everybody is refused for now, the second goes through.
    """
    tried = Counter()

    def answer(address):
        tried[address] += 1
        return "451 4.7.1 come back later" if tried[address] == 1 else "250 OK"

    setattr(postmaster, step, answer)
    done = desk.send()

    assert done.end is End.FINISHED
    assert postmaster.reached == once_each(3)
    assert desk.waited >= 55


def test_who_is_refused_for_now_for_long_does_not_hold_up_the_command(desk, postmaster):
    postmaster.rcpt = lambda address: "452 4.2.2 full" if "lettore1" in address else "250 OK"

    done = desk.send()

    assert done.end is End.LATER
    assert done.tally == Tally(sent=2, refused=0, skipped=0, waiting=1)
    assert done.last_refusal == "452 4.2.2 full"
    assert done.next_at > desk.clock()


def test_full_mailbox_is_given_up_after_three_days_and_stays_subscribed(desk, postmaster):
    postmaster.rcpt = lambda address: "452 4.2.2 full" if "lettore1" in address else "250 OK"
    desk.send()
    desk.clock.advance(days=3, hours=1)

    done = desk.send()

    assert done.tally == Tally(sent=2, refused=1, skipped=0, waiting=0)
    assert desk.states() == {"active": 3}


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "550 qui non abita"])
def test_mailbox_that_is_not_there_is_suppressed(desk, postmaster, answer):
    postmaster.rcpt = lambda address: answer if "lettore1" in address else "250 OK"

    done = desk.send()

    assert done.end is End.FINISHED
    assert done.tally == Tally(sent=2, refused=1, skipped=0, waiting=0)
    assert desk.states() == {"active": 2, "bounced": 1}


@pytest.mark.parametrize(
    ("step", "answer"),
    [("rcpt", "550 5.7.1 blocked"), ("data", "550 5.1.1 no such user"), ("data", "554 spam")],
)
def test_refusal_that_is_about_us_suppresses_nobody(desk, postmaster, step, answer):
    setattr(postmaster, step, lambda address: answer if "lettore1" in address else "250 OK")

    done = desk.send()

    assert done.tally == Tally(sent=2, refused=1, skipped=0, waiting=0)
    assert desk.states() == {"active": 3}


@pytest.mark.parametrize("people", [3, 12])
def test_server_that_refuses_everybody_stops_the_sending_and_nobody_is_lost(
    store, postmaster, people
):
    """
    Our address on a block list must not unsubscribe the whole list.
    """
    desk = Desk(store, postmaster.url, people=people)
    postmaster.rcpt = lambda address: "550 relay denied"
    done = desk.send()

    assert done.end is End.ALL_REFUSED
    assert done.last_refusal == "550 relay denied"
    assert done.tally.waiting == people
    assert desk.states() == {"active": people}
    postmaster.rcpt = lambda address: "250 OK"
    assert desk.send().end is End.FINISHED
    assert postmaster.reached == once_each(people)


def test_server_that_is_away_stops_the_sending(store, postmaster):
    desk = Desk(store, f"smtp://127.0.0.1:{free_port()}")
    done = desk.send()

    assert done.end is End.UNREACHABLE
    assert done.tally.waiting == 3
    assert desk.send(mailer=SmtpMailer(postmaster.url, "dona@example.org")).end is End.FINISHED
    assert postmaster.reached == once_each(3)


def test_address_that_fits_in_no_letter_stops_nobody_else(desk, postmaster):
    with desk.store.transaction() as books:
        books._connection.execute(
            "update reader set email = 'lettore1@@example.org' where email = 'lettore1@example.org'"
        )
    done = desk.send()

    assert done.end is End.FINISHED
    assert done.tally == Tally(sent=2, refused=1, skipped=0, waiting=0)


def test_password_that_is_not_taken_stops_the_sending(desk, postmaster):
    url = postmaster.url.replace("smtp://", "smtp://utente:parola@")
    done = desk.send(mailer=SmtpMailer(url, "dona@example.org"))

    assert done.end is End.UNREACHABLE
    assert done.tally.waiting == 3
    assert "password" in done.last_refusal


def test_stopping_ends_after_a_letter_and_resumes(desk, postmaster):
    sending = desk.start()
    done = desk.delivery(sending, pause=lambda seconds: len(postmaster.accepted) >= 2).run(
        per_minute=6000, batch=50
    )

    assert done.end is End.STOPPED
    assert done.tally == Tally(sent=2, refused=0, skipped=0, waiting=1)
    assert desk.send().end is End.FINISHED
    assert postmaster.reached == once_each(3)


class DyingServer:
    """Speaks just enough SMTP to die at a chosen moment of the second letter."""

    def __init__(self, moment):
        self.moment, self.received = moment, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self.listener.getsockname()[1]}"
        self.dead = False
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            with connection, connection.makefile("rwb") as line:
                self.talk(line)

    def say(self, line, text):
        line.write(f"{text}\r\n".encode())
        line.flush()

    def talk(self, line):
        self.say(line, "220 hello")
        while command := line.readline().decode().strip():
            dies = len(self.received) == 1 and not self.dead
            verb = command.split()[0].upper()
            if dies and verb == self.moment:
                self.dead = True
                return
            if verb == "QUIT":
                return self.say(line, "221 bye")
            if verb != "DATA":
                self.say(line, "250 OK")
                continue
            self.say(line, "354 go on")
            content = b""
            while not content.endswith(b"\r\n.\r\n"):
                content += line.readline()
            self.received.append(message_from_bytes(content, policy=policy.default))
            if dies and self.moment == "answer":
                self.dead = True
                return None
            self.say(line, "250 OK")


@pytest.mark.parametrize("moment", ["RCPT", "DATA"])
def test_server_that_dies_before_it_has_the_letter_gets_it_again(store, moment):
    server = DyingServer(moment)
    desk = Desk(store, server.url)
    done = desk.send()

    assert done.end is End.FINISHED
    assert Counter(str(message["To"]) for message in server.received) == once_each(3)


def test_letter_whose_answer_never_came_leaves_again_under_the_same_name(store):
    """
    The one moment nobody can tell apart: mail programs show two with one Message-ID as one.
    """
    server = DyingServer("answer")
    desk = Desk(store, server.url)
    done = desk.send()

    assert done.end is End.FINISHED
    reached = Counter(str(message["To"]) for message in server.received)
    assert sorted(reached.values()) == [1, 1, 2]
    assert len({str(message["Message-ID"]) for message in server.received}) == 3


def test_two_senders_at_once_share_the_work(store, database, postmaster):
    """
    Started together, they freeze one list and nobody gets two.
    """
    desk = Desk(store, postmaster.url, people=12)
    ends = []

    def send():
        sending = desk.start()
        delivery = desk.delivery(sending, pause=lambda seconds: time.sleep(0.001))
        ends.append(delivery.run(per_minute=6000, batch=5).end)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert ends == [End.FINISHED, End.FINISHED]
    assert postmaster.reached == once_each(12)


KILLED = """
    import sys
    from fundraising.delivery import Delivery
    from fundraising.smtp import SmtpMailer
    from fundraising.clock import utc_now
    from fundraising.store import open_store

    url, smtp, sending = sys.argv[1:]
    store = open_store(url)
    with store.transaction() as books:
        [row] = books.all_sendings(livemode=0)
    Delivery(
        store, SmtpMailer(smtp, "dona@example.org"), row, site_url="https://dona.example.org",
        reply_to="redazione@example.org", clock=utc_now, pause=lambda seconds: None,
        new_id=lambda: "0" * 32,
    ).run(per_minute=6000, batch=50)
"""


@pytest.mark.parametrize("moment", ["between", "before the answer"])
def test_killed_process_is_resumed_and_nobody_gets_two(database, postmaster, moment):
    """
    kill -9 while the third letter is on its way: if the server had not accepted it, it leaves
    once; if it had, once more under the same Message-ID. Nobody else hears of it.
    """
    from fundraising.clock import utc_now
    from fundraising.store import open_store

    url = database()
    with open_store(url) as store:
        desk = Desk(store, postmaster.url, people=6)
        desk.clock = utc_now
        sending = desk.start()
        held = threading.Event()
        loop_answer = "250 OK" if moment == "before the answer" else "451 dying"

        def third(address):
            if len(postmaster.accepted) == 2 and not held.is_set():
                held.set()
                time.sleep(0.3)
                return loop_answer
            return "250 OK"

        postmaster.data = third
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(KILLED), url, postmaster.url, sending["id"]],
            env=os.environ | {"PYTHONPATH": os.getcwd()},
        )
        assert held.wait(20)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.5)
        before = len(postmaster.accepted)

        # Time passes by waiting: the claim of the killed one ends after ten minutes.
        ahead = {"by": timedelta()}
        desk.clock = lambda: utc_now() + ahead["by"]

        def pause(seconds):
            ahead["by"] += timedelta(seconds=seconds)

        done = desk.delivery(sending, pause=pause).run(per_minute=6000, batch=50)

    assert before == (3 if moment == "before the answer" else 2)
    assert done.end is End.FINISHED
    assert done.tally.sent == 6
    twice = {address: times for address, times in postmaster.reached.items() if times > 1}
    assert len(postmaster.reached) == 6
    assert len({str(message["Message-ID"]) for message in postmaster.accepted}) == 6
    assert list(twice.values()) == ([2] if moment == "before the answer" else [])
