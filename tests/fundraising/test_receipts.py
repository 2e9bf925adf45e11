"""Receipts, read back from the PDF with pypdf."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from fundraising.receipts import ReceiptFacts, amount_in_words, date_in_words, print_receipt


def a_receipt(**changes) -> ReceiptFacts:
    plain = {
        "number": 7,
        "year": 2026,
        "recipient_name": "Ente di Esempio",
        "recipient_address": "via Inventata 1, Rho",
        "recipient_fiscal_code": "00000000000",
        "donor_name": "Anna Bianchi",
        "amount_cents": 25_50,
        "given_on": date(2026, 11, 20),
        "paid_on": date(2026, 11, 24),
        "issued_on": date(2026, 11, 25),
        "method": "sepa_debit",
        "purpose": "Una stanza per tutti",
        "livemode": True,
    }
    return ReceiptFacts(**(plain | changes))


def read(pdf: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(pdf))
    text = " ".join(page.extract_text() for page in reader.pages)
    return reader, " ".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize(
    "stated",
    [
        "Ricevuta di erogazione liberale n. 7/2026",
        "Ente di Esempio",
        "via Inventata 1, Rho",
        "00000000000",
        "Anna Bianchi",
        "25,50 €",
        "venticinque euro e cinquanta centesimi",
        "Donato il 20 novembre 2026",
        "Accreditato il 24 novembre 2026",
        "addebito diretto sul conto (SEPA)",
        "Una stanza per tutti",
        "erogazione liberale in denaro, senza alcuna controprestazione",
        "emessa il 25 novembre 2026",
    ],
)
def test_a_receipt_states_what_a_tax_office_asks_for(stated):
    _, text = read(print_receipt(a_receipt()))

    assert stated in text


def test_a_receipt_is_one_tagged_italian_page():
    reader, _ = read(print_receipt(a_receipt()))
    catalog = reader.trailer["/Root"]

    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "it-IT"
    assert reader.metadata.title == "Ricevuta di erogazione liberale n. 7/2026"
    assert "pdfuaid:part>1<" in catalog["/Metadata"].get_data().decode()


def test_only_the_fonts_inside_typst_are_used():
    reader, _ = read(print_receipt(a_receipt(donor_name="Анна عبد")))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()
    names = {font.get_object()["/BaseFont"].partition("+")[2].split("-")[0] for font in fonts}

    assert names == {"LibertinusSerif", "DejaVuSansMono"}


def test_same_facts_same_bytes_in_another_process_too():
    """
    A receipt printed again years later can be compared with the first, byte by byte.
    """
    script = f"""
import datetime, sys
from fundraising.receipts import ReceiptFacts, print_receipt
sys.stdout.buffer.write(print_receipt(ReceiptFacts(**{vars(a_receipt())!r})))
"""
    elsewhere = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert print_receipt(a_receipt()) == print_receipt(a_receipt()) == elsewhere.stdout


def test_receipts_printed_at_once_do_not_mix():
    numbers = range(1, 13)
    with ThreadPoolExecutor(4) as threads:
        printed = list(threads.map(lambda n: print_receipt(a_receipt(number=n)), numbers))

    for number, pdf in zip(numbers, printed, strict=True):
        assert f"n. {number}/2026," in read(pdf)[1]


def test_a_test_receipt_is_worth_nothing_and_says_so_across_the_page():
    _, text = read(print_receipt(a_receipt(livemode=False)))

    assert text.startswith("RICEVUTA DI PROVA")
    assert "nessun valore" in text
    assert "nessuno ha pagato" in text


def test_a_true_receipt_does_not_speak_of_tests():
    _, text = read(print_receipt(a_receipt()))

    assert "prova" not in text.lower()


@pytest.mark.parametrize(
    ("mark", "across", "said"),
    [("void", "ANNULLATA", "Non è più valida"), ("copy", "COPIA", "non attesta un altro dono")],
)
def test_a_receipt_withdrawn_or_printed_again_is_marked(mark, across, said):
    _, text = read(print_receipt(a_receipt(mark=mark)))

    assert text.startswith(across)
    assert said in text


def test_without_a_confirmed_text_a_receipt_says_nothing_on_tax():
    _, text = read(print_receipt(a_receipt()))

    assert "detra" not in text.lower()
    assert "dedu" not in text.lower()
    assert "fiscale confermat" not in text.lower()
    assert "Informazione fiscale" not in text


def test_a_confirmed_tax_text_and_a_stamp_note_are_printed_with_the_register():
    receipt = a_receipt(
        recipient_register="registro di esempio n. 12",
        tax_text="Testo confermato.",
        stamp_note="Nota sul bollo.",
    )

    _, text = read(print_receipt(receipt))

    assert "Informazione fiscale Testo confermato." in text
    assert "Imposta di bollo Nota sul bollo." in text
    assert "Iscrizione registro di esempio n. 12" in text


def test_what_is_not_known_is_left_out():
    receipt = a_receipt(recipient_address=None, recipient_fiscal_code=None, donor_name=" ")

    _, text = read(print_receipt(receipt))

    assert "Sede" not in text
    assert "Codice fiscale" not in text
    assert "Chi ha donato Nome non indicato" in text


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1+1") $x^2$ *b* _i_ `c` @a <b> [x] {y} //',
        "Ștefan Țîrlea",
        "Олена Шевченко",
        "Ελένη Παππά",
        "Nguyễn Thị Ánh",
        "D'Amàto-Niccolò",
    ],
)
def test_a_name_is_printed_as_it_was_written(name):
    _, text = read(print_receipt(a_receipt(donor_name=name)))

    assert f"Nome {name} Il dono" in text


def test_an_arabic_name_is_printed_in_its_letters():
    _, text = read(print_receipt(a_receipt(donor_name="محمد")))

    assert "محمد" in text
    assert "□" not in text


def test_a_name_of_120_letters_stays_on_the_page():
    reader, text = read(print_receipt(a_receipt(donor_name="W" * 120, purpose="m" * 120)))

    assert len(reader.pages) == 1
    assert "W" * 120 in text.replace(" ", "")


def test_letters_the_fonts_lack_are_replaced_and_the_page_says_so():
    _, text = read(print_receipt(a_receipt(donor_name="Chen 陳大文 😀")))

    assert "Nome Chen □□□ □ " in text
    assert "Il segno □ sta al posto di lettere" in text


def test_a_name_cannot_reorder_or_break_its_line():
    _, text = read(print_receipt(a_receipt(donor_name="Anna\u202e\x00\nBianchi")))

    assert "Nome Anna Bianchi Il dono" in text


@given(st.text(max_size=60))
@example("\u0301\u200d\ufe0f")
@settings(max_examples=60, deadline=None)
def test_whatever_is_typed_as_a_name_a_receipt_comes_out(name):
    reader, _ = read(print_receipt(a_receipt(donor_name=name)))

    assert len(reader.pages) == 1


@pytest.mark.parametrize(
    "changes",
    [{"number": 0}, {"amount_cents": 0}, {"tax_text": "Un beneficio."}, {"mark": "perhaps"}],
)
def test_impossible_receipts_do_not_exist(changes):
    with pytest.raises(ValueError):
        a_receipt(**changes)


@pytest.mark.parametrize(
    ("amount_cents", "words"),
    [
        (1, "un centesimo"),
        (99, "novantanove centesimi"),
        (1_00, "un euro"),
        (8_00, "otto euro"),
        (21_00, "ventuno euro"),
        (23_00, "ventitré euro"),
        (28_01, "ventotto euro e un centesimo"),
        (100_00, "cento euro"),
        (103_00, "centotré euro"),
        (180_00, "centottanta euro"),
        (1_000_00, "mille euro"),
        (1_250_50, "milleduecentocinquanta euro e cinquanta centesimi"),
        (3_003_00, "tremilatré euro"),
        (23_456_00, "ventitremilaquattrocentocinquantasei euro"),
        (999_999_00, "novecentonovantanovemilanovecentonovantanove euro"),
    ],
)
def test_an_amount_is_written_in_words(amount_cents, words):
    assert amount_in_words(amount_cents) == words


def test_the_first_of_a_month_is_an_ordinal():
    assert date_in_words(date(2027, 1, 1)) == "1° gennaio 2027"
    assert date_in_words(date(2026, 8, 31)) == "31 agosto 2026"


def test_typst_is_not_imported_until_a_receipt_is_printed():
    script = "import sys, fundraising.receipts; sys.exit('typst' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
