"""security.txt: whom to tell of a weakness (RFC 9116)."""

from __future__ import annotations

import datetime

from portal.writers.absolute_links import absolute_url

SECURITY_TXT_URL = ".well-known/security.txt"


def is_contact(text: str) -> bool:
    """Whether security.txt may name *text*: a `mailto:`, `https:` or `tel:` URI."""
    return text.startswith(("mailto:", "https://", "tel:")) and not any(map(str.isspace, text))


def write_security_txt(
    contact: str | None, today: datetime.date, site_url: str
) -> dict[str, bytes]:
    """Write security.txt, by its path on the site; nothing without a *contact*, which is a URI.

    The file says that it holds until the first day of this month next year: at
    most a year, as the standard recommends, and the same bytes all month.
    Raises ValueError where the contact is none that it may name.
    """
    if contact is None:
        return {}
    if not is_contact(contact):
        raise ValueError(f"not a contact security.txt may name: {contact!r}")
    expires = datetime.date(today.year + 1, today.month, 1)
    lines = (
        f"Contact: {contact}",
        f"Expires: {expires}T00:00:00Z",
        "Preferred-Languages: it, en",
        f"Canonical: {absolute_url(site_url, SECURITY_TXT_URL)}",
    )
    return {SECURITY_TXT_URL: "".join(f"{line}\n" for line in lines).encode()}
