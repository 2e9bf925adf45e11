"""The command that says what to mend and what could be said better."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from portal.commands import console
from portal.commands.console import Commands
from portal.today import build_day


def add_to(commands: Commands) -> None:
    """Add these commands to those of `portal`."""
    command = commands.add_parser(
        "check", help="legge tutti i contenuti e dice che cosa correggere"
    )
    command.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="solo queste pagine o cartelle"
    )
    command.add_argument("--explain", action="store_true", help="dice perché esiste ogni regola")
    command.add_argument(
        "--links",
        action="store_true",
        help="chiede anche ai siti degli altri se le pagine citate ci sono ancora; non ferma mai il sito",
    )
    command.add_argument(
        "--format",
        choices=("text", "github", "json"),
        default="text",
        help="per persone (text), accanto alle righe su GitHub (github), per programmi (json)",
    )
    command.set_defaults(run=check)


def check(given: argparse.Namespace) -> int:
    """Say what must be mended in `content/`, and what could be said better."""
    from portal.checking import NotInContent, check_content
    from portal.editorial.reports import as_github, as_json, as_text
    from portal.link_check import ask_over_http, dead_links

    def dead(addresses: Collection[str]) -> Mapping[str, str]:
        print(
            f"Chiedo a {len(addresses)} indirizzi se ci sono: può volerci qualche minuto.",
            file=sys.stderr,
        )
        return dead_links(addresses, console.STATE / "links.json", build_day(), ask_over_http)

    try:
        found = check_content(
            console.CONTENT, build_day(), given.files, dead if given.links else None
        )
    except NotInContent as fault:
        print(
            f"{fault.file} non è in content/. Scrivi il file come lo vedi lì, per esempio: "
            "content/storie/2026-05-12-festa.md",
            file=sys.stderr,
        )
        return 1
    if given.format == "github":
        report = as_github(found, console.shown(console.CONTENT))
    elif given.format == "json":
        report = as_json(found, explain=given.explain)
    else:
        report = as_text(found, explain=given.explain)
    print(report)
    return 1 if found.problems else 0
