"""The visual editor in a real browser: opened without an account, a story edited and saved, and nobody else asked."""

import datetime
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from portal.admin.app import API, with_editor
from portal.admin.backend import Backend
from portal.admin.collections import folder_collections
from tests.conftest import ROOT, TESTS
from tests.site.conftest import free_port, wait_for

STORY = "2020-03-07-prima-zappata"
ONE_OF_EACH = [
    ("storie", STORY, "Titolo"),
    ("agenda", "2020-03-07-apertura", "Titolo"),
    ("opportunita", "2026-11-01-annaffiare", "Titolo"),
    ("luoghi", "casa-verde", "Titolo"),
    ("bisogni", "compagnia", "Titolo"),
    ("azioni", "orto", "Titolo"),
    ("rete", "orti-riuniti", "Titolo"),
    ("campagne", "zappe-nuove", "Titolo"),
    ("newsletter", "1", "Titolo"),
    ("valutazione", "insalate", "Che cosa si è contato"),
    ("pagine", "storie--index", "Titolo"),
    ("elenchi", "campagne--beneficiari", "Nome breve"),
    ("lingua-en", "en--luoghi--casa-verde", "Titolo"),
]
"""A file of each collection of the example, and a field of its form."""


@dataclass
class Window:
    """The editor in a browser, and what the browser had to say."""

    page: Page
    url: str
    content: Path
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, collection: str, name: str) -> None:
        """Open an entry as a person does, from its list: Decap keeps the form of the one before it otherwise."""
        self.page.goto(f"{self.url}/admin/#/collections/{collection}")
        entry = f"#/collections/{collection}/entries/{name}"
        link = self.page.locator(f'a[href="{entry}"]')
        link.click()
        try:
            self.page.wait_for_url(f"**/{entry}", timeout=2_000)
        except PlaywrightTimeout:
            # Decap draws the list anew while it loads, and a click in that moment is lost: a person clicks again.
            link.click()
            self.page.wait_for_url(f"**/{entry}")

    def save(self) -> None:
        """Save, and wait until it is done."""
        self.page.get_by_role("button", name="Salva", exact=True).click()
        self.page.get_by_role("menuitem", name="Salva", exact=True).click()
        expect(self.page.get_by_text("Modifiche salvate")).to_be_visible()

    def files(self) -> dict[str, bytes]:
        """Every file of the content, by its path."""
        files = (file for file in self.content.rglob("*") if file.is_file())
        return {file.relative_to(self.content).as_posix(): file.read_bytes() for file in files}


@contextmanager
def window_on(browser, url: str, content: Path) -> Iterator[Window]:
    """Open the editor at *url*. At the end: only this machine was asked, and the policy had nothing to stop."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, locale="it-IT")
    page = context.new_page()
    page.set_default_timeout(10_000)
    window = Window(page, url, content)
    page.on("request", lambda request: window.asked.append(request.url))
    page.on("pageerror", lambda error: window.complaints.append(str(error)))
    page.on(
        "console",
        lambda line: window.complaints.append(line.text) if line.type == "error" else None,
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{url}/admin/")
    expect(page.get_by_role("heading", name="Raccolte")).to_be_visible()
    yield window
    context.close()
    ours = (f"{url}/", f"blob:{url}/", "data:")
    assert [one for one in window.asked if not one.startswith(ours)] == []
    assert window.complaints == []


@pytest.fixture(scope="module")
def window(browser, tmp_path_factory):
    """The editor alone, on a copy of the example: nothing is built again after a save."""
    content = tmp_path_factory.mktemp("editor") / "content"
    shutil.copytree(TESTS / "example_content", content)
    place = (content / "luoghi" / "casa-verde.md").read_text(encoding="utf-8")
    (content / "en" / "luoghi").mkdir(parents=True)
    translated = place.replace(
        "---\n", "---\nsource_hash: 0123456789ab\ntranslated: 2026-11-22\n", 1
    )
    (content / "en" / "luoghi" / "casa-verde.md").write_text(translated, encoding="utf-8")
    port = free_port()
    host = f"127.0.0.1:{port}"
    backend = Backend(content, f"http://{host}/", API, lambda: datetime.date(2026, 11, 22))
    app = with_editor(Response("il sito"), backend, frozenset({host}))
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with window_on(browser, f"http://{host}", content) as opened:
            yield opened
    finally:
        server.shutdown()


@pytest.fixture(scope="module")
def served(browser, tmp_path_factory):
    """The editor in `portal serve`, on a copy of the checkout with the example content."""
    folder = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "scripts", folder / "scripts", ignore=ignored)
    shutil.copytree(ROOT / "theme", folder / "theme")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    shutil.copytree(TESTS / "example_content", folder / "content")
    port = free_port()
    log = folder / "serve.log"
    command = [sys.executable, "-m", "portal.cli", "serve", "--port", str(port)]
    command += ["--state", str(folder / ".portal")]
    with log.open("w") as printed:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder / "scripts")},
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/admin/", process, log)
            with window_on(browser, f"http://127.0.0.1:{port}", folder / "content") as opened:
                yield opened
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def test_a_story_is_edited_and_the_preview_shows_it(served):
    """One line of one file is another, and the site is built again by itself."""
    before = served.files()
    served.open("storie", STORY)

    served.page.get_by_label("Titolo").first.fill("La terra era dura")
    served.save()

    after = served.files()
    assert [name for name in after if after[name] != before.get(name)] == [f"storie/{STORY}.md"]
    old, new = (one[f"storie/{STORY}.md"].decode().splitlines() for one in (before, after))
    assert len(old) == len(new)
    assert [line.replace('"', "") for line in new if line not in old] == [
        "title: La terra era dura"
    ]
    shown = served.page.context.new_page()
    shown.goto(f"{served.url}/storie/{STORY}/")
    expect(shown.get_by_role("heading", level=1)).to_have_text("La terra era dura", timeout=20_000)
    shown.close()
    # What it prints goes to a file in the checkout, and that is no change of the site.
    printed = (served.content.parent / "serve.log").read_text(encoding="utf-8")
    assert printed.count("pagine pronte") < 8, printed


def test_every_collection_is_listed_by_its_italian_name(window):
    """Nobody had to enter: there is no account."""
    window.page.goto(f"{window.url}/admin/#/")

    expect(window.page.get_by_role("link", name="Storie")).to_be_visible()
    listed = set(window.page.get_by_role("link").all_inner_texts())
    assert {one.label for one in folder_collections()} < listed
    assert {"Pagine", "Elenchi", "Traduzioni: English"} < listed


@pytest.mark.parametrize(("collection", "name", "label"), ONE_OF_EACH)
def test_a_save_changes_what_was_typed_and_nothing_else(window, collection, name, label):
    """Decap has had every value in its hands, and the file does not show it."""
    before = window.files()
    window.open(collection, name)
    if collection == "elenchi":
        window.page.get_by_test_id("expand-button").first.click()

    shown = window.page.get_by_label(label).first
    shown.press("End")
    shown.press_sequentially(" xyz")
    window.save()

    after = window.files()
    (changed,) = [path for path in after if after[path] != before.get(path)]
    assert after[changed].replace(b" xyz", b"") == before[changed]


def test_what_is_changed_and_saved_can_be_changed_back(window):
    """Decap still compares with the file as it was opened, and would have nothing to save."""
    before = window.files()
    window.open("storie", STORY)
    title = window.page.get_by_label("Titolo").first
    was = title.input_value()

    title.press("End")
    title.press_sequentially("!")
    window.save()
    meanwhile = window.files()
    title.press("End")
    title.press("Backspace")
    expect(title).to_have_value(was)
    window.save()

    assert meanwhile != before
    assert window.files() == before


def test_a_picture_is_put_into_a_story_with_its_words_and_its_owner(window):
    """It lies beside the story, under a name for an address, and after a reload its own form waits."""
    photo = io.BytesIO()
    Image.new("RGB", (90, 60), "green").save(photo, "JPEG")
    page = window.page
    window.open("storie", STORY)

    page.get_by_label("Mettere una foto").fill("Tre zappe appoggiate a un muro")
    page.get_by_role("button", name="Scegli la foto").click()
    page.locator('input[type="file"]').set_input_files(
        {"name": "Le Zappe.JPG", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    )
    page.get_by_role("button", name="Usa questa foto").click()
    window.save()

    text = window.files()[f"storie/{STORY}.md"].decode()
    assert text.endswith("\n\n![Tre zappe appoggiate a un muro](img/le-zappe.jpg)\n")
    assert window.files()["storie/img/le-zappe.jpg"] == photo.getvalue()
    page.goto(f"{window.url}/admin/#/")
    page.reload()
    page.get_by_role("link", name="Foto: di chi sono").click()
    page.get_by_role("link", name="storie/img/le-zappe.jpg").click()
    page.get_by_label("Di chi è").fill("Foto: Orti Riuniti, 2020")
    page.get_by_label("Si riconosce qualcuno").click()
    page.get_by_role("option", name="No").click()
    window.save()
    assert window.files()["storie/img/le-zappe.yml"].decode() == (
        'credit: "Foto: Orti Riuniti, 2020"\npeople: no\n'
    )


def test_a_new_story_is_named_and_numbered_as_by_the_command(window):
    """Its address and its id are there for good."""
    page = window.page
    page.goto(f"{window.url}/admin/#/collections/storie")
    page.get_by_label("Crea una voce di tipo storia").click()
    expect(page.get_by_label("Quando è successo")).to_have_value("2026-11-22")

    page.get_by_label("Titolo").first.fill("L'orto è di tutti")
    page.get_by_label("Descrizione").fill("Da oggi chi passa può raccogliere, e lo fa.")
    page.get_by_role("button", name="Aggiungi voce").first.click()
    page.get_by_label("Chi lo dice").fill("Il giornale")
    page.get_by_label("Data della fonte").fill("2026-11")
    window.save()
    page.wait_for_url("**/entries/2026-11-22-l-orto-e-di-tutti")

    assert window.files()["storie/2026-11-22-l-orto-e-di-tutti.md"].decode() == (
        "---\n"
        'title: "L\'orto è di tutti"\n'
        'description: "Da oggi chi passa può raccogliere, e lo fa."\n'
        "status: bozza\n"
        "id: st-2026-001\n"
        "date: 2026-11-22\n"
        "sources:\n"
        '  - title: "Il giornale"\n'
        "    date: 2026-11\n"
        "---\n"
    )


def test_a_refused_save_says_why_and_keeps_what_was_written(window):
    """The file has been changed by hand: nothing of either is lost."""
    page = window.page
    window.open("storie", "2021-09-11-le-zucche")
    title = page.get_by_label("Titolo").first
    expect(title).to_be_visible()
    file = window.content / "storie" / "2021-09-11-le-zucche.md"
    by_hand = file.read_text(encoding="utf-8") + "\nA mano.\n"
    file.write_text(by_hand, encoding="utf-8")

    title.fill("Dal modulo")
    page.get_by_role("button", name="Salva", exact=True).click()
    page.get_by_role("menuitem", name="Salva", exact=True).click()

    expect(page.get_by_text("è cambiato mentre lo scrivevi")).to_be_visible()
    expect(title).to_have_value("Dal modulo")
    assert file.read_text(encoding="utf-8") == by_hand
    # What Decap writes to the console of a refusal is meant.
    window.complaints.clear()
