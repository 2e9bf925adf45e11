"""Being asked to stop, by Ctrl-C or by whoever runs the service."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable


def when_interrupted(act: Callable[[], object]) -> None:
    """Call *act* once, the first time SIGINT or SIGTERM arrives. Only the main thread may say so.

    *act* runs in a thread of its own. A signal is handled between any two steps of the main
    thread, also while that one holds the lock of the very event it is waiting for: setting the
    event there waits for a lock that nobody gives back. The queue is one that a signal may
    interrupt (https://docs.python.org/3/library/queue.html#simplequeue-objects).
    """
    asked: queue.SimpleQueue[None] = queue.SimpleQueue()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.put(None))

    def wait() -> None:
        asked.get()
        act()

    threading.Thread(target=wait, name="interruption", daemon=True).start()
