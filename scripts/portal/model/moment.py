"""A moment of the project's history, for the timeline."""

from __future__ import annotations

from pydantic import Field

from portal.model.dates import SourceDate
from portal.model.page import StoryRef, Value
from portal.model.source import Sources


class Moment(Value):
    """Something that happened to the project, as exact as its source."""

    date: SourceDate = Field(title="Quando", description="Quando.", examples=["2015-05"])
    title: str = Field(
        min_length=3,
        title="Che cosa",
        description="Che cosa, in poche parole.",
        examples=["Si parte"],
    )
    text: str = Field(min_length=10, title="Testo", description="Una o due frasi.")
    story: StoryRef | None = Field(
        default=None,
        title="Storia che lo racconta",
        description="La storia che lo racconta.",
        examples=["2015-07-04-granaio"],
    )
    sources: Sources
