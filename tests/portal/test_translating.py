"""A translation is level with its Italian page, or says that it is behind."""

import datetime
import re
import shutil
from pathlib import Path

import pytest

from portal.model.translation import LANGUAGES
from portal.readers.content import ContentReader
from portal.translating import NotMarked, mark_translated, translated_files

TODAY = datetime.date(2026, 11, 22)
REAL_WORDS = Path(__file__).parents[2] / "content" / "en" / "parole.yml"


@pytest.fixture
def content(example):
    """The example with one of its pages in English."""
    (example / "en").mkdir()
    shutil.copy(REAL_WORDS, example / "en" / "parole.yml")
    write_english(
        example,
        "luoghi/casa-verde.md",
        "title: Green House\ndescription: A room with windows on the garden.\n",
    )
    return example


def write_english(content, path, front_matter):
    """The page at *path* in English, marked as level with the Italian one."""
    page = content / "en" / path
    page.parent.mkdir()
    page.write_text(
        f"---\n{front_matter}source_hash: '000000000000'\n---\n\nThere is coffee too.\n",
        encoding="utf-8",
    )
    list(mark_translated(content, [page], TODAY))


def the_translation(content):
    """The one translation, and whether it is behind."""
    reader = ContentReader(content, TODAY)
    site = reader.read()
    assert reader.problems == []
    (translation,) = site.translations
    return translation, translation.is_behind


def test_a_marked_translation_is_level(content):
    """It stands at the same address inside its language's folder, and knows the day."""
    translation, behind = the_translation(content)

    assert translation.url == "en/luoghi/casa-verde/"
    assert translation.translated == TODAY
    assert not behind


@pytest.mark.parametrize(
    ("old", "new", "is_behind"),
    [
        ("C'è anche il caffè.", "C'è anche il tè.", True),
        ("title: Casa Verde", "title: Casa Gialla", True),
        ("description: Una stanza", "description: Due stanze", True),
        ("town: rho", "town: rho\naddress: via dell'Orto 1", True),
        ("town: rho", "town: rho\ndirections: Dal cortile, a destra.", True),
        ("town: rho", "town: rho\naddress_seen: 2025-04", True),
        ("town: rho", "town: rho\nopened: 2019-05", True),
        ("town: rho", "town: rho\nphone: 02 1234567", True),
        ("town: rho", "town: rho\nconfirmed: sì", True),
        ("opens: 10:30", "opens: 11:00", True),
        ("members: [orti-riuniti]", "members: []", False),
        ("C'è anche il caffè.", "C'è  anche\nil caffè.", False),
        ("{title: Quaderno dell'orto, date: s.d.}", "{title: Altro, date: 2020}", False),
    ],
)
def test_a_translation_is_behind_when_what_is_read_has_changed(content, old, new, is_behind):
    """Words, doors and hours count; line breaks, members and sources do not. A date would be bumped unread."""
    original = content / "luoghi" / "casa-verde.md"
    text = original.read_text(encoding="utf-8")
    assert old in text
    original.write_text(text.replace(old, new), encoding="utf-8")

    assert the_translation(content)[1] is is_behind


@pytest.fixture
def with_desk(content):
    """A need with a place of ours and desks of others, and what one finds there in English."""
    write_english(
        content,
        "bisogni/compagnia.md",
        "title: Company\ndescription: Who is there for you, and where.\n"
        "places:\n  - {place: casa-verde, description: In 2022 people dug together.}\n"
        "desks:\n  - {title: Banco nuovo, description: Ask on Mondays.}\n",
    )
    return content


def the_need(content):
    """The need in English."""
    reader = ContentReader(content, TODAY)
    site = reader.read()
    assert reader.problems == []
    return next(page for page in site.translations if page.original == "bisogni/compagnia/")


def refused(content):
    """Why nothing of *content* is published."""
    reader = ContentReader(content, TODAY)
    assert reader.read() is None
    return [str(problem) for problem in reader.problems]


def test_a_desk_says_in_each_language_what_it_is_for(with_desk):
    """Its name is what stands on the door, and stays as it is."""
    translation = the_need(with_desk)

    assert translation.found_at("Banco nuovo") == "Ask on Mondays."
    assert translation.found_at("Banco vecchio") is None
    assert not translation.is_behind


def test_a_place_says_in_each_language_what_it_has_for_a_need(with_desk):
    """What the place is besides, its own page says."""
    translation = the_need(with_desk)

    assert translation.found_in("casa-verde") == "In 2022 people dug together."
    assert translation.found_in("casa-rossa") is None


@pytest.mark.parametrize(
    ("old", "new", "is_behind"),
    [
        ("si zappava", "si cantava", True),
        ("del lunedì", "del martedì", True),
        ("2023-05", "2026-05", False),
        ("via del Pozzo 2", "via Blu 2", False),
    ],
)
def test_a_door_that_offers_something_else_leaves_its_translation_behind(
    with_desk, old, new, is_behind
):
    """Where it is and when it was seen there a translation takes from the Italian page."""
    need = with_desk / "bisogni" / "compagnia.md"
    text = need.read_text(encoding="utf-8")
    assert old in text
    need.write_text(text.replace(old, new), encoding="utf-8")

    assert the_need(with_desk).is_behind is is_behind


def test_another_number_to_call_leaves_a_translation_behind(with_desk):
    """A wrong number is worse than none."""
    need = with_desk / "bisogni" / "compagnia.md"
    text = need.read_text(encoding="utf-8")
    call = (
        "urgent:\n  - {title: Hai paura? Chiama il, phone: '1522', description: Giorno e notte.}\n"
    )
    need.write_text(text.replace("---\n", f"---\n{call}", 1), encoding="utf-8")

    assert the_need(with_desk).is_behind


def test_a_number_the_italian_page_does_not_have_is_said_with_its_line(with_desk):
    """Who is in danger calls what stands there."""
    page = with_desk / "en" / "bisogni" / "compagnia.md"
    call = (
        "urgent:\n  - {title: Are you afraid? Call, phone: '1532', description: Day and night.}\n"
    )
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("---\n", f"---\n{call}", 1), encoding="utf-8")

    assert refused(with_desk) == [
        "en/bisogni/compagnia.md, riga 3: il numero 1532 non è nella pagina italiana. "
        "Chi ha fretta lo chiamerebbe: scrivilo come lì, o toglilo."
    ]


def test_a_desk_the_italian_page_does_not_have_is_said_with_its_line(with_desk):
    """A name that was translated too would never be found on a door."""
    page = with_desk / "en" / "bisogni" / "compagnia.md"
    text = page.read_text(encoding="utf-8").replace("Banco nuovo", "Seed desk")
    page.write_text(text, encoding="utf-8")

    assert refused(with_desk) == [
        "en/bisogni/compagnia.md, riga 7: «Seed desk» non è fra gli sportelli della pagina italiana. "
        "Scrivi il nome come lì: «Banco vecchio», «Banco nuovo»"
    ]


def test_a_place_the_italian_page_does_not_send_to_is_said_with_its_line(with_desk):
    """Who reads it in English would be sent where nobody thought of them."""
    need = with_desk / "bisogni" / "compagnia.md"
    text = re.sub(r"places:\n.*\n", "", need.read_text(encoding="utf-8"))
    need.write_text(text, encoding="utf-8")

    assert refused(with_desk) == [
        "en/bisogni/compagnia.md, riga 5: «casa-verde» non è fra i luoghi della pagina italiana. "
        "Non ne ha: togli places."
    ]


def test_a_place_named_twice_under_a_need_is_said_with_its_line(with_desk):
    """Of two entries a reader would see one; whoever wrote the other would never know."""
    need = with_desk / "bisogni" / "compagnia.md"
    text = need.read_text(encoding="utf-8")
    again = "  - {place: casa-verde, description: Nel 2023 si annaffiava., seen: 2023-05}\n"
    need.write_text(text.replace("desks:\n", f"{again}desks:\n", 1), encoding="utf-8")

    assert refused(with_desk) == [
        "bisogni/compagnia.md, riga 10: «casa-verde» è già più su in places. "
        "Metti in una voce sola tutto quello che ci si trova."
    ]


def test_marking_twice_changes_nothing(content):
    """The day of the translation stays the day of the translation."""
    files = translated_files(content)

    assert list(mark_translated(content, files, datetime.date(2030, 1, 1))) == []
    assert the_translation(content)[0].translated == TODAY


def test_a_translation_of_nothing_is_a_problem(content):
    """A renamed Italian page leaves its translations behind; somebody must say so."""
    (content / "en" / "luoghi" / "casa-verde.md").rename(content / "en" / "luoghi" / "casa-blu.md")

    reader = ContentReader(content, TODAY)
    reader.read()

    assert [str(problem) for problem in reader.problems] == [
        "en/luoghi/casa-blu.md, riga 1: traduce «luoghi/casa-blu/», che in italiano non c'è. "
        "Dagli lo stesso nome di file."
    ]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("luoghi/casa-verde.md", "non è la traduzione di una pagina di content/"),
        ("en/luoghi", "non è la traduzione di una pagina di content/"),
        ("en/luoghi/casa-blu.md", "il file non c'è"),
        ("../altrove.md", "non è in content/"),
    ],
)
def test_only_a_translation_can_be_marked(content, file, said):
    """A slip of the command must not write into an Italian page; it is told how it is written."""
    (content.parent / "altrove.md").write_text("---\ntitle: Altrove\n---\n", encoding="utf-8")

    with pytest.raises(NotMarked) as refusal:
        list(mark_translated(content, [content / file], TODAY))

    assert str(refusal.value) == (
        f"{content / file}: {said}. Scrivi la pagina tradotta come la vedi lì, "
        "per esempio: content/en/index.md"
    )


def test_a_translation_that_is_no_text_is_not_marked(content):
    """Whoever saved it with another program reads which line it is."""
    (content / "en" / "luoghi" / "casa-verde.md").write_bytes(
        "---\ntitle: Café\n".encode("latin-1")
    )

    with pytest.raises(
        NotMarked, match=r"^en/luoghi/casa-verde\.md, riga 2: il file non è in UTF-8"
    ):
        list(mark_translated(content, translated_files(content), TODAY))


def test_arabic_is_written_from_right_to_left_and_easy_italian_is_italian():
    """`lang` and `dir` of each page follow from its folder."""
    assert (LANGUAGES["ar"].code, LANGUAGES["ar"].direction) == ("ar", "rtl")
    assert (LANGUAGES["facile"].code, LANGUAGES["facile"].direction) == ("it", "ltr")
