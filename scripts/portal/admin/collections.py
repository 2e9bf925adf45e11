"""The collections of the editor: which files stand together, what they are called, what is chosen from what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.admin.folder import EditableFolder
from portal.admin.forms import Option
from portal.admin.options import Heading, heading_of, read_options
from portal.admin.shapes import LISTS, is_picture, shape_of
from portal.model.indicator import Indicator
from portal.model.page import Page, Value
from portal.model.translation import LANGUAGES, Translation
from portal.readers.content import PAGE_TYPES, page_identity
from portal.readers.pictures import details_path

_NAMES = {
    "storie": ("Storie", "storia"),
    "agenda": ("Appuntamenti", "appuntamento"),
    "opportunita": ("Opportunità e corsi", "opportunità"),
    "luoghi": ("Luoghi", "luogo"),
    "bisogni": ("Bisogni", "bisogno"),
    "azioni": ("Azioni", "azione"),
    "rete": ("Organizzazioni", "organizzazione"),
    "campagne": ("Campagne", "campagna"),
    "newsletter": ("Newsletter", "numero"),
    "valutazione": ("Numeri e grafici", "numero"),
}
"""What editors call the files of a folder, and one of them; in the order they are worked on."""
_LIST_NAMES = {
    "campagne/beneficiari.yml": "Chi riceve i soldi",
    "progetto/cronologia.yml": "La storia del progetto, anno per anno",
}


@dataclass(frozen=True)
class FolderCollection:
    """The files of one type in one folder. New ones can be made."""

    name: str
    label: str
    singular: str
    ending: str
    value_type: type[Value]


@dataclass(frozen=True)
class EditedFile:
    """One file of a list of files."""

    name: str
    label: str
    path: str
    address: str
    """Where the site shows it, relative to its root."""


@dataclass(frozen=True)
class FileCollection:
    """Files that are there already, each with its own place in the site."""

    name: str
    label: str
    description: str
    files: tuple[EditedFile, ...]


@dataclass(frozen=True)
class Desk:
    """All that the editor shows: its collections, and what references can be chosen from, by folder."""

    folders: tuple[FolderCollection, ...]
    files: tuple[FileCollection, ...]
    options: Mapping[str, tuple[Option, ...]]


def folder_collections() -> tuple[FolderCollection, ...]:
    """The collections of files that share a type and a folder."""
    types: dict[str, type[Value]] = {**PAGE_TYPES, "valutazione": Indicator}
    return tuple(
        FolderCollection(
            folder, label, singular, ".yml" if folder == "valutazione" else ".md", types[folder]
        )
        for folder, (label, singular) in _NAMES.items()
    )


def read_desk(folder: EditableFolder) -> Desk:
    """The collections of the content as it is now."""
    paths = list(folder.walk())
    titles = {path: heading_of(folder, path) for path in paths if _has_text(path)}
    return Desk(
        folders=folder_collections(),
        files=tuple(one for one in _file_collections(paths, titles) if one.files),
        options=read_options(folder, titles),
    )


def _file_collections(
    paths: Sequence[str], titles: Mapping[str, Heading]
) -> Iterator[FileCollection]:
    yield FileCollection(
        "pagine",
        "Pagine",
        "Le pagine che il sito ha sempre.",
        tuple(_file(path, titles[path].title) for path in titles if _type_of(path) is Page),
    )
    yield FileCollection(
        "elenchi",
        "Elenchi",
        "Chi riceve i soldi, e la storia del progetto.",
        tuple(_file(path, _LIST_NAMES[path]) for path in LISTS if path in paths),
    )
    # Two formats of one photo share what is written beside it.
    details = {details_path(path): path for path in paths if is_picture(path)}
    yield FileCollection(
        "foto",
        "Foto: di chi sono",
        "Di chi è ogni foto, e se si riconosce qualcuno. Le foto nuove ci sono appena ricarichi la pagina.",
        tuple(_file(path, picture) for path, picture in details.items()),
    )
    for language in LANGUAGES.values():
        translated = (path for path in titles if path.partition("/")[0] == language.folder)
        yield FileCollection(
            f"lingua-{language.folder}",
            f"Traduzioni: {language.name}",
            "Il testo cambia qui; poi chi usa il terminale lancia «portal translated».",
            tuple(_file(path, _both_titles(path, titles)) for path in translated),
        )


def _file(path: str, label: str) -> EditedFile:
    """The file at *path*; its name is its path, made one word of an address."""
    name = path.rpartition(".")[0].replace("/", "--")
    return EditedFile(name, label, path, address_of(path))


def address_of(path: str) -> str:
    """Where the site shows the file at *path*, relative to its root; what is no page, on the page of its folder."""
    if not _has_text(path):
        return f"{path.partition('/')[0]}/"
    kind, slug = page_identity(path)
    if kind is Translation:
        language, _, original = path.partition("/")
        return f"{language}/{address_of(original)}"
    return kind.url_of(slug)


def _both_titles(path: str, titles: Mapping[str, Heading]) -> str:
    """The title of a translation, for somebody who may only know the Italian one."""
    original = titles.get(path.partition("/")[2])
    return f"{original.title}: {titles[path].title}" if original else titles[path].title


def _has_text(path: str) -> bool:
    shape = shape_of(path)
    return shape is not None and shape.has_text


def _type_of(path: str) -> type[Value] | None:
    shape = shape_of(path)
    return shape.value_type if shape else None
