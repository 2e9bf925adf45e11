"""`portal import`: an export becomes drafts that stand, all of them or none."""

import base64
import datetime
import io
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from portal.cli import main
from portal.importing.blogger import read_blogger
from portal.importing.export_file import UnreadableExport
from portal.importing.importer import Importer
from portal.importing.labels import LabelFaults, Labels, read_labels
from portal.importing.pictures import Pictures
from portal.importing.report import Report
from portal.importing.wordpress import read_wordpress
from portal.readers.content import ContentReader
from tests.portal.importing.exports import (
    SITE,
    blogger_entry,
    blogger_file,
    takeout_entry,
    wordpress_file,
    wordpress_item,
)

TODAY = datetime.date(2026, 11, 22)
NAMES = {
    "azioni": {"orto": "L'orto di tutti"},
    "luoghi": {"casa-verde": "Casa Verde"},
    "rete": {"orti-riuniti": "Orti Riuniti"},
    "comuni": {"rho": "Rho"},
}
TEXT = "Un sabato di marzo abbiamo piantato le zucche, in tanti e con gli stivali. Poi è piovuto."


def run_import(
    file: Path, content: Path, system=read_blogger, pictures=None, labels=None
) -> Report:
    """Import *file* into the stories of *content*."""
    return Importer(
        partial(system, file, ""),
        content,
        content / "storie",
        labels or read_labels(None, NAMES),
        Pictures(pictures),
        "Il vecchio blog",
    ).run()


def files_of(content: Path) -> dict[str, bytes]:
    """Every file of the stories, hidden ones too."""
    return {
        file.name: file.read_bytes() for file in (content / "storie").rglob("*") if file.is_file()
    }


def picture(place: bool = False) -> bytes:
    """A small JPEG; with *place*, one that says where it was taken."""
    image, written = Image.new("RGB", (3, 2)), io.BytesIO()
    exif = image.getexif()
    if place:
        exif.get_ifd(0x8825)[1] = "N"
    image.save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_a_post_becomes_a_draft_with_everything_a_machine_can_know(example, tmp_path):
    """The id goes on from the one of the example's story of 2020; the old address leads here."""
    entry = blogger_entry(
        'Le "zucche": prima', f"<p>{TEXT}</p>", "/2020/05/zucche.html", "2020-05-02T23:30:00Z",
        labels=("Casa verde", "RHO", "Varie"),
    )  # fmt: skip
    report = run_import(blogger_file(tmp_path, entry), example)

    assert (example / "storie/2020-05-03-le-zucche-prima.md").read_text("utf-8") == (
        "---\n"
        "id: st-2020-002\n"
        'title: "Le \\"zucche\\": prima"\n'
        f'description: "{TEXT}"\n'
        "date: 2020-05-03\n"
        "places: [casa-verde]\n"
        "towns: [rho]\n"
        'old_urls: ["2020/05/zucche.html"]\n'
        "sources:\n"
        '  - title: "Il vecchio blog"\n'
        f'    url: "{SITE}/2020/05/zucche.html"\n'
        "    date: 2020-05-03\n"
        "real_person: no\n"
        "status: bozza\n"
        "---\n"
        "\n"
        f"{TEXT}\n"
    )
    assert report.made[0].unknown_labels == ("Varie",)
    assert "l'etichetta «Varie» non ha un posto: scrivilo tu nei campi" in report.made[0].notes


def test_what_is_imported_has_nothing_to_mend(example, tmp_path):
    """Odd titles, no text, no title, another century: each is a draft the check has no word against."""
    file = blogger_file(
        tmp_path,
        blogger_entry("Ü: #1 'x' \\ {a} [b]", "x" * 500, "/2020/05/a.html"),
        blogger_entry("", "", "/2020/05/b.html"),
        blogger_entry("Titolo " * 40, "- a<br># b<br>1. c", "/2020/05/c.html", "1999-12-31T22:00:00Z"),
        blogger_entry("Bozza", TEXT, more="<app:control><app:draft>yes</app:draft></app:control>"),
    )  # fmt: skip

    report = run_import(file, example)

    reader = ContentReader(example, TODAY, preview=True)
    assert reader.read() is not None
    assert (reader.problems, reader.draft_problems) == ([], [])
    assert len(report.made) == 4


def test_running_twice_makes_nothing_twice(example, tmp_path):
    """Posts are known again by their old address, also when an editor has renamed the file and told it anew."""
    file = blogger_file(
        tmp_path,
        blogger_entry("Uno", TEXT, "/2020/05/uno.html"),
        blogger_entry("Uno", TEXT, "/2020/05/uno_1.html"),
        blogger_entry("Uno", TEXT),
    )
    run_import(file, example)
    moved = example / "storie/2020-03-07-riscritta.md"
    (example / "storie/2020-03-07-uno.md").rename(moved)
    before = files_of(example)

    report = run_import(file, example)

    assert (report.made, len(report.known)) == ((), 3)
    assert files_of(example) == before


def test_a_file_that_is_there_is_never_written_over(example, tmp_path):
    """A story of the same name is somebody's work; the imported one takes another name."""
    mine = example / "storie/2020-03-07-uno.md"
    mine.write_text("scritta a mano", encoding="utf-8")

    run_import(blogger_file(tmp_path, blogger_entry("Uno", TEXT, "/2020/05/uno.html")), example)

    assert mine.read_text(encoding="utf-8") == "scritta a mano"
    assert (example / "storie/2020-03-07-uno-2.md").exists()


def test_links_between_posts_lead_to_the_new_files(example, tmp_path):
    """Whichever country of Blogspot they were written with; other links stay."""
    body = (
        "<a href='https://vecchio-orto.blogspot.it/2020/05/due.html?m=1#x'>due</a> "
        "<a href='/2020/05/due.html'>due</a> <a href='http://altrove.invalid/2020/05/due.html'>altrove</a>"
    )
    file = blogger_file(
        tmp_path,
        blogger_entry("Uno", body, "/2020/05/uno.html"),
        blogger_entry("Due", TEXT, "/2020/05/due.html"),
    )

    run_import(file, example)

    text = (example / "storie/2020-03-07-uno.md").read_text("utf-8")
    assert text.endswith(
        "[due](2020-03-07-due.md) [due](2020-03-07-due.md) "
        "[altrove](http://altrove.invalid/2020/05/due.html)\n"
    )


def test_comments_pages_templates_and_the_bin_are_left_out(example, tmp_path):
    """Pages are named in the report; comments are counted, and not a word of them is anywhere."""
    file = blogger_file(
        tmp_path,
        blogger_entry("Un commento", "Parole di altri", "/c", more="<thr:in-reply-to ref='x'/>"),
        blogger_entry("Altro commento", "Parole di altri", "/c", kind="comment"),
        blogger_entry("Il modello", "x", kind="template"),
        blogger_entry("Chi siamo", TEXT, "/p/chi.html", kind="page"),
        blogger_entry("Senza giorno", TEXT, "/strano.html", "boh"),
        takeout_entry("Buttato", TEXT, "/2020/05/b.html", status="SOFT_TRASHED"),
    )

    report = run_import(file, example)

    assert report.made == ()
    assert report.comments == 2
    assert [(left.line, left.title) for left in report.left_out] == [
        (7, "Chi siamo"),
        (8, "Senza giorno"),
        (9, "Buttato"),
    ]
    assert "Parole di altri" not in report.in_italian()


def test_the_export_of_today_is_read_as_well(example, tmp_path):
    """It has no host: the old address comes from `--site`. The month of a post without a day is in its path."""
    file = blogger_file(tmp_path, takeout_entry("Orto", TEXT, "/2020/03/orto.html", status="DRAFT"))

    [entry] = read_blogger(file, f"{SITE}/")

    assert (entry.address, entry.date, entry.labels) == (
        f"{SITE}/2020/03/orto.html",
        "2020-03-08",
        ("Orto",),
    )
    assert not entry.was_public


def test_a_post_without_a_day_has_the_month_of_its_address(example, tmp_path):
    """Blogger puts it there; a story may be known to the month alone."""
    file = blogger_file(tmp_path, blogger_entry("Uno", TEXT, "/2019/11/uno.html", date="boh"))

    run_import(file, example)

    text = (example / "storie/2019-11-uno.md").read_text("utf-8")
    assert "id: st-2019-001\n" in text
    assert "\ndate: 2019-11\n" in text


def test_a_year_has_room_for_999_stories(example, tmp_path):
    """An id is never given twice: what finds no place is named, and the others are made."""
    story = (example / "storie/2020-03-07-prima-zappata.md").read_text("utf-8")
    last = story.replace("st-2020-001", "st-2020-998")
    (example / "storie/2020-03-07-ultima.md").write_text(last, encoding="utf-8")
    file = blogger_file(
        tmp_path, *[blogger_entry(f"N. {n}", TEXT, f"/2020/03/{n}.html") for n in range(2)]
    )

    report = run_import(file, example)

    assert [made.title for made in report.made] == ["N. 0"]
    assert [left.reason for left in report.left_out] == [
        "il 2020 ha già 999 storie: i codici sono finiti"
    ]


def test_a_story_that_was_written_from_the_same_post_is_told(example, tmp_path):
    """An editor told it already, and named the post as a source: two stories of one thing are one too many."""
    story = example / "storie/2020-03-07-prima-zappata.md"
    source = "{title: Il blog, url: 'https://vecchio-orto.blogspot.it/2020/03/zappata.html', "
    text = story.read_text("utf-8").replace("{title: Quaderno dell'orto, ", source)
    story.write_text(text, encoding="utf-8")
    file = blogger_file(tmp_path, blogger_entry("Zappata", TEXT, "/2020/03/zappata.html"))

    report = run_import(file, example)

    told = "forse c'è già: 2020-03-07-prima-zappata.md ha questa fonte. Tieni una storia sola"
    assert told in report.made[0].notes


def test_a_wordpress_export_becomes_drafts_without_its_comments(example, tmp_path):
    """Blank lines make paragraphs, the caption's code goes, a code nobody knows is told."""
    body = (
        "Uno\ndue\n\n<strong>tre</strong>\n"
        '[caption id="a"]<img src="http://v.invalid/f.jpg" alt="Noi"/> Noi[/caption]\n\n'
        '[gallery ids="1,2"]'
    )
    file = wordpress_file(
        tmp_path,
        wordpress_item("Zucche", body, "http://v.invalid/blog/zucche-caff%C3%A8/", labels=("Orto",)),
        wordpress_item("Bozza", TEXT, "http://v.invalid/?p=12", status="draft"),
        wordpress_item("Chi siamo", TEXT, "http://v.invalid/chi/", kind="page"),
        wordpress_item("Foto", "", "http://v.invalid/f/", kind="attachment", status="inherit"),
    )  # fmt: skip

    report = run_import(file, example, read_wordpress)

    text = (example / "storie/2020-03-07-zucche.md").read_text("utf-8")
    assert 'old_urls: ["blog/zucche-caffè/"]\n' in text
    assert "actions: [orto]\n" in text
    assert text.endswith(
        'Uno  \ndue\n\n**tre** \\[Foto da mettere: Noi\\] Noi\n\n\\[gallery ids="1,2"\\]\n'
    )
    assert [made.file for made in report.made] == ["2020-03-07-bozza.md", "2020-03-07-zucche.md"]
    assert 'nel testo è rimasto un codice di WordPress: [gallery ids="1,2"]' in report.made[1].notes
    assert "Parole di altri" not in "".join(map(str, files_of(example).values()))
    assert run_import(file, example, read_wordpress).made == ()


def test_pictures_come_from_the_folder_or_from_inside_never_from_the_network(example, tmp_path):
    """One is found by its name, one is in the text itself; the third is only named, and its place kept."""
    (tmp_path / "foto/2020").mkdir(parents=True)
    (tmp_path / "foto/2020/La zucca.JPG").write_bytes(picture(place=True))
    (tmp_path / "foto/finta.jpg").write_text("non sono una foto")
    inside = base64.b64encode(picture()).decode()
    body = (
        "<img src='http://b.invalid/s320/La+zucca.JPG' alt='La zucca'>"
        f"<p><img src='data:image/jpeg;base64,{inside}'></p>"
        "<p><img src='http://b.invalid/lontana.jpg'> <img src='http://b.invalid/finta.jpg'></p>"
    )

    report = run_import(
        blogger_file(tmp_path, blogger_entry("Uno", body, "/2020/05/uno.html")),
        example,
        pictures=tmp_path / "foto",
    )

    assert files_of(example)["2020-03-07-uno-1.jpg"] == picture(place=True)
    assert files_of(example)["2020-03-07-uno-2.jpg"] == picture()
    text = (example / "storie/2020-03-07-uno.md").read_text("utf-8")
    assert text.endswith(
        "![La zucca](2020-03-07-uno-1.jpg)\n\n![](2020-03-07-uno-2.jpg)\n\n"
        "\\[Foto da mettere\\] \\[Foto da mettere\\]\n"
    )
    notes = "\n".join(report.made[0].notes)
    assert "la foto 2020-03-07-uno-1.jpg dice dove è stata scattata" in notes
    assert "la foto 2020-03-07-uno-2.jpg non ha una descrizione" in notes
    assert (
        "foto da mettere: http://b.invalid/lontana.jpg (non è nella cartella delle foto)" in notes
    )
    assert (
        "foto da mettere: http://b.invalid/finta.jpg (il file non è una foto, o è rovinato)"
        in notes
    )


def test_addresses_and_numbers_of_people_are_told(example, tmp_path):
    """A person decides whether they stay. Dates, years and sums are not telephone numbers."""
    body = (
        "Scrivi ad anna.prova@esempio.invalid o chiama il 02 1234 5678, il +39 333 123 4567 o 3331234567. "
        "Il 12-05-2016 e nel 2015-2018 c'erano 20.000 famiglie e 12.345,67 euro."
    )

    report = run_import(
        blogger_file(tmp_path, blogger_entry("Uno", body, "/2020/05/uno.html")), example
    )

    assert [note for note in report.made[0].notes if note.endswith("può restare?")] == [
        "nel testo c'è anna.prova@esempio.invalid: può restare?",
        "nel testo c'è 02 1234 5678: può restare?",
        "nel testo c'è +39 333 123 4567: può restare?",
        "nel testo c'è 3331234567: può restare?",
    ]


def test_a_label_means_what_the_table_says(tmp_path):
    """The table wins over the names, and an empty meaning is no question any more."""
    table = tmp_path / "etichette.yml"
    table.write_text('"Casa Verde": {towns: [rho]}\n"Varie": {}\n', encoding="utf-8")

    fields, unknown = read_labels(table, NAMES).of(["casa verde", "VARIE", "L'orto di tutti", "no"])

    assert fields == {"towns": ("rho",), "actions": ("orto",)}
    assert unknown == ("no",)


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ('"Uno": {}\n"Casa": {luoghi: [casa-verde]}\n', 2, "non si capisce che cosa vuol dire «Casa»"),
        ('"Casa": {places: [casa-rossa]}\n', 1, "«Casa» porta a «casa-rossa», che non c'è fra luoghi"),
        ('"Casa": casa-verde\n', 1, "non si capisce che cosa vuol dire «Casa»"),
        ("- Casa\n", 1, "ogni riga è un'etichetta"),
        ('"Casa": {places: [casa-verde}\n', 1, "l'intestazione non si legge"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_table_of_labels_is_told_with_its_line(tmp_path, table, line, said):
    """Nothing is imported before it is mended."""
    file = tmp_path / "etichette.yml"
    file.write_text(table, encoding="utf-8")

    with pytest.raises(LabelFaults) as caught:
        read_labels(file, NAMES)

    assert [problem.line for problem in caught.value.problems] == [line]
    assert said in str(caught.value)


BOMB = '<!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><feed>&b;</feed>'
OUTSIDE = '<!DOCTYPE feed SYSTEM "file:///etc/passwd"><feed/>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "riga 1: non è un file XML"),
        (b"PK\x03\x04zip", "riga 1: non è un file XML"),
        (b"Caro blog", "riga 1: non è un file XML"),
        (BOMB.encode(), "riga 1: c'è una dichiarazione <!DOCTYPE>"),
        (BOMB.encode("utf-16"), "riga 1: c'è una dichiarazione <!DOCTYPE>"),
        (OUTSIDE.encode(), "riga 1: c'è una dichiarazione <!DOCTYPE>"),
        (b"<?xml version='1.0' encoding='marziano'?><feed/>", "riga 1: "),
        (b"<html><body/></html>", "il file comincia con <html>: non è un'esportazione"),
        (b"<rss version='2.0'><channel/></rss>", "Prova così: portal import wordpress FILE.xml"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>", "non c'è niente di Blogger"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>\n<a>&x;</a></feed>", "riga 2: l'XML non si legge"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>\n<a>\x07</a></feed>", "riga 2: l'XML non si legge"),
    ],
)  # fmt: skip
def test_what_is_no_export_is_named_and_explained(tmp_path, content, said):
    """No entity is ever expanded, no other file opened."""
    file = tmp_path / "export.atom"
    file.write_bytes(content)

    with pytest.raises(UnreadableExport) as caught:
        list(read_blogger(file))

    assert str(caught.value).startswith("export.atom")
    assert said in str(caught.value)


@pytest.mark.parametrize("kept", [200, 700, 1_500, 2_000])
def test_an_export_that_is_cut_writes_nothing(example, tmp_path, kept):
    """Wherever it was cut: the stories before the cut wait for the whole file."""
    entries = [blogger_entry(f"N. {n}", TEXT, f"/2020/05/{n}.html") for n in range(9)]
    file = blogger_file(tmp_path, *entries)
    file.write_bytes(file.read_bytes()[:kept])
    before = files_of(example)

    with pytest.raises(UnreadableExport) as caught:
        run_import(file, example)

    assert "il file è tagliato" in str(caught.value)
    assert files_of(example) == before


def test_when_one_file_cannot_be_put_in_place_none_is(example, tmp_path):
    """A folder stands where the second story's picture should be: the first story is taken back."""
    inside = base64.b64encode(picture()).decode()
    file = blogger_file(
        tmp_path,
        blogger_entry("Alfa", TEXT, "/2020/05/a.html"),
        blogger_entry("Beta", f"<img src='data:image/jpeg;base64,{inside}'>", "/2020/05/b.html"),
    )
    (example / "storie/2020-03-07-beta-1.jpg").mkdir()
    before = files_of(example)

    with pytest.raises(FileExistsError):
        run_import(file, example)

    assert files_of(example) == before


def test_a_folder_made_for_an_import_that_fails_is_taken_away(example, tmp_path):
    """The export is cut between the first reading and the second: as if nothing had been tried."""
    file = blogger_file(
        tmp_path, *[blogger_entry(f"N. {n}", TEXT, f"/2020/05/{n}.html") for n in range(3)]
    )
    readings = []

    def read():
        readings.append(file)
        if len(readings) == 2:
            file.write_bytes(file.read_bytes()[:-300])
        return read_blogger(file)

    to = tmp_path / "nuova" / "storie"

    with pytest.raises(UnreadableExport):
        Importer(read, example, to, Labels({}), Pictures(None), "Il vecchio blog").run()

    assert not (tmp_path / "nuova").exists()


def test_a_large_export_is_read_with_little_memory(tmp_path):
    """Sixty megabytes of posts: one is in memory at a time, and the measure is of the whole process."""
    file = blogger_file(tmp_path, *[blogger_entry("x", "parola " * 20_000, "/a.html")] * 430)
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from portal.importing.blogger import read_blogger\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(sum(1 for _ in read_blogger(Path(sys.argv[1]))))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )

    said = subprocess.run(
        [sys.executable, "-c", program, str(file)], capture_output=True, text=True, check=True
    ).stdout.split()

    assert file.stat().st_size > 60_000_000
    assert said[0] == "430"
    assert int(said[1]) < 30_000


def test_the_command_writes_drafts_and_the_report(tmp_path, capsys):
    """With the real pages and the real table of labels: «Call for House» is of the action Smart House."""
    file = blogger_file(
        tmp_path, blogger_entry("Uno", TEXT, "/2020/05/uno.html", labels=("Call for House",))
    )
    arguments = ["import", "blogger", str(file), "--to", str(tmp_path / "nuove")]

    assert main([*arguments, "--report", str(tmp_path / "resoconto.txt")]) == 0

    said = capsys.readouterr().out
    assert said.startswith("1 storia nuova in bozza, con 0 foto.\n")
    assert (tmp_path / "resoconto.txt").read_text("utf-8") in said
    text = (tmp_path / "nuove/2020-03-07-uno.md").read_text("utf-8")
    assert "\nactions: [smart-house]\n" in text


def test_the_command_explains_what_it_cannot_read(tmp_path, capsys):
    """A file of the wrong kind: which, why, what to do; and nothing is written."""
    file = wordpress_file(tmp_path)

    assert main(["import", "blogger", str(file), "--to", str(tmp_path / "nuove")]) == 1

    assert capsys.readouterr().err == (
        "wordpress.xml: è un file RSS, come quelli di WordPress. "
        "Prova così: portal import wordpress FILE.xml\nNon ho scritto nulla.\n"
    )
    assert not (tmp_path / "nuove").exists()
