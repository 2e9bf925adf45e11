"""The newsletter's commands print what their page in the documentation says they print."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fundraising.clock import italian_day, utc_now
from fundraising.readers import Readers
from fundraising.store import SqliteStore
from fundraising.subscriptions import Place
from tests.fundraising.newsletter_documents import a_document

PAGE = Path(__file__).parents[2] / "fundraising" / "newsletter.md"
LETTER = """\
#OLTREIPERIMETRI
Newsletter n. 1 – 22 novembre 2026

Si apre: prendete una sedia

Care lettrici, cari lettori,
questa è la prima lettera del portale.

[1] https://lascia.invalid/
[2] https://scelte.invalid/
"""
# What is different every day.
DATED = [(r"\d\d/\d\d/\d{4}, \d\d:\d\d", "DAY, TIME"), (r"\d\d/\d\d/\d{4}", "DAY")]


class Office:
    """A folder to work in, with a rehearsal's books, and the commands to type there."""

    def __init__(self, folder, campaigns):
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PAGE.parents[1]),
            "CAMPAIGNS_FILE": str(campaigns),
        }
        (folder / ".portal").mkdir()
        self.store = SqliteStore(folder / ".portal" / "rehearsal.sqlite3")
        self.store.migrate()
        (folder / "lettere").mkdir()
        self.write(a_document(text=LETTER))

    def write(self, document):
        file = self.folder / "lettere" / "newsletter-1.json"
        file.write_text(json.dumps(document), encoding="utf-8")

    def subscribe(self, email, *topics, confirmed=True):
        with self.store.transaction() as books:
            ids = (os.urandom(16).hex() for _ in range(10))
            readers = Readers(books, livemode=0, now=utc_now(), new_id=lambda: next(ids))
            readers.ask(email, topics, wording="2026-11", place=Place.FORM)
            if confirmed:
                readers.confirm(books.lock_reader_of_email(livemode=0, email=email)["id"], topics)

    def start(self, *words, **environment):
        return subprocess.Popen(
            [sys.executable, "-m", "fundraising.cli", *words],
            cwd=self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words, **environment):
        process = self.start(*words, **environment)
        printed, errors = process.communicate(timeout=60)
        return process.returncode, printed, errors


@pytest.fixture
def office(tmp_path, write_campaigns):
    office = Office(tmp_path, write_campaigns())
    yield office
    office.store.close()


def examples():
    """Every command of the page, with what it prints."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            found.append((command, printed))
    return found


def undated(text):
    for pattern, word in DATED:
        text = re.sub(pattern, word, text)
    return text


def test_every_example_of_the_page_prints_what_it_says(office):
    office.subscribe("anna@example.org", "newsletter", "appuntamenti")
    office.subscribe("bruno@example.org", "newsletter")
    office.subscribe("carla@example.org", "newsletter")
    office.subscribe("dario@example.org", "newsletter", confirmed=False)
    day = italian_day(utc_now())
    (office.folder / "rimbalzi.csv").write_text(
        f"email;type;date\ncarla@example.org;hard;{day}\nanna@example.org;soft;{day}\n"
        f"nessuno@example.org;hard;{day}\n"
    )
    (office.folder / "sbagliato.csv").write_text(f"email;type;date\nanna@example.org;boh;{day}\n")

    for command, says in examples():
        name, *words = shlex.split(command)
        assert name == "fundraising"
        _code, printed, errors = office.run(*words)
        assert undated(printed) == undated(says), f"{command}\n{errors}"


def test_looking_sends_nothing_and_reads_no_address(office):
    office.subscribe("anna@example.org", "newsletter")
    code, printed, _errors = office.run("newsletter", "send", "lettere/newsletter-1.json")

    assert code == 0
    assert "anna@" not in printed
    assert not (office.folder / ".portal" / "letters").exists()
    with office.store.transaction() as books:
        assert books.all_sendings(livemode=0) == []


def test_real_server_gets_each_letter_and_refusals_are_told_by_name(office, postmaster):
    for name in ("anna", "bruno", "carla"):
        office.subscribe(f"{name}@example.org", "newsletter")
    postmaster.rcpt = lambda address: "550 5.1.1 via" if "bruno" in address else "250 OK"
    code, printed, _errors = office.run(
        "newsletter", "send", "lettere/newsletter-1.json", "--yes", "--rate", "6000",
        SMTP_URL=postmaster.url, NEWSLETTER_REPLY_TO="redazione@example.org",
    )  # fmt: skip

    assert code == 0
    assert "risposte a: redazione@example.org" in printed
    assert "2 spedite, 1 rifiutata.\n  bruno@example.org: 550 5.1.1 via\n" in printed
    assert postmaster.reached == {"anna@example.org": 1, "carla@example.org": 1}
    assert {str(message["Reply-To"]) for message in postmaster.accepted} == {
        "redazione@example.org"
    }


def test_server_that_is_away_is_told_and_how_to_go_on(office):
    office.subscribe("anna@example.org", "newsletter")
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    arguments = ["newsletter", "send", "lettere/newsletter-1.json", "--yes"]
    process = office.start(*arguments, SMTP_URL=f"smtp://127.0.0.1:{port}")
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    printed, _errors = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "0 spedite, 1 da spedire." in printed
    assert "Fermo qui, come hai chiesto." in printed
    assert "Per riprendere: fundraising newsletter resume 1" in printed


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"version": 1, "num', "non è JSON, o è tagliato"),
        ('{"version": 1, "subject": "perché"}'.encode("latin-1"), "non è testo UTF-8"),
        (b"{}", "manca «version»"),
        (json.dumps(a_document(number="1")).encode(), "«number» è '1'"),
        (json.dumps(a_document(text="")).encode(), "manca «text»"),
        (json.dumps(a_document(text="Ciao")).encode(), "in «text» manca il posto per il link"),
        (json.dumps(a_document(personal_links=None)).encode(), "manca «leave»"),
    ],
)
def test_file_that_is_no_issue_is_explained(office, content, says):
    (office.folder / "numero.json").write_bytes(content)
    code, printed, errors = office.run("newsletter", "send", "numero.json", "--yes")

    assert code == 1
    assert printed.startswith("numero.json: ")
    assert says in printed
    assert errors == ""


def test_issue_without_readers_and_issue_with_another_text_do_not_leave(office):
    send = ("newsletter", "send", "lettere/newsletter-1.json", "--yes", "--rate", "6000")
    assert "Nessuno riceve ancora questa lettera" in office.run(*send)[1]
    office.subscribe("anna@example.org", "newsletter")
    assert office.run(*send)[0] == 0
    office.write(a_document(subject="Un titolo corretto dopo", text=LETTER))

    code, printed, _errors = office.run(*send)

    assert code == 1
    assert "Il numero 1 è già partito con un altro testo." in printed
    assert len(list((office.folder / ".portal" / "letters").glob("*.eml"))) == 1


def test_pace_that_makes_no_sense_is_refused(office):
    for words in (["--rate", "tante"], ["--rate", "10/ora"], ["--rate", "0"], ["--batch", "0"]):
        code, _printed, errors = office.run("newsletter", "send", "x.json", *words)
        assert code == 2
        assert "non si capisce" in errors or "serve un numero" in errors


def test_exports_are_what_spreadsheets_and_listmonk_open(office):
    office.subscribe("anna@example.org", "newsletter", "appuntamenti")
    office.subscribe("=bruno@example.org", "newsletter")
    office.subscribe("carla@example.org", "newsletter", confirmed=False)

    _code, printed, _errors = office.run("subscribers", "export", "--format", "listmonk")
    lines = printed.splitlines()
    assert lines[0] == "email,name,attributes"
    assert len(lines) == 3
    assert lines[2].startswith(
        'anna@example.org,,"{""lettere"": [""appuntamenti"", ""newsletter""]'
    )

    office.run("subscribers", "export", "--all", "--to", "lettori.csv")
    file = office.folder / "lettori.csv"
    table = file.read_bytes().decode("utf-8-sig").splitlines()
    assert file.stat().st_mode & 0o777 == 0o600
    assert table[0] == "email;lettera;stato;chiesto_il;confermato_il;testo;dove;finito_il"
    assert table[1].startswith("'=bruno@example.org;newsletter;attiva;")
    assert table[4].startswith("carla@example.org;newsletter;in attesa di conferma;")


def test_doctor_tells_of_a_sending_that_stopped(office):
    from datetime import timedelta

    from fundraising.newsletter_issue import parse_issue
    from fundraising.sendings import start_sending

    office.subscribe("anna@example.org", "newsletter")
    start_sending(
        office.store,
        parse_issue(json.dumps(a_document()).encode()),
        "newsletter",
        livemode=0,
        now=utc_now() - timedelta(hours=2),
        new_id=lambda: os.urandom(16).hex(),
    )

    code, printed, _errors = office.run("doctor")
    assert code == 1
    assert "Iscrizioni alla newsletter: 1 attiva." in printed
    assert "newsletter: l'invio del numero 1 si è fermato e una persona aspetta" in printed
    office.run("newsletter", "resume", "1")
    assert office.run("doctor")[0] == 0
