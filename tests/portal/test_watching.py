"""A saved file is noticed, a file that was only read is not."""

import errno
import shutil
import threading
import time

import pytest
from watchdog.events import FileSystemEventHandler

from portal.watching import TellingObserver, Watcher


class Deaf(TellingObserver):
    """What a shared disk makes of an observer: it takes the watch, and never tells."""

    def schedule(self, handler, path, **options):
        return super().schedule(FileSystemEventHandler(), path, **options)


class Spent(TellingObserver):
    """An observer on a system that has no watch to grant any more."""

    def start(self):
        raise OSError(errno.ENOSPC, "inotify watch limit reached")


def spent_after(granted):
    """Makes observers until so many have been granted; the system has the last folders left out in silence."""
    made = []

    def make():
        made.append(TellingObserver() if len(made) < granted else Spent())
        return made[-1]

    return make


@pytest.fixture(params=[TellingObserver, Deaf], ids=["told", "looking"])
def noticed(request, tmp_path):
    """A folder with a file, watched; set as soon as something changes in it."""
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "storia.md").write_text("C'era una volta", encoding="utf-8")
    event, handler = threading.Event(), FileSystemEventHandler()
    handler.on_any_event = lambda change: None if change.is_directory else event.set()
    observer = Watcher(print, request.param)
    observer.schedule(handler, str(folder))
    observer.start()
    assert observer.is_told == (request.param is TellingObserver)
    event.folder = folder
    yield event
    observer.stop()


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
    observer = Watcher(print, request.param)
    observer.schedule(handler, str(file))
    observer.start()
    event.file = file
    yield event
    observer.stop()


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


@pytest.mark.parametrize("comes_back", ["copied", "moved"])
def test_a_whole_folder_that_comes_back_is_watched_again(noticed, tmp_path, comes_back):
    """Whoever takes another branch, or a copy from yesterday, has it deleted and made anew."""
    kept = tmp_path / "kept"
    shutil.copytree(noticed.folder, kept)
    for _ in range(2):
        noticed.clear()
        shutil.rmtree(noticed.folder)
        assert noticed.wait(5)
        time.sleep(0.6)
        noticed.clear()

        if comes_back == "copied":
            shutil.copytree(kept, noticed.folder)
        else:
            shutil.copytree(kept, tmp_path / "fresh").rename(noticed.folder)
        assert noticed.wait(5)
        time.sleep(0.6)
        noticed.clear()

        (noticed.folder / "storia.md").write_text("C'era ancora", encoding="utf-8")
        assert noticed.wait(5)


@pytest.fixture
def watcher(tmp_path):
    """A watcher of one folder, by the observers that it is given; what it says is in `said`."""
    started = []

    def started_with(told):
        said = []
        one = Watcher(said.append, told)
        one.schedule(FileSystemEventHandler(), str(tmp_path))
        one.start()
        one.said = said
        started.append(one)
        return one

    yield started_with
    for one in started:
        one.stop()


def test_a_disk_that_never_tells_is_looked_at(watcher):
    """Whatever the observer promised."""
    assert not watcher(Deaf).is_told
    assert watcher(TellingObserver).is_told


@pytest.mark.parametrize("granted", [0, 1])
def test_a_system_out_of_watches_is_looked_at_and_says_how_it_gets_more(watcher, granted):
    """Also where the watches were just enough, but for folders that nobody says were left out."""
    one = watcher(spent_after(granted))

    assert not one.is_told
    assert len(one.said) == 1
    assert "sudo sysctl fs.inotify.max_user_watches=" in one.said[0]


def test_trying_a_disk_leaves_nothing_and_is_no_change(noticed):
    """Another preview of the same content would build for it."""
    other = Watcher(print)
    other.schedule(FileSystemEventHandler(), str(noticed.folder))
    other.start()
    other.stop()

    assert [file.name for file in noticed.folder.iterdir()] == ["storia.md"]
    assert not noticed.wait(0.6)
