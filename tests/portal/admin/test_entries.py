"""A content file as values, and back into the same bytes."""

import datetime
import json
import shutil

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.admin.entries import changed_text, new_text, to_entry
from portal.admin.forms import Kind, form_of
from portal.admin.shapes import shape_of
from portal.model.story import Story
from portal.readers.content import PAGE_TYPES, ContentReader
from portal.readers.document import read_page_text
from tests.conftest import ROOT, TESTS

CONTENT = ROOT / "content"
EDITED = sorted(
    path
    for path in (file.relative_to(CONTENT).as_posix() for file in CONTENT.rglob("*.*"))
    if shape_of(path) is not None
)
STORY = """\
---
# una spiegazione
title: "Prima zappata"
description: Il primo giorno dell'orto, con le zappe degli altri.
id: st-2020-001
date: 2020-03-07   # di sabato
real_person: no
descripton: un errore di battitura
sources:
  - {title: Il giornale, date: 2020}
---

Si comincia.

Due spazi in fondo vanno a capo.  
Fine.
"""  # noqa: W291
SHAPE = shape_of("storie/2020-03-07-prima-zappata.md")


def text_of(path: str) -> str:
    return (CONTENT / path).read_bytes().decode("utf-8")


def as_sent_back(entry: dict) -> dict:
    """An entry after it has been to the browser: the same values, the keys in another order."""
    return dict(reversed(json.loads(json.dumps(entry)).items()))


@pytest.mark.parametrize("path", EDITED)
def test_opening_and_saving_a_file_changes_nothing(path):
    """Whoever opens a page to read it must not be its author in the history."""
    text = text_of(path)

    entry = as_sent_back(to_entry(text, shape_of(path)))

    assert changed_text(text, entry, shape_of(path)) == text


@pytest.mark.parametrize("path", [path for path in EDITED if path.endswith(".md")])
def test_what_another_library_made_of_a_page_changes_nothing_either(path):
    """Sorted keys, other quotes, long lines folded: the values are the same, and they alone count."""
    text = text_of(path)
    document = read_page_text(path, text)
    rewritten = yaml.safe_dump(document.data, width=40, default_style='"', allow_unicode=True)
    other = f"---\n{rewritten}---\n{document.body}\n"

    entry = as_sent_back(to_entry(other, shape_of(path)))

    assert changed_text(text, entry, shape_of(path)) == text


@pytest.mark.parametrize(
    ("field", "value", "gone", "come"),
    [
        ("title", 'Le "zappe"', 'title: "Prima zappata"', r'title: "Le \"zappe\""'),
        ("date", "2020-03", "date: 2020-03-07   # di sabato", "date: 2020-03   # di sabato"),
        ("real_person", True, "real_person: no", "real_person: sì"),
        ("status", "draft", None, "status: bozza"),
        ("actions", ["orto"], None, "actions: [orto]"),
        ("sensitive", True, None, "sensitive: sì"),
        ("body", "Si comincia.\n\nDue spazi in fondo vanno a capo.  \nE fine.", "Fine.", "E fine."),
    ],
)
def test_a_changed_field_changes_its_own_line(field, value, gone, come):
    """In the words an editor would use."""
    after = changed_text(STORY, {**to_entry(STORY, SHAPE), field: value}, SHAPE)

    lines = STORY.splitlines()
    assert [line for line in lines if line not in after.splitlines()] == ([gone] if gone else [])
    assert [line for line in after.splitlines() if line not in lines] == [come]


def test_a_field_that_is_emptied_is_taken_away():
    """An empty address would be published as one."""
    text = STORY.replace("real_person: no\n", "publish_from: 2026-12-01\n")

    after = changed_text(text, {**to_entry(text, SHAPE), "publish_from": ""}, SHAPE)

    assert after == STORY.replace("real_person: no\n", "")


def test_a_key_that_no_form_has_stays():
    """The check says what is wrong with it; a form that cannot show it must not lose it."""
    entry = to_entry(STORY, SHAPE)

    assert "descripton" not in entry
    assert "descripton: un errore" in changed_text(STORY, {**entry, "title": "Altro"}, SHAPE)


@pytest.mark.parametrize(
    "file",
    [
        "\ufeff" + STORY,
        STORY.replace("\n", "\r\n"),
        "\n\n" + STORY,
        STORY.rstrip("\n"),
        STORY.partition("Si comincia")[0].rstrip("\n"),
        STORY.replace("---\n\nSi", "---\nSi") + "\n\n",
    ],
    ids=["mark", "windows", "blank lines", "no end", "no text", "other gaps"],
)
def test_however_a_file_begins_and_ends_it_stays_so(file):
    """Programs differ; a page that was saved in one is not rewritten for another."""
    entry = as_sent_back(to_entry(file, SHAPE))

    assert changed_text(file, entry, SHAPE) == file
    changed = changed_text(file, {**entry, "title": "Altro"}, SHAPE)
    assert changed.replace('"Altro"', '"Prima zappata"') == file


def test_a_text_from_a_browser_gets_the_line_ends_of_its_file():
    """A browser's text field knows only one kind."""
    file = STORY.replace("\n", "\r\n")

    after = changed_text(file, {**to_entry(file, SHAPE), "body": "Una.\n\nDue."}, SHAPE)

    assert after.endswith("---\r\n\r\nUna.\r\n\r\nDue.\r\n")


def test_a_new_page_stands(tmp_path):
    """What a form asks for is enough for the check."""
    content = tmp_path / "content"
    shutil.copytree(TESTS / "example_content", content)
    entry = {
        "title": "Le prime: #zucche",
        "description": "Sono arrivate le zucche, e non sappiamo dove metterle.",
        "status": "draft",
        "id": "st-2026-001",
        "date": "2026-11",
        "real_person": False,
        "places": [],
        "consent": {"kind": None},
        "sources": [{"title": "Il giornale", "url": "", "date": "2026-11"}],
        "body": "Sono *tante*.",
    }

    text = new_text(entry, Story, has_text=True)
    (content / "storie" / "2026-11-zucche.md").write_text(text, encoding="utf-8")

    assert text == (
        '---\ntitle: "Le prime: #zucche"\n'
        'description: "Sono arrivate le zucche, e non sappiamo dove metterle."\n'
        "status: bozza\nid: st-2026-001\ndate: 2026-11\n"
        'sources:\n  - title: "Il giornale"\n    date: 2026-11\n---\n\nSono *tante*.\n'
    )
    reader = ContentReader(content, datetime.date(2026, 11, 22), preview=True)
    assert reader.read() is not None, reader.problems


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES = {
    Kind.TEXT: TEXTS,
    Kind.LONG_TEXT: TEXTS,
    Kind.DAY: st.dates().map(str),
    Kind.WHOLE: st.integers(0, 10**6),
    Kind.DECIMAL: st.floats(0, 90).map(lambda number: round(number, 4)),
    Kind.YES_NO: st.booleans(),
}


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from([path for path in EDITED if path.endswith(".md")]), data=st.data())
def test_any_edit_of_one_field_leaves_the_rest_of_the_file(path, data):
    """The lines of the other fields, and the text, stay as they are, in order; the value comes back as it was sent."""
    shape, text = shape_of(path), text_of(path)
    plain = [one for one in form_of(shape.value_type) if one.kind in VALUES and not one.is_list]
    one = data.draw(st.sampled_from(plain))
    value = data.draw(VALUES[one.kind])
    entry = to_entry(text, shape)

    after = changed_text(text, {**entry, one.name: value}, shape)

    expected = value if value not in ("", None) else one.default
    assert to_entry(after, shape).get(one.name) == expected
    others = [line for line in text.splitlines() if not line.startswith(f"{one.name}:")]
    left = iter(after.splitlines())
    assert all(line in left for line in others)
    assert len(after.splitlines()) <= len(text.splitlines()) + 1


def test_every_page_type_is_edited():
    """A type that no file of the content has today has a shape all the same."""
    assert {shape_of(f"{folder}/una.md").value_type for folder in PAGE_TYPES} == set(
        PAGE_TYPES.values()
    )
