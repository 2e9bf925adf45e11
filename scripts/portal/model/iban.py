"""An IBAN: where a bank transfer goes, checked as far as its own digits allow."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator


def _checked(value: str) -> str:
    """Group an IBAN in fours, if its check digits hold (ISO 13616-1, MOD 97-10 of ISO 7064)."""
    iban = "".join(value.split()).upper()
    moved = iban[4:] + iban[:4]
    if (
        not 15 <= len(iban) <= 34
        or not (iban.isascii() and iban.isalnum() and iban[:2].isalpha() and iban[2:4].isdigit())
        or int("".join(str(int(letter, 36)) for letter in moved)) % 97 != 1
    ):
        raise ValueError("l'IBAN non torna: una cifra è sbagliata o manca. Ricopialo dal conto.")
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


Iban = Annotated[str, AfterValidator(_checked)]
