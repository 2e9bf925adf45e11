"""What lies beside the pages of a content folder as data: towns, recipients, moments, figures, words, boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from portal.model.campaign import Recipient
from portal.model.indicator import Indicator
from portal.model.moment import Moment
from portal.model.page import Value
from portal.model.town import Boundary, Town
from portal.model.translation import LANGUAGES
from portal.model.words import Words
from portal.readers.boundaries import read_boundaries
from portal.readers.claims import claimed_twice
from portal.readers.content_folder import ContentFolder

TOWNS_FILE = "rete/comuni.yml"
RECIPIENTS_FILE = "campagne/beneficiari.yml"
MOMENTS_FILE = "progetto/cronologia.yml"
BOUNDARIES_FILE = "rete/confini.geojson"

ValueType = TypeVar("ValueType", bound=Value)


@dataclass(frozen=True)
class DataFiles:
    """What could be read of them, in the order of the files; `words` by language."""

    towns: tuple[Town, ...]
    recipients: tuple[Recipient, ...]
    moments: tuple[Moment, ...]
    indicators: tuple[Indicator, ...]
    words: dict[str, Words]
    boundaries: tuple[Boundary, ...]


def read_data_files(content: ContentFolder) -> DataFiles:
    """Read the data files of *content*, which gathers what is wrong with them."""
    return DataFiles(
        towns=_read_list(content, TOWNS_FILE, Town),
        recipients=_read_list(content, RECIPIENTS_FILE, Recipient),
        moments=_read_list(content, MOMENTS_FILE, Moment),
        indicators=_read_indicators(content),
        words=_read_words(content),
        boundaries=_read_boundaries(content),
    )


def _read_list(
    content: ContentFolder, path: str, value_type: type[ValueType]
) -> tuple[ValueType, ...]:
    document = content.data(path)
    if document is None:
        return ()
    if not isinstance(document.data, list):
        fault = "il file deve essere un elenco: ogni voce comincia con un trattino."
        content.blame(path, (), fault)
        return ()
    values = [
        content.value(value_type, document, item, at=(number,))
        for number, item in enumerate(document.data)
    ]
    return tuple(value for value in values if value is not None)


def _read_indicators(content: ContentFolder) -> tuple[Indicator, ...]:
    indicators: list[Indicator] = []
    for file in sorted((content.folder / "valutazione").glob("*.yml")):
        document = content.data(file.relative_to(content.folder).as_posix())
        if document is None:
            continue
        indicator = content.value(Indicator, document, document.data, id=file.stem)
        if indicator is not None:
            indicators.append(indicator)
    places = ((f"valutazione/{one.id}.yml", one.order) for one in indicators)
    for path, first, order in claimed_twice(places):
        content.blame(path, ("order",), f"order {order} è già di {first}: scegli un altro numero.")
    return tuple(indicators)


def _read_words(content: ContentFolder) -> dict[str, Words]:
    """The words of each language that has a folder."""
    words = {}
    for folder in LANGUAGES:
        if not (content.folder / folder).is_dir():
            continue
        document = content.data(f"{folder}/parole.yml")
        if document is None:
            continue
        found = content.value(Words, document, document.data)
        if found is not None:
            words[folder] = found
    return words


def _read_boundaries(content: ContentFolder) -> tuple[Boundary, ...]:
    outlines = content.text(BOUNDARIES_FILE) or "{}"
    boundaries, faults = read_boundaries(BOUNDARIES_FILE, outlines)
    content.problems.extend(faults)
    return boundaries
