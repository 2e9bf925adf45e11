"""The store: one behaviour over SQLite and PostgreSQL.

Every query of sql/queries is a method of a transaction, called by its name.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fundraising.queries import Queries, migration_files, read_sql, statements

_LEDGER_OF_MIGRATIONS = (
    "create table if not exists migration (id text primary key, applied_at text not null)"
)
# Any number will do, as long as nobody else in this database locks it.
_MIGRATION_LOCK = 20_141_122


class StoreUnavailable(Exception):
    """The database cannot be reached now; nothing was written."""


class Transaction:
    """One transaction; every named query is a method with keyword arguments.

    Queries for many rows return a list, for one row a dict or None.
    """

    def __init__(self, queries: Any, connection: Any) -> None:
        self._queries = queries
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        query = getattr(self._queries, name)

        def run(**parameters: Any) -> Any:
            answer = query(self._connection, **parameters)
            return list(answer) if isinstance(answer, Iterator) else answer

        return run


class Store:
    """A database that holds the books."""

    dialect: str

    def __init__(self) -> None:
        self._queries = Queries(self.dialect)
        self._local = threading.local()
        self._connections: list[Any] = []
        self._guard = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction that writes all or nothing.

        Raises StoreUnavailable when the database is gone.
        """
        connection = self._begin()
        try:
            yield Transaction(self._queries, connection)
        except BaseException as error:
            self._roll_back(connection)
            if isinstance(error, self._lost_errors()):
                self._forget(connection)
                raise StoreUnavailable(type(error).__name__) from error
            raise
        try:
            connection.execute("commit")
        except self._lost_errors() as error:
            self._roll_back(connection)
            self._forget(connection)
            raise StoreUnavailable(type(error).__name__) from error

    def migrate(self) -> list[str]:
        """Apply the migrations not yet applied, one at a time, and return their names."""
        applied = []
        known = self._known_migrations()
        for path in migration_files(self.dialect):
            if path.name not in known and self._apply_migration(path):
                applied.append(path.name)
        return applied

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._guard:
            connections, self._connections = self._connections, []
        self._local = threading.local()
        for connection in connections:
            connection.close()

    def _begin(self) -> Any:
        for attempt in (1, 2):
            try:
                connection = self._connection()
                connection.execute(self._begin_statement)
                return connection
            except self._lost_errors() as error:
                self._forget(getattr(self._local, "connection", None))
                # A connection kept open may have died while nobody used it: ask once more.
                if attempt == 2:
                    raise StoreUnavailable(type(error).__name__) from error
        raise AssertionError("unreachable")

    def _connection(self) -> Any:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
            with self._guard:
                self._connections.append(connection)
        return connection

    def _forget(self, connection: Any) -> None:
        if connection is None:
            return
        self._local.connection = None
        with self._guard:
            if connection in self._connections:
                self._connections.remove(connection)
        connection.close()

    def _roll_back(self, connection: Any) -> None:
        # The first error is the one worth telling; a lost database rolls back by itself.
        with suppress(Exception):
            connection.execute("rollback")

    def _known_migrations(self) -> set[str]:
        with self.transaction() as books:
            connection = books._connection
            self._lock_migrations(connection)
            connection.execute(_LEDGER_OF_MIGRATIONS)
            return {row["id"] for row in connection.execute("select id from migration")}

    def _apply_migration(self, path: Path) -> bool:
        with self.transaction() as books:
            connection = books._connection
            self._lock_migrations(connection)
            known = {row["id"] for row in connection.execute("select id from migration")}
            # Somebody else may have applied it between our look and our lock.
            if path.name in known:
                return False
            self._run_script(connection, read_sql(path, self.dialect))
            self._record_migration(connection, path.name, to_text(datetime.now(UTC)))
        return True

    _begin_statement: str

    def _connect(self) -> Any:
        raise NotImplementedError

    def _lost_errors(self) -> type[Exception] | tuple[type[Exception], ...]:
        raise NotImplementedError

    def _lock_migrations(self, connection: Any) -> None:
        raise NotImplementedError

    def _run_script(self, connection: Any, script: str) -> None:
        raise NotImplementedError

    def _record_migration(self, connection: Any, name: str, applied_at: str) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class SqliteStore(Store):
    """Books in one file, for one machine with a disk."""

    dialect = "sqlite"
    # IMMEDIATE takes the write lock at once: two writers wait instead of failing half-way.
    _begin_statement = "begin immediate"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._inode = _create_file(path)

    def _begin(self) -> Any:
        # A file deleted under an open connection would go on swallowing gifts.
        if _inode(self.path) != self._inode:
            raise StoreUnavailable("the database file is gone")
        return super()._begin()

    def _connect(self) -> sqlite3.Connection:
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(
            uri, uri=True, timeout=10, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = _row_as_dict
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        return connection

    def _lost_errors(self) -> type[Exception]:
        return sqlite3.OperationalError

    def _lock_migrations(self, connection: Any) -> None:
        """Nothing to do: an immediate transaction is already alone."""

    def _run_script(self, connection: Any, script: str) -> None:
        # The driver's own executescript() would commit what came before it.
        for statement in statements(script):
            connection.execute(statement)

    def _record_migration(self, connection: Any, name: str, applied_at: str) -> None:
        connection.execute("insert into migration values (?, ?)", (name, applied_at))


class PostgresStore(Store):
    """Books in PostgreSQL, shared by any number of processes."""

    dialect = "postgresql"
    _begin_statement = "begin"

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def _connect(self) -> Any:
        import psycopg
        from psycopg.rows import dict_row

        # Transactions are opened by hand, as for SQLite; a database that is away is noticed soon.
        return psycopg.connect(self.url, autocommit=True, row_factory=dict_row, connect_timeout=5)

    def _lost_errors(self) -> tuple[type[Exception], ...]:
        import psycopg

        return (psycopg.OperationalError, psycopg.InterfaceError)

    def _lock_migrations(self, connection: Any) -> None:
        connection.execute("select pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))

    def _run_script(self, connection: Any, script: str) -> None:
        connection.execute(script)

    def _record_migration(self, connection: Any, name: str, applied_at: str) -> None:
        connection.execute("insert into migration values (%s, %s)", (name, applied_at))


def open_store(url: str) -> Store:
    """Open the store a database URL names: sqlite:///path or postgresql://…"""
    if url.startswith("sqlite:///"):
        return SqliteStore(Path(url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresStore(url)
    raise ValueError("DATABASE_URL is neither sqlite:///path nor postgresql://…")


def to_text(moment: datetime) -> str:
    """Write a moment so that texts sort as the moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def from_text(text: str) -> datetime:
    """Read a moment back."""
    return datetime.fromisoformat(text)


def _create_file(path: Path) -> int | None:
    """Create the database file and its folder if they are missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Donors' names live here: nobody else on this machine may read the file.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be written: {error.strerror}") from error
    return _inode(path)


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _row_as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
