"""The command newsletter: sends an issue to who reads it. Without --yes it only tells."""

from __future__ import annotations

import argparse
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fundraising.commands.interruption import when_interrupted
from fundraising.commands.italian import Commands, declare
from fundraising.commands.newsletter_words import (
    how_to_resume,
    minutes,
    moment,
    people_in_words,
    say_how_it_ended,
    show_first_lines,
    tally_in_words,
    way_of,
)
from fundraising.commands.opening import Progress, wired

if TYPE_CHECKING:
    from fundraising.bootstrap import Fundraising
    from fundraising.sendings import Tally

Row = dict[str, Any]
_NUMBER = re.compile(r"[0-9]{1,9}")


def add(commands: Commands) -> None:
    """Declare the command."""
    newsletter = declare(commands, "newsletter", "spedisce un numero a chi lo riceve")
    acts = newsletter.add_subparsers(title="che cosa fare", metavar="AZIONE", required=True)

    send = declare(acts, "send", "spedisce un numero; senza --yes dice soltanto che cosa farebbe")
    send.add_argument(
        "file", type=Path, metavar="NUMERO.json", help="scritto da «portal newsletter»"
    )
    send.add_argument("--yes", action="store_true", help="spedisce davvero")
    _add_pace(send)
    send.set_defaults(run=_send)

    resume = declare(acts, "resume", "riprende un invio interrotto, col testo con cui è partito")
    resume.add_argument("number", type=_number, metavar="NUMERO", help="quale")
    _add_pace(resume)
    resume.set_defaults(run=_resume)

    status = declare(acts, "status", "dice a che punto sono gli invii")
    status.set_defaults(run=_status)


def _add_pace(command: Any) -> None:
    from fundraising.topics import NEWSLETTER, TOPICS

    command.add_argument(
        "--topic", choices=list(TOPICS), default=NEWSLETTER.id, help="a chi (%(default)s)"
    )
    command.add_argument(
        "--rate", type=_rate, default=60.0, metavar="N/minuto", help="quante al minuto (60)"
    )
    command.add_argument(
        "--batch",
        type=_positive,
        default=50,
        metavar="N",
        help="quante per ogni connessione al server di posta (%(default)s)",
    )


def _send(options: argparse.Namespace) -> int:
    from fundraising.newsletter_issue import BadIssue, parse_issue
    from fundraising.sendings import AnotherText, NobodyReads, count, find_sending, start_sending
    from fundraising.topics import TOPICS

    try:
        issue = parse_issue(options.file.read_bytes())
    except OSError as error:
        print(f"{options.file}: non si legge ({error.strerror})")
        return 1
    except BadIssue as error:
        print(f"{options.file}: {error}")
        return 1
    with wired() as parts:
        livemode = int(parts.gateway.livemode)
        try:
            with parts.store.transaction() as books:
                found = find_sending(books, issue, options.topic, livemode=livemode)
                tally = count(books, found["id"]) if found else None
                people = books.count_readers_of_topic(livemode=livemode, topic=options.topic)
            waiting = tally.waiting if tally else people["people"]
            print(f"Numero {issue.number}: «{issue.subject}»")
            print(f"  a chi riceve: {TOPICS[options.topic].title}")
            print(f"  persone: {people_in_words(tally, waiting)}")
            print(f"  mittente: {parts.settings.mail_from}")
            print(f"  risposte a: {parts.settings.reply_to}")
            print(f"  per posta: {way_of(parts)}")
            print(f"  durata: circa {minutes(waiting, options.rate)}")
            if not options.yes:
                show_first_lines(issue)
                print("Non è partito niente. Per spedire ripeti il comando con --yes.")
                return 0
            sending = start_sending(
                parts.store,
                issue,
                options.topic,
                livemode=livemode,
                now=parts.clock(),
                new_id=parts.new_id,
            )
        except AnotherText as other:
            print(f"Il numero {issue.number} è già partito con un altro testo.")
            print(how_to_resume(other.sending))
            return 1
        except NobodyReads:
            print("Nessuno riceve ancora questa lettera: non è partito niente.")
            return 1
        return _deliver(parts, sending, options)


def _resume(options: argparse.Namespace) -> int:
    with wired() as parts:
        with parts.store.transaction() as books:
            sending = books.find_sending(
                livemode=int(parts.gateway.livemode), topic=options.topic, number=options.number
            )
        if sending is None:
            print(f"Il numero {options.number} non è mai partito per chi riceve «{options.topic}».")
            return 1
        return _deliver(parts, sending, options)


def _deliver(parts: Fundraising, sending: Row, options: argparse.Namespace) -> int:
    from fundraising.delivery import Delivery

    stop = threading.Event()
    when_interrupted(stop.set)
    progress = Progress()

    def tell(tally: Tally) -> None:
        done = tally.total - tally.waiting
        left = minutes(tally.waiting, options.rate)
        progress.tell(f"{done} di {tally.total}, ancora circa {left}", done)

    delivery = Delivery(
        parts.store,
        parts.mailer,
        sending,
        site_url=parts.settings.site_url,
        reply_to=parts.settings.reply_to,
        clock=parts.clock,
        pause=stop.wait,
        new_id=parts.new_id,
    )
    done = delivery.run(per_minute=options.rate, batch=options.batch, tell=tell)
    progress.end()
    with parts.store.transaction() as books:
        refused = books.refused_deliveries(sending=sending["id"])
    print(tally_in_words(done.tally))
    for row in refused:
        print(f"  {row['email'] or 'indirizzo cancellato'}: {row['error']}")
    return say_how_it_ended(done, sending)


def _status(options: argparse.Namespace) -> int:
    from fundraising.sendings import count, issue_of
    from fundraising.topics import TOPICS

    with wired() as parts, parts.store.transaction() as books:
        rows = [
            (row, count(books, row["id"]))
            for row in books.all_sendings(livemode=int(parts.gateway.livemode))
        ]
    if not rows:
        print("Nessun numero è ancora partito.")
    for row, tally in rows:
        print(f"Numero {row['number']}: «{issue_of(row).subject}»")
        print(f"  a chi riceve: {TOPICS[row['topic']].title}")
        end = f"finito {moment(row['finished_at'])}" if row["finished_at"] else "non finito"
        print(f"  cominciato {moment(row['started_at'])}, {end}")
        print(f"  {tally_in_words(tally)}")
        if not row["finished_at"]:
            print(f"  {how_to_resume(row)}")
    return 0


def _rate(text: str) -> float:
    number, slash, unit = text.partition("/")
    if slash and unit not in ("minuto", "minute", "min"):
        number = ""
    try:
        rate = float(number)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 6000:
        raise argparse.ArgumentTypeError(f"«{text}» non si capisce. Scrivila così: 60/minuto")
    return rate


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise argparse.ArgumentTypeError(f"«{text}» non è un numero uscito. Scrivilo così: 12")
    return int(text)


def _positive(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"«{text}» non va: serve un numero da 1 in su")
    return number
