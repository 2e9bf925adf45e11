"""What a check found, said three ways: to people, to GitHub, to programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby

from portal.editorial.assistant import RULES, RULES_BY_ID
from portal.editorial.check import Check
from portal.editorial.finding import Finding, quoted

_LONGEST_QUOTE = 160
_NOTHING = "niente da correggere"


def as_text(check: Check, *, explain: bool = False) -> str:
    """For people: what must be mended first, then advice by page, the most urgent page first, then the count."""
    parts = []
    for title, problems in (
        ("Da correggere, altrimenti il sito non si pubblica:", check.problems),
        ("Nelle bozze, da correggere prima di pubblicarle:", check.draft_problems),
    ):
        if problems:
            parts.append("\n".join([title, *(f"  {problem}" for problem in problems)]))
    parts.extend(_page_in_words(path, findings) for path, findings in _worst_first(check.advice))
    if explain:
        parts.append(_explanations(check.advice))
    parts.append(_count(check))
    return "\n\n".join(parts)


def as_github(check: Check, root: str) -> str:
    """For GitHub: workflow commands that show each finding beside its line. *root* is where `content/` stands.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    lines = [
        _annotation(level, f"{root}/{problem.path}", problem.line, title, problem.message)
        for level, title, problems in (
            ("error", "Da correggere", check.problems),
            ("warning", "Da correggere prima di pubblicare la bozza", check.draft_problems),
        )
        for problem in problems
    ]
    lines += [
        _annotation(
            "warning" if RULES_BY_ID[finding.rule].weight > 1 else "notice",
            f"{root}/{finding.path}",
            finding.line,
            RULES_BY_ID[finding.rule].title,
            f"{finding.message}\nPer esempio: {finding.example}",
        )
        for _, findings in _worst_first(check.advice)
        for finding in findings
    ]
    return "\n".join(lines)


def as_json(check: Check, *, explain: bool = False) -> str:
    """For programs: `{pages_read, errors, advice, findings: [...], rules?}`.

    A finding has `kind` (`error`, `draft` for an error in a page nobody sees yet,
    or `advice`), `rule`, `file` relative to `content/`, `line`, `quote`, `message`
    and `example`; only advice has a `quote` and an `example`. With *explain*,
    `rules` gives title, reason and source by id.
    """
    findings: list[dict[str, object]] = [
        {
            "kind": kind, "rule": "schema", "file": problem.path, "line": problem.line, "quote": None,
            "message": problem.message, "example": None,
        }
        for kind, problems in (("error", check.problems), ("draft", check.draft_problems))
        for problem in problems
    ]  # fmt: skip
    findings += [
        {
            "kind": "advice", "rule": finding.rule, "file": finding.path, "line": finding.line,
            "quote": finding.quote, "message": finding.message, "example": finding.example,
        }
        for _, page in _worst_first(check.advice)
        for finding in page
    ]  # fmt: skip
    document: dict[str, object] = {
        "pages_read": check.pages_read,
        "errors": len(check.problems),
        "advice": len(check.advice),
        "findings": findings,
    }
    if explain:
        document["rules"] = {
            rule.id: {"title": rule.title, "reason": rule.reason, "source": rule.source}
            for rule in RULES
        }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _worst_first(advice: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings by page: the page with the heaviest one first, then the one with most of them."""
    by_path = sorted(advice, key=lambda finding: (finding.path, finding.line))
    pages = [
        (path, list(findings)) for path, findings in groupby(by_path, key=lambda found: found.path)
    ]

    def urgency(page: tuple[str, list[Finding]]) -> tuple[int, int, str]:
        weights = [RULES_BY_ID[finding.rule].weight for finding in page[1]]
        return -max(weights), -sum(weights), page[0]

    return sorted(pages, key=urgency)


def _page_in_words(path: str, findings: Sequence[Finding]) -> str:
    lines = [path]
    for finding in findings:
        lines.append(f"  riga {finding.line}: {finding.message}")
        if " " in finding.quote and finding.quote not in finding.message:
            lines.append(f"    Letto: {quoted(_shortened(finding.quote))}")
        lines.append(f"    Meglio: {finding.example}")
    return "\n".join(lines)


def _explanations(advice: Sequence[Finding]) -> str:
    """Why each rule that spoke exists; every rule where none did."""
    spoke = {finding.rule for finding in advice}
    told = [rule for rule in RULES if rule.id in spoke or not spoke]
    return "Perché:\n" + "\n".join(
        f"  {rule.title} ({rule.id})\n    {rule.reason}\n    Fonte: {rule.source}." for rule in told
    )


def _count(check: Check) -> str:
    pages = "1 pagina letta" if check.pages_read == 1 else f"{check.pages_read} pagine lette"
    errors = f"{len(check.problems)} da correggere" if check.problems else _NOTHING
    if not check.advice:
        return f"{pages}, {errors}."
    in_pages = len({finding.path for finding in check.advice})
    said = "1 consiglio" if len(check.advice) == 1 else f"{len(check.advice)} consigli"
    where = "in 1 pagina" if in_pages == 1 else f"in {in_pages} pagine"
    calm = "" if check.problems else " Il sito si pubblica lo stesso: decidi tu."
    return f"{pages}, {errors}. {said} {where}.{calm}"


def _annotation(level: str, file: str, line: int, title: str, message: str) -> str:
    return f"::{level} file={_property(file)},line={line},title={_property(title)}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_QUOTE:
        return text
    return text[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
