"""The command report: the treasurer's private page."""

from __future__ import annotations

import argparse
from pathlib import Path

from fundraising.commands.italian import Commands, declare
from fundraising.commands.opening import wired, write_file


def add(commands: Commands) -> None:
    """Declare the command."""
    report = declare(commands, "report", "una pagina riservata con le figure, da stampare")
    report.add_argument(
        "--to", type=Path, required=True, metavar="CARTELLA", help="dove scrivere la pagina"
    )
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    from fundraising.clock import italian_day
    from fundraising.report.figures import read_figures
    from fundraising.report.page import write_page

    with wired() as parts:
        figures = read_figures(
            parts.store, livemode=parts.gateway.livemode, today=italian_day(parts.clock())
        )
        campaigns = parts.campaigns.read().campaigns
    titles = {campaign.id: campaign.title for campaign in campaigns.values()}
    path = options.to / "donazioni.html"
    write_file(path, write_page(figures, titles).encode())
    print(f"{path}: {len(figures.months)} mesi in figure. Aprila con un browser, o stampala.")
    return 0
