"""What the editor may do to the content folder, and what it may not."""

import base64
import datetime
import errno
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from portal.admin.backend import Backend
from portal.admin.folder import EditableFolder, Refused

TODAY = datetime.date(2026, 11, 22)
STORY = "storie/2020-03-07-prima-zappata.md"


@pytest.fixture
def backend(example):
    """The answers for a copy of the example content."""
    return Backend(example, "http://127.0.0.1:8000/", "/admin/api", lambda: TODAY)


def ask(backend, action, **params):
    return backend.answer({"action": action, "params": {"branch": "-", **params}})


def opened(backend, path=STORY) -> dict:
    """The values of a page, as a form has them."""
    return json.loads(ask(backend, "getEntry", path=path)["data"])


def save(backend, path, entry, assets=()):
    data = {"slug": "x", "path": path, "raw": json.dumps(entry, indent=2) + "\n"}
    return ask(backend, "persistEntry", dataFiles=[data], assets=list(assets), options={})


def picture(path, colour="green", kind="JPEG") -> dict:
    """A picture as Decap sends one."""
    file = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(file, kind)
    return {
        "path": path,
        "content": base64.b64encode(file.getvalue()).decode(),
        "encoding": "base64",
    }


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_collection_lists_its_pages_and_not_its_index(backend):
    """The index is a page of its own, with other fields."""
    entries = ask(backend, "entriesByFolder", folder="storie", extension="md", depth=1)

    assert [entry["file"]["path"] for entry in entries] == [
        STORY,
        "storie/2021-09-11-le-zucche.md",
    ]
    assert json.loads(entries[0]["data"])["id"] == "st-2020-001"


def test_a_page_that_cannot_be_read_does_not_hide_the_others(backend, example):
    """It is listed by its name; opened, it says what is wrong with it, and nothing of it is lost."""
    broken = "storie/2021-09-11-le-zucche.md"
    (example / broken).write_text("---\ntitle: Zucche: tante\n---\n", encoding="utf-8")

    _, listed = ask(backend, "entriesByFolder", folder="storie", extension="md", depth=1)

    assert json.loads(listed["data"])["title"] == f"{broken}: non si legge, va corretto nel file"
    with pytest.raises(Refused, match=r"riga 2: .* due volte i due punti"):
        ask(backend, "getEntry", path=broken)
    with pytest.raises(Refused):
        save(backend, broken, json.loads(listed["data"]))
    assert (example / broken).read_text(encoding="utf-8").endswith("Zucche: tante\n---\n")
    assert broken in str(backend.configuration())


class OthersFolder(EditableFolder):
    """A content folder in which one file belongs to somebody else, who keeps it to himself."""

    def file(self, path):
        file = super().file(path)
        return Locked(file) if path in (STORY, "rete/comuni.yml", "luoghi/img/orto.jpg") else file


class Locked(type(Path())):
    """A file that this user cannot read."""

    def read_bytes(self):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))


def test_a_file_that_does_not_open_does_not_hide_the_others(example, backend):
    """It may be another user's; it is listed by its name, and opened it says why it cannot be."""
    asset = picture("luoghi/img/orto.jpg")
    ask(backend, "persistMedia", asset=asset, options={})
    ask(backend, "persistMedia", asset=picture("luoghi/img/casa.jpg", "red"), options={})
    backend.folder = backend.photos.folder = OthersFolder(example)

    entries = ask(backend, "entriesByFolder", folder="storie", extension="md", depth=1)
    photos = ask(backend, "getMedia", mediaFolder="luoghi/img")

    assert [json.loads(entry["data"])["title"] for entry in entries] == [
        f"{STORY}: non si legge, va corretto nel file",
        "Le zucche & i fagioli",
    ]
    assert [photo["name"] for photo in photos] == ["casa.jpg"]
    with pytest.raises(Refused, match=f"^{STORY} non si apre: forse il tuo utente"):
        ask(backend, "getEntry", path=STORY)
    assert "2021-09-11-le-zucche" in str(backend.configuration())


def test_a_page_in_another_encoding_keeps_no_new_one_from_its_code(example, backend):
    """The ids that were given are read from all pages, whatever else is wrong with them."""
    with (example / STORY).open("ab") as file:
        file.write("città".encode("latin-1"))

    save(backend, "storie/2020-12-01-neve.md", {"title": "Neve", "date": "2020-12-01"})

    assert opened(backend, "storie/2020-12-01-neve.md")["id"] == "st-2026-001"


def test_two_formats_of_a_photo_have_one_owner(backend):
    """What is written beside them is one file."""
    for ending in ("jpg", "png"):
        asset = picture(f"storie/img/orto.{ending}", kind="PNG")
        ask(backend, "persistMedia", asset=asset, options={})

    photos = next(one for one in backend.configuration()["collections"] if one["name"] == "foto")

    assert [file["file"] for file in photos["files"]] == ["storie/img/orto.yml"]


def test_a_save_writes_one_file(backend, example):
    """And nothing beside it: no copy, no half."""
    before = files_of(example)

    save(backend, STORY, {**opened(backend), "title": "La seconda zappata", "_tab": "a"})

    after = files_of(example)
    changed = [name for name in after if after[name] != before.get(name)]
    assert changed == [str(example / STORY)]
    assert len(after) == len(before)
    assert b"La seconda zappata" in after[changed[0]]


def test_a_save_that_changes_nothing_leaves_the_file_alone(backend, example):
    """The preview would build the site again for nothing."""
    before = (example / STORY).stat()

    save(backend, STORY, opened(backend))

    assert (example / STORY).stat().st_mtime_ns == before.st_mtime_ns
    assert (example / STORY).stat().st_ino == before.st_ino


def test_one_window_saves_as_often_as_it_likes(backend, example):
    """Decap does not read a page again after it has saved it."""
    entry = {**opened(backend), "_tab": "a"}

    for title in ("Uno, per cominciare", "Due", "Uno, per cominciare"):
        save(backend, STORY, {**entry, "title": title})

    assert b'"Uno, per cominciare"' in (example / STORY).read_bytes()


def test_two_windows_do_not_write_over_each_other(backend, example):
    """What the first has saved is not what the second has seen."""
    entry = opened(backend)
    save(backend, STORY, {**entry, "title": "La prima", "_tab": "a"})

    with pytest.raises(Refused, match="è cambiato mentre lo scrivevi"):
        save(backend, STORY, {**entry, "title": "La seconda", "_tab": "b"})

    assert b"La prima" in (example / STORY).read_bytes()


def test_what_was_changed_by_hand_meanwhile_is_not_lost(backend, example):
    """The form and a text editor are open at once more often than one thinks."""
    entry = opened(backend)
    file = example / STORY
    file.write_text(file.read_text(encoding="utf-8") + "\nA mano.\n", encoding="utf-8")

    with pytest.raises(Refused, match="ricarica la pagina"):
        save(backend, STORY, {**entry, "title": "Dal modulo"})

    assert file.read_text(encoding="utf-8").endswith("A mano.\n")


def test_a_new_story_gets_the_name_and_the_id_that_the_command_would_give(backend, example):
    """A page's address is a promise: it may not depend on where the page was written."""
    name = ask(backend, "fileName", folder="storie", title="L'orto è di tutti", date="2026-05")
    path = f"storie/{name['name']}.md"

    assert ask(backend, "getEntry", path=path)["data"] is None
    save(backend, path, {"title": "L'orto è di tutti", "status": "draft", "date": "2026-05"})

    assert path == "storie/2026-05-l-orto-e-di-tutti.md"
    assert (example / path).read_text(encoding="utf-8") == (
        '---\ntitle: "L\'orto è di tutti"\nstatus: bozza\nid: st-2026-001\ndate: 2026-05\n---\n'
    )


@pytest.mark.parametrize(
    ("folder", "expected"),
    [("newsletter", "2"), ("luoghi", "titolo"), ("agenda", "2026-11-22-titolo")],
)
def test_every_folder_has_its_own_way_of_naming(backend, folder, expected):
    """An issue is named by its number, a place by itself, an event by its day."""
    assert ask(backend, "fileName", folder=folder, title="Titolo")["name"] == expected


@pytest.mark.parametrize(
    "path",
    [
        "../fuori.md",
        "storie/../../fuori.md",
        "/etc/passwd",
        "storie/..%2f.md",
        "storie\\..\\una.md",
        "LEGGIMI.md",
        "_modelli/storia.md",
        ".git/config",
        "storie/.nascosta.md",
        "storie/Una Storia.md",
        "storie/una.html",
        "storie/una.md/altra.md",
        "etichette.yml",
        "rete/comuni.yml",
        "rete/confini.geojson",
        "indirizzi-pubblicati.txt",
        "storie/una.py",
        "storie/una.md\0.md",
        "nuova.md",
        "storie/dentro/una.md",
        "en/bisogni/nuova.md",
    ],
)
def test_nothing_else_can_be_written(backend, example, path):
    """Whatever a page in a browser asks for."""
    before = files_of(example.parent)

    with pytest.raises(Refused):
        save(backend, path, {"title": "Titolo", "body": "x"})

    assert files_of(example.parent) == before


def test_a_link_out_of_the_folder_is_not_followed(backend, example):
    """Neither for reading nor for writing, as a file or as a folder."""
    outside = example.parent / "fuori"
    outside.mkdir()
    (outside / "una.md").write_text("---\ntitle: Fuori\n---\n", encoding="utf-8")
    (example / "storie" / "legata.md").symlink_to(outside / "una.md")
    (example / "luoghi" / "img").symlink_to(outside)

    for path in ("storie/legata.md", "luoghi/img/una.yml"):
        with pytest.raises(Refused, match="collegamento"):
            ask(backend, "getEntry", path=path)
        with pytest.raises(Refused, match="collegamento"):
            save(backend, path, {"title": "Titolo", "credit": "x"})
    with pytest.raises(Refused, match="collegamento"):
        ask(backend, "persistMedia", asset=picture("luoghi/img/una.jpg"), options={})
    assert [file.name for file in outside.iterdir()] == ["una.md"]
    assert "legata" not in str(backend.configuration())
    assert "legata" not in str(ask(backend, "entriesByFolder", folder="storie", extension="md"))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("[]", "non si capisce"),
        ("non json", "non si capisce"),
        (json.dumps({"title": "x", "body": "x" * 1_000_001}), "troppo lungo"),
        (json.dumps({"title": "x", "body": "<<<<<<< HEAD\nuna"}), "conflitto"),
        ('{"title": "x", "body": "\\ud800"}', "non si può salvare"),
        (json.dumps({"title": "x", "body": "\0"}), "non è testo"),
    ],
)
def test_what_could_not_be_read_again_is_not_saved(backend, example, entry, said):
    """The fault is said where the text still is."""
    data = [{"slug": "x", "path": "storie/2026-11-22-x.md", "raw": entry}]

    with pytest.raises(Refused, match=said):
        ask(backend, "persistEntry", dataFiles=data, assets=[], options={})

    assert not (example / "storie" / "2026-11-22-x.md").exists()


def test_a_page_with_a_fault_of_another_kind_is_saved(backend, example):
    """It is half done; the preview says what is missing."""
    save(backend, STORY, {**opened(backend), "sources": [], "title": "S"})

    assert "sources" not in (example / STORY).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "question",
    [None, [], {}, {"action": "publishUnpublishedEntry"}, {"action": "getEntry"},
     {"action": "persistEntry", "params": {"dataFiles": 3}}, {"action": "info", "params": 3}],
)  # fmt: skip
def test_a_question_that_is_none_is_refused(backend, question):
    """Not answered with a page of Python."""
    with pytest.raises(Refused):
        backend.answer(question)


def test_a_picture_comes_with_its_page(backend, example):
    """It lies where the page will look for it; whose it is has a form that waits, empty."""
    entry = {**opened(backend), "body": "![Un orto](img/orto.jpg)"}

    save(backend, STORY, entry, [picture("storie/img/orto.jpg")])

    assert (example / "storie" / "img" / "orto.jpg").read_bytes()[:2] == b"\xff\xd8"
    details = ask(backend, "entriesByFiles", files=[{"path": "storie/img/orto.yml", "label": "x"}])
    assert json.loads(details[0]["data"]) == {"_version": ""}
    save(backend, "storie/img/orto.yml", {"credit": "Foto: noi, 2026", "people": "no"})
    assert (example / "storie" / "img" / "orto.yml").read_text(encoding="utf-8") == (
        'credit: "Foto: noi, 2026"\npeople: no\n'
    )


def test_pictures_to_choose_from_are_small(backend, example):
    """A telephone's pictures weigh megabytes, and a page of them would have to travel each time."""
    ask(backend, "persistMedia", asset=picture("storie/img/orto.png", kind="PNG"), options={})

    (shown,) = ask(backend, "getMedia", mediaFolder="storie/img")

    small = Image.open(io.BytesIO(base64.b64decode(shown["content"])))
    assert (shown["path"], shown["name"], small.size) == (
        "storie/img/orto.png",
        "orto.png",
        (480, 320),
    )


@pytest.mark.parametrize(
    ("asset", "said"),
    [
        (picture("storie/orto.jpg"), "non va bene per una foto"),
        (picture("storie/img/orto.svg"), "non va bene per una foto"),
        (picture("img/../../orto.jpg"), "non va bene per una foto"),
        (picture("storie/img/Orto.jpg"), "non va bene per una foto"),
        ({"path": "storie/img/x.jpg", "content": "PGh0bWw+"}, "non è un'immagine"),
        ({"path": "storie/img/x.jpg", "content": "non base64!"}, "non è arrivata intera"),
    ],
)
def test_what_is_no_picture_is_refused(backend, example, asset, said):
    """And the page that came with it is not saved either: it would show nothing."""
    before = files_of(example)

    with pytest.raises(Refused, match=said):
        save(backend, STORY, {**opened(backend), "title": "Con una foto"}, [asset])

    assert files_of(example) == before


def test_another_picture_of_the_same_name_is_refused(backend):
    """The page that shows the first would show the second, with the words of the first."""
    ask(backend, "persistMedia", asset=picture("storie/img/orto.jpg"), options={})

    with pytest.raises(Refused, match="un'altra foto che si chiama"):
        ask(backend, "persistMedia", asset=picture("storie/img/orto.jpg", "red"), options={})


def test_a_picture_that_a_page_shows_stays(backend, example):
    """The page would have a hole; once nobody shows it, it goes with what is written beside it."""
    entry = {**opened(backend), "body": "![Un orto](img/orto.jpg)", "_tab": "a"}
    save(backend, STORY, entry, [picture("storie/img/orto.jpg")])
    save(backend, "storie/img/orto.yml", {"credit": "Foto: noi", "people": "no"})

    with pytest.raises(Refused, match=r"prima-zappata\.md mostra ancora questa foto"):
        ask(backend, "deleteFiles", paths=["storie/img/orto.jpg"], options={})

    save(backend, STORY, {**entry, "body": "Niente foto."})
    ask(backend, "deleteFiles", paths=["storie/img/orto.jpg"], options={})
    assert list((example / "storie" / "img").iterdir()) == []


def test_a_draft_can_be_deleted_and_a_published_page_cannot(backend, example):
    """Somebody may have the published one's address."""
    save(backend, "storie/2026-11-22-prova.md", {"title": "Prova", "status": "draft"})

    ask(backend, "deleteFiles", paths=["storie/2026-11-22-prova.md"], options={})
    for path in (STORY, "storie/index.md", "valutazione/insalate.yml", "campagne/beneficiari.yml"):
        with pytest.raises(Refused):
            ask(backend, "deleteFiles", paths=[path], options={})

    assert not (example / "storie" / "2026-11-22-prova.md").exists()
    assert (example / STORY).exists()
