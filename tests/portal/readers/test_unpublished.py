"""Drafts and pages whose day has not come: nobody finds them, and they keep nobody else from being published."""

import datetime
from pathlib import Path

import pytest

from portal.readers.content import ContentReader

TODAY = datetime.date(2026, 11, 22)
STORY = "storie/2020-03-07-prima-zappata.md"
OTHER = "storie/2021-10-01-il-canarino.md"


def read(content: Path, day: datetime.date = TODAY, *, preview: bool = False) -> ContentReader:
    """A reader that has read everything; its site in `site`."""
    reader = ContentReader(content, day, preview=preview)
    reader.site = reader.read()
    return reader


def add_to(content: Path, path: str, line: str) -> None:
    """Write a line into the front matter of a page, as an editor would."""
    file = content / path
    file.write_text(
        file.read_text(encoding="utf-8").replace("---\n", f"---\n{line}\n", 1), encoding="utf-8"
    )


def a_new_story(content: Path, line: str) -> None:
    """A story that no other page names, with *line* in its front matter."""
    told = (content / STORY).read_text(encoding="utf-8").replace("st-2020-001", "st-2021-099")
    (content / OTHER).write_text(told, encoding="utf-8")
    add_to(content, OTHER, line)


@pytest.mark.parametrize(
    "line", ["status: bozza", "status: draft", "status: BOZZA", "publish_from: 2026-11-23"]
)
def test_page_that_is_not_out_is_nowhere_on_the_site(example, line):
    a_new_story(example, line)

    reader = read(example)

    assert reader.problems == []
    assert "2021-10-01-il-canarino" not in {story.slug for story in reader.site.stories}


def test_page_is_out_on_its_day(example):
    """The day itself counts; nobody has to touch the file."""
    a_new_story(example, "publish_from: 2026-11-23")

    assert len(read(example).site.stories) == 2
    assert len(read(example, TODAY + datetime.timedelta(days=1)).site.stories) == 3


def test_preview_shows_them(example):
    a_new_story(example, "status: bozza")

    assert len(read(example, preview=True).site.stories) == 3


def test_mistakes_of_a_draft_keep_nobody_from_being_published(example):
    """They are told all the same, beside those that count."""
    a_new_story(example, "status: bozza")
    file = example / OTHER
    file.write_text(
        file.read_text(encoding="utf-8").replace("date: 2020-03-07", "date: boh", 1),
        encoding="utf-8",
    )

    reader = read(example)

    assert reader.problems == []
    assert [problem.path for problem in reader.draft_problems] == [OTHER]
    assert "«boh» non si capisce" in reader.draft_problems[0].message


def test_published_page_may_not_refer_to_a_draft(example):
    """Its readers would find a link to nothing, or read what was not meant for them."""
    place = "luoghi/casa-verde.md"
    add_to(example, place, "status: bozza")

    said = [str(problem) for problem in sorted(read(example).problems)]

    assert any(
        line.startswith(STORY)
        and "«casa-verde» è ancora una bozza, o esce più avanti: pubblica prima quella pagina, "
        "o toglilo per ora da places."
        in line
        for line in said
    ), said


def test_published_page_may_not_link_to_a_draft(example):
    a_new_story(example, "status: bozza")
    page = example / "sostieni.md"
    with page.open("a", encoding="utf-8") as text:
        text.write("\nLeggi [del canarino](storie/2021-10-01-il-canarino.md).\n")

    said = [str(problem) for problem in read(example).problems]

    assert len(said) == 1
    assert said[0].startswith("sostieni.md, riga ")
    assert "che è ancora una bozza" in said[0]


def test_translation_waits_for_its_page(example):
    """What nobody may read in Italian, nobody may read in English."""
    (example / "en").mkdir()
    (example / "en" / "sostieni.md").write_text(
        "---\ntitle: Give\ndescription: How to give to the garden, in English.\n"
        "source_hash: 0123456789ab\ntranslated: 2026-11-01\n---\n\nHello.\n"
    )
    add_to(example, "sostieni.md", "status: bozza")

    reader = ContentReader(example, TODAY)
    reader.read()

    assert "en/sostieni.md" in reader.unpublished


def test_index_of_a_folder_may_not_be_a_draft(example):
    add_to(example, "storie/index.md", "status: bozza")

    said = [str(problem) for problem in read(example).problems]

    assert said == [
        "storie/index.md, riga 2: l'indice di una cartella non può essere una bozza: "
        "tutto il sito ci porta. Togli la riga."
    ]
