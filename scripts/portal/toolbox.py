"""What pages are made with, besides what people wrote: our code and the installed packages."""

from __future__ import annotations

import functools
from pathlib import Path

from portal.digests import digest_of_files, digest_of_text, installed_packages


def tools_digest() -> str | None:
    """The digest of all code that makes pages; nothing where it changed under a running preview.

    Python keeps what it has imported: pages made after such a change would be old
    work under a new name.
    """
    return _tools_at_start() if _tools() == _tools_at_start() else None


def versions_of(*packages: str) -> str:
    """The named packages, as their folders are, with their versions: another one may draw otherwise."""
    starts = tuple(f"{name}-" for name in packages)
    return " ".join(name for name in installed_packages() if name.startswith(starts))


@functools.cache
def _tools_at_start() -> str:
    return _tools()


def _tools() -> str:
    code = digest_of_files([Path(__file__).parent])
    return digest_of_text("\n".join((code, *installed_packages())))
