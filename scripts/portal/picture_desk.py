"""The pictures of one build: drawn when a page shows them, or taken as an earlier build drew them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from portal.cache import Shelf
from portal.model.picture import Picture

if TYPE_CHECKING:
    from portal.writers.picture_variants import PictureVariants


class PictureDesk:
    """Finds a picture by its path in the content *folder*; *details* say whose each is."""

    def __init__(self, folder: Path, details: Mapping[str, Picture], shelf: Shelf) -> None:
        self._folder = folder
        self._details = details
        self._shelf = shelf
        self._drawn: dict[str, PictureVariants] = {}

    def has(self, path: str) -> bool:
        """Whether *path* is a picture of ours."""
        return path in self._details

    def find(self, path: str) -> tuple[PictureVariants, str] | None:
        """The variants and the credit of the picture at *path*; nothing where it is none of ours."""
        if not self.has(path):
            return None
        if path not in self._drawn:
            self._drawn[path] = self._variants(path)
        return self._drawn[path], self._details[path].credit

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the pictures that were shown, each once."""
        files = {one.path: one.content for drawn in self._drawn.values() for one in drawn.files}
        yield from sorted(files.items())

    def _variants(self, path: str) -> PictureVariants:
        # Pillow is not loaded for a site without pictures.
        from portal.writers.picture_variants import draw_variants

        original = (self._folder / path).read_bytes()
        key = f"{path} {hashlib.sha256(original).hexdigest()}"
        kept = self._shelf.take(key)
        if kept is None:
            drawn = draw_variants(original, path)
            self._shelf.put(key, _packed(drawn))
            return drawn
        return _unpacked(kept)


def _packed(drawn: PictureVariants) -> bytes:
    """The variants as bytes: what they are on the first line, then one after the other."""
    head = {
        "width": drawn.width,
        "height": drawn.height,
        "files": [
            (kind, one.path, one.width, len(one.content))
            for kind, files in (*drawn.modern.items(), ("", (drawn.fallback,)))
            for one in files
        ],
    }
    return json.dumps(head).encode() + b"\n" + b"".join(one.content for one in drawn.files)


def _unpacked(kept: bytes) -> PictureVariants:
    from portal.writers.picture_variants import PictureVariants, Variant

    first, _, rest = kept.partition(b"\n")
    head = json.loads(first)
    modern: dict[str, tuple[Variant, ...]] = {}
    start = 0
    for kind, path, width, size in head["files"]:
        variant = Variant(path, width, rest[start : start + size])
        start += size
        if kind:
            modern[kind] = (*modern.get(kind, ()), variant)
    return PictureVariants(head["width"], head["height"], modern, variant)
