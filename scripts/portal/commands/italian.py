"""The parser of the command line, in the language of those who use it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

_REFUSALS = (
    (r"the following arguments are required: (.*)", r"manca: \1"),
    (r"unrecognized arguments: (.*)", r"non so che cosa vuol dire: \1"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 non può essere \2. Scegli fra: \3"),
    (r"argument (.*): expected (?:one|at least one) argument", r"dopo \1 ci vuole un valore"),
    (r"argument (.*): invalid int value: (.*)", r"\1 vuole un numero intero, non \2"),
    (r"argument (.*): (ci vuole .*)", r"\1: \2"),
)  # fmt: skip
"""What argparse says when it refuses, and how we say it. Anything else stays in its words."""


def whole_number(first: int, last: int) -> Callable[[str], int]:
    """What reads an option that is a whole number between *first* and *last*."""

    def read(text: str) -> int:
        if not first <= int(text) <= last:
            raise argparse.ArgumentTypeError(
                f"ci vuole un numero fra {first} e {last}, non {text!r}"
            )
        return int(text)

    # The name argparse prints for what is no number at all.
    read.__name__ = "int"
    return read


def folder(text: str) -> Path:
    """Read an option that is the folder to write in. It need not be there yet, but a file cannot become one."""
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"ci vuole una cartella, e {text!r} è un file")
    return path


def title(text: str) -> str:
    """Read the title of a page: some words, on one line."""
    words = " ".join(text.split())
    if not words:
        raise argparse.ArgumentTypeError(
            f"ci vuole qualche parola, fra virgolette, e qui c'è {text!r}"
        )
    return words


class Parser(argparse.ArgumentParser):
    """An argparse parser whose help and refusals can be read by an editor."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False)
        self._positionals.title, self._optionals.title = "che cosa scrivere", "opzioni"
        self.add_argument("-h", "--help", action="help", help="mostra questo aiuto")

    def format_usage(self) -> str:
        """The line that shows how the command is written."""
        return re.sub(r"\Ausage:", "Si scrive:", super().format_usage())

    def format_help(self) -> str:
        """All that can be said to the command."""
        return re.sub(r"\Ausage:", "Si scrive:", super().format_help())

    def error(self, message: str) -> NoReturn:
        """Say what is not right and how the command is written, and exit with 2."""
        for english, italian in _REFUSALS:
            message = re.sub(english, italian, message, flags=re.DOTALL)
        self.exit(2, f"{message}\n{self.format_usage()}Per saperne di più: {self.prog} --help\n")
