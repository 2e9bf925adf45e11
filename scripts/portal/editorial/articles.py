"""Italian articles and the prepositions that melt into them: «di» and «le» make «delle».

With these a word can change and its article with it: «dell'utenza» becomes
«delle persone», not «dell'persone».
"""

from __future__ import annotations

import re

_ARTICLES = ("il", "lo", "la", "i", "gli", "le", "l'")
_MELTED = {
    "di": ("del", "dello", "della", "dei", "degli", "delle", "dell'"),
    "a": ("al", "allo", "alla", "ai", "agli", "alle", "all'"),
    "da": ("dal", "dallo", "dalla", "dai", "dagli", "dalle", "dall'"),
    "in": ("nel", "nello", "nella", "nei", "negli", "nelle", "nell'"),
    "su": ("sul", "sullo", "sulla", "sui", "sugli", "sulle", "sull'"),
}
_PREPOSITION_OF = {
    melted: preposition for preposition, forms in _MELTED.items() for melted in forms
}
_EVERY = sorted((*_ARTICLES, *_PREPOSITION_OF), key=len, reverse=True)
_LEADING = re.compile(rf"({'|'.join(_ARTICLES)})(?:(?<=')|\s+)(?=\S)", re.IGNORECASE)

ANY_ARTICLE = "|".join(
    f"{form[:-1]}['’]" if form.endswith("'") else rf"{form}\s" for form in _EVERY
)
"""A regular expression for any article, alone or melted, with the space or apostrophe after it."""


def with_article(read: str, plain: str) -> str:
    """*plain*, which may begin with its article, put where the article *read* stood.

    Without one read, none is written. Capitals at the beginning are kept.
    """
    article, noun = split_article(plain)
    stood = read.strip().lower().replace("’", "'")
    if not stood:
        return noun
    preposition = _PREPOSITION_OF.get(stood)
    if not article:
        words = f"{preposition} {noun}" if preposition else noun
    else:
        melted = _MELTED[preposition][_ARTICLES.index(article)] if preposition else article
        words = f"{melted}{noun}" if melted.endswith("'") else f"{melted} {noun}"
    return words[:1].upper() + words[1:] if read[:1].isupper() else words


def split_article(words: str) -> tuple[str, str]:
    """The article that *words* begin with, and the rest: («le», «persone»). No article is empty."""
    found = _LEADING.match(words)
    return (found[1].lower(), words[found.end() :]) if found else ("", words)
