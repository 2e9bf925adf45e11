"""The store behaves the same on SQLite and PostgreSQL."""

import sqlite3
import threading

import psycopg
import pytest

from fundraising.queries import migration_files, query_files, read_sql, statements
from fundraising.store import (
    Queries,
    SqliteStore,
    StoreUnavailable,
    open_store,
)

ENTRY = {
    "id": "txn_1",
    "kind": "payout",
    "livemode": 0,
    "donation": None,
    "campaign": None,
    "booked_at": "2026-11-22T12:00:00.000000+00:00",
}
DATABASE_ERRORS = (sqlite3.Error, psycopg.Error)


def book(books, **changes):
    entry = ENTRY | changes
    books.add_booking(**entry)
    books.add_posting(booking=entry["id"], account="Assets:Stripe", amount_cents=-10)
    books.add_posting(booking=entry["id"], account="Assets:Bank", amount_cents=10)


def test_transaction_that_breaks_off_leaves_nothing(store):
    def break_off():
        with store.transaction() as books:
            book(books)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        break_off()

    with store.transaction() as books:
        assert books.all_postings() == []


def test_balance_transaction_is_booked_once(store):
    with store.transaction() as books:
        book(books)

        assert books.add_booking(**ENTRY) is None


def test_same_account_cannot_be_posted_twice_in_a_booking(store):
    with store.transaction() as books:
        book(books)

    with pytest.raises(DATABASE_ERRORS), store.transaction() as books:
        books.add_posting(booking="txn_1", account="Assets:Bank", amount_cents=5)


@pytest.mark.parametrize(
    "statement",
    [
        "update posting set amount_cents = 1",
        "delete from posting",
        "update booking set campaign = 'altra'",
        "delete from booking",
        "delete from receipt",
    ],
)
def test_books_are_only_ever_added_to(store, statement, a_receipt):
    """
    Not even somebody with the database open can quietly edit the past.
    """
    with store.transaction() as books:
        book(books)

    with pytest.raises(DATABASE_ERRORS, match="never"), store.transaction() as books:
        books._connection.execute(statement)

    with store.transaction() as books:
        assert [row["amount_cents"] for row in books.all_postings()] == [10, -10]
        assert len(books.all_receipts()) == 1


@pytest.fixture
def a_receipt(store):
    with store.transaction() as books:
        books.add_donor(
            id="donor", livemode=0, email="a@example.org", first_name="Anna", last_name="Prova",
            fiscal_code=None, anonymous=0, created_at="2026",
        )  # fmt: skip
        books.add_intent(
            id="intent", livemode=0, donor="donor", campaign="tetto", title="Un tetto",
            recipient="sercop", frequency="once", amount_cents=2500, created_at="2026",
        )  # fmt: skip
        books.add_donation(
            id="donation", livemode=0, intent="intent", origin="cs_1", subscription_id=None,
            campaign="tetto", recipient="sercop", amount_cents=2500, state="paid",
            given_at="2026", observed_at="2026",
        )  # fmt: skip
        books.add_receipt(
            id="receipt", livemode=0, recipient="sercop", year=2026, number=1,
            donation="donation", donor="donor", amount_cents=2500, wording="{}", issued_at="2026",
        )  # fmt: skip


def test_gift_has_one_valid_receipt(store, a_receipt):
    with pytest.raises(DATABASE_ERRORS), store.transaction() as books:
        books.add_receipt(
            id="second", livemode=0, recipient="sercop", year=2026, number=2,
            donation="donation", donor="donor", amount_cents=2500, wording="{}", issued_at="2026",
        )  # fmt: skip


def test_number_of_a_transaction_that_broke_off_is_drawn_again(store):
    """
    A series without gaps: rolling back gives the number back.
    """
    series = {"recipient": "sercop", "year": 2026, "livemode": 0}

    def break_off():
        with store.transaction() as books:
            books.draw_receipt_number(**series)
            raise RuntimeError("power cut")

    with store.transaction() as books:
        assert books.draw_receipt_number(**series)["number"] == 1
    with pytest.raises(RuntimeError):
        break_off()

    with store.transaction() as books:
        assert books.draw_receipt_number(**series)["number"] == 2


def test_series_are_apart_by_recipient_year_and_mode(store):
    with store.transaction() as books:
        for series in (("a", 2026, 0), ("b", 2026, 0), ("a", 2027, 0), ("a", 2026, 1)):
            drawn = dict(zip(("recipient", "year", "livemode"), series, strict=True))

            assert books.draw_receipt_number(**drawn)["number"] == 1


def test_numbers_drawn_at_the_same_time_are_all_different(store):
    numbers = []

    def draw():
        for _ in range(10):
            with store.transaction() as books:
                drawn = books.draw_receipt_number(recipient="a", year=2026, livemode=0)
                numbers.append(drawn["number"])

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(numbers) == list(range(1, 41))


def test_two_workers_never_claim_the_same_notification(store):
    with store.transaction() as books:
        for number in range(20):
            books.receive_notification(
                id=f"evt_{number}", livemode=0, type="invoice.paid", object_kind="invoice",
                object_id=f"in_{number}", received_at="2026-11-22",
            )  # fmt: skip
    claimed = []

    def work():
        while True:
            with store.transaction() as books:
                row = books.claim_notification(
                    now="2026-11-23", lease_until="2026-11-24", livemode=0
                )
            if row is None:
                return
            claimed.append(row["id"])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(claimed) == sorted(f"evt_{number}" for number in range(20))


def test_claim_of_a_worker_that_died_comes_back_when_its_lease_ends(store):
    with store.transaction() as books:
        books.receive_notification(
            id="evt_1", livemode=0, type="invoice.paid", object_kind="invoice", object_id="in_1",
            received_at="2026-11-22",
        )  # fmt: skip
        books.claim_notification(now="2026-11-22", lease_until="2026-11-24", livemode=0)

    with store.transaction() as books:
        early = books.claim_notification(now="2026-11-23", lease_until="2026-11-25", livemode=0)
        late = books.claim_notification(now="2026-11-24", lease_until="2026-11-25", livemode=0)

    assert early is None
    assert late["attempts"] == 2


def test_migrations_are_applied_once(database):
    with open_store(database()) as store:
        assert store.migrate() == []


def test_amounts_are_whole_numbers(store):
    """
    SQLite would store anything anywhere; strict tables refuse it, as PostgreSQL does.
    """
    with pytest.raises(DATABASE_ERRORS), store.transaction() as books:
        books.add_booking(**ENTRY)
        books.add_posting(booking="txn_1", account="Assets:Bank", amount_cents="ten")


def test_postgres_that_went_away_is_unavailable():
    store = open_store("postgresql://127.0.0.1:9/nothing")

    with pytest.raises(StoreUnavailable), store.transaction():
        pass


def test_sqlite_file_deleted_under_us_is_unavailable(tmp_path):
    """
    An open file that has been deleted would swallow gifts without a word.
    """
    with SqliteStore(tmp_path / "books.sqlite3") as store:
        store.migrate()
        store.path.unlink()

        with pytest.raises(StoreUnavailable), store.transaction():
            pass


def test_path_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnavailable, match="cannot be written"):
        SqliteStore(tmp_path / "file" / "books.sqlite3")


def test_lost_connection_is_made_again(postgres_url):
    with open_store(postgres_url) as store:
        with store.transaction() as books:
            [row] = books._connection.execute("select pg_backend_pid() as pid").fetchall()
        with psycopg.connect(postgres_url, autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s)", (row["pid"],))

        with store.transaction() as books:
            again = books._connection.execute("select 1 as one").fetchone()

    assert again["one"] == 1


def test_both_dialects_have_the_same_queries():
    sqlite, postgresql = Queries("sqlite"), Queries("postgresql")

    assert len(query_files()) > 40
    for name in query_files():
        assert callable(getattr(sqlite, name))
        assert callable(getattr(postgresql, name))


def test_query_nobody_wrote_is_an_error_that_names_it():
    with pytest.raises(AttributeError, match="steal_everything"):
        Queries("sqlite").steal_everything  # noqa: B018  # asking is the test


def test_script_is_cut_into_whole_statements():
    parts = [
        statement
        for path in migration_files("sqlite")
        for statement in statements(read_sql(path, "sqlite"))
    ]

    assert all(part.rstrip().endswith(";") for part in parts)
    assert sum("create trigger" in part for part in parts) == 9
    assert all(") strict;" in part for part in parts if "create table" in part)


def test_script_that_ends_too_soon_is_refused():
    with pytest.raises(ValueError, match="middle of a statement"):
        list(statements("select 1;\ncreate table half ("))


def test_letters_and_ways_in_survive_the_tables_made_again(empty_database):
    """
    Readers came later: what waited in the queue, and links already sent, still work.
    """
    donor = {
        "id": "d", "livemode": 0, "email": "anna@example.org", "first_name": "", "last_name": "",
        "fiscal_code": None, "anonymous": 0, "created_at": "2026",
    }  # fmt: skip
    letter = {
        "id": "l", "livemode": 0, "kind": "sign_in", "subject": "l", "donor": "d",
        "amount_cents": 0, "now": "2026",
    }  # fmt: skip
    way_in = {
        "hash": "h", "livemode": 0, "purpose": "session", "donor": "d", "plan": None,
        "expires_at": "2027",
    }  # fmt: skip
    with open_store(empty_database()) as store:
        store._known_migrations()
        for path in migration_files(store.dialect):
            if path.name < "0010":
                store._apply_migration(path)
        with store.transaction() as books:
            books.add_donor(**donor)
            books.enqueue_donor_letter(**letter)
            books.add_access(**way_in)
        assert store.migrate() == ["0010_readers.sql"]
        with store.transaction() as books:
            claimed = books.claim_letter(now="2026", lease_until="2027", livemode=0)
            found = books.find_access(hash="h", purpose="session", livemode=0, now="2026")

    assert (claimed["id"], claimed["donor"], claimed["reader"]) == ("l", "d", None)
    assert (found["donor"], found["reader"]) == ("d", None)
