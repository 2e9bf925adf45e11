"""What a build writes beside the pages: pictures, the press kit, feeds, data, social cards, the search index."""

from __future__ import annotations

import re
from pathlib import Path

from portal.digests import digest_of_files
from portal.readers.problem import ContentFaults, Problem, line_with
from portal.rendering import Rendering
from portal.search_index import index_site
from portal.toolbox import versions_of
from portal.writers import sharing
from portal.writers.absolute_links import absolute_url
from portal.writers.headers_file import write_headers
from portal.writers.outputs import output_writers
from portal.writers.press_kit import PRESS_PAGE, write_press_kit
from portal.writers.security_txt import write_security_txt
from portal.writers.sharing import card_list

_NAMED = re.compile("«(.+?)»")
CARD_FONTS = (
    "posters/bricolage-grotesque-700.ttf",
    "cards/bricolage-grotesque-700-romanian.ttf",
    "cards/noto-sans-700-ukrainian.ttf",
    "cards/noto-kufi-arabic-700.ttf",
)
"""Those of the social cards: the site's own, and beside it the letters that on a page come from the reader's system."""


def write_beside_pages(rendering: Rendering, written: Path, site_dir: Path, theme: Path) -> None:
    """Write all of it, and last the headers, which speak of every file. *written* is the folder of the content."""
    for path, content in rendering.pictures.files():
        rendering.folder.write(path, content)
    _check_letters(rendering, written)
    for path, content in _press_kit(theme, rendering).items():
        rendering.folder.write(path, content)
    setting = rendering.setting
    writers = output_writers(
        rendering.site, rendering.bodies, setting.site_url, preview=setting.is_preview
    )
    for name, write in writers.items():
        for path, content in rendering.work.made_or_taken(f"/{name}", write).items():
            rendering.folder.write(path, content)
    security = write_security_txt(setting.security_contact, rendering.site.today, setting.site_url)
    for path, content in security.items():
        rendering.folder.write(path, content)
    _write_cards([theme / font for font in CARD_FONTS], rendering)
    if setting.is_indexed:
        _write_index(site_dir, rendering)
    rendering.folder.write("_headers", write_headers(rendering.folder.paths()))


def _press_kit(theme: Path, rendering: Rendering) -> dict[str, bytes]:
    """The kit of the press page; nothing on a site without one."""
    if not rendering.press_text:
        return {}
    wordmark, symbol = (
        (theme / "assets/img" / file).read_bytes() for file in ("wordmark.svg", "favicon.svg")
    )

    def pictures() -> dict[str, bytes]:
        from portal.writers.sign_picture import PAPER, draw_sign

        return {
            "marchio.png": draw_sign(wordmark, PAPER),
            "marchio-trasparente.png": draw_sign(wordmark),
            "simbolo.png": draw_sign(symbol),
        }

    drawings = {"marchio.svg": wordmark, "simbolo.svg": symbol}
    drawings |= rendering.work.made_or_taken("/signs", pictures)
    page_url = absolute_url(rendering.setting.site_url, PRESS_PAGE)
    return write_press_kit(rendering.press_text, rendering.site.headlines, drawings, page_url)


def _check_letters(rendering: Rendering, written: Path) -> None:
    """An issue that would not arrive as it was meant is not published either."""

    def faults() -> dict[str, bytes]:
        # Letters bring libraries of their own, which most builds do not need.
        from portal.writers.newsletter import letter_faults

        found = letter_faults(rendering.site, rendering.bodies, rendering.setting.site_url)
        return {path: "\n".join(said).encode() for path, said in found.items()}

    found = rendering.work.made_or_taken("/letters", faults)
    problems = [
        Problem(path, line_with(_named_in(said), written / path), said)
        for path, lines in found.items()
        for said in lines.decode().split("\n")
    ]
    if problems:
        rendering.cache.close()
        raise ContentFaults(problems, len(rendering.pages))


def _named_in(said: str) -> str:
    """The words a fault names, for the line they stand in; nothing where it names none."""
    named = _NAMED.search(said)
    return named[1] if named else ""


def _write_cards(fonts: list[Path], rendering: Rendering) -> None:
    """Draw the social cards, or take those an earlier build drew with the same words."""
    code = [
        Path(sharing.__file__).with_name(name) for name in ("social_card.py", "arabic_script.py")
    ]
    drawn_with = digest_of_files([*code, *fonts])
    drawn_by = versions_of("pillow", "arabic_reshaper", "python_bidi")
    shelf = rendering.cache.shelf(f"cards {drawn_with} {drawn_by}")
    letters = tuple(font.read_bytes() for font in fonts)
    for card in card_list(rendering.site):
        words = f"{card.eyebrow}\n{card.title}\n{card.right_to_left}"
        made_from = f"{shelf.name}\n{words}"
        if rendering.folder.stands(card.path, made_from):
            continue
        picture = shelf.take(words)
        if picture is None:
            from portal.writers.social_card import draw_card

            picture = draw_card(card.title, card.eyebrow, letters, right_to_left=card.right_to_left)
            shelf.put(words, picture)
        rendering.folder.write(card.path, picture, made_from)


def _write_index(site_dir: Path, rendering: Rendering) -> None:
    """Write the search index, or the one an earlier build made of the same pages.

    It is kept part by part: the whole of a large site's would be in memory several times at once.
    """
    work, own = rendering.work, rendering.digest_of_pages()
    names = work.take("/search", own)
    kept = [work.take(f"/search/{name}", own) for name in names or ()]
    if names is not None and None not in kept:
        for path, content in (item for part in kept if part for item in part.items()):
            rendering.folder.write(path, content)
        return
    rendering.folder.complete()
    index_site(site_dir)
    files = sorted(file for file in (site_dir / "pagefind").rglob("*") if file.is_file())
    parts: dict[str, list[Path]] = {}
    for file in files:
        folder = file.relative_to(site_dir / "pagefind").parts[0]
        parts.setdefault(folder if folder.isdigit() else "", []).append(file)
    for name, its_files in parts.items():
        made = {file.relative_to(site_dir).as_posix(): file.read_bytes() for file in its_files}
        work.begin()
        work.finish(f"/search/{name}", made, own)
    work.begin()
    work.finish("/search", dict.fromkeys(parts, b""), own)
