"""The content folder as the editor in the browser may touch it: named files inside it, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


class Refused(Exception):
    """What was asked is not done. Says why, in Italian, to the person at the form."""


class EditableFolder:
    """Reads and writes files under *root* by their relative path; follows no symbolic link, leads nowhere else."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def file(self, path: str) -> Path:
        """Where the file at *path* is, or would be. Refused where that is not inside the folder."""
        file = self.root / path
        if path.startswith("/") or "\0" in path or "\\" in path or ".." in Path(path).parts:
            raise Refused(f"«{path}» non è un file di questo sito.")
        if Path(os.path.realpath(file)) != file:
            raise Refused(f"«{path}» è un collegamento a un altro posto: da qui non si tocca.")
        return file

    def read(self, path: str) -> bytes | None:
        """The bytes of the file at *path*; nothing where there is none. Refused where it does not open."""
        file = self.file(path)
        try:
            return file.read_bytes() if file.is_file() else None
        except OSError as error:
            raise Refused(
                f"{path} non si apre: forse il tuo utente non lo può leggere. Guarda i permessi."
            ) from error

    def write(self, path: str, content: bytes) -> None:
        """Write a file so that no reader ever finds half of it."""
        file = self.file(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o644
        # In its own folder, so that it can be moved over the old one in one step; hidden, so that nobody reads it.
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as half:
            try:
                half.write(content)
                half.flush()
                os.fsync(half.fileno())
                os.chmod(half.name, mode)
                os.replace(half.name, file)
            except BaseException:
                os.unlink(half.name)
                raise

    def delete(self, path: str) -> None:
        """Delete the file at *path*, if it is there."""
        self.file(path).unlink(missing_ok=True)

    def names(self, folder: str, ending: str) -> list[str]:
        """The paths of the files directly in *folder* that end in *ending*, in order."""
        place = self.file(folder)
        if not place.is_dir():
            return []
        entries = sorted(place.iterdir())
        return [
            f"{folder}/{file.name}"
            for file in entries
            if file.name.endswith(ending) and file.is_file() and not file.is_symlink()
        ]

    def walk(self) -> Iterator[str]:
        """Every file's path, in order, without links and hidden folders."""
        for holder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = Path(holder).relative_to(self.root)
            plain = (name for name in sorted(names) if not (Path(holder) / name).is_symlink())
            yield from ((inside / name).as_posix() for name in plain)
