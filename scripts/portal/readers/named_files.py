"""The files a text shows or links to: what lies in the content folder and nobody names is not published."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

_MARKDOWN = re.compile(r"\]\(\s*<?([^)\s>]+)")
"""[text](target), ![text](target "title")"""
_REFERENCE = re.compile(r"^\s*\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)
"""[name]: target"""
_HTML = re.compile(r"""\b(?:src|href)\s*=\s*["']([^"']+)""")
"""HTML in Markdown"""


def files_named_in(text: str, path: str) -> set[str]:
    """Every file that the Markdown *text* of the page at *path* names, relative to the content folder."""
    paths = (unquote(urlsplit(target).path) for target in _targets(text) if "://" not in target)
    return {
        posixpath.normpath(posixpath.join(posixpath.dirname(path), one)) for one in paths if one
    }


def _targets(text: str) -> Iterator[str]:
    # One after the other, and the slow ones only where their sign is: every text is searched.
    yield from _MARKDOWN.findall(text)
    if "]:" in text:
        yield from _REFERENCE.findall(text)
    if "src" in text or "href" in text:
        yield from _HTML.findall(text)
