"""The theme's values, read from its files: contrast, weight, and every class somewhere in a style sheet."""

import gzip
import re
from pathlib import Path

import pytest
from PIL import ImageFont

from portal.writers.stylesheet import join_stylesheets

THEME = Path(__file__).parents[2] / "theme"
CSS = THEME / "assets" / "css"
TEMPLATES = sorted(THEME.glob("*.html")) + sorted((THEME / "partials").rglob("*.html"))

INKS = ("ink", "soft", "link", "good", "alarm")
GROUNDS = ("paper", "surface", "sand")


def colours(scheme: str) -> dict[str, str]:
    """The colour tokens of a scheme; dark writes over light, as in the browser."""
    light, dark = (CSS / "tokens.css").read_text().split("@media (prefers-color-scheme: dark)")
    text = light if scheme == "light" else light + dark
    return dict(re.findall(r"--pt-([a-z-]+): (#[0-9a-f]{3,6});", text))


def luminance(colour: str) -> float:
    """Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_the_largest_contrast():
    """21:1, the value the definition gives."""
    assert contrast("#fff", "#000000") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_ink_stands_out_on_every_ground(scheme):
    """
    7:1 for all text, in both schemes: cheap screens, sunlight, tired eyes.
    """
    token = colours(scheme)

    low = {
        (ink, ground): round(contrast(token[ink], token[ground]), 2)
        for ink in INKS
        for ground in GROUNDS
        if contrast(token[ink], token[ground]) < 7
    }

    assert low == {}
    assert contrast(token["on-sun"], token["sun"]) >= 7
    assert contrast(token["on-night"], token["night"]) >= 7
    assert contrast(token["sun"], token["night"]) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_can_be_seen(scheme):
    """
    3:1 for the lines that say where a field or a perimeter is.
    """
    token = colours(scheme)

    assert min(contrast(token["line"], token[ground]) for ground in GROUNDS) >= 3


def test_the_table_of_contrasts_says_what_the_colours_give():
    """
    Who chooses a colour reads the table, and a number that is kind to a colour misleads.
    """
    lines = (THEME / "README.md").read_text().splitlines()
    written = {}
    for line in lines:
        numbers = re.findall(r"\| (\d+\.\d)(?= )", line)
        if numbers:
            (name,) = set(re.findall(rf"\b({'|'.join((*INKS, 'line'))})\b", line))
            written[name] = numbers
    tokens = [colours("light"), colours("dark")]

    assert written == {
        ink: [
            f"{contrast(token[ink], token[ground]):.1f}" for token in tokens for ground in GROUNDS
        ]
        for ink in (*INKS, "line")
    }
    on_night = " and ".join(
        f"{contrast(token['on-night'], token['night']):.1f}" for token in tokens
    )
    on_sun = f"{contrast(tokens[0]['ink'], tokens[0]['sun']):.1f}"
    assert f"Ink on sun {on_sun}; text on night {on_night}." in "\n".join(lines)


def test_our_style_sheets_weigh_little():
    """
    11 KB for all of them, as they travel: less than half of what a page may load.
    """
    order = (CSS / "order.txt").read_text().split()

    joined = join_stylesheets({name: (CSS / name).read_text() for name in order}, order)

    assert len(gzip.compress(joined, 9)) <= 11_000


def test_the_scripts_and_the_font_weigh_little():
    """
    3 KB for a script at most, as no page needs all of them; 30 KB for the one font.
    """
    scripts = {
        file.name: len(gzip.compress(file.read_bytes(), 9))
        for file in (THEME / "assets/js").glob("*.js")
    }
    fonts = list((THEME / "assets/fonts").glob("*.woff2"))

    assert {name: size for name, size in scripts.items() if size > 3_000} == {}
    assert scripts["leave.js"] <= 500
    assert [font.stat().st_size <= 30_000 for font in fonts] == [True]


def test_the_one_font_holds_every_weight_the_style_sheets_ask_of_it():
    """
    A variable font that ended at 700 would leave the browser to smear 800 out of it.
    """
    (font,) = (THEME / "assets/fonts").glob("*.woff2")
    (axis,) = ImageFont.truetype(font).get_variation_axes()
    tokens = (CSS / "tokens.css").read_text()
    asked = {
        int(weight)
        for file in CSS.glob("*.css")
        for weight in re.findall(r"font: (\d+)[^;]*var\(--pt-display\)", file.read_text())
    }
    headings = re.findall(
        r"^h\d[^{]*{[^}]*font-weight: (\d+)", (CSS / "base.css").read_text(), re.M
    )
    asked |= set(map(int, headings))

    assert f"font-weight: {axis['minimum']} {axis['maximum']};" in tokens
    assert len(asked) > 1
    assert asked <= set(range(axis["minimum"], axis["maximum"] + 1))


def test_every_class_in_a_template_has_a_style():
    """
    A class nobody styles is a slip of the keyboard.
    """
    styled = set(re.findall(r"\.(pt-[\w-]+)", "".join(f.read_text() for f in CSS.glob("*.css"))))
    used = {
        name
        for file in TEMPLATES
        for name in re.findall(
            r"\bpt-[\w-]+", " ".join(re.findall(r'class="([^"]*)"', file.read_text()))
        )
    }

    assert used - styled == set()


def test_every_block_says_on_top_what_it_expects():
    """
    The first line of a template is for whoever opens it.
    """
    silent = [file.name for file in TEMPLATES if not file.read_text().startswith("{#- ")]

    assert silent == []


def test_templates_carry_no_style_and_no_script_of_their_own():
    """
    A strict Content-Security-Policy refuses both; a block of data is no script.
    """
    inline = [
        file.name
        for file in TEMPLATES
        if re.search(
            r"\sstyle=|<style|<script(?![^>]*\s(?:src=|type=.application/ld))|\son[a-z]+=",
            file.read_text(),
        )
    ]

    assert inline == []
