"""A saved file is noticed, a file that was only read is not."""

import threading
import time

import pytest
from watchdog.events import FileSystemEventHandler

from portal.watching import LookingObserver, TellingObserver, observer_for


class Deaf(TellingObserver):
    """What a shared disk makes of an observer: it takes the watch, and never tells."""

    def schedule(self, handler, path, **options):
        return super().schedule(FileSystemEventHandler(), path, **options)


@pytest.fixture(params=[TellingObserver, Deaf], ids=["told", "looking"])
def noticed(request, tmp_path):
    """A folder with a file, watched; set as soon as something changes in it."""
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "storia.md").write_text("C'era una volta", encoding="utf-8")
    event, handler = threading.Event(), FileSystemEventHandler()
    handler.on_any_event = lambda change: None if change.is_directory else event.set()
    observer = observer_for(tmp_path, request.param)
    observer.schedule(handler, str(folder), recursive=True)
    observer.start()
    event.folder, event.observer = folder, observer
    yield event
    observer.stop()
    observer.join()


@pytest.mark.parametrize("change", ["write", "rename", "remove", "in a new folder"])
def test_every_change_is_noticed(noticed, change):
    """Editors write over a file, or write another and give it the name."""
    file = noticed.folder / "storia.md"

    if change == "write":
        file.write_text("C'era un'altra volta", encoding="utf-8")
    elif change == "rename":
        file.replace(noticed.folder / "favola.md")
    elif change == "remove":
        file.unlink()
    else:
        (noticed.folder / "img").mkdir()
        (noticed.folder / "img" / "torte.jpg").write_bytes(b"")

    assert noticed.wait(5)


def test_reading_is_no_change(noticed):
    """A build reads every file; it must not be the reason of the next one."""
    (noticed.folder / "storia.md").read_text(encoding="utf-8")

    assert not noticed.wait(0.6)


def test_a_folder_that_leaves_is_noticed(noticed, tmp_path):
    """A file manager's bin is a folder elsewhere; nobody is told of the files in it one by one."""
    (noticed.folder / "strumenti").mkdir()
    (noticed.folder / "strumenti" / "guida.md").write_text("Ecco", encoding="utf-8")
    assert noticed.wait(5)
    time.sleep(0.6)
    noticed.clear()

    (noticed.folder / "strumenti").rename(tmp_path / "cestino")

    assert noticed.wait(5)


def test_a_folder_that_comes_in_is_noticed(noticed, tmp_path):
    """With all that is in it, from whatever place."""
    (tmp_path / "cestino").mkdir()
    (tmp_path / "cestino" / "guida.md").write_text("Ecco", encoding="utf-8")

    (tmp_path / "cestino").rename(noticed.folder / "strumenti")

    assert noticed.wait(5)


def test_what_an_editor_keeps_while_a_file_is_open_is_no_change(noticed):
    """It is never published; but once it has the name of a file, the file has changed."""
    beside = [
        noticed.folder / name
        for name in (".storia.md.swp", "#storia.md#", "storia.md~", "storia.swp", "4913")
    ]
    for file in beside:
        file.write_text("C'era", encoding="utf-8")
    (noticed.folder / ".#storia.md").symlink_to("ada@orto.1234")
    assert not noticed.wait(0.8)

    for file in beside:
        file.replace(noticed.folder / "storia.md")
        assert noticed.wait(5)
        noticed.clear()


@pytest.fixture(params=[TellingObserver, Deaf], ids=["told", "looking"])
def settings_noticed(request, tmp_path):
    """One file of a folder, watched; set as soon as it changes."""
    file = tmp_path / "mkdocs.yml"
    file.write_text("site_name: Orto", encoding="utf-8")
    event, handler = threading.Event(), FileSystemEventHandler()
    handler.on_any_event = lambda change: event.set()
    observer = observer_for(tmp_path, request.param)
    observer.schedule(handler, str(file), recursive=True)
    observer.start()
    event.file = file
    yield event
    observer.stop()
    observer.join()


def test_one_file_is_watched_however_often_it_is_replaced(settings_noticed):
    """Editors write another file and give it the name."""
    for name in ("Orti", "Orti del Rhodense"):
        beside = settings_noticed.file.with_name(".mkdocs.yml.swp")
        beside.write_text(f"site_name: {name}", encoding="utf-8")
        beside.replace(settings_noticed.file)

        assert settings_noticed.wait(5)
        settings_noticed.clear()
    settings_noticed.file.write_text("site_name: Orto", encoding="utf-8")
    assert settings_noticed.wait(5)


def test_what_lies_beside_a_watched_file_is_not(settings_noticed):
    """What the preview prints may be kept in a file there; it must not be the reason of the next build."""
    log = settings_noticed.file.with_name("serve.log")
    log.write_text("38 pagine pronte\n", encoding="utf-8")
    log.replace(log.with_name("serve.log.1"))

    assert not settings_noticed.wait(0.6)


def test_a_disk_that_never_tells_is_looked_at(tmp_path):
    """Whatever the observer promised."""
    assert isinstance(observer_for(tmp_path, Deaf), LookingObserver)
    assert isinstance(observer_for(tmp_path), TellingObserver)
