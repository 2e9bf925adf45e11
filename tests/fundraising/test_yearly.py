"""The register's papers: corrected, copied, printed again, and summed up for a year."""

import csv
import io

import pytest
from pypdf import PdfReader

from fundraising.mailer import list_letters
from fundraising.receipts import print_receipt
from fundraising.register import receipt_facts, replace_receipt
from fundraising.yearly import print_summary, summarize_year, write_register

ANNAS_CODE = "PRVNNA80A41H264K"


def paid(house, **changes):
    session_id = house.give(**changes)
    house.sandbox.pay_by_card(session_id)
    house.look("checkout.session", session_id)
    return session_id


def text_of(pdf):
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def printed(house, receipt, mark=None):
    donor = house.query("find_donor", id=receipt["donor"])
    return print_receipt(receipt_facts(receipt, donor, mark=mark))


def replace(house, receipt, donor=None):
    with house.parts.store.transaction() as books:
        return replace_receipt(
            books,
            receipt,
            house.parts.campaigns.read(),
            donor=donor,
            now=house.clock(),
            new_id=house.parts.new_id,
        )


def test_receipt_of_a_gift_says_everything_the_law_asks_for(house):
    """
    Recipient, donor with code, amount in figures and words, day, method, purpose,
    liberal nature, number and date of issue.
    """
    paid(house, fiscal_code=ANNAS_CODE)
    [receipt] = house.query("all_receipts")
    text = text_of(printed(house, receipt))

    for said in (
        f"Ricevuta di erogazione liberale n. 1/{house.clock().year}",
        "Sercop – azienda speciale", "Anna Prova", ANNAS_CODE, "25,00", "venticinque euro",
        "Donato il", "Accreditato il", "carta di pagamento", "Un tetto per ricominciare",
        "erogazione liberale in denaro, senza alcuna controprestazione", "emessa il",
        "RICEVUTA DI PROVA",
    ):  # fmt: skip
        assert said in text, said


def test_company_is_named_with_its_vat_number(house):
    paid(house)
    [receipt] = house.query("all_receipts")
    with house.parts.store.transaction() as books:
        books._connection.execute(
            "update donor set kind = 'company', company_name = 'Forno di Prova srl', "
            "vat_number = '01234567897'"
        )
    text = text_of(printed(house, receipt))

    assert "Forno di Prova srl" in text
    assert "Partita IVA 01234567897" in text


def test_same_receipt_printed_again_is_the_same_to_the_byte(house):
    paid(house)
    [receipt] = house.query("all_receipts")
    first = printed(house, receipt)
    path = house.parts.settings.campaigns_file
    path.write_text(
        path.read_text(encoding="utf-8").replace("azienda speciale", "un altro nome"),
        encoding="utf-8",
    )

    assert printed(house, receipt) == first
    assert printed(house, receipt, mark="copy") != first
    assert "COPIA" in text_of(printed(house, receipt, mark="copy")).upper()


def test_correction_is_a_new_number_and_the_old_paper_stays_as_it_was(house):
    paid(house)
    [receipt] = house.query("all_receipts")
    donor = house.query("find_donor", id=receipt["donor"])
    number = replace(house, receipt, donor | {"last_name": "Prova-Bianchi"})
    old, new = house.query("all_receipts")

    assert (number, old["state"], new["state"]) == (2, "void", "issued")
    assert "Anna Prova-Bianchi" in text_of(printed(house, new))
    assert "Anna Prova " in text_of(printed(house, old))
    assert "annullata" in text_of(printed(house, old))


def test_correction_lasts_when_the_gift_changes_later(house):
    session_id = paid(house)
    [receipt] = house.query("all_receipts")
    donor = house.query("find_donor", id=receipt["donor"])
    replace(house, receipt, donor | {"first_name": "Annina"})
    house.sandbox.refund(session_id, 5_00)
    house.look("checkout.session", session_id)

    assert "Annina Prova" in text_of(printed(house, house.query("all_receipts")[2]))


def test_correction_without_a_recipient_changes_nothing(house):
    paid(house)
    [receipt] = house.query("all_receipts")
    house.parts.settings.campaigns_file.write_text(
        '{"version": 1, "currency": "eur", "campaigns": [], "recipients": []}', encoding="utf-8"
    )
    with pytest.raises(ValueError, match="sercop"):
        replace(house, receipt)

    assert house.query("all_receipts") == [receipt]


@pytest.mark.parametrize(("kind", "word"), [("copy", "copia"), ("replaced", "corretta")])
def test_copy_and_correction_leave_with_the_receipt_inside(house, kind, word):
    paid(house)
    house.parts.worker.run_once()
    [receipt] = house.query("all_receipts")
    with house.parts.store.transaction() as books:
        books.enqueue_letter(
            id="copy-1", livemode=0, kind=kind, subject="copy-1", donation=receipt["donation"],
            amount_cents=receipt["amount_cents"], now=house.clock().isoformat(),
        )  # fmt: skip
    house.parts.worker.run_once()
    letters = list_letters(house.parts.settings.letters_folder)
    [letter] = [letter for letter in letters if word in letter.subject]

    [attachment] = letter.attachments
    assert ("COPIA" in text_of(attachment.content).upper()) == (kind == "copy")


def test_year_of_a_donor_is_the_sum_of_valid_receipts(house):
    first = paid(house, fiscal_code=ANNAS_CODE)
    paid(house, fiscal_code=ANNAS_CODE, amount="150,50")
    paid(house, first_name="Bruno", email="bruno@example.org")
    house.sandbox.refund(first, 5_00)
    house.look("checkout.session", first)
    year = house.clock().year
    anna, bruno = summarize_year(house.parts.store, year, livemode=False)

    assert (anna.name, anna.total_cents, len(anna.lines)) == ("Anna Prova", 170_50, 2)
    assert (bruno.name, bruno.total_cents) == ("Bruno Prova", 25_00)
    text = text_of(print_summary(anna))
    assert f"Riepilogo dei doni del {year}" in text
    assert f"Totale del {year}: 170,50" in text
    assert ANNAS_CODE in text
    assert print_summary(anna) == print_summary(anna)
    assert summarize_year(house.parts.store, year - 1, livemode=False) == []


def test_register_of_the_year_is_a_table(house):
    paid(house)
    table = write_register(summarize_year(house.parts.store, house.clock().year, livemode=False))
    [row] = csv.DictReader(io.StringIO(table.decode("utf-8-sig")), delimiter=";")

    assert (row["ricevuta"], row["euro"]) == (f"1/{house.clock().year}", "25,00")
    assert row["donatore"] == "Anna Prova"
