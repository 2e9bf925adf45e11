"""Other people's links are asked about patiently, over real HTTP, and remembered."""

import datetime
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from portal.link_check import Memory, ask_over_http, dead_links, read_memory

TODAY = datetime.date(2026, 11, 22)


class Site(BaseHTTPRequestHandler):
    """Somebody else's site: each address answers with the status it is named after."""

    asked: ClassVar[Counter] = Counter()

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        name = self.path.strip("/")
        Site.asked[self.command, name] += 1
        if name == "mute":
            self.connection.close()
            return
        if name == "moved":
            self.send_response(301)
            self.send_header("Location", "/200")
        else:
            self.send_response(
                405
                if name == "no-head" and self.command == "HEAD"
                else int(name)
                if name.isdigit()
                else 200
            )
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        """Nothing: the tests say what happened."""


@pytest.fixture
def site():
    """The address of a site that runs as long as the test."""
    Site.asked = Counter()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("name", "status"),
    [("200", 200), ("moved", 200), ("no-head", 200), ("404", 404), ("500", 500), ("mute", None), ("perché", 200)],
)  # fmt: skip
def test_a_page_is_asked_for_by_its_head_and_then_whole(site, name, status):
    """Some sites give no heads; some addresses are written with accents."""
    assert ask_over_http(f"{site}/{name}") == status


@pytest.mark.parametrize("address", ["http://", "http://[", "https://a b", "http://127.0.0.1:1/"])
def test_an_address_that_is_none_is_only_without_answer(address):
    """Whatever an editor wrote."""
    assert ask_over_http(address, timeout_seconds=1) is None


def test_only_what_is_gone_counts_at_once(site, tmp_path):
    """A site that is down tonight or refuses robots is no dead link."""
    listed = [f"{site}/{name}" for name in ("200", "404", "410", "403", "500")]

    dead = dead_links(listed, tmp_path / "links.json", TODAY, ask_over_http, pause=lambda: None)

    assert dead == {
        f"{site}/404": "non c'è più (il sito risponde 404)",
        f"{site}/410": "non c'è più (il sito risponde 410)",
    }


def test_a_good_answer_is_remembered_for_two_weeks(site, tmp_path):
    """Nobody's site is asked twice for nothing."""
    memory = tmp_path / "links.json"
    for days in (0, 1, 13, 14):
        day = TODAY + datetime.timedelta(days=days)
        dead_links([f"{site}/200"], memory, day, ask_over_http, pause=lambda: None)

    assert Site.asked == {("HEAD", "200"): 2}


def test_one_host_is_asked_one_address_at_a_time(tmp_path):
    """With a pause between, and never before the first."""
    steps = []

    def ask(address):
        steps.append(address[-1])
        return 200

    listed = [f"https://a.it/{number}" for number in range(3)]
    dead_links(listed, tmp_path / "links.json", TODAY, ask, pause=lambda: steps.append("pause"))

    assert steps == ["0", "pause", "1", "pause", "2"]


def test_a_silent_site_is_told_after_three_days_and_a_week():
    """And forgiven as soon as it answers."""
    memory = Memory()
    told = []
    for days in (0, 0, 3, 6, 7):
        memory = memory.after(None, TODAY + datetime.timedelta(days=days))
        told.append(memory.fault)

    assert told == [None, None, None, None, "non risponde da 7 giorni"]
    assert memory.after(200, TODAY).fault is None


def test_a_damaged_memory_is_a_memory_of_nothing(tmp_path):
    """It can all be asked again."""
    for text in (
        "",
        "{",
        "[]",
        '{"a": 1}',
        '{"a": {"good": "ieri", "failed": [], "status": null}}',
    ):
        (tmp_path / "links.json").write_text(text, encoding="utf-8")

        assert read_memory(tmp_path / "links.json") == {}
