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

    *readings* holds what an ambiguous amount may mean and may be given, in cents, so that
    the page can offer each of them.
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
    if match := _THOUSANDS_OR_DECIMALS.fullmatch(typed):
        raise _question(typed, match[1], match[2], minimum_cents, maximum_cents)
    cents = _read_cents(typed)
    if problem := _problem_of(cents, minimum_cents, maximum_cents):
        raise AmountRefused(problem)
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
    raise AmountRefused(_not_understood(typed))


def _euros(digits: str) -> int:
    # Twelve digits are far beyond any bound; more would only cost time to convert.
    return int(re.sub("[.,]", "", digits)[:12])


def _problem_of(cents: int, minimum_cents: int, maximum_cents: int) -> str | None:
    if cents < minimum_cents:
        return f"L'importo minimo è {format_cents(minimum_cents)}."
    if cents > maximum_cents:
        return (
            f"L'importo massimo online è {format_cents(maximum_cents)}. "
            "Per una donazione più grande scrivici: troviamo insieme il modo migliore."
        )
    return None


def _not_understood(typed: str) -> str:
    shown = " ".join(typed.split())[:20]
    return f"Non capiamo l'importo «{shown}». Scrivilo così: 25 oppure 25,50."


def _question(
    typed: str, left: str, right: str, minimum_cents: int, maximum_cents: int
) -> AmountRefused:
    """Build the question for an amount that may be thousands or decimals.

    Only what may be given is asked about; for the rest it is said why it may not.
    """
    meant = [int(left + right) * 100]
    if right.endswith("0"):
        meant.append(int(left) * 100 + int(right[:2]))
    problems = {cents: _problem_of(cents, minimum_cents, maximum_cents) for cents in meant}
    readings = tuple(cents for cents, problem in problems.items() if problem is None)
    why = " ".join(problem for problem in problems.values() if problem)
    match readings:
        case (thousands, decimals):
            return AmountRefused(
                f"«{typed}» si può leggere in due modi: intendi {_meaning(thousands)} "
                f"o {_meaning(decimals)}?",
                readings,
            )
        case (only,):
            otherwise = why or "Se no scrivilo con due decimali, per esempio 25,50."
            return AmountRefused(
                f"Intendi {format_cents(only)}? Allora scrivi {plain_euros(only)}. {otherwise}",
                readings,
            )
    return AmountRefused(f"{_not_understood(typed)} {why}")


def _meaning(cents: int) -> str:
    return f"{format_cents(cents)} (scrivi {plain_euros(cents)})"
