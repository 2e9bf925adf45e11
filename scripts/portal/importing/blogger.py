"""A Blogger export → entries.

Blogger has had two shapes: the backup file, whose entries say their kind in a
category, and today's `feed.atom`, whose elements are in a namespace of its own.
The public feed of a blog is read as well, for those who lost the account.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from lxml import etree

from portal.importing.export_entry import Entry, EntryKind
from portal.importing.export_file import UnreadableExport, read_elements, text_of

_ATOM = "{http://www.w3.org/2005/Atom}"
_BLOGGER = "{http://schemas.google.com/blogger/2018}"
_KIND_SCHEME = "http://schemas.google.com/g/2005#kind"
_LABEL_SCHEMES = ("http://www.blogger.com/atom/ns#", "tag:blogger.com,1999:blog-")
_DRAFT = (
    "{http://purl.org/atom/app#}control/{http://purl.org/atom/app#}draft",
    "{http://www.w3.org/2007/app}control/{http://www.w3.org/2007/app}draft",
)
_REPLY = "{http://purl.org/syndication/thread/1.0}in-reply-to"
_POST_ID = re.compile(r"^tag:blogger\.com,1999:blog-\d+\.post-")
_MONTH_IN_PATH = re.compile(r"/(\d{4})/(0[1-9]|1[0-2])/")
_ROME = ZoneInfo("Europe/Rome")


def read_blogger(file: Path, site: str = "") -> Iterator[Entry]:
    """Every entry of the export. *site* is the old blog's address: today's exports leave it out."""
    knows_blogger = False
    for element in read_elements(file, f"{_ATOM}feed", (f"{_ATOM}entry",)):
        kind = _kind(element)
        if kind is None:
            continue
        knows_blogger = True
        yield _entry(element, kind, site)
    if not knows_blogger:
        raise UnreadableExport(
            f"{file.name}: è un file Atom, ma dentro non c'è niente di Blogger. Serve il file "
            "scaricato da Blogger: Impostazioni, Backup dei contenuti."
        )


def _kind(element: etree._Element) -> EntryKind | None:
    said = text_of(element, f"{_BLOGGER}type").lower()
    if not said:
        said = next(
            (
                category.get("term", "").rpartition("#")[2]
                for category in element.findall(f"{_ATOM}category")
                if category.get("scheme") == _KIND_SCHEME
            ),
            "",
        )
    if not said and _POST_ID.match(text_of(element, f"{_ATOM}id")):
        said = "post"
    if element.find(_REPLY) is not None:
        said = "comment"
    known = {"post": EntryKind.POST, "page": EntryKind.PAGE, "comment": EntryKind.COMMENT}
    return known.get(said, EntryKind.OTHER) if said else None


def _entry(element: etree._Element, kind: EntryKind, site: str) -> Entry:
    status = text_of(element, f"{_BLOGGER}status").upper()
    address = _address(element, site)
    return Entry(
        kind=kind,
        title=" ".join(text_of(element, f"{_ATOM}title").split()),
        html=text_of(element, f"{_ATOM}content") or text_of(element, f"{_ATOM}summary"),
        date=_date(element, address),
        address=address,
        labels=tuple(
            category.get("term", "").strip()
            for category in element.findall(f"{_ATOM}category")
            if category.get("scheme", "").startswith(_LABEL_SCHEMES)
            and category.get("term", "").strip()
        ),
        line=element.sourceline or 0,
        was_public=status in ("", "LIVE")
        and all(text_of(element, draft) != "yes" for draft in _DRAFT),
        was_deleted="TRASHED" in status or bool(text_of(element, f"{_BLOGGER}trashed")),
    )


def _address(element: etree._Element, site: str) -> str | None:
    for link in element.findall(f"{_ATOM}link"):
        if link.get("rel") == "alternate" and link.get("href"):
            return str(link.get("href"))
    path = text_of(element, f"{_BLOGGER}filename")
    return f"{site.rstrip('/')}{path}" if path else None


def _date(element: etree._Element, address: str | None) -> str | None:
    """The day it was published, as in Italy; without one, the month that Blogger put into the address."""
    try:
        moment = datetime.datetime.fromisoformat(text_of(element, f"{_ATOM}published"))
        return (moment.astimezone(_ROME) if moment.tzinfo else moment).date().isoformat()
    except (ValueError, OverflowError):
        month = _MONTH_IN_PATH.search(address or "")
        return f"{month[1]}-{month[2]}" if month else None
