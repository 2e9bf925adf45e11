"""What is not to be seen yet, told from the file itself: a draft may still be full of mistakes.

Nothing of such a page reaches the site, and no mistake in it keeps the others
from being published.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

_DRAFT = frozenset({"draft", "bozza"})


def is_unpublished(front_matter: Mapping[str, Any], today: datetime.date) -> bool:
    """Whether a page with this front matter, as written, is a draft or waits for its day."""
    if str(front_matter.get("status", "")).strip().lower() in _DRAFT:
        return True
    try:
        return datetime.date.fromisoformat(str(front_matter.get("publish_from", ""))) > today
    except ValueError:
        return False
