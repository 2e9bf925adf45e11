"""The command `portal`: parses, calls, prints."""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from portal.environment import ROOT
from portal.today import build_day

CONTENT = ROOT / "content"
STATE = ROOT / ".portal"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 when all is well, 1 when something must be mended."""
    given = _parser().parse_args(arguments)
    return given.run(given)


def check(given: argparse.Namespace) -> int:
    """Say what must be mended in `content/`, and what could be said better."""
    from portal.checking import NotInContent, check_content
    from portal.editorial.reports import as_github, as_json, as_text
    from portal.link_check import ask_over_http, dead_links

    def dead(addresses: Collection[str]) -> Mapping[str, str]:
        print(
            f"Chiedo a {len(addresses)} indirizzi se ci sono: può volerci qualche minuto.",
            file=sys.stderr,
        )
        return dead_links(addresses, STATE / "links.json", build_day(), ask_over_http)

    try:
        found = check_content(CONTENT, build_day(), given.files, dead if given.links else None)
    except NotInContent as fault:
        print(
            f"{fault.file} non è in content/. Scrivi il file come lo vedi lì, per esempio: "
            "content/storie/2026-05-12-festa.md",
            file=sys.stderr,
        )
        return 1
    if given.format == "github":
        report = as_github(found, _shown(CONTENT))
    elif given.format == "json":
        report = as_json(found, explain=given.explain)
    else:
        report = as_text(found, explain=given.explain)
    print(report)
    return 1 if found.problems else 0


def build(given: argparse.Namespace) -> int:
    """Build the static site."""
    from mkdocs.exceptions import Abort

    from portal.build import build_site
    from portal.readers.problem import ContentFaults

    try:
        rendering = build_site(
            given.out, site_url=given.site_url, totals_file=given.totals, preview=given.preview
        )
    except ContentFaults as faults:
        _print_problems(faults.pages_read, faults.problems)
        print("Non ho pubblicato nulla: il sito di prima è ancora al suo posto.", file=sys.stderr)
        return 1
    except Abort as warning:
        print(
            f"{warning}\nNon ho pubblicato nulla: il sito di prima è ancora al suo posto.",
            file=sys.stderr,
        )
        return 1
    for notice in rendering.notices:
        print(f"{notice}\nHo usato gli ultimi totali buoni, con la loro data.", file=sys.stderr)
    print(f"{len(rendering.bodies)} pagine scritte in {_shown(given.out)}/.")
    print("Per vederle: ./scripts/serve. Per pubblicarle: copia la cartella sul server.")
    return 0


def serve(given: argparse.Namespace) -> int:
    """Serve the site and the giving on this machine."""
    from portal.server import serve as serve_portal

    serve_portal(given.port, given.state, say=lambda text: print(text, flush=True))
    return 0


def new(given: argparse.Namespace) -> int:
    """Write a new page for an editor to fill in."""
    from portal.drafting import draft_page

    try:
        file = draft_page(CONTENT, given.kind, given.title, build_day())
    except FileExistsError as error:
        print(
            f"C'è già una pagina con questo nome: {_shown(Path(error.filename))}. Scegli un altro titolo.",
            file=sys.stderr,
        )
        return 1
    print(f"Ho creato {_shown(file)}")
    print("Aprila e riempila: le righe che cominciano con # spiegano ogni campo.")
    print("Poi controlla con: .venv/bin/portal check")
    return 0


def calendar(given: argparse.Namespace) -> int:
    """List what the days ahead ask of whoever writes the site, drafts included."""
    from portal.model.editorial_calendar import editorial_calendar
    from portal.model.page import Status
    from portal.readers.content import ContentReader
    from portal.writers.formats import weekday_date

    today = build_day()
    reader = ContentReader(CONTENT, today, preview=True)
    site = reader.read()
    if site is None:
        _print_problems(reader.pages_read, sorted(reader.problems))
        return 1
    entries = editorial_calendar(site.every_page(), today)
    soon = today + datetime.timedelta(days=given.days)
    parts = {
        "In ritardo": [entry for entry in entries if entry.is_late(today)],
        f"Nei prossimi {given.days} giorni": [
            entry for entry in entries if entry.day and today <= entry.day <= soon
        ],
        "Più avanti": [entry for entry in entries if entry.day and entry.day > soon],
        "Bozze senza un giorno": [entry for entry in entries if entry.day is None],
    }
    for title, listed in parts.items():
        if listed:
            print(f"{title}:")
        for entry in listed:
            day = weekday_date(entry.day) if entry.day else "—"
            still = (
                " (è ancora una bozza)" if entry.day and entry.page.status is Status.DRAFT else ""
            )
            print(f"  {day}: {entry.due} «{entry.page.title}»{still}  /{entry.page.url}")
    if not entries:
        print("Niente in calendario.")
    return 0


def addresses(given: argparse.Namespace) -> int:
    """List the addresses that are new since the site was last published; with *write*, keep them for ever."""
    from portal.readers.addresses import ADDRESSES_FILE, read_addresses
    from portal.readers.content import ContentReader
    from portal.writers.addresses import write_addresses

    reader = ContentReader(CONTENT, build_day())
    site = reader.read()
    if site is None:
        _print_problems(reader.pages_read, sorted(reader.problems))
        return 1
    kept = {address for _, address in read_addresses(CONTENT)}
    fresh = [address for address in site.addresses if address not in kept]
    for address in fresh:
        print(f"/{address}")
    if not fresh:
        print("Nessun indirizzo nuovo.")
    elif given.write:
        (CONTENT / ADDRESSES_FILE).write_text(write_addresses(kept | set(fresh)), encoding="utf-8")
        print(f"{len(fresh)} indirizzi aggiunti a {_shown(CONTENT / ADDRESSES_FILE)}.")
    else:
        print(f"{len(fresh)} indirizzi nuovi. Quando pubblichi: .venv/bin/portal addresses --write")
    return 0


def translated(given: argparse.Namespace) -> int:
    """Say that translations are level with their Italian pages."""
    from portal.translating import mark_translated, translated_files

    files = given.files or translated_files(CONTENT)
    try:
        marked = list(mark_translated(CONTENT, files, build_day()))
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 1
    for file in marked:
        print(f"{_shown(file)}: ora è in pari con la pagina italiana")
    print(f"{len(marked)} traduzioni aggiornate, {len(files) - len(marked)} erano già in pari.")
    return 0


def newsletter(given: argparse.Namespace) -> int:
    """Write one issue as HTML, plain text and a message ready to send."""
    from portal.build import build_site
    from portal.readers.problem import ContentFaults

    if not given.to and not given.test:
        print("Dove la metto? Scrivi --to CARTELLA, o --test INDIRIZZO.", file=sys.stderr)
        return 1
    from portal.writers.newsletter import LetterRefused, write_letter

    with tempfile.TemporaryDirectory() as folder:
        try:
            rendering = build_site(Path(folder) / "site", site_url=given.site_url)
        except ContentFaults as faults:
            _print_problems(faults.pages_read, faults.problems)
            return 1
    issue = next((issue for issue in rendering.site.issues if issue.number == given.number), None)
    if issue is None:
        known = ", ".join(str(issue.number) for issue in rendering.site.issues) or "nessuno"
        print(
            f"Il numero {given.number} non c'è in content/newsletter/. Ci sono: {known}.",
            file=sys.stderr,
        )
        return 1
    try:
        letter = write_letter(
            issue, rendering.site, rendering.bodies[issue.url], rendering.site_url, given.mail_from
        )
    except LetterRefused as fault:
        print(fault, file=sys.stderr)
        return 1
    if given.to:
        given.to.mkdir(parents=True, exist_ok=True)
        for ending, content in (
            ("html", letter.html.encode()),
            ("txt", letter.text.encode()),
            ("eml", letter.eml),
            ("json", letter.json.encode()),
        ):
            file = given.to / f"newsletter-{issue.number}.{ending}"
            file.write_bytes(content)
            print(f"{_shown(file)}  {len(content) / 1000:.1f} kB")
        print("Guarda il file .html nel browser, poi apri il file .eml con il programma di posta.")
    return _send_test(letter.eml, given.test) if given.test else 0


def _send_test(eml: bytes, to: str) -> int:
    from portal.letter_post import NotSent, send_test

    smtp_url = os.environ.get("SMTP_URL", "")
    try:
        send_test(eml, to, smtp_url)
    except NotSent as fault:
        print(f"La prova non è partita: {fault}.", file=sys.stderr)
        return 1
    print(f"La prova è partita per {to}: guardala sul telefono, con le immagini spente e di notte.")
    return 0


def import_(given: argparse.Namespace) -> int:
    """Turn an export of the old site into drafts of stories, and say what needs a person."""
    from portal.importing.blogger import read_blogger
    from portal.importing.export_file import UnreadableExport
    from portal.importing.importer import Importer
    from portal.importing.labels import LABELS_FILE, LabelFaults, read_labels
    from portal.importing.pictures import Pictures
    from portal.importing.wordpress import read_wordpress
    from portal.readers.content import ContentReader

    reader = ContentReader(CONTENT, build_day(), preview=True)
    site = reader.read()
    if site is None:
        _print_problems(reader.pages_read, sorted(reader.problems))
        return 1
    names = {
        "azioni": {action.slug: action.title for action in site.actions},
        "luoghi": {place.slug: place.title for place in site.places},
        "rete": {member.slug: member.title for member in site.network.members},
        "comuni": {town.id: town.name for town in site.network.towns},
    }
    table = CONTENT / LABELS_FILE
    if given.pictures is not None and not given.pictures.is_dir():
        print(f"{given.pictures} non è una cartella. Controlla il nome.", file=sys.stderr)
        return 1
    try:
        labels = read_labels(given.labels or (table if table.exists() else None), names)
        read = {"blogger": read_blogger, "wordpress": read_wordpress}[given.system]
        report = Importer(
            lambda: read(given.file, given.site),
            CONTENT,
            given.to,
            labels,
            Pictures(given.pictures),
            given.source,
        ).run()
    except (UnreadableExport, LabelFaults) as fault:
        print(f"{fault}\nNon ho scritto nulla.", file=sys.stderr)
        return 1
    except OSError as fault:
        print(
            f"{fault.filename or given.to}: non ci posso scrivere o leggere. Controlla la cartella "
            "e lo spazio sul disco.\nNon ho scritto nulla.",
            file=sys.stderr,
        )
        return 1
    text = report.in_italian()
    try:
        if given.report:
            given.report.write_text(text, encoding="utf-8")
    except OSError:
        print(f"{given.report}: non ci posso scrivere. Il resoconto è qui sotto.", file=sys.stderr)
    print(text, end="")
    print(f"\nLe bozze sono in {_shown(given.to)}/. Rileggile una per una, poi: portal check")
    return 0


def stats(given: argparse.Namespace) -> int:
    """Count the readings of each page from the web server's logs, without persons."""
    from portal.model.readings import months_of_readings, pages_to_read
    from portal.readers.access_log import UnreadableLog, read_access_logs
    from portal.readers.content import ContentReader
    from portal.writers.formats import number
    from portal.writers.readings import METHOD, readings_summary, write_readings

    reader = ContentReader(CONTENT, build_day())
    site = reader.read()
    if site is None:
        _print_problems(reader.pages_read, sorted(reader.problems))
        return 1
    pages = pages_to_read(site)
    try:
        counts = read_access_logs(given.logs, (page.url for page in pages), given.prefix)
    except UnreadableLog as fault:
        print(f"{fault}\nNon ho scritto nulla.", file=sys.stderr)
        return 1
    months = months_of_readings(counts.readings, counts.days, pages)
    said = [f"{number(counts.lines)} righe lette, {number(counts.bad_lines)} non si capiscono."]
    said.append(
        f"Lasciate fuori: {number(counts.robots)} letture di programmi automatici, "
        f"{number(counts.unknown_addresses)} di indirizzi che il sito non ha."
    )
    if counts.nameless:
        said.append(
            f"{number(counts.nameless)} letture vengono da registri che non dicono il programma: "
            "lì i motori di ricerca sono contati."
        )
    summary = "\n".join([readings_summary(months) or "Nessun giorno nei registri.", "", *said])
    files = write_readings(months) | {"letture.txt": f"{summary}\n\n{METHOD}\n".encode()}
    try:
        given.to.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            waiting = given.to / f".{name}"
            waiting.write_bytes(content)
            waiting.replace(given.to / name)
    except OSError:
        print(
            f"{given.to}: non ci posso scrivere. Controlla la cartella e lo spazio sul disco.",
            file=sys.stderr,
        )
        return 1
    print(summary)
    print(f"\nHo scritto {', '.join(files)} in {_shown(given.to)}/.")
    return 0


def posters(given: argparse.Namespace) -> int:
    """Draw the posters of places and campaigns, to print."""
    from portal.readers.content import ContentReader
    from portal.writers.posters import write_posters

    reader = ContentReader(CONTENT, build_day())
    site = reader.read()
    if site is None:
        _print_problems(reader.pages_read, sorted(reader.problems))
        return 1
    given.to.mkdir(parents=True, exist_ok=True)
    drawn = 0
    for name, pdf in write_posters(site, given.site_url or _site_url(), build_day()):
        (given.to / name).write_bytes(pdf)
        drawn += 1
    print(f"{drawn} manifesti in {_shown(given.to)}/, in A4 e in A3.")
    print(
        "Prima di stampare leggi che cosa è «da confermare»: un manifesto sbagliato resta appeso."
    )
    return 0


def social(given: argparse.Namespace) -> int:
    """Write the words and the pictures of stories for social networks. Nothing is posted."""
    from portal.readers.content import ContentReader
    from portal.writers.social_posts import write_social_posts

    reader = ContentReader(CONTENT, build_day())
    site = reader.read()
    if site is None:
        _print_problems(reader.pages_read, sorted(reader.problems))
        return 1
    known = {story.slug: story for story in site.stories}
    wanted = [Path(name).stem for name in given.stories] or list(known)
    if unknown := [slug for slug in wanted if slug not in known]:
        print(
            f"Fra le storie pubblicate non c'è «{unknown[0]}». Scrivi il nome del file, come in content/storie/.",
            file=sys.stderr,
        )
        return 1
    hidden = [slug for slug in wanted if known[slug].sensitive]
    given.to.mkdir(parents=True, exist_ok=True)
    shown = [known[slug] for slug in wanted if slug not in hidden]
    for name, content in write_social_posts(shown, site, given.site_url or _site_url()):
        (given.to / name).write_bytes(content)
    counted = "1 storia" if len(shown) == 1 else f"{len(shown)} storie"
    print(f"{counted} in {_shown(given.to)}/: per ognuna un'immagine .png e i testi .txt.")
    for slug in hidden:
        print(f"{slug}: è una pagina delicata, sui social non va.")
    print("Niente è stato pubblicato: lo fai tu, dopo aver riletto.")
    return 0


def _site_url() -> str:
    from mkdocs.config import load_config

    return str(load_config(str(ROOT / "mkdocs.yml")).site_url)


def _parser() -> argparse.ArgumentParser:
    from portal.drafting import TYPES

    parser = argparse.ArgumentParser(prog="portal", description="Il sito di #Oltreiperimetri.")
    commands = parser.add_subparsers(title="comandi", required=True, metavar="COMANDO")

    command = commands.add_parser(
        "check", help="legge tutti i contenuti e dice che cosa correggere"
    )
    command.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="solo queste pagine o cartelle"
    )
    command.add_argument("--explain", action="store_true", help="dice perché esiste ogni regola")
    command.add_argument(
        "--links",
        action="store_true",
        help="chiede anche ai siti degli altri se le pagine citate ci sono ancora; non ferma mai il sito",
    )
    command.add_argument(
        "--format",
        choices=("text", "github", "json"),
        default="text",
        help="per persone (text), accanto alle righe su GitHub (github), per programmi (json)",
    )
    command.set_defaults(run=check)

    command = commands.add_parser("build", help="costruisce il sito statico")
    command.add_argument(
        "--out", type=Path, default=ROOT / "site", help="la cartella in cui scriverlo (site/)"
    )
    command.add_argument(
        "--totals", type=Path, default=None, help="il file totals.json delle donazioni"
    )
    command.add_argument(
        "--site-url",
        default=None,
        help="l'indirizzo pubblico del sito, se non è quello di mkdocs.yml",
    )
    command.add_argument(
        "--preview",
        action="store_true",
        help="mostra anche le bozze; ogni pagina dice che è un'anteprima e chiede di non essere trovata",
    )
    command.set_defaults(run=build)

    command = commands.add_parser(
        "serve", help="mostra il sito su questa macchina, con le donazioni in prova"
    )
    command.add_argument(
        "--port", type=int, default=int(os.environ.get("PORT", "8000")), help="la porta (8000)"
    )
    command.add_argument(
        "--state", type=Path, default=STATE, help="dove tenere i dati della prova (.portal/)"
    )
    command.set_defaults(run=serve)

    command = commands.add_parser("new", help="crea una pagina nuova da riempire")
    command.add_argument("kind", choices=sorted(TYPES), help="che pagina è")
    command.add_argument("title", help="il titolo, fra virgolette")
    command.set_defaults(run=new)

    command = commands.add_parser(
        "calendar", help="elenca uscite, riletture, scadenze e bozze, dal giorno più vicino"
    )
    command.add_argument("--days", type=int, default=30, help="quanti giorni sono «prossimi» (30)")
    command.set_defaults(run=calendar)

    command = commands.add_parser(
        "addresses", help="elenca gli indirizzi nuovi rispetto a quelli già pubblicati"
    )
    command.add_argument(
        "--write", action="store_true", help="li aggiunge all'elenco, da fare quando si pubblica"
    )
    command.set_defaults(run=addresses)

    command = commands.add_parser(
        "translated",
        help="segna che le traduzioni sono in pari con le pagine italiane, dopo averle rilette",
    )
    command.add_argument("files", nargs="*", type=Path, help="le pagine tradotte (senza: tutte)")
    command.set_defaults(run=translated)

    command = commands.add_parser(
        "import", help="trasforma l'esportazione di un vecchio blog in bozze di storie"
    )
    command.add_argument("system", choices=["blogger", "wordpress"], help="da dove viene")
    command.add_argument("file", type=Path, help="il file esportato")
    command.add_argument("--to", type=Path, required=True, help="la cartella delle storie")
    command.add_argument("--pictures", type=Path, help="la cartella con le foto del vecchio blog")
    command.add_argument(
        "--labels", type=Path, help="che cosa vogliono dire le etichette (content/etichette.yml)"
    )
    command.add_argument(
        "--site", default="", help="l'indirizzo del vecchio blog, se il file non lo dice"
    )
    command.add_argument(
        "--source", default="Blog di #Oltreiperimetri", help="il nome della fonte da scrivere"
    )
    command.add_argument("--report", type=Path, help="un file in cui scrivere anche il resoconto")
    command.set_defaults(run=import_)

    command = commands.add_parser(
        "stats", help="conta le letture delle pagine dai registri del server, senza persone"
    )
    command.add_argument(
        "logs", nargs="+", type=Path, metavar="LOG", help="i registri, anche compressi"
    )
    command.add_argument("--to", type=Path, required=True, help="la cartella in cui scrivere")
    command.add_argument(
        "--prefix", default="/", help="dove sta il sito sul server, se non è in cima (/)"
    )
    command.set_defaults(run=stats)

    command = commands.add_parser(
        "newsletter", help="scrive un numero della newsletter come lettera"
    )
    command.add_argument("number", type=int, help="il numero")
    where = command.add_argument_group("dove va", "almeno una delle due")
    where.add_argument("--to", type=Path, metavar="DIR", help="la cartella in cui scriverla")
    where.add_argument(
        "--test", metavar="INDIRIZZO", help="a chi mandarla per prova, con il server di SMTP_URL"
    )
    command.add_argument(
        "--mail-from", default="#Oltreiperimetri <newsletter@esempio.invalid>", help="il mittente"
    )
    command.add_argument("--site-url", default=None, help="l'indirizzo pubblico del sito")
    command.set_defaults(run=newsletter)

    command = commands.add_parser(
        "posters", help="disegna i manifesti di luoghi e campagne, con il loro codice QR"
    )
    command.add_argument("--to", type=Path, required=True, metavar="DIR", help="la cartella")
    command.add_argument("--site-url", default=None, help="l'indirizzo pubblico del sito")
    command.set_defaults(run=posters)

    command = commands.add_parser(
        "social",
        help="scrive testi e immagini quadrate delle storie per i social; non pubblica nulla",
    )
    command.add_argument("stories", nargs="*", metavar="STORIA", help="quali (senza: tutte)")
    command.add_argument("--to", type=Path, required=True, metavar="DIR", help="la cartella")
    command.add_argument("--site-url", default=None, help="l'indirizzo pubblico del sito")
    command.set_defaults(run=social)
    return parser


def _print_problems(pages_read: int, problems: Sequence[object]) -> None:
    print(f"{pages_read} pagine lette, {len(problems)} da correggere:", file=sys.stderr)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)


def _shown(path: Path) -> str:
    """The path as an editor knows it: from the project's folder where it is inside."""
    path = path.resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main())
