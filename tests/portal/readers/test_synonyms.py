"""The synonyms of the search: read as they are meant, and refused with their line."""

from pathlib import Path

import pytest

from portal.readers.synonyms import read_synonyms


def test_a_synonym_may_have_figures(example):
    """
    «5x1000» is what people type.
    """
    (example / "cerca-sinonimi.yml").write_text("5x1000: [sostieni]\n")

    assert read_synonyms(example) == ({"5x1000": ("sostieni",)}, [])


def test_synonyms_are_read_without_accents(example):
    """
    Who searches rarely types them.
    """
    (example / "cerca-sinonimi.yml").write_text("Comunità: [stare insieme]\n")

    assert read_synonyms(example) == ({"comunita": ("stare insieme",)}, [])


def test_no_file_is_no_synonyms(example):
    """
    The search works without.
    """
    assert read_synonyms(example) == ({}, [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("badante: assistente\n", 1),
        ("colf: [casa]\nbadante fissa: [casa]\n", 2),
        ("colf: []\n", 1),
        ("colf: [casa, [lavoro]]\n", 1),
        ("- badante\n", 1),
        ("colf: [casa\nbadante: [casa]\n", 2),
    ],
)
def test_a_slip_in_the_synonyms_is_named_with_its_line(example, text, line):
    """
    And with the way to write it.
    """
    (example / "cerca-sinonimi.yml").write_text(text)

    synonyms, problems = read_synonyms(example)

    assert synonyms == {}
    assert [(problem.path, problem.line) for problem in problems] == [("cerca-sinonimi.yml", line)]


@pytest.mark.parametrize(("encoding", "line"), [("cp1252", 2), ("utf-16", 1)])
def test_synonyms_in_another_encoding_are_named(example, encoding, line):
    """
    As any other file of the content is.
    """
    (example / "cerca-sinonimi.yml").write_bytes(
        "colf: [casa]\ncomunità: [casa]\n".encode(encoding)
    )

    synonyms, problems = read_synonyms(example)

    assert synonyms == {}
    assert [(problem.path, problem.line) for problem in problems] == [("cerca-sinonimi.yml", line)]


def test_the_synonyms_we_publish_are_right(tmp_path):
    """
    The real file, as the build reads it.
    """
    synonyms, problems = read_synonyms(Path(__file__).parents[3] / "content")

    assert problems == []
    assert synonyms["badante"] == ("assistente familiare", "famiglia e cura")
