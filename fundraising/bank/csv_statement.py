"""Statements as CSV: found by the names of their columns, as Italian banks write them.

Banks put some lines of their own above the table, use `;` or `,`, and call the same
thing by many names. A file none of these names fit is read with names that the
treasurer gives.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date

from fundraising.bank.statement import BadStatement, Credit, Statement
from fundraising.money import AmountRefused, parse_amount

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "data": (
        "data contabile", "data registrazione", "data operazione", "data contabilizzazione",
        "data movimento", "data", "data valuta", "valuta",
    ),
    "importo": (
        "importo", "importo eur", "importo euro", "importo in euro", "ammontare",
    ),
    "entrate": ("entrate", "accrediti", "accredito", "avere", "importo avere"),
    "causale": (
        "descrizione estesa", "descrizione operazione", "descrizione", "causale estesa",
        "dettagli", "dettaglio", "note", "causale", "operazione", "ordinante",
    ),
}  # fmt: skip
"""What each column may be called, the best name first; compared without case and signs."""

_LARGEST_CENTS = 10**12
_HEADER_WITHIN = 30
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")


def read_csv_statement(content: bytes, columns: Mapping[str, str] | None = None) -> Statement:
    """Read a CSV statement.

    *columns* names the columns of this file: `data`, `importo` (or `entrate`) and
    `causale`. Raises BadStatement with every line that cannot be read.
    """
    text = _decode(content)
    rows, header_at, places = _find_table(text, columns or {})
    credits: list[Credit] = []
    problems: list[str] = []
    debits = 0
    for number, row in enumerate(rows[header_at + 1 :], start=header_at + 2):
        day, amount, words = _cells(row, places)
        if not day and not amount:
            continue
        try:
            cents = _read_cents(amount)
            booked_on = _read_day(day)
        except ValueError as error:
            # A line of sums under the table has no date at all.
            if day:
                problems.append(f"riga {number}: {error}")
            continue
        if cents > 0:
            credits.append(Credit(booked_on, cents, words))
        else:
            debits += 1
    if problems:
        raise BadStatement(problems)
    return Statement(tuple(credits), debits)


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _find_table(
    text: str, columns: Mapping[str, str]
) -> tuple[list[list[str]], int, dict[str, list[int]]]:
    """Find the separator, the header line and the place of each column."""
    for separator in (";", "\t", ","):
        reader = csv.reader(io.StringIO(text), delimiter=separator)
        try:
            rows = list(reader)
        except csv.Error as error:
            raise BadStatement(
                [
                    f"riga {reader.line_num}: non è il testo di una tabella ({error}). "
                    "Scarica di nuovo l'estratto dalla banca, come CSV o CAMT.053"
                ]
            ) from error
        for number, row in enumerate(rows[:_HEADER_WITHIN]):
            places = _places([_plain(name) for name in row], columns)
            if places["data"] and (places["importo"] or places["entrate"]):
                return rows, number, places
    raise BadStatement(
        [
            "non troviamo la riga con i nomi delle colonne: servono almeno una data e un importo. "
            "Se hanno altri nomi, dilli così: "
            "--columns data=Giorno,importo=Quanto,causale=Motivo"
        ]
    )


def _places(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for column, known in COLUMNS.items():
        wanted = [_plain(columns[column])] if column in columns else list(known)
        if columns and column not in columns:
            wanted = []
        found = [names.index(name) for name in wanted if name in names]
        # The text may be spread over several columns; of the others the best name counts.
        places[column] = found if column == "causale" else found[:1]
    return places


def _cells(row: Sequence[str], places: Mapping[str, list[int]]) -> tuple[str, str, str]:
    def cell(place: int) -> str:
        return row[place].strip() if place < len(row) else ""

    day = cell(places["data"][0])
    amounts = [cell(place) for place in places["importo"] or places["entrate"]]
    words = " ".join(filter(None, (cell(place) for place in places["causale"])))
    return day, amounts[0], words


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-zà-ù ]", " ", name.casefold()).split())


def _read_cents(text: str) -> int:
    """Read an amount with its sign; an empty cell of credits is a debit elsewhere."""
    if not text:
        return 0
    bare = text.replace("\u2212", "-").strip()
    negative = bare.startswith("-") or bare.endswith("-")
    bare = bare.strip("+- ")
    if re.fullmatch(r"0+([.,]0+)?", bare):
        return 0
    try:
        cents = parse_amount(bare, maximum_cents=_LARGEST_CENTS)
    except AmountRefused as error:
        raise ValueError(f"l'importo «{text}» non si capisce ({error})") from error
    return -cents if negative else cents


def _read_day(text: str) -> date:
    if match := _DAY_FIRST.match(text):
        day, month, year = (int(part) for part in match.groups())
        return _day(text, year + 2000 if year < 100 else year, month, day)
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"la data «{text}» non si capisce: scrivila così, 31/12/2026") from None


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"la data «{text}» non esiste") from None
