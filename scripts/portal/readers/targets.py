"""Where links and pictures of a text lead: told at a glance for nearly all texts, and by the engine for the rest."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote

_SIMPLE = re.compile(
    r"\]\((?P<target>[^()<>\s\[\]\\]*(?:\([^()<>\s\[\]\\]*\)[^()<>\s\[\]\\]*)*+)"
    r"(?: \"[^\"\n()<>]*\")?\)"
)
"""`](target)` and `](target "title")`, in which there is nothing that Markdown would read otherwise."""
_ODD = re.compile(
    r"<(?!https?://[\w.-]+[/?#>]|bdi>|/bdi>|br ?/?>)[a-zA-Z/!?]|(?<![*\\])\[(?!\^)[^\[\]]*\]:"
    r"|\{[^{}\n]*(?:src|href|poster|\bon)"
)
"""What may hold a target, or worse, and is no `](target)`: HTML, `[name]: target`, an attribute list."""


def is_plain(text: str, is_good: Callable[[str, bool], bool]) -> bool:
    """Whether all targets of the Markdown *text* can be told at a glance, and are good.

    *is_good* is asked of each, and told whether it may be that of a picture. Where the answer
    is no, only the engine can tell what the text holds; where it is yes, the engine finds no other.
    """
    if ("<" in text or "]:" in text or "{" in text) and _ODD.search(text):
        return False
    links, end = text.count("]("), 0
    if not links:
        return True
    for match in _SIMPLE.finditer(text):
        may_be_picture = text.rfind("![", end, match.start()) >= 0
        if not is_good(match["target"], may_be_picture):
            return False
        links, end = links - 1, match.end()
    return not links


def file_of(path: str, target: str) -> str:
    """The file that *target* names in the page at *path*, relative to the content folder, as the engine finds it."""
    name = unquote(re.split("[?#]", target, maxsplit=1)[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name).lstrip("/"))
