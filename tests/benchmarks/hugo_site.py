"""The synthetic stories as sites for Hugo, to measure ours against:

- a bare one: every story on a small page, one list, one feed;
- a full one, which does for a story what ours does: a page as full (it *is* one of ours,
  with Hugo's words in place of the story's), JSON-LD, related stories by what they share,
  lists by action, town and year, each with its RSS and JSON feeds; and a social card with
  its title, which it draws, or takes where one was drawn before, as ours does.

Both hold the other pages of ours too, as plain ones. None writes calendars, open data or
page weights, draws maps, charts or codes, checks the texts, or remembers anything.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import frontmatter
from PIL import Image
from synthetic_stories import Story


def write_bare_site(folder: Path, stories: list[Story], project: Path) -> None:
    """Write the stories, and the other pages of our *project*, with templates of a few lines."""
    _write(folder, _BARE_SETTINGS, _BARE_LAYOUTS)
    _write_content(folder, stories, project)


def write_full_site(
    folder: Path, stories: list[Story], project: Path, font: Path | None = None
) -> None:
    """The same, with templates made of the page that the built *project* has of the first story.

    Social cards are drawn in *font*; without one, those of our site are taken.
    """
    our_site = project / "site"
    our_page = our_site / "storie" / stories[0].slug / "index.html"
    page = _with_hugos_words(our_page.read_text(encoding="utf-8"), stories[0])
    if font is None:
        cards = Path("assets", "cards", "storie")
        shutil.copytree(our_site / cards, folder / "static" / cards)
    else:
        page = page.replace("<head>", f"<head>{_SOCIAL_CARD}")
        page = re.sub(r'(property="og:image" content=)"[^"]*"', r'\1"{{ $card.Permalink }}"', page)
    layouts = {"single.html": page, "list.html": _list_of(page), "list.json": _JSON_FEED}
    _write(folder, _FULL_SETTINGS, layouts)
    _write_content(folder, stories, project)
    if font is not None:
        assets = folder / "assets"
        assets.mkdir()
        Image.new("RGB", (600, 315), (255, 200, 69)).save(assets / "card.png")
        shutil.copy(font, assets / "font.ttf")


def _write(folder: Path, settings: str, layouts: dict[str, str]) -> None:
    (folder / "layouts" / "_default").mkdir(parents=True)
    (folder / "hugo.toml").write_text(settings, encoding="utf-8")
    for name, text in layouts.items():
        (folder / "layouts" / "_default" / name).write_text(text, encoding="utf-8")


def _write_content(folder: Path, stories: list[Story], project: Path) -> None:
    for page in (project / "content").rglob("*.md"):
        if "-prova-" not in page.name:
            read = frontmatter.load(page)
            front = {name: read[name] for name in ("title", "description") if name in read}
            # An «index.md» would be to Hugo a page that all below it belongs to.
            name = page.name.replace("index.md", "_index.md")
            file = folder / page.relative_to(project).with_name(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{json.dumps(front)}\n\n{read.content}\n", encoding="utf-8")
    (folder / "content" / "storie").mkdir(parents=True, exist_ok=True)
    for story in stories:
        front = (
            f'---\ntitle: "{story.title}"\ndate: {story.day}\ndescription: "{story.description}"\n'
            f"azione: [{story.action}]\ncomune: [{story.town}]\nanno: ['{story.day.year}']\n---\n\n"
        )
        file = folder / "content" / "storie" / f"{story.slug}.md"
        file.write_text(front + story.body, encoding="utf-8")


def _with_hugos_words(page: str, story: Story) -> str:
    """Our page of *story*, with Hugo's words wherever it speaks of that story alone."""
    for ours, hugos in (
        (r'(<div class="pt-prose md-typeset">).*?(</div>)', "{{ .Content }}"),
        (r'(<ul class="pt-grid">).*?(</ul>)', _RELATED),
        (r'(<ul class="pt-names">).*?(</ul>)', _TIES),
        (r'(<script type="application/ld\+json">).*?(</script>)', _JSON_LD),
        (r'(<time datetime="[^"]*">).*?(</time>)', '{{ .Date.Format "2 January 2006" }}'),
    ):
        page, found = re.subn(
            ours, lambda match, to=hugos: f"{match[1]}{to}{match[2]}", page, flags=re.S
        )
        assert found, f"our page no longer holds {ours}"
    for ours, hugos in (
        (story.title, "{{ .Title }}"),
        (story.description, "{{ .Description }}"),
        (f"storie/{story.slug}/", '{{ strings.TrimPrefix "/" .RelPermalink }}'),
    ):
        assert ours in page, f"our page no longer holds {ours}"
        page = page.replace(ours, hugos)
    return page


def _list_of(page: str) -> str:
    """A page of many stories: the same shell, one card for each."""
    listed = "<h1>{{ .Title }}</h1><ul>{{ range .Pages }}" + _CARD + "{{ end }}</ul>"
    shell = re.sub(
        r"(<main [^>]*>).*(</main>)",
        lambda match: f"{match[1]}{listed}{match[2]}",
        page,
        flags=re.S,
    )
    return shell.replace(_SOCIAL_CARD, "").replace("{{ $card.Permalink }}", "")


_BARE_SETTINGS = """
baseURL = "https://example.org/"
languageCode = "it"
title = "Prova"
disableKinds = ["taxonomy", "term"]
[outputs]
section = ["HTML", "RSS"]
"""

_BARE_LAYOUTS = {
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

_FULL_SETTINGS = """
baseURL = "https://example.org/"
languageCode = "it"
title = "Prova"
[taxonomies]
azione = "azione"
comune = "comune"
anno = "anno"
[outputs]
section = ["HTML", "RSS", "JSON"]
term = ["HTML", "RSS", "JSON"]
[related]
threshold = 1
[[related.indices]]
name = "azione"
weight = 100
[[related.indices]]
name = "comune"
weight = 80
"""

_CARD = (
    "<li><article class='pt-card'><h3 class='pt-card__title'><a href='{{ .RelPermalink }}'>{{ .Title }}</a></h3>"
    "<p class='pt-card__text'>{{ .Description }}</p><p class='pt-card__note'>{{ .Date.Format \"2 January 2006\" }}</p>"
    "</article></li>"
)

_RELATED = "{{ range first 3 (.Site.RegularPages.Related .) }}" + _CARD + "{{ end }}"

_TIES = "{{ range .Params.azione }}<li><a href='/azione/{{ . }}/'>{{ . }}</a></li>{{ end }}"

_SOCIAL_CARD = (
    '{{ $font := resources.Get "font.ttf" }}'
    '{{ $words := images.Text .Title (dict "color" "#2a1a33" "size" 48 "x" 40 "y" 90 "font" $font) }}'
    '{{ $card := (resources.Get "card.png") | images.Filter $words }}'
)

_JSON_LD = (
    '{{ dict "@context" "https://schema.org" "@type" "Article" "headline" .Title "description" .Description '
    '"url" .Permalink "temporalCoverage" (.Date.Format "2006-01-02") "about" .Params.azione | jsonify | safeJS }}'
)

_JSON_FEED = (
    '{ "version": "https://jsonfeed.org/version/1.1", "title": {{ .Title | jsonify }}, "items": ['
    "{{ range $number, $story := first 20 .Pages }}{{ if $number }},{{ end }}"
    '{{ dict "id" .Permalink "title" .Title "summary" .Description "content_html" .Content | jsonify }}'
    "{{ end }}]}"
)
