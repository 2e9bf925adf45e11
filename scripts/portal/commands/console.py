"""What all commands share: where things are, how problems are said, how the site is read."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from portal.commands.italian import Parser
from portal.environment import ROOT
from portal.today import NoSuchDay, build_day

if TYPE_CHECKING:
    from portal.model.site import Site

Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""What argparse adds commands to; it has no public name for it."""

CONTENT = ROOT / "content"
STATE = ROOT / ".portal"


def read_site(*, preview: bool = False) -> Site | None:
    """Read the content; where something must be mended first, say what, and give nothing."""
    from portal.readers.content import ContentReader

    reader = ContentReader(CONTENT, build_day(), preview=preview)
    site = reader.read()
    if site is None:
        print_problems(reader.pages_read, sorted(reader.problems))
    return site


def print_problems(pages_read: int, problems: Sequence[object]) -> None:
    """Say how many pages were read, and every problem on a line of its own."""
    print(f"{pages_read} pagine lette, {len(problems)} da correggere:", file=sys.stderr)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)


def in_words(fault: Exception) -> str | None:
    """A *fault* of the machine, the settings or a template in a line; nothing where it is one of our own."""
    if isinstance(fault, NoSuchDay):
        return str(fault)
    # Neither is imported for this: who has raised one of theirs has done so.
    mkdocs, jinja2 = sys.modules.get("mkdocs.exceptions"), sys.modules.get("jinja2")
    if mkdocs and isinstance(fault, mkdocs.ConfigurationError):
        return f"mkdocs.yml non va bene: {_one_line(fault)}"
    if jinja2 and isinstance(fault, jinja2.TemplateSyntaxError):
        where = f"{fault.filename or fault.name}, riga {fault.lineno}"
        return f"{where}: il modello non si legge: {_one_line(fault.message)}"
    if jinja2 and isinstance(fault, jinja2.TemplateError):
        return f"Un modello di theme/ non va bene: {_one_line(fault)}"
    # After those of templates: one that is not found is an OSError too.
    if isinstance(fault, FileExistsError | NotADirectoryError) and fault.filename is not None:
        path = Path(fault.filename)
        file = next((one for one in (path, *path.parents) if one.is_file()), path)
        return f"{file}: è un file, e qui ci vuole una cartella. Scegli un altro nome."
    if isinstance(fault, OSError) and fault.filename is not None:
        advice = "Controlla che ci sia, i permessi e lo spazio sul disco."
        return f"{fault.filename}: non riesco a usarlo ({fault.strerror}). {advice}"
    if isinstance(fault, OSError):
        return f"Il sistema si è rifiutato: {fault}."
    return None


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """Let whoever stops us with SIGTERM, as a scheduler or a shutdown does, find everything cleared up."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _one_line(text: object) -> str:
    return " ".join(str(text).split())


def shown(path: Path) -> str:
    """The path as an editor knows it: from the project's folder where it is inside."""
    path = path.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def site_url() -> str:
    """The public address of the site, as its settings say."""
    from mkdocs.config import load_config

    return str(load_config(str(ROOT / "mkdocs.yml")).site_url)
