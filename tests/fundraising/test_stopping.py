"""Stopping, asked for at any moment."""

import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException

import pytest

from tests.fundraising.conftest import a_form

BUSY_WITH_THE_EVENT = """
import threading
from fundraising.commands.interruption import when_interrupted

stop = threading.Event()
when_interrupted(stop.set)
print("begun", flush=True)
while not stop.wait(0):
    pass
print("stopped")
"""


def test_whoever_is_waiting_is_stopped_at_any_moment_of_the_waiting():
    """
    The main thread is nearly always inside the event that the signal is to set.
    """
    for number in [signal.SIGTERM, signal.SIGINT] * 5:
        process = subprocess.Popen(
            [sys.executable, "-c", BUSY_WITH_THE_EVENT], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "begun\n"
        process.send_signal(number)
        try:
            said, _ = process.communicate(timeout=20)
        finally:
            process.kill()

        assert said == "stopped\n"


@contextmanager
def visitors(address):
    """Three who never stop asking, whatever they are answered."""
    enough = threading.Event()

    def ask():
        while not enough.is_set():
            with suppress(OSError, HTTPException):
                urllib.request.urlopen(address, timeout=5).close()

    with ThreadPoolExecutor(3) as crowd:
        for _ in range(3):
            crowd.submit(ask)
        try:
            yield
        finally:
            enough.set()


def test_a_server_stops_in_peace_while_it_is_asked(serve, tmp_path):
    """
    The thread that watches the sockets is as busy as it can be when they are taken away.
    """
    for _ in range(8):
        server = serve(f"sqlite:///{tmp_path}/books.sqlite3")
        with visitors(f"{server.url}/api/healthz"):
            urllib.request.urlopen(f"{server.url}/api/healthz", timeout=20).close()
            server.close()

        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"{server.url}/api/healthz", timeout=5)


def test_who_has_asked_is_answered_before_the_server_stops(serve, tmp_path):
    """
    A gift is being begun, and the books are kept busy by somebody else until after we were told to stop.
    """
    server = serve(f"sqlite:///{tmp_path}/books.sqlite3")
    with urllib.request.urlopen(f"{server.url}/api/donate?campaign=tetto", timeout=20) as form:
        token = re.search('name="form_token" value="(.*?)"', form.read().decode())[1]
    fields = a_form(form_token=token)

    def give():
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as browser:
            browser.request("POST", "/api/donate", urllib.parse.urlencode(fields), headers)
            answer = browser.getresponse()
            return answer.status, answer.headers["Location"]

    with (
        closing(sqlite3.connect(tmp_path / "books.sqlite3", isolation_level=None)) as other,
        ThreadPoolExecutor(2) as both,
    ):
        other.execute("begin immediate")
        gift = both.submit(give)
        time.sleep(0.5)
        stopping = both.submit(server.close)
        time.sleep(0.5)
        assert not gift.done()
        other.execute("rollback")

        stopping.result(timeout=30)
        status, address = gift.result(timeout=30)
    assert status == 303
    assert "/prova/" in address
