"""The giving beside the site that is served: a process of its own, as in production.

It is watched over for as long as it is wanted: who is writing about giving notices
that it has died by a page that no longer answers, and does not look for the reason there.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

START_SECONDS = 30
STOP_SECONDS = 10


class GivingProcess:
    """Runs *command*, with *settings* beside those of the environment, while the context lasts.

    It has started when *health_url* answers. Should it end by itself it is started again, once.
    """

    def __init__(
        self,
        command: Sequence[str],
        settings: Mapping[str, str],
        health_url: str,
        say: Callable[[str], None],
    ) -> None:
        self._command = command
        self._settings = settings
        self._health_url = health_url
        self._say = say
        self._is_wanted = threading.Lock()
        """Held by whoever starts or stops the process, so that none starts after the end."""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> GivingProcess:
        """Start it, and wait until it answers."""
        process = self._process = self._started()
        try:
            if self._answers(process):
                threading.Thread(target=self._look_after, args=(process,), daemon=True).start()
            else:
                self._say(
                    "Le donazioni non partono: il motivo è scritto qui sopra. Il sito funziona lo stesso."
                )
        except BaseException:
            # Stopped while it was waited for.
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it, whatever happened."""
        self._stop()

    def _stop(self) -> None:
        with self._is_wanted:
            process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command, env={**os.environ, **self._settings}, stdout=subprocess.DEVNULL
        )

    def _look_after(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        with self._is_wanted:
            if self._process is None:
                return
            self._say("Le donazioni si sono fermate da sole: le riavvio.")
            process = self._process = self._started()
        process.wait()
        if self._process is not None:
            self._say(
                "Le donazioni si sono fermate di nuovo: il motivo, se si sa, è scritto qui sopra. Il sito "
                "funziona lo stesso. Per riaverle ferma tutto con Ctrl+C e ricomincia."
            )

    def _answers(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                urllib.request.urlopen(self._health_url, timeout=2).close()
                return True
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.1)
        return False
