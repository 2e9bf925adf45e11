"""Parts that pages share: rendered once for the same, and each page depends on what they asked."""

from dataclasses import dataclass

import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from portal.cache import Cache
from portal.digests import Digests
from portal.parts import Parts
from portal.questions import Questions


@dataclass(frozen=True)
class Town:
    """As much of a site as these parts speak of."""

    name: str = "Rho"


class Desk:
    """Parts of a site with one town, and how often each template was filled in."""

    def __init__(self, **templates: str) -> None:
        self.questions = Questions({"town": "Rho"}, {}, Cache(None).shelf("answers"), Digests())
        self.filled: list[object] = []
        loader = DictLoader({f"partials/{name}.html": text for name, text in templates.items()})
        self.env = Environment(loader=loader, autoescape=True)
        self.env.globals |= {"site": self.questions.site, "filled": self.note}
        self.part = Parts(self.env, self.questions)

    def note(self, value: object) -> str:
        self.filled.append(value)
        return str(value)

    def asked(self, *parts: tuple[str, dict]) -> list[str] | None:
        """What a page made of *parts* asks."""
        self.questions.listen()
        for name, given in parts:
            self.part(name, **given)
        return self.questions.heard()


def test_the_same_is_rendered_once():
    """And differs where what it is given differs."""
    desk = Desk(card="{{ filled(title) }}")

    shown = [desk.part("card", title=title) for title in ("Uno", "Due", "Uno", "Uno")]

    assert shown == ["Uno", "Due", "Uno", "Uno"]
    assert desk.filled == ["Uno", "Due"]


def test_two_things_that_look_alike_are_two():
    """Things of the model are told apart by which they are; nobody compares all they hold."""
    desk = Desk(card="{{ filled(town.name) }}")
    rho, other = Town(), Town("Arese")

    shown = [desk.part("card", town=town) for town in (rho, other, rho)]

    assert shown == ["Rho", "Arese", "Rho"]
    assert desk.filled == ["Rho", "Arese"]


@pytest.mark.parametrize("given", [(), ("a",), ("a", ("b",))])
def test_several_things_are_the_same_when_each_is(given):
    """Lists of translations or feeds are made anew for each page; what is in them is not."""
    desk = Desk(card="{{ filled(links | length) }}")

    desk.part("card", links=given)
    desk.part("card", links=(*given,))

    assert desk.filled == [len(given)]


def test_a_part_sees_nothing_of_the_page_it_stands_on():
    """Else the first page to show it would speak on all others."""
    desk = Desk(card="[{{ title }}]")
    page = desk.env.from_string("{% set title = 'Pagina' %}{{ part('card') }}")

    assert page.render(part=desk.part) == "[]"


def test_what_is_given_is_escaped_once():
    """A title with «<» stays text, and a part is not escaped again by the page."""
    desk = Desk(card="<b>{{ title }}</b>")
    page = desk.env.from_string("{{ part('card', title='a < b') }}")

    assert page.render(part=desk.part) == "<b>a &lt; b</b>"


def test_html_and_text_of_the_same_letters_are_two():
    """One stands as it is, the other is escaped."""
    desk = Desk(card="{{ title }}")

    shown = [desk.part("card", title=title) for title in ("<b>", Markup("<b>"), "<b>")]

    assert shown == ["&lt;b&gt;", "<b>", "&lt;b&gt;"]


def test_every_page_depends_on_what_a_shared_part_asked():
    """The second page did not fill it in, and must be made again all the same when the answer changes."""
    desk = Desk(town="{{ filled(site['town']) }}", plain="x")

    first = desk.asked(("town", {}))
    second = desk.asked(("plain", {}), ("town", {}))
    third = desk.asked(("plain", {}))

    assert desk.filled == ["Rho"]
    assert first == second != []
    assert third == []
