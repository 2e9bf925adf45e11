"""The folder a site is made in: one build's at a time, and nothing of a dead one stays in it."""

import threading

import pytest

from portal.building_folder import ASIDE, building_folder
from portal.site_folder import PlaceRefused


def never() -> None:
    raise AssertionError("there is nobody to wait for")


def test_it_is_empty_and_goes_with_the_build(tmp_path):
    """Whatever lies there was left by a build that was killed."""
    left = tmp_path / ".building-site"
    (left / "site" / "storie").mkdir(parents=True)
    (left / "campaigns.json").write_text("{}")

    with building_folder(tmp_path / "site", never) as folder:
        assert [one.name for one in folder.iterdir()] == ["lock"]
        (folder / "site").mkdir()

    assert list(tmp_path.iterdir()) == []


def test_a_site_that_a_dead_build_had_put_aside_is_back(tmp_path):
    """It was killed between the two steps that put the new one in its place."""
    aside = tmp_path / ".building-site" / ASIDE
    aside.mkdir(parents=True)
    (aside / "index.html").write_text("Il sito di prima")

    with pytest.raises(RuntimeError), building_folder(tmp_path / "site", never):
        raise RuntimeError("this build fails too")

    assert (tmp_path / "site" / "index.html").read_text() == "Il sito di prima"
    assert [one.name for one in tmp_path.iterdir()] == ["site"]


def test_a_second_build_waits_and_says_so_once(tmp_path):
    """And then finds nothing of the first one."""
    waiting, order = threading.Event(), []

    def second():
        with building_folder(tmp_path / "site", waiting.set) as folder:
            order.append(f"second: {[one.name for one in folder.iterdir()]}")

    thread = threading.Thread(target=second)
    with building_folder(tmp_path / "site", never) as folder:
        thread.start()
        assert waiting.wait(5)
        (folder / "site").mkdir()
        order.append("first")
    thread.join(5)

    assert order == ["first", "second: ['lock']"]
    assert list(tmp_path.iterdir()) == []


def test_sites_beside_each_other_are_made_at_once(tmp_path):
    """Only builds of the same site are in each other's way."""
    with building_folder(tmp_path / "site", never), building_folder(tmp_path / "prova", never):
        pass


def test_a_link_in_its_place_is_not_followed(tmp_path):
    """Everything where it leads would be deleted."""
    kept = tmp_path / "documenti" / "tesi.txt"
    kept.parent.mkdir()
    kept.write_text("Anni di lavoro")
    (tmp_path / ".building-site").symlink_to(kept.parent)

    with pytest.raises(PlaceRefused), building_folder(tmp_path / "site", never):
        pass

    assert kept.read_text() == "Anni di lavoro"
