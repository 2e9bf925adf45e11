"""Commands that ask Stripe: sweep, reconcile, refund."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from fundraising.commands.opening import Progress, cents, wired
from fundraising.money import format_cents

if TYPE_CHECKING:
    from fundraising.reconcile import PayoutCheck

Commands = Any  # argparse gives the class of its subparsers no public name.


def add(commands: Commands) -> None:
    """Declare the commands."""
    sweep = commands.add_parser(
        "sweep",
        help="chiede a Stripe che cosa è cambiato e rimedia alle notifiche perse (ogni giorno)",
    )
    sweep.set_defaults(run=_sweep)

    reconcile = commands.add_parser(
        "reconcile", help="confronta i libri con Stripe, centesimo per centesimo; 1 se non torna"
    )
    reconcile.set_defaults(run=_reconcile)

    refund = commands.add_parser("refund", help="rimborsa un dono con Stripe, tutto o in parte")
    refund.add_argument(
        "donation",
        metavar="DONAZIONE",
        help="la donazione, la sua sessione (cs_…), fattura (in_…) o pagamento (pi_…)",
    )
    refund.add_argument("--amount", type=cents, metavar="EURO", help="solo questa parte: 12,50")
    refund.add_argument(
        "--again", action="store_true", help="conferma un secondo rimborso uguale in dieci minuti"
    )
    refund.set_defaults(run=_refund)


def _sweep(options: argparse.Namespace) -> int:
    from fundraising.sweep import Sweep

    progress = Progress()
    with wired() as parts:
        sweep = Sweep(parts.store, parts.gateway, parts.reducer, clock=parts.clock)
        done = sweep.run(
            lambda listed, looked_at: progress.tell(
                f"{listed} oggetti elencati, {looked_at} guardati", listed
            )
        )
        progress.end()
        work = parts.worker.run_once()
    print(f"{done.listed} oggetti elencati da Stripe, {done.looked_at} da guardare e guardati.")
    print(f"{work.receipts} ricevute emesse in ritardo, {work.letters} lettere lavorate.")
    if done.promises_abandoned:
        print(f"{done.promises_abandoned} bonifici promessi da oltre 90 giorni: non li aspettiamo.")
    if done.people_forgotten:
        print(f"{done.people_forgotten} persone dimenticate: i loro dati non servono più.")
    if done.tasks:
        print(f"{done.tasks} oggetti non li capiamo: «fundraising doctor» dice quali.")
    return 0


def _reconcile(options: argparse.Namespace) -> int:
    from fundraising.reconcile import reconcile

    progress = Progress()
    with wired() as parts:
        found = reconcile(parts, lambda what, number: progress.tell(f"{what}: {number}", number))
        progress.end()
    for payout in found.payouts:
        print(_payout_line(payout))
    print(
        f"{found.entries} movimenti a Stripe. Saldo: {format_cents(found.stripe_cents)} a Stripe, "
        f"{format_cents(found.books_cents)} nei libri."
    )
    if found.holds:
        print("Tutto torna: ogni centesimo è spiegato.")
        return 0
    if found.differences:
        print(f"{len(found.differences)} movimenti non spiegati:")
    for difference in found.differences:
        print(f"  {difference.id}  {format_cents(difference.cents):>14}  {difference.what}")
    unexplained = found.stripe_cents - found.books_cents
    print(f"Non torna: fra Stripe e i libri ci sono {format_cents(unexplained)} di differenza.")
    print("Prova «fundraising sweep»; se non basta, «fundraising doctor» dice che cosa guardare.")
    return 1


def _payout_line(payout: PayoutCheck) -> str:
    words = {"paid": "arrivato", "failed": "tornato indietro"}.get(payout.status, payout.status)
    line = f"  {payout.id}  {format_cents(payout.amount_cents):>14}  {words}"
    if payout.entries is None:
        return f"{line}, fatto a mano: si confronta solo il totale"
    if payout.unexplained_cents:
        unexplained = format_cents(payout.unexplained_cents)
        return f"{line}, {payout.entries} movimenti, {unexplained} NON SPIEGATI"
    return f"{line}, {payout.entries} movimenti, spiegato"


def _refund(options: argparse.Namespace) -> int:
    from fundraising.refund import RefundRefused, find_gift, refund_gift

    with wired() as parts:
        gift = find_gift(parts, options.donation)
        if gift is None:
            print(f"Nessun dono si chiama {options.donation}.")
            return 1
        try:
            gift, refunded_cents = refund_gift(parts, gift, options.amount, again=options.again)
        except RefundRefused as refused:
            print(f"Non abbiamo rimborsato niente. {refused}")
            return 1
        parts.worker.run_once()
    kept = format_cents(gift["amount_cents"] - gift["refunded_cents"])
    print(f"Rimborso di {format_cents(refunded_cents)} chiesto a Stripe per {gift['origin']}.")
    if gift["refund_pending"]:
        print("È in viaggio: i libri cambiano quando arriva.")
    else:
        print(f"Del dono restano {kept}; ricevuta e lettera sono aggiornate.")
    return 0
