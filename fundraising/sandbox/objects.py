"""The objects of the rehearsal account, one JSON document each.

They live in one SQLite table, in memory or in a file: a rehearsal that was
stopped goes on where it was. Keys that start with an underscore are the
sandbox's own notes and never leave it.
"""

import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Body = dict[str, Any]

SCHEMA = """
create table if not exists object (
    position integer primary key autoincrement,
    id text not null unique,
    kind text not null,
    body text not null
);
create index if not exists object_by_kind on object (kind, position);
create index if not exists object_by_payment on object (kind, json_extract(body, '$.payment_intent'));
create index if not exists object_by_intent on object (kind, json_extract(body, '$._intent'));
create index if not exists object_by_invoice on object (kind, json_extract(body, '$.invoice'));
create index if not exists object_by_customer on object (kind, json_extract(body, '$.customer'));
create index if not exists object_by_status on object (kind, json_extract(body, '$.status'));
create index if not exists object_by_attempt
    on object (kind, json_extract(body, '$.payment.payment_intent'));
create table if not exists answer (
    idempotency_key text primary key,
    fingerprint text not null,
    status integer not null,
    body text not null
);
"""


_FIELD = re.compile(r"[a-z_]+(\.[a-z_]+)*")


class ObjectStore:
    """Keeps objects by id and lists them by kind, newest first.

    Every thread may use it: reads and changes take turns. *path* of None
    keeps everything in memory.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False
        )
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file; the store cannot be used afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """Do everything inside or nothing; other threads wait. May be nested."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("rollback")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("commit")

    def save(self, body: Body, kind: str | None = None) -> Body:
        """Keep *body* under its id, as new or in place of what was there."""
        with self._lock:
            self._connection.execute(
                "insert into object (id, kind, body) values (?, ?, ?) "
                "on conflict (id) do update set kind = excluded.kind, body = excluded.body",
                (body["id"], kind or body["object"], json.dumps(body)),
            )
        return body

    def find(self, object_id: str) -> Body | None:
        """Return the object with that id, or None."""
        with self._lock:
            row = self._connection.execute(
                "select body from object where id = ?", (object_id,)
            ).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, kind: str, limit: int = -1) -> list[Body]:
        """Return the objects of a kind, newest first, at most *limit* if given."""
        with self._lock:
            rows = self._connection.execute(
                "select body from object where kind = ? order by position desc limit ?",
                (kind, limit),
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def where(self, kind: str, field: str, value: str) -> list[Body]:
        """Return the objects of a kind whose *field* (dots lead inwards) has that value, newest first."""
        if not _FIELD.fullmatch(field):
            raise ValueError(f"{field!r} is not the name of a field")
        with self._lock:
            # The path is part of the text, or SQLite would not use the index on it.
            rows = self._connection.execute(
                f"select body from object where kind = ? and json_extract(body, '$.{field}') = ? "
                "order by position desc",
                (kind, value),
            ).fetchall()
        return [json.loads(row[0]) for row in rows]

    def answer(self, idempotency_key: str) -> tuple[str, int, str] | None:
        """Return fingerprint, status and body of the answer given under a key."""
        with self._lock:
            row: tuple[str, int, str] | None = self._connection.execute(
                "select fingerprint, status, body from answer where idempotency_key = ?",
                (idempotency_key,),
            ).fetchone()
        return row

    def keep_answer(self, idempotency_key: str, fingerprint: str, status: int, body: str) -> None:
        """Keep an answer, to be given again to the same question."""
        with self._lock:
            self._connection.execute(
                "insert into answer values (?, ?, ?, ?)",
                (idempotency_key, fingerprint, status, body),
            )
