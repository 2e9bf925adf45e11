"""The bundles: what a function, or one machine, needs from the lock, and no more.

Packages come from requirements.lock with their hashes, for Linux whatever this machine
is. A function's disk is read-only, so without bytecode each cold start would compile
everything again: bundles hold bytecode instead of sources, for the version of Python
that packs them. `template.yaml` has to name the same one.
"""

from __future__ import annotations

import argparse
import compileall
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
LOCK = PACKAGE.parent / "requirements.lock"
LARGEST_WEB_BYTES = 25_000_000

# Amazon Linux 2023 has glibc 2.34.
_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
_NOT_NEEDED = (
    "bin",
    "*.dist-info/RECORD",
    "**/*.pyi",
    "**/py.typed",
    "**/README.md",
    # Birthplaces: only the letters and digits of a fiscal code are ever looked at.
    "codicefiscale/data/*.json",
)
# What serves one machine, and the stand-in for Stripe with the types it checks against.
_NOT_FOR_FUNCTIONS = (
    "fundraising/cli.py", "fundraising/commands", "fundraising/deploy",
    "fundraising/entrypoints/server.py", "fundraising/sandbox", "stripe/params",
)  # fmt: skip


@dataclass(frozen=True)
class Bundle:
    """A folder to run from: packages of the lock, and what of them and of ours stays out.

    Every package is named, those that others need too; `requests` is not, because
    Stripe's SDK does without and our gateway tells it to.
    """

    name: str
    packages: tuple[str, ...]
    left_out: tuple[str, ...] = _NOT_FOR_FUNCTIONS


# Time zones come along: the system may have none.
_COMMON = (
    "aiosql", "jinja2", "markupsafe", "psycopg", "psycopg-binary", "stripe", "typing-extensions",
    "tzdata",
)  # fmt: skip
_PAGES = (
    "python-codicefiscale", "python-dateutil", "python-fsutil", "python-slugify", "six",
    "text-unidecode", "werkzeug",
)  # fmt: skip
_LETTERS = ("css-inline", "typst")
WEB = Bundle("web", (*_COMMON, *_PAGES, "apig-wsgi"))
WORKER = Bundle("worker", (*_COMMON, *_LETTERS, "apig-wsgi"))
MACHINE = Bundle(
    "machine", (*_COMMON, *_PAGES, *_LETTERS, "waitress"), left_out=("fundraising/deploy",)
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build both bundles and print their sizes; 1 when the web bundle is too large."""
    parser = argparse.ArgumentParser(
        prog="scripts/package",
        description="Prepara le due funzioni da mettere in linea con fundraising/deploy/template.yaml.",
    )
    parser.add_argument("--out", type=Path, default=Path("build/functions"), metavar="CARTELLA")
    parser.add_argument(
        "--campaigns",
        type=Path,
        default=Path("site/campaigns.json"),
        metavar="FILE",
        help="che cosa si può raccogliere, scritto da ./scripts/build (%(default)s)",
    )
    parser.add_argument(
        "--machine", type=Path, metavar="CARTELLA", help="prepara invece una macchina sola"
    )
    options = parser.parse_args(arguments)
    if options.machine:
        build(MACHINE, options.machine)
        print(f"{options.machine}: {size_of(options.machine) / 1e6:.1f} MB")
        return 0
    if not options.campaigns.is_file():
        print(f"Manca {options.campaigns}: prima ./scripts/build, oppure --campaigns FILE.")
        return 1
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    sizes = {}
    for bundle in (WEB, WORKER):
        folder = options.out / bundle.name
        build(bundle, folder)
        shutil.copy(options.campaigns, folder / "campaigns.json")
        sizes[bundle.name] = size_of(folder)
        print(f"{folder}: {sizes[bundle.name] / 1e6:.1f} MB, Python {python}", flush=True)
    if sizes["web"] > LARGEST_WEB_BYTES:
        print(f"La funzione web supera i {LARGEST_WEB_BYTES / 1e6:.0f} MB: partirebbe lenta.")
        return 1
    print(
        "Poi: sam deploy --guided --template-file fundraising/deploy/template.yaml "
        f"--parameter-overrides Python=python{python}"
    )
    return 0


def build(bundle: Bundle, folder: Path) -> None:
    """Fill a folder with everything a bundle needs. What was in it goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _install(locked(bundle), folder)
    shutil.copytree(
        PACKAGE, folder / "fundraising", ignore=shutil.ignore_patterns("__pycache__", "tests")
    )
    for pattern in (*_NOT_NEEDED, *bundle.left_out):
        for path in list(folder.glob(pattern)):
            _remove(path)
    _compile(folder)


def locked(bundle: Bundle) -> str:
    """Copy from the lock what a bundle needs, hashes included."""
    lock = read_lock(LOCK.read_text(encoding="utf-8"))
    missing = [name for name in bundle.packages if name not in lock]
    if missing:
        raise SystemExit(f"{LOCK.name} non ha {', '.join(missing)}: va aggiunto con le impronte.")
    return "".join(lock[name] for name in sorted(bundle.packages))


def read_lock(text: str) -> dict[str, str]:
    """Cut a lock into its entries, by name."""
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    return {
        re.split(r"[=\[]", entry, maxsplit=1)[0].lower().replace("_", "-"): entry
        for entry in entries
        if "==" in entry
    }


def size_of(folder: Path) -> int:
    """Add up the bytes of a folder's files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _install(requirements: str, folder: Path) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(requirements)
        file.flush()
        command = [
            sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
            "--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-compile",
            "--implementation", "cp", "--python-version",
            f"{sys.version_info.major}.{sys.version_info.minor}",
            "--target", str(folder), "--requirement", file.name,
        ]  # fmt: skip
        for platform in _PLATFORMS:
            command += ["--platform", platform]
        subprocess.run(command, check=True)


def _compile(folder: Path) -> None:
    """Put bytecode in the place of each source."""
    if not compileall.compile_dir(folder, quiet=1, legacy=True, stripdir=str(folder)):
        raise SystemExit(f"In {folder} c'è del codice che non si compila.")
    for source in list(folder.rglob("*.py")):
        source.unlink()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
