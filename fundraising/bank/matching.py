"""Matching: which promised transfer a credit on the bank account is.

Only a reason code whose check holds, with exactly the promised amount, is matched by
itself. Everything else waits for a person; nothing is guessed from a name. A code that
comes again, as with a standing order, is one more gift of the same promise, as a renewal
is of a plan: same donor, same campaign, and the number of times behind its code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from fundraising.bank.statement import Credit, Statement, line_ids, noon_of
from fundraising.clock import italian_day
from fundraising.donation import State
from fundraising.ledger import BANK, DONATIONS, Booking, Posting
from fundraising.money import format_cents
from fundraising.reason_code import parse_reason_code, reason_code
from fundraising.store import Transaction, from_text, to_text

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising

Row = dict[str, Any]
_PERHAPS_READ = ", con un bonifico dello stesso giorno e importo: forse è quello, letto due volte"
_OF_PROMISE = ("id", "livemode", "intent", "origin", "campaign", "recipient")


class CannotConfirm(ValueError):
    """A decision that cannot be carried out; the message is for the treasurer, in Italian."""


@dataclass(frozen=True)
class Imported:
    """What became of the lines of a statement, in lines."""

    matched: int
    payouts: int
    review: int
    already_known: int
    debits: int


@dataclass(frozen=True)
class Doubt:
    """A credit that waits for a person, and the promises of the same amount."""

    id: str
    booked_on: date
    amount_cents: int
    words: str
    doubt: str
    proposals: tuple[str, ...]


def import_statement(fundraising: Fundraising, statement: Statement) -> Imported:
    """Book what is certain and set aside what is not; lines seen before change nothing."""
    counts = dict.fromkeys(("matched", "payout", "review", "known"), 0)
    for line_id, credit in zip(line_ids(statement.credits), statement.credits, strict=True):
        # A line is one transaction: a crash in the middle of a file leaves whole lines.
        with fundraising.store.transaction() as books:
            counts[_import_line(fundraising, books, line_id, credit)] += 1
    return Imported(
        matched=counts["matched"],
        payouts=counts["payout"],
        review=counts["review"],
        already_known=counts["known"],
        debits=statement.debits,
    )


def list_doubts(fundraising: Fundraising) -> Sequence[Doubt]:
    """List the credits that wait for a person, oldest first."""
    livemode = int(fundraising.gateway.livemode)
    with fundraising.store.transaction() as books:
        return [
            Doubt(
                id=row["id"],
                booked_on=date.fromisoformat(row["booked_on"]),
                amount_cents=row["amount_cents"],
                words=row["words"] or "",
                doubt=(row["doubt"] or "") + (_PERHAPS_READ if _has_come(books, row) else ""),
                proposals=tuple(
                    reason_code(promise["number"])
                    for promise in books.promises_of_amount(
                        livemode=livemode, amount_cents=row["amount_cents"]
                    )
                ),
            )
            for row in books.bank_lines_in_review(livemode=livemode)
        ]


def confirm(fundraising: Fundraising, id: str, code: str | None = None) -> Row:
    """Book a credit as the promise of *code*, or of the code in its text; return the gift.

    Raises CannotConfirm.
    """
    livemode = int(fundraising.gateway.livemode)
    with fundraising.store.transaction() as books:
        line = _line_in_review(books, id, livemode)
        promise = _promise_of_line(fundraising, books, line, code, "confirm")
        if promise["paid_at"]:
            known = reason_code(promise["number"])
            raise CannotConfirm(
                f"La promessa {known} è già «{State(promise['state']).in_italian}». "
                "Se è un altro dono della stessa persona: "
                f"import-bank --again {line['id'][:8]} --code {known}"
            )
        return _book_line(fundraising, books, line, promise)


def book_again(fundraising: Fundraising, id: str, code: str | None = None) -> Row:
    """Book a credit as one more gift with the code of a promise that was kept; return the gift.

    Who gives and to what is the promise's; how much is the credit's. Raises CannotConfirm.
    """
    livemode = int(fundraising.gateway.livemode)
    with fundraising.store.transaction() as books:
        line = _line_in_review(books, id, livemode)
        promise = _promise_of_line(fundraising, books, line, code, "again")
        known = reason_code(promise["number"])
        if not promise["paid_at"]:
            raise CannotConfirm(
                f"Con il codice {known} non è ancora arrivato niente: è il bonifico promesso. "
                f"Scrivilo così: import-bank --confirm {line['id'][:8]} --code {known}"
            )
        times = len(books.gifts_of_promise(intent=promise["intent"])) + 1
        gift = promise | {"id": fundraising.new_id(), "origin": f"{known}/{times}"}
        books.add_donation(
            **{name: gift[name] for name in _OF_PROMISE},
            subscription_id=None,
            amount_cents=line["amount_cents"],
            state=State.ANNOUNCED,
            given_at=to_text(noon_of(date.fromisoformat(line["booked_on"]))),
            observed_at=to_text(fundraising.clock()),
        )
        return _book_line(fundraising, books, line, gift)


def ignore(fundraising: Fundraising, id: str) -> None:
    """Say that a credit is no gift. Raises CannotConfirm when it does not wait for anybody."""
    with fundraising.store.transaction() as books:
        line = _line_in_review(books, id, int(fundraising.gateway.livemode))
        _settle(books, line, "ignored", None)


def _import_line(fundraising: Fundraising, books: Transaction, line_id: str, credit: Credit) -> str:
    livemode = int(fundraising.gateway.livemode)
    state, promise, doubt = _judge(fundraising, books, credit, livemode)
    added = books.add_bank_line(
        id=line_id,
        livemode=livemode,
        booked_on=credit.booked_on.isoformat(),
        amount_cents=credit.amount_cents,
        state=state,
        donation=promise["id"] if promise else None,
        doubt=doubt,
        words=credit.words if state == "review" else None,
        imported_at=to_text(fundraising.clock()),
    )
    if not added:
        return "known"
    if promise:
        _book(fundraising, books, promise, line_id, credit.amount_cents, credit.booked_on)
    return state


def _judge(
    fundraising: Fundraising, books: Transaction, credit: Credit, livemode: int
) -> tuple[str, Row | None, str | None]:
    """Say what a credit is, the promise it keeps, and why that is in doubt."""
    number = parse_reason_code(credit.words)
    if number is None:
        if "STRIPE" in credit.words.upper() and _is_payout(books, credit, livemode):
            return "payout", None, None
        if "STRIPE" in credit.words.upper():
            return "review", None, "sembra di Stripe, ma nessun suo versamento è di questo importo"
        return "review", None, "nessun codice che torni nella causale"
    promise = _lock_promise(fundraising, books, number, livemode)
    code = reason_code(number)
    if promise is None:
        return "review", None, f"il codice {code} non è di nessuna promessa"
    if promise["state"] != State.ANNOUNCED:
        return "review", None, f"la promessa {code} è già «{State(promise['state']).in_italian}»"
    if promise["amount_cents"] != credit.amount_cents:
        promised = format_cents(promise["amount_cents"])
        return "review", None, f"per {code} erano promessi {promised}"
    return "matched", promise, None


def _has_come(books: Transaction, line: Row) -> bool:
    """Tell whether a gift with the credit's code came on its day and with its amount."""
    number = parse_reason_code(line["words"] or "")
    if number is None:
        return False
    promise = books.find_promise(number=number, livemode=line["livemode"])
    return promise is not None and any(
        gift["paid_at"]
        and italian_day(from_text(gift["paid_at"])).isoformat() == line["booked_on"]
        and gift["amount_cents"] == line["amount_cents"]
        for gift in books.gifts_of_promise(intent=promise["intent"])
    )


def _is_payout(books: Transaction, credit: Credit, livemode: int) -> bool:
    """Tell whether a payout of this amount is not on a statement yet."""
    left = books.payouts_of_amount(livemode=livemode, amount_cents=credit.amount_cents)
    told = books.count_payout_lines(livemode=livemode, amount_cents=credit.amount_cents)
    return len(left) > int(told["rows"])


def _book(
    fundraising: Fundraising,
    books: Transaction,
    promise: Row,
    line_id: str,
    amount_cents: int,
    booked_on: date,
) -> None:
    booking = Booking(
        id=f"bank:{line_id}",
        kind="payment",
        livemode=bool(promise["livemode"]),
        booked_at=noon_of(booked_on),
        donation_id=promise["id"],
        campaign=promise["campaign"],
        postings=(Posting(BANK, amount_cents), Posting(DONATIONS, -amount_cents)),
    )
    fundraising.reducer.apply_transfer(books, promise["origin"], booking)


def _book_line(fundraising: Fundraising, books: Transaction, line: Row, gift: Row) -> Row:
    """Say that a credit in review is this gift, book it and return the gift as it is then."""
    _settle(books, line, "matched", gift["id"])
    booked_on = date.fromisoformat(line["booked_on"])
    _book(fundraising, books, gift, line["id"], line["amount_cents"], booked_on)
    booked: Row = books.find_donation(id=gift["id"])
    return booked


def _promise_of_line(
    fundraising: Fundraising, books: Transaction, line: Row, code: str | None, option: str
) -> Row:
    """Find the promise a person names, or the credit itself; *option* is how they asked."""
    number = parse_reason_code(code if code is not None else line["words"] or "")
    promise = number and _lock_promise(fundraising, books, number, line["livemode"])
    if not promise:
        raise CannotConfirm(
            f"Di quale promessa è il movimento {line['id']}? Scrivilo così: "
            f"--{option} {line['id']} --code OP-…"
        )
    return promise


def _lock_promise(
    fundraising: Fundraising, books: Transaction, number: int, livemode: int
) -> Row | None:
    """Find a promise and take its gift: whoever else keeps it with another credit comes after us."""
    promise: Row | None = books.find_promise(number=number, livemode=livemode)
    if promise is None:
        return None
    books.lock_donation(origin=promise["origin"], observed_at=to_text(fundraising.clock()))
    # While we waited for it, it may have been kept.
    kept: Row | None = books.find_promise(number=number, livemode=livemode)
    return kept


def _settle(books: Transaction, line: Row, state: str, donation: str | None) -> None:
    settled: int = books.settle_bank_line(id=line["id"], state=state, donation=donation)
    if not settled:
        raise CannotConfirm(f"Il movimento {line['id']} lo ha appena deciso qualcun altro.")


def _line_in_review(books: Transaction, id: str, livemode: int) -> Row:
    found: list[Row] = [
        row
        for row in books.find_bank_lines(livemode=livemode, prefix=id.strip().lower())
        if row["state"] == "review"
    ]
    if len(found) != 1:
        few = "nessuno" if not found else "più di uno"
        raise CannotConfirm(
            f"Nell'elenco da guardare {few} comincia con «{id}»: «import-bank» senza altro lo mostra."
        )
    return found[0]
