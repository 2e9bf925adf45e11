"""The same notifications in any order, doubled, with any number of workers: the same ledger.

The long one replays 10,000: `./scripts/test tests/fundraising/test_replay.py -m slow`.
"""

import hashlib
import json
import threading
from dataclasses import replace
from random import Random

import pytest

from fundraising.bootstrap import bootstrap
from fundraising.sandbox import Refusal
from fundraising.store import open_store, to_text


def play(house, random, notifications):
    """Play gifts and what becomes of them until so many notifications were announced."""
    heard, paid, plans = [], [], []
    house.sandbox.account.listeners.append(
        lambda kind, body: heard.append((kind, body["object"], body["id"]))
    )
    sandbox = house.sandbox
    while len(heard) < notifications:
        chance = random.random()
        try:
            if chance < 0.5:
                session_id = house.give()
                sandbox.pay_by_card(session_id)
                paid.append(session_id)
            elif chance < 0.65:
                session_id = house.give()
                sandbox.pay_by_sepa(session_id)
                if random.random() < 0.8:
                    sandbox.settle(session_id)
                    paid.append(session_id)
            elif chance < 0.75:
                session_id = house.give(frequency="month")
                plans.append(sandbox.pay_by_card(session_id)["subscription"])
            elif chance < 0.85:
                sandbox.renew(random.choice(plans), accepted=random.random() < 0.8)
            elif chance < 0.9:
                sandbox.refund(random.choice(paid), random.choice([None, 5_00]))
            elif chance < 0.93:
                dispute = sandbox.dispute(random.choice(paid))
                sandbox.close_dispute(dispute["id"], won=random.random() < 0.5)
            elif chance < 0.96:
                sandbox.pay_out()
        except (Refusal, IndexError):
            continue
    return heard


def copy_wishes(source, target):
    """Copy what donors asked for: everything else has to come from Stripe."""
    for table in ("donor", "intent"):
        with source.transaction() as books:
            rows = [dict(row) for row in books._connection.execute(f"select * from {table}")]
        with target.transaction() as books:
            for row in rows:
                names = ", ".join(row)
                marks = ", ".join(["?" if target.dialect == "sqlite" else "%s"] * len(row))
                books._connection.execute(
                    f"insert into {table} ({names}) values ({marks})", tuple(row.values())
                )


def ledger_hash(store):
    """Digest the books without the ids we draw ourselves."""
    with store.transaction() as books:
        gifts = {row["id"]: row for row in books.gifts_for_report(livemode=0)}
        told = [
            [row["id"], row["kind"], row["account"], row["amount_cents"], row["campaign"],
             gifts[row["donation"]]["origin"] if row["donation"] else None]
            for row in books.all_postings()
        ]  # fmt: skip
        told += [
            [row["origin"], row["state"], row["amount_cents"], row["refunded_cents"]]
            for row in sorted(gifts.values(), key=lambda row: row["origin"])
        ]
        series = [[row["receipts"], row["last_number"]] for row in books.receipt_series()]
        for receipts, last_number in series:
            assert receipts == last_number
        valid = sorted(
            (gifts[row["donation"]]["origin"], row["amount_cents"])
            for row in books.all_receipts()
            if row["state"] == "issued"
        )
    return hashlib.sha256(json.dumps([told, valid]).encode()).hexdigest()


def replay(house, url, heard, random, *, deliveries, workers):
    """Deliver shuffled and doubled notifications to fresh books while workers answer them.

    They come in four bursts, so that many a gift is looked at again after it is booked.
    """
    settings = replace(house.parts.settings, database_url=url)
    parts = [bootstrap(settings) for _ in range(workers)]
    try:
        store = parts[0].store
        copy_wishes(house.parts.store, store)
        events = list(enumerate(heard))
        doubled = events + random.choices(events, k=deliveries - len(events))
        random.shuffle(doubled)
        burst = -(-len(doubled) // 4)
        for start in range(0, len(doubled), burst):
            deliver(house, store, doubled[start : start + burst])
            answer_all([one.worker for one in parts])
        assert left_waiting(store) == []
        return ledger_hash(store)
    finally:
        for one in parts:
            one.close()


def deliver(house, store, events):
    with store.transaction() as books:
        for number, (kind, object_kind, object_id) in events:
            books.receive_notification(
                id=f"evt_{number}",
                livemode=0,
                type=kind,
                object_kind=object_kind,
                object_id=object_id,
                received_at=to_text(house.clock()),
            )


def answer_all(workers):
    """Let every worker answer until nothing is left; none may break off."""
    broken = []

    def work(worker):
        try:
            while worker.answer_one_notification():
                pass
        except Exception as error:
            broken.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A worker that saw a row held by another leaves before the other is done.
    work(workers[0])
    assert broken == []


def left_waiting(store):
    with store.transaction() as books:
        rows = books.stuck_notifications(livemode=0, attempts=0, before="")
    return [(row["type"], row["attempts"], row["error"]) for row in rows]


@pytest.fixture
def fresh_sqlite(tmp_path):
    numbers = iter(range(10))

    def make():
        return f"sqlite:///{tmp_path}/replayed-{next(numbers)}.sqlite3"

    return make


@pytest.fixture
def fresh_postgres(postgres_url):
    import psycopg

    def make():
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("drop schema if exists replayed cascade")
            connection.execute("create schema replayed")
        url = f"{postgres_url}&options=-csearch_path%3Dreplayed"
        with open_store(url) as store:
            store.migrate()
        return url

    return make


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_five_hundred_notifications_end_in_the_same_ledger(house, fresh_sqlite, fresh_postgres):
    """
    Shuffled and doubled, with one worker or four, on SQLite or PostgreSQL.
    """
    random = Random(11)
    heard = play(house, random, 250)

    hashes = {
        replay(house, fresh_sqlite(), heard, random, deliveries=500, workers=1),
        replay(house, fresh_sqlite(), heard, random, deliveries=500, workers=4),
        replay(house, fresh_postgres(), heard, random, deliveries=500, workers=4),
    }

    assert len(hashes) == 1


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_ten_thousand_notifications_end_in_the_same_ledger(
    request, house, fresh_sqlite, fresh_postgres
):
    """
    Ten thousand different ones, half of them twice, with four workers on either database.
    """
    if request.config.option.markexpr != "slow":
        pytest.skip("takes minutes: ./scripts/test tests/fundraising/test_replay.py -m slow")
    random = Random(11)
    heard = play(house, random, 10_000)

    hashes = {
        replay(house, fresh_sqlite(), heard, random, deliveries=15_000, workers=4),
        replay(house, fresh_postgres(), heard, random, deliveries=15_000, workers=4),
    }

    assert len(heard) >= 10_000
    assert len(hashes) == 1
