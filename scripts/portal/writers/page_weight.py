"""The weight of a page: what travels when somebody opens it for the first time, said on the page itself.

Counted as hosts send it, compressed, and rounded up: what the page names, not what
its scripts ask for later, when they are used.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

WEIGHT_MARK = "@@PESO@@"
"""Stands in a template for a number that is known once the page is made."""

_NAMED = re.compile(r'="[./]*(assets/[^"]+)"')
_ALREADY_SMALL = (".woff2", ".png")


def compressed_size(path: str, content: bytes) -> int:
    """How many bytes travel for the file at *path*."""
    return len(content) if path.endswith(_ALREADY_SMALL) else len(zlib.compress(content))


def with_weight(html: str, sizes: Mapping[str, int]) -> str:
    """*html* with its weight in kilobytes (1,000 bytes) for the mark; *sizes* are those of shared files, by path.

    The page itself is compressed in haste: a hundred bytes more or less are not seen.
    """
    if WEIGHT_MARK not in html:
        return html
    shared = sum(sizes.get(path, 0) for path in set(_NAMED.findall(html)))
    kilobytes = -(-(len(zlib.compress(html.encode(), 1)) + shared) // 1000)
    return html.replace(WEIGHT_MARK, str(kilobytes))
