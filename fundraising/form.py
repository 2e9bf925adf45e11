"""The donate form: what a donor typed, and what can be done with it.

Every problem is told at once, next to its field, and everything typed is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fundraising.campaigns import Campaign, Campaigns
from fundraising.consents import Purpose, read_consents
from fundraising.dedication import Dedication, Kind, problem_of_card_text
from fundraising.donation import Frequency
from fundraising.fee_cover import estimate_cover
from fundraising.fiscal_code import FiscalCodeRefused, read_fiscal_code, read_vat_number
from fundraising.money import MAXIMUM_CENTS, AmountRefused, format_cents, parse_amount

FIELDS = (
    "campaign", "amount", "frequency", "first_name", "last_name", "email", "fiscal_code",
    "cover_fees", "anonymous", "company_name", "vat_number", "dedication", "dedication_name",
    "card_email", "card_text", "consent_project_news", "consent_newsletter", "consent_wording",
)  # fmt: skip
"""What the form asks, from the top of the page to its end."""
TO_CONFIRM_CENTS = 500_00
"""From this amount on the donor sees it in words, and says yes, before paying."""
LONGEST_NAME = 120
LONGEST_EMAIL = 254
WRONG_EMAIL = "Questa e-mail non sembra completa. Scrivila così: nome@esempio.it"

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_](?:[\w-]*[^\W_])"
)


@dataclass(frozen=True)
class GiftRequest:
    """A gift that somebody asks to make; everything in it has been checked.

    *amount_cents* is the gift, *cover_cents* what is added for the fee.
    """

    campaign: Campaign
    amount_cents: int
    frequency: Frequency
    email: str
    first_name: str
    last_name: str
    fiscal_code: str | None
    anonymous: bool
    cover_cents: int = 0
    company_name: str | None = None
    vat_number: str | None = None
    dedication: Dedication | None = None
    consents: tuple[Purpose, ...] = ()
    consent_wording: str = ""
    replaces: str | None = None

    @property
    def total_cents(self) -> int:
        """What will be charged."""
        return self.amount_cents + self.cover_cents

    @property
    def must_be_confirmed(self) -> bool:
        """Tell whether the donor should see the total before paying it."""
        return self.cover_cents > 0 or self.total_cents >= TO_CONFIRM_CENTS


@dataclass(frozen=True)
class FormErrors:
    """What to correct, by field as the form has them, and what an ambiguous amount may mean (cents)."""

    messages: Mapping[str, str]
    readings: tuple[int, ...] = ()


def read_form(
    typed: Mapping[str, Sequence[str]], campaigns: Campaigns, *, livemode: bool, today: date
) -> GiftRequest | FormErrors:
    """Check what was typed; a field may come more than once, as forms send them.

    *today* decides which prices the cover of fees is estimated with.
    """
    messages: dict[str, str] = {}
    readings: tuple[int, ...] = ()

    campaign = campaigns.campaigns.get(one_value(typed, "campaign"))
    if campaign is None:
        chosen = one_value(typed, "campaign")
        messages["campaign"] = (
            "Scegli per che cosa donare: questa campagna non c'è."
            if chosen
            else "Scegli per che cosa donare."
        )
    elif not campaign.takes_gifts(livemode=livemode):
        messages["campaign"] = f"La campagna «{campaign.title}» non è aperta."

    amount_cents = 0
    try:
        amount_cents = read_amount(typed, campaign)
    except AmountRefused as refused:
        messages["amount"], readings = str(refused), refused.readings

    frequency = Frequency.ONCE
    try:
        frequency = Frequency(one_value(typed, "frequency") or Frequency.ONCE)
    except ValueError:
        messages["frequency"] = "Scegli se donare una volta, ogni mese o ogni anno."
    else:
        if campaign is not None and frequency not in campaign.frequencies:
            messages["frequency"] = "Per questa campagna non si può donare così spesso."

    cover_cents = 0
    if amount_cents and one_value(typed, "cover_fees"):
        cover_cents = estimate_cover(amount_cents, today=today)
        if amount_cents + cover_cents > MAXIMUM_CENTS:
            messages["cover_fees"] = (
                f"Con le commissioni si superano i {format_cents(MAXIMUM_CENTS)} che si possono "
                "donare online: togli questa scelta."
            )

    email = read_email(one_value(typed, "email"))
    if not email:
        messages["email"] = (
            WRONG_EMAIL
            if one_value(typed, "email")
            else "Scrivi la tua e-mail: ti mandiamo lì la ricevuta."
        )

    names = {}
    for field, label in (("first_name", "nome"), ("last_name", "cognome")):
        names[field] = read_name(one_value(typed, field))
        if problem := problem_of_name(names[field], label):
            messages[field] = problem

    fiscal_code = None
    try:
        fiscal_code = read_fiscal_code(one_value(typed, "fiscal_code"))
    except FiscalCodeRefused as refused:
        messages["fiscal_code"] = str(refused)

    company_name, vat_number = _read_company(typed, messages)
    dedication = _read_dedication(typed, messages)
    wording = one_value(typed, "consent_wording")
    ticked = [purpose for purpose in Purpose if one_value(typed, f"consent_{purpose}")]

    if messages or campaign is None:
        in_order = {field: messages[field] for field in FIELDS if field in messages}
        return FormErrors(in_order, readings)
    return GiftRequest(
        campaign=campaign,
        amount_cents=amount_cents,
        frequency=frequency,
        email=email,
        first_name=names["first_name"],
        last_name=names["last_name"],
        fiscal_code=fiscal_code,
        anonymous=bool(one_value(typed, "anonymous")),
        cover_cents=cover_cents,
        company_name=company_name,
        vat_number=vat_number,
        dedication=dedication,
        consents=read_consents(ticked, wording),
        consent_wording=wording,
    )


def one_value(typed: Mapping[str, Sequence[str]], field: str) -> str:
    """Return the last thing typed into a field, without spaces around it."""
    values = [value.strip() for value in typed.get(field, ()) if value.strip()]
    return values[-1] if values else ""


def read_email(text: str) -> str:
    """Return an e-mail address with its domain in small letters, empty when it is none."""
    email = text.strip()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        return ""
    name, _, domain = email.rpartition("@")
    return f"{name}@{domain.lower()}"


def _read_company(
    typed: Mapping[str, Sequence[str]], messages: dict[str, str]
) -> tuple[str | None, str | None]:
    """Read who gives when it is a company: both the name and the number, or neither."""
    name = read_name(one_value(typed, "company_name"))
    number = None
    try:
        number = read_vat_number(one_value(typed, "vat_number"))
    except FiscalCodeRefused as refused:
        messages["vat_number"] = str(refused)
    else:
        if name and not number:
            messages["vat_number"] = "Scrivi la partita IVA dell'azienda: va sulla ricevuta."
    if number and not name:
        messages["company_name"] = "Scrivi il nome dell'azienda: va sulla ricevuta."
    elif name and (problem := problem_of_name(name, "nome dell'azienda")):
        messages["company_name"] = problem
    return name or None, number


def _read_dedication(
    typed: Mapping[str, Sequence[str]], messages: dict[str, str]
) -> Dedication | None:
    """Read for whom a gift is made; whatever was typed about it without a choice asks for one."""
    chosen = one_value(typed, "dedication")
    name = read_name(one_value(typed, "dedication_name"))
    address, text = one_value(typed, "card_email"), one_value(typed, "card_text")
    if not (chosen or name or address or text):
        return None
    if chosen not in set(Kind):
        messages["dedication"] = "Scegli se è in ricordo di qualcuno o un regalo a qualcuno."
        return None
    if not name:
        messages["dedication_name"] = "Scrivi il nome della persona a cui dedichi il dono."
    elif problem := problem_of_name(name, "nome"):
        messages["dedication_name"] = problem
    card_email = read_email(address)
    if address and not card_email:
        messages["card_email"] = WRONG_EMAIL
    elif text and not address:
        messages["card_email"] = "Scrivi a quale e-mail mandiamo il biglietto."
    if problem := problem_of_card_text(text):
        messages["card_text"] = problem
    return Dedication(Kind(chosen), name, card_email or None, text or None)


def read_amount(typed: Mapping[str, Sequence[str]], campaign: Campaign | None) -> int:
    """Read the one amount that was chosen, typed or both; raises AmountRefused."""
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


def read_name(text: str) -> str:
    """Tidy the spaces of a name and drop invisible marks, which can turn a line around."""
    visible = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(visible.split())


def problem_of_name(name: str, label: str) -> str | None:
    if not name:
        return f"Scrivi il tuo {label}: serve per la ricevuta."
    if len(name) > LONGEST_NAME:
        return f"Il {label} è troppo lungo: bastano {LONGEST_NAME} caratteri."
    if not name.isprintable():
        return f"Nel {label} c'è un carattere che non possiamo stampare: riscrivilo."
    return None
