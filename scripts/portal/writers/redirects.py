"""Redirects: an old address, or a short one, leads to its page, on any host.

Twice, because hosts differ. A small page stands at the old address and sends
browsers on; it asks search engines to know the new address alone, and says in
any language where one is going. `_redirects` says the same to Netlify and
Cloudflare Pages. Cloudflare follows it before it looks for files; Netlify finds
the small page first, unless the rule ends in «!», which Cloudflare would not
understand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from portal.model.page import Page, file_at
from portal.model.site import Site
from portal.model.translation import Translation
from portal.writers.absolute_links import absolute_url

_PAGE = """\
<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta name="robots" content="noindex">
<link rel="icon" href="{root}assets/img/favicon.svg" type="image/svg+xml">
<link rel="canonical" href="{address}">
<meta http-equiv="refresh" content="0; url={link}">
</head>
<body>
<main>
<h1>{title}</h1>
<p><a href="{link}">{address}</a></p>
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Redirect:
    """An address where no page stands, and the page it leads to."""

    old: str
    page: Page


def redirect_list(site: Site) -> tuple[Redirect, ...]:
    """Every redirect of the site, by the address it starts from."""
    moved = (Redirect(old, page) for page in site.every_page() for old in page.old_urls)
    short = (Redirect(campaign.short_url, campaign) for campaign in site.campaigns)
    return tuple(sorted((*moved, *short), key=lambda redirect: redirect.old))


def write_redirects(site: Site, site_url: str) -> dict[str, bytes]:
    """Write a page for each such address, and `_redirects`; nothing where there is none."""
    redirects = redirect_list(site)
    if not redirects:
        return {}
    rules = "".join(rule for redirect in redirects for rule in _rules(redirect, site_url))
    pages = {file_at(redirect.old): _page(redirect, site_url) for redirect in redirects}
    return {**pages, "_redirects": rules.encode()}


def _rules(redirect: Redirect, site_url: str) -> Iterator[str]:
    """With and without the slash at the end: to Cloudflare they are two addresses."""
    root = urlsplit(site_url).path.rstrip("/")
    for old in dict.fromkeys((redirect.old, redirect.old.rstrip("/"))):
        yield f"{root}/{old} {root}/{redirect.page.url} 301\n"


def _page(redirect: Redirect, site_url: str) -> bytes:
    page = redirect.page
    root = "../" * file_at(redirect.old).count("/")
    spoken = page.spoken if isinstance(page, Translation) else None
    return _PAGE.format(
        language=spoken.code if spoken else "it",
        direction=spoken.direction if spoken else "ltr",
        title=escape(page.title),
        address=escape(absolute_url(site_url, page.url)),
        root=root,
        link=escape(root + page.url or "./"),
    ).encode()
