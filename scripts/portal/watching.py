"""Noticing that a file was saved: at once where the disk tells, by looking again and again where it does not."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from portal.editor_files import is_editors_own

CHANGES = [
    FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileDeletedEvent,
    DirCreatedEvent, DirMovedEvent, DirDeletedEvent,
]  # fmt: skip
"""What is a change. That a file was opened is none: a build opens all of them."""

_WHOLE_FOLDERS: dict[type[FileSystemEvent], type[FileSystemEvent]] = {
    DirMovedEvent: FileMovedEvent, DirDeletedEvent: FileDeletedEvent,
}  # fmt: skip
"""Of a folder that leaves, nobody hears what was in it; so it is told as if it were a file."""

_LOOK_SECONDS = 0.2
_TELL_SECONDS = 1.0


def observer_for(folder: Path, told: Callable[[], BaseObserver] | None = None) -> BaseObserver:
    """The observer for files on the disk of *folder*, not started yet.

    A shared or a virtual disk may take a watch and never tell anything; so it is
    tried with a file of our own. *told* makes the observer that the system tells.
    """
    observe = told or TellingObserver
    return observe() if _is_told(observe(), folder) else LookingObserver(timeout=_LOOK_SECONDS)


class _WatchesFiles(BaseObserver):
    def schedule(self, handler: FileSystemEventHandler, path: str, **options: Any) -> Any:
        """Watch *path*, a folder or a single file."""
        if os.path.isfile(path):
            # A file that is replaced takes a watch of its own with it: its folder stays.
            handler = _Only(path, handler)
            path, options = os.path.dirname(path), {**options, "recursive": False}
        else:
            handler = _Published(handler)
        return super().schedule(handler, path, **{"event_filter": CHANGES, **options})


class TellingObserver(_WatchesFiles, Observer):  # type: ignore[misc, valid-type]  # which class it is depends on the system
    """The system's own observer, which hears of changes only."""


class LookingObserver(_WatchesFiles, PollingObserver):
    """The observer that looks again and again."""


class _Only(FileSystemEventHandler):
    """Passes on what happens to one file of a folder."""

    def __init__(self, file: str, handler: FileSystemEventHandler) -> None:
        self._file = file
        self._handler = handler

    def dispatch(self, event: FileSystemEvent) -> None:
        """Hand *event* over if it is about the file, by the name it had or by the one it has now."""
        if self._file in (event.src_path, event.dest_path):
            self._handler.dispatch(event)


class _Published(FileSystemEventHandler):
    """Passes on what may change the site: not what an editor or a disk keeps beside a file while it is open."""

    def __init__(self, handler: FileSystemEventHandler) -> None:
        self._handler = handler

    def dispatch(self, event: FileSystemEvent) -> None:
        """Hand *event* over if one of its names is a file's own: many editors save by giving that name last."""
        paths = (os.fsdecode(path) for path in (event.src_path, event.dest_path) if path)
        if all(is_editors_own(os.path.basename(path)) for path in paths):
            return
        told = _WHOLE_FOLDERS.get(type(event))
        self._handler.dispatch(told(event.src_path, event.dest_path) if told else event)


def _is_told(observer: BaseObserver, folder: Path) -> bool:
    noticed = threading.Event()
    handler = FileSystemEventHandler()
    handler.on_any_event = lambda event: noticed.set()  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory(prefix=".watch-", dir=folder) as tried:
        try:
            observer.schedule(handler, tried, recursive=True)
            observer.start()
        except OSError:
            # Every watch a system grants may be taken.
            return False
        try:
            Path(tried, "saved").write_bytes(b"")
            return noticed.wait(_TELL_SECONDS)
        finally:
            observer.stop()
            observer.join()
