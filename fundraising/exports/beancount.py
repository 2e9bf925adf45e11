"""The books as Beancount text, for whoever checks them with tools of their own.

A plain text format for double entry (https://beancount.github.io/docs). The text ends
with the balance of every account, so the checker repeats our sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from fundraising.clock import italian_day
from fundraising.exports.journal import KINDS
from fundraising.store import from_text

Row = dict[str, Any]


def write_beancount(
    postings: Iterable[Row], balances: Mapping[str, int], *, until: date, title: str
) -> str:
    """Write the postings, and the balances at the end of the day *until*."""
    rows = list(postings)
    first = min((_day(row) for row in rows), default=until)
    lines = [
        f'option "title" {_text(title)}',
        'option "operating_currency" "EUR"',
        "",
        *(f"{first} open {account} EUR" for account in sorted(balances)),
        "",
    ]
    booking = None
    for row in rows:
        if row["id"] != booking:
            if booking is not None:
                lines.append("")
            booking = row["id"]
            lines += _head(row)
        lines.append(f"  {row['account']:<28}{_euros(row['amount_cents']):>14} EUR")
    # A balance holds at the beginning of its day: the day after the last.
    lines += ["", *(
        f"{until + timedelta(days=1)} balance {account:<28}{_euros(cents):>14} EUR"
        for account, cents in sorted(balances.items())
    )]  # fmt: skip
    return "\n".join(lines) + "\n"


def _head(row: Row) -> list[str]:
    tag = f" #{row['campaign']}" if row["campaign"] else ""
    lines = [
        f"{_day(row)} * {_text(KINDS[row['kind']])}{tag}",
        f"  movimento: {_text(row['id'])}",
    ]
    if row["donation"]:
        lines.append(f"  donazione: {_text(row['donation'])}")
    return lines


def _day(row: Row) -> date:
    return italian_day(from_text(row["booked_at"]))


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _euros(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    return f"{sign}{euros}.{rest:02}"
