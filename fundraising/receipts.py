"""The receipt: one A4 page that says who gave how much to whom, and when.

It prints what it is told and nothing more: the number is drawn in the ledger,
and a tax benefit is named only when the recipient has a confirmed text for it.
Same facts, same bytes: fonts come from inside typst and the date of the file is
the date of issue, so a copy printed years later can be compared with the first.
"""

import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from fundraising.money import format_cents

if TYPE_CHECKING:
    import typst

RECEIPT_TEMPLATES = Path(__file__).parent / "templates" / "receipts"
UNDRAWABLE = "□"
COMPILER_LOCK = Lock()

# fmt: off
MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)
UNITS = (
    "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci",
    "undici", "dodici", "tredici", "quattordici", "quindici", "sedici", "diciassette",
    "diciotto", "diciannove",
)
TENS = (
    "", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta",
    "novanta",
)
# fmt: on
METHODS = {
    "card": "carta di pagamento",
    "sepa_debit": "addebito diretto sul conto (SEPA)",
    "paypal": "PayPal",
    "satispay": "Satispay",
    "link": "Link",
    "customer_balance": "bonifico bancario",
    "bank_transfer": "bonifico bancario",
}


@dataclass(frozen=True, kw_only=True)
class ReceiptFacts:
    """What one receipt states.

    *method* is the type Stripe gives to a payment method, such as ``card``.
    *tax_text* needs *recipient_register*: a body outside its register promises
    nothing. *mark* is for a receipt printed again, or withdrawn.
    """

    number: int
    year: int
    recipient_name: str
    recipient_address: str | None = None
    recipient_fiscal_code: str | None = None
    recipient_register: str | None = None
    donor_name: str
    donor_fiscal_code: str | None = None
    donor_vat_number: str | None = None
    amount_cents: int
    given_on: date
    paid_on: date
    issued_on: date
    method: str
    purpose: str
    livemode: bool
    tax_text: str | None = None
    stamp_note: str | None = None
    mark: Literal["copy", "void"] | None = None

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f"receipt number is {self.number}, numbers start at 1")
        if self.amount_cents <= 0:
            raise ValueError(f"receipt {self.label} is for {self.amount_cents} cents")
        if self.tax_text and not self.recipient_register:
            raise ValueError(f"receipt {self.label} names a tax benefit without a register")
        if self.mark not in (None, "copy", "void"):
            raise ValueError(f"receipt {self.label} is marked {self.mark!r}")

    @property
    def label(self) -> str:
        """Number and year as people write them, such as «1/2026»."""
        return f"{self.number}/{self.year}"


def print_receipt(facts: ReceiptFacts) -> bytes:
    """Print a receipt as a tagged PDF/UA-1.

    The fonts inside typst draw Latin, Greek, Cyrillic, Hebrew, Armenian,
    Georgian and Arabic, but neither Chinese, Japanese, Korean, Thai, Bengali,
    Ethiopic, emoji nor some letters of Urdu. PDF/UA does not allow a missing
    glyph, so such a character is replaced by «□» and the page says so.
    """
    return typeset("receipt.typ", _texts(facts), facts.issued_on)


def date_in_words(day: date) -> str:
    """Write a date as Italians read it, such as «1° gennaio 2026»."""
    ordinal = "1°" if day.day == 1 else str(day.day)
    return f"{ordinal} {MONTHS[day.month - 1]} {day.year}"


def method_in_words(method: str) -> str:
    """Name a payment method; one we have no word for keeps Stripe's name."""
    return METHODS.get(method, f"pagamento elettronico ({method})")


def amount_in_words(amount_cents: int) -> str:
    """Write an amount below a million euro in Italian words."""
    euros, cents = divmod(amount_cents, 100)
    if not 0 <= euros < 1_000_000:
        raise ValueError(f"{amount_cents} cents cannot be written in words")
    whole = "un euro" if euros == 1 else f"{_number_in_words(euros)} euro"
    fraction = "un centesimo" if cents == 1 else f"{_number_in_words(cents)} centesimi"
    if not cents:
        return whole
    return f"{whole} e {fraction}" if euros else fraction


def _number_in_words(number: int) -> str:
    if number < 20:
        return UNITS[number]
    if number < 100:
        tens, unit = TENS[number // 10], number % 10
        if unit in (1, 8):
            tens = tens[:-1]
        return tens + ("" if unit == 0 else "tré" if unit == 3 else UNITS[unit])
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        prefix = "cento" if hundreds == 1 else UNITS[hundreds] + "cento"
        return _join(prefix, rest)
    thousands, rest = divmod(number, 1000)
    # Only a last «tre» carries the accent: ventitré, but ventitremila.
    prefix = "mille" if thousands == 1 else _number_in_words(thousands).replace("é", "e") + "mila"
    return _join(prefix, rest)


def _join(prefix: str, rest: int) -> str:
    """Join a hundred or a thousand to what follows, as in «centotré», «centottanta»."""
    if not rest:
        return prefix
    words = "tré" if rest == 3 else _number_in_words(rest)
    if prefix.endswith("cento") and words.startswith("ott"):
        prefix = prefix[:-1]
    return prefix + words


def _texts(facts: ReceiptFacts) -> dict[str, str]:
    texts = {
        "label": facts.label,
        "recipient_name": facts.recipient_name,
        "recipient_address": facts.recipient_address,
        "recipient_fiscal_code": facts.recipient_fiscal_code,
        "recipient_register": facts.recipient_register,
        "donor_name": facts.donor_name,
        "donor_fiscal_code": facts.donor_fiscal_code,
        "donor_vat_number": facts.donor_vat_number,
        "amount": format_cents(facts.amount_cents),
        "amount_in_words": amount_in_words(facts.amount_cents),
        "given_on": date_in_words(facts.given_on),
        "paid_on": date_in_words(facts.paid_on),
        "issued_on": date_in_words(facts.issued_on),
        "method": method_in_words(facts.method),
        "purpose": facts.purpose,
        "tax_text": facts.tax_text,
        "stamp_note": facts.stamp_note,
        "mark": facts.mark,
        "mode": "live" if facts.livemode else "test",
    }
    return {key: text or "" for key, text in texts.items()}


def _printable(text: str) -> Iterator[str]:
    """Drop what has no shape and what could reorder the line around it."""
    for character in text:
        category = unicodedata.category(character)
        if category in ("Cc", "Zl", "Zp"):
            yield " "
        elif (
            category != "Cs"
            and not "\u202a" <= character <= "\u202e"
            and not ("\u2066" <= character <= "\u2069")
        ):
            yield character


def _replace_undrawable(text: str) -> str:
    return "".join(
        character if character.isascii() or _can_draw(character) else UNDRAWABLE
        for character in text
    )


@lru_cache(maxsize=4096)
def _can_draw(character: str) -> bool:
    import typst

    try:
        _typeset("character.typ", {"character": character})
    except typst.TypstError:
        return False
    return True


def typeset(template: str, texts: dict[str, Any], printed_on: date) -> bytes:
    """Print texts with one of our templates, replacing letters no font can draw."""
    import typst

    printed_at = datetime.combine(printed_on, time(), UTC)
    texts = _each(texts, lambda text: "".join(_printable(text)).strip())
    try:
        return _typeset(template, {"facts": json.dumps(texts)}, printed_at)
    except typst.TypstError:
        drawable = _each(texts, _replace_undrawable)
        if drawable == texts:
            raise
        drawn = drawable | {"glyphs_missing": "yes"}
        return _typeset(template, {"facts": json.dumps(drawn)}, printed_at)


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """Change every text in a value made of texts, lists and mappings."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each(inner, change) for key, inner in value.items()}
    return [_each(inner, change) for inner in value]


def _typeset(template: str, inputs: dict[str, str], printed_at: datetime | None = None) -> bytes:
    # One compiler works for one thread at a time and says «Already borrowed» to a second.
    with COMPILER_LOCK:
        pdf = _compiler().compile(
            input=RECEIPT_TEMPLATES / template,
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs=inputs,
            timestamp=printed_at,
        )
    assert isinstance(pdf, bytes)  # Only images come as a list, a page each.
    return pdf


@lru_cache(maxsize=1)
def _compiler() -> "typst.Compiler":
    # Starting one takes about 200 ms, a receipt after that about 10.
    import typst

    return typst.Compiler(
        root=RECEIPT_TEMPLATES,
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
    )
