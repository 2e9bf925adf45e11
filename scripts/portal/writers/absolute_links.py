"""Absolute addresses for HTML that leaves the site: in a feed or a letter, «../» leads nowhere."""

from __future__ import annotations

import re
from urllib.parse import urljoin

# XML 1.0 §2.2: these may not appear, not even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def absolute_url(site_url: str, url: str) -> str:
    """The address of a page: `storie/x/` on `https://esempio.it/` is `https://esempio.it/storie/x/`."""
    return f"{site_url.rstrip('/')}/{url}"


def with_absolute_links(fragment: str, page_url: str) -> str:
    """The same HTML with every address absolute, read as from *page_url*.

    Characters XML has no way to write, which word processors leave behind, are dropped.
    """
    from lxml import html

    root = html.fragment_fromstring(without_control_characters(fragment), create_parent="div")
    root.make_links_absolute(page_url)
    for image in root.iterfind(".//*[@srcset]"):
        image.set("srcset", _absolute_candidates(image.get("srcset"), page_url))
    # Serialised with its parent, whose tags are then cut: lxml has no word for an element's inside.
    whole: str = html.tostring(root, encoding="unicode")
    return whole.removeprefix("<div>").removesuffix("</div>").strip()


def without_control_characters(text: str) -> str:
    """The text with every character dropped that XML 1.0 forbids."""
    return _NOT_XML.sub("", text)


def _absolute_candidates(srcset: str, page_url: str) -> str:
    """A `srcset` with every image address absolute; lxml leaves this attribute alone."""
    candidates = (candidate.split(maxsplit=1) for candidate in srcset.split(","))
    return ", ".join(" ".join([urljoin(page_url, address), *size]) for address, *size in candidates)
