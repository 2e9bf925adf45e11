"""The published addresses: what people may have linked, printed or remembered, so that none is ever lost.

The list lies in the content folder, because pages and their addresses change
together there, in one commit, and because whoever reads the content reads it
too: the check, the preview and the build say the same.
"""

from __future__ import annotations

from portal.readers.content_folder import ContentFolder

ADDRESSES_FILE = "indirizzi-pubblicati.txt"


def read_addresses(content: ContentFolder) -> list[tuple[int, str]]:
    """Every address ever published with its line, relative to the site's root. No file: none yet.

    One that cannot be read is a problem of *content*, and not none.
    """
    is_there = (content.folder / ADDRESSES_FILE).exists()
    text = content.text(ADDRESSES_FILE) if is_there else None
    return [
        (number, line.strip().removeprefix("/"))
        for number, line in enumerate((text or "").splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
