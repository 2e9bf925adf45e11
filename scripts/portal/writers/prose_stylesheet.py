"""The part of Material's stylesheet that pages use: prose and Markdown components.

Most of the sheet dresses an application we do not load. What stands under
`.md-typeset`, and the variables it needs, is less than half of its weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

PROSE = ".md-typeset"
APPLICATION = (".md-annotation", ".md-clipboard", ".md-source", ".highlight", ".mermaid", ".giscus")
"""Parts of Material's application and of programmers' pages that stand under prose all the same."""


class NoProse(ValueError):
    """A stylesheet without a rule for prose: it is not the one we know."""


def prose_stylesheet(material: str) -> str:
    """Keep of *material* what prose needs. Raises NoProse where nothing would be left."""
    rules = tinycss2.parse_stylesheet(material, skip_comments=True, skip_whitespace=True)
    kept = "".join(_kept(rules))
    if PROSE not in kept:
        raise NoProse(f"no rule for {PROSE} in a stylesheet of {len(material)} characters")
    return kept


def _kept(rules: Iterable[Node]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = [one for one in _selectors(rule.prelude) if _is_for_prose(one)]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword in ("media", "supports"):
            inner = "".join(_kept(tinycss2.parse_rule_list(rule.content, True, True)))
            if inner and "print" not in tinycss2.serialize(rule.prelude):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"


def _selectors(prelude: list[Node]) -> Iterator[str]:
    """The selectors of a list, split at its own commas and not at those inside `:is(…)`."""
    one: list[Node] = []
    for node in prelude:
        if node.type == "literal" and node.value == ",":
            yield tinycss2.serialize(one).strip()
            one = []
        else:
            one.append(node)
    yield tinycss2.serialize(one).strip()


def _is_for_prose(selector: str) -> bool:
    if any(part in selector for part in APPLICATION):
        return False
    return PROSE in selector or selector in (":root", "body", "*", ":after", ":before")
