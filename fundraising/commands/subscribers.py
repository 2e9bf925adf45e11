"""The command subscribers: who reads the newsletter, for the people who write it."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from fundraising.commands.italian import Commands, counted, declare
from fundraising.commands.opening import wired, write_out

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising
    from fundraising.bounces import Bounce
    from fundraising.readers import Readers
    from fundraising.store import Transaction


def add(commands: Commands) -> None:
    """Declare the command."""
    from fundraising.topics import TOPICS

    subscribers = declare(commands, "subscribers", "chi riceve la newsletter")
    acts = subscribers.add_subparsers(title="che cosa fare", metavar="AZIONE", required=True)

    listing = declare(acts, "list", "elenca le iscrizioni e come stanno")
    listing.set_defaults(run=_list)

    export = declare(acts, "export", "scrive chi riceve le lettere, per un altro programma")
    export.add_argument("--format", choices=("csv", "listmonk"), default="csv", help="%(default)s")
    export.add_argument("--topic", choices=list(TOPICS), help="una lettera sola")
    export.add_argument("--all", action="store_true", help="anche chi ha lasciato, solo in csv")
    export.add_argument("--to", type=Path, metavar="FILE", help="lo scrive in un file")
    export.set_defaults(run=_export)

    leave = declare(acts, "leave", "toglie chi ce lo ha chiesto rispondendo a una lettera")
    leave.add_argument("email", metavar="EMAIL", help="il suo indirizzo")
    leave.add_argument("--topic", choices=list(TOPICS), default="", help="una lettera sola")
    leave.set_defaults(run=_leave)

    bounces = declare(
        acts, "import-bounces", "legge la posta tornata indietro e smette di scrivere a chi serve"
    )
    bounces.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="tabelle CSV email;type;date, o messaggi .eml di mancata consegna",
    )
    bounces.set_defaults(run=_import_bounces)


def _list(options: argparse.Namespace) -> int:
    from fundraising.clock import italian_day
    from fundraising.store import from_text
    from fundraising.subscriptions import State
    from fundraising.topics import TOPICS

    with wired() as parts, parts.store.transaction() as books:
        mode = {"livemode": int(parts.gateway.livemode)}
        totals = books.count_subscriptions(**mode)
        rows = books.all_readers(**mode)
    for topic in TOPICS.values():
        states = {State(row["state"]): row["people"] for row in totals if row["topic"] == topic.id}
        said = ", ".join(state.counted(states[state]) for state in State if state in states)
        print(f"{topic.title} ({topic.id}): {said or 'nessuno'}")
    for row in rows:
        since = row["asked_at"] or row["ended_at"] or row["confirmed_at"]
        print(
            f"  {row['email']}  {row['topic']}  {State(row['state']).in_italian}, "
            f"dal {italian_day(from_text(since)):%d/%m/%Y}"
        )
    return 0


def _export(options: argparse.Namespace) -> int:
    from fundraising.exports.subscribers import write_csv, write_listmonk

    with wired() as parts, parts.store.transaction() as books:
        rows = books.all_readers(livemode=int(parts.gateway.livemode))
    rows = [row for row in rows if options.topic in (None, row["topic"])]
    if options.format == "listmonk" or not options.all:
        rows = [row for row in rows if row["state"] == "active"]
    write = write_listmonk if options.format == "listmonk" else write_csv
    people = len({row["email"].lower() for row in rows})
    write_out(options.to, write(rows), counted(people, "persona", "persone"))
    return 0


def _leave(options: argparse.Namespace) -> int:
    with wired() as parts, parts.store.transaction() as books:
        known = _readers(parts, books).leave_by_address(options.email.strip(), options.topic)
    if not known:
        print("Questo indirizzo non è iscritto.")
        return 1
    print("Fatto: non riceve più " + (f"«{options.topic}»." if options.topic else "niente."))
    return 0


def _import_bounces(options: argparse.Namespace) -> int:
    from fundraising.bounces import BadBounces, read_message, read_table

    found: list[tuple[Path, list[Bounce]]] = []
    problems = []
    for path in options.files:
        read = read_message if path.suffix.lower() == ".eml" else read_table
        try:
            found.append((path, read(path.read_bytes())))
        except BadBounces as error:
            problems += [f"{path}, {problem}" for problem in error.problems]
        except OSError as error:
            problems.append(f"{path}: non si legge ({error.strerror})")
    if problems:
        for problem in problems:
            print(problem)
        print("Non abbiamo cambiato niente: correggi e ripeti.")
        return 1
    with wired() as parts, parts.store.transaction() as books:
        readers = _readers(parts, books)
        for path, bounces in found:
            print(f"{path}: {counted(len(bounces), 'segnalazione', 'segnalazioni')}")
            _take_note(readers, bounces)
    return 0


def _take_note(readers: Readers, bounces: list[Bounce]) -> None:
    from fundraising.readers import Fate
    from fundraising.subscriptions import SOFT_BOUNCES, SOFT_WITHIN

    fates = Counter(readers.suppress(each.email, each.kind, each.on) for each in bounces)
    if fates[Fate.STOPPED]:
        print(f"  fermati: {fates[Fate.STOPPED]}. Non gli scriviamo più, finché non si riscrivono")
    if fates[Fate.KEPT]:
        print(
            f"  senza cambiamenti: {fates[Fate.KEPT]}. Ci fermiamo se la posta torna in "
            f"{SOFT_BOUNCES} giorni diversi su {SOFT_WITHIN.days}"
        )
    if fates[Fate.UNKNOWN]:
        print(f"  non iscritti: {fates[Fate.UNKNOWN]}")


def _readers(parts: Fundraising, books: Transaction) -> Readers:
    from fundraising.readers import Readers

    return Readers(
        books, livemode=int(parts.gateway.livemode), now=parts.clock(), new_id=parts.new_id
    )
