"""The command people: what we hold about somebody, for them to have or to have erased."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fundraising.commands.italian import Commands, declare
from fundraising.commands.opening import wired, write_out


def add(commands: Commands) -> None:
    """Declare the command."""
    people = declare(commands, "people", "i dati di una persona: estrarli o cancellarli")
    acts = people.add_subparsers(title="che cosa fare", metavar="AZIONE", required=True)

    export = declare(acts, "export", "scrive in JSON tutto quello che i libri ne sanno")
    export.add_argument(
        "email", metavar="EMAIL", help="l'indirizzo con cui ha donato o si è iscritta"
    )
    export.add_argument("--to", type=Path, metavar="FILE", help="lo scrive in un file")
    export.set_defaults(run=_export)

    erase = declare(acts, "erase", "cancella tutto quello che la legge non chiede di conservare")
    erase.add_argument("email", metavar="EMAIL", help="l'indirizzo con cui ha donato")
    erase.set_defaults(run=_erase)

    oppose = declare(
        acts, "oppose", "segna che non vuole comparire nella comunicazione all'Agenzia"
    )
    oppose.add_argument("email", metavar="EMAIL", help="l'indirizzo con cui ha donato")
    oppose.set_defaults(run=_oppose)


def _export(options: argparse.Namespace) -> int:
    from fundraising.people import export_person

    with wired() as parts:
        found = export_person(
            parts.store, options.email, livemode=parts.gateway.livemode, now=parts.clock()
        )
    if found is None:
        print("Di questo indirizzo i libri non sanno niente.")
        return 1
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    write_out(options.to, text.encode(), f"i dati di {options.email}")
    return 0


def _erase(options: argparse.Namespace) -> int:
    from fundraising.people import PlanStillRuns, erase_person

    with wired() as parts:
        try:
            done = erase_person(
                parts.store, options.email, livemode=parts.gateway.livemode, now=parts.clock()
            )
        except PlanStillRuns as running:
            print("Non abbiamo cancellato niente: questa persona ha ancora un dono ricorrente.")
            print(f"Prima va annullato su Stripe: {running}")
            return 1
    if not done.forgotten and not done.kept and not done.was_reader:
        print("Di questo indirizzo i libri non sanno niente.")
        return 1
    if done.was_reader:
        print("Iscrizione alla newsletter: cancellata, e da qui non parte più niente.")
    if not done.forgotten and not done.kept:
        return 0
    print(f"Schede cancellate per intero: {done.forgotten}.")
    if done.kept:
        print(
            f"Schede ridotte a nome e codice fiscale: {done.kept}. La legge le chiede per le "
            f"ricevute fino al {done.kept_until:%d/%m/%Y}; poi si cancellano da sole."
        )
    print("Su Stripe restano i suoi pagamenti: la cancellazione là si chiede dal cruscotto.")
    return 0


def _oppose(options: argparse.Namespace) -> int:
    from fundraising.people import oppose_report

    with wired() as parts:
        rows = oppose_report(
            parts.store, options.email, livemode=parts.gateway.livemode, now=parts.clock()
        )
    if not rows:
        print("Di questo indirizzo i libri non sanno niente.")
        return 1
    print(f"Schede segnate: {rows}. Non compariranno nella comunicazione all'Agenzia.")
    return 0
