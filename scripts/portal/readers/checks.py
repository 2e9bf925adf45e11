"""What a file cannot tell by itself: whether the pages of a content folder agree with each other."""

from __future__ import annotations

import datetime
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence

from portal.model.action import Action
from portal.model.campaign import Campaign
from portal.model.event import Event
from portal.model.member import Member
from portal.model.moment import Moment
from portal.model.need import Need
from portal.model.opportunity import Opportunity
from portal.model.page import Page, Status, Value, file_at, references
from portal.model.place import Place
from portal.model.site import Site
from portal.model.story import Story
from portal.model.translation import Translation
from portal.readers.addresses import ADDRESSES_FILE, read_addresses
from portal.readers.anchors import check_anchors
from portal.readers.claims import claimed_twice
from portal.readers.content_folder import ContentFolder
from portal.readers.data_files import MOMENTS_FILE
from portal.readers.links import NOT_YET, check_links, check_own_links
from portal.readers.marked_texts import MarkedTexts
from portal.readers.models import check_unfilled
from portal.readers.named_files import files_named_in
from portal.readers.problem import Problem

FOLDER_NAMES = {
    "azioni": "fra le azioni", "luoghi": "fra i luoghi", "rete": "nella rete", "storie": "fra le storie",
    "agenda": "nell'agenda", "campagne": "fra le campagne", "comuni": "in rete/comuni.yml",
    "strumenti": "fra gli strumenti",
    "beneficiari": "in campagne/beneficiari.yml",
}  # fmt: skip

Pages = Mapping[str, Page]
Known = Mapping[str, Mapping[str, bool]]
"""By folder, what may be referred to, and whether it is left out of the site for now."""

_IN_DATA = frozenset({"comuni", "beneficiari", "strumenti"})
"""Folders in name only: what is in them is told by a code."""

_FIRST_LEVEL_HEADING = re.compile(r"^#(?!#)\s*\S+", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def check_texts(
    content: ContentFolder, paths: Iterable[str], unpublished: set[str], texts: MarkedTexts
) -> None:
    """Find what is wrong with the texts at *paths*, whatever else may be wrong with their pages."""
    written = dict.fromkeys(path for path in paths if path in content.documents)
    check_links(content, written, unpublished, texts)
    check_anchors(content, written, texts)
    _check_headings(content, written)


def check_pages(
    content: ContentFolder,
    pages: Pages,
    known: Known,
    unpublished: set[str],
    today: datetime.date,
) -> None:
    """Find what is wrong between *pages*, by path; *known* is what they may refer to."""
    _check_references(content, pages, known, unpublished)
    _check_ids(content, pages)
    _check_one_address(content, pages, today)
    _check_numbers(content, pages, today)
    check_unfilled(content, pages)
    towns = {page.slug: page.town for page in pages.values() if isinstance(page, Place)}
    for path, page in pages.items():
        if isinstance(page, Story) and (said := page.consent_fault(today)):
            where = ("consent",) if page.consent else ("real_person",)
            content.blame(
                path,
                where,
                f"la storia {said}. Finché non c'è, non si pubblica: scrivi sotto "
                "consent: kind: scritto e until: con l'ultimo giorno, oppure togli la storia.",
            )
        if isinstance(page, Opportunity) and (fault := page.offer_fault()):
            content.blame(path, (fault[0],), fault[1])
        if isinstance(page, Event):
            in_town = page.town_fault(towns)
            for field, said in (*page.faults(), *((in_town,) if in_town else ())):
                content.blame(path, (field,), said)
        if isinstance(page, Place):
            for number, hours in enumerate(page.hours):
                if closing := hours.fault():
                    content.blame(path, ("hours", number, "closes"), closing)
        is_empty = not content.documents[path].body.strip()
        if isinstance(page, Story) and is_empty and page.status is not Status.DRAFT:
            content.blame(
                path,
                ("title",),
                "la storia non ha testo. Scrivilo sotto la seconda riga con ---, o lasciala in bozza.",
            )
        if isinstance(page, (Need, Translation)):
            _check_named_once(content, path, "places", "place", page.places)
            _check_named_once(content, path, "desks", "title", page.desks)


def check_moments(
    content: ContentFolder, moments: Iterable[Moment], known: Known, unpublished: set[str]
) -> None:
    """Find the stories that a moment of the project names and that are not there."""
    for number, moment in enumerate(moments):
        where = (number, "story")
        _check_reference(content, MOMENTS_FILE, where, "storie", moment.story, known, unpublished)


def check_strays(content: ContentFolder) -> None:
    """Find the files that were meant as pages or as data, and are none: nobody would miss them but who wrote them."""
    if not content.strays:
        return
    named: set[str] = set()
    for path, document in content.documents.items():
        named |= files_named_in(document.body, path)
    for path in content.strays:
        ending = posixpath.splitext(path)[1].lower()
        if ending in (".yaml", ".yml"):
            fault = "questo file non si legge. Il nome deve finire in .yml, minuscolo."
        elif path in named:
            continue
        else:
            fault = "questo file non diventa una pagina. Il nome deve finire in .md, minuscolo."
            if not ending.startswith((".m", ".txt")) and ending:
                fault += " Copia il testo in un file così; se è da scaricare, mettici un link."
        content.blame(path, (), fault)


def check_translations(content: ContentFolder, pages: Pages) -> None:
    """Find the translations of nothing, and the places, desks and numbers they name that the Italian page does not."""
    originals = {page.url: page for page in pages.values() if not isinstance(page, Translation)}
    for path, page in pages.items():
        if not isinstance(page, Translation):
            continue
        original = originals.get(page.original)
        if original is None:
            fault = f"traduce «{page.original or 'index.md'}», che in italiano non c'è. Dagli lo stesso nome di file."
            content.blame(path, (), fault)
            continue
        need = original if isinstance(original, Need) else None
        places = [words.place for words in need.places] if need else []
        for number, name in _strangers([words.place for words in page.places], places):
            fault = _not_there(name, "i luoghi", "places", places)
            content.blame(path, ("places", number, "place"), fault)
        desks = [desk.title for desk in need.desks] if need else []
        for number, name in _strangers([words.title for words in page.desks], desks):
            fault = _not_there(name, "gli sportelli", "desks", desks)
            content.blame(path, ("desks", number, "title"), fault)
        phones = [call.phone for call in need.urgent] if need else []
        for number, phone in _strangers([call.phone for call in page.urgent], phones):
            fault = (
                f"il numero {phone} non è nella pagina italiana. Chi ha fretta lo chiamerebbe: "
                "scrivilo come lì, o toglilo."
            )
            content.blame(path, ("urgent", number, "phone"), fault)


def _check_named_once(
    content: ContentFolder, path: str, field: str, name_field: str, entries: Sequence[Value]
) -> None:
    """Under a need a place is one entry: of two, a reader would see one, and look for the other in vain."""
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        name = getattr(entry, name_field)
        if name in seen:
            fault = f"«{name}» è già più su in {field}. Metti in una voce sola tutto quello che ci si trova."
            content.blame(path, (field, number, name_field), fault)
        seen.add(name)


def _strangers(names: list[str], known: list[str]) -> list[tuple[int, str]]:
    """Those of *names* that are not among the *known*, each with its place in the list."""
    return [(number, name) for number, name in enumerate(names) if name not in known]


def _not_there(name: str, among: str, field: str, names: list[str]) -> str:
    said = f"«{name}» non è fra {among} della pagina italiana."
    if not names:
        return f"{said} Non ne ha: togli {field}."
    return f"{said} Scrivi il nome come lì: {', '.join(f'«{one}»' for one in names)}"


def _check_reference(
    content: ContentFolder,
    path: str,
    location: tuple[str | int, ...],
    folder: str,
    slug: str | None,
    known: Known,
    unpublished: set[str],
) -> None:
    """Find out whether *slug*, named at *location* of the file at *path*, is in *folder* and to be seen."""
    is_unpublished = slug is not None and known[folder].get(slug)
    if slug is None or is_unpublished is False or (is_unpublished and path in unpublished):
        return
    field = [step for step in location if isinstance(step, str)][-1]
    if is_unpublished:
        content.blame(path, location, f"«{slug}» {NOT_YET}, o toglilo per ora da {field}.")
        return
    where = "il codice" if folder in _IN_DATA else f"il nome del file in {folder}/"
    content.blame(
        path,
        location,
        f"«{slug}» non è {FOLDER_NAMES[folder]}. Controlla {where}, o toglilo da {field}.",
    )


def check_addresses(content: ContentFolder, pages: Pages, site: Site, texts: MarkedTexts) -> None:
    """No old address is a living one, none leads to two pages, and none that was published is lost."""
    living = {file_at(url): "una pagina che il sito scrive da sé" for url in site.addresses}
    living |= {file_at(page.url): path for path, page in pages.items()}
    written = {file_at(listing.url) for listing in site.listings}
    for path, page in pages.items():
        if file_at(page.url) in written:
            fault = f"/{page.url} è l'indirizzo di una pagina che il sito scrive da sé: cambia nome al file."
            content.blame(path, (), fault)
    living["404.html"] = "la pagina per chi si perde"
    shortened: dict[str, str] = {}
    for path, page in pages.items():
        if isinstance(page, Campaign):
            taken = shortened.setdefault(page.short_url, path)
            if taken != path:
                fault = f"«/{page.short_url}» porta già a {taken}: scegli un altro nome breve."
                content.blame(path, ("short",), fault)
    claimed: dict[str, str] = {}
    for path, page in pages.items():
        for number, old in enumerate(page.old_urls):
            file = file_at(old)
            if file in living:
                fault = f"è l'indirizzo di {living[file]}, che c'è ancora: toglilo da old_urls."
                content.blame(path, ("old_urls", number), f"«{old}» {fault}")
            elif file in claimed:
                fault = f"porta già a {claimed[file]}: tienilo in una pagina sola."
                content.blame(path, ("old_urls", number), f"«{old}» {fault}")
            claimed.setdefault(file, path)
    found = living.keys() | claimed.keys()
    check_own_links(content, pages, found, texts)
    for line, address in read_addresses(content):
        if file_at(address) not in found:
            fault = (
                f"«/{address}» era pubblicato e ora non c'è più: chi ha quel link resta fuori. "
                f"Nella pagina che lo sostituisce scrivi: old_urls: [{address}] – se non ce "
                "n'è una, nell'index.md della sua cartella."
            )
            content.problems.append(Problem(ADDRESSES_FILE, line, fault))


def _check_references(
    content: ContentFolder, pages: Pages, known: Known, unpublished: set[str]
) -> None:
    for path, page in pages.items():
        for location, folder, slug in references(page):
            _check_reference(content, path, location, folder, slug, known, unpublished)


def _check_headings(content: ContentFolder, paths: Iterable[str]) -> None:
    """A page has one first-level heading, its title: Markdown makes another of «#parola» at the start of a line."""
    for path in paths:
        text = content.documents[path].body
        if not _FIRST_LEVEL_HEADING.search(text):
            continue
        for match in _FIRST_LEVEL_HEADING.finditer(_FENCED.sub("", text)):
            said = match[0].strip()
            content.blame_words(
                path,
                match[0],
                f"«{said}» diventa un secondo titolo della pagina. Per un titolo di sezione "
                f"scrivi ## davanti; se è un nome, scrivi \\{said}",
            )


def _check_one_address(content: ContentFolder, pages: Pages, today: datetime.date) -> None:
    """Two files at one address: one of them would be lost without a word."""
    in_order = sorted(pages, key=lambda path: (not path.endswith("index.md"), path))
    addresses = ((path, pages[path].url) for path in in_order if pages[path].is_out(today))
    for path, first, address in claimed_twice(addresses):
        fault = f"{path} ha lo stesso indirizzo di {first} (/{address}): tienine uno, o cambia nome al file."
        content.blame(path, (), fault)


def _check_numbers(content: ContentFolder, pages: Pages, today: datetime.date) -> None:
    """Two pages at one place of a list: which comes first would be up to their names."""
    places = (
        (path, (type(page), "number", page.number))
        if isinstance(page, Action)
        else (path, (type(page), "order", page.order))
        for path, page in pages.items()
        if isinstance(page, Action | Need | Member) and page.is_out(today)
    )
    for path, first, (_, field, number) in claimed_twice(places):
        content.blame(path, (field,), f"{field} {number} è già di {first}: scegli un altro numero.")


def _check_ids(content: ContentFolder, pages: Pages) -> None:
    ids = (
        (path, page.id)
        for path, page in pages.items()
        if isinstance(page, Story | Event | Opportunity)
    )
    for path, first, name in claimed_twice(ids):
        content.blame(path, ("id",), f"il codice «{name}» è già di {first}. Dagliene uno nuovo.")
