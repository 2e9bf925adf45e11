"""Search: what may be found, how much it counts, and from A to Z."""

import datetime
from dataclasses import replace

import pytest

from portal.model.opportunity import Opportunity, OpportunityKind
from portal.model.source import Source
from portal.readers.content import ContentReader
from portal.search import alphabet, kind_searched, search_weight, town_halls_typed

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def site(example):
    """The site of the example content."""
    return ContentReader(example, TODAY).read()


def test_every_italian_page_stands_under_its_letter(site):
    """
    Every page people wrote is there once, and the letters run from A to Z. The course of 2020 is over.
    """
    letters = alphabet(site)

    listed = [entry.page.url for letter in letters for entry in letter.entries]
    over = "opportunita/2020-02-01-corso-di-potatura/"
    assert sorted([*listed, over]) == sorted(page.url for page in site.every_page())
    assert [letter.letter for letter in letters] == sorted(letter.letter for letter in letters)


@pytest.mark.parametrize(
    ("title", "letter", "anchor"),
    [("È già successo", "E", "e"), ("#OPcafé Rho", "O", "o"), ("«Soli mai»", "S", "s"), ("43 nomi", "0–9", "cifre")],
)  # fmt: skip
def test_accents_signs_and_figures_do_not_lose_a_title(site, title, letter, anchor):
    """
    A title is looked up under the first letter one would say.
    """
    renamed = site.stories[0].model_copy(update={"title": title})
    only = replace(site, stories=(renamed,))

    found = next(one for one in alphabet(only) if renamed in [entry.page for entry in one.entries])

    assert (found.letter, found.anchor) == (letter, anchor)


def test_a_list_is_not_found_but_what_it_lists_is(site):
    """
    The page of all the stories would answer every question, and no one well.
    """
    pages = {page.url: kind_searched(page, TODAY) for page in site.every_page()}

    assert pages["storie/"] is None
    assert pages[""] is None
    assert pages["storie/2020-03-07-prima-zappata/"] == "Storia"
    assert pages["luoghi/casa-verde/"] == "Luogo"
    assert pages["sostieni/"] == "Pagina"
    assert kind_searched(site.network.listings[0], TODAY) is None


def test_help_weighs_more_than_what_is_told_of_it(site):
    """
    Needs first; then places, organisations and actions; last what has been, and what asks for money.
    """
    weights = {page.url.split("/")[0]: search_weight(page) for page in site.every_page()}

    order = ["bisogni", "luoghi", "rete", "sostieni", "storie", "campagne"]
    assert [weights[room] for room in order] == [8, 4, 3, 2, 1, 0.5]
    assert weights["azioni"] == weights["rete"]


def an_opportunity(expires: datetime.date) -> Opportunity:
    return Opportunity(
        slug="2020-01-07-potatura",
        id="op-2020-001",
        title="Imparare a potare",
        description="Un corso di tre sere, per chi un albero non l'ha mai toccato.",
        kind=OpportunityKind.COURSE,
        date=datetime.date(2020, 1, 7),
        expires=expires,
        organisation="Forno di piazza",
        how="Passa a dirlo al banco.",
        sources=(Source(title="Il foglio sulla porta", date="2020-01-07"),),
    )


@pytest.mark.parametrize(
    ("expires", "kind", "listed"), [(TODAY, "Corso", True), (datetime.date(2026, 11, 21), None, False)]
)  # fmt: skip
def test_what_has_expired_is_not_found(site, expires, kind, listed):
    """
    A course one can no longer join leaves the search and the list; its last day still counts.
    """
    course = an_opportunity(expires)

    letters = alphabet(replace(site, opportunities=(course,)))

    assert kind_searched(course, TODAY) == kind
    assert (course in [entry.page for letter in letters for entry in letter.entries]) is listed


def test_a_town_is_known_as_people_type_it(site):
    """
    Without capitals; the first word of a long name is enough. The page is named by its title.
    """
    town = site.network.towns[0].model_copy(update={"name": "Settimo Alto"})
    hall = site.network.members[0].model_copy(
        update={"kind": "comune", "website": "https://example.org", "town": town.id}
    )
    network = replace(site.network, towns=(town,), members=(hall,))

    typed = town_halls_typed(replace(site, network=network))

    assert typed == {"settimo alto": hall.title, "settimo": hall.title}
