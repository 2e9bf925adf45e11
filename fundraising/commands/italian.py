"""An argument parser that speaks Italian: argparse's own words are English."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any, NoReturn

Commands = Any  # argparse gives the class of its subparsers no public name.


def counted(number: int, one: str, many: str) -> str:
    """Write how many of something: «1 movimento», «2 movimenti»."""
    return f"{number} {one if number == 1 else many}"


def declare(commands: Commands, name: str, says: str, **options: Any) -> Any:
    """Declare a command; *says* stands in the list of commands and on top of its own help."""
    options.setdefault("description", f"{says[0].upper()}{says[1:]}.")
    return commands.add_parser(name, help=says, **options)


class ItalianParser(argparse.ArgumentParser):
    """A parser whose headings, usage line and refusals are Italian."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False, formatter_class=_ItalianFormatter)
        self._positionals.title = "argomenti"
        self._optionals.title = "opzioni"
        self.add_argument("-h", "--help", action="help", help="mostra questo aiuto ed esce")

    def error(self, message: str) -> NoReturn:
        """Say in Italian that the arguments are not right, with argparse's reason, and exit."""
        self.print_usage()
        reason = message
        for english, italian in _WORDS.items():
            reason = reason.replace(english, italian)
        self.exit(2, f"{self.prog}: {reason}\n")


class _ItalianFormatter(argparse.HelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: Any = None
    ) -> None:
        super().add_usage(usage, actions, groups, "uso: " if prefix is None else prefix)


_WORDS = {
    "the following arguments are required:": "manca",
    "unrecognized arguments:": "non capiamo",
    "expected one argument": "vuole un valore",
    "invalid choice:": "non c'è:",
    "choose from": "scegli fra",
    "invalid int value:": "vuole un numero intero, non",
    "invalid float value:": "vuole un numero, non",
    "argument ": "",
}
