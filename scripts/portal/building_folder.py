"""The folder a site is made in, beside the one whose place it takes: `.building-site` for `site`.

It has one name for one site, so that two builds cannot be at it at once and what a
build has left that was killed is found by the next. Whose it is, the system tells by
a lock: it lets go of that of a process that has died.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from portal.site_folder import PlaceRefused

ASIDE = "old"
"""Where in it the site of before is put while the new one takes its place."""
_LOCK = "lock"


@contextmanager
def building_folder(out: Path, wait: Callable[[], None]) -> Iterator[Path]:
    """An empty folder to make the site for *out* in, on the same disk; it goes when the context ends.

    While another build has it, this one says so once with *wait*, and waits. A site that
    a dead build had put aside is back at *out*.
    """
    folder = out.with_name(f".building-{out.name}")
    lock = _locked(folder, wait)
    try:
        aside = folder / ASIDE
        if aside.is_dir() and not out.exists():
            aside.rename(out)
        _empty(folder)
        yield folder
    finally:
        _empty(folder)
        (folder / _LOCK).unlink(missing_ok=True)
        # Whoever waits may have it already.
        with suppress(OSError):
            folder.rmdir()
        lock.close()


def _locked(folder: Path, wait: Callable[[], None]) -> IO[bytes]:
    """The lock of *folder*, which is made where it is not there."""
    has_waited = False
    while True:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.is_symlink():
            raise PlaceRefused(
                f"{folder}: è un collegamento, e qui preparo il sito nuovo. Toglilo e riprova."
            )
        try:
            lock = (folder / _LOCK).open("wb")
        except FileNotFoundError:
            # Whoever had it has just cleared it away.
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not has_waited:
                wait()
                has_waited = True
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            # A disk that knows no locks; then nobody can be told from anybody.
            return lock
        if _is_at(lock, folder / _LOCK):
            return lock
        lock.close()


def _is_at(lock: IO[bytes], path: Path) -> bool:
    """Whether the open file is the one at *path*, and not one that was there."""
    try:
        return os.path.samestat(os.fstat(lock.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _empty(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        elif one.name != _LOCK:
            one.unlink()
