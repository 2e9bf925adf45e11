"""Money: integer cents, read from what people type and written as Italians do.

`1.250` may mean a thousand and a quarter or one euro and a quarter. Guessing has
cost donors thousands elsewhere, so an ambiguous amount is a question, never a guess.
"""

from __future__ import annotations

import re

MAXIMUM_CENTS = 10_000_00
"""The largest gift taken online: what one SEPA debit may carry."""

_WHOLE = re.compile(r"[0-9]+")
_DECIMALS = re.compile(r"([0-9]+)[.,]([0-9]{1,2})")
_ITALIAN = re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+),([0-9]{1,2})")
_ENGLISH = re.compile(r"([1-9][0-9]{0,2}(?:,[0-9]{3})+)\.([0-9]{1,2})")
_MILLIONS = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})")
_THOUSANDS_OR_DECIMALS = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
_CURRENCY = r"(?:€|euro|eur)"
_WITH_CURRENCY = re.compile(rf"{_CURRENCY}(.*)|(.*?){_CURRENCY}", re.IGNORECASE | re.DOTALL)
# Thousands apart, as SI and our own printing write them: plain, no-break and thin spaces.
_SPACED = re.compile(
    r"[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]{1,2})?",
)


class AmountRefused(ValueError):
    """An amount that cannot be taken; the message is for the donor, in Italian.

    *readings* holds what an ambiguous amount may mean, in cents, so that the
    page can offer each of them.
    """

    def __init__(self, message: str, readings: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.readings = readings


def parse_amount(text: str, *, minimum_cents: int = 1, maximum_cents: int = MAXIMUM_CENTS) -> int:
    """Read an amount in euros as cents.

    Raises AmountRefused, with words for the donor, when it is ambiguous, out of
    bounds or not an amount.
    """
    typed = text.replace("\u2212", "-").strip()
    # The currency counts at one end only: «4€99» without its sign would be 499 €.
    if match := _WITH_CURRENCY.fullmatch(typed):
        typed = (match[1] or match[2] or "").strip()
    if not typed:
        raise AmountRefused("Scrivi quanto vuoi donare, per esempio 25.")
    if typed.startswith("-"):
        raise AmountRefused(
            "L'importo deve essere maggiore di zero. Scrivilo così: 25 oppure 25,50."
        )
    cents = _read_cents(typed)
    if cents < minimum_cents:
        raise AmountRefused(f"L'importo minimo è {format_cents(minimum_cents)}.")
    if cents > maximum_cents:
        raise AmountRefused(
            f"L'importo massimo online è {format_cents(maximum_cents)}. "
            "Per una donazione più grande scrivici: troviamo insieme il modo migliore."
        )
    return cents


def format_cents(cents: int) -> str:
    """Write cents as Italians write euros: 1.250,00 €, with a space that never breaks."""
    sign = "-" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    grouped = f"{euros:,}".replace(",", ".")
    return f"{sign}{grouped},{rest:02}\u00a0€"


def plain_euros(cents: int) -> str:
    """Write cents the way the amount field reads them back: 25 or 25,50."""
    euros, rest = divmod(cents, 100)
    return f"{euros},{rest:02}" if rest else str(euros)


def _read_cents(typed: str) -> int:
    if _SPACED.fullmatch(typed):
        typed = "".join(typed.split())
    if _WHOLE.fullmatch(typed):
        return _euros(typed) * 100
    for shape in (_DECIMALS, _ITALIAN, _ENGLISH):
        if match := shape.fullmatch(typed):
            return _euros(match[1]) * 100 + int(match[2].ljust(2, "0"))
    if _MILLIONS.fullmatch(typed):
        return _euros(typed) * 100
    if match := _THOUSANDS_OR_DECIMALS.fullmatch(typed):
        raise _question(typed, match[1], match[2])
    shown = " ".join(typed.split())[:20]
    raise AmountRefused(f"Non capiamo l'importo «{shown}». Scrivilo così: 25 oppure 25,50.")


def _euros(digits: str) -> int:
    # Twelve digits are far beyond any bound; more would only cost time to convert.
    return int(re.sub("[.,]", "", digits)[:12])


def _question(typed: str, left: str, right: str) -> AmountRefused:
    """Build the question for an amount that may be thousands or decimals."""
    thousands = int(left + right) * 100
    decimals = int(left) * 100 + int(right[:2])
    readings = (thousands, decimals) if right.endswith("0") else (thousands,)
    meanings = " o ".join(
        f"{format_cents(reading)} (scrivi {plain_euros(reading)})" for reading in readings
    )
    return AmountRefused(f"«{typed}» si può leggere in due modi: intendi {meanings}?", readings)
