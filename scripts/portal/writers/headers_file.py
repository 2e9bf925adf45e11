"""The headers file: what a static host sends along with each file.

`_headers` is read by Netlify, Cloudflare Pages and others. They agree on its
shape and not on what happens where two rules give the same header: the first
takes the last rule, the second joins the values with a comma, and of two
policies the stricter then wins. So no header here comes from two rules: the
policy is given folder by folder, and the search page has its own.

Pages load nothing from elsewhere and run no inline script. The JSON-LD in them
asks for no exception: a script element whose type is no JavaScript is a block of
data, and HTML leaves it alone before it comes to the policy
(https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

SEARCH_FOLDER = "cerca"
GIVING_FOLDERS = ("campagne", "sostieni")
CHECKOUT = "https://checkout.stripe.com"
MOST_RULES = 100
"""What Cloudflare Pages reads; further rules it drops."""

Rule = tuple[str, tuple[str, ...]]

_EVERYWHERE = (
    "Cross-Origin-Opener-Policy: same-origin",
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy: same-origin",
    "Strict-Transport-Security: max-age=31536000",
    "X-Content-Type-Options: nosniff",
)
_MEDIA_TYPES = {
    "calendario.ics": "text/calendar; charset=utf-8",
    "evento.ics": "text/calendar; charset=utf-8",
    "feed.atom": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
    "feed.rss": "application/rss+xml; charset=utf-8",
}
_HASHED = re.compile(r"[.-][0-9a-f]{8,}\.[^/]+$")


def write_headers(paths: Iterable[str]) -> bytes:
    """Write `_headers` for a site of the files *paths*, relative to its root.

    Raises ValueError where there would be more rules than a host reads.
    """
    files = sorted(paths)
    rules = [("/*", _EVERYWHERE), *_policies(files), *_media_types(files), *_caches(files)]
    if len(rules) > MOST_RULES:
        raise ValueError(f"_headers would hold {len(rules)} rules, hosts read {MOST_RULES}")
    blocks = ("\n".join([path, *(f"  {header}" for header in headers)]) for path, headers in rules)
    return ("\n\n".join(blocks) + "\n").encode()


def content_security_policy(*, search: bool = False, giving: bool = False) -> str:
    """The policy of a page; where people *search*, the search engine's WebAssembly and worker are let in.

    Chrome holds `form-action` against redirects too, and the answer to the donation form is one
    to Stripe's checkout: without its host nobody could give. So a page for *giving* names it.
    """
    directives = (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",  # the icons of admonitions are drawn in the stylesheet
        "font-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'" if search else "script-src 'self'",
        "connect-src 'self'",
        *(("worker-src 'self'",) if search else ()),
        f"form-action 'self' {CHECKOUT}" if giving else "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(directives)


def _policies(files: Iterable[str]) -> Iterator[Rule]:
    """One rule for each page at the root and for each folder with pages, so that none has two."""
    pages = [path for path in files if path.endswith(".html")]
    for page in pages:
        if "/" not in page:
            yield f"/{page.removesuffix('index.html')}", (_policy_header(),)
    for folder in sorted({page.split("/")[0] for page in pages if "/" in page}):
        policy = _policy_header(search=folder == SEARCH_FOLDER, giving=folder in GIVING_FOLDERS)
        yield f"/{folder}/*", (policy,)


def _policy_header(*, search: bool = False, giving: bool = False) -> str:
    return f"Content-Security-Policy: {content_security_policy(search=search, giving=giving)}"


def _media_types(files: list[str]) -> Iterator[Rule]:
    """What feeds and calendars are, which hosts do not know; programs ask for them again and again."""
    for name, media_type in _MEDIA_TYPES.items():
        headers = ("Cache-Control: public, max-age=900", f"Content-Type: {media_type}")
        # A star has a slash on each side: the root's own file is not among them.
        if name in files:
            yield f"/{name}", headers
        if any(path.endswith(f"/{name}") for path in files):
            yield f"/*/{name}", headers


def _caches(files: list[str]) -> Iterator[Rule]:
    """A year for files whose name changes with what they hold; all others the host revalidates."""
    keep = ("Cache-Control: public, max-age=31536000, immutable",)
    hashed = [path for path in files if _HASHED.search(path)]
    folders = sorted({path.rpartition("/")[0] for path in hashed} - {""})
    whole = [
        folder
        for folder in folders
        if all(_HASHED.search(path) for path in files if path.startswith(f"{folder}/"))
    ]
    yield from ((f"/{folder}/*", keep) for folder in whole)
    for path in hashed:
        if not any(path.startswith(f"{folder}/") for folder in whole):
            yield f"/{path}", keep
