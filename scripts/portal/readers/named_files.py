"""The files a text shows or links to: what lies in the content folder and nobody names is not published."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.readers.targets import file_of

_MARKDOWN = re.compile(
    r"\]\(\s*+(?:<(?P<framed>[^<>]*+)>|(?P<bare>[^()<>\n]*+(?:\([^()<>\n]*+\)[^()<>\n]*+)*+))"
)
"""[text](target), ![text](target "title"), and names with spaces in them"""
_TITLE = re.compile(r"""\s+(?:"[^"]*"|'[^']*')\s*$""")
_REFERENCE = re.compile(r"\[[^\[\]]+\]:\s*<?([^\s>]+)")
"""[name]: target"""
_HTML = re.compile(
    r"""\b(?:src|href)\s*=\s*(?:"([^"]+)"|'([^']+)'|([^\s"'<>{}]+))""", re.IGNORECASE
)
"""HTML in Markdown"""

_ELSEWHERE = re.compile(r"[a-zA-Z][\w+.-]*:|//|[#?]")
"""How what is no file of ours begins: another site, a place in this page."""


def files_named_in(text: str, path: str) -> set[str]:
    """Every file that the Markdown *text* of the page at *path* names, relative to the content folder."""
    return {file_of(path, target) for target in _targets(text) if not _ELSEWHERE.match(target)}


def _targets(text: str) -> Iterator[str]:
    # One after the other, and the slow ones only where their sign is: every text is searched.
    if "](" in text:
        for framed, bare in _MARKDOWN.findall(text):
            if target := framed.strip() or _TITLE.sub("", bare).strip():
                yield target
    if "]:" in text:
        yield from _REFERENCE.findall(text)
    if "<" in text or "{" in text:
        for ways in _HTML.findall(text):
            yield next(way for way in ways if way)
