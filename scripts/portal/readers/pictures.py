"""The pictures that pages show: each has its words in the text, and its owner in a file beside it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from portal.readers.named_files import files_named_in

RASTER = (".jpg", ".jpeg", ".png", ".webp", ".avif")
"""Pictures of which we publish variants, never the file itself."""

_SILENT = re.compile(r"!\[\s*\]\(\s*<?(?P<target>[^)\s>]+)")


def pictures_named_in(text: str, path: str) -> list[str]:
    """The pictures that the Markdown *text* of the page at *path* shows, relative to the content folder."""
    named = files_named_in(text, path)
    return sorted(one for one in named if one.lower().endswith(RASTER) and not one.startswith(".."))


def details_path(picture: str) -> str:
    """The file that says whose a picture is: `storie/img/orto.yml` for `storie/img/orto.jpg`."""
    return f"{posixpath.splitext(picture)[0]}.yml"


def silent_pictures(text: str) -> Iterator[str]:
    """Each picture, as it is written, that has no words for those who do not see it."""
    for match in _SILENT.finditer(text):
        if match["target"].lower().endswith(RASTER):
            yield match[0]
