"""Where the links and pictures of the pages lead, and the HTML that has no place in a text.

What the engine would refuse is refused here first, with the line and in Italian. Nearly
all texts are told at a glance; of the others the engine says what they hold.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from portal.model.page import file_at
from portal.model.translation import LANGUAGES
from portal.readers.content_folder import ContentFolder
from portal.readers.marked_texts import MarkedTexts
from portal.readers.picture_files import DRAWING, NOT_PUBLISHED, PUBLISHED, SHOWN, is_photograph
from portal.readers.problem import shortened
from portal.readers.targets import file_of, is_plain

NOT_YET = "è ancora una bozza, o esce più avanti: pubblica prima quella pagina"
OWN_HOST = "oltreiperimetri.it"
_OWN = re.compile(rf"//(?:www\.)?{re.escape(OWN_HOST)}", re.IGNORECASE)

_OUTSIDE = ("https://", "http://")
_MAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?[\d\s()./-]{3,}(?:;ext=\d+)?")
_OTHER_SITE = re.compile(
    r"(?:www\.[\w-]+\.|[\w-]+\.(?:it|com|org|net|eu|info)(?:/|$))", re.IGNORECASE
)
_SLIP = re.compile(r"^(?:https?(?:;|:?)/{1,2}|https?:?(?=www\.)|:?//)", re.IGNORECASE)
"""`http//`, `https:/` and the like: the beginning of an address, with a slip."""
_PAGE_ENDING = re.compile(r"(?:/index)?(?:\.html?|\.md|\.markdown)$", re.IGNORECASE)
_WITHOUT_PLACE = {
    "script": "il sito non carica programmi scritti nelle pagine. Toglilo.",
    "style": "colori e caratteri li mette il sito. Toglilo.",
    "iframe": "chi legge finirebbe seguito da un altro sito. Al suo posto metti un link.",
} | dict.fromkeys(
    ("object", "embed", "applet", "frame", "frameset", "form", "base", "meta", "link"),
    "il sito non lo usa nelle pagine. Toglilo.",
)  # fmt: skip
_LEADING = {
    "a": "href",
    "area": "href",
    "img": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "track": "src",
}


def check_links(
    content: ContentFolder,
    pages: Collection[str],
    unpublished: Collection[str],
    texts: MarkedTexts,
) -> None:
    """Find what leads nowhere in the texts of *pages*, which are paths, and what may not be in them."""
    looked_at: dict[str, bool] = {}

    def is_good(target: str, may_be_picture: bool) -> bool:
        if target.startswith("#"):
            return len(target) > 1
        if target.startswith(_OUTSIDE):
            return not may_be_picture and bool(urlsplit(target).netloc)
        if "&" in target:
            return False
        linked = file_of(path, target)
        if linked in pages:
            return not may_be_picture and linked not in unpublished
        if linked not in looked_at:
            looked_at[linked] = linked.lower().endswith(SHOWN) and content.has(linked)
        return looked_at[linked] and (may_be_picture or linked.lower().endswith(DRAWING))

    for path in pages:
        if is_plain(content.documents[path].body, is_good):
            continue
        for written, fault in dict.fromkeys(_faults(content, path, pages, unpublished, texts)):
            content.blame_words(path, _as_written(content, path, written), fault)


def check_own_links(
    content: ContentFolder,
    pages: Collection[str],
    addresses: Collection[str],
    texts: MarkedTexts,
) -> None:
    """Find the links of *pages* to a page of this very site that it does not have. *addresses* are those it has."""
    files = {file_at(address) for address in addresses}
    for path in pages:
        if not _OWN.search(content.documents[path].body):
            continue
        for tag in texts.at(path).tags:
            target = tag.attributes.get("href", "")
            if (own := _own_address(target)) is None or file_at(own) in files:
                continue
            fault = (
                f"il link porta a «{target}», che nel nostro sito non c'è. Scrivi il nome del file, "
                "per esempio: ../rete/sercop.md"
            )
            content.blame_words(path, _as_written(content, path, target), fault)


def _own_address(target: str) -> str | None:
    """The address on our site that *target* names in full, as pages have it; nothing for all others."""
    if not target.startswith(_OUTSIDE):
        return None
    parts = _parts(target)
    if parts is None or parts[0].removeprefix("www.") != OWN_HOST:
        return None
    address = parts[1].lstrip("/")
    last = address.rpartition("/")[2]
    if "." in last:
        return address if last.endswith(".html") else None
    return f"{address}/" if last else address


def _parts(target: str) -> tuple[str, str] | None:
    """The host, in lower case, and the path of an address with a scheme; nothing where it cannot be read."""
    try:
        parts = urlsplit(target)
        return (parts.hostname or "").lower(), parts.path
    except ValueError:
        return None


def _faults(
    content: ContentFolder,
    path: str,
    pages: Collection[str],
    unpublished: Collection[str],
    texts: MarkedTexts,
) -> Iterator[tuple[str, str]]:
    """What is wrong with the text of the page at *path*: what was written, and what to say of it."""
    for tag in texts.at(path).tags:
        if tag.name in _WITHOUT_PLACE:
            yield f"<{tag.name}", f"«<{tag.name}>» qui non può stare: {_WITHOUT_PLACE[tag.name]}"
            continue
        if handler := next((name for name in tag.attributes if name.startswith("on")), None):
            yield (
                handler,
                f"«{handler}» qui non può stare: il sito non carica programmi scritti nelle pagine. Toglilo.",
            )
        for name in ("srcset", "poster"):
            for one in tag.attributes.get(name, "").split(","):
                if one.strip() and (fault := _picture_fault(content, path, one.split()[0])):
                    yield one.split()[0], fault
        target = tag.attributes.get(_LEADING.get(tag.name, ""))
        if target is None:
            continue
        target = target.strip()
        shown = tag.name not in ("a", "area")
        if fault := (
            _picture_fault(content, path, target)
            if shown
            else _link_fault(content, path, target, pages, unpublished)
        ):
            yield target, fault


def _picture_fault(content: ContentFolder, path: str, target: str) -> str | None:
    """What is wrong with what a page shows; nothing where only the picture itself can be at fault."""
    if not target:
        return "all'immagine manca il nome del file. Scrivi: ![Che cosa si vede](img/foto.jpg)"
    if target.startswith((*_OUTSIDE, "//")) or re.match(r"[\w+.-]+:", target):
        return (
            f"l'immagine «{shortened(target)}» non è qui accanto. Copiala in img/, vicino alla pagina, e scrivi: "
            "![Che cosa si vede](img/foto.jpg)"
        )
    if not file_of(path, target).lower().endswith(SHOWN):
        return f"l'immagine «{target}» {NOT_PUBLISHED}."
    return None


def _link_fault(
    content: ContentFolder,
    path: str,
    target: str,
    pages: Collection[str],
    unpublished: Collection[str],
) -> str | None:
    """What is wrong with a link of a page, or nothing."""
    if not target:
        return "fra le parentesi () non c'è niente: scrivi dove porta il link."
    if target.startswith(("#", "?")):
        return None
    if fault := _scheme_fault(target):
        return fault
    if re.match(r"[\w+.-]+:", target) and not target.startswith(("/", ".")):
        return None
    linked = file_of(path, target)
    if linked in pages:
        if linked in unpublished and path not in unpublished:
            return f"il link porta a «{target}», che {NOT_YET}, o togli per ora il link."
        return None
    if content.is_public(linked):
        if linked.lower().endswith(PUBLISHED):
            return (
                f"l'immagine «{target}» si mostra e non si linka: il sito ne pubblica solo copie più piccole. "
                f"Scrivi: ![Che cosa si vede]({target})"
            )
        if is_photograph(content.folder / linked):
            return f"l'immagine «{target}» {NOT_PUBLISHED}."
        return None
    if content.has(linked) and not linked.startswith(".."):
        return f"il link porta a «{shortened(target)}», che sul sito non esce. Togli il link."
    return f"il link porta a «{shortened(target)}», che non c'è. {_advice(content, path, target, pages)}"


def _scheme_fault(target: str) -> str | None:
    """What is wrong with an address that is not, or should not be, a file of ours."""
    scheme, colon, rest = target.partition(":")
    scheme = scheme.lower() if colon and re.fullmatch(r"[a-zA-Z][\w+.-]*", scheme) else ""
    if scheme in ("http", "https") and rest.startswith("//"):
        parts = _parts(target)
        if parts and parts[0]:
            return None
        return f"l'indirizzo «{shortened(target)}» non si legge. Copialo di nuovo dalla barra del browser."
    if scheme == "mailto":
        to, question, _ = rest.partition("?")
        # Without anybody: whoever reads chooses whom to tell of it.
        if (question and not to) or all(_MAIL.fullmatch(one.strip()) for one in to.split(",")):
            return None
        return f"«{target}» non è un indirizzo di posta. Scrivi così: mailto:scrivi@esempio.it"
    if scheme in ("tel", "sms"):
        if _PHONE.fullmatch(rest.partition("?")[0]):
            return None
        return f"«{target}» non è un numero di telefono. Scrivi così: tel:021234567"
    if scheme == "file" or len(scheme) == 1:
        return (
            f"il link «{shortened(target)}» porta a un file del tuo computer: nessun altro lo può aprire. "
            "Metti il file vicino alla pagina, e scrivi il suo nome."
        )
    if slip := _SLIP.match(target):
        return f"all'inizio di «{shortened(target)}» c'è un errore. Scrivi: https://{target[slip.end() :]}"
    if _MAIL.fullmatch(target):
        return f"il link «{target}» è un indirizzo di posta. Scrivi: mailto:{target}"
    if _OTHER_SITE.match(target):
        return f"al link «{shortened(target)}» manca https:// davanti. Scrivi: https://{target}"
    if scheme:
        return (
            f"il link «{shortened(target)}» comincia con «{scheme}:», e qui non può stare. "
            "Scrivi l'indirizzo di una pagina, come https://www.sercop.it"
        )
    return None


def _advice(content: ContentFolder, path: str, target: str, pages: Collection[str]) -> str:
    """Which page or file was meant, or where to look."""
    written, hash_sign, place = target.partition("#")
    linked = file_of(path, written.replace("\\", "/"))
    bare = _PAGE_ENDING.sub("", linked.rpartition("content/")[2])
    language = _language(linked)
    known = {page.lower(): page for page in pages if _language(page) == language}
    for one in (f"{bare}.md", f"{bare}/index.md", f"{linked}.md"):
        if found := known.get(one.lower()):
            return _perhaps(path, found, hash_sign + place)
    others = [one for one in content.files_in(posixpath.dirname(linked)) if content.is_public(one)]
    wanted, among = f"{bare}.md", list(known.values())
    if posixpath.splitext(linked)[1].lower() not in ("", ".md", ".html", ".htm"):
        wanted, among = linked, others
    near = difflib.get_close_matches(wanted, among, n=1, cutoff=0.85)
    advice = _perhaps(path, near[0], hash_sign + place) if near else "Controlla il nome del file."
    if written.endswith("/") and not linked.startswith(".."):
        # Which lists there are is known only once every page is right.
        advice += (
            " Se è un elenco che il sito scrive da sé, scrivi tutto l'indirizzo: "
            f"https://www.{OWN_HOST}/{linked}/"
        )
    return advice


def _language(path: str) -> str | None:
    folder = path.partition("/")[0]
    return folder if folder in LANGUAGES else None


def _perhaps(path: str, file: str, place: str) -> str:
    return f"Forse volevi «{posixpath.relpath(file, posixpath.dirname(path) or '.')}{place}»."


def _as_written(content: ContentFolder, path: str, target: str) -> str:
    """How *target* stands in the text of the page: the engine gives it without its signs."""
    body = content.documents[path].body
    ways = [f"{sign}{target}" for sign in ("](", "](<", "]: ", '"', "'")]
    whole = [f"{way}{end}" for way in ways for end in (")", ">", " ", '"', "'")]
    return next((way for way in (*whole, *ways) if way in body), target)
