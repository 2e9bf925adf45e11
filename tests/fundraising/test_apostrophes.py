"""One apostrophe: donors go from the site to the pages of the giving, and should not notice."""

from pathlib import Path

import pytest

GIVING = Path(__file__).parents[2] / "fundraising"


@pytest.mark.parametrize("kind", ["html", "py"])
def test_every_text_has_the_straight_apostrophe_of_the_site(kind):
    """Papers are typeset, and draw their own."""
    texts = list(GIVING.rglob(f"*.{kind}"))

    assert len(texts) > 20
    assert [
        path.name for path in texts if "\N{RIGHT SINGLE QUOTATION MARK}" in path.read_text()
    ] == []
