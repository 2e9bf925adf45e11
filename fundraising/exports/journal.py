"""The journal (prima nota): every posting in order, debit and credit apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fundraising.clock import italian_day
from fundraising.exports.table import Cents, write_table
from fundraising.store import from_text

Row = dict[str, Any]

KINDS = {
    "payment": "dono",
    "refund": "rimborso",
    "dispute": "contestazione",
    "payout": "versamento sul conto",
    "fee": "commissione di Stripe",
}
ACCOUNTS = {
    "Assets:Stripe": "Saldo Stripe",
    "Assets:Bank": "Banca",
    "Income:Donations": "Donazioni",
    "Income:FeeCover": "Contributi alle commissioni",
    "Income:Refunds": "Rimborsi ai donatori",
    "Income:Disputes": "Contestazioni",
    "Expenses:Fees:Stripe": "Commissioni di pagamento",
    "Expenses:Fees:Disputes": "Costi delle contestazioni",
}
"""The accounts in Italian; the code stays next to the words, for whoever compares."""

_HEADER = (
    "registrazione", "data", "tipo", "conto", "codice_conto", "dare", "avere", "campagna",
    "destinatario", "donazione", "movimento",
)  # fmt: skip


def write_journal(postings: Iterable[Row]) -> bytes:
    """Write the postings as a table; the postings of one booking share their number."""
    return write_table(_HEADER, _lines(postings))


def _lines(postings: Iterable[Row]) -> Iterable[tuple[str | int | Cents | None, ...]]:
    number, booking = 0, None
    for row in postings:
        if row["id"] != booking:
            number, booking = number + 1, row["id"]
        cents = row["amount_cents"]
        yield (
            number,
            italian_day(from_text(row["booked_at"])).isoformat(),
            KINDS[row["kind"]],
            ACCOUNTS.get(row["account"], row["account"]),
            row["account"],
            Cents(cents) if cents > 0 else None,
            Cents(-cents) if cents < 0 else None,
            row["campaign"],
            row["recipient"],
            row["donation"],
            row["id"],
        )
