"""The folder a preview keeps its last build and the gifts of the rehearsal in: each preview its own."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StateInUse(Exception):
    """Another preview, at *url*, keeps its state in this folder."""

    def __init__(self, state: Path, url: str) -> None:
        self.state = state
        self.url = url
        super().__init__(f"{state}: {url}")


@contextmanager
def state_of_one(state: Path, url: str) -> Iterator[None]:
    """Keep *state* for the preview at *url* for as long as the context lasts. StateInUse where another has it.

    Two would mix their sites and their gifts. The system itself lets go of the
    lock of a process that has died, so a file that stayed behind keeps nobody out.
    """
    state.mkdir(parents=True, exist_ok=True)
    with (state / "preview.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StateInUse(state, lock.read().strip()) from None
        except OSError:
            # A disk that knows no locks cannot keep anybody out.
            pass
        lock.truncate(0)
        lock.write(f"{url}\n")
        lock.flush()
        yield
