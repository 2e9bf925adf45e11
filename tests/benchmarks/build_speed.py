"""How long the site takes to build, beside Hugo on the same stories. Run by hand:

    .venv/bin/python tests/benchmarks/build_speed.py [--stories 100 1000 10000] [--rounds 3]

Prints CPU seconds (user and system, of all processes), how often Hugo's full build of a
bare site fits into them, and the most memory held. Runs alternate, so that what else the
machine does falls on all; medians are shown. Two more sites let Hugo do for each story
what ours does, with social cards drawn before and with cards to draw: see `hugo_site.py`.
Around the stories are the pages of the tests' example, some thirty of every kind.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from hugo_site import write_bare_site, write_full_site
from synthetic_stories import Story, make_stories, write_stories

ROOT = Path(__file__).parents[2]
FONT = ROOT / "theme" / "posters" / "bricolage-grotesque-700.ttf"
BARE_HUGO = "Hugo, a bare site"
FULL_HUGO = "Hugo, what ours does but draw social cards"
DRAWN_HUGO = "Hugo, what ours does"
FROM_NOTHING = "ours, from nothing"
FROM_NOTHING_BUT_CARDS = "ours, from nothing but the social cards"
EDITED = "ours, one story edited"
INDEXED = "ours, the search index besides"
MOST_RELATED = 1000
"""Hugo's search for related stories takes a time that grows with the square of their number."""
BUILD = """
import sys
from pathlib import Path
from portal.collector import leave_all_at_exit, without_collector
leave_all_at_exit()
with without_collector():
    from portal.build import build_site
    project = Path(sys.argv[1])
    build_site(project / "site", project=project, search_index=sys.argv[2] == "search")
"""
"""As `portal build` does, but for a *project* elsewhere and without the search index."""
BUILD_AGAIN = """
import resource, sys, time
from pathlib import Path
from portal.build import build_site
from portal.memory import Memory
project, story = Path(sys.argv[1]), Path(sys.argv[2])
settings = {"project": project, "search_index": False, "preview": True, "memory": Memory()}
for _ in range(2):
    story.write_text(story.read_text(encoding="utf-8") + "\\nE una ancora.\\n", encoding="utf-8")
    before = time.process_time()
    build_site(project / "preview", **settings)
print(time.process_time() - before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@dataclass(frozen=True)
class Run:
    """What one process and its children took."""

    cpu_seconds: float
    memory_mb: float


def main() -> None:
    """Build every size, round by round."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    for count in given.stories:
        with tempfile.TemporaryDirectory(prefix="speed-") as folder:
            _print_runs(count, _measured(Path(folder), count, given.rounds))


def _measured(folder: Path, count: int, rounds: int) -> dict[str, list[Run]]:
    project, bare, full, drawn = (folder / name for name in ("ours", "bare", "full", "drawn"))
    stories = write_project(project, count)
    write_bare_site(bare, stories, project)
    runs: dict[str, list[Run]] = defaultdict(list)
    for number in range(rounds):
        if shutil.which("hugo"):
            runs[BARE_HUGO].append(_hugo(bare))
        if number == 0:
            runs[FROM_NOTHING].append(_build(project))
            write_full_site(full, stories, project)
            write_full_site(drawn, stories, project, FONT)
        if shutil.which("hugo") and count <= MOST_RELATED:
            runs[FULL_HUGO].append(_hugo(full))
            if number == 0:
                runs[DRAWN_HUGO].append(_hugo(drawn))
        _forget_all_but_the_cards(project / ".portal" / "cache" / "build.sqlite")
        _put_aside(project / "site")
        runs[FROM_NOTHING_BUT_CARDS].append(_build(project))
        runs["ours, nothing changed"].append(_build(project))
        _edit_a_story(project, number)
        runs[EDITED].append(_build(project))
        runs["the same, in a running preview"].append(_build_again(project, number))
        if number == 0:
            runs[INDEXED].append(_build(project, "search"))
    return runs


def write_project(project: Path, count: int) -> list[Story]:
    """Our site, its code and theme as they are, with the content of the example and *count* stories."""
    project.mkdir()
    for name in ("scripts", "theme"):
        (project / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "mkdocs.yml", project)
    shutil.copytree(ROOT / "tests" / "example_content", project / "content")
    orto = (project / "content" / "azioni" / "orto.md").read_text(encoding="utf-8")
    for number in range(2, 6):
        action = project / "content" / "azioni" / f"orto-{number}.md"
        action.write_text(orto.replace("number: 1", f"number: {number}"), encoding="utf-8")
    actions = ["orto", *(f"orto-{number}" for number in range(2, 6))]
    stories = make_stories(count, actions=actions, towns=["rho", "milano"])
    write_stories(project / "content" / "storie", stories)
    return stories


def _hugo(folder: Path) -> Run:
    """A build from nothing: what Hugo keeps, the site and the pictures it made, goes first."""
    for made in ("public", "resources"):
        _put_aside(folder / made)
    return _run(["hugo", "--quiet", "--cacheDir", str(folder / "resources")], folder)


def _put_aside(made: Path) -> None:
    """Take away what an earlier build made, without deleting it.

    For some minutes ext4 gives the place of a deleted file to no other: to write a site
    would take longer after each deletion, and most for whoever is measured last.
    """
    if made.exists():
        made.rename(tempfile.mkdtemp(prefix="aside-", dir=made.parents[1]))


def _forget_all_but_the_cards(cache_file: Path) -> None:
    with contextlib.closing(sqlite3.connect(cache_file)) as cache, cache:
        cache.execute("DELETE FROM kept WHERE shelf NOT LIKE 'cards %'")


def _story(project: Path, number: int) -> Path:
    return sorted((project / "content" / "storie").glob("*-prova-*.md"))[number]


def _edit_a_story(project: Path, number: int) -> None:
    story = _story(project, number)
    story.write_text(story.read_text(encoding="utf-8") + "\nUna frase in più.\n", encoding="utf-8")


def _build(project: Path, extra: str = "") -> Run:
    return _run([sys.executable, "-c", BUILD, str(project), extra], ROOT)


def _build_again(project: Path, number: int) -> Run:
    """A second build in one process, which has imported and remembers what it can."""
    command = [sys.executable, "-c", BUILD_AGAIN, str(project), str(_story(project, number))]
    said = subprocess.run(
        command, cwd=ROOT, env=_environment(), check=True, capture_output=True, text=True
    )
    return Run(*map(float, said.stdout.split()))


def _environment() -> dict[str, str]:
    """Ours, in which Python keeps what it compiled, as it does for anybody who does not forbid it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT / "scripts")}


def _run(command: list[str], folder: Path) -> Run:
    process = subprocess.Popen(command, cwd=folder, env=_environment(), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return Run(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _print_runs(count: int, runs: dict[str, list[Run]]) -> None:
    seconds = {name: statistics.median(run.cpu_seconds for run in runs[name]) for name in runs}
    print(f"\n{count:,} stories{'CPU s':>47}{'× Hugo':>9}{'MB':>7}")
    for name, measured in runs.items():
        ratio = f"{seconds[name] / seconds[BARE_HUGO]:.2f}" if BARE_HUGO in runs else "–"
        memory = max(run.memory_mb for run in measured)
        print(f"{name:<45}{seconds[name]:>17.2f}{ratio:>9}{memory:>7.0f}")
    for ours, hugo in (
        (FROM_NOTHING, DRAWN_HUGO),
        (FROM_NOTHING_BUT_CARDS, FULL_HUGO),
        (EDITED, FULL_HUGO),
        (INDEXED, FULL_HUGO),
    ):
        if hugo in runs:
            print(f"«{ours}» is {seconds[ours] / seconds[hugo]:.2f} × «{hugo}»")


if __name__ == "__main__":
    main()
