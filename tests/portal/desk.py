"""An editor's desk for tests: a checkout of its own."""

import datetime
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TODAY = datetime.date(2026, 11, 22)


class Desk:
    """A checkout of one's own, and its commands as they are typed, on a day one chooses."""

    def __init__(self, folder: Path, content: Path = ROOT / "content") -> None:
        self.folder = folder
        shutil.copytree(content, folder / "content")
        shutil.copytree(ROOT / "content/_modelli", folder / "content/_modelli", dirs_exist_ok=True)
        shutil.copytree(ROOT / "scripts", folder / "scripts")
        (folder / "theme").symlink_to(ROOT / "theme")
        shutil.copy(ROOT / "mkdocs.yml", folder)

    def portal(
        self, *words: str, on: datetime.date = TODAY, may_end: tuple[int, ...] = (0,)
    ) -> str:
        """What `portal` prints. Fails where the command ends with another code than it *may*."""
        result = subprocess.run(
            self._command(words), **self._settings(on), capture_output=True, text=True
        )
        assert result.returncode in may_end, result.stdout + result.stderr
        return result.stdout + result.stderr

    def start(self, *words: str, printing: Path) -> subprocess.Popen[bytes]:
        """Start `portal` with a process group of its own; what it prints goes to a file."""
        with printing.open("wb") as printed:
            return subprocess.Popen(
                self._command(words),
                **self._settings(TODAY),
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Where the suite itself runs in the background, Ctrl+C is ignored, and that is inherited.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "portal.cli", *words]

    def _settings(self, on: datetime.date) -> dict[str, Any]:
        noon = datetime.datetime.combine(on, datetime.time(12), datetime.UTC)
        return {
            "cwd": self.folder,
            "env": {
                **os.environ,
                "PYTHONPATH": str(self.folder / "scripts"),
                "SOURCE_DATE_EPOCH": str(int(noon.timestamp())),
            },
        }

    def write(self, path: str, **fields: str) -> Path:
        """Fill in *fields* of the front matter of a page; an empty one takes its line away."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        for name, value in fields.items():
            line = f"{name}: {value}\n" if value else ""
            text, found = re.subn(rf"^(?:# )?{name}:.*\n", line, text, count=1, flags=re.MULTILINE)
            assert found, f"there is no line for {name}"
        file.write_text(text, encoding="utf-8")
        return file
