"""What keyboards, small screens and enlarged text reach, on each kind of page."""

from dataclasses import dataclass, field

import pytest

from tests.site.built_pages import one_of_each_kind

PRESSABLE = "a[href], button, input, select, textarea, summary, [tabindex='0']"

STEPS = """
(pressable) => {
    const main = document.querySelector("main");
    const before = [...document.querySelectorAll(pressable)].filter((element) =>
        main.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING
        && element.tabIndex >= 0 && element.checkVisibility({ checkVisibilityCSS: true }));
    return before.length + 1;
}
"""
"""How often one presses Tab until the focus is in the content, or behind it where it holds nothing to press."""

UNSEEN = """
(pressable) => {
    const faults = [];
    for (const element of document.querySelectorAll(pressable)) {
        if (element.type === "hidden" || !element.checkVisibility({ checkVisibilityCSS: true })) continue;
        element.focus({ focusVisible: true });
        if (document.activeElement !== element) continue;
        element.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
        const [box] = element.getClientRects();
        const x = box.left + box.width / 2;
        const y = box.top + box.height / 2;
        const shown = element.outerHTML.slice(0, 100);
        if (x < 0 || y < 0 || x > innerWidth || y > innerHeight || box.width < 1 || box.height < 1) {
            faults.push(["outside the window", shown]);
            continue;
        }
        const on_top = document.elementFromPoint(x, y);
        const label = element.closest("label") ?? element.labels?.[0];
        if (!on_top || !(element.contains(on_top) || on_top.contains(element) || label?.contains(on_top))) {
            faults.push(["covered by something", shown, on_top?.outerHTML.slice(0, 80)]);
        }
        const marks = [element, label, ...element.children].filter(Boolean);
        const ringed = marks.flatMap((mark) => [getComputedStyle(mark), getComputedStyle(mark, "::after")])
            .some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
        if (!ringed) faults.push(["no ring around it", shown]);
        if (element.tabIndex > 0) faults.push(["out of order", shown]);
    }
    return faults;
}
"""
"""What can be focused and is then not seen: off the screen, under something else, or without a ring."""


ENLARGE = "(times) => { document.documentElement.style.fontSize = `${100 * times}%`; }"
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"
"""How many pixels of the page stick out."""

HEADER = """
() => [document.documentElement.lang, document.documentElement.dir, !!document.querySelector(".pt-leave"),
    document.querySelector("header").querySelectorAll("a, summary").length].join(" ")
"""
"""What tells the header of one page from those of others: its language, its length, the way out above it."""

OVERLAPPING = """
() => {
    const header = document.querySelector("header");
    const seen = (selector) => [...header.querySelectorAll(selector)].filter((one) => one.checkVisibility());
    const faults = [];
    for (const summary of seen("summary")) {
        summary.parentElement.open = true;
        const words = seen("a, summary").map((one) => [one.textContent.trim(), one.getBoundingClientRect()]);
        const end = header.getBoundingClientRect().bottom;
        words.forEach(([word, box], place) => {
            if (box.bottom > end + 1) faults.push([word, "below the header"]);
            for (const [other, its] of words.slice(place + 1)) {
                const wide = Math.min(box.right, its.right) - Math.max(box.left, its.left);
                const high = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
                if (wide > 2 && high > 2) faults.push([word, other]);
            }
        });
        summary.parentElement.open = false;
    }
    return faults;
}
"""
"""What lies over something else in the header, or hangs out of it, when one of its menus is open."""


@dataclass
class Reach:
    """What was found on one page; the windows are named by their width."""

    url: str
    steps: dict[int, int] = field(default_factory=dict)
    unseen: dict[int, list[str]] = field(default_factory=dict)
    sideways: dict[str, int] = field(default_factory=dict)
    overlapping: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def reaches(browser, site_url, built_pages) -> list[Reach]:
    """One page of each kind, opened once and looked at in every window."""
    page = browser.new_page()
    # The size of text a person chooses in the browser, to which the layout answers too.
    settings = page.context.new_cdp_session(page)
    found = []
    headers = set()
    for built in one_of_each_kind(built_pages):
        reach = Reach(built.url)
        page.goto(site_url + built.url)
        page.keyboard.press(
            "Tab"
        )  # so that the browser takes us for somebody who uses the keyboard
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            reach.steps[width] = page.evaluate(STEPS, PRESSABLE)
            reach.unseen[width] = page.evaluate(UNSEEN, PRESSABLE)
        for name, width, times in (
            ("320 pixels", 320, 1),
            ("a desk at 200 %", 640, 1),
            ("a desk with text at 200 %", 1280, 2),
            ("a phone with text at 200 %", 360, 2),
        ):
            page.evaluate(ENLARGE, times)
            page.set_viewport_size({"width": width, "height": 640})
            reach.sideways[name] = page.evaluate(SIDEWAYS)
        page.evaluate(ENLARGE, 1)
        # Pages have few headers between them: one for each language, with and without the way out.
        header = page.evaluate(HEADER)
        if header not in headers:
            headers.add(header)
            for size in (16, 32):
                settings.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
                for width in (1280, 360, 320):
                    page.set_viewport_size({"width": width, "height": 640})
                    reach.overlapping[f"{width} pixels, text of {size}"] = page.evaluate(
                        OVERLAPPING
                    )
            settings.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
        found.append(reach)
    page.close()
    return found


def test_the_keyboard_reaches_the_content_within_twelve_steps(reaches):
    """
    On a phone and on a desk, also without the skip link.
    """
    late = [(reach.url, reach.steps) for reach in reaches if max(reach.steps.values()) > 12]

    assert late == []


def test_what_has_the_focus_can_be_seen_to_have_it(reaches):
    """
    It is in the window, under nothing else, and has a ring.
    """
    unseen = [
        (reach.url, width, fault)
        for reach in reaches
        for width, faults in reach.unseen.items()
        for fault in faults
    ]

    assert unseen == []


def test_nothing_sticks_out_on_small_screens_and_in_large_text(reaches):
    """
    320 pixels; a desk's window at 200 %, and a desk's and a phone's in which only the text is.
    """
    sideways = [
        (reach.url, window, pixels)
        for reach in reaches
        for window, pixels in reach.sideways.items()
        if pixels > 0
    ]

    assert sideways == []


def test_an_open_menu_covers_nothing_of_the_header(reaches):
    """
    Doors, search and languages stay where they can be read and pressed, however large the text.
    """
    covered = [
        (reach.url, window, faults)
        for reach in reaches
        for window, faults in reach.overlapping.items()
        if faults
    ]

    assert covered == []
