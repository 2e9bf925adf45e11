"""The donate form: what a donor typed, and what can be done with it.

Every problem is told at once, next to its field, and everything typed is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fundraising.campaigns import Campaign, Campaigns
from fundraising.donation import Frequency
from fundraising.fiscal_code import FiscalCodeRefused, read_fiscal_code
from fundraising.money import AmountRefused, parse_amount

FIELDS = (
    "campaign", "amount", "frequency", "email", "first_name", "last_name", "fiscal_code",
    "anonymous",
)  # fmt: skip
LONGEST_NAME = 120
LONGEST_EMAIL = 254

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_](?:[\w-]*[^\W_])"
)


@dataclass(frozen=True)
class GiftRequest:
    """A gift that somebody asks to make; everything in it has been checked."""

    campaign: Campaign
    amount_cents: int
    frequency: Frequency
    email: str
    first_name: str
    last_name: str
    fiscal_code: str | None
    anonymous: bool


@dataclass(frozen=True)
class FormErrors:
    """What to correct, by field, and what an ambiguous amount may mean (cents)."""

    messages: Mapping[str, str]
    readings: tuple[int, ...] = ()


def read_form(
    typed: Mapping[str, Sequence[str]], campaigns: Campaigns, *, livemode: bool
) -> GiftRequest | FormErrors:
    """Check what was typed; a field may come more than once, as forms send them."""
    messages: dict[str, str] = {}
    readings: tuple[int, ...] = ()

    campaign = campaigns.campaigns.get(one_value(typed, "campaign"))
    if campaign is None:
        messages["campaign"] = "Scegli per che cosa donare: questa raccolta non c’è."
    elif not campaign.takes_gifts(livemode=livemode):
        messages["campaign"] = f"La raccolta «{campaign.title}» non è aperta."

    amount_cents = 0
    try:
        amount_cents = _read_amount(typed, campaign)
    except AmountRefused as refused:
        messages["amount"] = str(refused)
        least_cents = campaign.minimum_cents if campaign else 1
        readings = tuple(cents for cents in refused.readings if cents >= least_cents)

    frequency = Frequency.ONCE
    try:
        frequency = Frequency(one_value(typed, "frequency") or Frequency.ONCE)
    except ValueError:
        messages["frequency"] = "Scegli se donare una volta, ogni mese o ogni anno."
    else:
        if campaign is not None and frequency not in campaign.frequencies:
            messages["frequency"] = "Per questa raccolta non si può donare così spesso."

    email = one_value(typed, "email")
    if not email:
        messages["email"] = "Scrivi la tua e-mail: ti mandiamo lì la ricevuta."
    elif len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        messages["email"] = "Questa e-mail non sembra completa. Scrivila così: nome@esempio.it"

    names = {}
    for field, label in (("first_name", "nome"), ("last_name", "cognome")):
        names[field] = _read_name(one_value(typed, field))
        if problem := _problem_of_name(names[field], label):
            messages[field] = problem

    fiscal_code = None
    try:
        fiscal_code = read_fiscal_code(one_value(typed, "fiscal_code"))
    except FiscalCodeRefused as refused:
        messages["fiscal_code"] = str(refused)

    if messages or campaign is None:
        return FormErrors(messages, readings)
    return GiftRequest(
        campaign=campaign,
        amount_cents=amount_cents,
        frequency=frequency,
        email=email,
        first_name=names["first_name"],
        last_name=names["last_name"],
        fiscal_code=fiscal_code,
        anonymous=bool(one_value(typed, "anonymous")),
    )


def one_value(typed: Mapping[str, Sequence[str]], field: str) -> str:
    """Return the last thing typed into a field, without spaces around it."""
    values = [value.strip() for value in typed.get(field, ()) if value.strip()]
    return values[-1] if values else ""


def _read_amount(typed: Mapping[str, Sequence[str]], campaign: Campaign | None) -> int:
    minimum_cents = campaign.minimum_cents if campaign else 1
    values = {value.strip() for value in typed.get("amount", ()) if value.strip()}
    amounts = set()
    if chosen := one_value(typed, "chosen_amount"):
        amounts.add(parse_amount(chosen, minimum_cents=minimum_cents))
    for value in sorted(values):
        try:
            amounts.add(parse_amount(value, minimum_cents=minimum_cents))
        except AmountRefused as refused:
            # The question has been answered: the choice is one of what this may mean.
            if not amounts & set(refused.readings):
                raise
    if len(amounts) > 1:
        # A suggested amount and a typed one: only the donor knows which one counts.
        raise AmountRefused(
            "Hai indicato due importi diversi: quale vuoi donare?", tuple(sorted(amounts))
        )
    return amounts.pop() if amounts else parse_amount("", minimum_cents=minimum_cents)


def _read_name(text: str) -> str:
    """Tidy the spaces of a name and drop invisible marks, which can turn a line around."""
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(visible.split())


def _problem_of_name(name: str, label: str) -> str | None:
    if not name:
        return f"Scrivi il tuo {label}: serve per la ricevuta."
    if len(name) > LONGEST_NAME:
        return f"Il {label} è troppo lungo: bastano {LONGEST_NAME} caratteri."
    if not name.isprintable():
        return f"Nel {label} c’è un carattere che non possiamo stampare: riscrivilo."
    return None
