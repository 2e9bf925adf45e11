"""The report of an import, for the person who goes through the drafts: what was made, and what still needs them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Made:
    """A story that was written: its file name, its old title, what a person must do, its unknown labels."""

    file: str
    title: str
    notes: tuple[str, ...]
    unknown_labels: tuple[str, ...]
    pictures: int


@dataclass(frozen=True)
class LeftOut:
    """An entry that did not become a story. *line* is in the export."""

    line: int
    title: str
    reason: str


@dataclass(frozen=True)
class Report:
    """Everything that an import did and did not do."""

    made: tuple[Made, ...]
    known: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    comments: int

    def in_italian(self) -> str:
        """The report as text, one line for each thing."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        stories = _counted(len(self.made), "storia nuova", "storie nuove")
        pictures = sum(story.pictures for story in self.made)
        yield f"{stories} in bozza, con {pictures} foto."
        if self.known:
            yield f"{_counted(len(self.known), 'c’era', 'c’erano')} già: non tocco quello che c’è."
        if self.comments:
            comments = _counted(self.comments, "commento lasciato", "commenti lasciati")
            yield f"{comments} fuori: sono parole di altre persone."
        for story in self.made:
            yield ""
            yield f"{story.file}  «{story.title or 'senza titolo'}»"
            yield from (f"  - {note}" for note in story.notes)
        if self.left_out:
            yield ""
            yield "Non sono diventate storie:"
            for entry in self.left_out:
                yield f"  riga {entry.line}, «{entry.title or 'senza titolo'}»: {entry.reason}"
        labels = Counter(label for story in self.made for label in story.unknown_labels)
        if labels:
            yield ""
            yield "Etichette senza un posto da noi. Si spiegano in content/etichette.yml, prima di importare:"
            for label, uses in sorted(labels.items(), key=lambda item: (-item[1], item[0])):
                yield f"  «{label}»: {_counted(uses, 'storia', 'storie')}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
