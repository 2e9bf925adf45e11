"""A canary: of what is not to be seen, not a word, not a name, not a picture is on the built site."""

import gzip
from pathlib import Path

import pytest

from portal.build import build_site
from tests.portal.test_incremental import Project, files_of

CANARIES = ("canarino", "zibibbo")
"""Words that nothing else on the site says: one in a draft, one in a page for a later day."""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The example, with a draft, a page for a later day, a picture of each, and one that is shown."""
    project = Project(tmp_path / "project")
    stories = project.content / "storie"
    told = (stories / "2020-03-07-prima-zappata.md").read_text(encoding="utf-8")
    for number, (word, line) in enumerate(
        zip(CANARIES, ("status: bozza", "publish_from: 2126-01-01"), strict=True), start=1
    ):
        text = told.replace("st-2020-001", f"st-2021-09{number}")
        text = text.replace("---\n", f"---\n{line}\n", 1).replace('title: "', f'title: "{word} ', 1)
        picture = f"![Il {word} nell'orto](img/{word}.png)"
        (stories / f"2021-10-0{number}-{word}.md").write_text(
            f"{text}\nUn {word} passa.\n\n{picture}\n"
        )
        (stories / "img").mkdir(exist_ok=True)
        (stories / "img" / f"{word}.png").write_bytes(PIXEL)
    (stories / "img" / "zappa.png").write_bytes(PIXEL)
    for picture in ("zappa", *CANARIES):
        details = 'credit: "Foto: Orti Riuniti, 2020"\npeople: no\n'
        (stories / "img" / f"{picture}.yml").write_text(details)
    with (stories / "2020-03-07-prima-zappata.md").open("a", encoding="utf-8") as shown:
        shown.write("\n![Una zappa](img/zappa.png)\n")
    return project


def traces(site: Path) -> set[tuple[str, str]]:
    """Where on the built site a canary sings: in names of files and in what they say, compressed or not."""
    found = set()
    for name, content in files_of(site).items():
        text = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        for word in CANARIES:
            if word in name.lower() or word.encode() in text.lower():
                found.add((name, word))
    return found


def test_nothing_of_a_draft_or_of_a_later_page_is_on_the_built_site(project):
    """Not in pages, lists, feeds, calendars, the search, the sitemap or the cards."""
    build_site(project.folder / "site", project=project.folder)

    assert traces(project.folder / "site") == set()
    shown = {name for name in files_of(project.folder / "site") if name.startswith("storie/img/")}
    assert {name.rpartition(".")[2] for name in shown} == {"avif", "webp", "png"}
    assert all(name.startswith("storie/img/zappa-") for name in shown)


def test_nothing_of_a_preview_is_left_for_the_site_that_follows(project):
    """The preview and the site share a cache, and may share a folder."""
    build_site(project.folder / "site", project=project.folder, preview=True)
    previewed = traces(project.folder / "site")

    build_site(project.folder / "site", project=project.folder)

    assert {word for _name, word in previewed} == set(CANARIES)
    assert traces(project.folder / "site") == set()


def test_every_page_of_a_preview_says_so_and_asks_not_to_be_found(project):
    build_site(project.folder / "site", project=project.folder, preview=True, search_index=False)

    files = files_of(project.folder / "site")

    pages = {name: html.decode() for name, html in files.items() if name.endswith(".html")}
    silent = [name for name, html in pages.items() if 'content="noindex' not in html]
    assert silent == []
    shown = {name: html for name, html in pages.items() if 'http-equiv="refresh"' not in html}
    assert [name for name, html in shown.items() if "BOZZA." not in html] == []
    assert "esce il 1° gennaio 2126" in pages["storie/2021-10-02-zibibbo/index.html"]
    assert "è una bozza" in pages["storie/2021-10-01-canarino/index.html"]
    assert files["robots.txt"] == b"User-agent: *\nDisallow: /\n"


def test_a_photograph_that_is_only_spoken_of_is_not_copied(tmp_path):
    """It is named in code, so no check asks whose it is; as a file it would say where it was taken."""
    project = Project(tmp_path / "project")
    stories = project.content / "storie"
    for name in ("foto.jfif", "foto.txt", "guida.txt"):
        (stories / name).write_bytes(PIXEL if name != "guida.txt" else b"Ciao")
        with (stories / "index.md").open("a", encoding="utf-8") as page:
            page.write(f"\nSi scrive `[a]({name})`.\n")

    project.build()

    copied = {
        name for name in files_of(project.folder / "site") if name.endswith((".jfif", ".txt"))
    }
    assert "storie/guida.txt" in copied
    assert copied.isdisjoint({"storie/foto.jfif", "storie/foto.txt"})
