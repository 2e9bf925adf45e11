"""YAML that is changed where its values change, and nowhere else."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from portal.admin.yaml_edit import UneditableYaml, edited, read

PAGE = """\
# Il modello.

title: 'L''orto'  # breve
description: Un orto, e chi lo cura.
places: [casa-verde]   # dove
sources:  # le fonti
  - title: "Il giornale"
    url: https://www.esempio.it/a?b=1#c
    date: 2016-05

  # questa è vecchia
  - title: Un foglio
    date: "~2015"
consent:
  kind: scritto
  until: 2028-12-31
note: |
  Due righe,
  tenute così.
# in fondo
"""
ORDER = ["id", "title", "description", "date", "places", "sources", "consent", "note"]


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are only in one of two texts, those that are gone and those that have come."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return [line for line in old if line not in new], [line for line in new if line not in old]


def changed(**values):
    """PAGE with other values, or without those that are None."""
    wanted = {**read(PAGE), **values}
    return edited(PAGE, {key: value for key, value in wanted.items() if value is not None}, ORDER)


def test_the_same_values_in_another_order_change_nothing():
    """A library sends keys as it likes."""
    assert edited(PAGE, dict(reversed(read(PAGE).items())), ORDER) == PAGE


@pytest.mark.parametrize(
    ("values", "gone", "come"),
    [
        ({"title": "L'aia"}, ["title: 'L''orto'  # breve\n"], ["title: 'L''aia'  # breve\n"]),
        (
            {"description": "Rho: si parte"},
            ["description: Un orto, e chi lo cura.\n"],
            ['description: "Rho: si parte"\n'],
        ),
        (
            {"places": ["casa-verde", "via: x"]},
            ["places: [casa-verde]   # dove\n"],
            ['places: [casa-verde, "via: x"]   # dove\n'],
        ),
        ({"date": "2016-05-12"}, [], ["date: 2016-05-12\n"]),
        ({"id": "st-2016-001"}, [], ["id: st-2016-001\n"]),
        ({"places": None}, ["places: [casa-verde]   # dove\n"], []),
        ({"consent": None}, ["consent:\n", "  kind: scritto\n", "  until: 2028-12-31\n"], []),
        ({"consent": {"kind": "scritto"}}, ["  until: 2028-12-31\n"], []),
        (
            {"note": "Una riga."},
            ["note: |\n", "  Due righe,\n", "  tenute così.\n"],
            ['note: "Una riga."\n'],
        ),
    ],
)
def test_one_value_changes_its_own_lines(values, gone, come):
    """Comments, quotes and blank lines belong to whoever wrote them."""
    assert lines_changed(PAGE, changed(**values)) == (gone, come)


def test_a_new_key_stands_where_the_declaration_has_it():
    """At the top where nothing is declared before it, under its elder otherwise."""
    lines = changed(id="st-2016-001", date="2016").splitlines()

    assert lines[2:6] == [
        "id: st-2016-001",
        "title: 'L''orto'  # breve",
        "description: Un orto, e chi lo cura.",
        "date: 2016",
    ]


def test_a_list_changes_item_by_item():
    """A source more leaves the others alone, with their comments and the blank line between them."""
    first, second = read(PAGE)["sources"]
    third = {"title": "Il blog", "date": "2017"}

    more = changed(sources=[first, second, third])
    other = changed(sources=[first, {**second, "title": "Un altro foglio"}])
    fewer = changed(sources=[second])

    assert lines_changed(PAGE, more) == ([], ['  - title: "Il blog"\n', "    date: 2017\n"])
    assert '    date: "~2015"\n\n  - title: "Il blog"\n' in more
    assert lines_changed(PAGE, other) == (
        ["  - title: Un foglio\n"],
        ["  - title: Un altro foglio\n"],
    )
    assert lines_changed(PAGE, fewer)[1] == []
    assert "  # questa è vecchia\n  - title: Un foglio\n" in fewer


def test_a_file_from_windows_keeps_its_line_ends():
    """An editor there would see the whole file as changed."""
    page = PAGE.replace("\n", "\r\n")

    after = edited(page, {**read(page), "date": "2016", "title": "Ciao"}, ORDER)

    assert after.replace("\r\n", "") == after.replace("\r\n", "\n").replace("\n", "")
    assert "date: 2016\r\n" in after


def test_what_would_not_read_back_is_not_written():
    """Two keys that share one value cannot be changed apart."""
    with pytest.raises(UneditableYaml):
        edited("uno: &x [a]\ndue: *x\n", {"uno": ["b"], "due": ["a"]})


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES = {
    "title": TEXTS.filter(bool),
    "description": TEXTS.filter(bool),
    "date": TEXTS.filter(bool),
    "places": st.lists(TEXTS, min_size=1, max_size=3),
    "note": TEXTS.filter(bool),
}


@given(name=st.sampled_from(sorted(VALUES)), data=st.data())
def test_whatever_is_written_in_one_field_reads_back_and_touches_no_other(name, data):
    """Quotes, colons, hashes, emoji, characters that cannot be seen: what a person pastes."""
    value = data.draw(VALUES[name])
    wanted = {**read(PAGE), name: value}

    after = edited(PAGE, wanted, ORDER)

    assert yaml.load(after, Loader=yaml.CBaseLoader) == wanted
    others = [
        line for line in PAGE.splitlines() if not line.startswith((name, "  Due", "  tenute"))
    ]
    kept = iter(after.splitlines())
    assert all(line in kept for line in others), "every other line is still there, in order"


@given(data=st.data())
def test_any_list_of_sources_reads_back(data):
    """Items more, fewer, moved and changed."""
    source = st.dictionaries(st.sampled_from(["title", "url", "date"]), TEXTS, min_size=1)
    known = st.sampled_from(read(PAGE)["sources"])
    wanted = {**read(PAGE), "sources": data.draw(st.lists(source | known, min_size=1, max_size=5))}

    assert read(edited(PAGE, wanted, ORDER)) == wanted
