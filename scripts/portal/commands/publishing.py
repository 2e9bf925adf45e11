"""The commands that make the site and keep its addresses."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from portal.collector import leave_all_at_exit, without_collector
from portal.commands import console
from portal.commands.console import Commands
from portal.commands.italian import folder, whole_number
from portal.environment import ROOT
from portal.today import build_day


def add_to(commands: Commands) -> None:
    """Add these commands to those of `portal`."""
    command = commands.add_parser("build", help="costruisce il sito statico")
    command.add_argument(
        "--out",
        type=Path,
        default=ROOT / "site",
        help="la cartella in cui scriverlo (site/)",
    )
    command.add_argument(
        "--totals", type=Path, default=None, help="il file totals.json delle donazioni"
    )
    command.add_argument(
        "--site-url",
        default=None,
        help="l'indirizzo pubblico del sito, se non è quello di mkdocs.yml",
    )
    command.add_argument(
        "--preview",
        action="store_true",
        help="mostra anche le bozze; ogni pagina dice che è un'anteprima e chiede di non essere trovata",
    )
    command.set_defaults(run=build)

    command = commands.add_parser(
        "serve", help="mostra il sito su questa macchina, con le donazioni in prova"
    )
    command.add_argument(
        "--port",
        type=whole_number(1, 65_535),
        default=os.environ.get("PORT", "8000"),
        help="la porta (8000)",
    )
    command.add_argument(
        "--state",
        type=folder,
        default=console.STATE,
        help="dove tenere i dati della prova (.portal/)",
    )
    command.set_defaults(run=serve)

    command = commands.add_parser(
        "addresses", help="elenca gli indirizzi nuovi rispetto a quelli già pubblicati"
    )
    command.add_argument(
        "--write", action="store_true", help="li aggiunge all'elenco, da fare quando si pubblica"
    )
    command.set_defaults(run=addresses)


def build(given: argparse.Namespace) -> int:
    """Build the static site."""
    leave_all_at_exit()
    with without_collector():
        return _built(given)


def _built(given: argparse.Namespace) -> int:
    from mkdocs.exceptions import Abort

    from portal.build import build_site
    from portal.readers.problem import ContentFaults
    from portal.site_folder import PlaceRefused

    if given.totals and not given.totals.is_file():
        # Elsewhere no file means no gifts yet; a name that was typed is meant.
        print(
            f"{given.totals}: qui non c'è il file dei totali. Non ho pubblicato nulla.",
            file=sys.stderr,
        )
        return 1
    try:
        with console.stopped_in_order():
            rendering = build_site(
                given.out,
                site_url=given.site_url,
                totals_file=given.totals,
                preview=given.preview,
                wait=lambda: print(
                    f"Un altro comando sta costruendo {console.shown(given.out)}/: aspetto che finisca.",
                    file=sys.stderr,
                    flush=True,
                ),
            )
    except ContentFaults as faults:
        console.print_problems(faults.pages_read, faults.problems)
        print("Non ho pubblicato nulla: il sito di prima è ancora al suo posto.", file=sys.stderr)
        return 1
    except PlaceRefused as refusal:
        print(f"{refusal}\nNon ho pubblicato nulla.", file=sys.stderr)
        return 1
    except Abort as warning:
        print(
            f"{warning}\nNon ho pubblicato nulla: il sito di prima è ancora al suo posto.",
            file=sys.stderr,
        )
        return 1
    for notice in rendering.notices:
        print(f"{notice}\nHo usato gli ultimi totali buoni, con la loro data.", file=sys.stderr)
    print(f"{len(rendering.bodies)} pagine scritte in {console.shown(given.out)}/.")
    print("Per vederle: ./scripts/serve. Per pubblicarle: copia la cartella sul server.")
    return 0


def serve(given: argparse.Namespace) -> int:
    """Serve the site and the giving on this machine."""
    from portal.server import serve as serve_portal

    build_day()  # What it refuses is said now, and not by every page.
    serve_portal(given.port, given.state, say=lambda text: print(text, flush=True))
    return 0


def addresses(given: argparse.Namespace) -> int:
    """List the addresses that are new since the site was last published; with *write*, keep them for ever."""
    from portal.readers.addresses import ADDRESSES_FILE, read_addresses
    from portal.readers.content_folder import ContentFolder
    from portal.writers.addresses import write_addresses

    site = console.read_site()
    if site is None:
        return 1
    kept = {address for _, address in read_addresses(ContentFolder(console.CONTENT))}
    fresh = [address for address in site.addresses if address not in kept]
    for address in fresh:
        print(f"/{address}")
    if not fresh:
        print("Nessun indirizzo nuovo.")
    elif given.write:
        (console.CONTENT / ADDRESSES_FILE).write_text(
            write_addresses(kept | set(fresh)), encoding="utf-8"
        )
        print(
            f"{len(fresh)} indirizzi aggiunti a {console.shown(console.CONTENT / ADDRESSES_FILE)}."
        )
    else:
        print(f"{len(fresh)} indirizzi nuovi. Quando pubblichi: .venv/bin/portal addresses --write")
    return 0
