"""`portal new`: a page that is ready to be filled in."""

import datetime
import shutil

import pytest

from portal.drafting import TYPES, draft_page
from portal.model.page import slug_of
from portal.readers.content import ContentReader

TODAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_new_page_of_each_type_has_nothing_to_mend(content, kind):
    """An editor starts from a page that stands, and sees at once what a change does to it."""
    before = ContentReader(content, TODAY)
    before.read()

    draft_page(content, kind, "Città: perché «no»?", TODAY)

    after = ContentReader(content, TODAY)
    after.read()
    assert after.problems == []
    assert after.pages_read == before.pages_read + 1


def test_a_new_story_carries_its_title_the_day_and_the_next_id(example, content):
    """The two stories of the example have the ids of their years; this is the first of 2026."""
    shutil.copytree(content / "_modelli", example / "_modelli")

    file = draft_page(example, "storia", "Città: perché «no»?", TODAY)
    second = draft_page(example, "storia", "Un'altra", TODAY)

    assert file.name == "2026-11-22-citta-perche-no.md"
    text = file.read_text(encoding="utf-8")
    assert '\ntitle: "Città: perché «no»?"\n' in text
    assert "\ndate: 2026-11-22\n" in text
    assert "\nid: st-2026-001\n" in text
    assert "\nid: st-2026-002\n" in second.read_text(encoding="utf-8")


def test_a_long_title_gives_a_short_name(content):
    """No disk takes a name of 300 letters, and nobody reads one out; the title stays whole."""
    title = " ".join(["parole"] * 60)

    file = draft_page(content, "storia", title, TODAY)
    word = draft_page(content, "bisogno", "a" * 300, TODAY)

    assert file.stem == "2026-11-22-" + "-".join(["parole"] * 10)
    assert f'\ntitle: "{title}"\n' in file.read_text(encoding="utf-8")
    assert word.stem == "a" * 70


def test_a_page_is_never_written_over_another(content):
    """The first page's text would be lost."""
    first = draft_page(content, "storia", "Due volte", TODAY)
    first.write_text("scritto a mano", encoding="utf-8")

    with pytest.raises(FileExistsError):
        draft_page(content, "storia", "Due volte", TODAY)

    assert first.read_text(encoding="utf-8") == "scritto a mano"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("L'officina che non chiude", "l-officina-che-non-chiude"),
        ("#OPcafé: più di 3.000!", "opcafe-piu-di-3-000"),
        ("L’orto – un anno dopo", "l-orto-un-anno-dopo"),
        ("«»", "senza-titolo"),
    ],
)
def test_a_title_becomes_an_address(title, slug):
    """Lower case, no accents, hyphens."""
    assert slug_of(title) == slug
