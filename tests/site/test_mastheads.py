"""The top of a page: what is drawn there stays beside the words."""

import io

import pytest
from PIL import Image, ImageChops

from tests.site.built_pages import one_of_each_kind

DRAWN_OVER = """
() => {
    const rings = document.querySelector(".pt-hero__rings, .pt-masthead__rings");
    if (!rings?.checkVisibility()) return null;
    const words = document.createTreeWalker(rings.closest(".pt-hero, .pt-masthead"), NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    const over = [];
    while (words.nextNode()) {
        for (const word of words.currentNode.textContent.matchAll(/\\S+/g)) {
            range.setStart(words.currentNode, word.index);
            range.setEnd(words.currentNode, word.index + word[0].length);
            const met = [...range.getClientRects()].some((box) => {
                for (let x = box.left; x < box.right; x += 2) {
                    for (const share of [0.2, 0.5, 0.8]) {
                        const there = document.elementsFromPoint(x, box.top + share * box.height);
                        if (there.some((one) => one !== rings && rings.contains(one))) return true;
                    }
                }
            });
            if (met) over.push(word[0]);
        }
    }
    return over;
}
"""
"""The words of a masthead that share their place with a line of the rings, above or below it; null without rings."""


def test_the_rings_lie_on_no_word(browser, site_url, built_pages):
    """
    From the narrowest phone to the desk: ink on ink cannot be read.
    """
    page = browser.new_page()
    over, drawn = [], set()

    above = "string(//p[@class='pt-masthead__eyebrow'])"
    longest = max(built_pages, key=lambda built: len(built.tree.xpath(above)))
    for built in [*one_of_each_kind(built_pages), longest]:
        page.goto(site_url + built.url)
        for width in (320, 768, 900, 1120, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            words = page.evaluate(DRAWN_OVER)
            if words is not None:
                drawn.add((built.url, width))
            if words:
                over.append((built.url, width, words))

    page.close()
    assert over == []
    assert {("/", 320), ("/", 1280), (longest.url, 1280)} <= drawn


@pytest.mark.parametrize("width", [390, 900, 1280])
def test_in_the_colours_of_the_reader_the_name_is_whole(browser, site_url, width):
    """
    Such a browser paints a plate behind every line, and that of «Soli mai.» reaches up to the name.
    """
    page = browser.new_page(viewport={"width": width, "height": 500}, forced_colors="active")
    page.goto(site_url)
    name = page.locator(".pt-hero__name")
    line = name.evaluate(
        "name => { const range = document.createRange(); range.selectNodeContents(name);"
        " return range.getBoundingClientRect().toJSON(); }"
    )
    clip = {side: line[side] for side in ("x", "y", "width", "height")}

    beside_the_claim = page.screenshot(clip=clip)
    name.evaluate("name => name.nextSibling.remove()")
    alone = page.screenshot(clip=clip)

    page.close()
    seen, whole = (Image.open(io.BytesIO(shot)) for shot in (beside_the_claim, alone))
    assert ImageChops.difference(seen.convert("L"), whole.convert("L")).getbbox() is None
