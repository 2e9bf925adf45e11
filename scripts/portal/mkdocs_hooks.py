"""Where the portal meets MkDocs: the only module that knows it.

MkDocs turns Markdown into HTML, joins it with a template and writes it; what a
page *is*, and everything that is not a page, comes from `portal`. Each build has
one `Rendering`, kept on MkDocs' own configuration so that nothing outlives it.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils import get_relative_url

from portal.cache import Cache
from portal.digests import Digests, digest_of_files, digest_of_text, installed_packages
from portal.kept_work import KeptWork
from portal.memory import Memory
from portal.mkdocs_pages import (
    ContentPage,
    KeptBytecode,
    LeanTheme,
    OriginalPicture,
    TextRenderer,
    relative_url,
    settings_digest,
)
from portal.model.listing import Listing
from portal.model.page import Page
from portal.model.picture import Picture
from portal.model.site import Site
from portal.model.totals import Totals
from portal.model.translation import LANGUAGES, Translation
from portal.parts import Parts
from portal.picture_desk import PictureDesk
from portal.questions import Questions
from portal.readers.content import ContentReader
from portal.readers.named_files import files_named_in
from portal.readers.problem import ContentFaults, Problem
from portal.readers.totals import read_totals
from portal.search import alphabet, index_site, kind_searched, read_synonyms
from portal.site_folder import SiteFolder
from portal.today import build_day
from portal.toolbox import tools_digest
from portal.writers import sharing
from portal.writers.absolute_links import absolute_url
from portal.writers.calendars import calendar_list, event_ics_url
from portal.writers.campaign_sharing import badge_html, badge_said, badge_url, code_url
from portal.writers.chart_svg import draw_chart
from portal.writers.data_tables import data_tables
from portal.writers.feed import Feed, feed_list
from portal.writers.formats import date_in, euros, hour, italian_date, number, weekday_date
from portal.writers.graph_svg import draw_graph
from portal.writers.headers_file import write_headers
from portal.writers.json_ld import json_ld
from portal.writers.map_svg import draw_map
from portal.writers.open_data import LICENCE, data_version, indicator_csv_url
from portal.writers.outputs import output_writers
from portal.writers.page_weight import WEIGHT_MARK, compressed_size, with_weight
from portal.writers.picture_html import with_pictures
from portal.writers.press_kit import PRESS_KIT, PRESS_PAGE, write_press_kit
from portal.writers.preview_note import preview_note
from portal.writers.prose_stylesheet import prose_stylesheet
from portal.writers.qr import draw_qr
from portal.writers.relations import adjacency
from portal.writers.sharing import card_list, card_of
from portal.writers.stylesheet import join_stylesheets
from portal.writers.totals_json import TOTALS_FILE

PLAIN_TEMPLATES = {
    "": "home.html", "progetto": "project.html", "mappa": "map.html", "azioni": "actions.html",
    "bisogni": "needs.html", "luoghi": "places.html", "rete": "network.html", "storie": "stories.html",
    "agenda": "events.html", "campagne": "campaigns.html", "sostieni": "donate.html",
    "trasparenza": "transparency.html", "segui": "follow.html", "valutazione": "evaluation.html",
    "newsletter": "issues.html", "cerca": "search.html", "relazioni": "relations.html", "dati": "data.html",
    "stampa": "press.html", "opportunita": "board.html", "corsi": "board.html", "strumenti": "tools.html",
    "strumenti/bilancio-di-casa": "tool_budget.html", "strumenti/affitto-sostenibile": "tool_rent.html",
}  # fmt: skip
"""The template of each plain page that is more than its text, by slug."""

CARD_FONT = "assets/fonts/bricolage-grotesque-700.woff2"

_SHIPPED_ASSETS = re.compile(r"assets/(js|img|fonts)/.+")
"""Of all that Material and our theme hold, what pages really load; the stylesheets are joined into one."""


class Rendering:
    """One build: the site that was read, and the HTML of each page as it comes out of Markdown.

    Whoever asks `site` or `bodies` while a page is made is noted, so that the page
    can be kept for as long as the answers are the same. What went wrong without
    stopping it is in `notices`.
    """

    def __init__(
        self,
        site: Site,
        texts: dict[str, str],
        pictures: Mapping[str, Picture],
        synonyms: Mapping[str, tuple[str, ...]],
        config: MkDocsConfig,
        cache: Cache,
        tools: str,
        memory: Memory | None,
        notices: Sequence[Problem] = (),
    ) -> None:
        self.notices = notices
        self.memory = memory
        self.site_url = config.site_url
        self.texts = texts
        self.pictures = PictureDesk(
            Path(config.docs_dir), pictures, cache.shelf(f"pictures {_pillow()}")
        )
        self.press_text = texts.get(PRESS_PAGE, "")
        self.synonyms = synonyms
        self.pages: dict[str, Page | Listing] = {page.url: page for page in site.every_page()}
        self.pages |= {listing.url: listing for listing in site.listings}
        self.is_indexed: bool = config.extra.get("search_index", True)
        self.cache = cache
        before = config.extra.get("site_before")
        self.folder = SiteFolder(
            Path(config.site_dir), Path(before) if before else None, memory and memory.files
        )
        theme = digest_of_files([Path(config.theme.dirs[0])])
        made_with = digest_of_text(f"{tools} {theme} {settings_digest(config)} {config.site_url}")
        self.questions = Questions(
            site,
            self.pages,
            cache.shelf(f"answers {made_with}"),
            Digests(memory and memory.digests),
        )
        self.site: Site = self.questions.site
        self.measured: dict[str, int] = {}
        self.sizes: Mapping[str, int] = self.questions.witness("sizes", self.measured)
        self._bodies: dict[str, str] = {}
        self.bodies: dict[str, str] = self.questions.witness("bodies", self._bodies)
        self.work = KeptWork(
            cache.shelf(f"work {made_with}"), self.questions, memory and memory.questions
        )
        self.templates = KeptBytecode(cache.shelf(f"templates {made_with}", of_this_build=False))
        texts = cache.shelf(f"texts {tools} {settings_digest(config)}")
        self.renderer = TextRenderer(config, texts, memory and memory.texts)
        # As a question of its own, not one about today: else every page would be made anew each day.
        self.kind_searched = self.questions.function(
            "kind_searched", lambda shown: kind_searched(shown, site.today)
        )
        self.kept: dict[str, MkDocsPage] = {}
        self.files = Files([])
        self.all_pages: Sequence[File] = ()
        self._own: dict[str, str] = {}
        self._marks: dict[str, str] = {}

    def add_body(self, url: str, html: str) -> None:
        """Keep the HTML of a text for the feeds, which carry whole stories."""
        self._bodies[url] = html

    def mark(self, url: str, html: bytes) -> None:
        """Note what the page at *url* has become, for the index of all pages where there is to be one."""
        if self.is_indexed:
            self._marks[url] = hashlib.blake2b(html, digest_size=16).hexdigest()

    def digest_of_pages(self) -> str:
        """The digest of every page as it was written."""
        return self.questions.digests.of(tuple(sorted(self._marks.items())))

    def own_digest(self, url: str) -> str:
        """The digest of what a page is made from besides the answers to its questions."""
        if url not in self._own:
            digests = self.questions.digests
            self._own[url] = digests.of((self.pages[url], digests.of_long(self._bodies[url])))
        return self._own[url]


def on_config(config: MkDocsConfig) -> None:
    """Spare MkDocs the list of every icon of Material, and a tree of all pages that nobody shows."""
    config.theme = LeanTheme(config.theme)
    config.nav = []


def on_pre_build(config: MkDocsConfig) -> None:
    """Read everything first: MkDocs has not emptied the old site yet, so a fault costs nothing."""
    totals_file = config.extra["totals_file"]
    totals, problems = read_totals(Path(totals_file) if totals_file else None)
    notices = []
    if problems and (last := _last_good_totals(config)):
        # Words can be mended while the sums cannot: better those of before, with their date.
        totals, notices, problems = last, problems, []
    tools = tools_digest()
    memory: Memory | None = config.extra.get("memory") if tools else None
    kept = Cache(_cache_folder(config) if tools else None, is_tidied=memory is None)
    reader = ContentReader(
        Path(config.docs_dir),
        build_day(),
        kept.shelf(f"documents {tools}"),
        preview=_is_preview(config),
        readings=memory and memory.readings,
    )
    site = reader.read(totals)
    synonyms, slips = read_synonyms(Path(config.docs_dir))
    problems = reader.problems + problems + slips
    if site is None or problems:
        kept.close()
        raise ContentFaults(problems, reader.pages_read)
    config.extra["portal"] = Rendering(
        site, reader.texts, reader.pictures, synonyms, config, kept, str(tools), memory, notices
    )


def _last_good_totals(config: MkDocsConfig) -> Totals | None:
    """The totals the site was last published with."""
    before = config.extra.get("site_before")
    return read_totals(Path(before) / TOTALS_FILE)[0] if before else None


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages no editor writes, join our stylesheet, leave out what no page shows."""
    for file in list(files):
        if file.src_dir in config.theme.dirs and not _SHIPPED_ASSETS.fullmatch(file.src_uri):
            files.remove(file)
    theme, material = (Path(folder) for folder in config.theme.dirs[:2])
    rendering = _rendering(config)
    _leave_out_unpublished(files, rendering, config)
    for listing in rendering.site.listings:
        files.append(File.generated(config, f"{listing.url.rstrip('/')}.md", content=""))
    styles = rendering.work.made_or_taken(
        "/styles", lambda: {"assets/portal.css": _stylesheet(theme, material)}
    )
    for path, style in styles.items():
        files.append(File.generated(config, path, content=style))
    rendering.measured |= {
        file.src_uri: compressed_size(file.src_uri, file.content_bytes)
        for file in files
        if file.src_uri.startswith("assets/")
    }
    for file in files:
        shown = rendering.pages.get(_url(file)) if file.is_documentation_page() else None
        if shown is not None:
            ContentPage(rendering.texts.pop(shown.url, ""), rendering.renderer, file, config)
    return files


def _leave_out_unpublished(files: Files, rendering: Rendering, config: MkDocsConfig) -> None:
    """Take away drafts, and of what lies beside the pages all that no published page shows or links to.

    Pictures that are shown stay to be named; what is published of them are their variants.
    """
    beside, texts = [], {}
    for file in list(files):
        if file.is_documentation_page():
            page = rendering.pages.get(_url(file))
            if page is None:
                files.remove(file)
            else:
                texts[file.src_uri] = rendering.texts.get(page.url, "")
        elif not file.src_uri.startswith("assets/"):
            beside.append(file)
    named = (files_named_in(text, path) for path, text in texts.items() if beside)
    shown = set().union(*named)
    for file in beside:
        is_shown, is_picture = file.src_uri in shown, rendering.pictures.has(file.src_uri)
        if not is_shown or is_picture:
            files.remove(file)
        if is_shown and is_picture:
            files.append(OriginalPicture.of(file, config))


def on_page_markdown(markdown: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Choose the template: the page type knows its own, plain pages are told by their address."""
    shown = _shown(page, config)
    page.title = shown.title
    page.meta["template"] = _template(shown)
    return markdown


def on_page_content(html: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Keep the HTML for the feeds, which carry whole stories."""
    rendering = _rendering(config)
    shown = with_pictures(
        html, page.url, rendering.pictures.find, lambda path: get_relative_url(path, page.url)
    )
    rendering.add_body(page.url, shown)
    return shown


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Give templates our words for dates and money. Values are escaped: titles hold «&» and «<»."""
    rendering = _rendering(config)
    rendering.work.begin()
    site = rendering.site
    env.autoescape = True
    env.bytecode_cache = rendering.templates
    env.filters |= {
        "url": relative_url,
        "italian_date": italian_date,
        "weekday_date": weekday_date,
        "date_in": date_in,
        "euros": euros,
        "number": number,
        "hour": hour,
    }
    given = {
        "site": site,
        "languages": LANGUAGES,
        "feeds": _once(lambda: _feeds_to_name(site)),
        "calendars": _once(lambda: calendar_list(site)),
        "preview": _is_preview(config),
        "preview_note": lambda shown: preview_note(shown, site.today),
        "weight_mark": WEIGHT_MARK,
        "data_tables": _once(lambda: data_tables(site, config.site_url)),
        "data_version": _once(lambda: data_version(site, config.site_url)),
        "data_licence": LICENCE["title"],
        "alphabet": _once(lambda: alphabet(site)),
        "synonyms": _rendering(config).synonyms,
        "badge_said": lambda campaign: badge_said(campaign, site),
        "adjacency": _once(lambda: adjacency(site)),
    }
    # These know nothing but what they are given, so no answer of theirs can change by itself.
    env.globals |= {
        "chart": lambda indicator: Markup(draw_chart(indicator)),
        "badge_html": lambda campaign: badge_html(campaign, config.site_url),
        "badge_url": badge_url,
        "code_url": code_url,
        "event_ics_url": event_ics_url,
        "indicator_csv_url": indicator_csv_url,
        "press_kit": PRESS_KIT,
        "qr": lambda url: Markup(draw_qr(config.site_url + url)),
    }
    env.globals["part"] = Parts(env, rendering.questions)
    env.globals |= {name: rendering.questions.given(name, value) for name, value in given.items()}
    rendering.questions.heard_by_all()
    rendering.files = files
    rendering.all_pages = files.documentation_pages()
    for file in rendering.all_pages:
        if file.page and _write_kept(file.page, rendering):
            file.inclusion = InclusionLevel.EXCLUDED
    return env


def on_template_context(
    context: dict[str, Any], template_name: str, config: MkDocsConfig
) -> dict[str, Any]:
    """Show the sitemap all pages, also those that MkDocs need not write."""
    context["pages"] = _rendering(config).all_pages
    # A page for wrong addresses stands under any of them.
    context["base"] = urlsplit(config.site_url).path
    context["room"], context["is_room"] = None, False
    return context


def on_page_context(
    context: dict[str, Any], page: MkDocsPage, config: MkDocsConfig, nav: Any
) -> dict[str, Any]:
    """Hand the template the object its page is about, under its own name too."""
    rendering = _rendering(config)
    rendering.work.begin()
    for name in ("nav", "pages", "build_date_utc"):
        context[name] = StrictUndefined(
            f"«{name}» is not for a page: it reads others through «site», which notes what it asks"
        )
    # Only now: marked as HTML it is a copy, and ten thousand of those would wait for their turn.
    page.content = Markup(page.content)
    shown = _shown(page, config)
    context["item"] = shown
    context["base"] = "../" * page.url.count("/")
    context["room"], context["is_room"] = (
        page.url[: page.url.find("/") + 1],
        page.url.count("/") < 2,
    )
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
    context["card"] = card_of(shown, site)
    context["searched"] = rendering.kind_searched(shown)
    context["json_ld"] = lambda: Markup(json_ld(shown, site, config.site_url))
    return context


def on_post_page(output: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """Keep the page for later builds."""
    rendering = _rendering(config)
    output = with_weight(output, rendering.sizes)
    html = output.encode("utf-8", errors="xmlcharrefreplace")
    rendering.mark(page.url, html)
    rendering.work.finish(page.url, {"html": html}, rendering.own_digest(page.url))
    page.content = None  # not asked for again, and thousands of them are a good part of the memory
    return output


def on_post_build(config: MkDocsConfig) -> None:
    """Write what is not a page, and last the headers, which speak of every file."""
    rendering = _rendering(config)
    for page in rendering.kept.values():
        page.validate_anchor_links(files=rendering.files, log_level=config.validation.links.anchors)
    site_dir = Path(config.site_dir)
    writers = output_writers(
        rendering.site, rendering.bodies, config.site_url, preview=_is_preview(config)
    )
    for path, content in rendering.pictures.files():
        rendering.folder.write(path, content)
    _check_letters(rendering)
    for path, content in _press_kit(Path(config.theme.dirs[0]), rendering).items():
        rendering.folder.write(path, content)
    for name, write in writers.items():
        for path, content in rendering.work.made_or_taken(f"/{name}", write).items():
            rendering.folder.write(path, content)
    _write_cards(Path(config.theme.dirs[0]) / CARD_FONT, rendering)
    # MkDocs stamps the moment of the build into it, and no search engine needs it beside sitemap.xml.
    (site_dir / "sitemap.xml.gz").unlink(missing_ok=True)
    if rendering.is_indexed:
        _write_index(site_dir, rendering)
    rendering.folder.write("_headers", write_headers(rendering.folder.paths()))
    rendering.questions.keep_answers()
    rendering.cache.close()
    if rendering.memory is not None:
        rendering.memory.end_of_build()


def _press_kit(theme: Path, rendering: Rendering) -> dict[str, bytes]:
    """The kit of the press page; nothing on a site without one."""
    if not rendering.press_text:
        return {}
    names = {"marchio.svg": "wordmark.svg", "simbolo.svg": "favicon.svg"}
    drawings = {ours: (theme / "assets/img" / file).read_bytes() for ours, file in names.items()}
    return write_press_kit(
        rendering.press_text, drawings, absolute_url(rendering.site_url, PRESS_PAGE)
    )


def _check_letters(rendering: Rendering) -> None:
    """An issue that would not arrive as it was meant is not published either."""

    def faults() -> dict[str, bytes]:
        # Letters bring libraries of their own, which most builds do not need.
        from portal.writers.newsletter import letter_faults

        found = letter_faults(rendering.site, rendering.bodies, rendering.site_url)
        return {path: "\n".join(said).encode() for path, said in found.items()}

    found = rendering.work.made_or_taken("/letters", faults)
    problems = [
        Problem(path, 1, said)
        for path, lines in found.items()
        for said in lines.decode().split("\n")
    ]
    if problems:
        rendering.cache.close()
        raise ContentFaults(problems, len(rendering.pages))


def _write_cards(font: Path, rendering: Rendering) -> None:
    """Draw the social cards, or take those an earlier build drew with the same words."""
    drawn_with = digest_of_files([Path(sharing.__file__).with_name("social_card.py"), font])
    shelf = rendering.cache.shelf(f"cards {drawn_with} {_pillow()}")
    letters = font.read_bytes()
    for card in card_list(rendering.site):
        words = f"{card.eyebrow}\n{card.title}"
        made_from = f"{shelf.name}\n{words}"
        if rendering.folder.stands(card.path, made_from):
            continue
        picture = shelf.take(words)
        if picture is None:
            from portal.writers.social_card import draw_card

            picture = draw_card(card.title, card.eyebrow, letters)
            shelf.put(words, picture)
        rendering.folder.write(card.path, picture, made_from)


def _write_index(site_dir: Path, rendering: Rendering) -> None:
    """Write the search index, or the one an earlier build made of the same pages."""
    own = rendering.digest_of_pages()
    kept = rendering.work.take("/search", own)
    if kept is None:
        rendering.folder.complete()
        index_site(site_dir)
        files = (file for file in (site_dir / "pagefind").rglob("*") if file.is_file())
        made = {file.relative_to(site_dir).as_posix(): file.read_bytes() for file in sorted(files)}
        rendering.work.begin()
        rendering.work.finish("/search", made, own)
        return
    for path, content in kept.items():
        rendering.folder.write(path, content)


def _write_kept(page: MkDocsPage, rendering: Rendering) -> bool:
    """Write the page as an earlier build made it, where it would be the same again."""
    own = rendering.own_digest(page.url)
    made_from = rendering.work.made_from(page.url, own)
    # An index of all pages has to see each of them.
    if rendering.is_indexed or not rendering.folder.stands(page.file.dest_uri, made_from):
        kept = rendering.work.take(page.url, own)
        if kept is None:
            return False
        made_from = rendering.work.made_from(page.url, own)
        rendering.folder.write(page.file.dest_uri, kept["html"], made_from)
        rendering.mark(page.url, kept["html"])
    rendering.kept[page.url] = page
    page.content = None
    return True


def _feeds_to_name(site: Site) -> tuple[Feed, ...]:
    """The feeds without their entries: what a page says of them does not change with each story."""
    return tuple(replace(feed, entries=()) for feed in feed_list(site))


def _pillow() -> str:
    """Pillow with its version: another may draw otherwise."""
    return next(name for name in installed_packages() if name.startswith("pillow-"))


def _is_preview(config: MkDocsConfig) -> bool:
    """Whether drafts are shown, and every page says that it is not the public site."""
    return bool(config.extra.get("preview", False))


def _cache_folder(config: MkDocsConfig) -> Path | None:
    """Where earlier builds left their work; an empty `cache_dir` does without."""
    folder = config.extra.get("cache_dir", ".portal/cache")
    return Path(config.config_file_path).parent / folder if folder else None


def _url(file: File) -> str:
    return "" if file.url in (".", "./") else file.url


def _rendering(config: MkDocsConfig) -> Rendering:
    return config.extra["portal"]


def _shown(page: MkDocsPage, config: MkDocsConfig) -> Page | Listing:
    return _rendering(config).pages[page.url]


def _template(shown: Page | Listing) -> str:
    if isinstance(shown, Listing):
        return shown.template
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
