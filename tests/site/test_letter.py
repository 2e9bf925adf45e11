"""The newsletter's letter as a mail program shows it: narrow and wide, by day and by night, without pictures."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.axe import faults_of

NOT_OF_LETTERS = {"landmark-one-main", "region", "page-has-heading-one"}
"""Rules about whole pages: a letter lies inside the page of a mail program."""


@pytest.fixture(scope="module")
def letter(tmp_path_factory) -> Path:
    """The first issue, written as `portal newsletter` writes it."""
    folder = tmp_path_factory.mktemp("letter")
    command = [sys.executable, "-m", "portal.cli", "newsletter", "1", "--to", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "newsletter-1.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 640])
def test_letter_reads_well_in_every_window(browser, letter, width, scheme):
    """Nothing sticks out, axe finds nothing, and all of it is there without asking anybody for a picture."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=True
    )
    context.route("http*://**", lambda route: route.abort())
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(letter.as_uri())

    assert faults_of(page).keys() <= NOT_OF_LETTERS
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_role("heading", name="Si apre: prendete una sedia").is_visible()
    assert asked == [letter.as_uri()]
    context.close()


def test_letter_is_dark_where_the_reader_wants_it_dark(browser, letter):
    """By night the ground of the text is darker than the text."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(letter.as_uri())

    ground, ink = page.evaluate("""() => {
        const colour = (value) => value.match(/[\\d.]+/g).map(Number);
        const light = ([red, green, blue]) => red + green + blue;
        const text = [...document.querySelectorAll("p")].find((one) => one.checkVisibility());
        let box = text;
        while (colour(getComputedStyle(box).backgroundColor)[3] === 0) box = box.parentElement;
        return [getComputedStyle(box).backgroundColor, getComputedStyle(text).color].map(colour).map(light);
    }""")

    assert ground < 200 < ink
    context.close()
