"""The pictures that pages show: each is there, has its words in the text, and its owner in a file beside it."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Iterator

from portal.model.picture import Picture
from portal.readers.content_folder import ContentFolder
from portal.readers.named_files import files_named_in
from portal.readers.picture_files import DRAWING, PUBLISHED, SHOWN, picture_fault

_SIGN = re.compile(rf"(?:{'|'.join(map(re.escape, SHOWN))})\b", re.IGNORECASE)
"""What a text holds that names a picture: most name none, and need no closer look."""

_SILENT = re.compile(r"!\[\s*\]\(\s*<?(?P<target>[^)\s>]+)")


def read_pictures(
    content: ContentFolder, unpublished: set[str], today: datetime.date
) -> dict[str, Picture]:
    """Whose each picture is that a published page shows, by the picture's path.

    Every picture that any page names is looked at; words, an owner and leave to be
    shown are asked for those that come out.
    """
    faults: dict[str, str | None] = {}
    found: dict[str, Picture] = {}
    for path, document in list(content.documents.items()):
        if not _SIGN.search(document.body):
            continue
        is_published = path not in unpublished
        for written in silent_pictures(document.body) if is_published else ():
            fault = "non ha parole per chi non vede. Scrivi: ![Che cosa si vede](…)"
            content.blame_words(path, written, f"«{written})» {fault}")
        for name in sorted(files_named_in(document.body, path)):
            if not name.lower().endswith(SHOWN):
                continue
            if name not in faults:
                faults[name] = _fault(content, name)
            if said := faults[name]:
                written = posixpath.relpath(name, posixpath.dirname(path) or ".")
                content.blame_words(
                    path, posixpath.basename(name), f"l'immagine «{written}» {said}."
                )
            is_ours = name.lower().endswith(PUBLISHED) and not name.startswith("..")
            if is_published and is_ours and name not in found and content.has(name):
                picture = _details(content, path, name, today)
                found |= {name: picture} if picture is not None else {}
    return found


def details_path(picture: str) -> str:
    """The file that says whose a picture is: `storie/img/orto.yml` for `storie/img/orto.jpg`."""
    return f"{posixpath.splitext(picture)[0]}.yml"


def silent_pictures(text: str) -> Iterator[str]:
    """Each picture, as it is written, that has no words for those who do not see it."""
    for match in _SILENT.finditer(text):
        if match["target"].lower().endswith(PUBLISHED):
            yield match[0]


def _fault(content: ContentFolder, name: str) -> str | None:
    try:
        raw = (content.folder / name).read_bytes()
    except (OSError, ValueError):
        return (
            f"non c'è: la cerco in {name}. Controlla il nome del file: anche le maiuscole contano"
        )
    if not raw:
        return "è vuota: la copia si è interrotta. Copiala di nuovo"
    if name.lower().endswith(DRAWING):
        return None if b"<svg" in raw else "non è un disegno SVG. Esportalo di nuovo"
    return picture_fault(raw)


def _details(
    content: ContentFolder, path: str, picture: str, today: datetime.date
) -> Picture | None:
    details = details_path(picture)
    if not content.has(details):
        content.blame_words(
            path,
            posixpath.basename(picture),
            f"dell'immagine {picture} non si sa di chi è. Crea {details} con due righe: "
            'credit: "Foto: di chi è, anno" e people: no (oppure sì, se si riconosce qualcuno).',
        )
        return None
    document = content.data(details)
    if document is None:
        return None
    found = content.value(Picture, document, document.data)
    if found is not None and (fault := found.consent_fault(today)):
        content.blame(
            details,
            ("people",),
            f"l'immagine {fault}: non si può mostrare. Toglila dalla pagina.",
        )
        return None
    return found
