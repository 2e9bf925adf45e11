"""Where the portal meets MkDocs: the only module that knows it.

MkDocs turns Markdown into HTML, joins it with a template and writes it; what a
page *is*, and everything that is not a page, comes from `portal`. Each build has
one `Rendering`, kept on MkDocs' own configuration so that nothing outlives it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils import get_relative_url

from portal.model.network import Listing
from portal.model.page import Page
from portal.model.site import Site
from portal.model.translation import LANGUAGES, Translation
from portal.readers.content import ContentReader
from portal.readers.problem import ContentFaults
from portal.readers.totals import read_totals
from portal.today import build_day
from portal.writers.calendars import calendar_list, event_ics_url
from portal.writers.chart_svg import draw_chart
from portal.writers.data_tables import data_tables
from portal.writers.feeds import feed_list
from portal.writers.formats import date_in, euros, italian_date, number, weekday_date
from portal.writers.graph_svg import draw_graph
from portal.writers.headers_file import write_headers
from portal.writers.json_ld import json_ld
from portal.writers.map_svg import draw_map
from portal.writers.outputs import write_outputs
from portal.writers.prose_stylesheet import prose_stylesheet
from portal.writers.qr import draw_qr
from portal.writers.relations import adjacency
from portal.writers.stylesheet import join_stylesheets

PLAIN_TEMPLATES = {
    "": "home.html", "progetto": "project.html", "mappa": "map.html", "azioni": "actions.html",
    "bisogni": "needs.html", "luoghi": "places.html", "rete": "network.html", "storie": "stories.html",
    "agenda": "events.html", "campagne": "campaigns.html", "sostieni": "donate.html",
    "trasparenza": "transparency.html", "segui": "follow.html", "valutazione": "evaluation.html",
    "newsletter": "issues.html",
}  # fmt: skip
"""The template of each plain page that is more than its text, by slug."""

_SHIPPED_ASSETS = re.compile(r"assets/(js|img|fonts)/.+")
"""Of all that Material and our theme hold, what pages really load; the stylesheets are joined into one."""


@dataclass
class Rendering:
    """One build: the site that was read, and the HTML of each page as it comes out of Markdown."""

    site: Site
    site_url: str
    bodies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pages: dict[str, Page | Listing] = {page.url: page for page in self.site.every_page()}
        self.pages |= {listing.url: listing for listing in self.site.network.listings}


def on_pre_build(config: MkDocsConfig) -> None:
    """Read everything first: MkDocs has not emptied the old site yet, so a fault costs nothing."""
    totals_file = config.extra["totals_file"]
    totals, problems = read_totals(Path(totals_file) if totals_file else None)
    reader = ContentReader(Path(config.docs_dir), build_day())
    site = reader.read(totals)
    problems = reader.problems + problems
    if site is None or problems:
        raise ContentFaults(problems, reader.pages_read)
    config.extra["portal"] = Rendering(site, config.site_url)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages no editor writes, join our stylesheet, leave out what no page loads."""
    for file in list(files):
        if file.src_dir in config.theme.dirs and not _SHIPPED_ASSETS.fullmatch(file.src_uri):
            files.remove(file)
    theme, material = (Path(folder) for folder in config.theme.dirs[:2])
    for listing in _rendering(config).site.network.listings:
        files.append(File.generated(config, f"{listing.url.rstrip('/')}.md", content=""))
    files.append(File.generated(config, "assets/portal.css", content=_stylesheet(theme, material)))
    return files


def on_page_markdown(markdown: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Choose the template: the page type knows its own, plain pages are told by their address."""
    shown = _shown(page, config)
    page.title = shown.title
    page.meta["template"] = _template(shown)
    return markdown


def on_page_content(html: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Keep the HTML for the feeds, which carry whole stories."""
    _rendering(config).bodies[page.url] = html
    return Markup(html)


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Give templates our words for dates and money. Values are escaped: titles hold «&» and «<»."""
    site = _rendering(config).site
    env.autoescape = True
    env.filters |= {
        "italian_date": italian_date,
        "weekday_date": weekday_date,
        "date_in": date_in,
        "euros": euros,
        "number": number,
    }
    env.globals |= {
        "site": site,
        "languages": LANGUAGES,
        "chart": lambda indicator: Markup(draw_chart(indicator)),
        "feeds": _once(lambda: feed_list(site)),
        "calendars": _once(lambda: calendar_list(site)),
        "event_ics_url": event_ics_url,
        "data_tables": _once(lambda: data_tables(site, config.site_url)),
        "adjacency": _once(lambda: adjacency(site)),
        "qr": lambda url: Markup(draw_qr(config.site_url + url)),
    }
    return env


def on_page_context(
    context: dict[str, Any], page: MkDocsPage, config: MkDocsConfig, nav: Any
) -> dict[str, Any]:
    """Hand the template the object its page is about, under its own name too."""
    shown = _shown(page, config)
    context["item"] = shown
    if type(shown) is not Page:
        context[type(shown).__name__.lower()] = shown
    if isinstance(shown, Translation):
        context["original"] = _rendering(config).site.original_of(shown)
        context["words"] = _rendering(config).site.words[shown.language]

    def link(url: str) -> str:
        return get_relative_url(url, page.url)

    site = _rendering(config).site
    context["network_map"] = lambda: Markup(draw_map(site.network, link))
    context["relations_graph"] = lambda: Markup(draw_graph(site, link))
    context["json_ld"] = lambda: Markup(json_ld(shown, site, config.site_url))
    return context


def on_post_build(config: MkDocsConfig) -> None:
    """Write what is not a page, and last the headers, which speak of every file."""
    rendering = _rendering(config)
    site_dir = Path(config.site_dir)
    for path, content in write_outputs(rendering.site, rendering.bodies, config.site_url).items():
        _write(site_dir / path, content)
    # MkDocs stamps the moment of the build into it, and no search engine needs it beside sitemap.xml.
    (site_dir / "sitemap.xml.gz").unlink(missing_ok=True)
    files = (file for file in site_dir.rglob("*") if file.is_file())
    paths = [file.relative_to(site_dir).as_posix() for file in files]
    _write(site_dir / "_headers", write_headers(paths))


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _rendering(config: MkDocsConfig) -> Rendering:
    return config.extra["portal"]


def _shown(page: MkDocsPage, config: MkDocsConfig) -> Page | Listing:
    return _rendering(config).pages[page.url]


def _template(shown: Page | Listing) -> str:
    if isinstance(shown, Listing):
        return "listing.html"
    if type(shown) is Page:
        return PLAIN_TEMPLATES.get(shown.slug, Page.template)
    return shown.template


def _once(compute: Callable[[], Any]) -> Callable[[], Any]:
    """A function for templates that computes its answer the first time it is asked."""
    return functools.lru_cache(maxsize=1)(compute)


def _stylesheet(theme: Path, material: Path) -> bytes:
    """One sheet: first what prose needs of Material's, then ours."""
    (sheet,) = (material / "assets" / "stylesheets").glob("main.*.min.css")
    prose = prose_stylesheet(sheet.read_text(encoding="utf-8")).encode()
    folder = theme / "assets" / "css"
    sheets = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.css")}
    return (
        prose
        + b"\n"
        + join_stylesheets(sheets, (folder / "order.txt").read_text(encoding="utf-8").split())
    )
