"""The labels of the old site → our closed lists of actions, places, organisations and towns.

A label that is the name of one of them needs no table. For the others an editor
writes one line in `content/etichette.yml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.model.page import slug_of
from portal.readers.document import read_data_text
from portal.readers.problem import Problem

LABELS_FILE = "etichette.yml"
FIELDS = {"actions": "azioni", "places": "luoghi", "members": "rete", "towns": "comuni"}
"""The fields of a story that labels may fill, and the list each draws from."""

Meaning = dict[str, tuple[str, ...]]
Names = Mapping[str, Mapping[str, str]]
"""By list (`azioni`, `luoghi` …), the name of every thing in it by its code."""


class LabelFaults(Exception):
    """The table of labels has mistakes. Carries every one of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class Labels:
    """What each label means, by its slug. An empty meaning is a label that is left out on purpose."""

    meanings: Mapping[str, Meaning]

    def of(self, labels: Iterable[str]) -> tuple[Meaning, tuple[str, ...]]:
        """The fields of a story with these *labels*, and the labels nobody has said the meaning of."""
        fields: Meaning = {}
        unknown = []
        for label in labels:
            meaning = self.meanings.get(slug_of(label))
            if meaning is None:
                unknown.append(label)
                continue
            for name, slugs in meaning.items():
                fields[name] = tuple(dict.fromkeys((*fields.get(name, ()), *slugs)))
        return fields, tuple(unknown)


def read_labels(file: Path | None, names: Names) -> Labels:
    """The meanings that *names* give by themselves, and those of the table in *file*. LabelFaults where it is wrong."""
    meanings: dict[str, Meaning] = {}
    for field, folder in FIELDS.items():
        for slug, name in names[folder].items():
            for said in (slug, name, name.partition(",")[0]):
                meanings.setdefault(slug_of(said), {field: (slug,)})
    if file is not None:
        meanings |= _read_table(file, names)
    return Labels(meanings)


def _read_table(file: Path, names: Names) -> dict[str, Meaning]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        fault = "il file non c'è o non si può leggere. Controlla il nome e la cartella."
        raise LabelFaults([Problem(file.name, 1, fault)]) from error
    except UnicodeDecodeError as error:
        fault = "il file non è in UTF-8: un carattere non si legge. Salvalo come «UTF-8»."
        raise LabelFaults([Problem(file.name, 1, fault)]) from error
    document = read_data_text(file.name, text)
    if isinstance(document, Problem):
        raise LabelFaults([document])
    if document.data is None:
        return {}
    example = '"Call for House": {actions: [smart-house]}'
    if not isinstance(document.data, dict):
        fault = f"ogni riga è un'etichetta con quello che vuol dire. Scrivi così: {example}"
        raise LabelFaults([Problem(file.name, 1, fault)])
    problems: list[Problem] = []
    table: dict[str, Meaning] = {}
    for label, given in document.data.items():
        line = document.line_of((label,))
        if not isinstance(given, dict) or not all(
            field in FIELDS and isinstance(slugs, list) for field, slugs in given.items()
        ):
            fault = (
                f"non si capisce che cosa vuol dire «{label}». I campi sono {', '.join(FIELDS)}. "
                f"Scrivi così: {example} – oppure {{}} per lasciarla fuori."
            )
            problems.append(Problem(file.name, line, fault))
            continue
        for field, slugs in given.items():
            for slug in slugs:
                if slug not in names[FIELDS[field]]:
                    fault = f"«{label}» porta a «{slug}», che non c'è fra {FIELDS[field]}. Controlla il nome."
                    problems.append(Problem(file.name, line, fault))
        table[slug_of(label)] = {
            field: tuple(str(slug) for slug in slugs) for field, slugs in given.items()
        }
    if problems:
        raise LabelFaults(problems)
    return table
