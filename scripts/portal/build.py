"""Build the site into a folder, whole or not at all."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from portal.environment import ROOT
from portal.mkdocs_hooks import Rendering


def build_site(
    out: Path, *, site_url: str | None = None, totals_file: Path | None = None
) -> Rendering:
    """Build the site and put it at *out*, where the old one stays until the new one is complete.

    Raises ContentFaults with every problem of the content, and Abort when MkDocs
    has a warning; *out* is then as it was.
    """
    _quieten_mkdocs()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=out.parent) as folder:
        fresh = Path(folder) / "site"
        given = {"site_url": site_url} if site_url else {}
        config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(fresh), **given)
        if totals_file is not None:
            config.extra["totals_file"] = str(totals_file)
        mkdocs_build(config)
        if out.exists():
            out.rename(Path(folder) / "old")
        fresh.rename(out)
    return config.extra["portal"]


def _quieten_mkdocs() -> None:
    """Let only warnings through, and not Material's notice about its own future at each build."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    logger = logging.getLogger("mkdocs")
    logger.setLevel(logging.WARNING)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s"))
        logger.addHandler(handler)
