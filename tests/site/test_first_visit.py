"""The first visit of each kind of page: what it fetches, weighs and leaves behind, under its own policy."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.site.built_pages import BuiltPage, one_of_each_kind, served_file
from tests.site.static_host import travelling_bytes

LOOK_AT_PICTURES = """
async () => {
    for (const picture of document.querySelectorAll("img")) {
        if (!picture.checkVisibility()) continue;
        picture.scrollIntoView({ block: "center", behavior: "instant" });
        await picture.decode();
    }
}
"""
"""Who reads a page to its end sees each picture, also those that are fetched only then."""

LEFT_BEHIND = """
async () => ({
    cookie: document.cookie,
    localStorage: localStorage.length,
    sessionStorage: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    serviceWorkers: (await navigator.serviceWorker.getRegistrations()).length,
})
"""


@dataclass(frozen=True)
class Visit:
    """What a browser did when it came to a page for the first time."""

    url: str
    asked: list[str]
    complaints: list[str]
    left_behind: dict[str, object]

    def sizes(self, folder: Path, *endings: str) -> int:
        """What the files with one of the *endings* weigh on their way, in bytes; without endings, all of them."""
        paths = {urlsplit(url).path for url in self.asked}
        return sum(
            len(travelling_bytes(served_file(folder, path)))
            for path in paths
            if not path.startswith("/api/") and (path.endswith(endings) or not endings)
        )


@pytest.fixture(scope="module")
def visits(browser, site_url, built_pages) -> list[Visit]:
    """A first visit to each kind of page, by somebody who also reads to the end and types something.

    And to every campaign, as each has pictures of its own.
    """
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    # One browser for all of them, as starting one is slow; without its cache each visit is a first one.
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    asked, complaints = listen(page)
    made = []
    campaigns = [page for page in built_pages if page.url.startswith("/campagne/")]
    for built in dict.fromkeys([*one_of_each_kind(built_pages), *campaigns]):
        asked.clear()
        complaints.clear()
        page.goto(site_url + built.url)
        page.evaluate(LOOK_AT_PICTURES)
        page.mouse.wheel(0, 100_000)
        if built.scripts:
            page.wait_for_load_state("networkidle")
        first = list(asked)
        # The icon of the tab comes whenever the browser has time for it, but it comes.
        first += {urljoin(page.url, icon) for icon in icons(built)} - set(asked)
        type_something(page)
        left_behind = page.evaluate(LEFT_BEHIND) | {"cookies": len(context.cookies())}
        made.append(Visit(built.url, first, list(complaints), left_behind))
        # What this page still asks for late is not the next one's.
        page.goto("about:blank")
    context.close()
    return made


def type_something(page: Page) -> None:
    """Fill in what there is to fill in, so that scripts which wait for it have their say."""
    for field in page.locator(
        "main input:is([type=text], [type=number], [type=search]):visible"
    ).all():
        field.fill("7")


def listen(page: Page) -> tuple[list[str], list[str]]:
    """The addresses a page asks for, and what the browser complains about, as they come."""
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return asked, complaints


def icons(page: BuiltPage) -> list[str]:
    """The icon of the tab."""
    return [link.get("href") for link in page.tree.iter("link") if link.get("rel") == "icon"]


def test_a_host_that_sends_our_headers_refuses_what_they_forbid(browser, site_url):
    """
    The pages below are quiet because they ask for nothing forbidden, not because nobody listens.
    """
    page = browser.new_page()
    _, complaints = listen(page)
    page.goto(site_url)

    page.evaluate(
        "document.body.append(Object.assign(new Image(), {src: 'https://example.org/a.png'}))"
    )
    page.evaluate("document.body.setAttribute('onclick', 'alert()')")
    page.wait_for_timeout(100)
    page.close()

    assert len(complaints) == 2
    assert all("Content Security Policy" in complaint for complaint in complaints)


def test_the_browser_has_nothing_to_complain_about(visits):
    """
    No violation of the policy, no error, no warning.
    """
    assert [(visit.url, visit.complaints) for visit in visits if visit.complaints] == []


def test_nothing_is_asked_of_another_host(visits, site_url):
    """
    Nobody else learns who reads about debts.
    """
    foreign = [
        (visit.url, url) for visit in visits for url in visit.asked if not url.startswith(site_url)
    ]

    assert foreign == []


def test_nothing_is_left_in_the_browser(visits):
    """
    No cookie, no storage, no service worker: on a shared phone the next person finds nothing.
    """
    kept = [(visit.url, visit.left_behind) for visit in visits if any(visit.left_behind.values())]

    assert kept == []


def test_a_page_weighs_at_most_60_kilobytes(visits, built_site):
    """
    All told: HTML, style, scripts, font, icon.
    """
    heavy = [(visit.url, size) for visit in visits if (size := visit.sizes(built_site)) > 60_000]

    assert heavy == []


def test_style_weighs_at_most_20_kilobytes_and_scripts_10(visits, built_site):
    """
    On each page; and eight requests are enough for all of it.
    """
    heavy = [
        (visit.url, style, scripts, len(visit.asked))
        for visit in visits
        if (style := visit.sizes(built_site, ".css")) > 20_000
        or (scripts := visit.sizes(built_site, ".js")) > 10_000
        or len(visit.asked) > 8
    ]

    assert heavy == []
