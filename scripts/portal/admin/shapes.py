"""What of the content folder is edited in forms, and as what. Everything else is edited as text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from portal.model.campaign import Recipient
from portal.model.indicator import Indicator
from portal.model.moment import Moment
from portal.model.page import Page, Value
from portal.model.picture import Picture
from portal.readers.content import PAGE_TYPES, page_identity
from portal.readers.picture_files import PUBLISHED

LISTS: dict[str, type[Value]] = {
    "campagne/beneficiari.yml": Recipient,
    "progetto/cronologia.yml": Moment,
}
"""The YAML files that are a list of values."""

TEXT_ONLY = {
    "LEGGIMI.md": "la guida di chi scrive",
    "_guida/*": "le guide di chi scrive",
    "_modelli/*": "i modelli delle pagine nuove",
    "_redazione/*": "le parole del controllo: ognuno di quei file si spiega da sé",
    "*/parole.yml": "le parole della cornice in un'altra lingua: vanno tradotte tutte insieme",
    "cerca-sinonimi.yml": "i sinonimi della ricerca: una riga per gruppo di parole",
    "etichette.yml": "le etichette del vecchio blog: servono solo a chi importa",
    "indirizzi-pubblicati.txt": "lo scrive il portale",
    "rete/comuni.yml": "codici, abitanti e coordinate dei comuni: cambiano con un decreto",
    "rete/confini.geojson": "i confini dei comuni",
}
"""What no form is for, as patterns of file names, and why."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FILE = re.compile(r"(?P<folder>([^/]+/)*)(?P<name>[^/]+)\.(?P<ending>[a-z0-9]+)")
_PICTURE_NAME = re.compile(r"[a-z0-9][\w.-]*")


@dataclass(frozen=True)
class Shape:
    """What a file holds: a value or, where *is_list*, many; below it a text, where *has_text*."""

    value_type: type[Value]
    has_text: bool = False
    is_list: bool = False


def shape_of(path: str) -> Shape | None:
    """What the file at *path*, relative to the content folder, holds; nothing where no form is for it."""
    match = _FILE.fullmatch(path)
    if match is None:
        return None
    folders = [name for name in match["folder"].split("/") if name]
    if not all(_NAME.fullmatch(name) for name in folders):
        return None
    if match["ending"] == "md" and _NAME.fullmatch(match["name"]):
        return Shape(page_identity(path)[0], has_text=True)
    if match["ending"] != "yml":
        return None
    if path in LISTS:
        return Shape(LISTS[path], is_list=True)
    if folders == ["valutazione"] and _NAME.fullmatch(match["name"]):
        return Shape(Indicator)
    if folders[-1:] == ["img"] and _PICTURE_NAME.fullmatch(match["name"]):
        return Shape(Picture)
    return None


def is_picture(path: str) -> bool:
    """Whether *path* is where a page's picture lies: in a folder `img`, with the ending of one."""
    match = _FILE.fullmatch(path)
    return (
        match is not None
        and all(_NAME.fullmatch(name) for name in match["folder"].split("/") if name)
        and match["folder"].endswith("img/")
        and bool(_PICTURE_NAME.fullmatch(match["name"]))
        and f".{match['ending']}" in PUBLISHED
    )


def is_new_page_welcome(path: str) -> bool:
    """Whether a form may make a page at *path*: one of a type that has a folder, or an indicator."""
    shape = shape_of(path)
    if shape is None:
        return False
    if shape.value_type is Indicator:
        return True
    kind = shape.value_type
    return kind in PAGE_TYPES.values() and issubclass(kind, Page) and path.count("/") == 1
