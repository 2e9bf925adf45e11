"""The folder a site is written to: what stands there already is left alone, and nothing else is taken for it."""

import os
from pathlib import Path

import pytest

from portal.memory import Recent
from portal.site_folder import PlaceRefused, SiteFolder, exchange, move_in, place_for_site

PAGE = "storie/una/index.html"


@pytest.fixture
def known() -> Recent:
    """What the builds of one preview know of the files."""
    return Recent()


def built(folder: Path, known: Recent, content: bytes, made_from: str) -> SiteFolder:
    """Build a site of one page into *folder*, as a preview does."""
    fresh = folder.with_name("fresh")
    fresh.mkdir()
    site = SiteFolder(fresh, folder, known)
    if not site.stands(PAGE, made_from):
        site.write(PAGE, content, made_from)
    folder.mkdir(exist_ok=True)
    move_in(fresh, folder, site.same)
    known.end_of_build()
    for path, _, _ in os.walk(fresh, topdown=False):
        os.rmdir(path)
    return site


def test_a_page_made_from_the_same_stands(tmp_path, known):
    """Its content is not even asked for."""
    site = tmp_path / "site"
    built(site, known, b"Una storia.", "a")

    built(site, known, b"never written", "a")

    assert (site / PAGE).read_bytes() == b"Una storia."


def test_a_page_made_from_something_else_is_written_again(tmp_path, known):
    """And stands from then on."""
    site = tmp_path / "site"
    built(site, known, b"Una storia.", "a")

    built(site, known, b"La stessa, con una frase.", "b")
    built(site, known, b"never written", "b")

    assert (site / PAGE).read_bytes() == b"La stessa, con una frase."


@pytest.mark.parametrize(
    "touch",
    [
        lambda page: page.write_bytes(b"Una favola!"),
        lambda page: page.unlink(),
        lambda page: (page.unlink(), page.write_bytes(b"Una favola!")),
    ],
    ids=["written over", "removed", "replaced"],
)
def test_a_page_somebody_touched_is_mended(tmp_path, known, touch):
    """Whoever edits the built site finds it as it should be after the next build."""
    site = tmp_path / "site"
    built(site, known, b"Una storia.", "a")
    touch(site / PAGE)

    built(site, known, b"Una storia.", "a")

    assert (site / PAGE).read_bytes() == b"Una storia."


def test_a_build_that_was_not_moved_in_is_not_taken_for_one_that_was(tmp_path, known):
    """It failed after writing the page: at its place the old one still stands."""
    site = tmp_path / "site"
    built(site, known, b"Una storia.", "a")
    SiteFolder(tmp_path / "lost", site, known).write(PAGE, b"Una storia nuova.", "b")

    built(site, known, b"Una storia nuova.", "b")

    assert (site / PAGE).read_bytes() == b"Una storia nuova."


def test_without_a_memory_nothing_stands_unread(tmp_path):
    """A build on its own reads what is there."""
    before = tmp_path / "site"
    (before / PAGE).parent.mkdir(parents=True)
    (before / PAGE).write_bytes(b"Una storia.")
    site = SiteFolder(tmp_path / "fresh", before)

    assert not site.stands(PAGE, "a")
    site.write(PAGE, b"Una storia.", "a")

    assert site.same == {PAGE}


@pytest.fixture
def project(tmp_path) -> Path:
    """A folder laid out as ours is, with a built site in it."""
    folder = tmp_path / "progetto"
    for name in ("content/storie", "theme", ".git", "site"):
        (folder / name).mkdir(parents=True)
    for name in ("_headers", "campaigns.json", "sitemap.xml"):
        (folder / "site" / name).write_bytes(b"")
    return folder


@pytest.mark.parametrize("out", ["..", ".", "content", "content/storie", "content/nuova", ".git"])
def test_a_site_never_takes_the_place_of_what_it_is_made_from(project, out):
    """One word too few after --out, and a year of writing would be gone."""
    with pytest.raises(PlaceRefused, match="qui non costruisco il sito"):
        place_for_site(project / out, project)


def test_a_site_takes_no_place_of_other_files(project, tmp_path):
    """Neither of a folder nor of a file."""
    photos = tmp_path / "foto"
    photos.mkdir()
    (photos / "torte.jpg").write_bytes(b"")

    with pytest.raises(PlaceRefused, match="altri file, che andrebbero persi"):
        place_for_site(photos, project)
    with pytest.raises(PlaceRefused, match="è un file, e il sito è una cartella"):
        place_for_site(photos / "torte.jpg", project)


def test_a_site_goes_where_nothing_is_or_a_site(project, tmp_path):
    """A link to such a place stays one."""
    (tmp_path / "vuota").mkdir()
    (tmp_path / "online").symlink_to(project / "site")

    for name in ("vuota", "nuova", "progetto/site", "progetto/nuova"):
        assert place_for_site(tmp_path / name, project) == tmp_path / name
    assert place_for_site(tmp_path / "online", project) == project / "site"


def test_a_link_to_a_source_is_no_way_around(project, tmp_path):
    """What counts is where it leads."""
    (tmp_path / "online").symlink_to(project / "content")

    with pytest.raises(PlaceRefused, match="i file da cui nasce il sito"):
        place_for_site(tmp_path / "online", project)


def test_an_exchange_that_fails_half_way_leaves_the_old_site(project, tmp_path):
    """Here because there is no new one."""
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "fresh", project / "site", tmp_path / "old")

    assert (project / "site" / "_headers").exists()
    assert not (tmp_path / "old").exists()
