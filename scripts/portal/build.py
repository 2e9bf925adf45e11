"""Build the site into a folder, whole or not at all."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from portal.building_folder import ASIDE, building_folder
from portal.collector import without_collector
from portal.environment import ROOT
from portal.memory import Memory
from portal.rendering import Rendering
from portal.site_folder import bring_along, exchange, files_below, move_in, place_for_site


def build_site(
    out: Path,
    *,
    site_url: str | None = None,
    totals_file: Path | None = None,
    search_index: bool = True,
    preview: bool = False,
    project: Path = ROOT,
    keep: bool = True,
    memory: Memory | None = None,
    wait: Callable[[], None] = lambda: None,
) -> Rendering:
    """Build the site and put it at *out*, where the old one stays until the new one is complete.

    The folder is exchanged last, when nothing can fail any more; in a preview, only
    what has changed is. Raises ContentFaults with every problem of the content,
    Abort when MkDocs has a warning, and PlaceRefused where *out* is neither free nor
    a site of ours; *out* is then as it was. Without a new
    *search_index* the one at *out* stays: a preview does not count every word again
    at each key pressed.

    A *preview* shows drafts too, and says on every page that it is one.

    *project* is the folder with `mkdocs.yml`. Unless told not to *keep*, what
    earlier builds worked out is taken from its cache. Builds that share a *memory*
    spare themselves what the one before them knew. Of builds for the same *out* one
    goes after the other: who has to wait calls *wait*.
    """
    out = place_for_site(out, project)
    _quieten_mkdocs()
    out.parent.mkdir(parents=True, exist_ok=True)
    with building_folder(out, wait) as folder:
        fresh = folder / "site"
        given = {"site_url": site_url} if site_url else {}
        config = load_config(str(project / "mkdocs.yml"), site_dir=str(fresh), **given)
        if totals_file is not None:
            config.extra["totals_file"] = str(totals_file)
        if not keep:
            config.extra["cache_dir"] = ""
        elif out.exists():
            config.extra["site_before"] = str(out)
        config.extra["search_index"] = search_index
        config.extra["memory"] = memory
        if preview:
            config.extra["preview"] = True
        with without_collector():
            mkdocs_build(config)
        # Taken out: MkDocs holds on to its last configuration, and with it would go the whole site.
        rendering: Rendering = config.extra.pop("portal")
        index = () if search_index else files_below(str(out / "pagefind"))
        staying = {*rendering.folder.same, *(f"pagefind/{path}" for path in index)}
        if not out.exists():
            fresh.rename(out)
        elif preview:
            move_in(fresh, out, staying)
        else:
            # A preview may be caught half way; what the public sees is the old site or the new one.
            bring_along(out, fresh, staying)
            exchange(fresh, out, folder / ASIDE)
    return rendering


def _quieten_mkdocs() -> None:
    """Let only warnings through, and not Material's notice about its own future at each build."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    logger = logging.getLogger("mkdocs")
    logger.setLevel(logging.WARNING)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
