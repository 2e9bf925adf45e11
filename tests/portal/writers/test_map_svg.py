"""The map: real boundaries, one linked mark per member, nothing on top of anything."""

import math
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.model.network import Network
from portal.writers.map_svg import draw_map

from .builders import a_boundary, a_member, a_town

TOWNS = (
    a_town("arese", 9.0779, 45.549),
    a_town("lainate", 9.0285, 45.5717),
    a_town("pogliano-milanese", 8.9914, 45.5373),
    a_town("rho", 9.0402, 45.5285),
    a_town("vanzago", 8.995, 45.5268),
    a_town("carugate", 9.3437, 45.5498, in_project=False),
    a_town("milano", 9.1905, 45.4668, in_project=False),
)
RHODENSE = (a_boundary(8.96, 45.46, 9.1, 45.59),)


def a_network(*members, towns=TOWNS, boundaries=RHODENSE):
    return Network(members, towns, boundaries)


def drawn(network):
    return ElementTree.fromstring(draw_map(network, lambda url: f"/sito/{url}"))


def marks(drawing):
    return [link for link in drawing.iter("a") if "pt-map__mark" in link.get("class")]


def centre(mark):
    sign = next(child for child in mark if child.tag in ("circle", "path"))
    if sign.tag == "circle":
        return float(sign.get("cx")), float(sign.get("cy"))
    # A diamond begins at its upper corner, thirteen units above its middle.
    x, y = sign.get("d").removeprefix("M").split("l")[0].split(",")
    return float(x), float(y) + 13


def texts(drawing, css_class):
    return [text.text for text in drawing.iter("text") if text.get("class") == css_class]


def test_mark_is_a_link_with_a_title():
    """Whoever hears the map hears who it is, as what they signed, and where."""
    network = a_network(a_member("sercop", title="Sercop", role="capofila", town="rho"))

    [mark] = marks(drawn(network))

    assert mark.get("href") == "/sito/rete/sercop/"
    assert mark.get("class") == "pt-map__mark pt-map__mark--capofila"
    assert mark.find("title").text == "Sercop (Capofila, Rho)"


def test_tab_order_is_the_order_of_the_list():
    """Towns by name, then members as in the document; towns outside the project come last."""
    network = a_network(
        a_member("a-milano", order=1, town="milano"),
        a_member("a-rho", order=2, town="rho"),
        a_member("ad-arese", order=3, town="arese"),
        a_member("di-nuovo-a-rho", order=4, town="rho"),
    )

    order = [mark.get("href") for mark in marks(drawn(network))]

    assert order == [
        "/sito/rete/ad-arese/",
        "/sito/rete/a-rho/",
        "/sito/rete/di-nuovo-a-rho/",
        "/sito/rete/a-milano/",
    ]


def test_member_without_town_has_no_mark():
    """A place nobody found is not drawn anywhere."""
    network = a_network(a_member("qui", town="rho"), a_member("chissa-dove"))

    assert [mark.get("href") for mark in marks(drawn(network))] == ["/sito/rete/qui/"]


def test_town_outside_stands_at_the_edge_and_its_direction_is_written():
    """Milano lies beyond the map, to the south-east; Carugate to the east."""
    network = a_network(
        a_member("a-rho", town="rho"),
        a_member("a-milano", town="milano"),
        a_member("a-carugate", town="carugate"),
    )

    drawing = drawn(network)

    assert texts(drawing, "pt-map__direction") == ["a est", "a sud-est"]
    labels = [
        group.get("aria-label") for group in drawing.iter("g") if group.get("role") == "group"
    ]
    assert "Milano: 1 organizzazione, fuori dalla mappa, a sud-est" in labels
    (rho_x, rho_y), (carugate_x, _), (milano_x, milano_y) = map(centre, marks(drawing))
    assert 780 < carugate_x < 960
    assert 780 < milano_x < 960
    assert milano_y > rho_y
    assert rho_x < 480


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        (9.5, 45.525, "a est"),
        (9.03, 45.9, "a nord"),
        (8.5, 45.525, "a ovest"),
        (9.03, 45.1, "a sud"),
        (8.5, 45.9, "a nord-ovest"),
    ],
)
def test_every_side_of_the_map_can_hold_a_town_outside(lon, lat, words):
    network = a_network(
        a_member("lontana", town="altrove"), towns=(a_town("altrove", lon, lat, in_project=False),)
    )

    drawing = drawn(network)

    assert texts(drawing, "pt-map__direction") == [words]
    [(x, y)] = map(centre, marks(drawing))
    assert 0 < x < 960
    assert 0 < y < float(drawing.get("viewBox").split()[3])


def test_town_links_to_the_list_of_its_members():
    """On a phone a town's name is easier to hit than a mark."""
    drawing = drawn(a_network(a_member("sercop", town="rho")))

    town = next(link for link in drawing.iter("a") if link.get("class") == "pt-map__link")

    assert town.get("href") == "/sito/rete/comune/rho/"
    assert town.find("text").text == "Rho"


def test_towns_of_the_project_are_told_from_their_neighbours():
    """Project towns are drawn last, so that their borders lie on top; what the crop hides is not drawn."""
    network = a_network(
        a_member("sercop", town="rho"),
        boundaries=(
            a_boundary(8.96, 45.46, 9.1, 45.59),
            a_boundary(8.94, 45.46, 8.96, 45.59, in_project=False, istat="015154"),
            a_boundary(7.6, 45.0, 7.7, 45.1, in_project=False, istat="001272"),
        ),
    )

    outlines = [path for path in drawn(network).iter("path") if "pt-map__town" in path.get("class")]

    assert [path.get("class") for path in outlines] == [
        "pt-map__town",
        "pt-map__town pt-map__town--project",
    ]
    assert outlines[1].get("d") == "M30,1222.9L930,1222.9L930,30L30,30Z"


def test_shapes_tell_roles_apart_without_colour():
    network = a_network(
        a_member("capofila", town="rho", role="capofila"),
        a_member("partner", town="rho", role="partner"),
        a_member("accordo", town="rho", role="accordo"),
    )

    signs = [mark[-1] for mark in marks(drawn(network))]

    assert [(sign.tag, sign.get("r")) for sign in signs] == [
        ("path", None),
        ("circle", "15"),
        ("circle", "13"),
    ]


def test_map_has_no_style_no_script_and_no_colour():
    """The strict content policy of the site refuses inline style; the stylesheet gives the look."""
    svg = draw_map(a_network(a_member("sercop", town="rho")), str)

    assert "style" not in svg
    assert "script" not in svg
    assert "fill=" not in svg


def test_names_are_escaped():
    svg = draw_map(
        a_network(a_member("a-e-i", title='A&I <"coop">', town="rho")), lambda url: f"{url}?a=1&b=2"
    )

    assert 'A&amp;I &lt;"coop"&gt;' in svg
    assert 'href="rete/a-e-i/?a=1&amp;b=2"' in svg


def test_network_without_boundaries_cannot_be_drawn():
    with pytest.raises(ValueError, match="at least one ring"):
        draw_map(a_network(boundaries=()), str)


@st.composite
def networks(draw):
    """Any number of members in any towns, towns crowded together or far beyond the edge."""
    count = draw(st.integers(1, 8))
    towns = tuple(
        a_town(
            f"comune-{number}",
            draw(st.one_of(st.floats(9.02, 9.05), st.floats(8.5, 9.6))),
            draw(st.one_of(st.floats(45.52, 45.54), st.floats(45.2, 45.9))),
            name=draw(st.sampled_from(["Rho", "Pregnana Milanese", "Cinisello Balsamo"])),
            in_project=draw(st.booleans()),
        )
        for number in range(count)
    )
    homes = draw(st.lists(st.one_of(st.none(), st.integers(0, count - 1)), min_size=5, max_size=60))
    members = tuple(
        a_member(
            f"m-{order}",
            order=order,
            town=None if home is None else f"comune-{home}",
            role=draw(st.sampled_from(["capofila", "partner", "accordo"])),
        )
        for order, home in enumerate(homes, start=1)
    )
    return a_network(*members, towns=towns)


@given(networks())
@settings(max_examples=60, deadline=None)
def test_every_located_member_has_one_mark_and_no_two_marks_overlap(network):
    """Marks are 26 units wide: their middles stay 38 apart, and inside the drawing."""
    drawing = drawn(network)

    found = marks(drawing)
    centres = [centre(mark) for mark in found]
    height = float(drawing.get("viewBox").split()[3])
    located = [member for member in network.members if member.town]
    assert sorted(mark.get("href") for mark in found) == sorted(
        f"/sito/{member.url}" for member in located
    )
    assert all(math.dist(one, other) >= 37.8 for one, other in combinations(centres, 2))
    assert all(13 <= x <= 947 and 13 <= y <= height - 13 for x, y in centres)


@given(networks())
@settings(max_examples=20, deadline=None)
def test_same_network_is_drawn_the_same_way(network):
    assert draw_map(network, str) == draw_map(network, str)


def test_forty_three_members_weigh_less_than_sixty_kilobytes():
    members = [a_member(f"organizzazione-{n}", order=n, town=TOWNS[n % 7].id) for n in range(1, 44)]

    assert len(draw_map(a_network(*members), str).encode()) < 60_000


def test_towns_crowded_in_a_corner_stay_inside_the_drawing():
    """They give way inwards and downwards, never over the edge."""
    towns = tuple(a_town(f"comune-{n}", 8.961, 45.589, name="Pregnana Milanese") for n in range(12))
    network = a_network(*(a_member(f"m-{n}", town=f"comune-{n}") for n in range(12)), towns=towns)

    centres = [centre(mark) for mark in marks(drawn(network))]

    assert len(set(centres)) == 12
    assert min(x for x, _ in centres) > 13
    assert min(y for _, y in centres) > 13
