"""The command receipts: issue, correct, send again, print, and a donor's year."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundraising.commands.italian import Commands, declare
from fundraising.commands.opening import Progress, wired, write_file, year
from fundraising.money import format_cents

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising

Row = dict[str, Any]


def add(commands: Commands) -> None:
    """Declare the command."""
    receipts = declare(commands, "receipts", "le ricevute: emetterle, correggerle, rimandarle")
    acts = receipts.add_subparsers(title="che cosa fare", metavar="AZIONE", required=True)

    issue = declare(acts, "issue", "emette le ricevute che mancano")
    issue.set_defaults(run=_issue)

    void = declare(acts, "void", "annulla una ricevuta e ne emette una corretta al suo posto")
    _add_receipt(void)
    void.add_argument("--first-name", metavar="NOME", help="il nome corretto")
    void.add_argument("--last-name", metavar="COGNOME", help="il cognome corretto")
    void.add_argument("--fiscal-code", metavar="CODICE", help="il codice fiscale corretto")
    void.set_defaults(run=_void)

    resend = declare(acts, "resend", "rimanda una ricevuta al donatore, segnata «copia»")
    _add_receipt(resend)
    resend.set_defaults(run=_resend)

    printed = declare(acts, "print", "la stampa di nuovo, uguale byte per byte")
    _add_receipt(printed)
    printed.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="dove scrivere il PDF"
    )
    printed.set_defaults(run=_print)

    yearly = declare(acts, "yearly", "il riepilogo dell'anno, un PDF per donatore")
    yearly.add_argument("year", type=year, metavar="ANNO", help="per esempio 2026")
    yearly.add_argument(
        "--to", type=Path, required=True, metavar="CARTELLA", help="dove scrivere i riepiloghi"
    )
    yearly.set_defaults(run=_yearly)


def _add_receipt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("receipt", metavar="NUMERO/ANNO", help="per esempio 12/2026")
    parser.add_argument("--recipient", metavar="CHI", help="se più destinatari hanno quel numero")


def _issue(options: argparse.Namespace) -> int:
    with wired() as parts:
        issued = parts.reducer.issue_missing_receipts()
        letters = parts.worker.run_once().letters
        with parts.store.transaction() as books:
            missing = len(books.donations_without_receipt(livemode=int(parts.gateway.livemode)))
    print(f"{issued} ricevute emesse, {letters} lettere lavorate.")
    if missing:
        print(f"{missing} doni aspettano ancora: campaigns.json non nomina chi li ha ricevuti.")
    return 1 if missing else 0


def _void(options: argparse.Namespace) -> int:
    from fundraising.fiscal_code import FiscalCodeRefused, read_fiscal_code
    from fundraising.register import replace_receipt
    from fundraising.store import to_text

    with wired() as parts:
        receipt = _find(parts, options)
        if receipt is None:
            return 1
        if receipt["state"] != "issued":
            print(f"La ricevuta {options.receipt} è già annullata.")
            return 1
        with parts.store.transaction() as books:
            donor = books.find_donor(id=receipt["donor"])
            try:
                corrected = _corrected(donor, options, read_fiscal_code)
            except (FiscalCodeRefused, _NameRefused) as refused:
                print(str(refused))
                return 1
            now = parts.clock()
            try:
                number = replace_receipt(
                    books,
                    receipt,
                    parts.campaigns.read(),
                    donor=corrected,
                    now=now,
                    new_id=parts.new_id,
                )
            except ValueError as error:
                print(f"Non abbiamo cambiato niente: {error}")
                return 1
            books.enqueue_letter(
                id=parts.new_id(),
                livemode=receipt["livemode"],
                kind="replaced",
                subject=receipt["id"],
                donation=receipt["donation"],
                amount_cents=receipt["amount_cents"],
                now=to_text(now),
            )
        parts.worker.run_once()
    print(
        f"La ricevuta {options.receipt} è annullata e resta nel registro. "
        f"Al suo posto vale la n. {number}, che "
        + (
            "parte ora per il donatore."
            if donor["email"]
            else "non parte: il donatore ha fatto cancellare il suo indirizzo."
        )
    )
    return 0


def _resend(options: argparse.Namespace) -> int:
    from fundraising.store import to_text

    with wired() as parts:
        receipt = _find(parts, options)
        if receipt is None:
            return 1
        if receipt["state"] != "issued":
            print(f"La ricevuta {options.receipt} è annullata: non si rimanda.")
            return 1
        letter = parts.new_id()
        with parts.store.transaction() as books:
            if not books.find_donor(id=receipt["donor"])["email"]:
                print("Il donatore ha fatto cancellare il suo indirizzo: non possiamo scrivergli.")
                return 1
            books.enqueue_letter(
                id=letter,
                livemode=receipt["livemode"],
                kind="copy",
                # Each copy is asked for by a person: asked twice, it leaves twice.
                subject=letter,
                donation=receipt["donation"],
                amount_cents=receipt["amount_cents"],
                now=to_text(parts.clock()),
            )
        parts.worker.run_once()
    print(f"Una copia della ricevuta {options.receipt} parte ora per il donatore.")
    return 0


def _print(options: argparse.Namespace) -> int:
    from fundraising.receipts import print_receipt
    from fundraising.register import receipt_facts

    with wired() as parts:
        receipt = _find(parts, options)
        if receipt is None:
            return 1
        with parts.store.transaction() as books:
            donor = books.find_donor(id=receipt["donor"])
    write_file(options.to, print_receipt(receipt_facts(receipt, donor)))
    void = ", annullata" if receipt["state"] == "void" else ""
    print(
        f"{options.to}: ricevuta {options.receipt}, {format_cents(receipt['amount_cents'])}{void}"
    )
    return 0


def _yearly(options: argparse.Namespace) -> int:
    from fundraising.yearly import print_summary, summarize_year, write_register

    progress = Progress()
    with wired() as parts:
        summaries = summarize_year(parts.store, options.year, livemode=parts.gateway.livemode)
    for number, summary in enumerate(summaries, start=1):
        # No name in the file's name: it ends up in logs and in lists of attachments.
        name = f"riepilogo-{options.year}-{summary.recipient}-{number:04}.pdf"
        write_file(options.to / name, print_summary(summary))
        progress.tell(f"{number} riepiloghi di {len(summaries)}", number)
    progress.end()
    register = options.to / f"ricevute-{options.year}.csv"
    write_file(register, write_register(summaries))
    total = format_cents(sum(summary.total_cents for summary in summaries))
    receipts = sum(len(summary.lines) for summary in summaries)
    print(
        f"{len(summaries)} riepiloghi in {options.to}, per {receipts} ricevute: {total} in tutto."
    )
    print(f"{register}: il registro, da aprire con un foglio di calcolo")
    return 0


def _find(parts: Fundraising, options: argparse.Namespace) -> Row | None:
    """Find a receipt by its number, or say why not."""
    written = re.fullmatch(r"([0-9]{1,9})/([0-9]{4})", options.receipt)
    if written is None:
        print(f"«{options.receipt}» non è una ricevuta. Scrivila così: 12/2026")
        return None
    with parts.store.transaction() as books:
        found: list[Row] = books.receipts_numbered(
            number=int(written[1]),
            year=int(written[2]),
            livemode=int(parts.gateway.livemode),
        )
    if options.recipient:
        found = [row for row in found if row["recipient"] == options.recipient]
    if not found:
        print(f"Nel registro non c'è la ricevuta {options.receipt}.")
        return None
    if len(found) > 1:
        names = ", ".join(row["recipient"] for row in found)
        print(f"La {options.receipt} è di più destinatari: aggiungi --recipient ({names}).")
        return None
    return found[0]


class _NameRefused(ValueError):
    """A name that no receipt can bear; says why, in words for the treasurer."""


def _corrected(donor: Row, options: argparse.Namespace, read_code: Any) -> Row | None:
    """Return the donor with what the treasurer corrected; None when nothing was."""
    from fundraising.form import problem_of_name, read_name

    changes = {}
    for field, typed, label in (
        ("first_name", options.first_name, "nome"),
        ("last_name", options.last_name, "cognome"),
    ):
        if typed is not None:
            changes[field] = read_name(typed)
            if problem := problem_of_name(changes[field], label):
                raise _NameRefused(f"Non abbiamo cambiato niente. {problem}")
    if options.fiscal_code is not None:
        changes["fiscal_code"] = read_code(options.fiscal_code)
    return donor | changes if changes else None
