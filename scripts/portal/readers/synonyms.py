"""The synonyms of the search: what people type, and what our pages call it."""

from __future__ import annotations

from pathlib import Path

from portal.model.alphabet import plain
from portal.readers.content_folder import ContentFolder
from portal.readers.problem import Problem


def read_synonyms(content: Path) -> tuple[dict[str, tuple[str, ...]], list[Problem]]:
    """Read `cerca-sinonimi.yml`: the word people type → what our pages call it. No file is no synonyms."""
    path = "cerca-sinonimi.yml"
    if not (content / path).exists():
        return {}, []
    folder = ContentFolder(content)
    document = folder.data(path)
    if document is None:
        return {}, folder.problems
    if not isinstance(document.data, dict):
        return {}, [
            Problem(path, 1, "manca l'elenco. Scrivi così: badante: [assistente familiare]")
        ]
    problems = [
        Problem(path, document.line_of((word,)), _slip(word))
        for word, meanings in document.data.items()
        if not (word.isalnum() and _are_texts(meanings))
    ]
    if problems:
        return {}, problems
    return {plain(word): tuple(meanings) for word, meanings in document.data.items()}, []


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _slip(word: str) -> str:
    return (
        f"«{word}» non si capisce: prima una parola sola, poi fra parentesi quadre che cosa cercare. "
        "Scrivi così: badante: [assistente familiare]"
    )
