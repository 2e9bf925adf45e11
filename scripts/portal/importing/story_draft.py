"""An old post → the draft of a story: the fields a machine can fill, and notes on what a person must do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from portal.drafting import quoted
from portal.importing.export_entry import Entry
from portal.importing.html_to_markdown import OldPicture, escaped, html_to_markdown, safe_address
from portal.importing.labels import Meaning
from portal.importing.personal_data import personal_data
from portal.importing.pictures import NoPicture, Picture, Pictures
from portal.model.dates import SourceDate
from portal.writers.formats import italian_date

_SHORTEST_TITLE, _TITLE_LENGTH = 2, 90
_SHORTEST_DESCRIPTION, _DESCRIPTION_LENGTH = 20, 240
_NO_DESCRIPTION = "Da scrivere: una o due frasi che dicono di cosa parla la storia."
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORTCODE = re.compile(r"\\\[(/?[a-z][a-z_-]+(?: [^\]\n]*)?)\\\]")
_DROPPED_NAMES = {"a": "un link", "iframe": "un riquadro di un altro sito", "embed": "un riquadro di un altro sito",
    "object": "un riquadro di un altro sito", "script": "un programma", "style": "uno stile",
    "video": "un video", "audio": "un audio"}  # fmt: skip


@dataclass(frozen=True)
class StoryDraft:
    """A story to be written as *stem*.md, with its pictures by file name."""

    stem: str
    text: str
    title: str
    notes: tuple[str, ...]
    pictures: dict[str, Picture] = field(default_factory=dict)


def draft_story(
    entry: Entry,
    stem: str,
    story_id: str,
    labels: tuple[Meaning, tuple[str, ...]],
    pictures: Pictures,
    link: Callable[[str], str],
    source_title: str,
    told_in: Path | None = None,
) -> StoryDraft:
    """Make the draft. *link* says where an address of the old site leads now; *told_in* has the post as a source."""
    assert entry.date is not None, entry.line
    notes: list[str] = []
    found: dict[str, Picture] = {}

    def show(old: OldPicture) -> str:
        return _show(old, stem, pictures, found, notes)

    converted = html_to_markdown(entry.html, show, link)
    plain = _plain(converted.markdown)
    values: list[tuple[str, str]] = [
        ("id", story_id),
        ("title", quoted(_title(entry, notes))),
        ("description", quoted(_description(plain, notes))),
        ("date", entry.date),
    ]
    fields, unknown = labels
    values.extend((name, f"[{', '.join(slugs)}]") for name, slugs in fields.items() if slugs)
    notes.extend(
        f"l'etichetta «{label}» non ha un posto: scrivilo tu nei campi" for label in unknown
    )
    if entry.old_url:
        values.append(("old_urls", f"[{quoted(entry.old_url)}]"))
    elif entry.path:
        notes.append(f"il vecchio indirizzo «/{entry.path}» non si può tenere in old_urls")
    values.append(("sources", _source(entry, source_title, notes)))
    values.append(("real_person", "no"))
    values.append(("status", "bozza"))
    front_matter = "\n".join(
        f"{name}:{'' if value[0] == chr(10) else ' '}{value}" for name, value in values
    )

    if not entry.was_public:
        notes.append("sul vecchio sito non era pubblica: chiedi prima di pubblicarla")
    if told_in is not None:
        notes.append(f"forse c'è già: {told_in.name} ha questa fonte. Tieni una storia sola")
    if not converted.markdown:
        notes.append("il testo è vuoto")
    for tag, address in converted.dropped:
        what = _DROPPED_NAMES.get(tag, f"un elemento <{tag}>")
        notes.append(f"tolto {what}{f': {address}' if address else ''}")
    for code in dict.fromkeys(_SHORTCODE.findall(converted.markdown)):
        notes.append(f"nel testo è rimasto un codice di WordPress: [{code}]")
    notes.extend(f"nel testo c'è {data}: può restare?" for data in personal_data(plain))
    return StoryDraft(
        stem,
        f"---\n{front_matter}\n---\n\n{converted.markdown}\n",
        entry.title,
        tuple(notes),
        found,
    )


def _title(entry: Entry, notes: list[str]) -> str:
    """The title; without one, the day, so that two untitled stories can be told apart."""
    assert entry.date is not None, entry.line
    title = " ".join(_NO_TEXT.sub("", entry.title).split())
    if len(title) < _SHORTEST_TITLE:
        notes.append("non aveva un titolo: scrivilo tu")
        title = f"Senza titolo, {italian_date(SourceDate(entry.date))}"
    if len(title) > _TITLE_LENGTH:
        notes.append(f"il titolo era troppo lungo e l'ho accorciato. Era: {title}")
        title = _cut(title, _TITLE_LENGTH)
    return title


def _description(plain: str, notes: list[str]) -> str:
    """The first sentences that fit; the beginning of the first one where it is too long by itself."""
    notes.append("la descrizione viene dalle prime frasi: rileggila")
    description = ""
    for sentence in re.split(r"(?<=[.!?…])\s+", plain):
        longer = f"{description} {sentence}".strip()
        if len(longer) > _DESCRIPTION_LENGTH or len(description) > _DESCRIPTION_LENGTH // 2:
            break
        description = longer
    if len(description) < _SHORTEST_DESCRIPTION:
        description = _cut(plain, _DESCRIPTION_LENGTH)
    if len(description) < _SHORTEST_DESCRIPTION:
        notes[-1] = "il testo è troppo corto per farne una descrizione: scrivila tu"
        return _NO_DESCRIPTION
    return description


def _source(entry: Entry, title: str, notes: list[str]) -> str:
    lines = [f"\n  - title: {quoted(title)}"]
    address = safe_address(entry.address or "")
    if address and re.fullmatch(r"https?://\S+", address):
        lines.append(f"    url: {quoted(address)}")
    elif entry.was_public:
        notes.append("il vecchio indirizzo completo non si conosce: aggiungi url alla fonte")
    lines.append(f"    date: {entry.date}")
    return "\n".join(lines)


def _show(
    old: OldPicture, stem: str, pictures: Pictures, found: dict[str, Picture], notes: list[str]
) -> str:
    """The Markdown of a picture; where there is no file, words that nobody publishes by mistake."""
    picture = pictures.find(old.larger, old.address)
    address = (old.larger or old.address) if not old.address.startswith("data:") else "nel testo"
    if isinstance(picture, NoPicture):
        notes.append(f"foto da mettere: {address[:300]} ({picture.reason})")
        return f" \\[Foto da mettere{f': {escaped(old.alt)}' if old.alt else ''}\\] "
    name = next((name for name, known in found.items() if known == picture), None)
    if name is None:
        name = f"{stem}-{len(found) + 1}.{picture.ending}"
        found[name] = picture
        if picture.says_where:
            notes.append(f"la foto {name} dice dove è stata scattata: toglilo prima di pubblicarla")
    if not old.alt:
        notes.append(f"la foto {name} non ha una descrizione: scrivila fra le parentesi quadre")
    return f"![{escaped(old.alt)}]({name})"


def _plain(markdown: str) -> str:
    """The words of the text alone, for the description: no headings, pictures, addresses or marks."""
    text = re.sub(r"^#+ .*$", "", markdown, flags=re.M)
    text = re.sub(r" ?\\\[Foto da mettere.*?\\\] ?|!\[.*?\]\([^)]*\)", " ", text)
    text = re.sub(r"\[((?:[^\]\\]|\\.)*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^[> ]*(?:- |\d+\. )?", "", text, flags=re.M)
    text = re.sub(r"(?<!\\)\*+", "", text)
    text = re.sub(r"&#(58|61|126);", lambda found: chr(int(found[1])), text)
    text = re.sub(r"\\(.)", r"\1", text).replace("&lt;", "<").replace("&amp;", "&")
    return _NO_TEXT.sub("", " ".join(text.split()))


def _cut(text: str, length: int) -> str:
    """The beginning of *text* in whole words, with an ellipsis where it goes on."""
    if len(text) <= length:
        return text
    return (
        text[: length - 1].rpartition(" ")[0].rstrip(" ,;:–-") + "…"
        if " " in text[:length]
        else text[: length - 1] + "…"
    )
