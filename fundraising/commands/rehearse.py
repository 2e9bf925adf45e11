"""The command rehearse: a year of giving in the sandbox, to see it all."""

from __future__ import annotations

import argparse
from datetime import timedelta

from fundraising.commands.italian import Commands, declare
from fundraising.commands.opening import Progress, visitor_settings, whole_number

_MOST_DAYS = 3660
_MOST_GIFTS = 100


def add(commands: Commands) -> None:
    """Declare the command."""
    rehearse = declare(
        commands, "rehearse", "prova un anno di doni nella finta Stripe, fino a oggi"
    )
    rehearse.add_argument(
        "--days", type=_days, default=365, metavar="GIORNI", help="quanti giorni (%(default)s)"
    )
    rehearse.add_argument(
        "--gifts", type=_gifts, default=0.6, metavar="N", help="doni al giorno (%(default)s)"
    )
    rehearse.add_argument(
        "--seed", type=int, default=1, metavar="N", help="lo stesso numero, lo stesso anno"
    )
    rehearse.set_defaults(run=_rehearse)


def _rehearse(options: argparse.Namespace) -> int:
    from random import Random

    from fundraising.bootstrap import bootstrap
    from fundraising.clock import utc_now
    from fundraising.rehearsal import Calendar, NoRehearsal, RehearsedYear

    settings = visitor_settings()
    today = utc_now().replace(hour=9, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=options.days)
    calendar = Calendar(first)
    parts = bootstrap(settings, clock=calendar)
    progress = Progress()
    try:
        with parts.store.transaction() as books:
            used = books.campaigns_in_books(livemode=0)
        if used:
            print(f"In {settings.data_dir} c'è già una prova. Comincia in una cartella vuota:")
            print("  DATA_DIR=.portal/anno fundraising rehearse")
            return 1
        year = RehearsedYear(parts, calendar, Random(options.seed), gifts_a_day=options.gifts)
        happened = year.play(
            first,
            options.days,
            lambda days: progress.tell(f"{days} giorni di {options.days}", days * 10),
        )
        progress.end()
    except NoRehearsal as error:
        print(str(error))
        return 1
    finally:
        parts.close()
    print(f"{options.days} giorni di doni, dal {first:%d/%m/%Y} a ieri:")
    for what, number in sorted(happened.counts.items(), key=lambda pair: -pair[1]):
        print(f"  {number:>5}  {what}")
    print(f"I libri sono in {settings.data_dir}. Con la stessa DATA_DIR guarda:")
    print("  fundraising doctor                    se tutto torna")
    print("  fundraising reconcile                 ogni versamento, centesimo per centesimo")
    print("  fundraising report --to prova-anno    l'anno in figure")
    print(f"  fundraising export ade {today.year}           il controllo per l'Agenzia")
    print("  fundraising serve                     le lettere in /api/mailbox, la regia in /prova/")
    return 0


def _days(text: str) -> int:
    return whole_number(text, "quanti giorni:", least=1, most=_MOST_DAYS)


def _gifts(text: str) -> float:
    try:
        read = float(text.replace(",", "."))
    except ValueError:
        read = -1
    # What is no number at all, «nan», is between no two either.
    if not 0 <= read <= _MOST_GIFTS:
        raise argparse.ArgumentTypeError(
            f"quanti doni: «{text}» non va bene. Scrivi un numero da 0 a {_MOST_GIFTS}, "
            "per esempio 0,6."
        )
    return read
