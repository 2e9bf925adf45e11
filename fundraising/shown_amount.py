"""The amount of a form that comes back: every part of it where the donor left it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fundraising.campaigns import Campaign
from fundraising.form import FormErrors, read_amount
from fundraising.money import AmountRefused, parse_amount, plain_euros


@dataclass(frozen=True)
class ShownAmount:
    """An amount as the form shows it again: a suggestion that is chosen, or what stands in the field.

    *cents* is what it comes to, None while that is not clear.
    """

    cents: int | None
    chosen_cents: int | None
    text: str


def show_amount(
    typed: Mapping[str, Sequence[str]], campaign: Campaign | None, errors: FormErrors
) -> ShownAmount:
    """Keep what was said about the amount, each part in its place; nothing is chosen for anybody.

    Where it is asked which amount counts, those that can be read are in the question: left in
    their places too, they would contradict its answer.
    """
    suggested = campaign.suggested_cents if campaign else ()
    try:
        cents = read_amount(typed, campaign)
    except AmountRefused:
        pass
    else:
        if cents in suggested:
            return ShownAmount(cents, cents, "")
        return ShownAmount(cents, None, plain_euros(cents))
    said = [(text, _plain_amount(text)) for text in typed.get("amount", ())]
    if errors.readings:
        said = [(text, cents) for text, cents in said if cents is None]
    chosen = [cents for _, cents in said if cents in suggested]
    texts = [text.strip() for text, cents in said if text.strip() and cents not in suggested]
    return ShownAmount(None, chosen[-1] if chosen else None, texts[-1] if texts else "")


def _plain_amount(text: str) -> int | None:
    try:
        return parse_amount(text)
    except AmountRefused:
        return None
