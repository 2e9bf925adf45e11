"""The preview from its first moment to its last, and what it leaves behind."""

import gzip
import os
import shutil
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.portal.desk import ROOT, Desk
from tests.portal.test_incremental import files_of


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path / "checkout", ROOT / "tests/example_content")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def waited_for(happened: Callable[[], object], seconds: float = 60) -> bool:
    """Whether it *happened* within so many seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.02)
    return False


def is_anyone_left(group: int) -> bool:
    """Whether a process of the *group* still runs."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def unfinished(folder: Path) -> list[Path]:
    """The pages of builds that are under way in *folder*."""
    return list(folder.glob(".building-*/site/storie/*/index.html"))


def test_what_is_saved_during_the_first_build_is_shown(desk, tmp_path):
    """It takes long enough to mend a sentence; and stopped, it leaves no process behind."""
    state, log = tmp_path / "state", tmp_path / "log"
    process = desk.start("serve", "--port", str(free_port()), "--state", str(state), printing=log)
    page = desk.folder / "content" / "sostieni.md"
    try:
        assert waited_for(lambda: unfinished(state))
        with page.open("a", encoding="utf-8") as file:
            file.write("\nUna frase in più.\n")
        shown = state / "site" / "sostieni" / "index.html"
        assert waited_for(lambda: shown.exists() and "Una frase in più" in shown.read_text()), (
            log.read_text()
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)

    assert process.returncode == 0
    assert log.read_text().endswith("A presto.\n")
    assert not is_anyone_left(process.pid)


@contextmanager
def served(desk: Desk, state: Path, log: Path) -> Iterator[tuple[int, str]]:
    """The number and the address of a preview that is ready, for as long as the context lasts."""
    port = free_port()
    process = desk.start("serve", "--port", str(port), "--state", str(state), printing=log)
    try:
        assert waited_for(lambda: "Il portale è qui" in log.read_text()), log.read_text()
        yield process.pid, f"http://127.0.0.1:{port}/"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
    assert not is_anyone_left(process.pid)


def words_searched(state: Path, url: str) -> str:
    """All that somebody who searches now could find, once their browser has asked for the index."""
    urllib.request.urlopen(f"{url}pagefind/pagefind.js").read()
    fragments = (state / "site" / "pagefind" / "fragment").iterdir()
    return "\n".join(gzip.decompress(file.read_bytes()).decode() for file in fragments)


def test_who_searches_finds_what_was_saved_and_nothing_that_has_gone(desk, tmp_path):
    """Else a result would lead to a page that is not there, and a new one would seem lost."""
    state = tmp_path / "state"
    page = desk.folder / "content" / "luoghi" / "casa-verde.md"
    before = page.read_text(encoding="utf-8")
    shown = state / "site" / "luoghi" / "casa-verde" / "index.html"
    with served(desk, state, tmp_path / "log") as (_, url):
        assert "zibaldone" not in words_searched(state, url)

        page.write_text(f"{before}\nUno zibaldone di rami.\n", encoding="utf-8")
        assert waited_for(lambda: "zibaldone" in shown.read_text())
        assert "zibaldone" in words_searched(state, url)

        page.write_text(before, encoding="utf-8")
        assert waited_for(lambda: "zibaldone" not in shown.read_text())
        assert "zibaldone" not in words_searched(state, url)


def test_content_that_was_taken_away_and_put_back_is_shown_again(desk, tmp_path):
    """As a whole, as whoever goes back to a copy of yesterday does it; and what is saved then, too."""
    content, state, log = desk.folder / "content", tmp_path / "state", tmp_path / "log"
    shown = state / "site" / "sostieni" / "index.html"
    shutil.copytree(content, tmp_path / "kept")
    with served(desk, state, log):
        shutil.rmtree(content)
        assert waited_for(lambda: log.read_text().count("\n") > 5), log.read_text()
        shutil.copytree(tmp_path / "kept", content)
        assert waited_for(lambda: log.read_text().count("pagine pronte") > 1), log.read_text()

        with (content / "sostieni.md").open("a", encoding="utf-8") as file:
            file.write("\nUna frase in più.\n")

        assert waited_for(lambda: "Una frase in più" in shown.read_text()), log.read_text()


def children(process: int) -> list[int]:
    """The processes that a process has started and that still run."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux who started whom")
def test_a_giving_that_dies_is_started_again_once(desk, tmp_path):
    """And both times somebody says so."""
    log = tmp_path / "log"
    with served(desk, tmp_path / "state", log) as (process, url):
        (giving,) = children(process)
        os.kill(giving, signal.SIGKILL)
        assert waited_for(
            lambda: "Le donazioni si sono fermate da sole: le riavvio." in log.read_text()
        )
        assert waited_for(lambda: is_answered(f"{url}api/healthz"))

        (giving,) = children(process)
        os.kill(giving, signal.SIGKILL)
        assert waited_for(lambda: "Le donazioni si sono fermate di nuovo" in log.read_text())
        assert is_answered(url)


def is_answered(url: str) -> bool:
    """Whether there is an answer, and a good one."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except OSError:
        return False
    return True


def test_a_second_preview_of_the_same_state_is_refused(desk, tmp_path):
    """Their sites and their gifts would mix; the line says where the first one is."""
    state, log, other_log = tmp_path / "state", tmp_path / "log", tmp_path / "other"
    with served(desk, state, log) as (_, url):
        other = desk.start(
            "serve", "--port", str(free_port()), "--state", str(state), printing=other_log
        )

        assert other.wait(timeout=30) == 1
        assert other_log.read_text().startswith(
            f"In {state} tiene già i suoi dati un'altra anteprima: {url}\n"
        )
    with served(desk, state, log):
        pass


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_preview_stopped_during_its_first_build_leaves_nothing(desk, tmp_path, stop):
    """Neither half a site, nor a process, nor what Python prints."""
    state, log = tmp_path / "state", tmp_path / "log"
    process = desk.start("serve", "--port", str(free_port()), "--state", str(state), printing=log)
    assert waited_for(lambda: unfinished(state))

    process.send_signal(stop)

    assert process.wait(timeout=20) == 0
    assert log.read_text().strip() == "A presto."
    assert list(state.glob(".building-*")) == []
    assert not is_anyone_left(process.pid)


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_build_that_is_stopped_says_so_in_its_code_only(desk, tmp_path, stop, code):
    """As a shell expects, of Ctrl+C and of a shutdown; and half a site is no site."""
    log = tmp_path / "log"
    process = desk.start("build", "--out", str(tmp_path / "out" / "site"), printing=log)
    assert waited_for(lambda: unfinished(tmp_path / "out"))

    process.send_signal(stop)

    assert process.wait(timeout=20) == code
    assert log.read_text().strip() == ""
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_killed_build_left_goes_with_the_next(desk, tmp_path):
    """It could not clear up after itself, and nobody else knows what the folder is."""
    out = tmp_path / "out"
    process = desk.start("build", "--out", str(out / "site"), printing=tmp_path / "log")
    assert waited_for(lambda: unfinished(out))
    process.kill()
    process.wait()
    assert unfinished(out)

    desk.portal("build", "--out", str(out / "site"))

    assert [one.name for one in out.iterdir()] == ["site"]


def test_five_builds_of_one_site_go_one_after_the_other(desk, tmp_path):
    """Each says that it waits, and publishes all it has read."""
    out, logs = tmp_path / "out", [tmp_path / str(number) for number in range(5)]

    processes = [desk.start("build", "--out", str(out / "site"), printing=log) for log in logs]

    assert [process.wait(timeout=120) for process in processes] == [0] * 5
    said = sorted(log.read_text().splitlines()[0] for log in logs)
    assert said[0].endswith(f"pagine scritte in {out / 'site'}/.")
    waiting = f"Un altro comando sta costruendo {out / 'site'}/: aspetto che finisca."
    assert set(said[1:]) <= {waiting, said[0]}
    assert waiting in said
    assert [one.name for one in out.iterdir()] == ["site"]
    alone = desk.portal("build", "--out", str(tmp_path / "alone"))
    assert alone.splitlines()[0].split()[0] == said[0].split()[0]
    assert files_of(out / "site") == files_of(tmp_path / "alone")
