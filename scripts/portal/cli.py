"""The command `portal`: parses, and hands over to the command that was asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from portal.commands import checking, console, counting, publishing, telling, writing
from portal.commands.italian import Parser

FAMILIES = (writing, checking, publishing, telling, counting)
"""In the order `portal --help` lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 when all is well, 1 when something must be mended.

    130 when it was stopped with Ctrl+C: what a shell gives to a command that was.
    """
    parser = Parser(prog="portal", description="Il sito di #Oltreiperimetri.")
    commands = parser.add_subparsers(title="comandi", required=True, metavar="COMANDO")
    for family in FAMILIES:
        family.add_to(commands)
    given = parser.parse_args(arguments)
    try:
        code: int = given.run(given)
    except KeyboardInterrupt:
        return 130
    except Exception as fault:
        said = console.in_words(fault)
        if said is None:
            raise
        print(said, file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
