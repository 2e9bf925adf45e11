"""What the editors' guides show is what the commands print."""

import re
import shlex
from dataclasses import dataclass

import pytest

from tests.portal.desk import ROOT, Desk
from tests.portal.importing.exports import blogger_entry, blogger_file

BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<text>.*?)^```$", re.M | re.S)
LEFT_OUT = "[…]"
VARYING = re.compile(r"\b\d[\d.]*(?= kB| pagine lette)")
"""How heavy a letter is and how many pages there are depends on all that is written."""


@dataclass(frozen=True)
class Example:
    """A command as the guide shows it, and what it says that it prints."""

    command: str
    printed: str


def steps(guide: str) -> list[tuple[str, str] | Example]:
    """What to do to follow a guide: files to write, and commands with what they print."""
    found: list[tuple[str, str] | Example] = []
    for block in BLOCK.finditer(guide):
        if block["file"]:
            found.append((block["file"], block["text"]))
        elif block["kind"] == "console":
            for part in re.split(r"^\$ ", block["text"], flags=re.M)[1:]:
                command, _, printed = part.partition("\n")
                found.append(Example(command, printed))
    return found


def fits(shown: str, printed: str) -> bool:
    """Whether *printed* is what is *shown*, but for what is left out and what varies."""
    pattern = re.escape(VARYING.sub("0", shown.strip())).replace(re.escape(LEFT_OUT), ".*")
    return bool(re.fullmatch(pattern, VARYING.sub("0", printed.strip()), re.S))


@pytest.fixture
def desk(tmp_path) -> Desk:
    """An editor's desk, with the backup of an old blog on it, and one that broke off."""
    desk = Desk(tmp_path / "checkout")
    whole = blogger_file(
        desk.folder,
        blogger_entry(
            "Una prova",
            "<p>I tavoli stavano in strada, e le torte sopra i tavoli. Scrivete a "
            "prova@esempio.invalid per la prossima volta.</p>"
            "<img src='http://1.bp.blogspot.com/s320/tavolo.jpg'/>"
            "<iframe src='https://www.youtube.com/embed/prova'></iframe>",
            "/2016/05/una-prova.html",
            date="2016-05-12T10:00:00+02:00",
            labels=("Varie",),
        ),
        blogger_entry(
            "Un'altra prova",
            "<p>Il secondo anno le torte erano di più, e i tavoli anche.</p>",
            "/2016/06/un-altra-prova.html",
            date="2016-06-01T10:00:00+02:00",
        ),
        blogger_entry("Chi siamo", "<p>Siamo noi.</p>", "/p/chi-siamo.html", kind="page"),
        blogger_entry("", "<p>Bello!</p>", kind="comment"),
    )
    lines = whole.read_text(encoding="utf-8").splitlines(keepends=True)
    cut = "".join(lines[:3]) + lines[3][:120]
    (desk.folder / "tagliato.xml").write_text(cut, encoding="utf-8")
    return desk


@pytest.mark.parametrize(
    "guide", sorted((ROOT / "content" / "_guida").glob("*.md")), ids=lambda guide: guide.stem
)
def test_the_examples_of_a_guide_are_what_one_sees(guide, desk):
    """Followed step by step, on a checkout of its own."""
    tried = 0

    for step in steps(guide.read_text(encoding="utf-8")):
        if isinstance(step, Example):
            program, *words = shlex.split(step.command)
            assert program == ".venv/bin/portal"
            printed = desk.portal(*words, may_end=(0, 1))
            assert fits(step.printed, printed), f"{step.command}\n{printed}"
            tried += 1
        else:
            file, text = step
            (desk.folder / file).write_text(text, encoding="utf-8")

    assert tried >= 3
