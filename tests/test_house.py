"""The house rules a machine can hold: what the whole tree must never contain, and how it is laid out."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TOP_LEVEL = {
    ".ci", ".env.example", ".github", ".gitignore", "LICENSE", "README.md", "content", "fundraising", "mkdocs.yml",
    "pyproject.toml", "requirements.lock", "scripts", "tests", "theme",
}  # fmt: skip
SECRET = re.compile(
    rb"sk_live_\w{8,}|rk_live_\w{8,}|whsec_[A-Za-z0-9]{24,}|-----BEGIN [A-Z ]*PRIVATE KEY"
)


def tracked_files() -> list[Path]:
    """Every file git keeps."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_the_top_level_is_the_one_the_readme_maps():
    """A new room needs a reason, and a line in the map."""
    assert {file.relative_to(ROOT).parts[0] for file in tracked_files()} == TOP_LEVEL


def test_no_secret_is_in_the_repository():
    """Keys live in the environment of a deployment."""
    assert [
        file for file in tracked_files() if file.is_file() and SECRET.search(file.read_bytes())
    ] == []


def test_the_lock_names_no_address():
    """It must install from whichever index the machine has."""
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def requirements() -> dict[str, list[Requirement]]:
    """What each part of the project says it needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = project["optional-dependencies"].items()
    return {part: [Requirement(line) for line in lines] for part, lines in parts}


def imported(folder: str) -> Iterator[str]:
    """The packages that the code in *folder* imports and that are neither Python's nor ours."""
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in {name.split(".")[0] for name in names}:
                if name not in (sys.stdlib_module_names | {"portal", "fundraising"}):
                    yield name


@pytest.mark.parametrize(
    ("folder", "parts"),
    [
        ("scripts/portal", {"site"}),
        ("fundraising", {"fundraising", "postgres", "server", "functions", "worker"}),
    ],
)
def test_each_part_says_itself_what_it_imports(folder, parts):
    """Not by luck, through what others need: those may stop needing it."""
    declared = {canonicalize_name(one.name) for part in parts for one in requirements()[part]}
    brought_by = packages_distributions()
    missing = {
        name
        for name in imported(folder)
        if not {canonicalize_name(one) for one in brought_by.get(name, [name])} & declared
    }

    assert missing == set()


def test_what_is_needed_is_needed_in_one_version_the_lock_has_too():
    """Whoever installs without the lock gets what was tried."""
    locked = set(re.findall(r"^([\w.-]+==\S+)", (ROOT / "requirements.lock").read_text(), re.M))
    named = {
        f"{canonicalize_name(one.name)}{one.specifier}"
        for part in requirements().values()
        for one in part
    }

    assert named - locked == set()


def test_the_code_reads_in_one_style():
    """ruff's word is final, so that nobody has to argue."""
    for command in (["check"], ["format", "--check"]):
        result = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--quiet", "."],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stdout


@pytest.mark.slow
def test_the_types_of_the_site_hold_strictly():
    """What may be nothing is looked at before it is used; those of the giving are tried with Stripe's."""
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "scripts/portal"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout
