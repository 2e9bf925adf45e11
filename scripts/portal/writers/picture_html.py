"""The pictures of a text as browsers want them: a choice of files, their size, whose they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin, urlsplit

if TYPE_CHECKING:
    from portal.writers.picture_variants import PictureVariants

_IMAGE = re.compile(r"(?P<alone><p>\s*)?<img\b(?P<attributes>[^>]*?)/?>(?P<end>\s*</p>)?")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SIZES = "(min-width: 48rem) 42rem, 100vw"
"""How wide a text is shown: the measure on a wide window, the window on a phone."""

Find = Callable[[str], "tuple[PictureVariants, str] | None"]


def with_pictures(html: str, page_url: str, find: Find, link: Callable[[str], str]) -> str:
    """The same HTML, each of our pictures in its variants; one that stands alone says whose it is.

    *find* gives the variants and the credit of the picture at a path, or nothing where
    it is none of ours. *link* makes a path an address as seen from the page.
    """

    def shown(match: re.Match[str]) -> str:
        attributes = {
            name: unescape(double or single)
            for name, double, single in _ATTRIBUTE.findall(match["attributes"])
        }
        path = _path(attributes.get("src", ""), page_url)
        found = find(path) if path else None
        if found is None:
            return match[0]
        variants, credit = found
        picture = _picture(variants, attributes.get("alt", ""), link)
        if match["alone"] and match["end"]:
            caption = f"<figcaption>{escape(credit)}</figcaption>"
            return f'<figure class="pt-picture">{picture}{caption}</figure>'
        return f"{match['alone'] or ''}{picture}{match['end'] or ''}"

    # Few texts hold a picture, and the pattern looks long at each paragraph.
    return _IMAGE.sub(shown, html) if "<img" in html else html


def _path(source: str, page_url: str) -> str | None:
    """The file a page's address of a picture leads to, from the root; nothing where it is on another site."""
    if urlsplit(source).scheme or source.startswith("//"):
        return None
    return unquote(urlsplit(urljoin(f"/{page_url}", source)).path).lstrip("/")


def _picture(variants: PictureVariants, alt: str, link: Callable[[str], str]) -> str:
    sources = "".join(
        f'<source type="{kind}" sizes="{_SIZES}" srcset="'
        + ", ".join(f"{quote(link(one.path))} {one.width}w" for one in files)
        + '">'
        for kind, files in variants.modern.items()
    )
    fallback = variants.fallback
    height = round(fallback.width * variants.height / variants.width)
    return (
        f'<picture>{sources}<img src="{quote(link(fallback.path))}" alt="{escape(alt)}" '
        f'width="{fallback.width}" height="{height}" loading="lazy" decoding="async"></picture>'
    )
