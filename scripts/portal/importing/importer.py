"""An export → stories in a folder: all of them, or none.

The export is read twice: first for what every post is called and where it will
be, so that links between posts can be mended, then post by post for the texts.
So the memory needed is that of the longest post, not of the whole blog.
"""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from portal.drafting import short_slug_of
from portal.importing.export_entry import Entry, EntryKind, same_page
from portal.importing.known_stories import KnownStories, known_stories
from portal.importing.labels import Labels
from portal.importing.pictures import Pictures
from portal.importing.report import LeftOut, Made, Report
from portal.importing.story_draft import StoryDraft, draft_story
from portal.model.page import file_at


@dataclass(frozen=True)
class _Plan:
    """What a post will be: its file, without the ending, and its id."""

    stem: str
    id: str


class Importer:
    """One import. *read* gives the entries of the export from the beginning, each time it is called."""

    def __init__(
        self,
        read: Callable[[], Iterator[Entry]],
        content: Path,
        to: Path,
        labels: Labels,
        pictures: Pictures,
        source_title: str,
    ) -> None:
        self._read = read
        self._to = to
        self._labels = labels
        self._pictures = pictures
        self._source_title = source_title
        self._known: KnownStories = known_stories(content, to)
        self._plans: dict[int, _Plan] = {}
        self._targets: dict[str, str] = {}
        self._found_again: list[str] = []
        self._left_out: list[LeftOut] = []
        self._comments = 0

    def run(self) -> Report:
        """Write the stories and tell what was done. Whatever goes wrong, the folder is as it was before."""
        self._plan()
        missing = [folder for folder in (self._to, *self._to.parents) if not folder.exists()]
        self._to.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(prefix=".importazione-", dir=self._to) as staging:
                made = [self._write(draft, Path(staging)) for draft in self._drafts()]
                _move_all(Path(staging), self._to)
        except BaseException:
            for folder in missing:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        return Report(
            tuple(sorted(made, key=lambda story: story.file)),
            tuple(self._found_again),
            tuple(self._left_out),
            self._comments,
        )

    def _plan(self) -> None:
        """Give every post its file and its id, the oldest first."""
        posts: list[tuple[str, int, Entry]] = []
        for number, entry in enumerate(self._read()):
            if entry.kind is EntryKind.COMMENT:
                self._comments += 1
            elif reason := _why_no_story(entry):
                self._left_out.append(LeftOut(entry.line, entry.title, reason))
            elif entry.kind is EntryKind.POST:
                light = replace(entry, html="", labels=())
                posts.append((entry.date or "", number, light))
        # Posts with an address of their own choose their file first: they are known again by the
        # address, the others only by the name of their file.
        posts.sort(key=lambda post: (post[2].address is None, post[0], post[1]))
        taken: set[str] = set()
        for date, number, entry in posts:
            stem = self._free_stem(entry, date, taken)
            file = self._known.file_of(entry.old_url, entry.address)
            if entry.address is None and (self._to / f"{stem}.md").exists():
                file = self._to / f"{stem}.md"
            if file is None and (story_id := self._known.next_id(int(date[:4]))) is not None:
                self._plans[number] = _Plan(stem, story_id)
                file = self._to / f"{stem}.md"
                if entry.old_url:
                    self._known.by_old_url[file_at(entry.old_url)] = file
            elif file is None:
                reason = f"il {date[:4]} ha già 999 storie: i codici sono finiti"
                self._left_out.append(LeftOut(entry.line, entry.title, reason))
                continue
            else:
                self._found_again.append(file.name)
            taken.add(stem)
            if entry.address:
                self._targets[same_page(entry.address)] = os.path.relpath(file, self._to)

    def _free_stem(self, entry: Entry, date: str, taken: set[str]) -> str:
        """A file name nothing has. Where there is no address to know the post by, a file that is there is the post."""
        slug = short_slug_of(entry.title)
        stem, number = f"{date}-{slug}", 1
        while stem in taken or (entry.address and (self._to / f"{stem}.md").exists()):
            number += 1
            stem = f"{date}-{slug}-{number}"
        return stem

    def _drafts(self) -> Iterator[tuple[StoryDraft, tuple[str, ...]]]:
        for number, entry in enumerate(self._read()):
            plan = self._plans.get(number)
            if plan is None:
                continue
            labels = self._labels.of(entry.labels)
            draft = draft_story(
                entry,
                plan.stem,
                plan.id,
                labels,
                self._pictures,
                partial(self._now_at, entry),
                self._source_title,
                self._known.told_in(entry.address),
            )
            yield draft, labels[1]

    def _now_at(self, entry: Entry, address: str) -> str:
        """Where a link of *entry* leads now: to the story that the old post became, or where it led before."""
        try:
            full, fragment = urldefrag(urljoin(entry.address or "", address))
        except ValueError:
            return address
        target = self._targets.get(same_page(full))
        if target is None:
            return full + (f"#{fragment}" if fragment else "")
        return target

    def _write(self, drafted: tuple[StoryDraft, tuple[str, ...]], folder: Path) -> Made:
        draft, unknown = drafted
        (folder / f"{draft.stem}.md").write_text(draft.text, encoding="utf-8")
        for name, picture in draft.pictures.items():
            if isinstance(picture.source, bytes):
                (folder / name).write_bytes(picture.source)
            else:
                shutil.copyfile(picture.source, folder / name)
        return Made(f"{draft.stem}.md", draft.title, draft.notes, unknown, len(draft.pictures))


def _why_no_story(entry: Entry) -> str | None:
    if entry.kind is EntryKind.OTHER:
        return None
    if entry.was_deleted:
        return "era nel cestino"
    if entry.kind is EntryKind.PAGE:
        where = entry.address or "senza indirizzo"
        return f"è una pagina del vecchio sito ({where}): se serve ancora, riscrivila a mano"
    if entry.date is None:
        return "manca la data: senza, non può essere una storia. Scrivila a mano con «portal new storia»"
    try:
        datetime.date.fromisoformat(f"{entry.date}-01"[:10])
    except ValueError:
        return f"la data «{entry.date}» non si capisce"
    return None


def _move_all(staging: Path, folder: Path) -> None:
    """Put every file of *staging* into *folder*, over none that is there: all of them, or none."""
    moved: list[Path] = []
    try:
        for file in sorted(staging.iterdir()):
            target = folder / file.name
            try:
                os.link(file, target)
            except FileExistsError:
                raise
            except OSError:  # this disk knows no links
                with file.open("rb") as read, target.open("xb") as written:
                    moved.append(target)
                    shutil.copyfileobj(read, written)
                continue
            moved.append(target)
    except BaseException:
        for target in moved:
            target.unlink(missing_ok=True)
        raise
