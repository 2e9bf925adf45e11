"""The headers: a strict policy on every page, and no header from two rules."""

import re

import pytest

from portal.writers.headers_file import write_headers

FILES = (
    "404.html",
    "_headers",
    "agenda/2018-11-30-festa/evento.ics",
    "agenda/2018-11-30-festa/index.html",
    "agenda/calendario.ics",
    "assets/portal.css",
    "assets/stylesheets/main.484c7ddc.min.css",
    "campagne/colazione/index.html",
    "cerca/index.html",
    "dati/rete.csv",
    "feed.rss",
    "index.html",
    "luoghi/index.html",
    "storie/feed.atom",
    "storie/feed.json",
    "storie/feed.rss",
    "sostieni/index.html",
    "storie/index.html",
)
STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def rules(files=FILES):
    """The file as a host reads it: pattern and headers, rule by rule."""
    found = []
    for line in write_headers(files).decode().splitlines():
        if line.startswith("/"):
            found.append((line, []))
        elif line:
            name, value = re.fullmatch(r"  ([\w-]+): (.+)", line).groups()
            found[-1][1].append((name, value))
    return found


def headers_of(path, files=FILES):
    """Every header that a host which joins rules would send with *path*."""
    return [
        header
        for pattern, headers in rules(files)
        if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), path)
        for header in headers
    ]


@pytest.mark.parametrize("path", ["/", "/404.html", "/storie/", "/agenda/2018-11-30-festa/"])
def test_page_lets_in_nothing_but_the_site(path):
    assert dict(headers_of(path))["Content-Security-Policy"] == STRICT


@pytest.mark.parametrize("path", ["/sostieni/", "/campagne/colazione/"])
def test_page_with_the_donation_form_may_lead_to_the_checkout(path):
    """To which the answer to the form sends on; no other page may."""
    policy = dict(headers_of(path))["Content-Security-Policy"].split("; ")

    assert set(policy) - set(STRICT.split("; ")) == {
        "form-action 'self' https://checkout.stripe.com"
    }


def test_search_page_alone_lets_the_search_engine_run():
    policy = dict(headers_of("/cerca/"))["Content-Security-Policy"].split("; ")

    assert set(policy) - set(STRICT.split("; ")) == {
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
    }
    assert write_headers(FILES).count(b"wasm-unsafe-eval") == 1


@pytest.mark.parametrize(
    "path", [f"/{path.removesuffix('index.html')}" for path in FILES if path != "_headers"]
)
def test_no_header_comes_from_two_rules(path):
    """Hosts differ in what they make of it: one would switch the search page off."""
    names = [name for name, _ in headers_of(path)]

    assert len(names) == len(set(names))
    assert {"X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"} <= set(names)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/feed.rss", "application/rss+xml; charset=utf-8"),
        ("/storie/feed.rss", "application/rss+xml; charset=utf-8"),
        ("/storie/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/storie/feed.json", "application/feed+json; charset=utf-8"),
        ("/agenda/calendario.ics", "text/calendar; charset=utf-8"),
        ("/agenda/2018-11-30-festa/evento.ics", "text/calendar; charset=utf-8"),
    ],
)
def test_feeds_and_calendars_say_what_they_are(path, media_type):
    """And are asked for again after a quarter of an hour."""
    headers = dict(headers_of(path))

    assert headers["Content-Type"] == media_type
    assert headers["Cache-Control"] == "public, max-age=900"


def test_only_what_is_named_after_its_content_is_kept_for_a_year():
    year = "public, max-age=31536000, immutable"

    assert dict(headers_of("/assets/stylesheets/main.484c7ddc.min.css"))["Cache-Control"] == year
    for path in ("/assets/portal.css", "/", "/dati/rete.csv"):
        assert "Cache-Control" not in dict(headers_of(path))


def test_folder_of_such_files_is_one_rule():
    """A card for every page would be more rules than a host reads."""
    cards = tuple(f"assets/cards/storia-{number:08x}.png" for number in range(300))

    patterns = [pattern for pattern, _ in rules(FILES + cards)]

    assert patterns.count("/assets/cards/*") == 1
    assert not any("storia-" in pattern for pattern in patterns)


def test_folder_with_one_other_file_is_not_kept_as_a_whole():
    files = (*FILES, "assets/cards/a.0123abcd.png", "assets/cards/latest.png")

    assert "Cache-Control" not in dict(headers_of("/assets/cards/latest.png", files))
    assert "immutable" in dict(headers_of("/assets/cards/a.0123abcd.png", files))["Cache-Control"]


def test_more_rules_than_a_host_reads_are_refused():
    with pytest.raises(ValueError, match="rules, hosts read 100"):
        write_headers((*FILES, *(f"cartella-{number}/index.html" for number in range(98))))


def test_order_of_the_files_does_not_matter():
    assert write_headers(FILES) == write_headers(reversed(FILES))
