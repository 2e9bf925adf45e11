"""Bank statements: read as banks write them, matched only when there is no doubt."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from fundraising.bank.camt_statement import read_camt_statement
from fundraising.bank.csv_statement import read_csv_statement
from fundraising.bank.matching import (
    CannotConfirm,
    confirm,
    ignore,
    import_statement,
    list_doubts,
)
from fundraising.bank.statement import BadStatement, Credit, Statement, line_ids
from fundraising.doctor import examine
from fundraising.ledger import Booking, Posting
from fundraising.reason_code import reason_code
from fundraising.reconcile import reconcile
from fundraising.store import to_text
from tests.fundraising.conftest import NOON

ELEVENTH = date(2026, 11, 11)


def test_csv_with_lines_above_the_table_and_signed_amounts():
    statement = read_csv_statement(
        "Estratto conto;;;\r\nConto: 123;;;\r\n\r\n"
        "Data contabile;Data valuta;Descrizione;Importo (EUR)\r\n"
        "11/11/2026;11/11/2026;BONIFICO OP-44EE-J;1.025,50\r\n"
        "12/11/2026;12/11/2026;COMMISSIONI;-1,50\r\n"
        ";;Saldo finale;1.024,00\r\n".encode("cp1252")
    )

    assert statement.credits == (Credit(ELEVENTH, 1025_50, "BONIFICO OP-44EE-J"),)
    assert statement.debits == 1


def test_csv_with_credits_and_debits_apart():
    statement = read_csv_statement(
        "\ufeffData,Causale,Uscite,Entrate\n"
        '2026-11-11,"Bonifico, grazie",,"25,00"\n'
        "2026-11-12,Canone,3.50,\n".encode()
    )

    assert statement.credits == (Credit(ELEVENTH, 25_00, "Bonifico, grazie"),)
    assert statement.debits == 1


def test_csv_with_names_of_its_own_is_read_with_the_treasurers_words():
    content = b"Giorno;Quanto;Motivo\n11.11.26;+25,00;OP-44EE-J\n"
    with pytest.raises(BadStatement, match="--columns"):
        read_csv_statement(content)

    columns = {"data": "Giorno", "importo": "Quanto", "causale": "Motivo"}
    assert read_csv_statement(content, columns).credits == (Credit(ELEVENTH, 25_00, "OP-44EE-J"),)


def test_every_line_that_cannot_be_read_is_named_and_nothing_is_guessed():
    with pytest.raises(BadStatement) as refused:
        read_csv_statement(
            b"Data;Importo;Causale\n31/02/2026;5,00;a\n11/11/2026;1.250;b\n11/11/2026;x;c\n"
        )

    assert [problem[:7] for problem in refused.value.problems] == ["riga 2:", "riga 3:", "riga 4:"]
    assert "due modi" in refused.value.problems[1]


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00",
        b"Data;Importo\n11/11/2026;5,00\r;x\n",
        b"Data;Importo\n11/11/2026;5,00" + b"x" * 200_000,
    ],
)
def test_file_that_is_no_table_is_told_by_its_line(content):
    with pytest.raises(BadStatement, match=r"riga \d+: non è il testo di una tabella"):
        read_csv_statement(content)


CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt>
<Ntry><Amt Ccy="EUR">25.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{booked}
 <BookgDt><Dt>2026-11-11</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef>
 <NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
  <RmtInf><Ustrd>dono OP-44EE-J</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{booked}
 <BookgDt><DtTm>2026-11-11T09:00:00</DtTm></BookgDt><AcctSvcrRef>R2</AcctSvcrRef>
 <NtryDtls><TxDtls><Amt Ccy="EUR">10.00</Amt><RmtInf><Ustrd>primo</Ustrd></RmtInf></TxDtls>
  <TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">20.00</Amt></TxAmt></AmtDtls>
  <RmtInf><Ustrd>secondo</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">7.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>{booked}
 <BookgDt><Dt>2026-11-11</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="EUR">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{pending}
 <BookgDt><Dt>2026-11-11</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


@pytest.mark.parametrize(
    ("version", "booked", "pending"),
    [
        ("02", "<Sts>BOOK</Sts>", "<Sts>PDNG</Sts>"),
        ("08", "<Sts><Cd>BOOK</Cd></Sts>", "<Sts><Cd>PDNG</Cd></Sts>"),
    ],
)
def test_camt_of_any_version(version, booked, pending):
    text = CAMT.format(version=version, booked=booked, pending=pending)
    statement = read_camt_statement(text.encode())

    assert statement.credits == (
        Credit(ELEVENTH, 25_00, "dono OP-44EE-J", "R1"),
        Credit(ELEVENTH, 10_00, "primo", "R2/1"),
        Credit(ELEVENTH, 20_00, "secondo", "R2/2"),
    )
    assert statement.debits == 2


def test_camt_with_entities_is_refused_before_they_are_read():
    bomb = (
        '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]><Document>&b;&f;</Document>'
    )
    with pytest.raises(BadStatement, match="tipo di documento"):
        read_camt_statement(bomb.encode())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<a>", "non \u00e8 un XML corretto"),
        (b"<a/>", "nessun estratto conto"),
        (b'<?xml version="1.0" encoding="foo"?><a/>', "salvalo come XML in UTF-8"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "salvalo come XML in UTF-8"),
        (CAMT.format(version="02", booked="", pending="").replace("EUR", "CHF").encode(), "in CHF"),
        (CAMT.format(version="02", booked="", pending="").replace("25.00", "0.001").encode(),
         "centesimi interi"),
        (CAMT.format(version="02", booked="", pending="").replace("25.00", "9" * 20).encode(),
         "troppo grande"),
        (CAMT.format(version="02", booked="", pending="").replace("25.00", "1E+999999999").encode(),
         "troppo grande"),
        (CAMT.format(version="02", booked="", pending="").replace("25.00", "sNaN").encode(),
         "centesimi interi"),
    ],
)  # fmt: skip
def test_camt_that_cannot_be_trusted_is_refused(content, why):
    with pytest.raises(BadStatement, match=why):
        read_camt_statement(content)


def test_equal_lines_of_a_day_are_two_and_a_file_read_twice_is_one():
    credits = [Credit(ELEVENTH, 5_00, "dono"), Credit(ELEVENTH, 5_00, "DONO ")]

    assert len(set(line_ids(credits))) == 2
    assert line_ids(credits) == line_ids(list(credits))


@pytest.fixture
def promise(house):
    """Promises a transfer of 25 € and returns its reason code."""

    def make(amount_cents=25_00):
        parts = house.parts
        now = to_text(parts.clock())
        with parts.store.transaction() as books:
            books._connection.execute(
                "insert into donor (id, livemode, email, first_name, last_name, anonymous, "
                f"created_at) values ('{(who := parts.new_id())}', 0, 'anna@example.org', 'Anna', "
                f"'Prova', 0, '{now}')"
            )
            intent, number = parts.new_id(), books.draw_promise_number(livemode=0)["number"]
            books._connection.execute(
                "insert into intent (id, livemode, donor, campaign, title, recipient, frequency, "
                f"amount_cents, created_at) values ('{intent}', 0, '{who}', 'tetto', 'Un tetto', "
                f"'sercop', 'once', {amount_cents}, '{now}')"
            )
            books.add_donation(
                id=f"d{number}", livemode=0, intent=intent, origin=reason_code(number),
                subscription_id=None, campaign="tetto", recipient="sercop",
                amount_cents=amount_cents, state="announced", given_at=now, observed_at=now,
            )  # fmt: skip
            books.add_promise(number=number, livemode=0, donation=f"d{number}", promised_at=now)
        return reason_code(number)

    return make


def came(*credits):
    return Statement(tuple(Credit(ELEVENTH, cents, words) for cents, words in credits), debits=0)


def test_promise_kept_to_the_cent_is_a_gift_with_receipt_and_thanks(house, promise):
    code = promise()
    done = import_statement(house.parts, came((25_00, f"bonifico {code}")))
    house.parts.worker.run_once()

    assert (done.matched, done.review) == (1, 0)
    gift = house.query("find_donation_by_origin", origin=code)
    assert (gift["state"], gift["method"]) == ("paid", "bank_transfer")
    [receipt] = house.query("all_receipts")
    assert receipt["amount_cents"] == 25_00
    assert [letter["state"] for letter in house.query("all_letters")] == ["sent"]
    assert examine(house.parts) == []
    assert reconcile(house.parts).holds


def test_statement_imported_twice_books_once(house, promise):
    code = promise()
    statement = came((25_00, code), (7_00, "qualcosa"))
    import_statement(house.parts, statement)
    again = import_statement(house.parts, statement)

    assert (again.already_known, again.matched, again.review) == (2, 0, 0)
    bank = house.query("account_balance", livemode=0, account="Assets:Bank")
    assert int(bank["cents"]) == 25_00


def test_parts_of_two_entries_without_a_reference_are_different_credits(house):
    """
    A bank that gives its entries no reference of its own is told apart by the words.
    """
    first = CAMT.format(version="02", booked="", pending="<Sts>PDNG</Sts>").replace("R2", "")
    second = first.replace("primo", "da Rosa").replace("secondo", "da Ugo")
    second = second.replace("R1", "R3")
    done = [
        import_statement(house.parts, read_camt_statement(text.encode()))
        for text in (first, second, second)
    ]

    assert [(one.review, one.already_known) for one in done] == [(3, 0), (3, 0), (0, 3)]
    words = {doubt.words for doubt in list_doubts(house.parts)}
    assert {"primo", "secondo", "da Rosa", "da Ugo"} <= words


def test_doubtful_credits_wait_for_a_person_and_say_why(house, promise):
    code, kept = promise(), promise()
    import_statement(house.parts, came((25_00, kept)))
    done = import_statement(
        house.parts,
        came(
            (20_00, f"dono {code}"), (25_00, "grazie"), (25_00, f"ancora {kept}"),
            (5_00, "OP-44EE-J"),
        ),
    )  # fmt: skip

    assert (done.matched, done.review) == (0, 4)
    doubts = {doubt.words: doubt for doubt in list_doubts(house.parts)}
    assert "erano promessi 25,00" in doubts[f"dono {code}"].doubt
    assert doubts["grazie"].proposals == (code,)
    assert "già «arrivato»" in doubts[f"ancora {kept}"].doubt
    assert "di nessuna promessa" in doubts["OP-44EE-J"].doubt
    assert any("4 movimenti aspettano" in finding for finding in examine(house.parts))


def test_person_confirms_with_the_amount_that_came(house, promise):
    code = promise()
    import_statement(house.parts, came((20_00, f"dono {code}")))
    [doubt] = list_doubts(house.parts)
    gift = confirm(house.parts, doubt.id[:6])

    assert (gift["origin"], gift["amount_cents"], gift["state"]) == (code, 20_00, "paid")
    assert list_doubts(house.parts) == []
    assert examine(house.parts) == []


def test_person_names_the_promise_of_a_credit_without_code(house, promise):
    code = promise()
    import_statement(house.parts, came((25_00, "da parte di Anna")))
    [doubt] = list_doubts(house.parts)
    with pytest.raises(CannotConfirm, match="--code"):
        confirm(house.parts, doubt.id)
    confirm(house.parts, doubt.id, code)

    [line] = house.query("find_bank_lines", livemode=0, prefix=doubt.id)
    assert (line["state"], line["words"]) == ("matched", None)
    with pytest.raises(CannotConfirm, match="nessuno"):
        confirm(house.parts, doubt.id, code)


def test_credit_that_is_no_gift_is_forgotten_with_its_words(house):
    import_statement(house.parts, came((500_00, "affitto sala")))
    [doubt] = list_doubts(house.parts)
    ignore(house.parts, doubt.id)

    assert list_doubts(house.parts) == []
    [line] = house.query("find_bank_lines", livemode=0, prefix="")
    assert (line["state"], line["words"]) == ("ignored", None)


@pytest.mark.parametrize("typed", ["%", "_", "%%", "________________"])
def test_credit_is_named_by_letters_and_never_by_a_wildcard(house, typed):
    import_statement(house.parts, came((500_00, "affitto sala")))
    with pytest.raises(CannotConfirm, match="nessuno"):
        ignore(house.parts, typed)
    [doubt] = list_doubts(house.parts)
    ignore(house.parts, f" {doubt.id[:8].upper()} ")

    assert list_doubts(house.parts) == []


def test_two_who_decide_a_credit_at_once_decide_it_once(house, promise):
    """
    One says that it is no gift; the other must not make one of it.
    """
    code = promise()
    import_statement(house.parts, came((25_00, "da parte di Anna")))
    [doubt] = list_doubts(house.parts)
    with ThreadPoolExecutor(1) as elsewhere:
        with house.parts.store.transaction() as books:
            books.settle_bank_line(id=doubt.id, state="ignored", donation=None)
            late = elsewhere.submit(confirm, house.parts, doubt.id, code)
            with pytest.raises(TimeoutError):
                late.result(timeout=1)
        with pytest.raises(CannotConfirm, match=r"qualcun altro|nessuno"):
            late.result(timeout=20)

    assert house.query("find_donation_by_origin", origin=code)["state"] == "announced"
    assert house.query("all_receipts") == []
    assert examine(house.parts) == []


def test_two_credits_do_not_keep_one_promise_at_once(house, promise):
    code = promise()
    import_statement(house.parts, came((20_00, f"dono {code}")))
    [doubt] = list_doubts(house.parts)
    other = Booking(
        id="bank:other", kind="payment", livemode=False, booked_at=NOON, donation_id="d1",
        campaign="tetto",
        postings=(Posting("Assets:Bank", 25_00), Posting("Income:Donations", -25_00)),
    )  # fmt: skip
    with ThreadPoolExecutor(1) as elsewhere:
        with house.parts.store.transaction() as books:
            house.parts.reducer.apply_transfer(books, code, other)
            late = elsewhere.submit(confirm, house.parts, doubt.id)
            with pytest.raises(TimeoutError):
                late.result(timeout=1)
        with pytest.raises(CannotConfirm, match="già «arrivato»"):
            late.result(timeout=20)

    assert house.query("find_donation_by_origin", origin=code)["amount_cents"] == 25_00
    assert [doubt.id for doubt in list_doubts(house.parts)] == [doubt.id]


def test_payout_of_stripe_is_recognised_once(house):
    session_id = house.give()
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    house.look("payout", house.sandbox.pay_out()["id"])
    first = import_statement(house.parts, came((24_37, "STRIPE PAYMENTS EUROPE")))
    second = import_statement(house.parts, came((24_37, "STRIPE PAYMENTS EUROPE 2")))

    assert (first.payouts, first.review) == (1, 0)
    assert (second.payouts, second.review) == (0, 1)
