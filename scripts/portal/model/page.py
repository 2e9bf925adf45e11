"""A page: what an editor writes above the text, declared once per page type.

Every page type is a pydantic model. Its fields are the front matter; the same
declaration validates what editors write, describes it in the editors' guide and
becomes a JSON Schema. `description` and `examples` of a field are therefore
written for editors, in Italian.
"""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


@dataclass(frozen=True)
class Reference:
    """Marks a field whose value is the file name of another page, without `.md`."""

    folder: str


@dataclass(frozen=True)
class FromFile:
    """Marks a field the reader fills from the file itself, never an editor."""


def _yes_or_no(value: object) -> object:
    return (
        {"sì": True, "si": True, "no": False}.get(value.strip().lower(), value)
        if isinstance(value, str)
        else value
    )


class Status(StrEnum):
    """Whether a page is ready to be seen."""

    DRAFT = "draft"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """The status as editors say and write it."""
        return {"draft": "Bozza", "published": "Pubblicata"}[self.value]


def _status(value: object) -> object:
    """A status as editors say it: «bozza» is «draft»."""
    italian = {status.label.lower(): status.value for status in Status}
    return italian.get(value.strip().lower(), value) if isinstance(value, str) else value


def as_address(copied: str) -> str:
    """An address as people copy it, from the site's root: `/storie/una` is `storie/una/`."""
    address = copied.strip().lstrip("/")
    return address if address.endswith(("/", ".html")) else f"{address}/"


OldAddress = Annotated[
    str,
    BeforeValidator(lambda value: as_address(value) if isinstance(value, str) else value),
    Field(pattern=r"^(\w[\w.~-]*/)*\w[\w.~-]*(/|\.html)$"),
]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
WEB_ADDRESS = r"^https?://\S+$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Slug = Annotated[str, Field(pattern=SLUG)]
ActionRef = Annotated[Slug, Reference("azioni")]
PlaceRef = Annotated[Slug, Reference("luoghi")]
MemberRef = Annotated[Slug, Reference("rete")]
StoryRef = Annotated[Slug, Reference("storie")]
EventRef = Annotated[Slug, Reference("agenda")]
CampaignRef = Annotated[Slug, Reference("campagne")]
TownRef = Annotated[Slug, Reference("comuni")]
ToolRef = Annotated[Slug, Reference("strumenti")]
RecipientRef = Annotated[Slug, Reference("beneficiari")]


class Value(BaseModel):
    """A frozen value that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Page(Value):
    """What every page has: a title, one or two sentences about it.

    Its text is not part of it: pages speak of each other by what is written above,
    and a text that changes need not make anew every page that names its own.
    """

    folder: ClassVar[str] = ""
    template: ClassVar[str] = "page.html"

    slug: Annotated[str, FromFile()]

    title: str = Field(
        min_length=2,
        max_length=90,
        title="Titolo",
        description="Il titolo, breve.",
        examples=["La colazione delle mamme"],
    )
    description: str = Field(
        min_length=20,
        max_length=240,
        title="Descrizione",
        description="Una o due frasi che dicono di cosa parla la pagina: escono negli elenchi e nei feed.",
        examples=[
            "Ogni martedì una ventina di mamme si trova a Rho: un caffè, due chiacchiere, un aiuto."
        ],
    )
    sensitive: YesNo = Field(
        default=False,
        title="Pagina delicata",
        description="«sì» se chi legge può dover nascondere in fretta la pagina: mostra «Esci in fretta».",
        examples=["no"],
    )
    accepted: tuple[Annotated[str, Field(min_length=3)], ...] = Field(
        default=(),
        title="Consigli da non ripetere",
        description="Parole, frasi o recapiti su cui `portal check` ha torto: qui non ne parla più.",
        examples=[["presa in carico"]],
    )
    old_urls: tuple[OldAddress, ...] = Field(
        default=(),
        title="Indirizzi di prima",
        description="Gli indirizzi che la pagina aveva prima: chi li usa arriva qui.",
        examples=[["storie/il-vecchio-nome/"]],
    )

    status: Annotated[Status, BeforeValidator(_status)] = Field(
        default=Status.PUBLISHED,
        title="Bozza o pubblicata",
        description="«bozza» finché la pagina non è pronta: non esce da nessuna parte. Poi «pubblicata», o niente.",
        examples=["bozza"],
    )
    publish_from: datetime.date | None = Field(
        default=None,
        title="Esce dal giorno",
        description="Il giorno da cui la pagina si vede, se non è da subito: prima non esce da nessuna parte. "
        "Nei feed sta sotto questo giorno.",
        examples=["2026-12-01"],
    )
    review_by: datetime.date | None = Field(
        default=None,
        title="Da rileggere entro",
        description="Il giorno entro cui rileggerla: `portal calendar` lo ricorda.",
        examples=["2027-06-30"],
    )

    def is_out(self, today: datetime.date) -> bool:
        """Whether anybody may see the page on *today*: no draft, and its day has come."""
        return self.status is Status.PUBLISHED and not (
            self.publish_from and self.publish_from > today
        )

    @property
    def url(self) -> str:
        """Where the page is on the site, relative to its root, with a trailing slash."""
        return self.url_of(self.slug)

    @classmethod
    def url_of(cls, slug: str) -> str:
        """Where the page of this type with this slug is."""
        if cls.folder and slug:
            return f"{cls.folder}/{slug}/"
        return f"{cls.folder or slug}/" if cls.folder or slug else ""


def file_at(address: str) -> str:
    """The file a host of files serves at *address*."""
    return address if address.endswith(".html") else f"{address}index.html"


def front_matter_fields(page_type: type[Value]) -> dict[str, Any]:
    """The fields an editor may write for *page_type*, by name, in order."""
    return {
        name: field
        for name, field in page_type.model_fields.items()
        if not any(isinstance(mark, FromFile) for mark in field.metadata)
    }


Location = tuple[str | int, ...]
"""Where in a file something is written: field names, and numbers in lists."""


def references(value: Value) -> list[tuple[Location, str, str]]:
    """Every reference *value* and the values in it make, as (where, folder, slug)."""
    found: list[tuple[Location, str, str]] = []
    for name, folder in _references_of(type(value)):
        written = getattr(value, name)
        items = enumerate(written) if isinstance(written, tuple) else [(None, written)]
        for number, item in items:
            where: Location = (name,) if number is None else (name, number)
            if isinstance(item, Value):
                found.extend(((*where, *inner), to, slug) for inner, to, slug in references(item))
            elif item:
                found.append((where, folder or "", item))
    return found


@functools.cache
def _references_of(value_type: type[Value]) -> tuple[tuple[str, str | None], ...]:
    """The fields that refer, with the folder; none for a field whose values refer in their turn."""
    fields: list[tuple[str, str | None]] = []
    for name, field in value_type.model_fields.items():
        folder, inner = referred_folder(field), named_type(field.annotation, Value)
        if folder or (inner and _references_of(inner)):
            fields.append((name, folder))
    return tuple(fields)


def named_type(annotation: Any, base: type) -> Any:
    """The class under *base* that *annotation* names, however deep inside; nothing where there is none."""
    if isinstance(annotation, type) and issubclass(annotation, base):
        return annotation
    inner = (named_type(one, base) for one in get_args(annotation))
    return next((found for found in inner if found is not None), None)


def referred_folder(field: Any) -> str | None:
    """The folder a field's value names a page of, however deep the mark is in its type."""

    def search(annotation: Any) -> str | None:
        for mark in getattr(annotation, "__metadata__", ()):
            if isinstance(mark, Reference):
                return mark.folder
        for inner in getattr(annotation, "__args__", ()):
            if (folder := search(inner)) is not None:
                return folder
        return None

    for mark in field.metadata:
        if isinstance(mark, Reference):
            return mark.folder
    return search(field.annotation)


def slug_of(title: str) -> str:
    """The title as an address: «Città & perché» becomes `citta-perche`."""
    apart = re.sub("[’‘–—]", " ", title)  # what ASCII has no letter for, and words stand around
    plain = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "senza-titolo"
