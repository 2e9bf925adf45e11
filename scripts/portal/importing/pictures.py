"""The pictures of old posts: found in a folder or inside the export itself, never fetched from the network."""

from __future__ import annotations

import base64
import binascii
import io
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from PIL import Image

_ENDINGS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
_GPS = 0x8825
"""The Exif directory that says where a picture was taken."""


@dataclass(frozen=True)
class Picture:
    """A picture that came along. *source* is its file, or its bytes where the export held them."""

    source: Path | bytes
    ending: str
    says_where: bool


@dataclass(frozen=True)
class NoPicture:
    """Why a picture did not come along, in Italian."""

    reason: str


class Pictures:
    """The pictures in a folder and below it, found by name as the old site wrote it in its addresses."""

    def __init__(self, folder: Path | None) -> None:
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        for where, folders, names in os.walk(folder) if folder else ():
            folders.sort()
            for name in sorted(names):
                file = Path(where, name)
                if not file.is_symlink():
                    self._by_name[name.lower()].append(file)

    def find(self, *addresses: str | None) -> Picture | NoPicture:
        """The picture of the first of these *addresses* that is at hand."""
        given = [address for address in addresses if address]
        for address in given:
            if address.startswith("data:"):
                return _opened(_inside(address))
        for address in given:
            files = self._by_name.get(_name(address), [])
            if len(files) > 1:
                same = ", ".join(str(file) for file in files)
                return NoPicture(f"ci sono più file con questo nome: {same}")
            if files:
                return _opened(files[0])
        return NoPicture("non è nella cartella delle foto")


def _name(address: str) -> str:
    """The last part of the path, as file systems spell it; Blogger writes spaces as plus signs."""
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return unquote(path.rpartition("/")[2]).replace("+", " ").lower()


def _inside(address: str) -> bytes:
    head, _, data = address.partition(",")
    try:
        if head.endswith(";base64"):
            return base64.b64decode(data)
    except (binascii.Error, ValueError):
        return b""
    return unquote_to_bytes(data)


def _opened(source: Path | bytes) -> Picture | NoPicture:
    """Look at the beginning of the file only: that tells what it is, and a bomb has no time to go off."""
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
            ending = _ENDINGS.get(image.format or "")
            says_where = bool(image.getexif().get_ifd(_GPS))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return NoPicture("il file non è una foto, o è rovinato")
    if ending is None:
        return NoPicture("non è in un formato per il web: salvala come JPEG o PNG")
    return Picture(source, ending, says_where)
