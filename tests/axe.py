"""axe-core in a page that is open: which of its rules are broken, and where first."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = Axe().axe_script
ONLY_FAULTS = {"resultTypes": ["violations"], "preload": False}
"""What passes is not described: on a long page that takes longer than finding it. And nothing is
fetched again: that is for pages that play sounds."""

RUN = "async ([part, options]) => (await axe.run(part ?? document, options)).violations"
SETTLED = "document.getAnimations().forEach((one) => one.cancel())"
"""Colours fade when the scheme changes: what is looked at is where they end."""


def faults_of(page: Page, part: str | None = None) -> dict[str, str]:
    """The beginning of the first element that breaks each rule, by rule; *part* is a selector."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(RULES)
    page.evaluate(SETTLED)
    found = page.evaluate(RUN, [part, ONLY_FAULTS])
    return {fault["id"]: fault["nodes"][0]["html"][:120] for fault in found}


def objections_to(page: Page) -> dict[str, list[str]]:
    """What is wrong with a page in each colour scheme, by address and scheme: rules, and scrolling sideways."""
    wrong = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = list(faults_of(page))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("scrolls sideways")
        if found:
            wrong[f"{page.url} {scheme}"] = found
    return wrong
