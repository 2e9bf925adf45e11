"""Links that lead to other people's sites: which there are, and which of them no longer answer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.editorial.desk import Desk
from portal.editorial.finding import Finding, Rule
from portal.editorial.manuscript import Manuscript

_ADDRESS = re.compile(r"https?://[^\s\"'<>()\[\]{}«»`]++(?:\([^\s()]*+\)[^\s\"'<>()\[\]{}«»`]*+)?")


def outside_addresses(page: Manuscript) -> Iterator[tuple[int, str]]:
    """Every address of another site that *page* names, in its text or above it, with its line."""
    for number, line in enumerate(page.lines, start=1):
        if "://" in line:
            for match in _ADDRESS.finditer(line):
                yield number, match[0].rstrip(".,;:!?*_")


def _dead_links(page: Manuscript, desk: Desk) -> Iterator[Finding]:
    if not desk.dead_links:
        return
    for line, address in outside_addresses(page):
        if address in desk.dead_links:
            yield Finding(
                page.path,
                line,
                DEAD_LINKS.id,
                address,
                f"il link a {address} {desk.dead_links[address]}. Se la pagina è stata spostata scrivi il nuovo "
                "indirizzo; se è sparita, cercane una copia su web.archive.org.",
                f"https://web.archive.org/web/2020/{address}",
            )


DEAD_LINKS = Rule(
    "link-che-non-risponde",
    "Un link che non porta più da nessuna parte",
    "Una fonte che non si apre non è più una fonte. Un sito però può avere una brutta giornata: a parte chi "
    "dice «non c'è più», ne parliamo solo dopo tre giorni diversi, in una settimana almeno.",
    "La nostra regola: i link di altri non fermano mai il sito (portal check --links)",
    1,
    _dead_links,
)
RULES = (DEAD_LINKS,)
