"""Statements as CAMT.053, the XML of ISO 20022, in any of its versions.

A statement has no business declaring a document type, so one that does is refused
before any entity of it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from fundraising.bank.statement import BadStatement, Credit, Statement

_LARGEST_EUROS = 10**10


class _Builder(TreeBuilder):
    """Builds the tree, unless the document declares a type of its own."""

    def doctype(self, name: str, public_id: str | None, system_id: str | None) -> None:
        raise BadStatement([f"il file dichiara un tipo di documento («{name}»): non lo leggiamo"])


def read_camt_statement(content: bytes) -> Statement:
    """Read a CAMT.053 document. Raises BadStatement."""
    parser = XMLParser(target=_Builder())
    try:
        parser.feed(content)
        root: Element = parser.close()
    except ParseError as error:
        raise BadStatement([f"il file non è un XML corretto ({error})"]) from error
    except BadStatement:
        raise
    except (LookupError, ValueError) as error:
        # What the parser says of an encoding it does not know.
        raise BadStatement(
            [f"il file dichiara una codifica che non leggiamo ({error}): salvalo come XML in UTF-8"]
        ) from error
    statements = list(_all(root, "Stmt"))
    if not statements:
        raise BadStatement(["nel file non c'è nessun estratto conto (Stmt): è un CAMT.053?"])
    credits: list[Credit] = []
    problems: list[str] = []
    debits = 0
    for number, entry in enumerate(
        (entry for statement in statements for entry in _children(statement, "Ntry")), start=1
    ):
        try:
            found = list(_read_entry(entry))
        except ValueError as error:
            problems.append(f"movimento {number}: {error}")
            continue
        credits += found
        debits += not found
    if problems:
        raise BadStatement(problems)
    return Statement(tuple(credits), debits)


def _read_entry(entry: Element) -> Iterator[Credit]:
    """Tell the credits of an entry: one, or one for each transaction it gathers."""
    if _text(entry, "CdtDbtInd") != "CRDT" or _text(entry, "RvslInd") == "true":
        return
    # Not booked yet: it will be on a later statement. The code is bare, or inside Cd.
    status = next(_children(entry, "Sts"), None)
    code = "" if status is None else (status.text or "").strip() or _text(status, "Cd")
    if code and code != "BOOK":
        return
    dates = next(_children(entry, "BookgDt"), None)
    day = "" if dates is None else _text(dates, "Dt") or _text(dates, "DtTm")[:10]
    try:
        booked_on = date.fromisoformat(day)
    except ValueError:
        raise ValueError(f"la data «{day}» non si capisce") from None
    reference = _text(entry, "AcctSvcrRef")
    parts = [
        part for details in _children(entry, "NtryDtls") for part in _children(details, "TxDtls")
    ]
    if len(parts) <= 1:
        words = _words(parts[0] if parts else entry) or _text(entry, "AddtlNtryInf")
        yield Credit(booked_on, _cents(entry), words, reference)
        return
    for number, part in enumerate(parts, start=1):
        # Older versions keep the amount of a part one level deeper.
        amount = next((one for one in _all(part, "Amt") if one.get("Ccy")), None)
        if amount is None:
            raise ValueError("raggruppa più bonifici senza dire l'importo di ciascuno")
        # Without a reference «/1» would name the first part of every entry alike.
        own = f"{reference}/{number}" if reference else ""
        yield Credit(booked_on, _read_cents(amount), _words(part), own)


def _words(part: Element) -> str:
    """Gather what says why the money came: the free text, the references, who sent it."""
    found = [
        (one.text or "").strip()
        for name in ("Ustrd", "Ref", "EndToEndId", "Nm")
        for one in _all(part, name)
    ]
    return " ".join(dict.fromkeys(text for text in found if text and text != "NOTPROVIDED"))


def _cents(entry: Element) -> int:
    amount = next(_children(entry, "Amt"), None)
    if amount is None:
        raise ValueError("non ha un importo")
    return _read_cents(amount)


def _read_cents(amount: Element) -> int:
    if amount.get("Ccy") != "EUR":
        raise ValueError(f"è in {amount.get('Ccy')}, non in euro")
    try:
        euros = Decimal(amount.text or "")
    except InvalidOperation:
        raise ValueError(f"l'importo «{amount.text}» non si capisce") from None
    # Compared before it is multiplied: 1E+999999999 would not fit into any number of cents.
    if euros.is_finite() and euros > _LARGEST_EUROS:
        raise ValueError(f"l'importo «{amount.text}» è troppo grande per essere vero")
    cents = euros * 100 if euros.is_finite() else Decimal(0)
    if cents != cents.to_integral_value() or cents <= 0:
        raise ValueError(f"l'importo «{amount.text}» non è in centesimi interi")
    return int(cents)


def _text(element: Element, name: str) -> str:
    child = next(_children(element, name), None)
    return "" if child is None else (child.text or "").strip()


def _children(element: Element, name: str) -> Iterator[Element]:
    """Name elements without their namespace: it changes with every version."""
    return (child for child in element if child.tag.rpartition("}")[2] == name)


def _all(element: Element, name: str) -> Iterator[Element]:
    return (child for child in element.iter() if child.tag.rpartition("}")[2] == name)
