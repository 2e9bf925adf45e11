"""The list of published addresses, as it is kept beside the content."""

from __future__ import annotations

from collections.abc import Iterable

_ABOUT = """\
# Gli indirizzi già pubblicati: chi ha un link deve sempre trovare qualcosa.
# Li aggiunge il comando: .venv/bin/portal addresses --write
# Se uno non c'è più, il sito non si pubblica finché una pagina non lo scrive in old_urls.
"""


def write_addresses(addresses: Iterable[str]) -> str:
    """The list of *addresses*, each once, from the site's root, in order."""
    return _ABOUT + "".join(f"/{address}\n" for address in sorted(set(addresses)))
