"""The Italian fiscal code: shape, omocodia letters and control character, no more.

Comparing it with name, birthplace or date refuses valid codes (foreign births,
towns that merged, names written otherwise), so it is never done. The library with
the tables is imported only when somebody has typed a code.
"""

from __future__ import annotations


class FiscalCodeRefused(ValueError):
    """A code that cannot exist; the message is for the donor, in Italian."""


def read_fiscal_code(text: str) -> str | None:
    """Return the code in capitals without spaces, or None when nothing was typed.

    Bodies have eleven digits, the last one a control digit. Raises
    FiscalCodeRefused.
    """
    code = "".join(text.split()).upper()
    if not code:
        return None
    if len(code) == 11 and code.isascii() and code.isdigit():
        return _read_code_of_body(code)
    if len(code) != 16 or not (code.isascii() and code.isalnum()):
        raise FiscalCodeRefused(
            "Il codice fiscale ha 16 caratteri (11 cifre per gli enti). "
            "Se non lo hai sotto mano, lascialo vuoto: puoi donare lo stesso."
        )
    from codicefiscale.codicefiscale import decode_raw, encode_cin

    try:
        decode_raw(code)
    except ValueError:
        raise FiscalCodeRefused(
            "Questo codice fiscale non ha la forma giusta: controlla lettere e cifre, "
            "oppure lascialo vuoto."
        ) from None
    if encode_cin(code[:15]) != code[15]:
        raise FiscalCodeRefused(
            "In questo codice fiscale c'è un errore di battitura: la lettera finale non torna. "
            "Correggilo, oppure lascialo vuoto."
        )
    return code


def read_vat_number(text: str) -> str | None:
    """Return an Italian VAT number as eleven digits, or None when nothing was typed.

    The last digit checks the others. Raises FiscalCodeRefused.
    """
    number = "".join(text.split()).upper().removeprefix("IT")
    if not number:
        return None
    if len(number) != 11 or not (number.isascii() and number.isdigit()):
        raise FiscalCodeRefused("La partita IVA ha 11 cifre. Scrivila così: 12345678903.")
    if number == "0" * 11 or _control_sum(number) % 10:
        raise FiscalCodeRefused(
            "In questa partita IVA c'è un errore di battitura: controlla le cifre."
        )
    return number


def _read_code_of_body(code: str) -> str:
    """Check the control digit of an eleven-digit code."""
    if _control_sum(code) % 10:
        raise FiscalCodeRefused(
            "In questo codice fiscale c'è un errore di battitura: controlla le cifre, "
            "oppure lascialo vuoto."
        )
    return code


def _control_sum(digits: str) -> int:
    """Add up eleven digits as Luhn does; see D.M. 23 December 1976."""
    total = 0
    for position, digit in enumerate(map(int, digits)):
        doubled = digit * 2 if position % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total
