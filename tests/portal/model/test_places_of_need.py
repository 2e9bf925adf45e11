"""Where to go with a need: first where it was last answered."""

import datetime

from portal.model.network import Network
from tests.portal.writers.builders import a_member, a_need, a_place, a_site

SITE = "https://www.esempio.it/"


def an_offer(place: str, seen: str) -> dict[str, str]:
    return {"place": place, "description": f"Qui si chiedeva nel {seen}.", "seen": seen}


def a_desk(seen: str, **fields: object) -> dict[str, object]:
    return {
        "title": "Sportello",
        "description": "Qui si chiedeva una mano.",
        "address": "via Meda 30",
        "town": "rho",
        "seen": seen,
        **fields,
    }


def test_the_place_last_seen_to_answer_comes_first():
    """
    Not the one whose address is newest: a door that is still there may have stopped answering years ago.
    """
    places = (
        a_place("vecchio", address_seen="2025-04"),
        a_place("nuovo", address_seen="2018"),
        a_place("altrove", address_seen="2026"),
    )
    need = a_need(places=[an_offer("vecchio", "2015-12-30"), an_offer("nuovo", "2018")])

    assert [(place.slug, found) for place, found in a_site(places=places).places_of_need(need)] == [
        ("nuovo", "Qui si chiedeva nel 2018."),
        ("vecchio", "Qui si chiedeva nel 2015-12-30."),
    ]


def test_a_place_somebody_has_checked_comes_before_all():
    places = (a_place("visto"), a_place("verificato", confirmed="sì"))
    need = a_need(places=[an_offer("visto", "2025"), an_offer("verificato", "2018")])

    assert [place.slug for place, _ in a_site(places=places).places_of_need(need)] == [
        "verificato",
        "visto",
    ]


def test_places_seen_on_the_same_day_stand_by_their_addresses():
    places = (a_place("uno", address_seen="2018"), a_place("due", address_seen="2024"))
    need = a_need(places=[an_offer("uno", "2015"), an_offer("due", "2015")])

    assert [place.slug for place, _ in a_site(places=places).places_of_need(need)] == [
        "due",
        "uno",
    ]


def test_a_door_is_recent_for_five_years_or_once_somebody_has_checked_it():
    """Where there is none, the municipality is named first: it surely is still there."""
    places = (a_place("visto"), a_place("verificato", confirmed="sì"))
    site = a_site(places=places, today=datetime.date(2026, 11, 22))

    assert site.has_recent_door(a_need(places=[an_offer("visto", "2021")]))
    assert not site.has_recent_door(a_need(places=[an_offer("visto", "2020")]))
    assert not site.has_recent_door(a_need(places=[an_offer("visto", "s.d.")]))
    assert site.has_recent_door(a_need(places=[an_offer("verificato", "2018")]))
    assert site.has_recent_door(a_need(desks=[a_desk("2025")]))
    assert not site.has_recent_door(a_need(desks=[a_desk("2018")]))


def test_the_desk_last_seen_comes_first_and_leads_to_whose_own_door_it_is():
    """
    A desk that others run, or run with others, is a door of its own; its organisations stay among who can help.
    """
    afol, sercop = a_member("afol", title="AFOL"), a_member("sercop", title="Sercop")
    need = a_need(
        members=("afol", "sercop"),
        desks=[
            a_desk("2018", title="Sercop", members=("afol", "sercop")),
            a_desk("2025", title="Sercop", members=("sercop",)),
            a_desk("2021", title="Centro per l'impiego", members=("afol",)),
        ],
    )
    site = a_site(network=Network((afol, sercop), (), ()))

    assert [(desk.seen.text, whose) for desk, whose in site.desks_of_need(need)] == [
        ("2025", sercop),
        ("2021", None),
        ("2018", None),
    ]
    assert site.members_of_need(need) == (afol,)


def test_the_municipality_to_ask_is_the_one_of_the_town():
    """One with a site, where its numbers are; by name, where all are listed."""
    rho = a_member("comune-di-rho", title="Comune di Rho", kind="comune", town="rho")
    pero = a_member("comune-di-pero", title="Comune di Pero", kind="comune", town="pero")
    arese = a_member("comune-di-arese", title="Comune di Arese", kind="comune", town="arese")
    school = a_member("liceo", title="Liceo", kind="scuola", town="arese", website=SITE)
    halls = [hall.model_copy(update={"website": SITE}) for hall in (rho, pero)]
    network = Network((school, *halls, arese), (), ())

    assert [hall.slug for hall in network.town_halls] == ["comune-di-pero", "comune-di-rho"]
    assert network.town_hall("rho") == halls[0]
    assert network.town_hall("arese") is None
