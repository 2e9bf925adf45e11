"""What earlier builds worked out, kept by what it was worked out from.

One SQLite file in a folder git ignores. Nothing in it is needed: whatever is
missing, damaged or not ours is worked out again, and a build that finds the file
locked, or may not write it, goes on without.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_PENDING_BYTES = 4_000_000
_DELETED_AT_ONCE = 100
"""So few because SQLite holds what it deletes in memory until it is done."""
_SHELVES_KEPT = 12
_NOT_OURS = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
_TABLES = """
PRAGMA page_size = 16384; -- most values are whole pages of the site: a fourth of the writes of smaller ones
PRAGMA journal_mode = MEMORY;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS shelf (name TEXT PRIMARY KEY, used INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS kept (
    shelf TEXT NOT NULL, key TEXT NOT NULL, mark INTEGER NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (shelf, key)
);
SELECT shelf, key, mark, value FROM kept LIMIT 0;
SELECT name, used FROM shelf LIMIT 0;
"""


class Cache:
    """The cache in *folder*. None is an empty one that keeps nothing.

    At its end a build drops what it did not ask for, unless *is_tidied* is false: one
    that remembers another build asks for less than it needs.
    """

    def __init__(self, folder: Path | None, *, is_tidied: bool = True) -> None:
        self._is_tidied = is_tidied
        self._file = folder / "build.sqlite" if folder else None
        self._connection: sqlite3.Connection | None = self._opened()
        self._pending: list[tuple[str, str, int, bytes]] = []
        self._pending_bytes = 0
        self._shelves: list[Shelf] = []

    def shelf(self, name: str, *, of_this_build: bool = True) -> Shelf:
        """The shelf called *name*. What this build neither takes nor puts goes, if it is *of_this_build*."""
        shelf = Shelf(self, name, of_this_build)
        self._shelves.append(shelf)
        return shelf

    def close(self) -> None:
        """Write what is pending and drop what is no longer of use."""
        self._flush()
        with self._trying() as connection:
            if connection is not None:
                self._note_use(connection)
                doomed = [*self._unasked(connection), *self._outdated(connection)]
                for start in range(0, len(doomed), _DELETED_AT_ONCE):
                    some = doomed[start : start + _DELETED_AT_ONCE]
                    _write(connection, "DELETE FROM kept WHERE shelf = ? AND key = ?", some)
                connection.execute(
                    "DELETE FROM shelf WHERE name NOT IN (SELECT DISTINCT shelf FROM kept)"
                )
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def take(self, shelf: str, key: str) -> bytes | None:
        """What was put there, whole, or nothing."""
        if self._connection is None:
            return None
        try:
            found = self._connection.execute(
                "SELECT mark, value FROM kept WHERE shelf = ? AND key = ?", (shelf, key)
            ).fetchone()
        except sqlite3.Error as fault:
            self._give_up(fault)
            return None
        if not found or not isinstance(found[1], bytes):
            return None
        mark, value = found
        return value if mark == _mark(shelf, key, value) else None

    def keys(self, shelf: str) -> set[str]:
        """The keys of all that was put there."""
        if self._connection is None:
            return set()
        try:
            rows = self._connection.execute("SELECT key FROM kept WHERE shelf = ?", (shelf,))
            return {key for (key,) in rows}
        except sqlite3.Error as fault:
            self._give_up(fault)
            return set()

    def put(self, shelf: str, key: str, value: bytes) -> None:
        """Keep *value*."""
        if self._connection is None:
            return
        self._pending.append((shelf, key, _mark(shelf, key, value), value))
        self._pending_bytes += len(value)
        if self._pending_bytes > _PENDING_BYTES:
            self._flush()

    def _flush(self) -> None:
        pending, self._pending, self._pending_bytes = self._pending, [], 0
        with self._trying() as connection:
            if connection is not None and pending:
                _write(connection, "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", pending)

    def _note_use(self, connection: sqlite3.Connection) -> None:
        _write(
            connection,
            "INSERT OR REPLACE INTO shelf SELECT ?, coalesce(max(used), 0) + 1 FROM shelf",
            [(shelf.name,) for shelf in self._shelves],
        )

    def _unasked(self, connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
        """What is on the shelves of this build, and it has neither taken nor put."""
        for shelf in self._shelves:
            if shelf.of_this_build and self._is_tidied:
                rows = connection.execute("SELECT key FROM kept WHERE shelf = ?", (shelf.name,))
                yield from ((shelf.name, key) for (key,) in rows if key not in shelf.used)

    def _outdated(self, connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
        """What is on the shelves that longest nobody has used."""
        old = "SELECT name FROM shelf ORDER BY used DESC LIMIT -1 OFFSET ?"
        yield from connection.execute(
            f"SELECT shelf, key FROM kept WHERE shelf IN ({old})", (_SHELVES_KEPT,)
        )

    def _opened(self) -> sqlite3.Connection | None:
        if self._file is None:
            return None
        for _ in range(2):
            connection = None
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(self._file, timeout=2, isolation_level=None)
                connection.executescript(_TABLES)
                return connection
            except (OSError, sqlite3.Error) as fault:
                if connection is not None:
                    connection.close()
                if not _is_not_ours(fault):
                    return None
                with contextlib.suppress(OSError):
                    self._file.unlink()
        return None

    @contextlib.contextmanager
    def _trying(self) -> Iterator[sqlite3.Connection | None]:
        """The connection, given up for this build at its first fault."""
        try:
            yield self._connection
        except sqlite3.Error as fault:
            self._give_up(fault)

    def _give_up(self, fault: sqlite3.Error) -> None:
        assert self._connection is not None
        assert self._file is not None
        self._connection.close()
        self._connection = None
        if _is_not_ours(fault):
            with contextlib.suppress(OSError):
                self._file.unlink()


class Shelf:
    """A part of the cache whose keys share everything that is not in the key itself."""

    def __init__(self, cache: Cache, name: str, of_this_build: bool) -> None:
        self.name = name
        self.of_this_build = of_this_build
        self.used: set[str] = set()
        self._cache = cache
        self._kept: set[str] | None = None

    def take(self, key: str) -> bytes | None:
        """What an earlier build put under *key*, or nothing."""
        self.used.add(key)
        if self._kept is None:
            # Thousands of questions that have no answer, as after a new version, are not put at all.
            self._kept = self._cache.keys(self.name)
        return self._cache.take(self.name, key) if key in self._kept else None

    def put(self, key: str, value: bytes) -> None:
        """Keep *value* for later builds."""
        self.used.add(key)
        self._cache.put(self.name, key, value)


def _write(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Carry out *statement* for each of *rows* at once: few of them, so that another build is never kept waiting."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(statement, rows)
    connection.execute("COMMIT")


def _is_not_ours(fault: OSError | sqlite3.Error) -> bool:
    # Python itself says, and gives no code, that a text in the file is none; a file we wrote has no such text.
    code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return isinstance(fault, sqlite3.Error) and code in _NOT_OURS


def _mark(shelf: str, key: str, value: bytes) -> int:
    """What tells a whole entry in its place from a damaged one."""
    return zlib.crc32(value, zlib.crc32(f"{shelf}\0{key}\0".encode()))
