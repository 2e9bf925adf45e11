"""The SQL of sql/: every query by its name, every migration in its order.

One text serves both databases; the few words only one of them knows are written as
comments (`/*strict*/`, `/*for update*/`) and put in while the text is read.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import aiosql

QUERIES = Path(__file__).parent / "sql" / "queries"
MIGRATIONS = Path(__file__).parent / "sql" / "migrations"

_ONLY_KNOWN_TO = {
    "strict": "sqlite",
    "for update": "postgresql",
    "for update skip locked": "postgresql",
}
_QUERY_NAME = re.compile(r"^-- name: (\w+)", re.MULTILINE)


class Queries:
    """Every named query of sql/queries, as a method.

    A file is read when one of its names is first asked for: a function that only
    keeps a notification has no time for the words of receipts.
    """

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect

    def __getattr__(self, name: str) -> Any:
        path = query_files().get(name)
        if path is None:
            raise AttributeError(f"no query is called {name}")
        return getattr(_load_queries(path, self._dialect), name)


@lru_cache
def query_files() -> dict[str, Path]:
    """Find the file each query is in. Raises ValueError for a name used twice."""
    found: dict[str, Path] = {}
    for path in sorted(QUERIES.glob("*.sql")):
        for name in _QUERY_NAME.findall(path.read_text(encoding="utf-8")):
            if name in found:
                raise ValueError(f"{name} is in {found[name].name} and in {path.name}")
            found[name] = path
    return found


@lru_cache
def _load_queries(path: Path, dialect: str) -> Any:
    driver = {"sqlite": "sqlite3", "postgresql": "psycopg"}[dialect]
    return aiosql.from_str(read_sql(path, dialect), driver, mandatory_parameters=False)


def read_sql(path: Path, dialect: str) -> str:
    """Read a file of SQL, with the words of this dialect in the place of their markers."""
    text = path.read_text(encoding="utf-8")
    for words, knows_them in _ONLY_KNOWN_TO.items():
        text = text.replace(f"/*{words}*/", words if knows_them == dialect else "")
    return text


def migration_files(dialect: str) -> list[Path]:
    """List the migrations of a dialect in the order they are applied."""
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[dialect]
    return [path for path in sorted(MIGRATIONS.glob("*.sql")) if f".{other}." not in path.name]


def statements(script: str) -> Iterator[str]:
    """Cut a script for SQLite into statements; the bodies of triggers stay whole."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError(f"script ends in the middle of a statement: {statement[:60]!r}")
