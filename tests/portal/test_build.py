"""What stops a build, and what does not: the old site stays until the new one is whole."""

import gc
import weakref

import pytest

from portal.build import build_site
from portal.cli import main
from portal.readers.problem import ContentFaults
from portal.site_folder import PlaceRefused
from tests.portal.test_incremental import Project


def test_totals_that_do_not_read_leave_those_of_before(tmp_path):
    """Words can be mended while the sums cannot; without sums of before nothing is published."""
    project, totals = Project(tmp_path / "project"), tmp_path / "totals.json"
    totals.write_text("{")
    with pytest.raises(
        ContentFaults, match=r"totals\.json, riga 1: i totali delle donazioni non si leggono"
    ):
        build_site(
            project.folder / "site", totals_file=totals, project=project.folder, search_index=False
        )
    nothing = '{"gifts": 0, "confirmed_cents": 0, "pending_cents": 0, "costs_cents": 0}'
    good = (
        '{"version": 1, "mode": "live", "as_of": "2026-11-20T12:00:00+00:00", "currency": "eur", '
        f'"campaigns": {{}}, "total": {nothing}}}'
    )
    totals.write_text(good)
    build_site(
        project.folder / "site", totals_file=totals, project=project.folder, search_index=False
    )

    totals.write_text(good.replace('"live"', '"alive"'))
    rendering = build_site(
        project.folder / "site", totals_file=totals, project=project.folder, search_index=False
    )

    assert [notice.path for notice in rendering.notices] == ["totals.json"]
    assert rendering.site.totals.as_of.isoformat() == "2026-11-20T12:00:00+00:00"


def test_issue_that_would_not_arrive_is_not_published(tmp_path):
    """A letter cannot be mended once it has left."""
    project = Project(tmp_path / "project")
    project.build()
    before = project.site()
    letter = project.content / "newsletter" / "1.md"
    last = len(letter.read_text(encoding="utf-8").splitlines())
    with letter.open("a", encoding="utf-8") as issue:
        issue.write("\n#### Un titoletto\n\nLa raccolta è [qui](../sostieni.md).\n")

    with pytest.raises(ContentFaults) as faults:
        project.build()

    said = [str(problem) for problem in faults.value.problems]
    assert said == [
        f"newsletter/1.md, riga {last + 2}: il titolo «Un titoletto» salta un livello. Scrivilo con ## davanti",
        f"newsletter/1.md, riga {last + 4}: il link «qui» non dice dove porta. Scrivi che cosa si trova lì",
    ]
    assert project.site() == before


def test_whoever_is_to_be_told_of_a_weakness_is_named(tmp_path, monkeypatch):
    """In security.txt, once a person is; what is no contact stops the build with its line."""
    project = Project(tmp_path / "project")
    told = project.folder / "site" / ".well-known" / "security.txt"
    project.build()
    assert not told.exists()

    monkeypatch.setenv("SECURITY_CONTACT", "mailto:falle@esempio.it")
    project.build()
    assert told.read_text().startswith("Contact: mailto:falle@esempio.it\n")

    monkeypatch.setenv("SECURITY_CONTACT", "falle@esempio.it")
    with pytest.raises(
        ContentFaults, match=r"mkdocs\.yml, riga \d+: «falle@esempio\.it» non è un contatto"
    ):
        project.build()


def test_folder_of_something_else_is_left_alone(tmp_path):
    """Also by a preview, and before anything is made."""
    project = Project(tmp_path / "project")
    before = set(tmp_path.rglob("*"))

    for preview in (False, True):
        with pytest.raises(PlaceRefused):
            build_site(project.content, project=project.folder, preview=preview)

    assert set(tmp_path.rglob("*")) == before


def test_link_to_a_site_stays_a_link(tmp_path):
    """Who serves a site from another disk has one."""
    project = Project(tmp_path / "project")
    (tmp_path / "elsewhere").mkdir()
    (project.folder / "site").symlink_to(tmp_path / "elsewhere")

    for _ in range(2):
        project.build()

    assert (project.folder / "site").is_symlink()
    assert (tmp_path / "elsewhere" / "index.html").exists()


def test_refused_folder_is_said_in_words(tmp_path, capsys):
    """And not by what Python prints."""
    (tmp_path / "torte.jpg").write_bytes(b"")

    assert main(["build", "--out", str(tmp_path)]) == 1

    assert "altri file, che andrebbero persi" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["torte.jpg"]


def test_a_site_that_was_built_is_held_by_nobody(tmp_path):
    """MkDocs keeps its last configuration; a preview that runs all day would hold two sites at a time."""
    rendering = weakref.ref(Project(tmp_path / "project").build())

    gc.collect()

    assert rendering() is None
