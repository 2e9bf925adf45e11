"""A source: where a fact was read, and how old it is."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from portal.model.dates import SourceDate
from portal.model.page import Value


class Source(Value):
    """Where a fact was read. Without a *url* it is a document that is not online."""

    title: str = Field(
        min_length=2, title="Chi lo dice", description="Chi lo dice.", examples=["Legnanonews"]
    )
    url: str | None = Field(
        default=None,
        pattern=r"^https?://\S+$",
        title="Indirizzo della pagina",
        description="L'indirizzo della pagina, se c'è.",
        examples=["https://www.esempio.it/articolo"],
    )
    date: SourceDate = Field(
        title="Data della fonte",
        description="La data della fonte: giorno, mese o anno; ~ davanti se è stimata; s.d. se manca.",
        examples=["2017-12-01", "2019-10", "~2015", "s.d."],
    )


def newest_date(sources: Iterable[Source]) -> SourceDate | None:
    """The date of the newest of *sources*; nothing where none has one."""
    dated = [source.date for source in sources if source.date.year is not None]
    return max(dated, default=None)
