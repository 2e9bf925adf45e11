"""Dates, money and numbers as Italians read them."""

from __future__ import annotations

import datetime

from portal.model.dates import SourceDate, in_words


def italian_date(day: datetime.date | SourceDate) -> str:
    """«4 luglio 2015»; a source's date as exact as it is: «ottobre 2019», «senza data»."""
    if isinstance(day, SourceDate):
        return day.in_italian
    return in_words(day, "d MMMM y", "it")


def date_in(day: datetime.date, language: str) -> str:
    """The date in the words of *language* (BCP 47): «22 November 2026»."""
    return in_words(day, "long", language)


def weekday_date(day: datetime.date) -> str:
    """«sabato 4 luglio 2015»."""
    return in_words(day, "EEEE d MMMM y", "it")


def days(first: datetime.date, last: datetime.date | None = None) -> str:
    """One day with its weekday, more from the first to the last: «14–15 marzo 2025», «30 aprile – 2 maggio 2025»."""
    if last is None or last == first:
        return weekday_date(first)
    if (first.year, first.month) == (last.year, last.month):
        first_words = in_words(first, "d MMMM", "it").split()[0]
        return f"{first_words}–{italian_date(last)}"
    form = "d MMMM" if first.year == last.year else "d MMMM y"
    return f"{in_words(first, form, 'it')} – {italian_date(last)}"


def hour(time: str) -> str:
    """«9:30», as one says it: *time* is an editor's «09:30»."""
    return time.removeprefix("0")


def number(value: int) -> str:
    """«1.600»: always with the point, also below ten thousand, so that columns read alike."""
    return f"{value:,}".replace(",", ".")


def euros(cents: int) -> str:
    """«25 €», «25,50 €», «1.250 €». *cents* is an integer amount in cents."""
    whole, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    return f"{sign}{number(whole)}{f',{rest:02d}' if rest else ''}\u00a0€"
