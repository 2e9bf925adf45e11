"""The part of Material's stylesheet that pages use: prose and Markdown components.

Most of the sheet dresses an application we do not load. What stands under
`.md-typeset`, without what no extension of ours makes and the variables that
nobody reads, is a fourth of its weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import tinycss2
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

PROSE = ".md-typeset"
APPLICATION = (
    ".md-annotation", ".md-clipboard", ".md-source", ".md-search", ".md-input", ".md-tag", ".md-author", ".md-button",
    ".md-tooltip", "[role=columnheader]", ".highlight", ".mermaid", ".giscus",
)  # fmt: skip
"""Parts of Material's application and of programmers' pages that stand under prose all the same."""
NOT_MADE = (".tabbed", ".keys", ".critic", ".arithmatex", ".task-list", ".grid")
"""What Markdown extensions make that `mkdocs.yml` does not use."""
_USED = re.compile(r"var\(\s*(--[\w-]+)")


class NoProse(ValueError):
    """A stylesheet without a rule for prose: it is not the one we know."""


def prose_stylesheet(material: str, ours: str = "") -> str:
    """Keep of *material* what prose needs, with the variables that it or *ours*, the sheet after it, reads.

    Raises NoProse where nothing would be left.
    """
    rules = tinycss2.parse_stylesheet(material, skip_comments=True, skip_whitespace=True)
    kept = "".join(_kept(rules))
    if PROSE not in kept:
        raise NoProse(f"no rule for {PROSE} in a stylesheet of {len(material)} characters")
    return _read_by(kept + ours, dict(_variables(rules))) + kept


def _variables(rules: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """What the rules for `:root` set, by name, the later in the place of the earlier."""
    for rule in rules:
        if isinstance(rule, QualifiedRule) and ":root" in _selectors(rule.prelude):
            for one in tinycss2.parse_declaration_list(rule.content, True, True):
                if isinstance(one, Declaration):
                    yield one.name, one.serialize()


def _read_by(sheet: str, variables: dict[str, str]) -> str:
    """One rule with those of *variables* that *sheet* reads, also by way of others."""
    read: set[str] = set()
    found = set(_USED.findall(sheet)) & variables.keys()
    while found:
        read |= found
        found = {name for one in found for name in _USED.findall(variables[one])}
        found = (found & variables.keys()) - read
    texts = ";".join(text for name, text in variables.items() if name in read)
    return texts and f":root{{{texts}}}"


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
    if any(part in selector for part in APPLICATION + NOT_MADE):
        return False
    return PROSE in selector or selector in ("body", "*", ":after", ":before")
