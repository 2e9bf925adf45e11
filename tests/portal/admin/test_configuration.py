"""The forms: every field of every type, with a name, a hint and the choices that are declared."""

import datetime
import json
import re
from fnmatch import fnmatch

import pytest

from portal.admin.collections import address_of, folder_collections, read_desk
from portal.admin.configuration import SAVES_WIDGET, TEXT_WIDGET, configuration_of
from portal.admin.entries import to_entry
from portal.admin.folder import EditableFolder
from portal.admin.forms import form_of
from portal.admin.shapes import LISTS, TEXT_ONLY, is_picture, shape_of
from portal.model.indicator import Indicator
from portal.model.page import Page, front_matter_fields, referred_folder
from portal.model.picture import Picture
from portal.model.translation import Translation
from portal.readers.content import PAGE_TYPES
from tests.conftest import ROOT

TODAY = datetime.date(2026, 11, 22)
FOLDER = EditableFolder(ROOT / "content")
TYPES = [*PAGE_TYPES.values(), Page, Translation, Indicator, Picture, *LISTS.values()]
WIDGETS = {
    "string", "text", "datetime", "number", "boolean", "select", "list", "object", TEXT_WIDGET, SAVES_WIDGET,
}  # fmt: skip


@pytest.fixture(scope="module")
def configuration():
    """The settings for the real content, as the browser gets them."""
    return json.loads(
        json.dumps(
            configuration_of(read_desk(FOLDER), "http://127.0.0.1:8000/", "/admin/api", TODAY)
        )
    )


@pytest.fixture(scope="module")
def collections(configuration):
    """The collections by name."""
    return {collection["name"]: collection for collection in configuration["collections"]}


def fields_of(collections, page_type) -> dict:
    """The fields of the form for a type that has a folder."""
    return {field["name"]: field for field in collections[page_type.folder]["fields"]}


def every_field(fields):
    """Each field of a form, and those inside it."""
    for field in fields:
        yield field
        inside = field.get("fields", []) + ([field["field"]] if "field" in field else [])
        yield from every_field(inside)


@pytest.mark.parametrize("value_type", TYPES)
def test_every_field_of_a_type_has_a_name_a_hint_and_a_place_in_the_form(value_type):
    """In Italian, as it is declared: nobody has to know what `also_known_as` is."""
    form = form_of(value_type)

    assert [one.name for one in form] == list(front_matter_fields(value_type))
    assert [one.name for one in form if one.label in ("", one.name) or not one.hint] == []
    for inner in (inner for one in form for inner in one.inputs):
        assert inner.label != inner.name
        assert inner.hint


def test_every_type_with_a_folder_has_its_collection(collections):
    """With all of its fields, and a text."""
    assert set(PAGE_TYPES) < set(collections)
    for page_type in PAGE_TYPES.values():
        assert set(fields_of(collections, page_type)) == {
            *front_matter_fields(page_type), "body", "_saves",
        }  # fmt: skip


def test_every_file_of_the_content_is_in_one_collection_or_named_as_text(collections):
    """A file that is in neither could be found by nobody."""
    inside = {
        f"{one.name}/{path.rpartition('/')[2]}"
        for one in folder_collections()
        for path in FOLDER.names(one.name, one.ending)
        if shape_of(path).value_type is one.value_type
    }
    listed = [
        file["file"] for collection in collections.values() for file in collection.get("files", ())
    ]
    everything = [path for path in FOLDER.walk() if not is_picture(path)]
    as_text = {path for path in everything if any(fnmatch(path, one) for one in TEXT_ONLY)}

    assert len(listed) == len(set(listed))
    assert inside & set(listed) == set()
    assert (inside | set(listed)) & as_text == set()
    assert set(everything) - inside - set(listed) - as_text == set()


def test_only_known_fields_are_used(collections):
    """Decap's own Markdown field would rewrite what it opens, and its relations ask for every page of a folder."""
    fields = [
        field
        for collection in collections.values()
        for form in (collection, *collection.get("files", ()))
        for field in every_field(form.get("fields", ()))
    ]

    assert {field["widget"] for field in fields} <= WIDGETS
    assert {field["name"] for field in fields if not field["label"]} == {"_saves"}


@pytest.mark.parametrize(
    ("folder", "name", "expected"),
    [
        ("storie", "title", {"widget": "string", "required": True, "label": "Titolo"}),
        ("storie", "description", {"widget": "text", "required": True}),
        ("storie", "date", {"widget": "string", "default": "2026-11-22"}),
        ("storie", "real_person", {"widget": "boolean", "default": False}),
        ("storie", "consent", {"widget": "object", "required": False}),
        ("storie", "sources", {"widget": "list", "required": True, "min": 1}),
        ("storie", "actions", {"widget": "select", "multiple": True, "required": False}),
        ("storie", "id", {"widget": "string", "required": False}),
        ("storie", "status", {"widget": "select", "required": True, "default": "draft"}),
        (
            "agenda",
            "date",
            {"widget": "datetime", "format": "YYYY-MM-DD", "time_format": False},
        ),
        ("agenda", "until", {"widget": "datetime", "default": ""}),
        ("agenda", "place", {"widget": "select", "required": False}),
        ("campagne", "goal_euros", {"widget": "number", "value_type": "int", "min": 1}),
        ("campagne", "open", {"widget": "boolean", "default": True}),
        ("campagne", "suggested_euros", {"widget": "list", "min": 1, "max": 5}),
        ("campagne", "frequencies", {"widget": "select", "multiple": True, "min": 1}),
        ("luoghi", "hours", {"widget": "list", "required": False, "default": []}),
        ("bisogni", "icon", {"widget": "select", "required": True}),
        ("valutazione", "measures", {"widget": "list", "required": True}),
        ("newsletter", "body", {"widget": TEXT_WIDGET}),
    ],
)
def test_a_field_asks_for_what_is_declared(collections, folder, name, expected):
    """One of each kind."""
    field = next(field for field in collections[folder]["fields"] if field["name"] == name)

    assert {key: field.get(key) for key in expected} == expected


def test_what_is_chosen_is_called_as_people_call_it(collections):
    """The file keeps its words, the form shows ours."""
    story = fields_of(collections, PAGE_TYPES["storie"])
    campaign = fields_of(collections, PAGE_TYPES["campagne"])
    need = fields_of(collections, PAGE_TYPES["bisogni"])

    assert story["status"]["options"] == [
        {"label": "Bozza", "value": "draft"},
        {"label": "Pubblicata", "value": "published"},
    ]
    assert {"label": "Ogni mese", "value": "month"} in campaign["frequencies"]["options"]
    assert {"label": "Casa", "value": "casa"} in need["icon"]["options"]
    assert {"label": "Sercop", "value": "sercop"} in campaign["recipient"]["options"]
    assert {"label": "Rho", "value": "rho"} in story["towns"]["options"]
    assert {"label": "Smart House", "value": "smart-house"} in story["actions"]["options"]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("storie/2015-12-30-call-for-house.md", "storie/2015-12-30-call-for-house/"),
        ("storie/index.md", "storie/"),
        ("index.md", ""),
        ("en/bisogni/casa.md", "en/bisogni/casa/"),
        ("en/index.md", "en/"),
        ("progetto/cronologia.yml", "progetto/"),
    ],
)
def test_the_preview_of_a_page_is_one_click_away(path, address):
    """In the site that runs beside the editor."""
    assert address_of(path) == address


def test_a_preview_is_at_the_address_that_the_type_gives_it(collections):
    """Decap makes it of the file's name."""
    for folder, page_type in PAGE_TYPES.items():
        preview = collections[folder]["preview_path"].replace("{{slug}}", "una")
        assert preview == page_type.url_of("una")


def test_every_reference_can_be_chosen(collections):
    """A list without choices would be a field nobody can fill in."""
    empty = [
        f"{page_type.folder}.{name}"
        for page_type in PAGE_TYPES.values()
        for name, field in front_matter_fields(page_type).items()
        if referred_folder(field) and not fields_of(collections, page_type)[name]["options"]
    ]

    assert empty == []


def test_what_the_content_says_passes_the_forms_that_show_it(collections):
    """A form that refuses what is written there could not be saved, whatever one came to change."""
    refused = []
    for path in FOLDER.walk():
        shape = shape_of(path)
        if shape is None or not shape.has_text:
            continue
        entry = to_entry(FOLDER.read(path).decode(), shape)
        for one in form_of(shape.value_type):
            values = entry.get(one.name)
            for value in values if isinstance(values, list) else [values]:
                if one.pattern and isinstance(value, str) and not re.search(one.pattern, value):
                    refused.append(f"{path}: {one.name}")

    assert refused == []


def test_lengths_and_shapes_are_said_before_a_save(collections):
    """In words, next to the field."""
    story = fields_of(collections, PAGE_TYPES["storie"])

    assert story["description"]["pattern"][1] == "da 20 a 240 caratteri, su una riga"
    assert re.search(story["description"]["pattern"][0], "Breve") is None
    assert story["id"]["pattern"] == [r"^st-\d{4}-\d{3}$", "scrivi così: st-2016-003"]


def test_a_yes_or_no_without_a_default_is_asked():
    """A switch would say that nobody can be recognised before anybody has looked."""
    people = next(one for one in form_of(Picture) if one.name == "people")

    assert [option.value for option in people.options] == ["sì", "no"]
