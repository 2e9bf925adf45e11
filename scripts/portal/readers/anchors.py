"""Links to a place inside a page, as in `privacy.md#i-tuoi-diritti`: the place has to be there.

Which places there are is known only once the text is HTML, and that takes its time; so it is
asked of the pages that such links lead to, and of no others: hardly a page has such links.
What a template adds around a text is no place to link to; the engine would not find it either.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Iterable
from urllib.parse import unquote

from portal.readers.content_folder import ContentFolder
from portal.readers.marked_texts import MarkedTexts

_LINK = re.compile(r"\][(:]\s*<?(?P<page>[^)\s>#]*)#(?P<anchor>[^)\s>]+)")
"""[text](page#anchor), or [name]: page#anchor. Some only look like links: in code, for one."""

_MOST_NAMED = 4


def check_anchors(content: ContentFolder, pages: Iterable[str], texts: MarkedTexts) -> None:
    """Find the links of *pages*, which are paths, to a place that the page they lead to does not have."""
    for path in pages:
        found = _LINK.finditer(content.documents[path].body)
        for written in {match[0]: match for match in found}.values():
            page, anchor = written["page"], written["anchor"]
            linked = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(page)))
            linked = linked if page else path
            if not linked.endswith(".md") or linked not in content.documents:
                continue
            anchors = texts.at(linked).anchors
            if anchor not in anchors and f"{page}#{anchor}" in texts.at(path).links:
                fault = (
                    f"il link porta a «{page}#{anchor}», ma in quella pagina «#{anchor}» non c'è."
                )
                content.blame_words(path, written[0].strip(), f"{fault} {_advice(anchor, anchors)}")


def _advice(anchor: str, anchors: tuple[str, ...]) -> str:
    """Which of the *anchors* was meant, or which there are."""
    # Those of notes are made, and nobody writes them.
    named = [one for one in anchors if ":" not in one]
    if near := difflib.get_close_matches(anchor, named, n=1):
        return f"Forse volevi «#{near[0]}»."
    if not named:
        return f"Non ha titoletti a cui portare: togli «#{anchor}»."
    listed = ", ".join(f"«#{one}»" for one in named[:_MOST_NAMED])
    others = len(named) - _MOST_NAMED
    more = "" if others <= 0 else " e un altro" if others == 1 else f" e altri {others}"
    return f"Ci sono: {listed}{more}."
