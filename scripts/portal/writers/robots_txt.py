"""robots.txt: everything may be read, and the sitemap says what there is (RFC 9309)."""

from __future__ import annotations

from portal.writers.absolute_links import absolute_url


def write_robots(site_url: str, *, preview: bool = False) -> bytes:
    """Write robots.txt. Only the giving's own addresses are kept out: they are forms and answers, no pages.

    A *preview* may not be visited at all.
    """
    if preview:
        return b"User-agent: *\nDisallow: /\n"
    sitemap = absolute_url(site_url, "sitemap.xml")
    return f"User-agent: *\nDisallow: /api/\n\nSitemap: {sitemap}\n".encode()
