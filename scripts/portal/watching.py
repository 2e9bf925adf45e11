"""Noticing that a file was saved: at once where the disk tells, by looking again and again where it does not."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

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

_SPENT = (
    "Il sistema non concede altre cartelle da tenere d'occhio: guardo io, più volte al secondo. Funziona "
    "lo stesso, con un po' più di lavoro per il computer.\nSu Linux il limite si alza così: "
    "sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512"
)


class Watcher:
    """Tells handlers what changes in their folders and files, by the means that work on this machine.

    A shared or a virtual disk may take a watch and never tell anything, and a system
    out of watches leaves folders out in silence; so once all are taken it is tried with a file of our own.
    """

    def __init__(
        self,
        say: Callable[[str], None],
        told: Callable[[], _WatchesFiles] | None = None,
    ) -> None:
        """*told* makes the observer that the system tells; *say* is given what a person can do about it."""
        self._say = say
        self._told: Callable[[], _WatchesFiles] = told or TellingObserver
        self._wanted: list[tuple[FileSystemEventHandler, str]] = []
        self._observer: _WatchesFiles | None = None

    @property
    def is_told(self) -> bool:
        """Whether it is the system that tells."""
        return self._observer is not None and not isinstance(self._observer, LookingObserver)

    def schedule(
        self, handler: FileSystemEventHandler, path: str, *, recursive: bool = True
    ) -> None:
        """Let *handler* hear, from the start on, of the file at *path* or all that is in the folder."""
        self._wanted.append((handler, os.path.abspath(path)))

    def start(self) -> None:
        """Begin to watch. Once begun, it goes on."""
        if self._observer is not None:
            return
        try:
            self._observer = self._started(self._told)
            if all(map(self._is_told, self._folder_of_each_disk())):
                return
        except OSError as fault:
            if fault.errno not in (errno.ENOSPC, errno.EMFILE):
                raise
            self._say(_SPENT)
        self.stop()
        self._observer = self._started(lambda: LookingObserver(timeout=_LOOK_SECONDS))

    def stop(self) -> None:
        """Watch no more."""
        if self._observer is not None:
            _stop(self._observer)

    def _started(self, make: Callable[[], _WatchesFiles]) -> _WatchesFiles:
        observer = make()
        try:
            for handler, path in self._wanted:
                observer.watch(handler, path)
            observer.start()
        except BaseException:
            _stop(observer)
            raise
        return observer

    def _folder_of_each_disk(self) -> Iterable[str]:
        folders = [
            path if os.path.isdir(path) else os.path.dirname(path) for _, path in self._wanted
        ]
        return {os.stat(folder).st_dev: folder for folder in folders}.values()

    def _is_told(self, folder: str) -> bool:
        noticed = threading.Event()
        handler = FileSystemEventHandler()
        handler.on_any_event = lambda event: noticed.set()  # type: ignore[method-assign]
        try:
            # Of names that a build in another window takes no notice of.
            tried = tempfile.TemporaryDirectory(prefix=".watch-", dir=folder)
        except OSError:
            return False
        with tried as place:
            # Another observer: one that watches a folder already needs no other watch for it.
            observer = self._told()
            try:
                observer.schedule(handler, place, recursive=True)
                observer.start()
                Path(place, ".saved").write_bytes(b"")
                return noticed.wait(_TELL_SECONDS)
            finally:
                _stop(observer)


def _stop(observer: BaseObserver) -> None:
    observer.stop()
    if observer.is_alive():
        observer.join()


class _WatchesFiles(BaseObserver):
    def watch(self, handler: FileSystemEventHandler, path: str) -> None:
        """Watch *path*, a folder or a single file."""
        holder = os.path.dirname(path)
        if os.path.isfile(path):
            # A file that is replaced takes a watch of its own with it: its folder stays.
            self.schedule(_Only(path, handler), holder, event_filter=CHANGES)
            return
        published = _Published(handler)
        watched = self.schedule(published, path, recursive=True, event_filter=CHANGES)

        def watch_again() -> None:
            with suppress(KeyError):
                self.unschedule(watched)
            # Gone once more: it will be told of again when it is back.
            with suppress(FileNotFoundError, NotADirectoryError):
                self.schedule(published, path, recursive=True, event_filter=CHANGES)
                published.dispatch(FileCreatedEvent(path))

        self.schedule(_Back(path, watch_again), holder, event_filter=CHANGES)


class TellingObserver(_WatchesFiles, Observer):  # type: ignore[misc, valid-type]  # which class it is depends on the system
    """The system's own observer, which hears of changes only."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[call-arg]  # it knows what emits its events


class LookingObserver(_WatchesFiles, PollingObserver):
    """The observer that looks again and again."""


class _Back(FileSystemEventHandler):
    """Notices that a folder is there once more: its own watch has gone with the one that was."""

    def __init__(self, folder: str, watch_again: Callable[[], None]) -> None:
        self._folder = folder
        self._watch_again = watch_again

    def dispatch(self, event: FileSystemEvent) -> None:
        """See whether *event* is about the folder, by the name it has now."""
        if event.event_type in ("created", "moved") and self._folder == (
            event.dest_path or event.src_path
        ):
            self._watch_again()


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
