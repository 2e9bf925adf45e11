"""The yearly summary: what one donor gave in a year, and the receipts that prove it.

Gifts belong to the year in which they were given, net of what went back: the same
sums as the receipts, the ledger and the report to the tax agency.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from fundraising.clock import italian_day
from fundraising.exports.period import year as calendar_year
from fundraising.exports.table import Cell, Cents, write_table
from fundraising.money import format_cents
from fundraising.receipts import date_in_words, method_in_words, typeset
from fundraising.register import donor_name
from fundraising.store import Store, from_text

Row = dict[str, Any]
_HEADER = (
    "destinatario", "ricevuta", "emessa_il", "donato_il", "donatore", "codice_fiscale",
    "partita_iva", "per", "metodo", "euro",
)  # fmt: skip


@dataclass(frozen=True)
class YearlyLine:
    """One receipt as the summary names it."""

    receipt: str
    given_on: date
    issued_on: date
    purpose: str
    method: str
    amount_cents: int
    wording: dict[str, str]


@dataclass(frozen=True)
class YearlySummary:
    """What one donor gave one recipient in one year."""

    year: int
    livemode: bool
    recipient: str
    email: str
    name: str
    fiscal_code: str | None
    vat_number: str | None
    lines: tuple[YearlyLine, ...]

    @property
    def total_cents(self) -> int:
        """The sum of the receipts."""
        return sum(line.amount_cents for line in self.lines)


def summarize_year(store: Store, year: int, *, livemode: bool) -> list[YearlySummary]:
    """Gather the valid receipts of a year's gifts by recipient and donor.

    Nobody is merged by guessing: who wrote their name, code or address differently
    gets a summary for each.
    """
    period = calendar_year(year)
    with store.transaction() as books:
        rows = books.receipts_given_in(
            livemode=int(livemode), since=period.since, until=period.until
        )
    people: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        key = (
            row["recipient"],
            donor_name(row).casefold(),
            row["fiscal_code"] or row["vat_number"] or "",
            row["email"].casefold(),
        )
        people.setdefault(key, []).append(row)
    return [
        YearlySummary(
            year=year,
            livemode=livemode,
            recipient=found[0]["recipient"],
            email=found[0]["email"],
            name=donor_name(found[0]),
            fiscal_code=found[0]["fiscal_code"],
            vat_number=found[0]["vat_number"],
            lines=tuple(_line(row) for row in found),
        )
        for _key, found in sorted(people.items())
    ]


def print_summary(summary: YearlySummary) -> bytes:
    """Print a summary as a tagged PDF: the same summary, the same bytes."""
    last = summary.lines[-1]
    texts = {
        "year": str(summary.year),
        "mode": "live" if summary.livemode else "test",
        "recipient_name": last.wording["recipient_name"],
        "recipient_address": last.wording["recipient_address"] or "",
        "recipient_fiscal_code": last.wording["recipient_fiscal_code"] or "",
        "recipient_register": last.wording["recipient_register"] or "",
        "donor_name": summary.name,
        "donor_fiscal_code": summary.fiscal_code or "",
        "donor_vat_number": summary.vat_number or "",
        "total": format_cents(summary.total_cents),
        "rows": [
            [
                line.receipt,
                date_in_words(line.given_on),
                line.purpose,
                method_in_words(line.method),
                format_cents(line.amount_cents),
            ]
            for line in summary.lines
        ],
    }
    return typeset("yearly.typ", texts, max(line.issued_on for line in summary.lines))


def write_register(summaries: Iterable[YearlySummary]) -> bytes:
    """Write the receipts of all summaries as a table."""
    return write_table(_HEADER, (row for summary in summaries for row in _rows(summary)))


def _line(row: Row) -> YearlyLine:
    wording = json.loads(row["wording"])
    return YearlyLine(
        receipt=f"{row['number']}/{row['year']}",
        given_on=date.fromisoformat(wording["given_on"]),
        issued_on=italian_day(from_text(row["issued_at"])),
        purpose=wording["purpose"],
        method=wording["method"],
        amount_cents=row["amount_cents"],
        wording=wording,
    )


def _rows(summary: YearlySummary) -> Iterable[tuple[Cell, ...]]:
    for line in summary.lines:
        yield (
            summary.recipient,
            line.receipt,
            line.issued_on.isoformat(),
            line.given_on.isoformat(),
            summary.name,
            summary.fiscal_code,
            summary.vat_number,
            line.purpose,
            method_in_words(line.method),
            Cents(line.amount_cents),
        )
