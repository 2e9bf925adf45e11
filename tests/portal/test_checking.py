"""The check of a whole folder: errors stop publication, advice does not, and both name their line."""

import datetime
import json
import time
from pathlib import Path

import pytest

from portal import cli
from portal.checking import NotInContent, check_content
from portal.commands import console
from tests.benchmarks.synthetic_stories import make_stories, write_stories

ROOT = Path(__file__).parents[2]
TODAY = datetime.date(2026, 11, 22)
STORY = "storie/2020-03-07-prima-zappata.md"


def test_our_own_content_has_no_errors_and_nothing_that_hurts():
    """What we ask of others we do first; a translation left behind is not for this test to hold up."""
    found = check_content(ROOT / "content", TODAY)
    grave = {"dati-personali", "parola-che-ferisce", "testo-dell-immagine", "pagina-difficile"}

    assert found.problems == ()
    assert [finding for finding in found.advice if finding.rule in grave] == []


def test_the_example_content_takes_no_advice(example):
    """So that every test that breaks it knows whose advice it reads."""
    found = check_content(example, TODAY)

    assert (found.problems, found.advice) == ((), ())


def test_a_page_with_an_error_gets_its_advice_too(example):
    """An editor mends all of it at once."""
    story = example / STORY
    text = story.read_text(encoding="utf-8").replace("date: 2020-03-07\n", "date: ieri\n", 1)
    story.write_text(
        f"{text}\nPer saperne di più [clicca qui](../luoghi/casa-verde.md).\n", encoding="utf-8"
    )
    found = check_content(example, TODAY)

    assert [(problem.path, problem.line) for problem in found.problems] == [(STORY, 5)]
    assert [(f.path, f.quote, f.example) for f in found.advice] == [
        (STORY, "clicca qui", "[Casa Verde](../luoghi/casa-verde.md)")
    ]


def test_one_file_or_one_folder_can_be_asked_for(example):
    """The rest is read and not spoken of."""
    for path in (STORY, "luoghi/casa-verde.md"):
        with (example / path).open("a", encoding="utf-8") as file:
            file.write("\nPoi [qui](../index.md).\n")

    assert {f.path for f in check_content(example, TODAY, [example / STORY]).advice} == {STORY}
    assert {f.path for f in check_content(example, TODAY, [Path("luoghi")]).advice} == {
        "luoghi/casa-verde.md"
    }


def test_a_file_that_becomes_no_page_can_be_asked_for(example):
    """«Nothing to mend» would be believed."""
    file = example / "storie" / "2026-11-01-nuova.md.txt"
    file.write_text("---\ntitle: Nuova\n---\n")

    (problem,) = check_content(example, TODAY, [file]).problems

    assert "questo file non diventa una pagina" in problem.message


def test_a_draft_is_advised_and_its_errors_stop_nobody(example):
    """It is written to be helped with, and nobody is to see it yet."""
    story = example / STORY
    draft = (
        story.read_text(encoding="utf-8")
        .replace("title: La prima", "status: bozza\ntitle: La prima", 1)
        .replace("date: 2020-03-07\n", "date: ieri\n", 1)
    )
    (example / "storie" / "2026-11-22-bozza.md").write_text(
        draft.replace("st-2020-001", "st-2026-001") + "\nPoi [qui](../index.md).\n",
        encoding="utf-8",
    )
    found = check_content(example, TODAY, [Path("storie/2026-11-22-bozza.md")])

    assert (found.pages_read, found.problems) == (1, ())
    assert [problem.line for problem in found.draft_problems] == [6]
    assert [finding.quote for finding in found.advice] == ["qui"]


def test_a_file_from_elsewhere_is_refused(example, tmp_path):
    """Silence would look like praise."""
    (tmp_path / "altro.md").write_text("Ciao.", encoding="utf-8")

    with pytest.raises(NotInContent):
        check_content(example, TODAY, [tmp_path / "altro.md"])


def test_a_mistake_in_the_lists_of_words_is_named(example):
    """The lists are content, written by the same hands."""
    (example / "_redazione").mkdir()
    (example / "_redazione" / "sigle.yml").write_text("- letters: CAF\n", encoding="utf-8")

    assert [str(problem) for problem in check_content(example, TODAY).problems] == [
        "_redazione/sigle.yml, riga 1: manca «means». Che cosa vuol dire. "
        "Scrivi così: means: un conto di redditi e beni"
    ]


def test_a_slip_in_the_synonyms_of_the_search_is_named(example):
    """The build would stop at it; so the check must know."""
    (example / "cerca-sinonimi.yml").write_text("colf: []\n", encoding="utf-8")

    (problem,) = check_content(example, TODAY).problems

    assert (problem.path, problem.line) == ("cerca-sinonimi.yml", 1)


def test_dead_links_are_asked_of_whoever_knows(example):
    """The check itself asks nobody."""
    with (example / STORY).open("a", encoding="utf-8") as file:
        file.write("\nLo dice [il giornale](https://giornale.esempio.it/a).\n")

    def knows(addresses):
        assert "https://giornale.esempio.it/a" in addresses
        return {"https://giornale.esempio.it/a": "non c'è più (il sito risponde 404)"}

    assert [f.rule for f in check_content(example, TODAY, (), knows).advice] == [
        "link-che-non-risponde"
    ]
    assert check_content(example, TODAY).advice == ()


def test_the_command_leaves_with_one_only_where_there_is_an_error(example, monkeypatch, capsys):
    """Advice does not fail a build."""
    monkeypatch.setattr(console, "CONTENT", example)
    story = example / STORY
    whole = story.read_text(encoding="utf-8")
    story.write_text(f"{whole}\nPoi [qui](../index.md).\n", encoding="utf-8")

    assert cli.main(["check", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["advice"] == 1

    story.write_text(whole.replace("date: 2020-03-07\n", "date: ieri\n", 1), encoding="utf-8")

    assert cli.main(["check", "--format", "github"]) == 1
    assert f"{STORY},line=5" in capsys.readouterr().out


def test_a_thousand_pages_cost_little_more_than_reading_them(example):
    """
    Three seconds are promised for a thousand pages; here a quarter of them is
    weighed against a loop of the same machine, which is busy with other things.
    """
    write_stories(example / "storie", make_stories(250, actions=["orto"], towns=["rho"]))
    check_content(example, TODAY)
    began = time.process_time()
    found = check_content(example, TODAY)
    check_seconds = time.process_time() - began
    began = time.process_time()
    total = 0
    for number in range(5_000_000):
        total += number
    loop_seconds = time.process_time() - began

    assert found.pages_read > 250
    assert check_seconds < 5 * loop_seconds
