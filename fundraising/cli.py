"""The command line: parse, call, print, in Italian."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fundraising.commands import (
    bank,
    export,
    newsletter,
    people,
    receipts,
    rehearse,
    report,
    setup,
    subscribers,
)
from fundraising.commands import stripe as stripe_commands
from fundraising.commands.interruption import when_interrupted
from fundraising.commands.italian import ItalianParser, counted, declare
from fundraising.commands.opening import CannotWrite, visitor_settings, whole_number, writing
from fundraising.gateway import StripeRefused, StripeUnreachable
from fundraising.settings import BadSettings, read_settings
from fundraising.store import StoreUnavailable

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 1 when something is wrong, 2 when misused."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read us, `head` for example, has enough; nothing is left to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except BadSettings as error:
        print("Le impostazioni non vanno bene:", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
        print("Tutte le variabili sono spiegate in .env.example.", file=sys.stderr)
    except CannotWrite as error:
        print(str(error), file=sys.stderr)
    except StoreUnavailable as error:
        print(f"Il database non risponde: {error}", file=sys.stderr)
    except StripeUnreachable as error:
        print(
            f"Stripe non risponde ({error}): riprova più tardi, non va perso niente.",
            file=sys.stderr,
        )
    except StripeRefused as error:
        print(f"Stripe dice di no ({error}): controlla chiave e permessi.", file=sys.stderr)
    return 1


def _serve(options: argparse.Namespace) -> int:
    from fundraising.bootstrap import bootstrap
    from fundraising.entrypoints.server import Server

    def make(webhook_url: str) -> Fundraising:
        port = urlsplit(webhook_url).port or options.port
        settings = read_settings(
            os.environ, host=options.host, port=port, rehearsal=options.rehearsal
        )
        return bootstrap(settings, webhook_url=webhook_url)

    try:
        server = Server(make, host=options.host, port=options.port)
    except OSError as error:
        print(f"Non possiamo ascoltare su {options.host}:{options.port}: {error.strerror}")
        return 1
    stop = threading.Event()
    when_interrupted(stop.set)
    server.start()
    settings = server.parts.settings
    print(f"Le donazioni rispondono su {settings.site_url}/api/donate", flush=True)
    if settings.is_embedded:
        print("PROVA: nessun addebito. I pagamenti si comandano da:", flush=True)
        print(f"  {settings.site_url}/prova/", flush=True)
    if settings.is_embedded and settings.letters_folder:
        print(f"Le lettere restano qui: {settings.site_url}/api/mailbox", flush=True)
    stop.wait()
    server.close()
    return 0


def _port(text: str) -> int:
    return whole_number(text, "la porta", least=0, most=65535)


def _work(options: argparse.Namespace) -> int:
    from fundraising.bootstrap import bootstrap

    parts = bootstrap(visitor_settings())
    try:
        if not options.once:
            stop = threading.Event()

            def leave() -> None:
                stop.set()
                parts.wake.set()

            when_interrupted(leave)
            print("Al lavoro; Ctrl-C per smettere.", flush=True)
            parts.worker.run(stop, parts.wake)
            return 0
        done = parts.worker.run_once()
    finally:
        parts.close()
    print(
        f"{counted(done.notifications, 'notifica lavorata', 'notifiche lavorate')}, "
        f"{counted(done.receipts, 'ricevuta emessa', 'ricevute emesse')} in ritardo, "
        f"{counted(done.letters, 'lettera lavorata', 'lettere lavorate')}"
        + (", totali aggiornati" if done.totals_written else "")
    )
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from fundraising.bootstrap import bootstrap
    from fundraising.doctor import close_task, describe_defences, examine
    from fundraising.newsletter_doctor import describe_readers

    parts = bootstrap(visitor_settings())
    try:
        for done in options.done:
            kind, _, subject = done.partition(":")
            if not close_task(parts, kind, subject):
                print(f"Non c'è niente da guardare che si chiami {done}.")
        findings = examine(parts)
        described = [describe_defences(parts), describe_readers(parts)]
    finally:
        parts.close()
    for line in filter(None, described):
        print(line)
    if not findings:
        print("Tutto torna: libri in pareggio, ricevute senza buchi, niente in attesa.")
        return 0
    print("Una cosa da guardare:" if len(findings) == 1 else f"{len(findings)} cose da guardare:")
    for finding in findings:
        print(f"  - {finding}")
    return 1


def _totals(options: argparse.Namespace) -> int:
    from fundraising import totals
    from fundraising.bootstrap import bootstrap

    parts = bootstrap(visitor_settings())
    try:
        found = totals.read_totals(parts.store, livemode=parts.gateway.livemode, now=parts.clock())
        if options.csv:
            _write_history(parts, options.csv)
    finally:
        parts.close()
    if options.to is None:
        print(totals.as_json(found), end="")
        return 0
    with writing(options.to):
        written = totals.write_totals(found, options.to)
    print(f"{options.to}: {'scritto' if written else 'era già aggiornato'}")
    return 0


def _write_history(parts: Fundraising, path: Path) -> None:
    from fundraising.exports.history import SMALLEST_GROUP, read_history, write_history

    stretches = read_history(parts.store, livemode=parts.gateway.livemode)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write_history(stretches))
    print(f"{path}: {len(stretches)} righe, ognuna di almeno {SMALLEST_GROUP} doni")


def _parser() -> argparse.ArgumentParser:
    parser = ItalianParser(
        prog="fundraising",
        description="Le donazioni di #Oltreiperimetri: pagamenti, libri, ricevute, lettere.",
        epilog="Le impostazioni si leggono dall'ambiente: .env.example le spiega tutte.",
    )
    commands = parser.add_subparsers(title="comandi", metavar="COMANDO", required=True)

    serve = declare(commands, "serve", "risponde a donatori, sito e Stripe, e intanto lavora")
    serve.add_argument("--host", default="127.0.0.1", help="dove ascoltare (%(default)s)")
    serve.add_argument("--port", type=_port, default=8000, help="su quale porta (%(default)s)")
    serve.add_argument(
        "--rehearsal",
        action="store_true",
        help="senza chiave di Stripe, fa vedere la prova anche fuori da questo computer",
    )
    serve.set_defaults(run=_serve)

    work = declare(commands, "work", "lavora notifiche, ricevute, lettere e totali")
    work.add_argument("--once", action="store_true", help="fa quello che c'è da fare e smette")
    work.set_defaults(run=_work)

    doctor = declare(commands, "doctor", "dice che cosa non va; esce con 1 se trova qualcosa")
    doctor.add_argument(
        "--done",
        action="append",
        default=[],
        metavar="COSA",
        help="segna come sistemata una cosa da guardare, col nome che doctor le dà",
    )
    doctor.set_defaults(run=_doctor)

    totals = declare(commands, "totals", "scrive i totali, senza nomi")
    totals.add_argument("--to", type=Path, metavar="FILE", help="li scrive in un file")
    totals.add_argument(
        "--csv", type=Path, metavar="FILE", help="scrive anche la storia di ogni campagna, in CSV"
    )
    totals.set_defaults(run=_totals)

    for group in (
        setup, stripe_commands, receipts, export, bank, people, report, rehearse, newsletter,
        subscribers,
    ):  # fmt: skip
        group.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
