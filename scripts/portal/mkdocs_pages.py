"""MkDocs' own page, theme and bytecode, made quick: the text we have read already, one
Markdown instance for all, and whatever an earlier build has worked out."""

from __future__ import annotations

import json
import logging
import os
from collections import ChainMap
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
import markdown
import mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure import pages as mkdocs_pages
from mkdocs.structure.files import File, Files
from mkdocs.theme import Theme

from portal.cache import Shelf
from portal.digests import digest_of_text
from portal.memory import Recent
from portal.plain_markdown import spare_plain_text

_NOT_IN_PAGES = (
    "site_dir",
    "site_url",
    "totals_file",
    "site_before",
    "cache_dir",
    "search_index",
    "memory",
)
"""Settings that change from one command to the next: no page reads them, or it is told apart by them."""


def settings_digest(config: MkDocsConfig) -> str:
    """The digest of the engine and of every setting that pages are made with."""
    given = _without_places(config) | {"extra": _without_places(config.extra)}
    # What is not plain data was made from it by the engine, and from the file's own words.
    written = Path(config.config_file_path).read_text(encoding="utf-8")
    plain = json.dumps(given, sort_keys=True, default=lambda value: type(value).__name__)
    return digest_of_text(f"{mkdocs.__name__} {mkdocs.__version__} {written} {plain}")


class OriginalPicture(File):
    """A picture that texts may name, and that never reaches the site: variants of it do."""

    @classmethod
    def of(cls, file: File, config: MkDocsConfig) -> OriginalPicture:
        """The same file, to be named and not copied."""
        return cls(file.src_uri, file.src_dir, config.site_dir, config.use_directory_urls)

    def copy_file(self, dirty: bool = False) -> None:
        """Leave it where it is."""


class TextRenderer:
    """Turns the Markdown of pages into HTML, with one Markdown instance reset between them.

    What a text became is kept under the digest of the text and its address,
    beside what each of its links led to.
    """

    def __init__(
        self, config: MkDocsConfig, shelf: Shelf, remembered: Recent[dict[str, Any]] | None
    ) -> None:
        self._shelf = shelf
        self._remembered = remembered
        self._config = config
        self._markdown = markdown.Markdown(
            extensions=config.markdown_extensions, extension_configs=config.mdx_configs or {}
        )
        self._raw = mkdocs_pages._RawHTMLPreprocessor()
        # Which file it is about, they are told before each text.
        nothing: Any = None
        self._anchors = mkdocs_pages._ExtractAnchorsTreeprocessor(nothing, nothing, config)
        self._links = mkdocs_pages._RelativePathTreeprocessor(nothing, nothing, config)
        self._title = mkdocs_pages._ExtractTitleTreeprocessor()
        for part in (self._raw, self._anchors, self._links, self._title):
            part._register(self._markdown)
        spare_plain_text(self._markdown)

    def render(self, page: ContentPage, files: Files) -> None:
        """Fill in what MkDocs expects of a page rendered, but for its table of contents, which no template shows."""
        assert page.markdown is not None
        key = digest_of_text(f"{page.file.src_uri}\0{page.file.url}\0{page.markdown}")
        rendered = self._remembered.get(key) if self._remembered is not None else None
        if rendered is None and (kept := self._shelf.take(key)):
            rendered = json.loads(kept)
        is_sound = True
        if rendered is None or rendered["found"] != _found(files, rendered["found"]):
            rendered, is_sound = self._rendered(page, files)
            if is_sound:
                self._shelf.put(key, json.dumps(rendered, ensure_ascii=False).encode())
        if is_sound and self._remembered is not None:
            self._remembered.put(key, rendered)
        page.content = rendered["html"]
        page._title_from_render = rendered["title"]
        page.present_anchor_ids = set(rendered["anchors"])
        page.links_to_anchors = {
            file: links
            for uri, links in rendered["links"].items()
            if (file := files.get_file_from_path(uri)) is not None
        }

    def _rendered(self, page: ContentPage, files: Files) -> tuple[dict[str, Any], bool]:
        """What the page's Markdown becomes, and whether that went without a warning, which must come again."""
        seen = _SeenFiles(files)
        self._links.file, self._links.links_to_anchors = page.file, {}
        self._links.files = seen  # type: ignore[assignment]  # it answers all that links ask
        self._anchors.present_anchor_ids = set()
        self._raw.present_anchor_ids = set()
        self._title.title = None
        warnings = _Warnings()
        logger = logging.getLogger(mkdocs_pages.log.name)
        logger.addHandler(warnings)
        try:
            html = self._markdown.reset().convert(page.markdown)
        finally:
            logger.removeHandler(warnings)
        rendered = {
            "html": html,
            "title": self._title.title,
            "anchors": sorted(self._anchors.present_anchor_ids | self._raw.present_anchor_ids),
            "links": {file.src_uri: links for file, links in self._links.links_to_anchors.items()},
            "found": _found(files, seen.asked),
        }
        return rendered, not warnings.heard


class ContentPage(mkdocs_pages.Page):
    """A page whose text has been read already, and is rendered by *renderer*."""

    def __init__(self, text: str, renderer: TextRenderer, file: File, config: MkDocsConfig) -> None:
        super().__init__(None, file, config)
        self._text = text
        self._renderer = renderer

    def _set_canonical_url(self, base: str | None) -> None:
        """Join what needs no more than joining: our addresses are plain."""
        self.canonical_url = base and base.rstrip("/") + "/" + self.url
        self.abs_url = self.canonical_url and urlsplit(self.canonical_url).path

    def read_source(self, config: MkDocsConfig) -> None:
        """Take the text as the reader took it from the file, without its front matter."""
        self.markdown, self.meta = self._text, {}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Render the text, or take what an earlier build made of it."""
        self._renderer.render(self, files)
        self.markdown = self._text = (
            ""  # done with: ten thousand texts need not wait for the last page
        )


class LeanTheme(Theme):
    """A theme that does not list the thousands of icons in the hidden folders of Material.

    MkDocs lists all of a theme's files to copy them, and leaves out hidden ones after.
    """

    def __init__(self, theme: Theme) -> None:
        self.__dict__.update(theme.__dict__)

    def get_env(self) -> jinja2.Environment:
        """An environment as MkDocs makes it, without the translations of its own themes."""
        # No template changes during a build, and a page includes a dozen: all stay, none is looked at again.
        return _Templates(loader=_VisibleFiles(self.dirs), auto_reload=False, cache_size=-1)


class KeptBytecode(jinja2.BytecodeCache):
    """Compiled templates, on a shelf of the cache."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Take a template compiled earlier."""
        if kept := self._shelf.take(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Keep a template just compiled."""
        self._shelf.put(bucket.key, bucket.bytecode_to_string())


def _without_places(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in _NOT_IN_PAGES}


class _Templates(jinja2.Environment):
    """Templates that have no globals of their own: all see one dictionary, where Jinja gives each a chain of two."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return ChainMap(d, self.globals) if d else self.globals


class _VisibleFiles(jinja2.FileSystemLoader):
    def list_templates(self) -> list[str]:
        found: set[str] = set()
        for folder in map(Path, self.searchpath):
            for path, names, files in os.walk(folder):
                names[:] = [name for name in names if not name.startswith(".")]
                found.update(Path(path, name).relative_to(folder).as_posix() for name in files)
        return sorted(found)


class _SeenFiles:
    """MkDocs' files, noting which ones a text's links asked for."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.asked: dict[str, None] = {}

    def get_file_from_path(self, path: str) -> File | None:
        self.asked[path] = None
        return self._files.get_file_from_path(path)


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.heard = False

    def emit(self, record: logging.LogRecord) -> None:
        self.heard = True


def _found(files: Files, paths: Iterable[str]) -> dict[str, Any]:
    """Where each of *paths* leads: its address, and whether it is published."""
    found = {path: files.get_file_from_path(path) for path in paths}
    return {
        path: [file.url, file.inclusion.name] if file is not None else None
        for path, file in found.items()
    }
