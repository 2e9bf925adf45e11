"""The editor's configuration, in the words of Decap CMS: https://decapcms.org/docs/configuration-options/

Nothing is decided here about the content: collections, fields, labels and choices
come from `collections.py` and `forms.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from portal.admin.collections import Desk, FileCollection, FolderCollection
from portal.admin.entries import ITEMS, NAME, SAVES, TEXT
from portal.admin.forms import Input, Kind, Option, form_of
from portal.admin.shapes import shape_of
from portal.drafting import ID_PREFIXES
from portal.model.page import Page, Status

Options = Mapping[str, tuple[Option, ...]]

TEXT_WIDGET = "portal-text"
"""Our own: `editor.js`. Decap's would rewrite the Markdown of whoever opens it."""
SAVES_WIDGET = "portal-saves"
"""Our own: a field that nobody sees, and that every form has."""

_SAVES_FIELD = {"name": SAVES, "label": "", "widget": SAVES_WIDGET, "required": False}
_SELDOM = ("status", "publish_from", "review_by", "sensitive", "accepted", "old_urls")
"""The fields of every page that stand under its text."""
_TEXT_FIELD = {
    "name": TEXT,
    "label": "Testo",
    "widget": TEXT_WIDGET,
    "required": False,
    "hint": "Una riga vuota fra i paragrafi, due cancelletti davanti ai titoletti. I link sono spiegati nella guida.",
}


def configuration_of(desk: Desk, site_url: str, api: str, today: datetime.date) -> dict[str, Any]:
    """The configuration, ready to be JSON.

    *site_url* is where the pages are shown, *api* the address that answers; new
    pages carry the date of *today*.
    """
    return {
        # Decap would look for a config.yml too.
        "load_config_file": False,
        "backend": {"name": "proxy", "proxy_url": api, "branch": "-"},
        "site_url": site_url,
        "locale": "it",
        "media_folder": "img",
        "public_folder": "img",
        "publish_mode": "simple",
        "show_preview_links": True,
        "slug": {"encoding": "ascii", "clean_accents": True},
        "editor": {"preview": False},
        "collections": [
            *(_of_folder(one, desk.options, today) for one in desk.folders),
            *(_of_files(one, desk.options) for one in desk.files),
        ],
    }


def _of_folder(
    collection: FolderCollection, options: Options, today: datetime.date
) -> dict[str, Any]:
    form = form_of(collection.value_type)
    is_page = issubclass(collection.value_type, Page)
    names = [one.name for one in form]
    widgets = {}
    for one in form:
        field = widget(one, options)
        if one.name == "id" and collection.name in ID_PREFIXES:
            field |= {
                "required": False,
                "hint": f"{one.hint} Per una pagina nuova lascialo vuoto: lo scrive il portale.",
            }
        if one.name == "date":
            field["default"] = today.isoformat()
        if one.name == "status":
            field["default"] = Status.DRAFT.value
        widgets[one.name] = field
    settings: dict[str, Any] = {
        "name": collection.name,
        "label": collection.label,
        "label_singular": collection.singular,
        "folder": collection.name,
        "extension": collection.ending.removeprefix("."),
        "format": "json",
        "create": True,
        "delete": is_page,
        "identifier_field": "title",
        "slug": f"{{{{fields.{NAME}}}}}",
        "preview_path": f"{collection.name}/{{{{slug}}}}/" if is_page else f"{collection.name}/",
        "summary": "{{title}}" + (" ({{date}})" if "date" in names else ""),
        "sortable_fields": _sortable(names),
        "media_folder": "img",
        "public_folder": "img",
        "fields": [*_in_reading_order(widgets, has_text=is_page), _SAVES_FIELD],
    }
    if is_page:
        settings["view_filters"] = [
            {"label": "Solo le bozze", "field": "status", "pattern": Status.DRAFT.value}
        ]
    return settings


def _sortable(names: list[str]) -> list[dict[str, str]]:
    """By what a list can be sorted: the newest first, where there is a date."""
    by_title = {"field": "title", "label": "Titolo"}
    if "date" in names:
        return [{"field": "date", "label": "Data", "default_sort": "desc"}, by_title]
    if "order" in names:
        return [{"field": "order", "label": "Posto", "default_sort": "asc"}, by_title]
    return [{**by_title, "default_sort": "asc"}]


def _of_files(collection: FileCollection, options: Options) -> dict[str, Any]:
    return {
        "name": collection.name,
        "label": collection.label,
        "description": collection.description,
        "format": "json",
        "files": [
            {
                "name": file.name,
                "label": file.label,
                "file": file.path,
                "preview_path": file.address,
                "media_folder": "img",
                "public_folder": "img",
                "fields": [*_fields_of_file(file.path, options), _SAVES_FIELD],
            }
            for file in collection.files
        ],
    }


def _fields_of_file(path: str, options: Options) -> list[dict[str, Any]]:
    shape = shape_of(path)
    assert shape is not None, f"{path} is edited in a form and has none"
    fields = {one.name: widget(one, options) for one in form_of(shape.value_type)}
    if not shape.is_list:
        return _in_reading_order(fields, has_text=shape.has_text)
    return [
        {
            "name": ITEMS,
            "label": "Voci",
            "label_singular": "voce",
            "widget": "list",
            "collapsed": True,
            "summary": _summary(form_of(shape.value_type)),
            "fields": [*fields.values()],
        }
    ]


def _in_reading_order(
    widgets: dict[str, dict[str, Any]], *, has_text: bool
) -> list[dict[str, Any]]:
    """What a page says first, then its text, and last what every page has and few need."""
    if not has_text:
        return [*widgets.values()]
    common = [name for name in _SELDOM if name in widgets]
    own = [field for name, field in widgets.items() if name not in common]
    return [*own, _TEXT_FIELD, *(widgets[name] for name in common)]


def widget(one: Input, options: Options, *, is_asked: bool = True) -> dict[str, Any]:
    """A field of a form as Decap shows it. Inside a group that may be left out, nothing is asked."""
    field: dict[str, Any] = {
        "name": one.name,
        "label": one.label,
        "hint": one.hint,
        "required": one.is_required and is_asked,
    }
    if not one.is_list:
        field |= _single(one, options, is_asked=field["required"] or one.kind is not Kind.GROUP)
        if one.default is not None:
            field["default"] = one.default
            # A choice that has a first answer always has one: emptied, a draft would be published.
            field["required"] = field["required"] or one.kind is Kind.CHOICE
        elif one.kind is Kind.DAY:
            field["default"] = ""  # Decap would write today
        if one.kind in (Kind.WHOLE, Kind.DECIMAL):
            field |= _bounds(one)
        return field
    if one.kind is Kind.CHOICE:
        field |= {**_single(one, options), "multiple": True}
    elif one.kind is Kind.GROUP:
        field |= {
            "widget": "list",
            "label_singular": "voce",
            "collapsed": True,
            "summary": _summary(one.inputs),
            "fields": [widget(inner, options) for inner in one.inputs],
        }
    else:
        item = {"name": one.name, "label": one.label, "required": True, **_single(one, options)}
        field |= {"widget": "list", "label_singular": "voce", "field": item}
    if one.default is not None and not (one.is_required and one.kind is Kind.GROUP):
        field["default"] = one.default
    return field | _bounds(one)


def _single(one: Input, options: Options, *, is_asked: bool = True) -> dict[str, Any]:
    field: dict[str, Any]
    match one.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            field = {"widget": "string" if one.kind is Kind.TEXT else "text"}
        case Kind.DAY:
            # Text on both sides: a day has no time zone to be moved by.
            field = {"widget": "datetime", "date_format": "YYYY-MM-DD", "time_format": False}
            field["format"] = "YYYY-MM-DD"
        case Kind.WHOLE | Kind.DECIMAL:
            field = {"widget": "number"}
            field["value_type"] = "int" if one.kind is Kind.WHOLE else "float"
        case Kind.YES_NO:
            field = {"widget": "boolean"}
        case Kind.CHOICE:
            chosen = options.get(one.folder, ()) if one.folder else one.options
            field = {
                "widget": "select",
                "options": [{"label": option.label, "value": option.value} for option in chosen],
            }
        case Kind.GROUP:
            inner = [widget(inner, options, is_asked=is_asked) for inner in one.inputs]
            field = {"widget": "object", "collapsed": not one.is_required, "fields": inner}
    if one.pattern:
        field["pattern"] = [one.pattern, one.advice]
    return field


def _bounds(one: Input) -> dict[str, float]:
    return {
        name: bound for name, bound in (("min", one.least), ("max", one.most)) if bound is not None
    }


def _summary(inputs: tuple[Input, ...]) -> str:
    """What an item of a list is called while it is closed: by its name, and its date."""
    names = [one.name for one in inputs]
    called = next((name for name in ("title", "name") if name in names), names[0])
    shown = [called, *(name for name in ("date",) if name in names)]
    return " · ".join(f"{{{{fields.{name}}}}}" for name in shown)
