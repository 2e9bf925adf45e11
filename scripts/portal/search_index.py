"""The index a browser asks: Pagefind's, written over a finished site.

One per language, in small pieces, so that a visitor loads only what the words need.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pagefind_bin import get_executable

_UNSEARCHED = (
    ".pt-trail, .pt-paper, .pt-masthead__note, .pt-card, .pt-doors, .pt-form, .pt-notices:not([data-urgent]), "
    ".pt-sources, .pt-share__line, .pt-names__note, thead, .pt-sheet__sums, .pt-sheet__buttons, "
    "[data-town-halls], [data-part=by-hand], [data-by-hand], [aria-hidden]"
)
"""Inside a page, what is not its own text; on a sheet of sums also what only helps to fill it in."""

_LOADED = ("pagefind-entry.json", "pagefind.*.pf_meta", "index/*", "fragment/*", "filter/*")
_LOADED_ONCE = ("pagefind.js", "wasm.*.pagefind")
"""Of all that Pagefind writes, what our search loads. The rest is for its own interface."""

_SIGNATURE = b"pagefind_dcd"
"""What each of Pagefind's compressed files begins with."""

PAGES_AN_INDEX = 1_500
"""Pagefind holds a tenth of a megabyte for each page until it has counted all: a large site is counted in parts."""

_SENTENCE = re.compile(r"<(/?)(?:dd|label|legend)\b")
_SIDE_BY_SIDE = re.compile(r"(</(?:a|span|time)>)(<(?:span|time)\b(?! data-))")
_WEIGHT = re.compile(r'<main[^>]*\bdata-search-weight="([\d.]+)"')
_LANGUAGE = re.compile(r'<html[^>]*\blang="([^"]+)"')


def index_site(site_dir: Path, pages_an_index: int = PAGES_AN_INDEX) -> int:
    """Write the index of the finished site in *site_dir* to its `pagefind/`; return how many pages it holds.

    Only a `main` with `data-pagefind-body` is indexed, of pages that name their language. Of one with
    more than *pages_an_index* pages the rest goes to `pagefind/2/`, `pagefind/3/` and so on, which
    `pagefind.js` lists as `parts` of that language; there too are the `weights` of pages that have one
    other than 1, by their ids in the index: as a filter they would come in random order. The same pages
    give the same bytes, whatever index was there before. Raises CalledProcessError, with what Pagefind printed.
    """
    shutil.rmtree(site_dir / "pagefind", ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        pages, index = Path(folder) / "pages", Path(folder) / "index"
        counted, weight_of = _deal_out(site_dir, pages, pages_an_index)
        if not counted:
            return 0
        others = {name: _other_parts(count, pages_an_index) for name, count in counted.items()}
        weights: dict[str, float] = {}
        for number, part in enumerate(("", *max(others.values(), key=len)), start=1):
            made = index / str(number)
            _write_index(pages / str(number), made)
            weights |= _by_id(weight_of, made)
            _publish(made, site_dir / "pagefind" / part, besides=() if part else _LOADED_ONCE)
    with (site_dir / "pagefind" / "pagefind.js").open("a", encoding="utf-8") as script:
        script.write(f"\nexport const parts = {json.dumps(others, sort_keys=True)};\n")
        script.write(f"export const weights = {json.dumps(weights, sort_keys=True)};\n")
    return sum(counted.values())


def _deal_out(site_dir: Path, pages: Path, most: int) -> tuple[Counter[str], dict[str, float]]:
    """Copy what is searched to `1/`, `2/`… in *pages*, at *most* so many pages of a language to each.

    Returns how many there are of each language, and by address the weights other than 1.
    """
    counted: Counter[str] = Counter()
    weight_of: dict[str, float] = {}
    for file in sorted(site_dir.rglob("*.html")):
        html = file.read_text(encoding="utf-8")
        language = _LANGUAGE.search(html)
        if "data-pagefind-body" not in html or language is None:
            continue
        path = file.relative_to(site_dir)
        part = counted[language[1]] // most + 1
        counted[language[1]] += 1
        weight = _WEIGHT.search(html)
        if weight and float(weight[1]) != 1:
            weight_of[f"/{path.as_posix().removesuffix('index.html')}"] = float(weight[1])
        # What Pagefind would skip is a third of its work.
        searched = _as_sentences(html[html.index("<main") : html.rindex("</main>")])
        copy = pages / str(part) / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(f'<html lang="{language[1]}">{searched}</main></html>', encoding="utf-8")
    return counted, weight_of


def _as_sentences(html: str) -> str:
    """The same text, so that Pagefind shows it readable around a word: what only style sets apart is parted.

    Pagefind ends a sentence after a `div` and not after a `dd`, joins a term to what is said of it and one
    flag to the next, leaves out labels, and does not part words at a curved apostrophe.
    """
    html = _SENTENCE.sub(r"<\1div", html.replace("’", "'").replace("</dt>", ":</dt> "))
    return _SIDE_BY_SIDE.sub(r"\1 · \2", html)


def _other_parts(count: int, most: int) -> list[str]:
    """The folders of all parts but the first, of *count* pages with at *most* so many in each."""
    return [f"{number}/" for number in range(2, -(-count // most) + 1)]


def _write_index(pages: Path, index: Path) -> None:
    command = [str(get_executable()), "--site", str(pages), "--output-path", str(index)]
    command += ["--exclude-selectors", _UNSEARCHED, "--quiet"]
    subprocess.run(command, check=True, capture_output=True, text=True)


def _by_id(weight_of: Mapping[str, float], index: Path) -> dict[str, float]:
    """The weights of the pages at these addresses by what the *index* calls them, for those that are in it."""
    weights: dict[str, float] = {}
    for fragment in (index / "fragment").iterdir():
        said = json.loads(gzip.decompress(fragment.read_bytes()).removeprefix(_SIGNATURE))
        if said["url"] in weight_of:
            weights[fragment.stem] = weight_of[said["url"]]
    return weights


def _publish(index: Path, folder: Path, besides: tuple[str, ...]) -> None:
    """Copy what is loaded of an *index*, and *besides* what only the first has, to a *folder* of the site."""
    for pattern in (*_LOADED, *besides):
        for file in sorted(index.glob(pattern)):
            target = folder / file.relative_to(index)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    # Pagefind lists the languages at random.
    entry_file = folder / "pagefind-entry.json"
    entry = json.loads(entry_file.read_bytes())
    entry_file.write_text(json.dumps(entry, sort_keys=True), encoding="utf-8")
