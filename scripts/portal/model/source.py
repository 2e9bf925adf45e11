"""A source: where a fact was read, and how old it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from portal.model.dates import SourceDate
from portal.model.page import WEB_ADDRESS, Value


class Source(Value):
    """Where a fact was read. Without a *url* it is a document that is not online."""

    title: str = Field(
        min_length=2, title="Chi lo dice", description="Chi lo dice.", examples=["Legnanonews"]
    )
    url: str | None = Field(
        default=None,
        pattern=WEB_ADDRESS,
        title="Indirizzo della pagina",
        description="L'indirizzo della pagina, se c'è.",
        examples=["https://www.esempio.it/articolo"],
    )
    date: SourceDate = Field(
        title="Data della fonte",
        description="La data della fonte: giorno, mese o anno; ~ davanti se è stimata; s.d. se manca.",
        examples=["2017-12-01", "2019-10", "~2015", "s.d."],
    )


Sources = Annotated[
    tuple[Source, ...],
    Field(min_length=1, title="Fonti", description="Le fonti: almeno una."),
]
"""Where what a page says was read."""


def newest_date(sources: Iterable[Source]) -> SourceDate | None:
    """The date of the newest of *sources*; nothing where none has one."""
    dated = [source.date for source in sources if source.date.year is not None]
    return max(dated, default=None)
