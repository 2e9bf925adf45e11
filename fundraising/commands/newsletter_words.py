"""What the command newsletter says, in Italian."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fundraising.commands.italian import counted

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising
    from fundraising.delivery import Delivered
    from fundraising.newsletter_issue import Issue
    from fundraising.sendings import Tally

Row = dict[str, Any]

_FIRST_LINES = 12


def say_how_it_ended(done: Delivered, sending: Row) -> int:
    """Print why a run ended and what to do next; return the exit code."""
    from fundraising.clock import italian_time
    from fundraising.delivery import End

    match done.end:
        case End.FINISHED:
            print("Finito: nessuno aspetta più questo numero.")
            return 0
        case End.STOPPED:
            print("Fermo qui, come hai chiesto.")
        case End.LATER:
            print(f"Per ora il server non accetta chi resta («{done.last_refusal}»).")
            if done.next_at:
                print(f"Il prossimo tentativo è dopo le {italian_time(done.next_at):%H:%M}.")
        case End.UNREACHABLE:
            print(f"Non riusciamo a parlare con il server di posta («{done.last_refusal}»).")
        case End.ALL_REFUSED:
            print(f"Il server rifiuta tutto («{done.last_refusal}»): ci siamo fermati.")
            print("Nessuno è stato tolto. Controlla MAIL_FROM e il servizio di posta.")
    print(how_to_resume(sending))
    return 1


def people_in_words(tally: Tally | None, waiting: int) -> str:
    """Say how many it is for."""
    if tally is None:
        return f"{counted(waiting, 'iscritta', 'iscritte')} adesso"
    return f"{tally.total} quando è partito, {waiting} da raggiungere"


def tally_in_words(tally: Tally) -> str:
    """Say how far a sending has come."""
    parts = [counted(tally.sent, "spedita", "spedite")]
    if tally.refused:
        parts.append(counted(tally.refused, "rifiutata", "rifiutate"))
    if tally.skipped:
        parts.append(f"{tally.skipped} a chi intanto ha lasciato: non partite")
    if tally.waiting:
        parts.append(f"{tally.waiting} da spedire")
    return ", ".join(parts) + "."


def how_to_resume(sending: Row) -> str:
    """Name the command that goes on."""
    from fundraising.topics import NEWSLETTER

    topic = "" if sending["topic"] == NEWSLETTER.id else f" --topic {sending['topic']}"
    return f"Per riprendere: fundraising newsletter resume {sending['number']}{topic}"


def way_of(parts: Fundraising) -> str:
    """Say which way letters leave."""
    folder = parts.settings.letters_folder
    if folder:
        return f"nessun server, le lettere restano in {folder}"
    from urllib.parse import urlsplit

    return urlsplit(parts.settings.smtp_url or "").hostname or ""


def show_first_lines(issue: Issue) -> None:
    """Print the beginning of the letter."""
    lines = [line for line in issue.text.splitlines() if line.strip()]
    print("  le prime righe:")
    for line in lines[:_FIRST_LINES]:
        print(f"    {line}")


def minutes(people: int, rate: float) -> str:
    """Say how long so many letters take."""
    return counted(max(1, math.ceil(people / rate)), "minuto", "minuti")


def moment(text: str) -> str:
    """Write a moment by an Italian clock."""
    from fundraising.clock import italian_time
    from fundraising.store import from_text

    moment: datetime = italian_time(from_text(text))
    return f"{moment:%d/%m/%Y, %H:%M}"
