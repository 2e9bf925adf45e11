"""Each rule speaks where an editor would, and is silent where one would be annoyed."""

import dataclasses
import datetime

import pytest
from codicefiscale import codicefiscale

from portal.editorial.assistant import RULES
from portal.editorial.personal_data import is_fiscal_code
from portal.editorial.readability import bar, broken_up
from portal.editorial.sentences import split_sentences
from portal.model.event import Event
from portal.model.page import Page
from portal.model.story import Story
from portal.model.translation import Translation
from tests.portal.editorial.builders import a_desk, a_manuscript, advice
from tests.portal.writers.builders import an_opportunity

SOURCES = "sources: [{title: Legnanonews, date: 2018-12}, {title: 'Blog di #OP', date: 2015}]"
LONG = "Nel palazzo ci sono una sala, un bar, una scuola, un giardino, una porta, un letto, un tetto, un orto"


def test_every_rule_says_why_and_on_whose_word():
    """An order without a reason is not followed for long."""
    assert len({rule.id for rule in RULES}) == len(RULES) == 19
    assert all(len(rule.reason) > 40 and rule.source for rule in RULES)


@pytest.mark.parametrize(
    ("path", "score"),
    [("bisogni/casa.md", 60), ("index.md", 60), ("storie/x.md", 50), ("rete/x.md", 50), ("facile/bisogni/casa.md", 80)],
)  # fmt: skip
def test_each_kind_of_page_has_its_bar(path, score):
    """The pages for who needs help must be easier than a story; easy-to-read ones easier still."""
    assert bar(path) == score


def test_a_hard_page_is_told_where_to_begin():
    """A score alone helps nobody: the hardest sentence is quoted, on its line."""
    easy = "Vieni a Rho da noi.\n" * 5
    hard = (
        "L'amministrazione predispone annualmente documentazioni particolareggiate, "
        "successivamente pubblicate telematicamente. " * 12
    )
    (finding,) = advice(a_manuscript(easy + "\n" + hard), "pagina-difficile")

    assert (finding.line, finding.quote.split()[0]) == (11, "L'amministrazione")
    assert advice(a_manuscript(easy * 20), "pagina-difficile") == []


def test_a_short_page_is_not_scored():
    """With few words a name decides the score."""
    assert advice(a_manuscript("Straordinariamente complicatissimo."), "pagina-difficile") == []


def test_a_long_sentence_is_counted_and_broken():
    """Easy-to-read pages allow fewer words."""
    (finding,) = advice(
        a_manuscript(f"{LONG}; sopra il tetto vivono due gatti grigi."), "frase-lunga"
    )

    assert "27 parole" in finding.message
    assert finding.example == f"«{LONG}. Sopra il tetto vivono due gatti grigi.»"
    assert len(advice(a_manuscript(f"{LONG}.", path="facile/index.md"), "frase-lunga")) == 1
    assert advice(a_manuscript(f"{LONG}."), "frase-lunga") == []


def test_a_sentence_is_not_broken_inside_a_quotation():
    """Half of the marks would stay open."""
    (sentence,) = split_sentences("Ha detto «vieni qui da noi; poi vai via di qui» e basta così", 1)

    assert broken_up(sentence) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Per gli orari [clicca qui](rho.md).", ["clicca qui"]),
        ("[Leggi tutto →](rho.md)", ["Leggi tutto →"]),
        ("Vai su https://www.esempio.it/orari.", ["https://www.esempio.it/orari"]),
        ("[www.esempio.it](https://www.esempio.it)", ["www.esempio.it"]),
        ("[Orari](a.md) e [orari](b.md), [Orari](a.md)", ["orari"]),
        ("[Gli orari di Rho](rho.md)", []),
        ("`https://esempio.it`", []),
    ],
)
def test_a_link_says_where_it_leads(text, said):
    """Read alone, out of its sentence, by who listens to links only."""
    assert [f.quote for f in advice(a_manuscript(text), "testo-del-link")] == said


def test_a_link_to_one_of_our_pages_is_mended_with_its_title():
    """The better words are already written: they are the other page's title."""
    desk = a_desk(
        pages={"luoghi/rho.md": Page(slug="x", title="#OPcafé Rho", description="x" * 20)}
    )
    (finding,) = advice(a_manuscript("[qui](../luoghi/rho.md)"), "testo-del-link", desk)

    assert finding.example == "[#OPcafé Rho](../luoghi/rho.md)"


@pytest.mark.parametrize(
    ("picture", "fault"),
    [
        ("![](festa.jpg)", "non ha un testo"),
        ("![festa.jpg](img/festa.jpg)", "nome di un file"),
        ("![IMG_2031](festa.jpg)", "nome di un file"),
        ("![Immagine di una festa](festa.jpg)", "comincia da quello che si vede"),
        ("![Foto: la festa](festa.jpg)", "comincia da quello che si vede"),
        ("![Io](festa.jpg)", "è poco"),
        (f"![{'Una piazza piena ' * 9}](festa.jpg)", "al massimo 140"),
        ('<img src="festa.jpg">', "non ha un testo"),
    ],
)
def test_a_picture_says_what_is_seen(picture, fault):
    """For who does not see it."""
    (finding,) = advice(a_manuscript(picture), "testo-dell-immagine")

    assert fault in finding.message


def test_a_well_described_picture_is_left_alone():
    """«Fotografi al lavoro» begins with a picture word and is none."""
    page = a_manuscript("![Fotografi al lavoro in piazza](a.jpg) ![Sei tazze sul tavolo](b.jpg)")

    assert advice(page, "testo-dell-immagine") == []


def test_a_picture_in_the_front_matter_is_read_too():
    """With the line of its words."""
    page = a_manuscript(
        "Ciao.", front_matter="title: Prova\nimage:\n  file: a.jpg\n  alt: foto di una festa"
    )
    (finding,) = advice(page, "testo-dell-immagine")

    assert finding.line == 5


def test_headings_go_down_one_step_at_a_time():
    """The page's title is the first step."""
    page = a_manuscript("### Troppo in fondo\n\n## Bene\n\n### Bene\n\n##\n")

    assert [(f.line, f.example) for f in advice(page, "ordine-dei-titoli")] == [
        (5, "## Troppo in fondo"),
        (11, "## Dove andare"),
    ]


def test_a_weekday_that_does_not_match_its_date_is_told():
    """30 November 2018 was a Friday. A date without its year is left alone."""
    page = a_manuscript(
        "Si parte\ngiovedì 30 novembre 2018. Era venerdì 30 novembre 2018. Lunedì 30 novembre no."
    )
    (finding,) = advice(page, "giorno-della-settimana")

    assert (finding.line, finding.example) == (6, "«venerdì 30 novembre 2018»")


def test_a_coming_event_says_the_weekday_of_its_dates():
    """Also where the year is only in the front matter; a past event needs no weekday."""
    path = "agenda/2026-12-06-festa.md"

    def event(day: datetime.date) -> Event:
        source = {"title": "Noi", "date": "s.d."}
        return Event(
            slug="x", title="Festa", description="x" * 20, id="ev-2026-001", date=day, sources=[source]
        )  # fmt: skip

    page = a_manuscript("Ci vediamo il 6 dicembre.", path=path)
    (finding,) = advice(
        page,
        "giorno-della-settimana",
        a_desk(pages={path: event(datetime.date(2026, 12, 6))}),
    )
    past = a_desk(pages={path: event(datetime.date(2025, 12, 6))})

    assert finding.example == "«domenica 6 dicembre»"
    assert advice(page, "giorno-della-settimana", past) == []


def test_an_open_opportunity_says_the_weekday_of_its_last_day():
    """The year is that of the front matter."""
    path = "opportunita/2026-11-01-aiuto-panettiere.md"
    page = a_manuscript("Scrivi entro il 6 dicembre.", path=path)
    (finding,) = advice(
        page,
        "giorno-della-settimana",
        a_desk(pages={path: an_opportunity(expires="2026-12-06")}),
    )

    assert finding.example == "«domenica 6 dicembre»"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Sono venute 200 persone.", ["200"]),
        ("Sono venute 200 persone (Legnanonews, dicembre 2018).", []),
        ("Lo dice il blog.\n\nErano 200.", []),
        ("Il 40% ha detto sì.", ["40%"]),
        ("Dalle 9.30 alle 13, in via Meda 20, il 30 novembre 2018, tra i 10 e i 17 anni.", []),
        ("Ci hanno scritto in [120](altra.md).", []),
        ("Erano 200, dice Legnanonews.\n\nNiente.\n\nNiente.\n\nPoi quei 200 sono tornati.", []),
    ],
)
def test_a_figure_stands_near_its_source(text, figures):
    """Where a page has more than one; hours, dates, ages and addresses count nothing."""
    page = a_manuscript(text, front_matter=f"title: Prova\n{SOURCES}")

    assert [f.quote for f in advice(page, "numero-senza-fonte")] == figures


def test_with_one_source_there_is_no_doubt():
    """The page shows it under the text."""
    page = a_manuscript("Sono 200.", front_matter="title: Prova\nsources: [{title: A, date: 2018}]")

    assert advice(page, "numero-senza-fonte") == []


def test_a_fiscal_code_is_known_by_its_last_letter():
    """RSSMRA80A01F205X is the textbook's; another last letter makes it a word like any other."""
    assert is_fiscal_code("RSSMRA80A01F205X")
    assert not is_fiscal_code("RSSMRA80A01F205Y")


@pytest.mark.parametrize("first", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_nobodys_fiscal_code_goes_unnoticed(first):
    """Whatever letter the name begins with, and whatever the day; another program worked out the last one."""
    day = 1 + ord(first) % 28
    code = codicefiscale.encode(f"{first}ab", f"{first}ib", "F", f"{day:02}/03/19{day + 60}", "Rho")

    assert is_fiscal_code(code)
    assert [f.quote for f in advice(a_manuscript(f"Codice: {code}."), "dati-personali")] == [code]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Codice: RSSMRA80A01F205X.", "RSSMRA80A01F205X"),
        ("Scrivi a maria.rossi@gmail.com", "maria.rossi@gmail.com"),
        ("Scrivi a maria.rossi@comune.rho.it", "maria.rossi@comune.rho.it"),
        ("Chiama il 347 1234567.", "347 1234567"),
        ("Chiama il 347 123456.", "347 123456"),
        ("Chiama +39 347.123.4567", "+39 347.123.4567"),
        ("IBAN IT60 X054 2811 1010 0000 0123 456", "IT60 X054 2811 1010 0000 0123 456"),
        ("IBAN IT60X0542811101000000123456", "IT60X0542811101000000123456"),
    ],
)
def test_what_may_be_a_persons_own_is_told(text, quote):
    """With its line, wherever in the file it stands."""
    (finding,) = advice(a_manuscript(f"Ciao.\n\n{text}"), "dati-personali")

    assert (finding.line, finding.quote) == (7, quote)


@pytest.mark.parametrize(
    "text",
    [
        "Chiama 333 123 4567, è pubblico.",
        "Chiama lo 02 9315801.",
        "Scrivi a info@comune.rho.it o a nome.cognome@esempio.it",
        "https://www.esempio.it/notizie?id=3471234567",
        "Il codice RSSMRA80A01F205Y e il conto IT61 X054 2811 1010 0000 0123 456 sono finti.",
        "Nel 2018 erano 3.471, nel 2019 3471.",
    ],
)
def test_public_contacts_and_plain_numbers_are_left_alone(text):
    """Offices, examples, addresses of pages, and what is on the list."""
    assert advice(a_manuscript(text), "dati-personali") == []


def test_a_consent_that_ends_soon_is_told_two_months_before():
    """Long enough to ask the person again."""
    path = "storie/x.md"
    story = Story(
        slug="x", title="Una vita", description="x" * 20, id="st-2026-001", date="2026-05-12", real_person=True,
        consent={"kind": "scritto", "until": "2026-12-31"}, sources=[{"title": "Noi", "date": "s.d."}],
    )  # fmt: skip
    page = a_manuscript(
        "Ciao.",
        path=path,
        front_matter="title: Una vita\nconsent:\n  kind: scritto\n  until: 2026-12-31",
    )
    (finding,) = advice(page, "consenso-in-scadenza", a_desk(pages={path: story}))

    assert (finding.line, finding.example) == (5, "until: 2027-12-31")
    assert "fra 39 giorni" in finding.message


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-11-22", "22 novembre 2026, cioè oggi."),
        ("2026-11-23", "23 novembre 2026, cioè domani."),
        ("2027-01-21", "21 gennaio 2027, fra 60 giorni."),
        ("2027-01-22", None),
        ("2026-11-21", None),
    ],
)
def test_a_consent_is_told_of_from_two_months_before_to_its_last_day(until, said):
    """The day after, the check itself stops the site."""
    path, source = "storie/x.md", {"title": "Noi", "date": "s.d."}
    story = Story(
        slug="x", title="Una vita", description="x" * 20, id="st-2026-001", date="2026-05-12", real_person=True,
        consent={"kind": "scritto", "until": until}, sources=[source],
    )  # fmt: skip
    found = advice(
        a_manuscript("Ciao.", path=path), "consenso-in-scadenza", a_desk(pages={path: story})
    )

    assert [said in finding.message for finding in found] == ([True] if said else [])


def test_a_consent_of_the_29th_of_february_is_renewed_to_the_28th():
    """The year after has no 29th."""
    path, source = "storie/x.md", {"title": "Noi", "date": "s.d."}
    story = Story(
        slug="x", title="Una vita", description="x" * 20, id="st-2028-001", date="2027-05-12", real_person=True,
        consent={"kind": "scritto", "until": "2028-02-29"}, sources=[source],
    )  # fmt: skip
    desk = dataclasses.replace(a_desk(pages={path: story}), today=datetime.date(2028, 2, 1))
    (finding,) = advice(a_manuscript("Ciao.", path=path), "consenso-in-scadenza", desk)

    assert finding.example == "until: 2029-02-28"


def test_a_page_that_should_have_been_read_again_is_told():
    """Yesterday is late, today is not."""
    late = a_manuscript("Ciao.", front_matter="title: Prova\nreview_by: 2026-11-21")
    today = a_manuscript("Ciao.", front_matter="title: Prova\nreview_by: 2026-11-22")

    assert [finding.line for finding in advice(late, "da-rileggere")] == [3]
    assert advice(today, "da-rileggere") == []


def test_a_translation_that_is_behind_says_how_to_catch_up():
    """With the command to give once it is level."""
    translation = Translation(
        slug="en/sostieni", title="Donate", description="x" * 20, language="en", original="sostieni/",
        source_hash="0" * 12, translated="2026-01-01",
    )  # fmt: skip
    desk = a_desk(pages={"en/sostieni.md": translation}, fingerprints={"sostieni.md": "1" * 12})
    (finding,) = advice(a_manuscript("Hi.", path="en/sostieni.md"), "traduzione-indietro", desk)

    assert finding.example == ".venv/bin/portal translated content/en/sostieni.md"

    level = a_desk(pages=desk.pages, fingerprints={"sostieni.md": "0" * 12})
    assert advice(a_manuscript("Hi.", path="en/sostieni.md"), "traduzione-indietro", level) == []


def test_a_dead_link_is_told_with_a_place_to_look_for_a_copy():
    """Wherever it is written: in the text or among the sources."""
    page = a_manuscript(
        "[Il giornale](https://a.it/b).", front_matter="title: Prova\nwebsite: https://c.it"
    )
    desk = a_desk(dead_links={"https://a.it/b": "non c'è più", "https://c.it": "non risponde"})

    assert [f.line for f in advice(page, "link-che-non-risponde", desk)] == [3, 6]
