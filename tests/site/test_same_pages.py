"""The same content gives the same pages on the same day: in another folder, on another machine, with another engine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("content", "theme", "scripts", "mkdocs.yml", "pyproject.toml")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory) -> Path:
    """A copy of the project in another folder, without anything an earlier build has left."""
    folder = tmp_path_factory.mktemp("elsewhere") / "un altro posto"
    folder.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a built site, by its path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def differences(one: Path, other: Path) -> list[str]:
    """The paths that only one of two sites has, or whose bytes differ."""
    first, second = files_of(one), files_of(other)
    return sorted(path for path in first | second if first.get(path) != second.get(path))


def run(folder: Path, *arguments: str, **environment: str) -> None:
    """Run a module of the project in *folder*, with its own code."""
    result = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "scripts"), **environment},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.slow
def test_two_builds_from_different_folders_are_identical(built_site, elsewhere, tmp_path):
    """
    First with an empty cache, in another language and with other hashes; then with what that build left.
    """
    run(
        elsewhere,
        "portal.cli",
        "build",
        "--out",
        str(tmp_path / "cold"),
        LC_ALL="C",
        PYTHONHASHSEED="7",
    )
    run(elsewhere, "portal.cli", "build", "--out", str(tmp_path / "warm"))

    assert differences(built_site, tmp_path / "cold") == []
    assert differences(built_site, tmp_path / "warm") == []


def test_properdocs_gives_the_same_pages(built_site, elsewhere, tmp_path):
    """
    The engine that continues MkDocs reads the same settings, and lends its name to our hooks' imports.
    """
    out = tmp_path / "site"

    run(elsewhere, "properdocs", "build", "--strict", "-f", "mkdocs.yml", "-d", str(out))

    pages = [path for path in differences(built_site, out) if path.endswith(".html")]
    assert pages == []
