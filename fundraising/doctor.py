"""The doctor: what is wrong with the books and their surroundings, in Italian.

It only looks. Each finding says what is wrong and what to do; no findings means
that every cent is explained.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fundraising.defences import Reason
from fundraising.donation import State
from fundraising.gateway import StripeRefused, StripeUnreachable
from fundraising.ledger import STRIPE_BALANCE
from fundraising.money import format_cents
from fundraising.newsletter_doctor import examine_newsletter
from fundraising.store import Transaction, from_text, to_text
from fundraising.sweep import WATERMARK

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising

STUCK_AFTER = timedelta(hours=1)
STUCK_ATTEMPTS = 5
LATE_SWEEP = timedelta(days=3)
_REFUSED_LETTER = "lettera"

TASKS = {
    "unknown_object": (
        "Stripe ha parlato di un oggetto che non conosciamo",
        "guardalo nel cruscotto di Stripe",
    ),
    "unknown_fact": (
        "Stripe dice una cosa per cui non abbiamo una regola",
        "guardala nel cruscotto di Stripe e chiama chi cura il programma",
    ),
    "orphan": (
        "a Stripe c'è un pagamento che non viene da questo sito",
        "nel cruscotto di Stripe guarda di chi è, e se va reso",
    ),
    "backwards": (
        "una donazione sembra tornata indietro",
        "confrontala con il cruscotto di Stripe",
    ),
    "other_amount": (
        "l'importo arrivato non è quello chiesto",
        "nei libri c'è quello arrivato: se è un errore, rimborsalo",
    ),
    "twice": (
        "due doni uguali dalla stessa persona in dieci minuti",
        "chiedile se li voleva tutti e due; se no rendine uno, e se si ripete fermalo",
    ),
    "refund_failed": (
        "un rimborso non è arrivato al donatore",
        "il denaro è di nuovo da noi: accordati con il donatore su come renderglielo; se il "
        "rimborso gli era già stato annunciato, una lettera lo avvisa",
    ),
    "errand": (
        "Stripe non ha voluto fare quello che le abbiamo chiesto",
        "fallo dal cruscotto di Stripe",
    ),
    "wrong_mode": (
        "un oggetto è nella modalità sbagliata",
        "controlla che chiave e webhook siano tutti e due veri, o di prova",
    ),
}

_TURNED_AWAY = {
    Reason.ELSEWHERE: "da un altro sito",
    Reason.TRAP: "nel campo trappola",
    Reason.SHIELD: "per lo scudo",
    Reason.NETWORK: "dalla stessa rete",
    Reason.EMAIL: "con la stessa e-mail",
    Reason.PAGE: "dalla stessa pagina",
    Reason.SITE: "per il limite del sito",
}


def examine(fundraising: Fundraising) -> list[str]:
    """List everything that is wrong. Raises StoreUnavailable when there are no books to see."""
    findings = list(_examine_campaigns(fundraising))
    with fundraising.store.transaction() as books:
        livemode = int(fundraising.gateway.livemode)
        findings += _examine_ledger(books, livemode)
        findings += _examine_receipts(books, livemode)
        findings += _examine_post(books, livemode, before=fundraising.clock() - STUCK_AFTER)
        findings += _examine_tasks(books, livemode)
        findings += _examine_sweep(books, livemode, now=fundraising.clock())
        findings += _examine_bank(books, livemode)
        findings += examine_newsletter(books, livemode, now=fundraising.clock())
        booked_cents = int(
            books.account_balance(livemode=livemode, account=STRIPE_BALANCE)["cents"]
        )
    findings += _examine_defences(fundraising)
    findings += _compare_with_stripe(fundraising, booked_cents)
    return findings


def describe_defences(fundraising: Fundraising) -> str:
    """Tell in a line what the counters of the defences say, whether or not anything is wrong."""
    try:
        watch = fundraising.defences.watch(now=fundraising.clock())
    except Exception:
        return "Difese: i contatori non si leggono."
    sent_back = ", ".join(
        f"{times} {_TURNED_AWAY[Reason(why)]}" for why, times in watch.turned_away.items()
    )
    return (
        f"Difese: scudo {'alzato' if watch.shield else 'abbassato'}; nelle ultime due ore al più "
        f"{watch.opened} pagine di pagamento in un'ora, {watch.failed} carte rifiutate"
        + (f", rimandate indietro: {sent_back}." if sent_back else ", nessuno rimandato indietro.")
    )


def close_task(fundraising: Fundraising, kind: str, subject: str) -> bool:
    """Mark what a person has looked at; tell whether it was open. A task reopens if it recurs."""
    with fundraising.store.transaction() as books:
        if kind == _REFUSED_LETTER:
            return bool(books.drop_refused_letter(id=subject))
        closed: int = books.close_task(
            kind=kind, subject=subject, closed_at=to_text(fundraising.clock())
        )
    return closed > 0


def _examine_campaigns(fundraising: Fundraising) -> Iterator[str]:
    campaigns = fundraising.campaigns.read()
    yield from (f"campagne: {problem}" for problem in fundraising.campaigns.problems)
    if not fundraising.campaigns.problems and not campaigns.campaigns:
        yield f"campagne: {fundraising.campaigns.path} non ne contiene nessuna"


def _examine_ledger(books: Transaction, livemode: int) -> Iterator[str]:
    for row in books.unbalanced_bookings():
        difference = format_cents(int(row["difference_cents"]))
        yield (
            f"libri: la scrittura {row['id']} non è in pareggio, o è vuota ({difference}); "
            "i libri non si correggono a mano: fermati e chiama chi cura il programma"
        )
    for row in books.postings_in_the_wrong_mode():
        yield (
            f"libri: la scrittura {row['id']} mescola prove e denaro vero; "
            "fermati e chiama chi cura il programma"
        )
    for row in books.donations_at_odds_with_the_ledger(livemode=livemode):
        yield (
            f"libri: la donazione {row['id']} è «{State(row['state']).in_italian}» e vale "
            f"{format_cents(int(row['expected_cents']))}, ma nei libri ci sono "
            f"{format_cents(int(row['booked_cents']))}; «fundraising sweep» chiede di nuovo a Stripe"
        )


def _examine_receipts(books: Transaction, livemode: int) -> Iterator[str]:
    for row in books.donations_without_receipt(livemode=livemode):
        yield (
            f"ricevute: la donazione {row['id']} è pagata e non ha ricevuta; "
            "«fundraising work --once» la emette, se campaigns.json nomina chi riceve"
        )
    for row in books.receipts_without_money(livemode=livemode):
        yield (
            f"ricevute: la {row['number']}/{row['year']} di {row['recipient']} è valida, "
            f"ma la donazione {row['donation']} è «{State(row['state']).in_italian}» "
            "o di un altro importo; «fundraising sweep» la rimette a posto"
        )
    for row in books.receipt_series():
        numbers = int(row["last_number"])
        if row["receipts"] != numbers or row["highest_number"] != numbers:
            yield (
                f"ricevute: la serie {row['recipient']} {row['year']} arriva a {numbers} "
                f"ma ne contiene {row['receipts']}: manca un numero; il registro non si tocca a "
                "mano: fermati e chiama chi cura il programma"
            )


def _examine_post(books: Transaction, livemode: int, *, before: datetime) -> Iterator[str]:
    limits = {"livemode": livemode, "attempts": STUCK_ATTEMPTS, "before": to_text(before)}
    for row in books.stuck_notifications(**limits):
        yield (
            f"notifiche: {row['type']} su {row['object_id']} aspetta da troppo "
            f"({_tries(row)}); gira il lavoro? «fundraising work --once» ci riprova subito"
        )
    for row in books.stuck_errands(**limits):
        what = "fermare" if row["kind"] == "end_plan" else "rimettere a posto"
        yield (
            f"sostegni: {what} {row['subject']} non riesce da troppo "
            f"({_tries(row)}); guarda quel sostegno nel cruscotto di Stripe"
        )
    for row in books.stuck_letters(**limits):
        if row["state"] == "refused":
            fate = "è stata rifiutata"
            advice = (
                "avvisa quella persona in un altro modo, poi: "
                f"fundraising doctor --done {_REFUSED_LETTER}:{row['id']}"
            )
        else:
            fate, advice = "non riesce a partire", "controlla SMTP_URL e il servizio di posta"
        about = f" della donazione {row['donation']}" if row["donation"] else ""
        yield (f"lettere: la lettera «{row['kind']}»{about} {fate} ({_tries(row)}); {advice}")


def _tries(row: dict[str, Any]) -> str:
    tries = "un tentativo" if row["attempts"] == 1 else f"{row['attempts']} tentativi"
    return f"{tries}, {row['error'] or 'mai lavorata'}"


def _examine_defences(fundraising: Fundraising) -> Iterator[str]:
    try:
        watch = fundraising.defences.watch(now=fundraising.clock())
    except Exception as error:
        # Gifts go on without counters, so this is the only place where anybody hears of it.
        yield (
            f"difese: i contatori non si leggono ({type(error).__name__}): per ora non proteggono; "
            "se resta così, chiama chi cura il programma"
        )
        return
    limits = fundraising.defences.limits
    if watch.shield:
        yield (
            f"difese: lo scudo è alzato ({watch.opened} pagine di pagamento in un'ora, limite "
            f"{limits.site.soft}; {watch.failed} carte rifiutate, limite "
            f"{limits.failed_payments}): chi dona fa un passo in più; si abbassa da solo "
            "dopo un'ora di calma, e intanto non serve fare niente"
        )
    public = urlsplit(fundraising.settings.site_url).scheme == "https"
    if watch.hidden and public:
        yield (
            f"difese: di {watch.hidden} visitatori non si vede l'indirizzo: TRUSTED_PROXIES "
            "deve dire quanti proxy stanno davanti"
        )


def _examine_tasks(books: Transaction, livemode: int) -> Iterator[str]:
    for row in books.open_tasks(livemode=livemode):
        what, advice = TASKS[row["kind"]]
        yield (
            f"da guardare: {what}: {row['subject']} ({row['detail']}); {advice}. "
            f"Quando è a posto: fundraising doctor --done {row['kind']}:{row['subject']}"
        )


def _examine_sweep(books: Transaction, livemode: int, *, now: datetime) -> Iterator[str]:
    row = books.find_watermark(name=WATERMARK, livemode=livemode)
    if row is None:
        row = books.oldest_intent(livemode=livemode)
    if row["moment"] and from_text(row["moment"]) < now - LATE_SWEEP:
        days = (now - from_text(row["moment"])).days
        yield f"spazzata: da {days} giorni nessuno chiede a Stripe che cosa manca; «fundraising sweep»"


def _examine_bank(books: Transaction, livemode: int) -> Iterator[str]:
    lines = books.bank_lines_in_review(livemode=livemode)
    if lines:
        waiting = "un movimento aspetta" if len(lines) == 1 else f"{len(lines)} movimenti aspettano"
        yield (
            f"banca: {waiting} una persona, il più vecchio del {lines[0]['booked_on']}; "
            "«fundraising import-bank» li mostra"
        )


def _compare_with_stripe(fundraising: Fundraising, booked_cents: int) -> Iterator[str]:
    try:
        held_cents = fundraising.gateway.balance_cents()
    except (StripeUnreachable, StripeRefused) as error:
        yield f"Stripe: non risponde, il saldo non è stato confrontato ({error}); riprova più tardi"
        return
    if held_cents != booked_cents:
        yield (
            f"Stripe: il saldo è {format_cents(held_cents)}, nei libri è "
            f"{format_cents(booked_cents)}: differenza {format_cents(held_cents - booked_cents)}; "
            "«fundraising sweep» cerca che cosa manca, «fundraising reconcile» lo dice"
        )
