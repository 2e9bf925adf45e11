"""Posters: one sheet each, with what one wants to know before going, and nothing nobody has confirmed."""

import datetime
import io

import pytest
from pypdf import PdfReader

from portal.model.network import Network
from portal.writers.posters import poster_list, write_posters

from .builders import a_campaign, a_place, a_recipient, a_site, a_town

SITE_URL = "https://www.esempio.it/"
DAY = datetime.date(2026, 11, 22)
MILLIMETRE = 72 / 25.4


def the_site(**fields):
    plain = {
        "network": Network((), (a_town("rho", 9.04, 45.53),), ()),
        "places": (a_place(),),
        "campaigns": (a_campaign(short="mamme"),),
        "recipients": (a_recipient(),),
    }
    return a_site(**{**plain, **fields})


@pytest.fixture(scope="module")
def sheets():
    """Every poster of the site, by its file's name."""
    return dict(write_posters(the_site(), SITE_URL, DAY))


def words(pdf: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


def test_each_place_and_each_campaign_has_a_sheet_of_each_size(sheets):
    assert set(sheets) == {
        "luogo-opcafe-rho-a4.pdf", "luogo-opcafe-rho-a3.pdf",
        "campagna-colazione-delle-mamme-a4.pdf", "campagna-colazione-delle-mamme-a3.pdf",
    }  # fmt: skip


@pytest.mark.parametrize(("paper", "millimetres"), [("a4", (210, 297)), ("a3", (297, 420))])
def test_poster_is_one_sheet_that_screen_readers_can_read(sheets, paper, millimetres):
    for name in (f"luogo-opcafe-rho-{paper}.pdf", f"campagna-colazione-delle-mamme-{paper}.pdf"):
        document = PdfReader(io.BytesIO(sheets[name]))

        (page,) = document.pages
        width, height = (round(float(side) / MILLIMETRE) for side in page.mediabox[2:])
        assert (width, height) == millimetres
        assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert document.trailer["/Root"]["/Lang"].startswith("it")


def test_campaign_says_who_receives_and_where_to_go(sheets):
    text = words(sheets["campagna-colazione-delle-mamme-a4.pdf"])

    assert "La colazione delle mamme" in text
    assert "Chi riceverebbe i soldi Sercop" in text
    assert "Esempio: questa campagna non prende soldi veri." in text
    assert "www.esempio.it/d/mamme" in text
    assert "https://" not in text


def test_sheet_of_a_true_campaign_does_not_call_it_an_example():
    """Whoever reads it can give: the word would keep them from it."""
    (poster,) = poster_list(the_site(places=(), campaigns=(a_campaign(example=False),)))

    assert [(fact.label, fact.lines) for fact in poster.facts] == [
        ("Chi riceve i soldi", ("Sercop",))
    ]
    assert poster.note == ""


def test_place_says_when_only_if_somebody_knows():
    """A sheet hangs for years: a wrong hour on it sends people to a closed door."""
    hours = ({"day": "martedì", "opens": "10:00", "closes": "12:30"},)
    unknown, known = a_place(), a_place("op-arese", hours=hours, confirmed=True)

    first, second = poster_list(the_site(places=(unknown, known), campaigns=()))

    assert first.facts[1].lines == ("giorni e orari da confermare",)
    assert first.note.startswith("Da confermare prima di stampare")
    assert second.facts[1].lines == ("martedì 10:00–12:30",)
    assert second.note == ""


def test_closed_campaign_has_no_poster():
    assert poster_list(the_site(places=(), campaigns=(a_campaign(open=False),))) == ()


def test_words_of_a_title_are_not_markup():
    """Hashes, stars and brackets are what names are made of here."""
    site = the_site(places=(a_place(title="#OPcafé *Rho* [due] $x$ _sì_"),), campaigns=())

    sheet = next(pdf for _name, pdf in write_posters(site, SITE_URL, DAY))

    assert "#OPcafé *Rho* [due] $x$ _sì_" in words(sheet)


def test_same_site_gives_the_same_sheets(sheets):
    assert dict(write_posters(the_site(), SITE_URL, DAY)) == sheets
