"""What every command shares: the wired parts, progress on long work, files written."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fundraising.settings import Settings, read_settings

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising

_TELL_EVERY = 200
_YEAR = re.compile(r"[12][0-9]{3}")


class CannotWrite(Exception):
    """A file that cannot be written; the message is for the treasurer, in Italian."""


def visitor_settings() -> Settings:
    """Read the settings of a command that listens nowhere, so that a rehearsal stays as it is."""
    return read_settings(os.environ, rehearsal=True)


@contextmanager
def wired() -> Iterator[Fundraising]:
    """Wire the parts of this deployment and close them afterwards."""
    from fundraising.bootstrap import bootstrap

    parts = bootstrap(visitor_settings())
    try:
        yield parts
    finally:
        parts.close()


class Progress:
    """Says how far long work has come: on a terminal in one line, else now and then."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr.isatty()
        self._told = 0

    def tell(self, text: str, number: int) -> None:
        """Say *text* when it is worth it; *number* counts what is done."""
        if self._on_terminal:
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
        elif number - self._told >= _TELL_EVERY:
            print(text, file=sys.stderr, flush=True)
        else:
            return
        self._told = number

    def end(self) -> None:
        """Leave the line to what is printed next."""
        if self._on_terminal and self._told:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell a file that cannot be written from any other trouble. Raises CannotWrite."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(
            f"{path}: non si può scrivere ({error.strerror}). "
            "Scegli un'altra cartella, dove puoi scrivere."
        ) from error


def write_file(path: Path, content: bytes) -> None:
    """Write a file that may hold names: nobody else on this machine may read it."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
        path.chmod(0o600)
        path.write_bytes(content)


def write_out(path: Path | None, content: bytes, what: str) -> None:
    """Write content to a file and say so, or to the standard output and say nothing."""
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    write_file(path, content)
    print(f"{path}: {what}")


def day(text: str) -> date:
    """Read a day as an argument."""
    try:
        read = date.fromisoformat(text)
    except ValueError:
        read = None
    # The first and the last years have no moments before and after them.
    if read is None or not _YEAR.fullmatch(str(read.year)):
        raise argparse.ArgumentTypeError(
            f"la data «{text}» non si capisce. Scrivila così: 2026-12-31"
        )
    return read


def year(text: str) -> int:
    """Read a year as an argument."""
    if not _YEAR.fullmatch(text):
        raise argparse.ArgumentTypeError(f"l'anno «{text}» non si capisce. Scrivilo così: 2026")
    return int(text)


def whole_number(text: str, what: str, *, least: int, most: int) -> int:
    """Read a whole number between two others as an argument; *what* names it in the refusal."""
    try:
        read = int(text)
    except ValueError:
        read = least - 1
    if not least <= read <= most:
        raise argparse.ArgumentTypeError(
            f"{what} «{text}» non va bene. Scrivi un numero da {least} a {most}."
        )
    return read


def cents(text: str) -> int:
    """Read an amount in euros as an argument."""
    from fundraising.money import AmountRefused, parse_amount

    try:
        return parse_amount(text)
    except AmountRefused as error:
        raise argparse.ArgumentTypeError(str(error)) from None
