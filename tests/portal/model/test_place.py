"""Places in the order in which one would try them."""

from portal.model.place import Place, latest_first
from portal.model.source import Source


def a_place(slug: str, **fields: object) -> Place:
    return Place(
        slug=slug,
        title=f"Casa {slug}",
        description="Una stanza con le finestre sull'orto.",
        town="rho",
        sources=(Source(title="Quaderno", date="s.d."),),
        **fields,
    )


def test_the_place_seen_last_comes_first():
    """
    One that a person has confirmed before all, one whose address has no date after all.
    """
    places = [
        a_place("senza-data", address="via Prova 1"),
        a_place("vecchia", address_seen="2018-11-23"),
        a_place("confermata", address_seen="~2017", confirmed="sì"),
        a_place("nuova", address_seen="2025-04"),
    ]

    assert [place.slug for place in latest_first(places)] == [
        "confermata",
        "nuova",
        "vecchia",
        "senza-data",
    ]
