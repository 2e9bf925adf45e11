"""Letters about gifts and the newsletter: one sender to the eye, whoever writes them."""

import re
from datetime import date
from pathlib import Path

import pytest

from fundraising.letter_facts import SignInFacts
from fundraising.letters import LETTER_TEMPLATES, Attachment, GiftFacts, write_letter
from tests.site.test_theme_values import THEME, colours, contrast

NEWSLETTER = THEME / "letters" / "newsletter.html"
SCHEMES = ["light", "dark"]


@pytest.fixture(scope="module")
def letters(tmp_path_factory) -> list[Path]:
    """Two letters of a rehearsal, with all the parts a letter has."""
    whom = {"email": "ada@example.org", "first_name": "Ada", "livemode": False}
    gift = GiftFacts(
        **whom,
        amount_cents=25_00,
        frequency="month",
        campaign_title="Una stanza per tutti",
        campaign_url="https://example.org/campagna/",
        recipient_name="Ente di Esempio",
        happened_on=date(2026, 11, 22),
        method="card",
        receipt="1/2026",
        plan_url="https://example.org/api/plan/abc",
    )
    sign_in = SignInFacts(**whom, url="https://example.org/api/area/enter?token=abc")
    written = [
        write_letter("paid", gift, [Attachment("ricevuta-1-2026.pdf", b"%PDF-1.7")]),
        write_letter("sign_in", sign_in),
    ]
    folder = tmp_path_factory.mktemp("letters")
    for letter in written:
        (folder / f"{letter.kind}.html").write_text(letter.html)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("template", [LETTER_TEMPLATES / "sheet.html", NEWSLETTER])
def test_letters_wear_the_colours_of_the_site(template):
    """By day those of the light scheme, by night those of the dark one, on the same ground."""
    day, night = template.read_text().split("@media (prefers-color-scheme: dark)")

    for text, scheme in ((day, "light"), (night, "dark")):
        worn = set(re.findall(r"#[0-9a-f]{6}\b", text))
        token = colours(scheme)
        assert worn <= set(token.values())
        assert {token["paper"], token["ink"], token["link"]} <= worn


def test_the_treasurers_report_wears_them_too():
    """It goes on paper: those of the light scheme, on white."""
    worn = set(
        re.findall(r"#[0-9a-f]{3,6}\b", (LETTER_TEMPLATES.parent / "report.html").read_text())
    )

    assert worn - {"#fff"} <= set(colours("light").values())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_word_of_a_letter_stands_out(browser, letters, scheme):
    """7:1 as on the site, for each text on the ground it really has."""
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for letter in letters:
        page.goto(letter.as_uri())
        pairs = page.evaluate("""() => {
            const hex = (value) => "#" + value.match(/\\d+/g).slice(0, 3)
                .map((part) => Number(part).toString(16).padStart(2, "0")).join("");
            const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const pairs = [];
            while (words.nextNode()) {
                if (!words.currentNode.data.trim()) continue;
                const text = words.currentNode.parentElement;
                let box = text;
                while (getComputedStyle(box).backgroundColor === "rgba(0, 0, 0, 0)") box = box.parentElement;
                pairs.push([hex(getComputedStyle(text).color), hex(getComputedStyle(box).backgroundColor)]);
            }
            return pairs;
        }""")

        assert len({ground for _, ground in pairs}) == 2  # the sheet, and what is on saffron
        assert [pair for pair in pairs if contrast(*pair) < 7] == []
    context.close()
