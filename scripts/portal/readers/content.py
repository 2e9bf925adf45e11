"""The content folder → the site, or every problem it has at once."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import ValidationError

from portal.model.action import Action
from portal.model.campaign import Campaign, Recipient
from portal.model.event import Event
from portal.model.indicator import Indicator
from portal.model.issue import Issue
from portal.model.member import Member
from portal.model.moment import Moment
from portal.model.need import Need
from portal.model.network import Network
from portal.model.opportunity import Opportunity
from portal.model.page import Page, Value, file_at, front_matter_fields, references
from portal.model.picture import Picture
from portal.model.place import Place
from portal.model.site import Site
from portal.model.story import Story
from portal.model.totals import Totals
from portal.model.town import Town
from portal.model.translation import LANGUAGES, Translation, fingerprint
from portal.model.words import Words
from portal.readers.addresses import ADDRESSES_FILE, read_addresses
from portal.readers.boundaries import read_boundaries
from portal.readers.decoding import decoded
from portal.readers.document import Document, read_data_text, read_page_text
from portal.readers.explanation import explain
from portal.readers.named_files import files_named_in
from portal.readers.picture_files import PICTURE_ENDINGS, picture_fault
from portal.readers.pictures import details_path, pictures_named_in, silent_pictures
from portal.readers.problem import Problem
from portal.readers.unpublished import is_unpublished

PAGE_TYPES: dict[str, type[Page]] = {
    page_type.folder: page_type
    for page_type in (Action, Need, Place, Member, Story, Event, Opportunity, Campaign, Issue)
}
FOLDER_NAMES = {
    "azioni": "fra le azioni", "luoghi": "fra i luoghi", "rete": "nella rete", "storie": "fra le storie",
    "agenda": "nell'agenda", "campagne": "fra le campagne", "comuni": "in rete/comuni.yml",
    "strumenti": "fra gli strumenti",
    "beneficiari": "in campagne/beneficiari.yml",
}  # fmt: skip

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PAGE_LINK = re.compile(r"\]\((?P<target>[^)\s#]+\.md)(?:#[^)\s]*)?\)")
_PICTURE_NAME = re.compile(
    rf"(?:{'|'.join(map(re.escape, (*PICTURE_ENDINGS, '.svg')))})\b", re.IGNORECASE
)
_FIRST_LEVEL_HEADING = re.compile(r"^#(?!#)\s*\S+", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_NOT_YET = "è ancora una bozza, o esce più avanti: pubblica prima quella pagina"
Known = dict[str, dict[str, bool]]
"""By folder, what may be referred to, and whether it is left out of the site for now."""
ValueType = TypeVar("ValueType", bound=Value)


class Kept(Protocol):
    """Where what one build worked out waits for the next."""

    def take(self, key: str) -> bytes | None:
        """What was put under *key*, or nothing."""

    def put(self, key: str, value: bytes) -> None:
        """Keep *value*."""


class ContentReader:
    """Reads one content folder. Problems gather in `problems`; `read` gives the site when there are none.

    `texts` are the Markdown texts of its pages, by address.
    """

    def __init__(
        self,
        folder: Path,
        today: datetime.date,
        kept: Kept | None = None,
        *,
        preview: bool = False,
    ) -> None:
        """Read *folder* as on *today*. *kept* holds the files an earlier build has taken apart.

        Drafts and pages whose day has not come are left out, unless it is for a
        *preview*; what is wrong with them gathers in `draft_problems`.
        """
        self.folder = folder
        self.today = today
        self.preview = preview
        self._kept = kept
        self.problems: list[Problem] = []
        self.draft_problems: list[Problem] = []
        self.unpublished: set[str] = set()
        self.pages_read = 0
        self.pages: dict[str, Page] = {}
        self.texts: dict[str, str] = {}
        self.pictures: dict[str, Picture] = {}
        self._documents: dict[str, Document] = {}

    def read(self, totals: Totals | None = None) -> Site | None:
        """The site, or nothing where something must be mended first."""
        paths = self._page_paths()
        pages = {path: page for path in paths if (page := self._read_page(path)) is not None}
        self.pages = pages
        self._leave_out_translations()
        towns = self._read_list("rete/comuni.yml", Town)
        recipients = self._read_list("campagne/beneficiari.yml", Recipient)
        moments = self._read_list("progetto/cronologia.yml", Moment)
        indicators = self._read_indicators()
        words = self._read_words()
        boundaries, faults = read_boundaries(
            "rete/confini.geojson", self._text("rete/confini.geojson") or "{}"
        )
        self.problems.extend(faults)

        # A page with a fault of its own is there all the same: who refers to it has done nothing wrong.
        identities = {path: page_identity(path) for path in paths}
        known = {
            folder: {
                slug: path in self.unpublished
                for path, (kind, slug) in identities.items()
                if kind.folder == folder
            }
            for folder in PAGE_TYPES
        }
        known["strumenti"] = {
            slug.removeprefix("strumenti/"): path in self.unpublished
            for path, (kind, slug) in identities.items()
            if kind is Page
        }
        known["comuni"] = dict.fromkeys((town.id for town in towns), False)
        known["beneficiari"] = dict.fromkeys((recipient.id for recipient in recipients), False)
        self._check_references(pages, known)
        self._check_links(pages)
        self._check_pictures(pages)
        self._check_headings(pages)
        self._check_ids(pages)
        self._check_consent(pages)
        self._check_offers(pages)
        self._read_pictures()
        for number, moment in enumerate(moments):
            self._check_reference(
                "progetto/cronologia.yml", (number, "story"), "storie", moment.story, known
            )
        self._set_drafts_aside()
        if self.problems:
            return None

        pages = {path: page for path, page in pages.items() if path not in self.unpublished}
        originals = {page.url for page in pages.values() if type(page) is not Translation}
        for path, page in pages.items():
            if isinstance(page, Translation) and page.original not in originals:
                self._add(
                    path,
                    (),
                    f"traduce «{page.original}», che in italiano non c'è. Dagli lo stesso nome di file.",
                )
        if self.problems:
            return None
        self.texts = {page.url: self._documents[path].body for path, page in pages.items()}
        by_url = {page.url: page for page in pages.values()}

        def of(page_type: type) -> list[Any]:
            return [page for page in pages.values() if type(page) is page_type]

        def compared(translation: Translation) -> Translation:
            original = by_url[translation.original]
            now = fingerprint(original.title, original.description, self.texts[original.url])
            return translation.model_copy(update={"is_behind": translation.source_hash != now})

        site = Site(
            today=self.today,
            pages=tuple(of(Page)),
            actions=tuple(sorted(of(Action), key=lambda action: action.number)),
            needs=tuple(sorted(of(Need), key=lambda need: (need.order, need.slug))),
            places=tuple(sorted(of(Place), key=lambda place: (place.town, place.slug))),
            stories=tuple(
                sorted(of(Story), key=lambda story: (story.day, story.slug), reverse=True)
            ),
            events=tuple(sorted(of(Event), key=lambda event: (event.date, event.slug))),
            opportunities=tuple(
                sorted(of(Opportunity), key=lambda page: (page.date, page.slug), reverse=True)
            ),
            campaigns=tuple(sorted(of(Campaign), key=lambda campaign: campaign.slug)),
            words=words,
            translations=tuple(
                sorted(
                    map(compared, of(Translation)),
                    key=lambda page: (list(LANGUAGES).index(page.language), page.slug),
                )
            ),
            issues=tuple(sorted(of(Issue), key=lambda issue: issue.number, reverse=True)),
            indicators=tuple(
                sorted(indicators, key=lambda indicator: (indicator.order, indicator.id))
            ),
            moments=tuple(sorted(moments, key=lambda moment: moment.date)),
            recipients=tuple(recipients),
            network=Network(
                members=tuple(sorted(of(Member), key=lambda member: (member.order, member.slug))),
                towns=tuple(towns),
                boundaries=boundaries,
            ),
            totals=totals,
        )
        self._check_addresses(pages, site)
        return None if self.problems else site

    @property
    def documents(self) -> Mapping[str, Document]:
        """Every file that could be read as a document, by path, whatever else is wrong with it."""
        return self._documents

    def _page_paths(self) -> list[str]:
        """Every file that is a page: not the editors' guide, not a model, not hidden."""
        paths = []
        for holder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(("_", "."))]
            inside = Path(holder).relative_to(self.folder).as_posix()
            paths += [
                posixpath.normpath(f"{inside}/{name}")
                for name in names
                if name.endswith(".md") and name != "LEGGIMI.md" and not name.startswith(("_", "."))
            ]
        return sorted(paths)

    def _read_page(self, path: str) -> Page | None:
        page_type, slug = page_identity(path)
        text = self._text(path)
        if text is None:
            return None
        document = self._taken_apart(path, text)
        self.pages_read += 1
        if isinstance(document, Problem):
            self.problems.append(document)
            return None
        self._documents[path] = document
        front_matter = document.data if isinstance(document.data, dict) else {}
        if not self.preview and is_unpublished(front_matter, self.today):
            self._leave_out(path)
        name = path.rpartition("/")[2]
        if not _SLUG.fullmatch(name.removesuffix(".md")):
            self._add(
                path,
                (),
                f"il nome del file «{name}» non va bene per un indirizzo. Usa minuscole, cifre e "
                "trattini: la-mia-pagina.md",
            )
            return None
        if page_type is Issue and not slug.isdigit():
            self._add(
                path,
                (),
                f"il nome del file è il numero della newsletter, e qui è «{slug}». Scrivilo così: 2.md",
            )
            return None
        from_file: dict[str, Any] = {"slug": slug}
        if page_type is Translation:
            folder, _, rest = path.partition("/")
            from_file |= {
                "language": folder,
                "original": page_identity(rest)[0].url_of(page_identity(rest)[1]),
                "is_behind": False,
            }
        return self._validated(page_type, document, document.data, **from_file)

    def _taken_apart(self, path: str, text: str) -> Document | Problem:
        """The file at *path*, its YAML parsed, unless an earlier build has done that to the same text."""
        if self._kept is None:
            return read_page_text(path, text)
        key = hashlib.sha256(text.encode()).hexdigest()
        if kept := self._kept.take(key):
            return Document(path, *json.loads(kept))
        document = read_page_text(path, text)
        if isinstance(document, Document):
            parts = (document.data, document.body, document.yaml, document.first_line)
            self._kept.put(key, json.dumps(parts, ensure_ascii=False).encode())
        return document

    def _read_list(self, path: str, value_type: type[ValueType]) -> list[ValueType]:
        text = self._text(path)
        if text is None:
            return []
        document = read_data_text(path, text)
        if isinstance(document, Problem):
            self.problems.append(document)
            return []
        self._documents[path] = document
        if not isinstance(document.data, list):
            self._add(
                path, (), "il file deve essere un elenco: ogni voce comincia con un trattino."
            )
            return []
        values = [
            self._validated(value_type, document, item, at=(number,))
            for number, item in enumerate(document.data)
        ]
        return [value for value in values if value is not None]

    def _read_indicators(self) -> list[Indicator]:
        indicators = []
        for file in sorted((self.folder / "valutazione").glob("*.yml")):
            path = file.relative_to(self.folder).as_posix()
            text = self._text(path)
            if text is None:
                continue
            document = read_data_text(path, text)
            if isinstance(document, Problem):
                self.problems.append(document)
                continue
            indicator = self._validated(Indicator, document, document.data, id=file.stem)
            if indicator is not None:
                indicators.append(indicator)
        return indicators

    def _read_words(self) -> dict[str, Words]:
        """The words of each language that has a folder."""
        words = {}
        for folder in LANGUAGES:
            path = f"{folder}/parole.yml"
            if not (self.folder / folder).is_dir() or (text := self._text(path)) is None:
                continue
            document = read_data_text(path, text)
            if isinstance(document, Problem):
                self.problems.append(document)
            elif (found := self._validated(Words, document, document.data)) is not None:
                words[folder] = found
        return words

    def _validated(
        self,
        value_type: type[ValueType],
        document: Document,
        data: Any,
        at: tuple[int, ...] = (),
        **from_file: Any,
    ) -> ValueType | None:
        if not isinstance(data, dict):
            self._add(
                document.path,
                at,
                "qui servono campi con il loro valore. Scrivi così: title: Il titolo",
            )
            return None
        allowed = set(front_matter_fields(value_type)) - set(from_file)
        for name in from_file.keys() & data.keys():
            self._add(
                document.path,
                (*at, name),
                f"«{name}» viene dal nome del file: toglilo. I campi sono: "
                f"{', '.join(sorted(allowed))}.",
            )
        try:
            return value_type.model_validate({**data, **from_file})
        except ValidationError as error:
            self.problems.extend(explain(error, document, value_type, at))
            return None

    def _check_references(self, pages: dict[str, Page], known: Known) -> None:
        for path, page in pages.items():
            counts: dict[str, int] = {}
            for name, folder, slug in references(page):
                number = counts.get(name, 0)
                counts[name] = number + 1
                location = (name, number) if isinstance(getattr(page, name), tuple) else (name,)
                self._check_reference(path, location, folder, slug, known)

    def _check_reference(
        self,
        path: str,
        location: tuple[str | int, ...],
        folder: str,
        slug: str | None,
        known: Known,
    ) -> None:
        is_unpublished = slug is not None and known[folder].get(slug)
        if slug is None or is_unpublished is False or (is_unpublished and path in self.unpublished):
            return
        field = next(step for step in location if isinstance(step, str))
        if is_unpublished:
            self._add(path, location, f"«{slug}» {_NOT_YET}, o toglilo per ora da {field}.")
            return
        where = f"il nome del file in {folder}/" if folder in PAGE_TYPES else "il codice"
        self._add(
            path,
            location,
            f"«{slug}» non è {FOLDER_NAMES[folder]}. Controlla {where}, o toglilo da {field}.",
        )

    def _check_links(self, pages: dict[str, Page]) -> None:
        """Links to other pages must lead to a file: MkDocs would say so too, but in English and one engine later."""
        for path in pages:
            document = self._documents[path]
            if ".md" not in document.body:
                continue
            for match in _PAGE_LINK.finditer(document.body):
                target = match["target"]
                if "://" in target:
                    continue
                linked = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                if linked not in pages and not os.path.isfile(os.path.join(self.folder, linked)):
                    fault = f"il link porta a «{target}», che non c'è. Controlla il nome del file."
                elif linked in self.unpublished and path not in self.unpublished:
                    fault = f"il link porta a «{target}», che {_NOT_YET}, o togli per ora il link."
                else:
                    continue
                line = _line_in_file(self.folder / path, match[0]) or document.line_of(())
                self.problems.append(Problem(path, line, fault))

    def _check_pictures(self, pages: dict[str, Page]) -> None:
        """The pictures that a page shows are there, and are pictures that can be prepared."""
        faults: dict[str, str | None] = {}
        for path in pages:
            text = self._documents[path].body
            if not _PICTURE_NAME.search(text):
                continue
            for name in sorted(files_named_in(text, path)):
                if not name.lower().endswith((*PICTURE_ENDINGS, ".svg")):
                    continue
                if name not in faults:
                    faults[name] = self._fault_of_picture(name)
                if fault := faults[name]:
                    line = _line_in_file(self.folder / path, posixpath.basename(name)) or 1
                    self.problems.append(Problem(path, line, f"l'immagine «{name}» {fault}."))

    def _fault_of_picture(self, name: str) -> str | None:
        try:
            content = (self.folder / name).read_bytes()
        except (OSError, ValueError):
            return "non c'è. Controlla il nome del file: anche le maiuscole contano"
        if not content:
            return "è vuota: la copia si è interrotta. Copiala di nuovo"
        if name.lower().endswith(".svg"):
            return None if b"<svg" in content else "non è un disegno SVG. Esportalo di nuovo"
        return picture_fault(content)

    def _check_headings(self, pages: dict[str, Page]) -> None:
        """A page has one first-level heading, its title: Markdown makes another of «#parola» at the start of a line."""
        for path in pages:
            text = self._documents[path].body
            if not _FIRST_LEVEL_HEADING.search(text):
                continue
            for match in _FIRST_LEVEL_HEADING.finditer(_FENCED.sub("", text)):
                line = _line_in_file(self.folder / path, match[0]) or 1
                said = match[0].strip()
                self.problems.append(
                    Problem(
                        path,
                        line,
                        f"«{said}» diventa un secondo titolo della pagina. Per un titolo di sezione "
                        f"scrivi ## davanti; se è un nome, scrivi \\{said}",
                    )
                )

    def _check_ids(self, pages: dict[str, Page]) -> None:
        owners: dict[str, str] = {}
        for path, page in pages.items():
            if not isinstance(page, Story | Event | Opportunity):
                continue
            if page.id in owners:
                self._add(
                    path,
                    ("id",),
                    f"il codice «{page.id}» è già di {owners[page.id]}. Dagliene uno nuovo.",
                )
            owners.setdefault(page.id, path)

    def _check_consent(self, pages: dict[str, Page]) -> None:
        for path, page in pages.items():
            if isinstance(page, Story) and (fault := page.consent_fault(self.today)):
                where = ("consent",) if page.consent else ("real_person",)
                self._add(
                    path,
                    where,
                    f"la storia {fault}. Finché non c'è, non si pubblica: scrivi sotto "
                    "consent: kind: scritto e until: con l'ultimo giorno, oppure togli la storia.",
                )

    def _check_offers(self, pages: dict[str, Page]) -> None:
        for path, page in pages.items():
            if isinstance(page, Opportunity) and (fault := page.offer_fault()):
                self._add(path, (fault[0],), fault[1])

    def _read_pictures(self) -> None:
        """Read whose the pictures of every page are; each needs words, an owner, and leave to be shown."""
        for path, document in list(self._documents.items()):
            if path in self.unpublished:
                continue
            for written in silent_pictures(document.body):
                fault = (
                    f"«{written}» non ha parole per chi non vede. Scrivi: ![Che cosa si vede](…)"
                )
                line = _line_in_file(self.folder / path, written) or 1
                self.problems.append(Problem(path, line, fault))
            for picture in pictures_named_in(document.body, path):
                if (self.folder / picture).is_file() and picture not in self.pictures:
                    self._read_picture(path, picture)

    def _read_picture(self, path: str, picture: str) -> None:
        details = details_path(picture)
        if not (self.folder / details).is_file():
            self._add(
                path,
                (),
                f"dell'immagine {picture} non si sa di chi è. Crea {details} con due righe: "
                'credit: "Foto: di chi è, anno" e people: no (oppure sì, se si riconosce qualcuno).',
            )
            return
        text = self._text(details)
        document = read_data_text(details, text) if text is not None else None
        if isinstance(document, Problem):
            self.problems.append(document)
        elif document is not None:
            self._documents[details] = document
            found = self._validated(Picture, document, document.data)
            if found is not None and (fault := found.consent_fault(self.today)):
                self._add(
                    details,
                    ("people",),
                    f"l'immagine {fault}: non si può mostrare. Toglila dalla pagina.",
                )
            elif found is not None:
                self.pictures[picture] = found

    def _check_addresses(self, pages: dict[str, Page], site: Site) -> None:
        """No old address is a living one, none leads to two pages, and none that was published is lost."""
        pages = {path: page for path, page in pages.items() if path not in self.unpublished}
        living = {file_at(url): "una pagina che il sito scrive da sé" for url in site.addresses}
        living |= {file_at(page.url): path for path, page in pages.items()}
        living["404.html"] = "la pagina per chi si perde"
        claimed: dict[str, str] = {}
        shortened: dict[str, str] = {}
        for path, page in pages.items():
            if isinstance(page, Campaign):
                taken = shortened.setdefault(page.short_url, path)
                if taken != path:
                    fault = f"«/{page.short_url}» porta già a {taken}: scegli un altro nome breve."
                    self._add(path, ("short",), fault)
        for path, page in pages.items():
            for number, old in enumerate(page.old_urls):
                file = file_at(old)
                if file in living:
                    fault = f"è l'indirizzo di {living[file]}, che c'è ancora: toglilo da old_urls."
                    self._add(path, ("old_urls", number), f"«{old}» {fault}")
                elif file in claimed:
                    fault = f"porta già a {claimed[file]}: tienilo in una pagina sola."
                    self._add(path, ("old_urls", number), f"«{old}» {fault}")
                claimed.setdefault(file, path)
        found = living.keys() | claimed.keys()
        for line, address in read_addresses(self.folder):
            if file_at(address) not in found:
                self.problems.append(
                    Problem(
                        ADDRESSES_FILE,
                        line,
                        f"«/{address}» era pubblicato e ora non c'è più: chi ha quel link resta fuori. "
                        f"Nella pagina che lo sostituisce scrivi: old_urls: [{address}] – se non ce "
                        "n'è una, nell'index.md della sua cartella.",
                    )
                )

    def _text(self, path: str) -> str | None:
        try:
            with open(os.path.join(self.folder, path), "rb") as file:
                text = decoded(path, file.read())
        except FileNotFoundError:
            self._add(path, (), "il file manca. Rimettilo: il sito non si costruisce senza.")
            return None
        except OSError:
            self._add(path, (), "il file non si apre: forse il tuo utente non lo può leggere.")
            return None
        if isinstance(text, Problem):
            self.problems.append(text)
            return None
        return text

    def _leave_out(self, path: str) -> None:
        """Leave a page out, unless the site would fall apart without it."""
        kind, _slug = page_identity(path)
        if kind is Page and path.rpartition("/")[2] == "index.md":
            self._add(
                path,
                ("status",) if "status" in self._documents[path].data else ("publish_from",),
                "l'indice di una cartella non può essere una bozza: tutto il sito ci porta. Togli la riga.",
            )
            return
        self.unpublished.add(path)

    def _leave_out_translations(self) -> None:
        """What is not to be seen in Italian is not to be seen in any language."""
        for path in self._documents:
            folder, _, rest = path.partition("/")
            if folder in LANGUAGES and rest in self.unpublished:
                self.unpublished.add(path)

    def _add(self, path: str, location: tuple[str | int, ...], message: str) -> None:
        document = self._documents.get(path)
        self.problems.append(Problem(path, document.line_of(location) if document else 1, message))

    def _set_drafts_aside(self) -> None:
        """A mistake in a page that is not to be seen is its own business."""
        of_drafts = [problem for problem in self.problems if problem.path in self.unpublished]
        self.draft_problems += of_drafts
        self.problems = [problem for problem in self.problems if problem not in of_drafts]


def page_identity(path: str) -> tuple[type[Page], str]:
    """The page type and slug that the file at *path* has. An `index.md` is a plain page, named by its folder."""
    if path.partition("/")[0] in LANGUAGES:
        return Translation, path.removesuffix(".md")
    folder, _, name = path.rpartition("/")
    stem = name.removesuffix(".md")
    if stem == "index":
        return Page, folder
    if folder in PAGE_TYPES:
        return PAGE_TYPES[folder], stem
    return Page, f"{folder}/{stem}" if folder else stem


def _line_in_file(file: Path, fragment: str) -> int | None:
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if fragment in line:
            return number
    return None
