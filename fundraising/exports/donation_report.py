"""The pre-check of the yearly donation report to the tax agency.

Registered third-sector bodies tell Agenzia delle Entrate which people gave what
(decree of 1 March 2024, Gazzetta Ufficiale of 9 March 2024). This says, gift by gift,
what such a report would hold and why the others stay out, and that its sums are those
of the receipts and of the ledger. The file to be sent is not made here: its layout
comes with the agency's own provision and control software.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fundraising.campaigns import Recipient
from fundraising.clock import italian_day
from fundraising.donation import HOLDS_MONEY, State
from fundraising.exports.table import Cell, Cents, write_table
from fundraising.fiscal_code import FiscalCodeRefused, read_fiscal_code
from fundraising.register import donor_name
from fundraising.store import from_text

Row = dict[str, Any]

_TRACEABLE = frozenset(
    {"card", "sepa_debit", "paypal", "satispay", "link", "customer_balance", "bank_transfer"}
)
_HEADER = (
    "destinatario", "data_dono", "data_accredito", "donatore", "codice_fiscale", "donato",
    "rimborsato", "netto", "ricevuta", "nella_comunicazione", "perche", "da_rivedere", "donazione",
)  # fmt: skip


@dataclass(frozen=True)
class ReportedGift:
    """A gift, why it stays out of the report (empty: it is in), and what a person must see."""

    gift: Row
    left_out: tuple[str, ...]
    to_review: tuple[str, ...]

    @property
    def net_cents(self) -> int:
        """What the recipient kept."""
        if State(self.gift["state"]) not in HOLDS_MONEY:
            return 0
        cents: int = self.gift["amount_cents"] - self.gift["refunded_cents"]
        return cents


@dataclass(frozen=True)
class DonationReport:
    """The pre-check for one recipient and one year."""

    recipient: str
    year: int
    livemode: bool
    warnings: tuple[str, ...]
    gifts: tuple[ReportedGift, ...]
    moved_later: tuple[Row, ...]

    @property
    def given_back_later(self) -> tuple[Row, ...]:
        """Gifts of earlier years of which something went back to the donor in this one."""
        return tuple(row for row in self.moved_later if row["given_back_cents"])

    @property
    def come_back_later(self) -> tuple[Row, ...]:
        """Gifts of earlier years of which something came back to us in this one."""
        return tuple(row for row in self.moved_later if row["come_back_cents"])

    @property
    def reported_cents(self) -> int:
        """What the report would hold."""
        return sum(one.net_cents for one in self.gifts if not one.left_out)

    @property
    def left_out_cents(self) -> int:
        """What stays out of it, though the recipient kept it."""
        return sum(one.net_cents for one in self.gifts if one.left_out)

    @property
    def unsettled(self) -> tuple[ReportedGift, ...]:
        """Gifts with a refund on its way: receipt and books agree again when it has arrived or failed."""
        return tuple(one for one in self.gifts if one.gift["refund_pending"])

    @property
    def told_cents(self) -> int:
        """What the report says of the gifts that are settled, in it or not."""
        return sum(one.net_cents for one in self._settled)

    @property
    def receipts_cents(self) -> int:
        """What the valid receipts of the settled gifts say."""
        return sum(one.gift["receipt_cents"] or 0 for one in self._settled)

    @property
    def ledger_cents(self) -> int:
        """What the postings say of settled gifts that are not in dispute."""
        return sum(int(one.gift["booked_cents"]) for one in self._settled if not _is_disputed(one))

    @property
    def adds_up(self) -> bool:
        """True when report, receipts and ledger tell the same cents."""
        return self.told_cents == self.receipts_cents == self.ledger_cents

    @property
    def _settled(self) -> list[ReportedGift]:
        return [one for one in self.gifts if not one.gift["refund_pending"]]


def check_gifts(
    gifts: Iterable[Row],
    moved_later: Iterable[Row],
    *,
    recipient: str,
    profile: Recipient | None,
    year: int,
    livemode: bool,
) -> DonationReport:
    """Judge every gift of a recipient that was given in a year."""
    return DonationReport(
        recipient=recipient,
        year=year,
        livemode=livemode,
        warnings=tuple(_warnings(profile, livemode)),
        gifts=tuple(
            ReportedGift(gift, tuple(_reasons(gift)), tuple(_doubts(gift, year))) for gift in gifts
        ),
        moved_later=tuple(moved_later),
    )


def write_report(reports: Iterable[DonationReport]) -> bytes:
    """Write every gift of every recipient as a table."""
    return write_table(_HEADER, (line for report in reports for line in _lines(report)))


def _warnings(profile: Recipient | None, livemode: bool) -> Iterable[str]:
    if not livemode:
        yield "sono prove: non è denaro vero e non si comunica niente"
    if profile is None:
        yield "campaigns.json non nomina più questo destinatario: il suo profilo non si conosce"
    elif profile.kind == "public_body":
        yield "è un ente pubblico: non è tra chi fa questa comunicazione"
    elif profile.kind == "social_cooperative":
        yield "è una cooperativa sociale: chiedere al commercialista se la comunicazione la riguarda"
    if profile and profile.tax is None:
        yield "nessuno ha confermato iscrizione e agevolazione: senza, non si comunica"


def _reasons(gift: Row) -> Iterable[str]:
    """Say why a gift cannot be reported; a gift may have several reasons."""
    state = State(gift["state"])
    code = gift["fiscal_code"]
    if state is State.DISPUTED:
        yield "con una contestazione aperta"
    elif state is State.CHARGED_BACK:
        yield "con l'importo ripreso dalla banca del donatore"
    elif state is State.REFUNDED:
        yield "con rimborso di tutto"
    elif state not in HOLDS_MONEY:
        yield f"senza accredito («{state.in_italian}»)"
    if gift["donor_kind"] == "company" or (code and len(code) == 11):
        yield "da un'impresa o da un ente"
    elif not code:
        yield "senza codice fiscale"
    else:
        try:
            read_fiscal_code(code)
        except FiscalCodeRefused:
            yield "con un codice fiscale sbagliato"
    if gift["method"] not in _TRACEABLE:
        yield f"con un metodo di pagamento da verificare («{gift['method']}»)"
    if gift["opposed_at"]:
        yield "di chi si è opposto"


def _doubts(gift: Row, year: int) -> Iterable[str]:
    """Say what a person has to look at although the gift may be reported."""
    if italian_day(from_text(gift["paid_at"])).year != year:
        yield "donato in un anno e accreditato in un altro"
    if gift["refund_pending"]:
        yield "un rimborso è in viaggio"
    if State(gift["state"]) is State.PARTIALLY_REFUNDED:
        yield "rimborsato in parte"


def _is_disputed(one: ReportedGift) -> bool:
    return State(one.gift["state"]) in (State.DISPUTED, State.CHARGED_BACK)


def _lines(report: DonationReport) -> Iterable[tuple[Cell, ...]]:
    for one in report.gifts:
        gift = one.gift
        number = gift["receipt_number"]
        yield (
            report.recipient,
            italian_day(from_text(gift["given_at"])).isoformat(),
            italian_day(from_text(gift["paid_at"])).isoformat(),
            donor_name(gift),
            gift["fiscal_code"] or gift["vat_number"],
            Cents(gift["amount_cents"]),
            Cents(gift["refunded_cents"]),
            Cents(one.net_cents),
            f"{number}/{gift['receipt_year']}" if number else None,
            "no" if one.left_out else "sì",
            ", ".join(one.left_out),
            ", ".join(one.to_review),
            gift["id"],
        )
    for row in report.given_back_later:
        yield _moved(
            report,
            row,
            int(row["given_back_cents"]),
            "rimborso",
            f"reso nel {report.year}, donato prima",
            "controllare se quel dono era stato comunicato",
        )
    for row in report.come_back_later:
        yield _moved(
            report,
            row,
            -int(row["come_back_cents"]),
            "tornato a noi",
            f"tornato a noi nel {report.year}, donato prima",
            "controllare se quel dono era stato comunicato, o comunicato come reso",
        )


def _moved(
    report: DonationReport, row: Row, back_cents: int, kind: str, why: str, doubt: str
) -> tuple[Cell, ...]:
    """Write what moved of a gift of an earlier year; what came back to us is a negative refund."""
    return (
        report.recipient,
        italian_day(from_text(row["given_at"])).isoformat(),
        None,
        donor_name(row),
        row["fiscal_code"],
        None,
        Cents(back_cents),
        None,
        None,
        kind,
        why,
        doubt,
        row["id"],
    )
