"""What every test may use: the example content."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent
ROOT = TESTS.parent

# How long an example takes says more about what else the machine does than about our code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example content that a test may break."""
    folder = tmp_path / "content"
    shutil.copytree(TESTS / "example_content", folder)
    return folder


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the real content, with its models."""
    folder = tmp_path / "real"
    shutil.copytree(TESTS.parent / "content", folder)
    return folder


MEMORY = Path("/dev/shm")
ENOUGH = 4 * 2**30
"""A run leaves about 600 MB behind, in bytes; until the next ones, which clear up what passed."""


def pytest_configure(config: pytest.Config) -> None:
    """Write what tests write in memory, where there is room: a quarter of the time was waiting for the disk."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: there is always somebody who waits for a server or a browser."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser: its files take longest, and whoever gets one last keeps the others waiting."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(3600))
    items.sort(key=lambda item: not item.path.is_relative_to(TESTS / "site"))
