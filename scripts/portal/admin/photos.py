"""The photos that pages show: to choose from, small; as they come, whole."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from portal.admin.folder import EditableFolder, Refused
from portal.admin.shapes import is_picture
from portal.readers.picture_files import picture_fault

_SHOWN_PIXELS = 480


class Photos:
    """The photos of one content folder, in the shape in which Decap asks for files."""

    def __init__(self, folder: EditableFolder) -> None:
        self.folder = folder
        self._small: dict[str, bytes] = {}

    def in_folder(self, folder: str) -> list[dict[str, str]]:
        """The photos directly in *folder* that open."""
        shown = []
        for path in filter(is_picture, self.folder.names(folder, "")):
            with suppress(Refused):
                shown.append(self.shown(path))
        return shown

    def shown(self, path: str) -> dict[str, str]:
        """A photo small enough to be chosen from many; the file itself stays where it is."""
        if not is_picture(path):
            raise Refused(f"«{path}» non è un'immagine di questo sito.")
        content = self.folder.read(path)
        if content is None:
            raise Refused(f"L'immagine «{path}» non c'è più.")
        identity = hashlib.sha256(content).hexdigest()
        if identity not in self._small:
            self._small[identity] = _small(content)
        return {
            "id": identity,
            "content": base64.b64encode(self._small[identity]).decode(),
            "encoding": "base64",
            "path": path,
            "name": path.rpartition("/")[2],
        }

    def received(self, asset: Mapping[str, Any]) -> tuple[str, bytes]:
        """A photo that was sent: where it goes, and its bytes. Refused where it is none, or another has its name."""
        path = str(asset["path"])
        if not is_picture(path):
            raise Refused(
                f"«{path}» non va bene per una foto. Il nome vuole minuscole, cifre e trattini, e in fondo "
                ".jpg, .png, .webp o .avif."
            )
        try:
            content = base64.b64decode(str(asset["content"]), validate=True)
        except binascii.Error as error:
            raise Refused(f"L'immagine «{path}» non è arrivata intera. Riprova.") from error
        if fault := picture_fault(content):
            raise Refused(f"L'immagine «{path}» {fault}.")
        if (there := self.folder.read(path)) is not None and there != content:
            raise Refused(f"C'è già un'altra foto che si chiama «{path}». Dalle un altro nome.")
        return path, content


def _small(content: bytes) -> bytes:
    """The picture as a small JPEG; nothing where the file is none."""
    from PIL import Image

    if picture_fault(content):
        return b""
    picture = Image.open(io.BytesIO(content))
    picture.thumbnail((_SHOWN_PIXELS, _SHOWN_PIXELS))
    small = io.BytesIO()
    picture.convert("RGB").save(small, "JPEG", quality=80)
    return small.getvalue()
