"""Readings by month, as open data, a picture and a few sentences."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from babel.dates import format_date

from portal.model.readings import FEWEST_READINGS, MonthOfReadings
from portal.writers.chart_svg import WIDTH, Bar, draw_bars
from portal.writers.data_field import DataField
from portal.writers.data_table import DataTable
from portal.writers.formats import number
from portal.writers.json_document import write_json
from portal.writers.open_data import LICENCE

METHOD = (
    "Una lettura è una pagina aperta con successo, contata dal registro del server. Non si contano "
    "le persone: chi apre due volte vale due. I programmi automatici che si dichiarano sono "
    f"lasciati fuori. Una pagina aperta meno di {FEWEST_READINGS} volte in un mese sta in «altre "
    "pagine»; le pagine delicate si vedono solo tutte insieme; una somma sotto "
    f"{FEWEST_READINGS} non si pubblica."
)
PAGE, OTHER, SENSITIVE = "pagina", "altre pagine", "pagine delicate"
_MOST_SHOWN = 10
_COUNT = {"required": True, "minimum": FEWEST_READINGS}
_FIELDS = (
    DataField("mese", "string", "Anno e mese, come 2026-10.", constraints={"required": True}),
    DataField("dal", "string", "Il primo giorno del mese che c'è nei registri."),
    DataField("al", "string", "L'ultimo giorno del mese che c'è nei registri."),
    DataField("voce", "string", f"«{PAGE}», «{OTHER}» o «{SENSITIVE}».", constraints={"required": True}),
    DataField("indirizzo", "string", "L'indirizzo della pagina, dalla radice del sito. Vuoto nelle somme."),
    DataField("titolo", "string", "Il titolo della pagina. Vuoto nelle somme."),
    DataField("letture", "integer", "Quante volte è stata aperta.", constraints=_COUNT),
)  # fmt: skip


def write_readings(months: tuple[MonthOfReadings, ...]) -> dict[str, bytes]:
    """The figures as `letture.csv`, `letture.json` and, where there is a month, `letture.svg`."""
    table = readings_table(months)
    written = {
        "letture.csv": table.as_csv(),
        "letture.json": write_json(_document(table)),
    }
    if months:
        written["letture.svg"] = _picture(months).encode()
    return written


def readings_table(months: tuple[MonthOfReadings, ...]) -> DataTable:
    """One row for each page and month, and one for each sum."""
    return DataTable(
        name="letture",
        title="Letture delle pagine, mese per mese",
        description=METHOD,
        primary_key=("mese", "voce", "indirizzo"),
        fields=_FIELDS,
        rows=tuple(row for month in months for row in _rows(month)),
        sources=(),
    )


def readings_summary(months: tuple[MonthOfReadings, ...]) -> str:
    """The figures in a few Italian sentences, the latest month last."""
    return "\n\n".join("\n".join(_summary(month)) for month in months)


def _rows(month: MonthOfReadings) -> Iterator[dict[str, Any]]:
    def row(item: str, url: str | None, title: str | None, readings: int) -> dict[str, Any]:
        days = (month.month, month.first_day.isoformat(), month.last_day.isoformat())
        return dict(
            zip(
                (column.name for column in _FIELDS),
                (*days, item, url, title, readings),
                strict=True,
            )
        )

    for page, readings in month.pages:
        yield row(PAGE, f"/{page.url}", page.title, readings)
    if month.other:
        yield row(OTHER, None, None, month.other)
    if month.sensitive:
        yield row(SENSITIVE, None, None, month.sensitive)


def _document(table: DataTable) -> dict[str, Any]:
    return {
        "titolo": table.title,
        "metodo": table.description,
        "licenza": LICENCE,
        "campi": {column.name: column.description for column in table.fields},
        "righe": table.rows,
    }


def _picture(months: tuple[MonthOfReadings, ...]) -> str:
    """The totals as a picture that stands alone: a file has no stylesheet to take its letters from."""
    said = "; ".join(f"{_name(month)}, {number(month.total)}" for month in months)
    drawing = draw_bars(
        "letture",
        "Grafico: letture delle pagine, mese per mese",
        f"{said[0].upper()}{said[1:]}.",
        [Bar(_covered(month), month.total, number(month.total)) for month in months],
    )
    drawing.set("xmlns", "http://www.w3.org/2000/svg")
    drawing.set("width", str(WIDTH * 2))
    drawing.set("font-family", "system-ui, sans-serif")
    drawing.set("font-size", "14")
    return f"{ElementTree.tostring(drawing, encoding='unicode')}\n"


def _summary(month: MonthOfReadings) -> Iterator[str]:
    yield f"{_covered(month)}: {number(month.total)} letture."
    for page, readings in month.pages[:_MOST_SHOWN]:
        yield f"  {number(readings):>9}  {page.title}  /{page.url}"
    rest = month.pages[_MOST_SHOWN:]
    if rest:
        yield f"  {number(sum(count for _, count in rest)):>9}  altre {len(rest)} pagine, che sono nei file"
    if month.other:
        yield f"  {number(month.other):>9}  pagine aperte meno di {FEWEST_READINGS} volte, insieme"
    if month.sensitive:
        yield f"  {number(month.sensitive):>9}  pagine delicate, tutte insieme"


def _name(month: MonthOfReadings) -> str:
    return str(format_date(month.first_day, "MMMM y", locale="it"))


def _covered(month: MonthOfReadings) -> str:
    """The month, and its days where the logs do not hold all of them."""
    name = _name(month)
    name = f"{name[0].upper()}{name[1:]}"
    if month.is_whole:
        return name
    return f"{name}, {_days(month.first_day, month.last_day)}"


def _days(first: datetime.date, last: datetime.date) -> str:
    return (
        f"solo il giorno {first.day}" if first == last else f"solo i giorni {first.day}–{last.day}"
    )
