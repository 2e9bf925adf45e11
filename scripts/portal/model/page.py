"""A page: what an editor writes above the text, declared once per page type.

Every page type is a pydantic model. Its fields are the front matter; the same
declaration validates what editors write, describes it in the editors' guide and
becomes a JSON Schema. `description` and `examples` of a field are therefore
written for editors, in Italian.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

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


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ActionRef = Annotated[Slug, Reference("azioni")]
PlaceRef = Annotated[Slug, Reference("luoghi")]
MemberRef = Annotated[Slug, Reference("rete")]
StoryRef = Annotated[Slug, Reference("storie")]
EventRef = Annotated[Slug, Reference("agenda")]
CampaignRef = Annotated[Slug, Reference("campagne")]
TownRef = Annotated[Slug, Reference("comuni")]
RecipientRef = Annotated[Slug, Reference("beneficiari")]


class Value(BaseModel):
    """A frozen value that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Page(Value):
    """What every page has: a title, one or two sentences about it, a text."""

    folder: ClassVar[str] = ""
    template: ClassVar[str] = "page.html"

    slug: Annotated[str, FromFile()]
    body: Annotated[str, FromFile()] = ""

    title: str = Field(
        min_length=2,
        max_length=90,
        description="Il titolo, breve.",
        examples=["La colazione delle mamme"],
    )
    description: str = Field(
        min_length=20,
        max_length=240,
        description="Una o due frasi che dicono di cosa parla la pagina: escono negli elenchi e nei feed.",
        examples=[
            "Ogni martedì una ventina di mamme si trova a Rho: un caffè, due chiacchiere, un aiuto."
        ],
    )

    @property
    def url(self) -> str:
        """Where the page is on the site, relative to its root, with a trailing slash."""
        return self.url_of(self.slug)

    @classmethod
    def url_of(cls, slug: str) -> str:
        """Where the page of this type with this slug is."""
        path = "/".join(part for part in (cls.folder, slug) if part)
        return f"{path}/" if path else ""


def front_matter_fields(page_type: type[Value]) -> dict[str, Any]:
    """The fields an editor may write for *page_type*, by name, in order."""
    return {
        name: field
        for name, field in page_type.model_fields.items()
        if not any(isinstance(mark, FromFile) for mark in field.metadata)
    }


def references(page: Value) -> list[tuple[str, str, str]]:
    """Every reference *page* makes, as (field name, folder, slug)."""
    found = []
    for name, field in type(page).model_fields.items():
        folder = referred_folder(field)
        if folder is None:
            continue
        value = getattr(page, name)
        slugs = value if isinstance(value, tuple) else (value,) if value else ()
        found.extend((name, folder, slug) for slug in slugs)
    return found


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
