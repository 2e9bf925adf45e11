"""The relation graph: all ties, nothing on top of anything, the same every time."""

from itertools import combinations
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.model.area import Area
from portal.model.network import Network
from portal.writers.graph_layout import HUB_WIDTH, MEMBER_WIDTH, WIDTH, lay_out
from portal.writers.graph_svg import draw_graph
from portal.writers.relations import hubs

from .builders import a_member, a_place, a_site, a_story, an_action


def site_of(*members, **fields):
    return a_site(network=Network(members, (), ()), **fields)


def three_at_home():
    return site_of(
        a_member("sercop", title="Sercop", order=1, role="capofila", areas=("casa",)),
        a_member("la-cordata", title="La Cordata", order=2, role="partner", areas=("casa",)),
        a_member("comune-di-rho", title="Comune di Rho", order=3),
        a_member("vigoni", title="Vigoni", order=4),
        actions=(an_action("smart-house", number=3, area="casa", title="Smart House"),),
        places=(a_place(members=("sercop", "comune-di-rho")),),
    )


def drawn(site):
    return ElementTree.fromstring(draw_graph(site, lambda url: f"/sito/{url}"))


def of_class(drawing, css_class):
    return [e for e in drawing.iter() if css_class in e.get("class", "").split()]


def test_member_is_a_link_that_says_how_many_it_is_tied_to():
    rho, _, sercop = of_class(drawn(three_at_home()), "pt-graph__member")

    assert sercop.get("href") == "/sito/rete/sercop/"
    assert sercop.get("class") == "pt-graph__member pt-graph__member--capofila"
    assert sercop.find("title").text == "Sercop (Capofila): ha legami con 2 organizzazioni"
    assert (
        rho.find("title").text == "Comune di Rho (Accordo di rete): ha legami con 1 organizzazione"
    )


def test_hub_is_a_link_that_says_what_it_is():
    house, rho = of_class(drawn(three_at_home()), "pt-graph__hub")

    assert house.get("href") == "/sito/azioni/smart-house/"
    assert house.find("title").text == "Smart House (azione): 2 organizzazioni"
    assert rho.get("href") == "/sito/luoghi/opcafe-rho/"
    assert [text.text for text in of_class(rho, "pt-graph__kind")] == ["luogo"]


def test_every_share_of_a_member_is_one_line():
    """They stand with their member, so that a stylesheet alone can tell them apart."""
    drawing = drawn(three_at_home())

    lines = {
        node.find("a/title").text.split(" (")[0]: [
            tie.get("class").split("--")[1] for tie in of_class(node, "pt-graph__tie")
        ]
        for node in of_class(drawing, "pt-graph__node")
    }

    assert lines == {
        "Comune di Rho": ["luogo"],
        "La Cordata": ["azione"],
        "Sercop": ["azione", "luogo"],
    }


def test_tab_order_is_the_order_of_the_table():
    """By name; who has no tie is in the table alone."""
    links = [link.get("href") for link in drawn(three_at_home()).iter("a")]

    assert links == [
        "/sito/rete/comune-di-rho/",
        "/sito/rete/la-cordata/",
        "/sito/rete/sercop/",
        "/sito/azioni/smart-house/",
        "/sito/luoghi/opcafe-rho/",
    ]


def test_of_many_stories_the_latest_eight_are_drawn():
    """A member tied by older ones alone is in the table."""
    old = a_story("vecchia", id="st-2010-001", members=("freddy", "futura"))
    latest = [
        a_story(f"storia-{number}", id=f"st-2020-{number:03}", members=("sercop", "vigoni"))
        for number in range(8)
    ]
    members = [a_member(slug) for slug in ("sercop", "vigoni", "freddy", "futura")]

    drawing = drawn(site_of(*members, stories=(*latest, old)))

    links = [link.get("href") for link in drawing.iter("a")]
    assert links[:2] == ["/sito/rete/sercop/", "/sito/rete/vigoni/"]
    assert links[2:] == [f"/sito/storie/storia-{number}/" for number in range(8)]


def test_network_without_ties_is_not_drawn():
    assert draw_graph(site_of(a_member("sercop", areas=("casa",))), str) == ""


def test_line_begins_at_the_dot_and_ends_at_the_box():
    """At the side of the box that looks at the member."""
    site = three_at_home()
    layout = lay_out(hubs(site))

    drawing = drawn(site)

    for node in of_class(drawing, "pt-graph__node"):
        [dot] = of_class(node, "pt-graph__dot")
        for tie in of_class(node, "pt-graph__tie"):
            start, end = tie.get("d").removeprefix("M").split("C")
            assert start == f"{dot.get('cx')},{dot.get('cy')}"
            x, y = map(float, end.split(" ")[-1].split(","))
            assert x == (485 if float(dot.get("cx")) < 640 else 795)
            assert y in {round(block.middle, 1) for block in layout.hubs.values()}


MANY = [f"membro-{number}" for number in range(14)]
SOME = st.lists(st.sampled_from(MANY), unique=True, max_size=9).map(tuple)


@settings(max_examples=40, deadline=None)
@given(
    areas=st.lists(st.lists(st.sampled_from(list(Area)), unique=True, max_size=2), min_size=14, max_size=14),
    keepers=st.lists(SOME, max_size=4),
    told=st.lists(SOME, max_size=6),
    title=st.text("aeim ", min_size=2, max_size=90).filter(lambda words: len(words.strip()) > 1),
)  # fmt: skip
def test_no_label_lies_on_another_whatever_the_network(areas, keepers, told, title):
    site = site_of(
        *(
            a_member(slug, order=number, areas=found, title=title)
            for number, (slug, found) in enumerate(zip(MANY, areas, strict=True), start=1)
        ),
        places=tuple(a_place(f"luogo-{n}", members=some) for n, some in enumerate(keepers)),
        stories=tuple(
            a_story(f"storia-{n}", id=f"st-2016-{n:03}", title=title, members=some)
            for n, some in enumerate(told)
        ),
    )
    shared = hubs(site)
    if not shared:
        return

    layout = lay_out(shared)

    left = [block for slug, block in layout.members.items() if slug in layout.left]
    right = [block for slug, block in layout.members.items() if slug not in layout.left]
    for column in (left, right, list(layout.hubs.values())):
        assert all(
            block.y >= 0 and block.y + block.height <= layout.height + 0.01 for block in column
        )
        for one, other in combinations(column, 2):
            assert one.y + one.height < other.y or other.y + other.height < one.y
    # 13.44 units a letter at the greatest size the stylesheet may use.
    assert all(len(line) * 13.44 <= MEMBER_WIDTH for block in left + right for line in block.lines)
    assert all(
        len(line) * 13.44 <= HUB_WIDTH for block in layout.hubs.values() for line in block.lines
    )
    assert 2 * MEMBER_WIDTH + HUB_WIDTH < WIDTH


def test_two_builds_draw_the_same():
    assert draw_graph(three_at_home(), str) == draw_graph(three_at_home(), str)


def test_graph_has_no_style_and_no_colour_of_its_own():
    svg = draw_graph(three_at_home(), str)

    assert "style" not in svg
    assert "fill=" not in svg
    assert "stroke=" not in svg


def test_titles_are_escaped():
    site = site_of(
        a_member("a-i", title="A&I <srl>", areas=("casa",)), a_member("altra", areas=("casa",))
    )

    assert "A&amp;I &lt;srl&gt;" in draw_graph(site, str)
