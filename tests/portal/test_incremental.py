"""A build that takes up the work of earlier ones writes what a build from nothing writes."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from mkdocs.exceptions import Abort

from portal.build import build_site
from portal.memory import Memory
from portal.readers.problem import ContentFaults
from portal.rendering import Rendering
from tests.portal.writers.builders import some_words

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
PAGES = (
    "index.md", "azioni/orto.md", "bisogni/compagnia.md", "luoghi/casa-verde.md", "rete/orti-riuniti.md",
    "rete/sconosciuta.md", "rete/index.md", "storie/index.md", "storie/2020-03-07-prima-zappata.md",
    "storie/2021-09-11-le-zucche.md", "agenda/2020-03-07-apertura.md", "campagne/zappe-nuove.md",
    "newsletter/1.md", "opportunita/2026-11-01-annaffiare.md", "sostieni.md", "en/index.md",
)  # fmt: skip


@dataclass
class Project:
    """A site of its own: the example content, a theme that may be changed, a cache."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        (self.folder / "scripts").symlink_to(ROOT / "scripts")
        shutil.copy(ROOT / "mkdocs.yml", self.folder)
        shutil.copytree(ROOT / "theme", self.folder / "theme")
        shutil.copytree(TESTS / "example_content", self.folder / "content")
        english = self.folder / "content" / "en"
        english.mkdir()
        words = "".join(f'{name}: "{said}"\n' for name, said in some_words().items())
        (english / "parole.yml").write_text(words)
        (english / "index.md").write_text(
            "---\ntitle: The garden\ndescription: An example site, in another language.\n"
            "source_hash: 0123456789ab\ntranslated: 2026-11-01\n---\n\nHello.\n"
        )

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def cache_file(self) -> Path:
        return self.folder / ".portal" / "cache" / "build.sqlite"

    def build(self, memory: Memory | None = None, *, search_index: bool = False) -> Rendering:
        return build_site(
            self.folder / "site", project=self.folder, search_index=search_index, memory=memory
        )

    def site(self) -> dict[str, bytes]:
        return files_of(self.folder / "site")

    def clean_site(self, *, search_index: bool = False) -> dict[str, bytes]:
        out = self.folder / "clean"
        build_site(out, project=self.folder, search_index=search_index, keep=False)
        return files_of(out)


@pytest.fixture(scope="module")
def built_once(tmp_path_factory) -> tuple[Project, Path]:
    """A project that has been built once, and a copy of it as it was then."""
    project = Project(tmp_path_factory.mktemp("incremental") / "project")
    project.build()
    copy = project.folder.with_name("copy")
    shutil.copytree(project.folder, copy, symlinks=True)
    return project, copy


@pytest.fixture
def project(built_once) -> Project:
    """A project that has been built once."""
    return taken_back(*built_once)


def taken_back(project: Project, copy: Path) -> Project:
    """The project, as it was when it was copied: in the same place, so that its cache still counts."""
    shutil.rmtree(project.folder)
    shutil.copytree(copy, project.folder, symlinks=True)
    return project


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below *folder*, by path."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    if old in text:
        file.write_text(text.replace(old, new, 1), encoding="utf-8")


def retitle(project: Project, page: str, mark: int) -> None:
    replaced(project.content / page, "title: ", f"title: «{mark} & altro» ")


def describe_anew(project: Project, page: str, mark: int) -> None:
    replaced(project.content / page, "description: ", f"description: Detto in altro modo {mark}. ")


def say_more(project: Project, page: str, mark: int) -> None:
    file = project.content / page
    if file.exists():
        text = f"\n## Ancora {mark}\n\nUn testo, con una [storia](#ancora-{mark}).\n"
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def link_to_a_story(project: Project, page: str, mark: int) -> None:
    to_root = "../" * page.count("/")
    link = f"\n[Leggi]({to_root}storie/2021-09-11-le-zucche.md)\n"
    if (project.content / page).exists():
        with (project.content / page).open("a", encoding="utf-8") as file:
            file.write(link)


def add_a_story(project: Project, page: str, mark: int) -> None:
    (project.content / "storie" / f"2022-01-{mark:02d}-aggiunta.md").write_text(
        f"---\ntitle: Aggiunta {mark}\ndescription: Una storia che prima non c'era, numero {mark}.\n"
        f"id: st-2022-{mark:03d}\ndate: 2022-01-{mark:02d}\nplaces: [casa-verde]\nactions: [orto]\n"
        "towns: [rho]\nsources:\n  - {title: Quaderno, date: 2022-01}\n---\n\nTesto.\n",
        encoding="utf-8",
    )


def add_a_member(project: Project, page: str, mark: int) -> None:
    (project.content / "rete" / f"nuova-{mark}.md").write_text(
        f"---\ntitle: Nuova {mark}\ndescription: Un'organizzazione che prima non c'era.\norder: {mark + 50}\n"
        "role: partner\nkind: associazione\ntown: milano\nareas: [casa]\nevidence: parziale\n"
        "sources:\n  - {title: Quaderno, date: 2022}\n---\n",
        encoding="utf-8",
    )


def remove(project: Project, page: str, mark: int) -> None:
    (project.content / page).unlink(missing_ok=True)


def rename(project: Project, page: str, mark: int) -> None:
    file = project.content / page
    if file.exists() and file.name != "index.md":
        file.rename(file.with_name(f"{file.stem}-{mark}.md"))


def move_a_story_in_time(project: Project, page: str, mark: int) -> None:
    file = project.content / "storie" / "2020-03-07-prima-zappata.md"
    replaced(file, "date: 2020-03-07", f"date: 2022-03-{mark:02d}")


def untie_a_story(project: Project, page: str, mark: int) -> None:
    replaced(project.content / "storie" / "2021-09-11-le-zucche.md", "places: [casa-verde]\n", "")


def rename_a_town(project: Project, page: str, mark: int) -> None:
    replaced(project.content / "rete" / "comuni.yml", "name: Rho", f"name: Rho {mark}")


def count_anew(project: Project, page: str, mark: int) -> None:
    replaced(project.content / "valutazione" / "insalate.yml", "value: 400", f"value: {mark}")


def add_a_moment(project: Project, page: str, mark: int) -> None:
    with (project.content / "progetto" / "cronologia.yml").open("a", encoding="utf-8") as file:
        file.write(
            f'- {{date: "20{mark + 20}", title: Un momento, text: Qualcosa che è successo., '
            "sources: [{title: Quaderno, date: 2022}]}\n"
        )


def teach_a_synonym(project: Project, page: str, mark: int) -> None:
    word = "zucca" * (mark % 3 + 1)
    (project.content / "cerca-sinonimi.yml").write_text(f"{word}: [cucurbita]\n")


def say_it_in_english(project: Project, page: str, mark: int) -> None:
    replaced(project.content / "en" / "parole.yml", "the words for", f"the {mark} words for")


def change_a_template(project: Project, page: str, mark: int) -> None:
    with (project.folder / "theme" / "partials" / "story_card.html").open("a") as file:
        file.write(f"<!-- {mark} -->\n")


def change_a_style(project: Project, page: str, mark: int) -> None:
    with (project.folder / "theme" / "assets" / "css" / "base.css").open("a") as file:
        file.write(f".pt-{mark} {{ color: inherit; }}\n")


def add_a_picture(project: Project, page: str, mark: int) -> None:
    (project.content / "storie" / f"disegno-{mark}.svg").write_text(f"<svg><!-- {mark} --></svg>")


EDITS: tuple[Callable[[Project, str, int], None], ...] = (
    retitle, describe_anew, say_more, link_to_a_story, add_a_story, add_a_member, remove, rename,
    move_a_story_in_time, untie_a_story, rename_a_town, count_anew, add_a_moment, teach_a_synonym,
    say_it_in_english, change_a_template, change_a_style, add_a_picture,
)  # fmt: skip
histories = st.lists(
    st.tuples(st.sampled_from(EDITS), st.sampled_from(PAGES), st.integers(1, 28)),
    min_size=1,
    max_size=5,
)
without_hurry = settings(
    deadline=None,
    database=None,
    phases=[Phase.generate],  # each shrinking step would be builds
)


def hold_to_a_clean_build(
    project: Project,
    history,
    memory: Memory | None,
    every: int = 1,
    *,
    search_index: bool = False,
) -> None:
    """Build after every edit, with a *memory* as a running preview does, or as a command on its own.

    An edit that must be mended is taken back: its faults are the same either way.
    The sites are compared after *every* so many edits: what was left old by one mostly still is.
    Their *search_index* is made then, as in a preview in which somebody searches now and then.
    """
    for number, (edit, page, mark) in enumerate(history, start=1):
        is_compared = number % every == 0 or number == len(history)
        is_indexed = search_index and is_compared
        before = project.folder.with_name("before")
        shutil.copytree(project.content, before)
        edit(project, page, mark)
        try:
            project.build(memory, search_index=is_indexed)
        except (ContentFaults, Abort) as fault:
            with pytest.raises(type(fault)) as clean:
                project.clean_site()
            assert str(clean.value) == str(fault)
            shutil.rmtree(project.content)
            shutil.copytree(before, project.content)
            project.build(memory, search_index=is_indexed)
        if is_compared:
            assert project.site() == project.clean_site(search_index=is_indexed)
        shutil.rmtree(before)


@given(history=histories, remembers=st.booleans())
@settings(without_hurry, max_examples=3)
def test_after_any_edits_the_site_is_the_one_built_from_nothing(built_once, history, remembers):
    """Pages, lists, feeds, calendars, data: byte for byte."""
    hold_to_a_clean_build(taken_back(*built_once), history, Memory() if remembers else None)


@pytest.mark.slow
@given(history=histories, remembers=st.booleans())
@settings(without_hurry, max_examples=60)
def test_after_many_more_edits_too(built_once, history, remembers):
    """The same, for longer."""
    hold_to_a_clean_build(taken_back(*built_once), history, Memory() if remembers else None)


def test_after_each_kind_of_edit_in_turn(project):
    """No kind of edit is left to chance; what can be searched is the same, too."""
    page = "agenda/2020-03-07-apertura.md"
    history = [(edit, page, 7) for edit in EDITS]

    hold_to_a_clean_build(project, history, Memory(), every=3, search_index=True)


def test_the_same_content_gives_the_same_bytes_anywhere(project, tmp_path):
    """From another folder, with an empty cache, in a process that orders sets in another way; the search index too."""
    elsewhere = Project(tmp_path / "quite" / "elsewhere" / "project")
    build = "import sys, pathlib, portal.build as b; p = pathlib.Path(sys.argv[1]); b.build_site(p / 'site', project=p)"
    subprocess.run(
        [sys.executable, "-c", build, str(elsewhere.folder)],
        env={**os.environ, "PYTHONHASHSEED": "11", "PYTHONPATH": str(ROOT / "scripts")},
        check=True,
    )

    build_site(project.folder / "site", project=project.folder)

    assert elsewhere.site() == project.site()


def test_what_no_longer_exists_leaves_the_folder(project):
    """A page that was removed takes its folder with it; a file nobody wrote goes too."""
    stories = project.folder / "site" / "storie"
    add_a_story(project, "", 3)
    project.build()
    assert (stories / "2022-01-03-aggiunta" / "index.html").exists()
    (project.content / "storie" / "2022-01-03-aggiunta.md").unlink()
    (stories / "estranea.html").write_text("Chi l'ha messa qui?")

    project.build()

    assert not (stories / "2022-01-03-aggiunta").exists()
    assert not (stories / "estranea.html").exists()


def test_an_unchanged_site_is_not_made_again(project):
    """The second build makes no page, no feed, nothing: all of it is taken from the first."""
    first = project.site()

    rendering = project.build()

    assert rendering.work.made == 0
    assert rendering.work.taken > 40
    assert project.site() == first


def test_an_edited_story_leaves_other_pages_alone(project):
    """What does not speak of the story is not made again."""
    say_more(project, "storie/2021-09-11-le-zucche.md", 1)

    rendering = project.build()

    assert "rete/sconosciuta/" in rendering.kept
    assert "agenda/2020-03-07-apertura/" in rendering.kept
    assert "storie/2021-09-11-le-zucche/" not in rendering.kept


@pytest.mark.parametrize("memory", [None, Memory()], ids=["on its own", "in a preview"])
def test_a_broken_link_is_said_again_at_every_build(project, memory):
    """A text with a fault is not kept as if it had none."""
    with (project.content / "sostieni.md").open("a", encoding="utf-8") as file:
        file.write("\n[Qui](non-esiste)\n")

    for _ in range(2):
        with pytest.raises(ContentFaults, match="non-esiste"):
            project.build(memory)


@pytest.mark.parametrize("at", [0, 5000])
def test_a_damaged_cache_does_no_harm(project, at):
    """Wherever the damage is: it is noticed, and the work done again."""
    with project.cache_file.open("r+b") as file:
        file.seek(at)
        file.write(os.urandom(20_000))

    project.build()

    assert project.site() == project.clean_site()


def test_a_value_changed_in_the_cache_is_not_believed(project):
    """The database is whole, but one kept page says something else."""
    with sqlite3.connect(project.cache_file) as cache:
        cache.execute(
            "UPDATE kept SET value = CAST(replace(CAST(value AS TEXT), 'Verde', 'Rossa') AS BLOB)"
        )

    project.build()

    assert project.site() == project.clean_site()


def test_a_cache_whose_text_cannot_be_read_is_replaced(project):
    """The database is whole, but one key of each shelf is no text."""
    with sqlite3.connect(project.cache_file) as cache:
        cache.execute(
            "INSERT INTO kept SELECT DISTINCT shelf, CAST(x'ff' AS TEXT), x'00', x'00' FROM kept"
        )

    project.build()
    assert project.site() == project.clean_site()

    project.build()
    assert project.build().work.made == 0


def test_a_template_that_is_open_in_an_editor_does_no_harm(project):
    """Emacs locks it with a link that leads nowhere; neither the build nor what was kept minds."""
    (project.folder / "theme" / ".#page.html").symlink_to("ada@orto.1234")

    assert project.build().work.made == 0


def test_a_file_that_is_no_cache_does_no_harm(project):
    """Somebody else's file in its place is replaced."""
    project.cache_file.write_text("Non sono un database.")

    project.build()
    rendering = project.build()

    assert rendering.work.made == 0


def test_a_cache_that_cannot_be_written_does_no_harm(project):
    """A folder where the file should be: the site is built all the same."""
    project.cache_file.unlink()
    project.cache_file.mkdir()

    project.build()

    assert project.site() == project.clean_site()


def test_a_new_day_takes_past_events_out_of_the_lists(project, monkeypatch):
    """The day of the build is a question like any other."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1583020800")  # 1 March 2020

    project.build()

    assert project.site() == project.clean_site()


def test_the_address_of_the_site_is_part_of_its_pages(project):
    """A preview and the published site never take each other's pages."""
    build_site(
        project.folder / "preview",
        project=project.folder,
        site_url="http://127.0.0.1:8000/",
        search_index=False,
    )

    assert b"127.0.0.1:8000" in files_of(project.folder / "preview")["storie/index.html"]
    assert b"127.0.0.1:8000" not in project.site()["storie/index.html"]
