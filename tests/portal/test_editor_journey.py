"""One story on its way, by the commands of the editors' guide and nothing else."""

import datetime
from io import BytesIO

import feedparser
import pytest
from PIL import Image

from tests.portal.desk import ROOT, Desk

THE_DAY = datetime.date(2026, 12, 1)
STORY = "content/storie/2026-11-22-una-festa-a-pregnana.md"


def photo_from_a_telephone() -> bytes:
    """A JPEG that says where it was taken, as telephones do."""
    picture = Image.effect_noise((1600, 1200), 40).convert("RGB")
    exif = picture.getexif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x0110] = "Telefono di Ada"
    into = BytesIO()
    picture.save(into, "JPEG", exif=exif)
    return into.getvalue()


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path / "checkout", ROOT / "tests/example_content")


def test_a_story_is_written_checked_previewed_scheduled_and_then_everywhere(desk, tmp_path):
    """With a picture; before its day nothing of it is out, on its day it is wherever it belongs."""
    printed = desk.portal("new", "storia", "Una festa a Pregnana")
    assert STORY in printed

    story = desk.write(
        STORY,
        description='"Tavoli in strada e torte dei vicini: una prova di scrittura."',
        actions="[]",
        places="[casa-verde]",
        members="[]",
        towns="[rho]",
    )
    front, _, _ = story.read_text(encoding="utf-8").rpartition("---\n")
    front = front.replace("Il nome di chi lo racconta", "Il giornale di prova")
    front = front.replace("https://www.esempio.it/articolo", "https://www.example.org/festa")
    text = "I tavoli stavano in strada.\n\n![Tre torte su un tavolo di legno](img/torte.jpg)\n"
    story.write_text(f"{front}---\n\n{text}", encoding="utf-8")
    pictures = story.parent / "img"
    pictures.mkdir(exist_ok=True)
    (pictures / "torte.jpg").write_bytes(photo_from_a_telephone())
    (pictures / "torte.yml").write_text('credit: "Foto: di prova, 2026"\npeople: no\n')

    checked = desk.portal("check", STORY)
    assert "Da correggere" not in checked

    desk.portal("build", "--preview", "--out", str(tmp_path / "preview"))
    seen = tmp_path / "preview" / "storie" / story.stem / "index.html"
    assert "BOZZA" in seen.read_text(encoding="utf-8")

    desk.write(STORY, status="", publish_from=THE_DAY.isoformat())
    assert "martedì 1° dicembre 2026: esce «Una festa a Pregnana»" in desk.portal("calendar")
    desk.portal("build", "--out", str(tmp_path / "before"))
    assert not [
        file
        for file in (tmp_path / "before").rglob("*")
        if "festa-a-pregnana" in file.as_posix() or "torte" in file.name
    ]

    desk.portal("new", "numero", "La lettera di dicembre", on=THE_DAY)
    letter = desk.write(
        "content/newsletter/2.md",
        description='"Una festa in strada, e chi ha portato le torte."',
        stories=f"[{story.stem}]",
        campaign="zappe-nuove",
        status="",
    )
    front, _, _ = letter.read_text(encoding="utf-8").rpartition("---\n")
    letter.write_text(f"{front}---\n\nA Pregnana c'era il sole.\n", encoding="utf-8")
    site = tmp_path / "site"
    desk.portal("build", "--out", str(site), on=THE_DAY)
    page = (site / "storie" / story.stem / "index.html").read_text(encoding="utf-8")
    assert 'alt="Tre torte su un tavolo di legno"' in page
    assert "Foto: di prova, 2026" in page
    assert "BOZZA" not in page
    assert story.stem in (site / "storie" / "index.html").read_text(encoding="utf-8")
    assert story.stem in (site / "luoghi/casa-verde/index.html").read_text(encoding="utf-8")
    for form in ("rss", "atom"):
        feeds = [feedparser.parse(feed.read_bytes()) for feed in site.rglob(f"feed.{form}")]
        telling = [feed for feed in feeds if any(story.stem in one.link for one in feed.entries)]
        assert len(telling) == 3, "the feeds of all news, of all stories and of the place"
    assert all(b"Telefono di Ada" not in file.read_bytes() for file in site.rglob("*torte*"))
    assert story.stem in (site / "newsletter/2/index.html").read_text(encoding="utf-8")

    desk.portal("newsletter", "2", "--to", str(tmp_path / "letters"), on=THE_DAY)
    sent = (tmp_path / "letters" / "newsletter-2.txt").read_text(encoding="utf-8")
    assert "Una festa a Pregnana" in sent

    desk.portal("social", story.stem, "--to", str(tmp_path / "social"), on=THE_DAY)
    [said] = (tmp_path / "social").glob("*.txt")
    assert "Una festa a Pregnana" in said.read_text(encoding="utf-8")
    assert list((tmp_path / "social").glob("*.png"))
