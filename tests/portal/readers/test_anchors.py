"""A link to a place inside a page leads to one that is there, or the check says which there are."""

import datetime
from pathlib import Path

import pytest
from mkdocs.config import load_config

from portal.readers.content import ContentReader
from portal.readers.marked_up import EXTENSIONS
from tests.portal.test_incremental import Project

ROOT = Path(__file__).parents[3]
TODAY = datetime.date(2026, 11, 22)
PAGE = "sostieni.md"
PLACES = """
## Come si fa

## Come si fa

## Perché così {#perche}

Una frase.
{: #frase }

Una parola[^1].

!!! note
    ## Dentro una nota

<div markdown="1">

### Dentro un riquadro

</div>

<section id="html"><a name="vecchio">Così si faceva.</a></section>

[^1]: La nota.
"""
THERE = (
    "come-si-fa", "come-si-fa_1", "perche", "frase", "fn:1", "fnref:1", "dentro-una-nota",
    "dentro-un-riquadro", "html", "vecchio",
)  # fmt: skip


def said_of(content: Path) -> list[str]:
    """What the reader says of the content, a line each."""
    reader = ContentReader(content, TODAY)
    reader.read()
    return [str(problem) for problem in sorted(reader.problems)]


def add(content: Path, path: str, text: str) -> int:
    """Write *text* at the end of a page. The number of its first line."""
    file = content / path
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n{text}\n", encoding="utf-8")
    return before.count("\n") + 2


def test_every_place_the_site_has_can_be_linked_to(tmp_path):
    """Whatever gives it its name; the build, which looks too, agrees."""
    project = Project(tmp_path / "project")
    add(project.content, PAGE, PLACES)
    for path in (PAGE, "luoghi/casa-verde.md"):
        page = "" if path == PAGE else f"../{PAGE}"
        links = (f"[Si fa così, {number}]({page}#{one})" for number, one in enumerate(THERE))
        add(project.content, path, "\n\n".join(links))

    assert said_of(project.content) == []
    project.build()
    shown = (project.folder / "site" / "sostieni" / "index.html").read_text(encoding="utf-8")
    assert [one for one in THERE if f'id="{one}"' not in shown] == ["vecchio"]
    assert 'name="vecchio"' in shown


@pytest.mark.parametrize(
    ("path", "link", "linked", "advice"),
    [
        (PAGE, "[così](#come-si-fà)", "#come-si-fà", "Forse volevi «#come-si-fa»."),
        (
            "luoghi/casa-verde.md",
            "[così](<../sostieni.md#comesifa> 'Come')",
            "../sostieni.md#comesifa",
            "Forse volevi «#come-si-fa».",
        ),
        (
            "luoghi/casa-verde.md",
            "[così][1]\n\n[1]: ../sostieni.md#zappa",
            "../sostieni.md#zappa",
            "Ci sono: «#come-si-fa», «#come-si-fa_1», «#perche», «#frase» e altri 4.",
        ),
        (
            PAGE,
            "[così](luoghi/casa-verde.md#zappa)",
            "luoghi/casa-verde.md#zappa",
            "Non ha titoletti a cui portare: togli «#zappa».",
        ),
    ],
)
def test_a_place_that_is_not_there_is_named_with_those_that_are(
    example, path, link, linked, advice
):
    """With file and line, before any page is made."""
    add(example, PAGE, PLACES)

    line = add(example, path, link) + link[: link.index(linked)].count("\n")

    anchor = linked.partition("#")[2]
    assert said_of(example) == [
        f"{path}, riga {line}: il link porta a «{linked}», ma in quella pagina «#{anchor}» non c'è. {advice}"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "`[così](#zappa)`",
        "```\n[così](#zappa)\n```",
        "\\[così](#zappa)",
        "[così](https://esempio.it/#zappa)",
        "<!-- [così](#zappa) -->",
        "[così](#)",
    ],
)
def test_what_is_no_link_to_a_place_is_left_alone(example, text):
    """Only what would be one on the site is looked at."""
    add(example, PAGE, text)

    assert said_of(example) == []


def test_a_draft_may_still_lead_nowhere(example):
    """Its mistakes are its own until it is to be seen."""
    draft = (example / PAGE).read_text(encoding="utf-8").replace("---\n", "---\nstatus: bozza\n", 1)
    (example / "bozza.md").write_text(f"{draft}\n[Così](#zappa)\n", encoding="utf-8")

    reader = ContentReader(example, TODAY)

    assert reader.read() is not None
    assert [problem.path for problem in reader.draft_problems] == ["bozza.md"]


def test_places_are_those_of_the_sites_own_markdown():
    """Another extension would give other anchors."""
    config = load_config(str(ROOT / "mkdocs.yml"))

    assert config.markdown_extensions == list(EXTENSIONS)
    # No list of headings is made; the anchors of the headings are the same.
    assert config.mdx_configs == {"toc": {"permalink": False, "toc_depth": 0, "marker": ""}}
