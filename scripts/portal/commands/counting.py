"""The command that counts readings, without readers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from portal.commands import console
from portal.commands.console import Commands
from portal.commands.italian import folder


def add_to(commands: Commands) -> None:
    """Add these commands to those of `portal`."""
    command = commands.add_parser(
        "stats", help="conta le letture delle pagine dai registri del server, senza persone"
    )
    command.add_argument(
        "logs", nargs="+", type=Path, metavar="LOG", help="i registri, anche compressi"
    )
    command.add_argument("--to", type=folder, required=True, help="la cartella in cui scrivere")
    command.add_argument(
        "--prefix", default="/", help="dove sta il sito sul server, se non è in cima (/)"
    )
    command.set_defaults(run=stats)


def stats(given: argparse.Namespace) -> int:
    """Count the readings of each page from the web server's logs, without persons."""
    from portal.model.readings import months_of_readings, pages_to_read
    from portal.readers.access_log import UnreadableLog, read_access_logs
    from portal.writers.formats import number
    from portal.writers.readings import METHOD, readings_summary, write_readings

    site = console.read_site()
    if site is None:
        return 1
    pages = pages_to_read(site)
    try:
        counts = read_access_logs(given.logs, (page.url for page in pages), given.prefix)
    except UnreadableLog as fault:
        print(f"{fault}\nNon ho scritto nulla.", file=sys.stderr)
        return 1
    months = months_of_readings(counts.readings, counts.days, pages)
    said = [f"{number(counts.lines)} righe lette, {number(counts.bad_lines)} non si capiscono."]
    said.append(
        f"Lasciate fuori: {number(counts.robots)} letture di programmi automatici, "
        f"{number(counts.unknown_addresses)} di indirizzi che il sito non ha."
    )
    if counts.nameless:
        said.append(
            f"{number(counts.nameless)} letture vengono da registri che non dicono il programma: "
            "lì i motori di ricerca sono contati."
        )
    summary = "\n".join([readings_summary(months) or "Nessun giorno nei registri.", "", *said])
    files = write_readings(months) | {"letture.txt": f"{summary}\n\n{METHOD}\n".encode()}
    try:
        given.to.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            waiting = given.to / f".{name}"
            waiting.write_bytes(content)
            waiting.replace(given.to / name)
    except OSError:
        print(
            f"{given.to}: non ci posso scrivere. Controlla la cartella e lo spazio sul disco.",
            file=sys.stderr,
        )
        return 1
    print(summary)
    print(f"\nHo scritto {', '.join(files)} in {console.shown(given.to)}/.")
    return 0
