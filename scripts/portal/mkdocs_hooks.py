"""Where the portal meets MkDocs: the only module that knows it.

MkDocs turns Markdown into HTML, joins it with a template and writes it; what a
page *is*, and everything that is not a page, comes from `portal`. Each build has
one `Rendering`, kept on MkDocs' own configuration so that nothing outlives it.
"""

from __future__ import annotations

import re
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
from portal.writers.campaigns_json import CAMPAIGNS_SCHEMA, write_campaigns
from portal.writers.chart_svg import draw_chart
from portal.writers.feeds import feed_list, write_feeds
from portal.writers.formats import date_in, euros, italian_date, number, weekday_date
from portal.writers.map_svg import draw_map
from portal.writers.stylesheet import join_stylesheets

PLAIN_TEMPLATES = {
    "": "home.html", "progetto": "project.html", "mappa": "map.html", "azioni": "actions.html",
    "bisogni": "needs.html", "luoghi": "places.html", "rete": "network.html", "storie": "stories.html",
    "agenda": "events.html", "campagne": "campaigns.html", "sostieni": "donate.html",
    "trasparenza": "transparency.html", "segui": "follow.html", "valutazione": "evaluation.html",
    "newsletter": "issues.html",
}  # fmt: skip
"""The template of each plain page that is more than its text, by slug."""

_SHIPPED_ASSETS = re.compile(r"assets/(js|img|fonts)/.+|assets/stylesheets/main\.[^/]+\.css")
"""Of all that Material and our theme hold, what pages really load."""


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
    theme = Path(config.theme.dirs[0])
    for listing in _rendering(config).site.network.listings:
        files.append(File.generated(config, f"{listing.url.rstrip('/')}.md", content=""))
    files.append(File.generated(config, "assets/portal.css", content=_stylesheet(theme)))
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
    env.autoescape = True
    env.filters |= {
        "italian_date": italian_date,
        "weekday_date": weekday_date,
        "date_in": date_in,
        "euros": euros,
        "number": number,
    }
    env.globals |= {
        "site": _rendering(config).site,
        "languages": LANGUAGES,
        "chart": lambda indicator: Markup(draw_chart(indicator)),
        "feeds": lambda: feed_list(_rendering(config).site),
        "stylesheet": next(
            f.url for f in files if f.src_uri.startswith("assets/stylesheets/main.")
        ),
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
    context["network_map"] = lambda: Markup(
        draw_map(_rendering(config).site.network, lambda url: get_relative_url(url, page.url))
    )
    return context


def on_post_build(config: MkDocsConfig) -> None:
    """Write what is not a page: feeds and the campaigns the giving may collect for."""
    rendering = _rendering(config)
    outputs = {
        **write_feeds(rendering.site, rendering.bodies, config.site_url),
        "campaigns.json": write_campaigns(rendering.site),
        "schemi/campaigns.schema.json": CAMPAIGNS_SCHEMA.read_bytes(),
    }
    site_dir = Path(config.site_dir)
    for path, content in outputs.items():
        target = site_dir / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    # MkDocs stamps the moment of the build into it, and no search engine needs it beside sitemap.xml.
    (site_dir / "sitemap.xml.gz").unlink(missing_ok=True)


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


def _stylesheet(theme: Path) -> bytes:
    folder = theme / "assets" / "css"
    sheets = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.css")}
    return join_stylesheets(sheets, (folder / "order.txt").read_text(encoding="utf-8").split())
