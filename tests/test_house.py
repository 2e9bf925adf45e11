"""The house rules a machine can hold: what the whole tree must never contain, and how it is laid out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

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
