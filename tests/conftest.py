"""What every test may use: the example content."""

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser: its files take longest, and whoever gets one last keeps the others waiting."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(3600))
    items.sort(key=lambda item: not item.path.is_relative_to(TESTS / "site"))
