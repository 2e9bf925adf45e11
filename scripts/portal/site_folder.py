"""The folder a site is written to, beside the one it will replace."""

from __future__ import annotations

import os
from pathlib import Path


class SiteFolder:
    """Writes files into *folder*; one that is the same *before* is linked, which costs next to nothing.

    The two folders share such a file only until the old one is removed.
    """

    def __init__(self, folder: Path, before: Path | None = None) -> None:
        self._folder = str(folder)
        self._before = str(before) if before else None
        self._made: set[str] = set()

    def write(self, path: str, content: bytes) -> None:
        """Put *content* at *path*, which nothing stands at yet."""
        target = os.path.join(self._folder, path)
        holder = os.path.dirname(target)
        if holder not in self._made:
            os.makedirs(holder, exist_ok=True)
            self._made.add(holder)
        if not self._linked(path, content, target):
            with open(target, "wb") as file:
                file.write(content)

    def paths(self) -> list[str]:
        """Every file there is by now, relative to the folder."""
        start = len(self._folder) + 1
        return [
            os.path.join(folder, name)[start:]
            for folder, _, names in os.walk(self._folder)
            for name in names
        ]

    def _linked(self, path: str, content: bytes, target: str) -> bool:
        if self._before is None:
            return False
        old = os.path.join(self._before, path)
        try:
            with open(old, "rb") as file:
                if file.read() != content:
                    return False
            os.link(old, target)
        except OSError:
            return False  # there is none, or this disk knows no links
        return True
