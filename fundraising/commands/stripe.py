"""Commands that ask Stripe: sweep, reconcile, refund, which also takes what the bank gave back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from fundraising.commands.italian import Commands, counted, declare
from fundraising.commands.opening import Progress, cents, day, wired
from fundraising.money import format_cents

if TYPE_CHECKING:
    from fundraising.reconcile import PayoutCheck


def add(commands: Commands) -> None:
    """Declare the commands."""
    sweep = declare(
        commands,
        "sweep",
        "chiede a Stripe che cosa è cambiato e rimedia alle notifiche perse (ogni giorno)",
    )
    sweep.set_defaults(run=_sweep)

    reconcile = declare(
        commands,
        "reconcile",
        "confronta i libri con Stripe, centesimo per centesimo; 1 se non torna",
    )
    reconcile.set_defaults(run=_reconcile)

    refund = declare(
        commands,
        "refund",
        "rimborsa un dono con Stripe, o scrive che un bonifico è stato reso; tutto o in parte",
    )
    refund.add_argument(
        "donation",
        metavar="DONAZIONE",
        help="la donazione, la sua sessione (cs_…), fattura (in_…), pagamento (pi_…) o codice (OP-…)",
    )
    refund.add_argument(
        "--by-bank",
        type=day,
        metavar="GIORNO",
        help="il bonifico è già stato reso dalla banca, quel giorno: 2026-11-24",
    )
    refund.add_argument("--amount", type=cents, metavar="EURO", help="solo questa parte: 12,50")
    refund.add_argument(
        "--again",
        action="store_true",
        help="conferma un secondo rimborso uguale in dieci minuti o, con --by-bank, in un giorno",
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
    listed = counted(done.listed, "oggetto elencato", "oggetti elencati")
    print(f"{listed} da Stripe, {done.looked_at} da guardare e guardati.")
    print(
        f"{counted(work.receipts, 'ricevuta emessa', 'ricevute emesse')} in ritardo, "
        f"{counted(work.letters, 'lettera lavorata', 'lettere lavorate')}."
    )
    if done.promises_abandoned:
        promised = counted(done.promises_abandoned, "bonifico promesso", "bonifici promessi")
        print(f"{promised} da oltre 90 giorni: non aspettiamo più.")
    if done.people_forgotten:
        forgotten = counted(done.people_forgotten, "scheda cancellata", "schede cancellate")
        print(f"{forgotten}: quei dati non servono più.")
    if done.tasks:
        unknown = counted(done.tasks, "oggetto che non capiamo", "oggetti che non capiamo")
        print(f"{unknown}: «fundraising doctor» dice di che si tratta.")
    return 0


def _reconcile(options: argparse.Namespace) -> int:
    from fundraising.reconcile import reconcile

    progress = Progress()
    with wired() as parts:
        found = reconcile(parts, lambda what, number: progress.tell(f"{what}: {number}", number))
        progress.end()
    for payout in found.payouts:
        print(_payout_line(payout))
    arrived = [payout for payout in found.payouts if payout.status == "paid"]
    arrived_cents = format_cents(sum(payout.amount_cents for payout in arrived))
    print(
        f"{counted(len(arrived), 'versamento arrivato', 'versamenti arrivati')}: {arrived_cents}."
    )
    print(
        f"{found.entries} movimenti a Stripe. Saldo: {format_cents(found.stripe_cents)} a Stripe, "
        f"{format_cents(found.books_cents)} nei libri."
    )
    if found.holds:
        print("Tutto torna: ogni centesimo è spiegato.")
        return 0
    if found.differences:
        number = counted(len(found.differences), "movimento non spiegato", "movimenti non spiegati")
        print(f"{number}:")
    for difference in found.differences:
        print(f"  {difference.id}  {format_cents(difference.cents):>14}  {difference.what}")
    unexplained = found.stripe_cents - found.books_cents
    print(f"Non torna: fra Stripe e i libri ci sono {format_cents(unexplained)} di differenza.")
    print("Prova «fundraising sweep»; se non basta, «fundraising doctor» dice che cosa guardare.")
    return 1


def _payout_line(payout: PayoutCheck) -> str:
    words = {"paid": "arrivato", "failed": "tornato indietro"}.get(payout.status, payout.status)
    line = f"  {payout.sent_on}  {format_cents(payout.amount_cents):>14}  {payout.id}  {words}"
    if payout.entries is None:
        return f"{line}, fatto a mano: si confronta solo il totale"
    line += f", {counted(payout.entries, 'movimento', 'movimenti')}"
    if payout.unexplained_cents:
        return f"{line}, {format_cents(payout.unexplained_cents)} NON SPIEGATI"
    return f"{line}, spiegato"


def _refund(options: argparse.Namespace) -> int:
    from fundraising.bank.given_back import book_given_back
    from fundraising.receipts import date_in_words
    from fundraising.refund import RefundRefused, find_gift, refund_gift

    with wired() as parts:
        gift = find_gift(parts, options.donation)
        if gift is None:
            print(f"Nessun dono si chiama {options.donation}.")
            return 1
        went_on = options.by_bank
        asked = {"amount_cents": options.amount, "again": options.again}
        try:
            if went_on:
                gift, refunded_cents = book_given_back(parts, gift, went_on, **asked)
                done = f"resi dalla banca per {gift['origin']}, in data {date_in_words(went_on)}."
                told = f"Nei libri: {format_cents(refunded_cents)} {done}"
            else:
                gift, refunded_cents = refund_gift(parts, gift, **asked)
                told = f"Rimborso di {format_cents(refunded_cents)} chiesto a Stripe per {gift['origin']}."
        except RefundRefused as refused:
            unchanged = "Nei libri non è cambiato" if went_on else "Non abbiamo rimborsato"
            print(f"{unchanged} niente. {refused}")
            return 1
        parts.worker.run_once()
    print(told)
    kept = format_cents(gift["amount_cents"] - gift["refunded_cents"])
    if gift["refund_pending"]:
        print("È in viaggio: i libri cambiano quando arriva.")
    else:
        print(f"Del dono restano {kept}; ricevuta e lettera sono aggiornate.")
    return 0
