"""What accountants get: tables that open in a spreadsheet, text that checkers accept."""

import csv
import io
import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from fundraising.campaigns import Recipient, Tax
from fundraising.exports.beancount import write_beancount
from fundraising.exports.campaign_statement import (
    BadExpenses,
    CampaignStatement,
    read_expenses,
    write_statement,
)
from fundraising.exports.donation_report import check_gifts, write_report
from fundraising.exports.history import read_history, write_history
from fundraising.exports.journal import write_journal
from fundraising.exports.period import Period, year
from fundraising.exports.table import Cents, write_table

EVER = {"livemode": 0, "since": "", "until": "9999"}
ANNAS_CODE = "PRVNNA80A41H264K"


def paid(house, **changes):
    session_id = house.give(**changes)
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    return session_id


def rows_of(table):
    assert table.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))


def test_table_opens_in_an_italian_spreadsheet():
    table = write_table(("nome", "euro"), [("Città; «à»", Cents(-1_234_50)), (None, 3)])

    assert table == '\ufeffnome;euro\r\n"Città; «à»";-1234,50\r\n;3\r\n'.encode()


@pytest.mark.parametrize("name", ["=1+1", "+39 02", "-x", "@SUM(A1)"])
def test_name_that_is_a_formula_stays_a_name(name):
    assert write_table(("a",), [(name,)]).decode("utf-8-sig").splitlines()[1] == f"'{name}"


def test_period_goes_by_the_italian_calendar():
    summer = Period(date(2026, 7, 1), date(2026, 7, 1))

    assert summer.since.startswith("2026-06-30T22:00")
    assert summer.until.startswith("2026-07-01T22:00")
    assert year(2026).since.startswith("2025-12-31T23:00")
    with pytest.raises(ValueError):
        Period(date(2026, 7, 2), date(2026, 7, 1))


def test_journal_tells_every_posting_with_debit_and_credit_apart(house):
    session_id = paid(house)
    house.sandbox.refund(session_id, 5_00)
    house.look("checkout.session", session_id)
    house.look("payout", house.sandbox.pay_out()["id"])
    rows = rows_of(write_journal(house.query("postings_between", **EVER)))

    assert [(row["registrazione"], row["conto"], row["dare"], row["avere"]) for row in rows] == [
        ("1", "Saldo Stripe", "24,37", ""),
        ("1", "Commissioni di pagamento", "0,63", ""),
        ("1", "Donazioni", "", "25,00"),
        ("2", "Rimborsi ai donatori", "5,00", ""),
        ("2", "Saldo Stripe", "", "5,00"),
        ("3", "Banca", "19,37", ""),
        ("3", "Saldo Stripe", "", "19,37"),
    ]
    assert rows[0]["campagna"] == "tetto"


def books_as_beancount(house):
    balances = house.query("account_balances_before", livemode=0, until="9999")
    return write_beancount(
        house.query("postings_between", **EVER),
        {row["account"]: int(row["cents"]) for row in balances},
        until=date(2027, 12, 31),
        title='Libri di «prova» e "virgolette"',
    )


def read_beancount(text):
    """Read the part of the format we write, refusing everything else."""
    opened, sums, transactions = set(), {}, []
    for line in text.splitlines():
        if line in ("",) or re.fullmatch(r'option "[a-z_]+" "(?:[^"\\]|\\.)*"', line):
            continue
        if found := re.fullmatch(r"(\d{4}-\d\d-\d\d) open ([A-Z]\w*(?::[A-Z]\w*)+) EUR", line):
            date.fromisoformat(found[1])
            opened.add(found[2])
        elif found := re.fullmatch(r'(\d{4}-\d\d-\d\d) \* "[^"]+"( #[a-z0-9-]+)?', line):
            date.fromisoformat(found[1])
            transactions.append([])
        elif re.fullmatch(r'  [a-z]+: "[^"]+"', line):
            assert transactions
        elif found := re.fullmatch(r"  ([A-Z][\w:]+) +(-?\d+\.\d\d) EUR", line):
            assert found[1] in opened
            amount = Decimal(found[2])
            transactions[-1].append(amount)
            sums[found[1]] = sums.get(found[1], 0) + amount
        elif found := re.fullmatch(r"\d{4}-\d\d-\d\d balance ([\w:]+) +(-?\d+\.\d\d) EUR", line):
            assert sums.get(found[1], 0) == Decimal(found[2]), line
        else:
            raise AssertionError(f"not in the format: {line!r}")
    assert all(sum(postings) == 0 and len(postings) > 1 for postings in transactions)
    return sums, len(transactions)


def test_beancount_text_balances_line_by_line_and_at_the_end(house):
    session_id = paid(house)
    house.sandbox.dispute(session_id)
    house.look("checkout.session", session_id)
    paid(house, campaign="tetto", amount="150,50")
    house.look("payout", house.sandbox.pay_out()["id"])
    sums, transactions = read_beancount(books_as_beancount(house))

    assert transactions == 4
    assert sums["Income:Donations"] == Decimal("-175.50")
    assert sums["Assets:Stripe"] == 0


def test_beancount_itself_accepts_the_text(house, tmp_path):
    """
    A gift, a refund, a dispute, a fee and a payout, as the treasurer would check them.
    """
    session_id = paid(house, amount="50")
    house.sandbox.refund(session_id, 5_00)
    disputed = paid(house)
    house.sandbox.dispute(disputed)
    fee = house.sandbox.charge_fee(1_00)
    for kind, object_id in (
        ("checkout.session", session_id),
        ("checkout.session", disputed),
        ("balance_transaction", fee["id"]),
        ("payout", house.sandbox.pay_out()["id"]),
    ):
        house.look(kind, object_id)
    path = tmp_path / "libri.beancount"
    path.write_text(books_as_beancount(house), encoding="utf-8")

    result = subprocess.run(
        [Path(sys.executable).with_name("bean-check"), path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_empty_books_are_text_all_the_same(house):
    assert read_beancount(books_as_beancount(house)) == ({}, 0)


def test_statement_of_a_campaign_adds_up(house, tmp_path):
    session_id = paid(house)
    paid(house)
    house.sandbox.refund(session_id, 5_00)
    house.look("checkout.session", session_id)
    path = tmp_path / "spese.csv"
    path.write_text(
        "data;descrizione;documento;importo\n"
        "2026-03-01;Cauzione;Fattura 12;20,50\n"
        "1999-01-01;Fuori periodo;Fattura 1;1\n",
        encoding="utf-8-sig",
    )
    period = Period(date(2026, 1, 1), date(2030, 12, 31))
    accounts = house.query("campaign_accounts", livemode=0, campaign="tetto",
                           since=period.since, until=period.until)  # fmt: skip
    statement = CampaignStatement(
        campaign="tetto", title="Un tetto", period=period, gifts=2,
        accounts={row["account"]: int(row["cents"]) for row in accounts},
        expenses=read_expenses(path, period),
    )  # fmt: skip

    assert (statement.income_cents, statement.costs_cents) == (45_00, 1_26)
    assert (statement.spent_cents, statement.left_cents) == (20_50, 23_24)
    rows = rows_of(write_statement(statement))
    assert rows[-1] == {
        "sezione": "Risultato", "voce": "Ancora da impiegare", "documento": "", "data": "",
        "euro": "23,24",
    }  # fmt: skip


def test_expenses_that_are_wrong_are_all_named(tmp_path):
    path = tmp_path / "spese.csv"
    path.write_text(
        "data;descrizione;documento;importo\noggi;a;b;1\n2026-01-01;a;;1\n2026-01-01;a;b;1.250\n",
        encoding="utf-8",
    )
    with pytest.raises(BadExpenses) as refused:
        read_expenses(path, year(2026))

    assert [problem.split(", ")[1][:7] for problem in refused.value.problems] == [
        "riga 2:", "riga 3:", "riga 4:",
    ]  # fmt: skip
    path.write_text("quando;quanto\n", encoding="utf-8")
    with pytest.raises(BadExpenses, match="mancano le colonne data"):
        read_expenses(path, year(2026))


def report_of(house, profile=None, when=None):
    period = year(when or house.clock().year)
    asked = {"livemode": 0, "since": period.since, "until": period.until}
    return check_gifts(
        house.query("gifts_given_in", **asked),
        house.query("moved_later", **asked),
        recipient="sercop",
        profile=profile,
        year=period.first.year,
        livemode=False,
    )


def test_report_to_the_agency_says_why_each_gift_stays_out(house):
    whole, nameless = paid(house, fiscal_code=ANNAS_CODE), paid(house)
    back, disputed, part = (paid(house, fiscal_code=ANNAS_CODE) for _ in range(3))
    house.sandbox.refund(back)
    house.sandbox.dispute(disputed)
    house.sandbox.refund(part, 10_00)
    for session_id in (back, disputed, part):
        house.look("checkout.session", session_id)
    report = report_of(house)
    found = {one.gift["origin"]: one for one in report.gifts}

    assert {name: one.left_out for name, one in found.items()} == {
        whole: (),
        nameless: ("senza codice fiscale",),
        back: ("con rimborso di tutto",),
        disputed: ("con una contestazione aperta",),
        part: (),
    }
    assert found[part].to_review == ("rimborsato in parte",)
    assert (report.reported_cents, report.left_out_cents) == (40_00, 25_00)
    assert report.receipts_cents == report.ledger_cents == 65_00
    assert report.adds_up
    rows = rows_of(write_report([report]))
    assert sorted(row["nella_comunicazione"] for row in rows) == ["no", "no", "no", "sì", "sì"]
    assert sorted(row["netto"] for row in rows) == ["0,00", "0,00", "15,00", "25,00", "25,00"]


def test_refund_on_its_way_is_reviewed_and_does_not_upset_the_sums(house):
    """
    The money has left the books, the receipt still stands, and the bank may send it back.
    """
    paid(house, fiscal_code=ANNAS_CODE)
    on_its_way = paid(house, fiscal_code=ANNAS_CODE)
    refund = house.sandbox.refund(on_its_way, 10_00)
    house.sandbox.account.change(refund, status="pending")
    house.look("checkout.session", on_its_way)
    report = report_of(house)

    assert report.adds_up
    assert (report.reported_cents, report.told_cents) == (50_00, 25_00)
    [gift] = report.unsettled
    assert (gift.gift["origin"], gift.left_out) == (on_its_way, ())
    assert gift.to_review == ("un rimborso è in viaggio",)
    house.sandbox.account.change(refund, status="succeeded")
    house.look("checkout.session", on_its_way)
    arrived = report_of(house)
    assert (arrived.unsettled, arrived.told_cents, arrived.adds_up) == ((), 40_00, True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("donor set kind = 'company'", ("da un'impresa o da un ente",)),
        ("donor set opposed_at = '2026'", ("di chi si è opposto",)),
        ("donor set fiscal_code = 'PRVNNA80A41H264X'", ("con un codice fiscale sbagliato",)),
        ("donation set method = 'cash'", ("con un metodo di pagamento da verificare («cash»)",)),
    ],
)
def test_gift_that_may_not_be_reported_stays_out_and_says_why(house, change, why):
    paid(house, fiscal_code=ANNAS_CODE)
    with house.parts.store.transaction() as books:
        books._connection.execute(f"update {change}")
    [one] = report_of(house).gifts

    assert one.left_out == why


def test_gift_of_december_credited_in_january_is_reviewed(house):
    paid(house, fiscal_code=ANNAS_CODE)
    with house.parts.store.transaction() as books:
        books._connection.execute(
            "update donation set paid_at = '2031-01-02T00:00:00.000000+00:00'"
        )
    [one] = report_of(house).gifts

    assert one.left_out == ()
    assert one.to_review == ("donato in un anno e accreditato in un altro",)


@pytest.mark.parametrize("frequency", ["once", "month"])
def test_gift_belongs_to_the_year_it_was_paid_in(house, frequency):
    """
    The payment page was opened on New Year's Eve, at ten to midnight in Milan, and paid at ten past.
    """
    eve = datetime(house.clock().year, 12, 31, 22, 50, tzinfo=UTC)
    house.sandbox.account.clock = lambda: eve
    session_id = house.give(frequency=frequency)
    house.sandbox.account.clock = lambda: eve + timedelta(minutes=20)
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)

    [one] = report_of(house, when=eve.year + 1).gifts
    assert one.to_review == ()
    assert report_of(house, when=eve.year).gifts == ()
    [receipt] = house.query("all_receipts")
    assert json.loads(receipt["wording"])["given_on"] == f"{eve.year + 1}-01-01"


def test_renewal_tried_again_belongs_to_the_year_it_was_paid_in(house):
    """
    The card of December is refused; the one that pays is of January.
    """
    session_id = house.give(frequency="month")
    plan = house.sandbox.pay_by_card(session_id)["subscription"]
    eve = datetime(house.clock().year, 12, 31, 12, tzinfo=UTC)
    house.sandbox.account.clock = lambda: eve
    invoice = house.sandbox.renew(plan, accepted=False)
    house.look("subscription", plan)
    house.sandbox.account.clock = lambda: eve + timedelta(days=3)
    house.parts.gateway._client.v1.invoices.pay(invoice["id"], {"payment_method": "pm_test_new"})
    house.look("subscription", plan)

    [one] = report_of(house, when=eve.year + 1).gifts
    assert (one.gift["origin"], one.to_review) == (invoice["id"], ())


def given_before(house):
    """A gift that was paid years before whatever happens to it now."""
    session_id = paid(house, fiscal_code=ANNAS_CODE)
    house.sandbox.account.clock = lambda: house.clock() + timedelta(days=730)
    return session_id


def report_of_later(house):
    return report_of(house, when=house.clock().year + 2)


def test_money_given_back_in_a_later_year_is_told_apart(house):
    session_id = given_before(house)
    house.sandbox.refund(session_id, 5_00)
    house.look("checkout.session", session_id)
    report = report_of_later(house)

    [row] = report.given_back_later
    assert int(row["given_back_cents"]) == 5_00
    assert (report.come_back_later, report.gifts) == ((), ())


def test_dispute_won_in_a_later_year_hides_no_refund_of_it(house):
    """
    The bank took Anna's 25 € back before, and gave them back to us after New Year; of a gift
    of somebody else 10 € went back.
    """
    disputed = paid(house, fiscal_code=ANNAS_CODE)
    dispute = house.sandbox.dispute(disputed)
    refunded = given_before(house)
    house.sandbox.close_dispute(dispute["id"], won=True)
    house.sandbox.refund(refunded, 10_00)
    for session_id in (disputed, refunded):
        house.look("checkout.session", session_id)
    report = report_of_later(house)

    assert [int(row["given_back_cents"]) for row in report.given_back_later] == [10_00]
    assert [int(row["come_back_cents"]) for row in report.come_back_later] == [25_00]
    told = {
        row["nella_comunicazione"]: row["rimborsato"] for row in rows_of(write_report([report]))
    }
    assert told == {"rimborso": "10,00", "tornato a noi": "-25,00"}


def test_refund_that_failed_does_not_make_up_for_a_dispute_of_the_same_gift(house):
    """
    10 € that had gone back before New Year come back to us, then the bank takes all 25 €.
    """
    session_id = paid(house, fiscal_code=ANNAS_CODE)
    refund = house.sandbox.refund(session_id, 10_00)
    house.sandbox.account.clock = lambda: house.clock() + timedelta(days=730)
    house.sandbox.fail_refund(refund["id"])
    house.sandbox.dispute(session_id)
    house.look("checkout.session", session_id)
    report = report_of_later(house)

    [row] = report.moved_later
    assert (int(row["given_back_cents"]), int(row["come_back_cents"])) == (25_00, 10_00)


def test_dispute_opened_and_won_in_one_year_is_nothing_to_tell(house):
    session_id = given_before(house)
    dispute = house.sandbox.dispute(session_id)
    house.sandbox.close_dispute(dispute["id"], won=True)
    house.look("checkout.session", session_id)

    assert report_of_later(house).moved_later == ()


@pytest.mark.parametrize(
    ("profile", "warning"),
    [
        (None, "non nomina più"),
        (Recipient("s", "S", "S", "public_body"), "ente pubblico"),
        (Recipient("s", "S", "S", "social_cooperative"), "cooperativa sociale"),
        (Recipient("s", "S", "S", "foundation"), "nessuno ha confermato"),
    ],
)
def test_who_may_not_report_is_told(house, profile, warning):
    assert any(warning in text for text in report_of(house, profile).warnings)


def test_confirmed_foundation_is_only_told_that_these_are_rehearsals(house):
    tax = Tax("testo", "RUNTS 1", date(2026, 1, 31))
    profile = Recipient("s", "S", "S", "foundation", tax=tax)

    assert report_of(house, profile).warnings == (
        "sono prove: non è denaro vero e non si comunica niente",
    )


def test_history_hides_a_single_gift_in_a_group(house):
    for _ in range(6):
        paid(house)
    [stretch] = read_history(house.parts.store, livemode=False)

    assert (stretch.campaign, stretch.gifts, stretch.net_cents) == ("tetto", 6, 150_00)
    [row] = rows_of(write_history([stretch]))
    assert row["euro_netti"] == "150,00"


def test_history_waits_until_there_are_enough_gifts(house):
    for _ in range(4):
        paid(house)

    assert read_history(house.parts.store, livemode=False) == []
