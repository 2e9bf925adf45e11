"""What every test may use: the example content."""

import shutil
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example content that a test may break."""
    folder = tmp_path / "content"
    shutil.copytree(TESTS / "example_content", folder)
    return folder
