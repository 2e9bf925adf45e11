"""What `content/` has already: ids that are taken, old addresses that already lead somewhere, sources already told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from portal.importing.export_entry import same_page
from portal.model.page import as_address, file_at
from portal.readers.document import Document, read_page_text

_ID = re.compile(r"^st-(\d{4})-(\d{3})$")


@dataclass
class KnownStories:
    """By old address or source, the file that has it; by year, the highest number given."""

    by_old_url: dict[str, Path] = field(default_factory=dict)
    by_source: dict[str, Path] = field(default_factory=dict)
    highest: dict[int, int] = field(default_factory=dict)

    def next_id(self, year: int) -> str | None:
        """The next id of the year, never given twice; nothing when its 999 are used up."""
        number = self.highest.get(year, 0) + 1
        if number > 999:
            return None
        self.highest[year] = number
        return f"st-{year:04d}-{number:03d}"

    def file_of(self, old_url: str | None, address: str | None) -> Path | None:
        """The file an old post became: known by its old address or, where it has none of its own, by its source."""
        if old_url is not None:
            return self.by_old_url.get(file_at(old_url))
        return self.told_in(address)

    def told_in(self, address: str | None) -> Path | None:
        """The file that has this old page among its sources. The old site's first page is nobody's own."""
        key = same_page(address) if address else ""
        return self.by_source.get(key) if key.partition("/")[2] else None


def known_stories(*folders: Path) -> KnownStories:
    """Read the front matter of every page in *folders*. Pages that do not read are left to `portal check`."""
    known = KnownStories()
    files = {file.resolve() for folder in folders for file in folder.rglob("*.md")}
    for file in sorted(files):
        document = read_page_text(file.name, file.read_bytes().decode("utf-8-sig", "replace"))
        if not isinstance(document, Document) or not isinstance(document.data, dict):
            continue
        if taken := _ID.match(str(document.data.get("id", ""))):
            year, number = int(taken[1]), int(taken[2])
            known.highest[year] = max(known.highest.get(year, 0), number)
        for old in _listed(document.data.get("old_urls")):
            known.by_old_url[file_at(as_address(str(old)))] = file
        for source in _listed(document.data.get("sources")):
            if taken and isinstance(source, dict) and source.get("url"):
                known.by_source.setdefault(same_page(str(source["url"])), file)
    return known


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
