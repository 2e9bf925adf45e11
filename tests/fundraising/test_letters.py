"""Letters: what a donor reads first, and that both parts say the same."""

import re
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import date

import pytest
from justhtml import JustHTML

from fundraising.letter_facts import (
    CardFacts,
    PlanFacts,
    SignInFacts,
    SupersededFacts,
    YearFacts,
    YearGift,
)
from fundraising.letters import Attachment, GiftFacts, Letter, write_letter

KINDS = [
    "paid", "pending", "failed", "refunded", "refund_failed", "renewal_failed",
    "action_required", "disputed", "taken_back", "dispute_won", "copy", "replaced", "promise",
]  # fmt: skip
RECEIPT = Attachment("ricevuta-1-2026.pdf", b"%PDF-1.7")


def a_gift(**changes) -> GiftFacts:
    plain = {
        "email": "anna@example.org",
        "first_name": "Anna",
        "amount_cents": 25_00,
        "frequency": "once",
        "campaign_title": "Una stanza per tutti",
        "campaign_url": "https://example.org/campagne/stanza/",
        "recipient_name": "Ente di Esempio",
        "happened_on": date(2026, 11, 22),
        "method": "card",
        "livemode": True,
    }
    return GiftFacts(**(plain | changes))


def parse(letter: Letter) -> JustHTML:
    return JustHTML(letter.html, sanitize=False, strict=True)


def links_in_html(letter: Letter) -> set[str]:
    return {link.attrs["href"] for link in parse(letter).query("a")}


def plain(text: str) -> str:
    """The text as one line, with ordinary spaces."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("kind", "first_sentence"),
    [
        ("paid", "abbiamo ricevuto il tuo dono di 25,00 € per la campagna «Una stanza per tutti»"),
        ("pending", "è partito, ma non è ancora arrivato"),
        ("failed", "il pagamento di 25,00 € non è riuscito e non ti abbiamo addebitato nulla."),
        ("refunded", "ti abbiamo restituito per intero il tuo dono di 25,00 €"),
        ("refund_failed", "il rimborso di 25,00 € del tuo dono per la campagna"),
        (
            "dispute_won",
            "la contestazione del tuo dono per la campagna «Una stanza per tutti» si è",
        ),
        ("renewal_failed", "il pagamento di 25,00 € non è riuscito e questa volta non ti"),
        ("action_required", "il tuo dono di 25,00 € non è ancora stato addebitato"),
        ("disputed", "la tua banca ha ripreso 25,00 € del tuo dono"),
        ("taken_back", "la tua banca ha ripreso i 25,00 € del tuo dono"),
        ("promise", "hai detto di voler donare 25,00 € con un bonifico"),
    ],
)
def test_the_first_sentence_says_what_happened_to_the_money(kind, first_sentence):
    letter = write_letter(kind, a_gift())

    after_greeting = plain(letter.text).partition("Ciao Anna, ")[2]
    assert first_sentence in after_greeting[:160]
    assert first_sentence in plain(parse(letter).to_text())


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("paid", "Il tuo dono di 25,00 € è arrivato"),
        ("pending", "Il tuo dono di 25,00 € è in viaggio"),
        ("failed", "Il pagamento di 25,00 € non è riuscito"),
        ("refunded", "Ti abbiamo restituito 25,00 €"),
        ("refund_failed", "Il rimborso di 25,00 € non è riuscito"),
        ("dispute_won", "Il tuo dono di 25,00 € è di nuovo con noi"),
    ],
)
def test_the_subject_is_the_heading(kind, subject):
    letter = write_letter(kind, a_gift())

    [heading] = parse(letter).query("h1")
    assert letter.subject == subject == plain(heading.to_text())


@pytest.mark.parametrize("kind", KINDS)
def test_a_rehearsal_is_said_in_the_subject_and_before_anything_else(kind):
    letter = write_letter(kind, a_gift(livemode=False))

    assert letter.subject.startswith("PROVA: nessun addebito – ")
    assert letter.text.startswith("PROVA: nessun addebito.")
    body = plain(parse(letter).query("body")[0].to_text())
    assert body.index("PROVA: nessun addebito") < body.index("25,00 €")


@pytest.mark.parametrize("kind", KINDS)
def test_a_true_letter_does_not_speak_of_tests(kind):
    letter = write_letter(kind, a_gift())

    assert "PROVA" not in letter.subject + letter.text + letter.html


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("retry_url", [None, "https://example.org/api/donate?campaign=a&amount=25"])
def test_both_parts_carry_the_same_links(kind, retry_url):
    letter = write_letter(kind, a_gift(retry_url=retry_url))

    listed = set(re.findall(r"^\[\d+\] (\S+)$", letter.text, flags=re.MULTILINE))
    assert listed == links_in_html(letter) != set()
    assert re.search(r"\w \[1\]", letter.text)


@pytest.mark.parametrize("kind", ["failed", "renewal_failed"])
@pytest.mark.parametrize("method", ["sepa_debit", "card", "paypal", None])
def test_a_refused_payment_speaks_of_a_card_only_to_who_has_one(kind, method):
    letter = write_letter(kind, a_gift(method=method, frequency="month"))

    text = plain(letter.text)
    assert ("una carta" in text or "altra carta" in text) is (method == "card")
    assert ("sul conto non c'era abbastanza" in text) is (method == "sepa_debit")


def test_a_refused_payment_can_be_tried_again():
    letter = write_letter("failed", a_gift(retry_url="https://example.org/riprova?a=1&b=2"))

    assert links_in_html(letter) == {"https://example.org/riprova?a=1&b=2"}
    assert "Riprova a donare [1]" in letter.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_part_fits_in_72_columns(kind):
    letter = write_letter(
        kind, a_gift(campaign_title="Parole " * 30, first_name="W" * 120, livemode=False)
    )

    lines = [line for line in letter.text.splitlines() if not line.startswith("[")]
    assert max(map(len, lines)) <= 72


def test_the_text_part_reads_like_a_letter():
    letter = write_letter("paid", a_gift(receipt="1/2026"), [RECEIPT])

    assert letter.text.replace("\N{NO-BREAK SPACE}", " ").startswith(
        textwrap.dedent(
            """\
            Il tuo dono di 25,00 € è arrivato
            =================================

            Ciao Anna,

            abbiamo ricevuto il tuo dono di 25,00 € per la campagna «Una stanza per
            tutti»: grazie!

            Dono:           25,00 €
            Campagna:       Una stanza per tutti
            Destinatario:   Ente di Esempio
            Pagamento:      carta di pagamento
            Data:           22 novembre 2026

            In allegato trovi la ricevuta n. 1/2026, in PDF.
            """
        )
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_html_part_can_be_read_by_every_program_and_person(kind):
    letter = write_letter(kind, a_gift(livemode=False, retry_url="https://example.org/"))
    page = parse(letter)

    assert len(letter.html.encode()) <= 60_000
    for selector in ("html", "body", "body > div"):
        [element] = page.query(selector)
        assert (element.attrs["lang"], element.attrs["dir"]) == ("it", "ltr")
    assert len(page.query("h1")) == 1
    assert page.query("title")[0].to_text() == page.query("h1")[0].to_text()
    for table in page.query("table"):
        headed = bool(table.query("th")) and not table.query("table")
        assert headed or table.attrs.get("role") == "presentation"
    assert all(link.to_text().strip() for link in page.query("a"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_loads_nothing_and_watches_nobody(kind):
    letter = write_letter(kind, a_gift())
    page = parse(letter)

    assert page.query("img, script, link, iframe, object, form") == []
    assert "url(" not in letter.html
    assert "@import" not in letter.html


def test_styles_are_inline_and_dark_mode_stays():
    letter = write_letter("paid", a_gift())

    assert "background-color: #ffc845" in parse(letter).query("a")[0].attrs["style"]
    assert "@media (prefers-color-scheme: dark)" in letter.html


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_on_tax_without_a_confirmed_text(kind):
    letter = write_letter(kind, a_gift(receipt="1/2026"), [RECEIPT])

    for word in ("detra", "dedu", "fisc", "tasse", "imposta"):
        assert word not in (letter.text + letter.html).lower()


def test_a_confirmed_tax_text_is_in_the_letter_of_a_paid_gift_only():
    gift = a_gift(tax_text="Testo fiscale confermato.")

    assert "Testo fiscale confermato." in write_letter("paid", gift).text
    assert "Testo fiscale" not in write_letter("pending", gift).text


def test_a_receipt_is_mentioned_only_when_it_travels_with_the_letter():
    gift = a_gift(receipt="1/2026")

    with_receipt = write_letter("paid", gift, [RECEIPT])
    without = write_letter("paid", gift)

    assert "ricevuta n. 1/2026" in with_receipt.text
    assert with_receipt.attachments == (RECEIPT,)
    assert "ricevuta" not in without.text


def test_a_partial_refund_says_what_went_back_and_what_stays():
    gift = a_gift(part_cents=10_00, kept_cents=15_00, voided_receipt="1/2026", receipt="2/2026")

    text = plain(write_letter("refunded", gift, [RECEIPT]).text)

    assert "ti abbiamo restituito 10,00 € del tuo dono di 25,00 €" in text
    assert "restano 15,00 €" in text
    assert "La ricevuta n. 1/2026 è annullata" in text
    assert "la nuova ricevuta n. 2/2026" in text


@pytest.mark.parametrize(
    ("frequency", "named", "repeats"),
    [("month", "dono mensile", "ogni mese"), ("year", "dono annuale", "ogni anno")],
)
def test_a_gift_that_repeats_says_so_and_how_to_stop_it(frequency, named, repeats):
    letter = write_letter(
        "paid", a_gift(frequency=frequency, plan_url="https://example.org/api/plan/abc")
    )

    text = plain(letter.text)
    assert f"il tuo {named} di 25,00 €" in text
    assert f"Il dono si ripete {repeats}, finché lo vuoi tu." in text
    assert f"Puoi cambiare o fermare il tuo {named} [2] quando vuoi" in text
    assert "[2] https://example.org/api/plan/abc" in text


def test_a_name_stays_a_name():
    """
    Markup typed in a form is shown as it was typed, in both parts.
    """
    letter = write_letter("paid", a_gift(first_name='<b>Zoë</b> {{ 7*7 }} & "co"'))

    [name] = parse(letter).query("bdi")
    assert name.to_text() == '<b>Zoë</b> {{ 7*7 }} & "co"'
    assert 'Ciao <b>Zoë</b> {{ 7*7 }} & "co",' in letter.text


def test_a_donor_without_a_name_is_greeted_all_the_same():
    assert "\nCiao,\n" in write_letter("paid", a_gift(first_name="  ")).text


@pytest.mark.parametrize(
    "to",
    [
        "anna",
        "@example.org",
        "anna@",
        "anna@example.org, b@example.org",
        "anna@example.org\r\nBcc: b@example.org",
        "Anna <anna@example.org>",
        "anna@b@example.org",
        "anna@example.org\x00",
    ],
)
def test_a_letter_goes_to_one_plain_address(to):
    with pytest.raises(ValueError):
        Letter("paid", to, "Oggetto", "testo", "<p>testo</p>")


@pytest.mark.parametrize("subject", ["", "Ciao\nBcc: b@example.org", "Ciao\r", "a\u2028b"])
def test_a_subject_is_one_line(subject):
    with pytest.raises(ValueError):
        Letter("paid", "anna@example.org", subject, "testo", "<p>testo</p>")


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_cents": 0},
        {"part_cents": 25_01},
        {"part_cents": 0},
        {"kept_cents": 25_01},
        {"kept_cents": -1},
        {"frequency": "week"},
        {"campaign_url": "/campagne/stanza/"},
        {"retry_url": "javascript:alert(1)"},
    ],
)
def test_impossible_gifts_do_not_exist(changes):
    with pytest.raises(ValueError):
        a_gift(**changes)


def test_a_letter_of_no_known_kind_is_not_written():
    with pytest.raises(ValueError, match="birthday"):
        write_letter("birthday", a_gift())


ANNA = {"email": "anna@example.org", "first_name": "Anna", "livemode": True}
OTHERS = {
    "sign_in": SignInFacts(**ANNA, url="https://example.org/api/area/enter?token=abc"),
    "cancelled": PlanFacts(
        **ANNA, amount_cents=25_00, frequency="month", campaign_title="Una stanza",
        recipient_name="Ente di Esempio", again_url="https://example.org/api/donate", gave_up=False,
    ),
    "superseded": SupersededFacts(
        **ANNA, amount_cents=40_00, has_arrived=True, goes_on_with_cents=30_00, frequency="month",
        campaign_title="Una stanza", recipient_name="Ente di Esempio",
        area_url="https://example.org/api/area",
    ),
    "card": CardFacts(
        email="rosa@example.org", name="Rosa", in_memory=False, donor="Anna Prova",
        text="Auguri!\n\nA presto <b>", campaign_title="Una stanza",
        campaign_url="https://example.org/campagne/stanza/", recipient_name="Ente di Esempio",
        livemode=True,
    ),
    "yearly": YearFacts(
        **ANNA, year=2026, area_url="https://example.org/api/area",
        gifts=(
            YearGift(date(2026, 3, 1), 25_00, "Una stanza", "4/2026"),
            YearGift(date(2026, 4, 1), 10_00, "Una stanza", None),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_other_letters_are_as_careful_as_those_about_gifts(kind):
    letter = write_letter(kind, OTHERS[kind])

    [heading] = parse(letter).query("h1")
    assert letter.subject == plain(heading.to_text())
    listed = set(re.findall(r"^\[\d+\] (\S+)$", letter.text, flags=re.MULTILINE))
    assert listed == links_in_html(letter) != set()
    assert "PROVA" not in letter.text + letter.html
    assert "<img" not in letter.html
    rehearsed = write_letter(kind, replace(OTHERS[kind], livemode=False))
    assert rehearsed.subject.startswith("PROVA: nessun addebito – ")


def test_a_card_names_no_amount_and_keeps_what_was_written_as_text():
    letter = write_letter("card", OTHERS["card"])

    assert letter.to == "rosa@example.org"
    assert "€" not in letter.text
    assert "Anna Prova ha fatto un dono pensando a Rosa." in plain(letter.text)
    assert "A presto &lt;b&gt;" in letter.html


def test_a_card_of_somebody_unnamed_names_nobody():
    letter = write_letter("card", replace(OTHERS["card"], donor=None, in_memory=True))

    assert "Anna" not in letter.text
    assert letter.subject == "Un dono in ricordo di Rosa"


@pytest.mark.parametrize(
    ("gave_up", "words"),
    [(False, "non ti addebiteremo più nulla"), (True, "abbiamo smesso di provare")],
)
def test_the_end_of_a_plan_first_says_that_nothing_more_is_charged(gave_up, words):
    letter = write_letter("cancelled", replace(OTHERS["cancelled"], gave_up=gave_up))

    assert words in plain(letter.text).partition("Ciao Anna, ")[2][:160]
    assert letter.subject == "Il tuo dono mensile si è fermato"


def test_a_year_is_summed_up_gift_by_gift():
    text = plain(write_letter("yearly", OTHERS["yearly"]).text)

    assert "nel 2026 sono arrivati da te 35,00 € in 2 doni" in text
    assert "1° marzo 2026: 25,00 €, «Una stanza», ricevuta n. 4/2026" in text


def test_what_only_a_letter_needs_is_imported_only_then():
    script = (
        "import sys, fundraising.letters, fundraising.mailer;"
        "sys.exit(bool({'jinja2', 'css_inline', 'typst'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
