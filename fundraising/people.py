"""People: what the books hold about somebody, for them to have or to have erased.

Each gift has a donor row of its own, so somebody is all the rows with their address.
Accounts are kept for ten years after the year of the last entry (art. 2220 of the
Italian civil code): until then the name stays on the receipts it is on, and nothing
else does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from fundraising.access import random_token
from fundraising.clock import ROME, italian_day
from fundraising.donation import State
from fundraising.plans import STOPPED, Standing, send_errand, standing
from fundraising.readers import Readers
from fundraising.store import Store, Transaction, from_text, to_text

YEARS_OF_ACCOUNTS = 10
UNPAID_AFTER = timedelta(days=90)

Row = dict[str, Any]
_UNDER_WAY = frozenset(
    {State.PROCESSING, State.DUE, State.RETRYING, State.ANNOUNCED, State.DISPUTED}
)
_NAMES = {
    "asked_at": "in_attesa_dal", "confirmed_at": "confermato_il", "ended_at": "finito_il",
    "ended_why": "finito_perche", "happened_on": "successo_il", "requested_at": "chiesto_il",
    "topic": "lettera", "amount_cents": "importo_centesimi", "anonymous": "anonimo", "answered_at": "risposto_il",
    "campaign": "campagna", "card_email": "cartolina_a", "card_text": "testo_cartolina",
    "company_name": "ragione_sociale", "cover_cents": "di_cui_commissioni_centesimi",
    "created_at": "creato_il", "dedication": "dedica", "dedication_name": "dedicato_a",
    "email": "email", "first_name": "nome", "fiscal_code": "codice_fiscale",
    "frequency": "frequenza", "given_at": "donato_il", "granted": "dato", "issued_at": "emessa_il",
    "kind": "tipo", "last_name": "cognome", "method": "metodo", "number": "numero",
    "origin": "riferimento", "paid_at": "arrivato_il", "place": "dove", "purpose": "scopo",
    "recipient": "destinatario", "refunded_cents": "rimborsato_centesimi", "sent_at": "partita_il",
    "state": "stato", "status": "stato", "title": "titolo", "vat_number": "partita_iva",
    "voided_at": "annullata_il", "wording": "testo", "year": "anno",
}  # fmt: skip
"""The columns that say something about a person, in the words of the file they get."""


class PlanStillRuns(Exception):
    """A recurring gift has to be cancelled before its donor can be forgotten."""

    def __init__(self, subscription_ids: list[str]) -> None:
        super().__init__(", ".join(subscription_ids))
        self.subscription_ids = subscription_ids


@dataclass(frozen=True)
class Erasure:
    """What was erased: rows forgotten whole, and rows the law keeps until *kept_until*.

    *was_reader* tells whether the list of the newsletter knew them.
    """

    forgotten: int
    kept: int
    kept_until: date | None
    was_reader: bool = False


def export_person(
    store: Store, email: str, *, livemode: bool, now: datetime
) -> dict[str, Any] | None:
    """Gather everything the books hold about an address; None when they hold nothing."""
    with store.transaction() as books:
        donors = books.donors_of_email(livemode=int(livemode), email=email.strip().lower())
        reading = _export_reading(books, email.strip().lower(), int(livemode))
        if not donors and not reading:
            return None
        return {
            "email": email.strip(),
            "estratto_il": now.astimezone(UTC).isoformat(timespec="seconds"),
            "prova": not livemode,
            "doni": [_export_gift(books, donor) for donor in donors],
            "newsletter": reading,
        }


def erase_person(store: Store, email: str, *, livemode: bool, now: datetime) -> Erasure:
    """Forget everything about an address that no law asks for.

    One that ends with its period ends now: who gives could still take that back at Stripe.
    Raises PlanStillRuns: a gift that goes on needs somebody to write to.
    """
    with store.transaction() as books:
        donors = books.donors_of_email(livemode=int(livemode), email=email.strip().lower())
        plans = [plan for donor in donors for plan in books.plans_of_donor(donor=donor["id"])]
        running = [plan["subscription_id"] for plan in plans if standing(plan) not in STOPPED]
        if running:
            raise PlanStillRuns(running)
        for plan in plans:
            if standing(plan) is Standing.ENDING:
                send_errand(
                    books, "end_plan", plan["subscription_id"], "erased",
                    livemode=livemode, now=now, new_id=random_token,
                )  # fmt: skip
        last_days = [_last_day(books, donor) for donor in donors]
        for donor, last_day in zip(donors, last_days, strict=True):
            _forget(books, donor["id"], keep_name=last_day is not None, now=now)
        readers = Readers(books, livemode=int(livemode), now=now, new_id=random_token)
        was_reader = readers.forget(email.strip())
        kept = [day for day in last_days if day]
        return Erasure(
            forgotten=len(donors) - len(kept),
            kept=len(kept),
            kept_until=date(max(kept).year + YEARS_OF_ACCOUNTS, 12, 31) if kept else None,
            was_reader=was_reader,
        )


def oppose_report(store: Store, email: str, *, livemode: bool, now: datetime) -> int:
    """Note that somebody objects to being named to the tax agency; count their gifts."""
    with store.transaction() as books:
        rows: int = books.oppose_report(
            livemode=int(livemode), email=email.strip().lower(), opposed_at=to_text(now)
        )
    return rows


def forget_who_is_due(store: Store, *, livemode: bool, now: datetime) -> int:
    """Forget the people whose date has come; count them."""
    oldest_accounts = datetime(italian_day(now).year - YEARS_OF_ACCOUNTS, 1, 1, tzinfo=ROME)
    with store.transaction() as books:
        due = books.donors_past_their_date(
            livemode=int(livemode),
            unpaid_before=to_text(now - UNPAID_AFTER),
            paid_before=to_text(oldest_accounts),
        )
        for donor in due:
            _forget(books, donor["id"], keep_name=False, now=now)
    return len(due)


def _forget(books: Transaction, donor: str, *, keep_name: bool, now: datetime) -> None:
    forget = books.forget_fiscal_donor if keep_name else books.forget_donor
    forget(id=donor, erased_at=to_text(now))
    books.forget_consents(donor=donor)
    books.forget_access(donor=donor)
    books.drop_letters_of_donor(donor=donor)


def _last_day(books: Transaction, donor: Row) -> date | None:
    """Tell the last day on which this donor's money or receipts entered the accounts."""
    moments = [
        row["given_at"] if row["state"] in _UNDER_WAY else row["paid_at"]
        for row in books.donations_of_donor(donor=donor["id"])
    ]
    moments += [row["issued_at"] for row in books.receipts_of_donor(donor=donor["id"])]
    return max((italian_day(from_text(moment)) for moment in moments if moment), default=None)


def _export_gift(books: Transaction, donor: Row) -> dict[str, Any]:
    key = donor["id"]
    return {
        "chi": _in_words(donor),
        "richieste": _all_in_words(books.intents_of_donor(donor=key)),
        "doni": _all_in_words(books.donations_of_donor(donor=key)),
        "doni_ricorrenti": _all_in_words(books.plans_of_donor(donor=key)),
        "ricevute": _all_in_words(books.receipts_of_donor(donor=key)),
        "consensi": _all_in_words(books.consents_of_donor(donor=key)),
        "lettere": _all_in_words(books.letters_of_donor(donor=key)),
    }


def _export_reading(books: Transaction, email: str, livemode: int) -> dict[str, Any] | None:
    reader = books.lock_reader_of_email(livemode=livemode, email=email)
    if reader is None:
        return None
    key = reader["id"]
    return {
        "iscrizioni": _all_in_words(books.subscriptions_of_reader(reader=key)),
        "posta_tornata": _all_in_words(books.bounces_of_reader(reader=key)),
        "lettere": _all_in_words(books.letters_of_reader(reader=key)),
        "numeri": _all_in_words(books.issues_of_reader(reader=key)),
    }


def _all_in_words(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [_in_words(row) for row in rows]


def _in_words(row: Row) -> dict[str, Any]:
    words = {_NAMES[name]: value for name, value in row.items() if name in _NAMES}
    if "wording" in row and "number" in row:
        # What a receipt says is kept as one text, and is data all the same.
        words[_NAMES["wording"]] = json.loads(row["wording"])
    return words
