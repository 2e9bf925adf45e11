"""What pages are made with, besides what people wrote: our code and the installed packages."""

from __future__ import annotations

from pathlib import Path

from portal.digests import digest_of_files, digest_of_text, installed_packages

_seen_first: list[str] = []
"""The digest as it was when this process first asked."""


def tools_digest() -> str | None:
    """The digest of all code that makes pages; nothing where it changed under a running preview.

    Python keeps what it has imported: pages made after such a change would be old
    work under a new name.
    """
    now = _tools()
    if not _seen_first:
        _seen_first.append(now)
    return now if [now] == _seen_first else None


def versions_of(*packages: str) -> str:
    """The named packages, as their folders are, with their versions: another one may draw otherwise."""
    starts = tuple(f"{name}-" for name in packages)
    return " ".join(name for name in installed_packages() if name.startswith(starts))


def _tools() -> str:
    code = digest_of_files([Path(__file__).parent])
    return digest_of_text("\n".join((code, *installed_packages())))
