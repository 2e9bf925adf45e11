"""The command import-bank: transfers that reached the account, and those in doubt."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fundraising.commands.italian import Commands, counted, declare
from fundraising.commands.opening import wired
from fundraising.money import format_cents

if TYPE_CHECKING:
    from fundraising.bank.statement import Statement
    from fundraising.bootstrap import Fundraising


def add(commands: Commands) -> None:
    """Declare the command."""
    bank = declare(
        commands,
        "import-bank",
        "legge un estratto conto (CSV o CAMT.053) e riconosce i bonifici promessi",
        description="Legge un estratto conto e riconosce i bonifici dal codice nella causale. "
        "Quelli dubbi li decide una persona. Senza FILE mostra i movimenti da decidere.",
    )
    bank.add_argument("file", nargs="?", type=Path, metavar="FILE", help="estratto .csv o .xml")
    bank.add_argument(
        "--columns",
        type=_columns,
        default={},
        metavar="NOMI",
        help="i nomi delle colonne: data=Giorno,importo=Quanto,causale=Motivo",
    )
    bank.add_argument("--confirm", metavar="ID", help="il movimento ID è il bonifico promesso")
    bank.add_argument(
        "--again",
        metavar="ID",
        help="il movimento ID è un altro dono con il codice di una promessa già arrivata",
    )
    bank.add_argument(
        "--code", metavar="CODICE", help="con --confirm e --again: di quale promessa, OP-…"
    )
    bank.add_argument("--ignore", metavar="ID", help="il movimento ID non è un dono")
    bank.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    from fundraising.bank.matching import (
        CannotConfirm,
        book_again,
        confirm,
        ignore,
        import_statement,
    )
    from fundraising.bank.statement import BadStatement

    with wired() as parts:
        try:
            if options.file:
                done = import_statement(parts, _read(options.file, options.columns))
                print(
                    f"{counted(done.matched, 'bonifico riconosciuto', 'bonifici riconosciuti')}, "
                    f"{counted(done.payouts, 'versamento', 'versamenti')} di Stripe, "
                    f"{done.review} da decidere, {done.already_known} già visti, "
                    f"{counted(done.debits, 'uscita saltata', 'uscite saltate')}."
                )
            if options.confirm:
                gift = confirm(parts, options.confirm, options.code)
                print(f"Bonifico {gift['origin']} arrivato: {format_cents(gift['amount_cents'])}.")
            if options.again:
                gift = book_again(parts, options.again, options.code)
                print(
                    f"Un altro dono di chi aveva promesso: {format_cents(gift['amount_cents'])}, "
                    f"nei libri come {gift['origin']}, con la sua ricevuta."
                )
            if options.ignore:
                ignore(parts, options.ignore)
                print(f"Il movimento {options.ignore} non è un dono: non lo mostriamo più.")
        except BadStatement as bad:
            print(f"{options.file}: non lo abbiamo importato.")
            for problem in bad.problems:
                print(f"  - {problem}")
            return 1
        except CannotConfirm as error:
            print(str(error))
            return 1
        # The receipt has its number; its letter leaves now.
        parts.worker.run_once()
        _show_doubts(parts)
    return 0


def _show_doubts(parts: Fundraising) -> None:
    from fundraising.bank.matching import list_doubts

    doubts = list_doubts(parts)
    if not doubts:
        print("Nessun movimento da decidere.")
        return
    print(
        "Un movimento da decidere:" if len(doubts) == 1 else f"{len(doubts)} movimenti da decidere:"
    )
    for doubt in doubts:
        print(f"  {doubt.id[:8]}  {doubt.booked_on}  {format_cents(doubt.amount_cents)}")
        print(f"      causale: {doubt.words or '(vuota)'}")
        print(f"      dubbio: {doubt.doubt}")
        if doubt.proposals:
            print(f"      dello stesso importo: {', '.join(doubt.proposals)}")
    print("È una promessa: import-bank --confirm ID --code OP-…   Non è un dono: --ignore ID")
    print("Un altro dono con un codice già arrivato: import-bank --again ID --code OP-…")


def _read(path: Path, columns: dict[str, str]) -> Statement:
    """Read a statement by what it is, not by what it is called."""
    from fundraising.bank.camt_statement import read_camt_statement
    from fundraising.bank.csv_statement import read_csv_statement
    from fundraising.bank.statement import BadStatement

    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadStatement([f"non si può leggere ({error.strerror})"]) from error
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_camt_statement(content)
    return read_csv_statement(content, columns)


def _columns(text: str) -> dict[str, str]:
    from fundraising.bank.csv_statement import COLUMNS

    named = {}
    for part in text.split(","):
        column, equals, name = part.partition("=")
        if not equals or column.strip() not in COLUMNS:
            raise argparse.ArgumentTypeError(
                f"«{part}» non si capisce. Scrivilo così: data=Giorno,importo=Quanto,causale=Motivo"
            )
        named[column.strip()] = name.strip()
    return named
