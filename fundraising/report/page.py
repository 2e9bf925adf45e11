"""The treasurer's report: one private page that needs no server and prints well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fundraising.clock import italian_day
from fundraising.donation import State
from fundraising.exports.journal import ACCOUNTS
from fundraising.money import format_cents
from fundraising.receipts import MONTHS, date_in_words
from fundraising.report.charts import Series, bar_chart, column_chart
from fundraising.store import from_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fundraising.report.figures import Figures, Month

_TEMPLATES = Path(__file__).parents[1] / "templates"


def write_page(figures: Figures, titles: Mapping[str, str]) -> str:
    """Write the report as HTML. *titles* names the campaigns; one without keeps its slug."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "euros": format_cents,
        "day": date_in_words,
        "month": _month_in_words,
        "moment": lambda text: date_in_words(italian_day(from_text(text))),
        "account": lambda name: ACCOUNTS.get(name, name),
        "state": lambda name: State(name).in_italian,
        "title": lambda slug: titles.get(slug, slug),
    }
    # Drawn by us, with every name escaped there.
    charts = {name: Markup(svg) for name, svg in _draw(figures, titles).items()}
    return templates.get_template("report.html").render(figures=figures, charts=charts)


def _draw(figures: Figures, titles: Mapping[str, str]) -> dict[str, str]:
    months = figures.months
    labels = [f"{MONTHS[month - 1][:3]} {year % 100:02}" for year, month in
              (one.month for one in months)]  # fmt: skip
    return {
        "gifts": column_chart(
            "Doni per mese, una volta sola e ricorrenti",
            labels,
            (
                Series("una volta", tuple(one.once_cents for one in months), "first"),
                Series("ricorrenti", tuple(one.recurring_cents for one in months), "second"),
            ),
            "€",
        ),
        "campaigns": bar_chart(
            "Raccolto per campagna, al netto dei rimborsi",
            [(titles.get(slug, slug), cents) for slug, _gifts, cents in figures.campaigns],
            "€",
        ),
        "plans": column_chart(
            "Doni ricorrenti che hanno pagato, mese per mese: già attivi e nuovi",
            labels,
            (
                Series(
                    "attivi", tuple(one.plans_paying - one.plans_new for one in months), "first"
                ),
                Series("nuovi", tuple(one.plans_new for one in months), "second"),
            ),
            "doni ricorrenti",
        ),
        "fees": column_chart(
            "Commissioni per mese",
            labels,
            (Series("commissioni", tuple(one.fees_cents for one in months), "first"),),
            "€",
        ),
    }


def _month_in_words(month: Month) -> str:
    return f"{MONTHS[month[1] - 1]} {month[0]}"
