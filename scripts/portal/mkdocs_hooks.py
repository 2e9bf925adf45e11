"""Where the portal meets MkDocs: the only module that knows it, with `mkdocs_pages`.

MkDocs turns Markdown into HTML, joins it with a template and writes it; what a
page *is*, and everything that is not a page, comes from `portal`. Each build has
one `Rendering`, kept on MkDocs' own configuration so that nothing outlives it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.utils import get_relative_url

from portal.beside_pages import write_beside_pages
from portal.cache import Cache
from portal.digests import digest_of_files, digest_of_text
from portal.memory import Memory
from portal.mkdocs_pages import (
    ContentPage,
    KeptBytecode,
    LeanTheme,
    OriginalPicture,
    TextRenderer,
    settings_digest,
)
from portal.model.listing import Listing
from portal.model.page import Page
from portal.page_context import FILTERS, given_to_all, given_to_page, template_of
from portal.parts import Parts
from portal.picture_desk import PictureDesk
from portal.readers.content import ContentReader
from portal.readers.named_files import files_named_in
from portal.readers.picture_files import is_photograph
from portal.readers.problem import ContentFaults, Problem
from portal.readers.synonyms import read_synonyms
from portal.readers.totals import read_totals
from portal.rendering import Rendering, Setting
from portal.site_folder import SiteFolder
from portal.today import build_day
from portal.toolbox import tools_digest, versions_of
from portal.writers.page_weight import compressed_size, with_weight
from portal.writers.picture_html import with_pictures
from portal.writers.security_txt import is_contact
from portal.writers.stylesheet import join_stylesheets
from portal.writers.totals_json import TOTALS_FILE

_SHIPPED_ASSETS = re.compile(r"assets/(js|img|fonts)/.+")
"""Of all that Material and our theme hold, what pages really load; the stylesheets are joined into one."""


def on_config(config: MkDocsConfig) -> None:
    """Spare MkDocs the list of every icon of Material, and a tree of all pages that nobody shows."""
    config.theme = LeanTheme(config.theme)
    config.nav = []


def on_pre_build(config: MkDocsConfig) -> None:
    """Read everything first: MkDocs has not emptied the old site yet, so a fault costs nothing."""
    extra = config.extra
    totals_file = extra["totals_file"]
    totals, problems = read_totals(Path(totals_file) if totals_file else None)
    notices = []
    before = Path(extra["site_before"]) if extra.get("site_before") else None
    last_good = read_totals(before / TOTALS_FILE)[0] if problems and before else None
    if last_good:
        # Words can be mended while the sums cannot: better those of before, with their date.
        totals, notices, problems = last_good, problems, []
    tools = tools_digest()
    memory: Memory | None = extra.get("memory") if tools else None
    cache = Cache(_cache_folder(config) if tools else None, is_tidied=memory is None)
    content = Path(config.docs_dir)
    reader = ContentReader(
        content,
        build_day(),
        cache.shelf(f"documents {tools}"),
        preview=_is_preview(config),
        readings=memory.readings if memory else None,
    )
    site = reader.read(totals)
    synonyms, slips = read_synonyms(content)
    problems = reader.problems + problems + slips + _settings_problems(config)
    if site is None or problems:
        cache.close()
        raise ContentFaults(problems, reader.pages_read)
    extra["portal"] = Rendering(
        site,
        reader.texts,
        synonyms,
        PictureDesk(content, reader.pictures, cache.shelf(f"pictures {versions_of('pillow')}")),
        _setting(config, str(tools)),
        SiteFolder(Path(config.site_dir), before, memory.files if memory else None),
        cache,
        memory,
        notices,
    )


def _setting(config: MkDocsConfig, tools: str) -> Setting:
    texts_made_with = f"{tools} {settings_digest(config)}"
    theme = digest_of_files([Path(config.theme.dirs[0])])
    return Setting(
        site_url=config.site_url or "",
        texts_made_with=texts_made_with,
        made_with=digest_of_text(f"{texts_made_with} {theme} {config.site_url}"),
        is_preview=_is_preview(config),
        is_indexed=config.extra.get("search_index", True),
        security_contact=config.extra["security_contact"] or None,
    )


def _settings_problems(config: MkDocsConfig) -> list[Problem]:
    """What is wrong with the settings that are ours."""
    contact = config.extra["security_contact"]
    if not contact or is_contact(contact):
        return []
    lines = Path(config.config_file_path).read_text(encoding="utf-8").splitlines()
    number = next(place for place, line in enumerate(lines, 1) if "security_contact:" in line)
    return [
        Problem(
            "mkdocs.yml",
            number,
            f"«{contact}» non è un contatto per chi trova una falla. Scrivi così: "
            "security_contact: mailto:sicurezza@esempio.it",
        )
    ]


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
    memory = rendering.memory
    texts = rendering.cache.shelf(f"texts {rendering.setting.texts_made_with}")
    renderer = TextRenderer(config, texts, memory.texts if memory else None)
    for file in files:
        shown = rendering.pages.get(_url(file)) if file.is_documentation_page() else None
        if shown is not None:
            ContentPage(rendering.texts.pop(shown.url, ""), renderer, file, config)
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
        if not is_shown or is_picture or is_photograph(Path(file.abs_src_path or "")):
            files.remove(file)
        if is_shown and is_picture:
            files.append(OriginalPicture.of(file, config))


def on_page_markdown(markdown: str, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
    """Choose the template: the page type knows its own, plain pages are told by their address."""
    shown = _shown(page, config)
    page.title = shown.title
    page.meta["template"] = template_of(shown)
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
    """Give templates what they speak with, and write the pages that are the same as before.

    Values are escaped: titles hold «&» and «<».
    """
    rendering = _rendering(config)
    rendering.work.begin()
    env.autoescape = True
    shelf = rendering.cache.shelf(f"templates {rendering.setting.made_with}", of_this_build=False)
    env.bytecode_cache = KeptBytecode(shelf)
    env.filters |= FILTERS
    env.globals |= {"part": Parts(env, rendering.questions), **given_to_all(rendering)}
    rendering.questions.heard_by_all()
    rendering.files = files
    rendering.all_pages = files.documentation_pages()
    for file in rendering.all_pages:
        page = file.page
        if page and rendering.write_kept(page.url, file.dest_uri):
            rendering.kept[page.url] = page
            page.content = None
            file.inclusion = InclusionLevel.EXCLUDED
    return env


def on_template_context(
    context: dict[str, Any], template_name: str, config: MkDocsConfig
) -> dict[str, Any]:
    """Show the sitemap all pages, also those that MkDocs need not write."""
    rendering = _rendering(config)
    context["pages"] = rendering.all_pages
    # A page for wrong addresses stands under any of them.
    context["base"] = urlsplit(rendering.setting.site_url or "/").path
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
    return context | given_to_page(_shown(page, config), rendering)


def on_post_page(output: str, page: MkDocsPage, config: MkDocsConfig) -> str:
    """Write the page and keep it for later builds. What MkDocs gets back is empty: it has nothing to write."""
    rendering = _rendering(config)
    output = with_weight(output, rendering.sizes)
    rendering.write_page(page.url, page.file.dest_uri, output.encode(errors="xmlcharrefreplace"))
    page.content = None  # not asked for again, and thousands of them are a good part of the memory
    return ""


def on_post_build(config: MkDocsConfig) -> None:
    """Check the links of pages that MkDocs did not make, and write what is not a page."""
    rendering = _rendering(config)
    for page in rendering.kept.values():
        page.validate_anchor_links(files=rendering.files, log_level=config.validation.links.anchors)
    site_dir = Path(config.site_dir)
    # MkDocs stamps the moment of the build into it, and no search engine needs it beside sitemap.xml.
    (site_dir / "sitemap.xml.gz").unlink(missing_ok=True)
    write_beside_pages(rendering, Path(config.docs_dir), site_dir, Path(config.theme.dirs[0]))
    rendering.close()


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
    rendering: Rendering = config.extra["portal"]
    return rendering


def _shown(page: MkDocsPage, config: MkDocsConfig) -> Page | Listing:
    return _rendering(config).pages[page.url]


def _stylesheet(theme: Path, material: Path) -> bytes:
    """One sheet: first what prose needs of Material's, then ours."""
    from portal.writers.prose_stylesheet import prose_stylesheet

    (sheet,) = (material / "assets" / "stylesheets").glob("main.*.min.css")
    folder = theme / "assets" / "css"
    sheets = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.css")}
    ours = join_stylesheets(sheets, (folder / "order.txt").read_text(encoding="utf-8").split())
    prose = prose_stylesheet(sheet.read_text(encoding="utf-8"), ours.decode())
    return prose.encode() + b"\n" + ours
