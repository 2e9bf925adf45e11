"""The site's one stylesheet, joined from one file per block."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

_COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)
"""Not looked for in strings: no rule of ours writes «/*»."""


class UnorderedStylesheets(ValueError):
    """The files and their order do not tell the same story."""


def join_stylesheets(files: Mapping[str, str], order: Sequence[str]) -> bytes:
    """Join *files*, by name, in *order*, without their comments: a sixth of what would travel.

    Raises UnorderedStylesheets, naming every culprit, where a file is missing,
    not in the order, or in it twice: a rule that silently goes lost is hard to find.
    """
    faults = [
        *(
            f"{name} is in the order but there is no such file"
            for name in order
            if name not in files
        ),
        *(f"{name} is not in the order" for name in sorted(set(files) - set(order))),
        *(
            f"{name} is in the order {times} times"
            for name, times in Counter(order).items()
            if times > 1
        ),
    ]
    if faults:
        raise UnorderedStylesheets("; ".join(faults))
    rules = (_COMMENT.sub("", files[name]).strip() for name in order)
    return "\n".join(f"{each}\n" for each in rules).encode()
