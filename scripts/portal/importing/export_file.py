"""An export as a stream of elements: one at a time in memory, and nothing but plain XML.

A document type is refused before the first element: it could name files of this
machine, or entities that grow to fill its memory. No export needs one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from lxml import etree

_BLOCK_BYTES = 65_536
_TAIL_BYTES = 1_000
_ENDS_TOO_SOON = tuple(
    expat.errors.codes[said]
    for said in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN)
)


class UnreadableExport(Exception):
    """The export cannot be read; the message tells an editor why, in Italian."""


def read_elements(file: Path, root: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
    """Every element of *file* named in *tags*, forgotten once the next is asked for.

    Names are as lxml writes them: `{namespace}name`. UnreadableExport where it
    is not XML, is cut, has a document type, or its root is not *root*.
    """
    found = _root_of(file)
    if found != root:
        raise UnreadableExport(f"{file.name}: {_wrong_kind(found)}")
    try:
        for _, element in etree.iterparse(
            str(file), tag=tags, resolve_entities=False, no_network=True, huge_tree=True
        ):
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise UnreadableExport(_syntax(file, root, error)) from error


def text_of(element: etree._Element, name: str) -> str:
    """All the text in the child of *element* called *name*; empty where there is none."""
    found = element.find(name)
    return "" if found is None else "".join(str(text) for text in found.itertext()).strip()


def _root_of(file: Path) -> str:
    """The name of the root element, as `{namespace}name`, read without anything being built or expanded."""
    names: list[str] = []

    def refuse(*_: object) -> None:
        raise UnreadableExport(
            f"{file.name}, riga {parser.CurrentLineNumber}: c'è una dichiarazione <!DOCTYPE>. "
            "Un'esportazione non ne ha bisogno e può nascondere un attacco: non la leggo. "
            "Esporta di nuovo dal vecchio sito e non modificare il file."
        )

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, _: names.append(name)
    try:
        with file.open("rb") as opened:
            while not names:
                block = opened.read(_BLOCK_BYTES)
                parser.Parse(block, not block)
    except OSError as error:
        raise UnreadableExport(
            f"{file}: il file non c'è o non si può leggere. Controlla il nome e la cartella."
        ) from error
    except expat.ExpatError as error:
        if not names:
            raise UnreadableExport(_no_element(file, error)) from error
    except (LookupError, ValueError) as error:
        raise UnreadableExport(
            f"{file.name}, riga 1: la codifica dichiarata non si conosce. Esporta il file in UTF-8."
        ) from error
    return f"{{{names[0]}" if "}" in names[0] else names[0]


def _wrong_kind(root: str) -> str:
    name = root.rpartition("}")[2]
    if name == "rss":
        return (
            "è un file RSS, come quelli di WordPress. Prova così: portal import wordpress FILE.xml"
        )
    if name == "feed":
        return "è un file Atom, come quelli di Blogger. Prova così: portal import blogger FILE.atom"
    return (
        f"il file comincia con <{name}>: non è un'esportazione di Blogger né di WordPress. "
        "Serve il file scaricato con «Esporta»."
    )


def _no_element(file: Path, error: expat.ExpatError) -> str:
    with file.open("rb") as opened:
        begins_as_xml = opened.read(_TAIL_BYTES).lstrip().startswith(b"<")
    if begins_as_xml and error.code in _ENDS_TOO_SOON:
        return _cut(file, error.lineno)
    return (
        f"{file.name}, riga {error.lineno}: non è un file XML. Serve il file scaricato dal vecchio "
        "sito con «Esporta», non aperto e non salvato con un altro programma."
    )


def _syntax(file: Path, root: str, error: etree.XMLSyntaxError) -> str:
    """What is wrong and where, in expat's words: libxml2 loses the line of some mistakes."""
    line, reason = error.lineno or 1, error.msg
    with file.open("rb") as opened:
        opened.seek(max(file.stat().st_size - _TAIL_BYTES, 0))
        is_whole = f"</{root.rpartition('}')[2]}".encode() in opened.read()
        try:
            opened.seek(0)
            expat.ParserCreate(namespace_separator="}").ParseFile(opened)
        except expat.ExpatError as found:
            line, reason = found.lineno, expat.ErrorString(found.code)
    if not is_whole:
        return _cut(file, line)
    return (
        f"{file.name}, riga {line}: l'XML non si legge ({reason}). "
        "Esporta di nuovo; se succede ancora, correggi quella riga o togli quel carattere."
    )


def _cut(file: Path, line: int) -> str:
    return (
        f"{file.name}, riga {line}: il file è tagliato, finisce prima della fine. "
        "Scaricalo di nuovo e controlla che lo scaricamento arrivi in fondo."
    )
