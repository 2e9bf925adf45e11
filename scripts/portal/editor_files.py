"""Files that an editor keeps beside the one it has open: locks, backups. No site is made of them."""

from __future__ import annotations


def is_editors_own(name: str) -> bool:
    """Whether a file called *name*, without its folder, is an editor's or a disk's and nobody's work."""
    # 4913 is what Vim writes to find out whether it may.
    return name.startswith((".", "#")) or name.endswith(("~", ".swp")) or name == "4913"
