"""The commands for whoever writes: a new page, what is due, translations, an old blog."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from portal.commands import console
from portal.commands.console import Commands
from portal.commands.italian import folder, title, whole_number
from portal.today import build_day


def add_to(commands: Commands) -> None:
    """Add these commands to those of `portal`."""
    from portal.drafting import TYPES

    command = commands.add_parser("new", help="crea una pagina nuova da riempire")
    kinds = sorted(TYPES)
    command.add_argument("kind", choices=kinds, metavar="TIPO", help=", ".join(kinds))
    command.add_argument("title", type=title, metavar="TITOLO", help="il titolo, fra virgolette")
    command.set_defaults(run=new)

    command = commands.add_parser(
        "calendar", help="elenca uscite, riletture, scadenze e bozze, dal giorno più vicino"
    )
    command.add_argument(
        "--days",
        type=whole_number(0, 36_500),
        default=30,
        help="quanti giorni sono «prossimi» (30)",
    )
    command.set_defaults(run=calendar)

    command = commands.add_parser(
        "translated",
        help="segna che le traduzioni sono in pari con le pagine italiane, dopo averle rilette",
    )
    command.add_argument("files", nargs="*", type=Path, help="le pagine tradotte (senza: tutte)")
    command.set_defaults(run=translated)

    command = commands.add_parser(
        "import", help="trasforma l'esportazione di un vecchio blog in bozze di storie"
    )
    command.add_argument("system", choices=["blogger", "wordpress"], help="da dove viene")
    command.add_argument("file", type=Path, help="il file esportato")
    command.add_argument("--to", type=folder, required=True, help="la cartella delle storie")
    command.add_argument("--pictures", type=Path, help="la cartella con le foto del vecchio blog")
    command.add_argument(
        "--labels", type=Path, help="che cosa vogliono dire le etichette (content/etichette.yml)"
    )
    command.add_argument(
        "--site", default="", help="l'indirizzo del vecchio blog, se il file non lo dice"
    )
    command.add_argument(
        "--source", default="Blog di #Oltreiperimetri", help="il nome della fonte da scrivere"
    )
    command.add_argument("--report", type=Path, help="un file in cui scrivere anche il resoconto")
    command.set_defaults(run=import_)


def new(given: argparse.Namespace) -> int:
    """Write a new page for an editor to fill in."""
    from portal.drafting import draft_page

    try:
        file = draft_page(console.CONTENT, given.kind, given.title, build_day())
    except FileExistsError as error:
        print(
            f"C'è già una pagina con questo nome: {console.shown(Path(error.filename))}. Scegli un altro titolo.",
            file=sys.stderr,
        )
        return 1
    print(f"Ho creato {console.shown(file)}")
    print("Aprila e riempila: le righe che cominciano con # spiegano ogni campo.")
    print("Poi controlla con: .venv/bin/portal check")
    return 0


def calendar(given: argparse.Namespace) -> int:
    """List what the days ahead ask of whoever writes the site, drafts included."""
    from portal.model.editorial_calendar import editorial_calendar
    from portal.readers.content import ContentReader
    from portal.writers.formats import weekday_date

    today = build_day()
    reader = ContentReader(console.CONTENT, today, preview=True)
    site = reader.read()
    if site is None:
        console.print_problems(reader.pages_read, sorted(reader.problems))
        return 1
    entries = editorial_calendar(site.every_page(), reader.pictures, today)
    soon = today + datetime.timedelta(days=given.days)
    parts = {
        "In ritardo": [entry for entry in entries if entry.is_late(today)],
        f"Nei prossimi {given.days} giorni": [
            entry for entry in entries if entry.day and today <= entry.day <= soon
        ],
        "Più avanti": [entry for entry in entries if entry.day and entry.day > soon],
        "Bozze senza un giorno": [entry for entry in entries if entry.day is None],
    }
    for part, listed in parts.items():
        if listed:
            print(f"{part}:")
        for entry in listed:
            day = weekday_date(entry.day) if entry.day else "—"
            still = " (è ancora una bozza)" if entry.day and entry.is_draft else ""
            print(f"  {day}: {entry.due} «{entry.name}»{still}  {entry.where}")
    if not entries:
        print("Niente in calendario.")
    return 0


def translated(given: argparse.Namespace) -> int:
    """Say that translations are level with their Italian pages."""
    from portal.translating import NotMarked, mark_translated, translated_files

    files = given.files or translated_files(console.CONTENT)
    try:
        marked = list(mark_translated(console.CONTENT, files, build_day()))
    except NotMarked as fault:
        print(fault, file=sys.stderr)
        return 1
    for file in marked:
        print(f"{console.shown(file)}: ora è in pari con la pagina italiana")
    level = len(files) - len(marked)
    updated = "traduzione aggiornata" if len(marked) == 1 else "traduzioni aggiornate"
    print(f"{len(marked)} {updated}, {level} {'era' if level == 1 else 'erano'} già in pari.")
    return 0


def import_(given: argparse.Namespace) -> int:
    """Turn an export of the old site into drafts of stories, and say what needs a person."""
    from portal.importing.blogger import read_blogger
    from portal.importing.export_file import UnreadableExport
    from portal.importing.importer import Importer
    from portal.importing.labels import LABELS_FILE, LabelFaults, read_labels
    from portal.importing.pictures import Pictures
    from portal.importing.wordpress import read_wordpress

    site = console.read_site(preview=True)
    if site is None:
        return 1
    names = {
        "azioni": {action.slug: action.title for action in site.actions},
        "luoghi": {place.slug: place.title for place in site.places},
        "rete": {member.slug: member.title for member in site.network.members},
        "comuni": {town.id: town.name for town in site.network.towns},
    }
    table = console.CONTENT / LABELS_FILE
    if given.pictures is not None and not given.pictures.is_dir():
        print(f"{given.pictures} non è una cartella. Controlla il nome.", file=sys.stderr)
        return 1
    try:
        labels = read_labels(given.labels or (table if table.exists() else None), names)
        read = {"blogger": read_blogger, "wordpress": read_wordpress}[given.system]
        report = Importer(
            lambda: read(given.file, given.site),
            console.CONTENT,
            given.to,
            labels,
            Pictures(given.pictures),
            given.source,
        ).run()
    except (UnreadableExport, LabelFaults) as fault:
        print(f"{fault}\nNon ho scritto nulla.", file=sys.stderr)
        return 1
    except OSError as fault:
        print(
            f"{fault.filename or given.to}: non ci posso scrivere o leggere. Controlla la cartella "
            "e lo spazio sul disco.\nNon ho scritto nulla.",
            file=sys.stderr,
        )
        return 1
    text = report.in_italian()
    try:
        if given.report:
            given.report.write_text(text, encoding="utf-8")
    except OSError:
        print(f"{given.report}: non ci posso scrivere. Il resoconto è qui sotto.", file=sys.stderr)
    print(text, end="")
    print(
        f"\nLe bozze sono in {console.shown(given.to)}/. Rileggile una per una, poi: portal check"
    )
    return 0
