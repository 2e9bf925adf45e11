"""A document of the site as JSON: to be read by people too."""

from __future__ import annotations

import json
from typing import Any


def write_json(document: Any) -> bytes:
    """Write *document* as indented UTF-8 with a newline at the end."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
