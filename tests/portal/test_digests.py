"""Whether a folder of files is the same, whoever has one of them open."""

import os

import pytest

from portal.digests import digest_of_files


@pytest.fixture
def theme(tmp_path):
    """A folder with a template."""
    folder = tmp_path / "theme"
    folder.mkdir()
    (folder / "page.html").write_text("<h1>")
    return folder


def test_a_changed_or_a_new_file_makes_another_digest(theme):
    """By name and by content."""
    digests = {digest_of_files([theme])}
    (theme / "page.html").write_text("<h2>")
    digests.add(digest_of_files([theme]))
    (theme / "list.html").write_text("<ul>")
    digests.add(digest_of_files([theme]))

    assert len(digests) == 3


def test_what_an_editor_keeps_beside_an_open_file_does_not_count(theme):
    """Emacs locks with a link that leads nowhere, others leave a backup; a pipe is no file."""
    before = digest_of_files([theme])
    (theme / ".#page.html").symlink_to("ada@orto.1234")
    (theme / "broken.html").symlink_to("nowhere.html")
    (theme / ".page.html.swp").write_bytes(b"")
    (theme / "page.html~").write_text("<h3>")
    os.mkfifo(theme / "pipe.html")

    assert digest_of_files([theme]) == before
