"""The folder a site is written to, beside the one that is there already.

Only what has changed is written. In a preview the rest stays where it is: making two
folders and two links for every page would take a disk longer than all else of a rebuild.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.memory import Recent

_ALWAYS_IN_A_SITE = ("_headers", "campaigns.json", "sitemap.xml")
_SOURCES = ("content", "theme", "scripts", "fundraising", "tests", ".git")
_CHOOSE = "Scegli una cartella che non c'è ancora, una vuota o un sito fatto da questo comando."


class PlaceRefused(Exception):
    """There is something at the place for a site that a site must not replace. Says in Italian what."""


def place_for_site(out: Path, project: Path) -> Path:
    """Where a site for *out* goes: *out* itself, or what it is a link to, so that the link stays one.

    Whatever is there is replaced; so it has to be nothing, an empty folder or a site of
    ours, and no part of *project*. Raises PlaceRefused.
    """
    try:
        place, project = out.resolve(), project.resolve()
    except RuntimeError:
        # How Python before 3.13 says that a link leads to itself.
        raise PlaceRefused(f"{out}: è un collegamento che porta a sé stesso. {_CHOOSE}") from None
    if project.is_relative_to(place):
        fault = "lì c'è il progetto stesso, e il sito ne prenderebbe il posto"
    elif any(place.is_relative_to((project / name).resolve()) for name in _SOURCES):
        fault = "lì ci sono i file da cui nasce il sito"
    elif place.exists() and not place.is_dir():
        fault = "è un file, e il sito è una cartella"
    elif place.exists() and any(place.iterdir()) and not _is_site(place):
        fault = "lì ci sono altri file, che andrebbero persi"
    else:
        return place
    raise PlaceRefused(f"{out}: qui non costruisco il sito: {fault}. {_CHOOSE}")


def _is_site(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _ALWAYS_IN_A_SITE)


class SiteFolder:
    """Writes files into *folder*, but for those that are the same *before*: these are only noted.

    Where builds share what they *know* of files, one that was made from the same and
    that nobody has touched since need not be read again.
    """

    def __init__(
        self,
        folder: Path,
        before: Path | None = None,
        known: Recent[tuple[str, tuple[int, ...]]] | None = None,
    ) -> None:
        self._folder = str(folder)
        self._before = str(before) if before else None
        self._known = known
        self._made: set[str] = set()
        self.same: set[str] = set()
        """The files that can stay as they are, relative to the folder."""

    def stands(self, path: str, made_from: str | None) -> bool:
        """Whether at *path* is the file an earlier build has *made from* the same; then it stays."""
        if self._known is None or self._before is None or made_from is None:
            return False
        known = self._known.get(path)
        if known is None or known != (made_from, _on_disk(os.path.join(self._before, path))):
            return False
        self.same.add(path)
        return True

    def write(self, path: str, content: bytes, made_from: str | None = None) -> None:
        """Put *content*, which follows from what it was *made from*, at *path*."""
        if self._stands_already(path, content):
            self.same.add(path)
            written = os.path.join(self._before or "", path)
        else:
            written = os.path.join(self._folder, path)
            _make_folder(os.path.dirname(written), self._made)
            with open(written, "wb") as file:
                file.write(content)
        if self._known is not None and made_from is not None:
            self._known.put(path, (made_from, _on_disk(written)))

    def paths(self) -> list[str]:
        """Every file of the site by now, relative to the folder."""
        return [*files_below(self._folder), *self.same]

    def complete(self) -> None:
        """Copy the files that are the same, for who must see the whole site in one folder."""
        for path in self.same:
            target = os.path.join(self._folder, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(os.path.join(self._before or "", path), target)
        self.same.clear()

    def _stands_already(self, path: str, content: bytes) -> bool:
        if self._before is None:
            return False
        try:
            with open(os.path.join(self._before, path), "rb") as file:
                return file.read() == content
        except OSError:
            return False


def move_in(fresh: Path, out: Path, staying: Iterable[str]) -> None:
    """Make the site at *out* of the files in *fresh* and of those that are *staying*; all others go."""
    new = list(files_below(str(fresh)))
    for path in set(files_below(str(out))) - set(new) - set(staying):
        (out / path).unlink()
        _remove_empty((out / path).parent, out)
    for path in new:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (fresh / path).replace(out / path)


def bring_along(before: Path, fresh: Path, staying: Iterable[str]) -> None:
    """Give the site in *fresh* the files that are *staying* as they were in *before*."""
    made: set[str] = set()
    for path in staying:
        source, target = os.path.join(before, path), os.path.join(fresh, path)
        _make_folder(os.path.dirname(target), made)
        try:
            os.link(source, target)
        except OSError:
            # Not every disk can link; a copy is as good, and slower.
            shutil.copyfile(source, target)


def exchange(fresh: Path, out: Path, aside: Path) -> None:
    """Put the site in *fresh* at *out*, and the one that was there *aside*; or leave all as it was."""
    out.rename(aside)
    try:
        fresh.rename(out)
    except BaseException:
        # Whoever builds deletes what is aside: nothing may stop us before the site of before is back.
        if not out.exists():
            aside.rename(out)
        raise


def files_below(folder: str) -> Iterator[str]:
    """Every file in *folder*, however deep, relative to it."""
    start = len(folder) + 1
    for holder, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(holder, name)[start:]


def _on_disk(path: str) -> tuple[int, ...]:
    """Which file is at *path*; another once it is written again, the same when it is only moved. Nothing is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _make_folder(folder: str, made: set[str]) -> None:
    if folder not in made:
        os.makedirs(folder, exist_ok=True)
        made.add(folder)


def _remove_empty(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
