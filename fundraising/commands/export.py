"""The command export: the books for accountants, in formats they open."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundraising.commands.italian import Commands, declare
from fundraising.commands.opening import day, wired, write_out, year
from fundraising.money import format_cents

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising
    from fundraising.exports.donation_report import DonationReport
    from fundraising.exports.period import Period

Row = dict[str, Any]


def add(commands: Commands) -> None:
    """Declare the command."""
    export = declare(commands, "export", "i libri per chi tiene i conti")
    formats = export.add_subparsers(title="che cosa", metavar="FORMATO", required=True)

    journal = declare(formats, "journal", "prima nota in CSV, per un foglio di calcolo")
    _add_period(journal)
    journal.set_defaults(run=_journal)

    beancount = declare(formats, "beancount", "i libri come testo Beancount")
    beancount.add_argument("--to", type=Path, metavar="FILE", help="lo scrive in un file")
    beancount.set_defaults(run=_beancount)

    statement = declare(formats, "rendiconto", "entrate, costi e spese di una campagna")
    statement.add_argument("campaign", metavar="CAMPAGNA", help="il suo nome in campaigns.json")
    statement.add_argument(
        "--expenses",
        type=Path,
        metavar="FILE",
        help="le spese, in CSV: data;descrizione;documento;importo",
    )
    _add_period(statement)
    statement.set_defaults(run=_statement)

    agency = declare(
        formats,
        "ade",
        "controllo prima della comunicazione all'Agenzia delle Entrate; 1 se non torna",
        description="Dice dono per dono che cosa entrerebbe nella comunicazione annuale delle "
        "erogazioni liberali, e perché il resto no. Il file da inviare non lo produce.",
    )
    agency.add_argument("year", type=year, metavar="ANNO", help="l'anno dei doni, per esempio 2026")
    agency.add_argument("--to", type=Path, metavar="FILE", help="scrive l'elenco in CSV")
    agency.set_defaults(run=_agency)


def _add_period(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from",
        dest="first",
        type=day,
        metavar="GIORNO",
        help="dal giorno, per esempio 2026-01-31 (dal 1° gennaio)",
    )
    parser.add_argument(
        "--until", dest="last", type=day, metavar="GIORNO", help="fino al giorno, compreso (a oggi)"
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="lo scrive in un file")


def _period(parts: Fundraising, options: argparse.Namespace) -> Period:
    """Read the period asked for: this year until today, unless told otherwise."""
    from fundraising.clock import italian_day
    from fundraising.exports.period import Period

    last = options.last or italian_day(parts.clock())
    return Period(options.first or last.replace(month=1, day=1), last)


def _journal(options: argparse.Namespace) -> int:
    from fundraising.exports.journal import write_journal

    with wired() as parts:
        try:
            period = _period(parts, options)
        except ValueError:
            print("Il periodo finisce prima di cominciare.")
            return 1
        with parts.store.transaction() as books:
            rows = books.postings_between(
                livemode=int(parts.gateway.livemode), since=period.since, until=period.until
            )
    entries = len({row["id"] for row in rows})
    debit_cents = sum(row["amount_cents"] for row in rows if row["amount_cents"] > 0)
    credit_cents = -sum(row["amount_cents"] for row in rows if row["amount_cents"] < 0)
    write_out(
        options.to,
        write_journal(rows),
        f"{entries} registrazioni dal {period.first} al {period.last}, dare "
        f"{format_cents(debit_cents)}, avere {format_cents(credit_cents)}",
    )
    return 0 if debit_cents == credit_cents else 1


def _beancount(options: argparse.Namespace) -> int:
    from fundraising.clock import italian_day
    from fundraising.exports.beancount import write_beancount
    from fundraising.exports.period import Period

    with wired() as parts:
        today = italian_day(parts.clock())
        livemode = int(parts.gateway.livemode)
        everything = Period(today - timedelta(days=365 * 50), today)
        with parts.store.transaction() as books:
            rows = books.postings_between(
                livemode=livemode, since=everything.since, until=everything.until
            )
            balances = books.account_balances_before(livemode=livemode, until=everything.until)
    text = write_beancount(
        rows,
        {row["account"]: int(row["cents"]) for row in balances},
        until=today,
        title="#Oltreiperimetri: donazioni" + ("" if livemode else " (prova)"),
    )
    entries = len({row["id"] for row in rows})
    write_out(options.to, text.encode(), f"{entries} registrazioni; controllale con bean-check")
    return 0


def _statement(options: argparse.Namespace) -> int:
    from fundraising.exports.campaign_statement import (
        BadExpenses,
        CampaignStatement,
        read_expenses,
        write_statement,
    )

    with wired() as parts:
        livemode = int(parts.gateway.livemode)
        try:
            period = _period(parts, options)
        except ValueError:
            print("Il periodo finisce prima di cominciare.")
            return 1
        with parts.store.transaction() as books:
            rows = books.campaign_accounts(
                livemode=livemode,
                campaign=options.campaign,
                since=period.since,
                until=period.until,
            )
            known = {row["campaign"] for row in books.campaigns_in_books(livemode=livemode)}
        campaign = parts.campaigns.read().campaigns.get(options.campaign)
    if campaign is None and options.campaign not in known:
        print(
            f"Nessuna campagna si chiama {options.campaign}. Nei libri: {', '.join(sorted(known))}"
        )
        return 1
    try:
        expenses = read_expenses(options.expenses, period) if options.expenses else ()
    except BadExpenses as bad:
        print("Le spese non vanno bene:")
        for problem in bad.problems:
            print(f"  - {problem}")
        return 1
    statement = CampaignStatement(
        campaign=options.campaign,
        title=campaign.title if campaign else options.campaign,
        period=period,
        gifts=max((int(row["gifts"]) for row in rows if row["account"].startswith("Income:")), default=0),
        accounts={row["account"]: int(row["cents"]) for row in rows},
        expenses=expenses,
    )  # fmt: skip
    write_out(
        options.to,
        write_statement(statement),
        f"entrate {format_cents(statement.income_cents)}, costi "
        f"{format_cents(statement.costs_cents)}, spese {format_cents(statement.spent_cents)}, "
        f"da impiegare {format_cents(statement.left_cents)}",
    )
    return 0


def _agency(options: argparse.Namespace) -> int:
    from fundraising.exports.donation_report import check_gifts, write_report
    from fundraising.exports.period import year as calendar_year

    with wired() as parts:
        period = calendar_year(options.year)
        livemode = parts.gateway.livemode
        asked = {"livemode": int(livemode), "since": period.since, "until": period.until}
        with parts.store.transaction() as books:
            gifts: list[Row] = books.gifts_given_in(**asked)
            moved: list[Row] = books.moved_later(**asked)
        profiles = parts.campaigns.read().recipients
    reports = [
        check_gifts(
            [row for row in gifts if row["recipient"] == recipient],
            [row for row in moved if row["recipient"] == recipient],
            recipient=recipient,
            profile=profiles.get(recipient),
            year=options.year,
            livemode=livemode,
        )
        for recipient in sorted({row["recipient"] for row in [*gifts, *moved]})
    ]
    if not reports:
        print(f"Nel {options.year} non c'è nessun dono accreditato.")
    for report in reports:
        _tell(report)
    if options.to:
        write_out(options.to, write_report(reports), "l'elenco dei doni, uno per riga")
    return 0 if all(report.adds_up for report in reports) else 1


def _tell(report: DonationReport) -> None:
    print(f"{report.recipient}, {report.year}")
    for warning in report.warnings:
        print(f"  attenzione: {warning}")
    reported = [one for one in report.gifts if not one.left_out]
    left_out = [one for one in report.gifts if one.left_out]
    print(f"  nella comunicazione: {_gifts(reported)}, {format_cents(report.reported_cents)}")
    print(f"  fuori: {_gifts(left_out)}, {format_cents(report.left_out_cents)}")
    reasons: dict[str, int] = {}
    for one in left_out:
        for reason in one.left_out:
            reasons[reason] = reasons.get(reason, 0) + 1
    for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"    {number} {reason}")
    doubts = [one for one in report.gifts if one.to_review]
    if doubts:
        print(f"  da rivedere con il commercialista: {_gifts(doubts)}")
    for what, rows, column in (
        ("resi quest'anno", report.given_back_later, "given_back_cents"),
        ("tornati a noi quest'anno", report.come_back_later, "come_back_cents"),
    ):
        if rows:
            cents = sum(int(row[column]) for row in rows)
            print(f"  {what}, donati prima: {_gifts(rows)}, {format_cents(cents)}")
    if report.unsettled:
        print(f"  fuori dal confronto, con un rimborso in viaggio: {_gifts(report.unsettled)}")
    told = format_cents(report.told_cents)
    if report.adds_up:
        print(f"  torna: comunicazione, ricevute e libri dicono {told}")
    else:
        print(
            f"  NON TORNA: comunicazione {told}, ricevute {format_cents(report.receipts_cents)}, "
            f"libri {format_cents(report.ledger_cents)}. Comincia da «fundraising doctor»."
        )


def _gifts(gifts: Sequence[object]) -> str:
    return "1 dono" if len(gifts) == 1 else f"{len(gifts)} doni"
