"""The reason code of a bank transfer: short enough to copy, checked when it comes back.

A donor who promises a transfer writes `OP-7K3M-X` as its reason. The middle is the
number of the promise, the last character checks it. The alphabet leaves out the
letters people and banks mistake for others, and has a prime size, so that one wrong
character or two swapped ones never give another valid code.

The promise itself is a row of `promise`, next to its intent and its announced
donation: see `draw_promise_number` and `add_promise` in sql/queries/bank.sql.
"""

from __future__ import annotations

import re

PREFIX = "OP"
LARGEST_NUMBER = 31**6 - 1

_ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
_SHORTEST = 4
_MISTAKEN = str.maketrans("OILSU", "0115V")
# A code stands alone: «OPERAZIONE» is a word. Without separators it must hold a digit.
_WRITTEN = re.compile(
    r"(?<![0-9A-Z])[O0]P(?:[ ./_–-]+([0-9A-Z]{4,6})[ ./_–-]*|(?=[A-Z]*[0-9])([0-9A-Z]{4,6}))"
    r"([0-9A-Z])(?![0-9A-Z])"
)


def reason_code(number: int) -> str:
    """Write the code of a promise; numbers start at 1."""
    if not 1 <= number <= LARGEST_NUMBER:
        raise ValueError(f"promise number is {number}")
    digits = ""
    while number:
        number, rest = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[rest] + digits
    digits = digits.rjust(_SHORTEST, "0")
    return f"{PREFIX}-{digits}-{_check(digits)}"


def parse_reason_code(text: str) -> int | None:
    """Find the promise a bank's text speaks of; None when it names none, or several."""
    numbers = set()
    for written in _WRITTEN.finditer(text.upper()):
        digits = (written[1] or written[2]).translate(_MISTAKEN)
        if _check(digits) == written[3].translate(_MISTAKEN) and (number := _number(digits)):
            numbers.add(number)
    return numbers.pop() if len(numbers) == 1 else None


def _number(digits: str) -> int:
    number = 0
    for digit in digits:
        number = number * len(_ALPHABET) + _ALPHABET.index(digit)
    return number


def _check(digits: str) -> str:
    """Weigh each digit by its place, counted from the right; the weights never repeat."""
    weighed = sum(
        place * _ALPHABET.index(digit) for place, digit in enumerate(reversed(digits), start=2)
    )
    return _ALPHABET[-weighed % len(_ALPHABET)]
