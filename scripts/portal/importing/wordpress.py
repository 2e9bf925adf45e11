"""A WordPress export (WXR) → entries."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from portal.importing.export_entry import Entry, EntryKind
from portal.importing.export_file import UnreadableExport, read_elements, text_of

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_WXR = re.compile(r"^\{http://wordpress\.org/export/\d\.\d/\}(\w+)$")
_CAPTION = re.compile(r"\[/?(?:wp_)?caption[^\]]*\]|\[/?embed[^\]]*\]")
_NO_DAY = "0000-00-00"
_KINDS = {"post": EntryKind.POST, "page": EntryKind.PAGE}


def read_wordpress(file: Path, site: str = "") -> Iterator[Entry]:
    """Every post and page of the export. Comments lie inside a post and are never looked at; *site* is not needed."""
    knows_wordpress = False
    for element in read_elements(file, "rss", ("item",)):
        fields = _wxr_fields(element)
        if "post_type" not in fields:
            continue
        knows_wordpress = True
        yield _entry(element, fields)
    if not knows_wordpress:
        raise UnreadableExport(
            f"{file.name}: è un feed RSS, ma non un'esportazione di WordPress. Serve il file "
            "scaricato da WordPress: Strumenti, Esporta, Tutti i contenuti."
        )


def _entry(element: etree._Element, fields: dict[str, str]) -> Entry:
    html = with_paragraphs(text_of(element, _CONTENT))
    status = fields.get("status", "publish")
    return Entry(
        kind=_KINDS.get(fields["post_type"], EntryKind.OTHER),
        title=" ".join(text_of(element, "title").split()),
        html=html,
        date=_day(fields.get("post_date", "")),
        address=text_of(element, "link") or None,
        labels=tuple(
            dict.fromkeys(
                (category.text or "").strip()
                for category in element.findall("category")
                if category.get("domain") in ("category", "post_tag")
                and (category.text or "").strip()
            )
        ),
        line=element.sourceline or 0,
        was_public=status == "publish" and not fields.get("post_password"),
        was_deleted=status in ("trash", "auto-draft"),
    )


def with_paragraphs(html: str) -> str:
    """The text with its paragraphs as HTML: before its block editor WordPress left them to the blank lines."""
    html = _CAPTION.sub("", html)
    if "<!-- wp:" in html:
        return html
    parts = re.split(r"(<pre\b.*?</pre>)", html.replace("\r\n", "\n"), flags=re.S | re.I)
    for number in range(0, len(parts), 2):
        apart = re.sub(r"\n[ \t]*\n\s*", "<p></p>", parts[number])
        parts[number] = re.sub(r"(?<!>)\n(?!<)", "<br>", apart)
    return "".join(parts)


def _wxr_fields(element: etree._Element) -> dict[str, str]:
    """What WordPress says of the item in its own namespace, whichever version of it."""
    return {
        name[1]: (child.text or "").strip()
        for child in element.iterchildren(tag=etree.Element)
        if (name := _WXR.match(str(child.tag)))
    }


def _day(moment: str) -> str | None:
    """`2016-05-12 10:30:00` → `2016-05-12`. WordPress writes zeros where there is no date."""
    day = moment.partition(" ")[0]
    try:
        return None if day == _NO_DAY else datetime.date.fromisoformat(day).isoformat()
    except ValueError:
        return None
