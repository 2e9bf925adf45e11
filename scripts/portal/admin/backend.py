"""What the editor in the browser asks of the content folder, and the answers.

The questions are those of Decap CMS's proxy backend, as the bundle in `vendor/`
puts them: https://decapcms.org/docs/decap-server/. One is our own, `fileName`.
Saving refuses what could not be read again, and what is not ours to touch. All
else that may be wrong with a page is saved, and shown by the preview as when a
file is saved by hand: half a page must not be lost for want of its other half.
"""

from __future__ import annotations

import datetime
import json
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from portal.admin.collections import folder_collections, read_desk
from portal.admin.configuration import configuration_of
from portal.admin.entries import TAB, VERSION, changed_text, new_text, to_entry, version_of
from portal.admin.folder import EditableFolder, Refused
from portal.admin.photos import Photos
from portal.admin.shapes import Shape, is_new_page_welcome, is_picture, shape_of
from portal.admin.yaml_edit import UneditableYaml
from portal.drafting import ID_PREFIXES, file_name, next_id
from portal.model.indicator import Indicator
from portal.model.picture import Picture
from portal.readers.content_folder import MOST_BYTES
from portal.readers.decoding import decoded
from portal.readers.document import read_data_text, read_page_text
from portal.readers.named_files import files_named_in
from portal.readers.pictures import details_path
from portal.readers.problem import Problem
from portal.readers.unpublished import is_unpublished

_AS_FAR_AS_KNOWN = re.compile(r"\d{4}-\d{2}(-\d{2})?")

Params = Mapping[str, Any]


class Backend:
    """Answers for one content folder. One save at a time, however many windows are open."""

    def __init__(
        self, content: Path, site_url: str, api: str, today: Callable[[], datetime.date]
    ) -> None:
        """*site_url* is where the preview of the pages is, *api* where these answers are asked for."""
        self.folder = EditableFolder(content)
        self.photos = Photos(self.folder)
        self.site_url = site_url
        self.api = api
        self.today = today
        self._saving = threading.Lock()
        # Decap goes on with the form it has after a save, and does not read the file again.
        self._saved: dict[tuple[str, str, str], str] = {}
        self._actions: dict[str, Callable[[Params], Any]] = {
            "info": self._info,
            "entriesByFolder": self._entries_by_folder,
            "entriesByFiles": self._entries_by_files,
            "getEntry": self._get_entry,
            "persistEntry": self._persist_entry,
            "getMedia": self._get_media,
            "getMediaFile": self._get_media_file,
            "persistMedia": self._persist_media,
            "deleteFile": self._delete_file,
            "deleteFiles": self._delete_files,
            "fileName": self._file_name,
        }

    def configuration(self) -> dict[str, Any]:
        """The editor's settings for the content as it is now."""
        return configuration_of(read_desk(self.folder), self.site_url, self.api, self.today())

    def answer(self, question: object) -> Any:
        """The answer to *question*. Refused where it is none, or where what it asks for is not done."""
        if not isinstance(question, dict) or not isinstance(question.get("params", {}), dict):
            raise Refused("La richiesta non si capisce.")
        action = self._actions.get(str(question.get("action")))
        if action is None:
            raise Refused(f"«{question.get('action')}» qui non si può fare.")
        try:
            return action(question.get("params", {}))
        except (KeyError, TypeError, AttributeError) as error:
            raise Refused("La richiesta non si capisce.") from error

    def _info(self, params: Params) -> Any:
        return {"repo": "content", "publish_modes": ["simple"], "type": "local_fs"}

    def _entries_by_folder(self, params: Params) -> Any:
        folder = str(params["folder"])
        wanted = {one.name: one for one in folder_collections()}.get(folder)
        if wanted is None:
            raise Refused(f"«{folder}» non è una cartella di questo sito.")
        return [
            self._listed(path)
            for path in self.folder.names(folder, wanted.ending)
            if (shape := shape_of(path)) and shape.value_type is wanted.value_type
        ]

    def _entries_by_files(self, params: Params) -> Any:
        return [self._listed(str(file["path"]), file.get("label")) for file in params["files"]]

    def _get_entry(self, params: Params) -> Any:
        return self._entry(str(params["path"]))

    def _listed(self, path: str, label: object = None) -> dict[str, Any]:
        """A file in a list. One that cannot be read is there by its name, so that the others can be."""
        try:
            return self._entry(path, label)
        except Refused:
            data = json.dumps({"title": f"{path}: non si legge, va corretto nel file"})
            return {"data": data, "file": {"path": path, "label": label, "id": None}}

    def _entry(self, path: str, label: object = None) -> dict[str, Any]:
        """A file as Decap asks for it. One that is not there has no data: a new one may have its name."""
        shape = _known(path)
        content = self.folder.read(path)
        if content is None:
            # Of a picture nothing may be known yet; its form is empty, not missing.
            data = json.dumps({VERSION: ""}) if shape.value_type is Picture else None
            return {"data": data, "file": {"path": path, "label": label, "id": None}}
        version = version_of(content)
        entry = {**to_entry(self._text(path, content, shape), shape), VERSION: version}
        data = json.dumps(entry, ensure_ascii=False)
        return {"data": data, "file": {"path": path, "label": label, "id": version}}

    def _text(self, path: str, content: bytes, shape: Shape) -> str:
        """A file's text, byte order mark and all. Refused where our own reader could not read it."""
        text = decoded(path, content)
        document = text
        if isinstance(text, str):
            document = (read_page_text if shape.has_text else read_data_text)(path, text)  # type: ignore[assignment]
        if isinstance(document, Problem):
            raise Refused(f"{document} Si corregge nel file.")
        return content.decode("utf-8")

    def _persist_entry(self, params: Params) -> Any:
        files = params.get("dataFiles") or [params["entry"]]
        with self._saving:
            # Everything is looked at before anything is written.
            written = [self._saved_bytes(str(file["path"]), str(file["raw"])) for file in files]
            pictures = [self.photos.received(asset) for asset in params.get("assets", ())]
            for path, content in pictures:
                self.folder.write(path, content)
            for file, (content, key) in zip(files, written, strict=True):
                if content != self.folder.read(file["path"]):
                    self.folder.write(file["path"], content)
                self._saved[key] = version_of(content)
        return {"message": "salvato"}

    def _saved_bytes(self, path: str, raw: str) -> tuple[bytes, tuple[str, str, str]]:
        """What the file at *path* is to hold, and from which form that comes."""
        shape = _known(path)
        try:
            received = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise Refused("La richiesta non si capisce.") from error
        if not isinstance(received, dict):
            raise Refused("La richiesta non si capisce.")
        now = self.folder.read(path)
        key = (path, str(received.get(VERSION, "")), str(received.get(TAB, "")))
        if now is None:
            text = self._first_text(path, received, shape)
        else:
            if version_of(now) != self._saved.get(key, key[1]):
                raise Refused(
                    f"{path} è cambiato mentre lo scrivevi: qualcun altro, o un altro programma, lo ha salvato. "
                    "Copia quello che hai scritto, ricarica la pagina e rimettilo."
                )
            try:
                text = changed_text(self._text(path, now, shape), received, shape)
            except UneditableYaml as error:
                raise Refused(
                    f"{path} è scritto in un modo che da qui rovineremmo. Cambialo con un editor di testo."
                ) from error
        try:
            content = text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise Refused("C'è un carattere che non si può salvare. Cancellalo.") from error
        if len(content) > MOST_BYTES:
            raise Refused("Il testo è troppo lungo per una pagina sola.")
        self._text(path, content, shape)
        return content, key

    def _first_text(self, path: str, received: Params, shape: Shape) -> str:
        if shape.value_type is Picture:
            return new_text(received, shape.value_type, has_text=False)
        if not is_new_page_welcome(path):
            raise Refused(f"Da qui non si crea «{path}».")
        values = dict(received)
        folder = path.partition("/")[0]
        if folder in ID_PREFIXES and not values.get("id"):
            values["id"] = next_id(self.folder.file(path).parent, self.today())
        return new_text(values, shape.value_type, has_text=shape.has_text)

    def _file_name(self, params: Params) -> Any:
        """The name that `portal new` would give to a page of this title."""
        folder, title = str(params["folder"]), str(params["title"])
        if folder not in {one.name for one in folder_collections()}:
            raise Refused(f"«{folder}» non è una cartella di questo sito.")
        date = str(params.get("date", ""))
        known = date if _AS_FAR_AS_KNOWN.fullmatch(date) else self.today().isoformat()
        return {"name": file_name(self.folder.file(folder), title, known)}

    def _get_media(self, params: Params) -> Any:
        return self.photos.in_folder(str(params["mediaFolder"]))

    def _get_media_file(self, params: Params) -> Any:
        return self.photos.shown(str(params["path"]))

    def _persist_media(self, params: Params) -> Any:
        path, content = self.photos.received(params["asset"])
        with self._saving:
            self.folder.write(path, content)
        return self.photos.shown(path)

    def _delete_file(self, params: Params) -> Any:
        return self._delete_files({"paths": [params["path"]]})

    def _delete_files(self, params: Params) -> Any:
        paths = [str(path) for path in params["paths"]]
        with self._saving:
            for path in paths:
                self._check_nobody_misses(path)
            for path in paths:
                self.folder.delete(path)
                if is_picture(path):
                    self.folder.delete(details_path(path))
        return {"message": "cancellato"}

    def _check_nobody_misses(self, path: str) -> None:
        """Refuse to delete what readers may have an address of, or a page shows."""
        if is_picture(path):
            showing = next((page for page in self._pages() if path in self._named_in(page)), None)
            if showing:
                raise Refused(
                    f"La pagina {showing} mostra ancora questa foto. Toglila da lì, prima."
                )
            return
        shape = _known(path)
        content = self.folder.read(path)
        if content is None or not is_new_page_welcome(path) or shape.value_type is Indicator:
            raise Refused(f"«{path}» da qui non si cancella.")
        document = read_page_text(path, self._text(path, content, shape))
        front_matter = document.data if not isinstance(document, Problem) else None
        if not isinstance(front_matter, dict) or not is_unpublished(front_matter, self.today()):
            raise Refused(
                "Una pagina pubblicata non si cancella da qui: chi ha il suo link non la troverebbe più. "
                "La guida dice come si fa, in «Cambiare il nome a una pagina»."
            )

    def _pages(self) -> list[str]:
        return [path for path in self.folder.walk() if (one := shape_of(path)) and one.has_text]

    def _named_in(self, page: str) -> set[str]:
        text = decoded(page, self.folder.read(page) or b"")
        return files_named_in(text, page) if isinstance(text, str) else set()


def _known(path: str) -> Shape:
    """What the file at *path* holds. Refused where no form is for it."""
    shape = shape_of(path)
    if shape is None:
        raise Refused(
            f"«{path}» non va bene per il nome di una pagina: servono minuscole, cifre e trattini."
        )
    return shape
