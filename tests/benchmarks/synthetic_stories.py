"""Synthetic stories, the same for our build and for Hugo's: only ratios between the two mean anything.

A story has about 400 words, three headings, a list and a table now and then. The
words are drawn from a fixed list with a seed, so every run writes the same bytes.
"""

from __future__ import annotations

import datetime
import random
from pathlib import Path

WORDS = """
casa lavoro famiglia vicini mattina caffè tavolo porta chiave orto scuola strada piazza sera pane libro lettera
conto banca rata affitto bambini mamma nonno amico cortile finestra voce mano passo giorno insieme parlare ascoltare
aprire trovare cercare portare restare tornare cominciare provare chiedere aiutare
""".split()  # noqa: SIM905 – a list of forty quoted words reads worse


def write_stories(folder: Path, count: int, *, actions: list[str], towns: list[str]) -> None:
    """Write *count* stories with our front matter into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        story = random.Random(number)
        day = datetime.date(2020, 1, 1) + datetime.timedelta(days=number % 2000)
        name = f"{day}-prova-{number}"
        front = (
            f"---\ntitle: Prova numero {number}\n"
            f"description: {_sentence(story, 14)}\n"
            f"id: st-{3000 + number // 1000}-{number % 1000:03d}\ndate: {day}\n"
            f"actions: [{story.choice(actions)}]\ntowns: [{story.choice(towns)}]\n"
            f"sources:\n  - {{title: Prova, date: {day}}}\n---\n\n"
        )
        (folder / f"{name}.md").write_text(front + story_body(story), encoding="utf-8")


def write_hugo_site(folder: Path, count: int) -> None:
    """Write the same stories for Hugo, with templates that do about what ours do."""
    (folder / "content" / "storie").mkdir(parents=True)
    (folder / "layouts" / "_default").mkdir(parents=True)
    (folder / "hugo.toml").write_text(_HUGO_SETTINGS, encoding="utf-8")
    for name, text in _HUGO_LAYOUTS.items():
        (folder / "layouts" / "_default" / name).write_text(text, encoding="utf-8")
    for number in range(count):
        story = random.Random(number)
        day = datetime.date(2020, 1, 1) + datetime.timedelta(days=number % 2000)
        front = f'---\ntitle: "Prova numero {number}"\ndate: {day}\ndescription: "{_sentence(story, 14)}"\n---\n\n'
        page = folder / "content" / "storie" / f"{day}-prova-{number}.md"
        page.write_text(front + story_body(story), encoding="utf-8")


def story_body(story: random.Random) -> str:
    """About 400 words of Markdown."""
    parts = []
    for heading in range(3):
        parts.append(f"## {_sentence(story, 4)}\n")
        parts.extend(" ".join(_sentence(story, 12) for _ in range(3)) + "\n" for _ in range(3))
        if heading == 1:
            parts.append("".join(f"- {_sentence(story, 8)}\n" for _ in range(4)))
    return "\n".join(parts)


def _sentence(story: random.Random, words: int) -> str:
    return " ".join(story.choices(WORDS, k=words)).capitalize() + "."


_HUGO_SETTINGS = """
baseURL = "https://example.org/"
languageCode = "it"
title = "Prova"
disableKinds = ["taxonomy", "term"]
[outputs]
section = ["HTML", "RSS"]
"""

_HUGO_LAYOUTS = {
    "baseof.html": (
        '<!doctype html><html lang="it"><head><meta charset="utf-8"><title>{{ .Title }}</title>'
        '<link rel="stylesheet" href="/assets/portal.css"></head><body><header><nav><ul>'
        '<li><a href="/">Inizio</a></li><li><a href="/storie/">Storie</a></li></ul></nav></header>'
        '<main>{{ block "main" . }}{{ end }}</main><footer><p>Soli mai.</p></footer></body></html>'
    ),
    "single.html": (
        '{{ define "main" }}<h1>{{ .Title }}</h1><p>{{ .Description }}</p><time>{{ .Date }}</time>{{ .Content }}'
        '<ul>{{ range first 3 (.Site.RegularPages.Related .) }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>'
        "{{ end }}</ul>{{ end }}"
    ),
    "list.html": (
        '{{ define "main" }}<h1>{{ .Title }}</h1>{{ range .Pages }}<article><h2><a href="{{ .RelPermalink }}">'
        "{{ .Title }}</a></h2><p>{{ .Description }}</p></article>{{ end }}{{ end }}"
    ),
}
