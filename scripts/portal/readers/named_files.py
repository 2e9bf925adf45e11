"""The files a text shows or links to: what lies in the content folder and nobody names is not published."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urlsplit

_TARGET = re.compile(
    r"""\]\(\s*<?(?P<markdown>[^)\s>]+)            # [text](target), ![text](target "title")
    |^\s*\[[^\]]+\]:\s*<?(?P<reference>[^\s>]+)   # [name]: target
    |\b(?:src|href)\s*=\s*["'](?P<html>[^"']+)     # HTML in Markdown
    """,
    re.MULTILINE | re.VERBOSE,
)


def files_named_in(text: str, path: str) -> set[str]:
    """Every file that the Markdown *text* of the page at *path* names, relative to the content folder."""
    targets = (next(filter(None, match.groups())) for match in _TARGET.finditer(text))
    paths = (unquote(urlsplit(target).path) for target in targets if "://" not in target)
    return {
        posixpath.normpath(posixpath.join(posixpath.dirname(path), one)) for one in paths if one
    }
