"""Campaigns: what may be collected for, and for whom, as the site publishes it.

The site writes campaigns.json; this module reads it again whenever it changes. A
broken new file never stops giving: the last good one stays, and `doctor` tells.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fundraising.donation import Frequency

KINDS = ("public_body", "foundation", "social_cooperative", "association")


class BrokenCampaigns(ValueError):
    """A campaigns.json that cannot be used; *problems* says why, in Italian."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Tax:
    """A tax benefit that a person has confirmed for a recipient."""

    text: str
    register: str
    confirmed_on: date


@dataclass(frozen=True)
class Recipient:
    """Who receives the money. Without *tax*, no benefit may be named."""

    id: str
    name: str
    legal_name: str
    kind: str
    address: str | None = None
    fiscal_code: str | None = None
    tax: Tax | None = None
    iban: str | None = None


@dataclass(frozen=True)
class Campaign:
    """One thing to give for. *example* means that nobody has confirmed it yet."""

    id: str
    title: str
    url: str
    description: str
    recipient: Recipient
    example: bool
    open: bool
    goal_cents: int | None
    suggested_cents: tuple[int, ...]
    minimum_cents: int
    frequencies: tuple[Frequency, ...]

    def takes_gifts(self, *, livemode: bool) -> bool:
        """Tell whether it may collect: an example only ever collects in a rehearsal."""
        return self.open and not (self.example and livemode)


@dataclass(frozen=True)
class Campaigns:
    """All campaigns and recipients, by id."""

    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
    recipients: Mapping[str, Recipient] = field(default_factory=dict)

    def that_take_gifts(self, *, livemode: bool) -> list[Campaign]:
        """List what may be given for now, in the order of the site."""
        return [one for one in self.campaigns.values() if one.takes_gifts(livemode=livemode)]


class CampaignsFile:
    """The campaigns file, read again when it changes.

    *problems* says what is wrong with the file as it is now; it is empty while
    all is well.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []
        self._campaigns = Campaigns()
        self._stamp: tuple[int, int] | None = None
        self._guard = threading.Lock()

    def read(self) -> Campaigns:
        """Return the campaigns of the last good file."""
        with self._guard:
            try:
                stat = self.path.stat()
                stamp = (stat.st_mtime_ns, stat.st_size)
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._campaigns = parse_campaigns(self.path.read_text(encoding="utf-8"))
                    self.problems = []
            except OSError as error:
                self._stamp = None
                self.problems = [f"{self.path}: non si può leggere ({error.strerror})"]
            except UnicodeDecodeError:
                self.problems = [f"{self.path}: non è un testo UTF-8"]
            except BrokenCampaigns as error:
                self.problems = [f"{self.path}: {problem}" for problem in error.problems]
            return self._campaigns


def parse_campaigns(text: str) -> Campaigns:
    """Read a campaigns document; raises BrokenCampaigns with every problem at once."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise BrokenCampaigns([f"non è un documento JSON ({error})"]) from error
    if not isinstance(document, dict) or document.get("version") != 1:
        raise BrokenCampaigns(["ci aspettiamo un documento con «version»: 1"])
    problems: list[str] = []
    if document.get("currency") != "eur":
        problems.append(f"la valuta è {document.get('currency')!r}, accettiamo solo «eur»")
    recipients: dict[str, Recipient] = {}
    for row in _rows(document, "recipients", problems):
        try:
            recipient = _read_recipient(row)
            recipients[recipient.id] = recipient
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"destinatario {_name(row)}: {_explain(error)}")
    campaigns: dict[str, Campaign] = {}
    for row in _rows(document, "campaigns", problems):
        try:
            campaign = _read_campaign(row, recipients)
            campaigns[campaign.id] = campaign
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"campagna {_name(row)}: {_explain(error)}")
    if problems:
        raise BrokenCampaigns(problems)
    return Campaigns(campaigns, recipients)


def _rows(document: dict[str, Any], name: str, problems: list[str]) -> list[Any]:
    rows = document.get(name)
    if isinstance(rows, list):
        return rows
    problems.append(f"manca l'elenco «{name}»")
    return []


def _read_recipient(row: Any) -> Recipient:
    if row["kind"] not in KINDS:
        raise ValueError(f"«kind» è {row['kind']!r}, può essere {', '.join(KINDS)}")
    tax = row.get("tax")
    return Recipient(
        id=_text(row, "id"),
        name=_text(row, "name"),
        legal_name=_text(row, "legal_name"),
        kind=row["kind"],
        address=row.get("address"),
        fiscal_code=row.get("fiscal_code"),
        iban=_iban(row.get("iban")),
        tax=tax
        and Tax(
            text=_text(tax, "text"),
            register=_text(tax, "register"),
            confirmed_on=date.fromisoformat(tax["confirmed_on"]),
        ),
    )


def _read_campaign(row: Any, recipients: Mapping[str, Recipient]) -> Campaign:
    if row["recipient"] not in recipients:
        raise ValueError(f"il destinatario {row['recipient']!r} non è nell'elenco")
    goal_cents = row.get("goal_cents")
    return Campaign(
        id=_text(row, "id"),
        title=_text(row, "title"),
        url=_text(row, "url"),
        description=str(row.get("description") or ""),
        recipient=recipients[row["recipient"]],
        example=_flag(row, "example"),
        open=_flag(row, "open"),
        goal_cents=None if goal_cents is None else _cents(goal_cents),
        suggested_cents=tuple(_cents(cents) for cents in row["suggested_cents"]),
        minimum_cents=_cents(row["minimum_cents"]),
        frequencies=tuple(Frequency(value) for value in row["frequencies"]),
    )


def _text(row: Any, key: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"«{key}» è {value!r}, ci aspettiamo un testo")
    return value


def _iban(value: Any) -> str | None:
    """Read an IBAN, checked as ISO 13616 says; None when there is none."""
    if value is None:
        return None
    iban = "".join(str(value).split()).upper()
    moved = iban[4:] + iban[:4]
    if (
        not 15 <= len(iban) <= 34
        or not (iban.isascii() and iban.isalnum() and iban[:2].isalpha())
        or int("".join(str(int(character, 36)) for character in moved)) % 97 != 1
    ):
        raise ValueError(f"«iban» è {value!r}, e non torna")
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _flag(row: Any, key: str) -> bool:
    value = row[key]
    if not isinstance(value, bool):
        raise ValueError(f"«{key}» è {value!r}, ci aspettiamo true o false")
    return value


def _cents(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{value!r} non è un importo in centesimi")
    return value


def _name(row: Any) -> str:
    return str(row.get("id", "senza id")) if isinstance(row, dict) else repr(row)


def _explain(error: Exception) -> str:
    return f"manca «{error.args[0]}»" if isinstance(error, KeyError) else str(error)
