"""The published addresses: what people may have linked, printed or remembered, so that none is ever lost.

The list lies in the content folder, because pages and their addresses change
together there, in one commit, and because whoever reads the content reads it
too: the check, the preview and the build say the same.
"""

from __future__ import annotations

from pathlib import Path

ADDRESSES_FILE = "indirizzi-pubblicati.txt"


def read_addresses(content: Path) -> list[tuple[int, str]]:
    """Every address ever published with its line, relative to the site's root. No file: none yet."""
    file = content / ADDRESSES_FILE
    lines = file.read_text(encoding="utf-8-sig").splitlines() if file.exists() else []
    return [
        (number, line.strip().removeprefix("/"))
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    ]
