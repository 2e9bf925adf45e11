"""The statement of a campaign (rendiconto): what came in, what it cost, what it was spent on.

Income comes from the postings. Expenses come from a table that a person keeps, with
the document that proves each one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fundraising.exports.journal import ACCOUNTS
from fundraising.exports.period import Period
from fundraising.exports.table import Cell, Cents, write_table
from fundraising.money import AmountRefused, parse_amount

COLUMNS = ("data", "descrizione", "documento", "importo")
_LARGEST_CENTS = 10**10


class BadExpenses(ValueError):
    """An expenses table that cannot be used; *problems* says which line and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Expense:
    """Money spent for a campaign, with the document that proves it."""

    spent_on: date
    what: str
    document: str
    amount_cents: int


@dataclass(frozen=True)
class CampaignStatement:
    """A campaign's accounts over a period. Amounts as the postings sign them are turned."""

    campaign: str
    title: str
    period: Period
    gifts: int
    accounts: Mapping[str, int]
    expenses: tuple[Expense, ...]

    @property
    def income_cents(self) -> int:
        """What came in, net of what went back."""
        return -sum(cents for name, cents in self.accounts.items() if name.startswith("Income:"))

    @property
    def costs_cents(self) -> int:
        """What collecting cost."""
        return sum(cents for name, cents in self.accounts.items() if name.startswith("Expenses:"))

    @property
    def spent_cents(self) -> int:
        """What was spent on the purpose."""
        return sum(expense.amount_cents for expense in self.expenses)

    @property
    def left_cents(self) -> int:
        """What is still to be spent, or has been spent beyond what came in."""
        return self.income_cents - self.costs_cents - self.spent_cents


def read_expenses(path: Path, period: Period) -> tuple[Expense, ...]:
    """Read the expenses of a period. Raises BadExpenses with every line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadExpenses([f"{path}: non si può leggere come testo UTF-8 ({error})"]) from error
    rows = csv.DictReader(text.splitlines(), delimiter=";")
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or [])]
    if missing:
        raise BadExpenses(
            [f"{path}, riga 1: mancano le colonne {', '.join(missing)}. "
             f"Scrivila così: {';'.join(COLUMNS)}"]
        )  # fmt: skip
    expenses, problems = [], []
    for number, row in enumerate(rows, start=2):
        try:
            expenses.append(
                Expense(
                    spent_on=date.fromisoformat((row["data"] or "").strip()),
                    what=_required(row, "descrizione"),
                    document=_required(row, "documento"),
                    amount_cents=parse_amount(
                        (row["importo"] or "").strip(), maximum_cents=_LARGEST_CENTS
                    ),
                )
            )
        except (ValueError, AmountRefused) as error:
            problems.append(f"{path}, riga {number}: {error}")
    if problems:
        raise BadExpenses(problems)
    return tuple(one for one in expenses if period.first <= one.spent_on <= period.last)


def write_statement(statement: CampaignStatement) -> bytes:
    """Write the statement as a table with its sums."""
    return write_table(("sezione", "voce", "documento", "data", "euro"), _lines(statement))


def _lines(statement: CampaignStatement) -> Iterable[tuple[Cell, ...]]:
    period = f"dal {statement.period.first} al {statement.period.last}"
    yield "Campagna", statement.title, statement.campaign, period, None
    for account, name in ACCOUNTS.items():
        if account.startswith("Income:") and account in statement.accounts:
            yield "Entrate", name, None, None, Cents(-statement.accounts[account])
    gifts = "1 dono" if statement.gifts == 1 else f"{statement.gifts} doni"
    yield "Entrate", f"Totale, da {gifts}", None, None, Cents(statement.income_cents)
    for account, name in ACCOUNTS.items():
        if account.startswith("Expenses:") and account in statement.accounts:
            yield "Costi della raccolta", name, None, None, Cents(statement.accounts[account])
    yield "Costi della raccolta", "Totale", None, None, Cents(statement.costs_cents)
    for expense in sorted(statement.expenses, key=lambda one: one.spent_on):
        yield (
            "Spese per lo scopo",
            expense.what,
            expense.document,
            expense.spent_on.isoformat(),
            Cents(expense.amount_cents),
        )
    yield "Spese per lo scopo", "Totale", None, None, Cents(statement.spent_cents)
    yield "Risultato", "Ancora da impiegare", None, None, Cents(statement.left_cents)


def _required(row: Mapping[str, str | None], name: str) -> str:
    value = (row[name] or "").strip()
    if not value:
        raise ValueError(f"manca «{name}»")
    return value
