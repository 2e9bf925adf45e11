"""The commands that tell people: letter, posts, posters. Nothing leaves by itself."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from portal.commands import console
from portal.commands.console import Commands
from portal.commands.italian import folder
from portal.today import build_day


def add_to(commands: Commands) -> None:
    """Add these commands to those of `portal`."""
    command = commands.add_parser(
        "newsletter", help="scrive un numero della newsletter come lettera"
    )
    command.add_argument("number", type=int, help="il numero")
    where = command.add_argument_group("dove va", "almeno una delle due")
    where.add_argument("--to", type=folder, metavar="DIR", help="la cartella in cui scriverla")
    where.add_argument(
        "--test", metavar="INDIRIZZO", help="a chi mandarla per prova, con il server di SMTP_URL"
    )
    command.add_argument(
        "--mail-from", default="#Oltreiperimetri <newsletter@esempio.invalid>", help="il mittente"
    )
    command.add_argument("--site-url", default=None, help="l'indirizzo pubblico del sito")
    command.set_defaults(run=newsletter)

    command = commands.add_parser(
        "social",
        help="scrive testi e immagini quadrate delle storie per i social; non pubblica nulla",
    )
    command.add_argument("stories", nargs="*", metavar="STORIA", help="quali (senza: tutte)")
    command.add_argument("--to", type=folder, required=True, metavar="DIR", help="la cartella")
    command.add_argument("--site-url", default=None, help="l'indirizzo pubblico del sito")
    command.set_defaults(run=social)

    command = commands.add_parser(
        "posters", help="disegna i manifesti di luoghi e campagne, con il loro codice QR"
    )
    command.add_argument("--to", type=folder, required=True, metavar="DIR", help="la cartella")
    command.add_argument("--site-url", default=None, help="l'indirizzo pubblico del sito")
    command.set_defaults(run=posters)


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
            console.print_problems(faults.pages_read, faults.problems)
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
            issue,
            rendering.site,
            rendering.bodies[issue.url],
            rendering.setting.site_url,
            given.mail_from,
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
            print(f"{console.shown(file)}  {len(content) / 1000:.1f} kB")
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


def social(given: argparse.Namespace) -> int:
    """Write the words and the pictures of stories for social networks. Nothing is posted."""
    from portal.writers.social_posts import write_social_posts

    site = console.read_site()
    if site is None:
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
    for name, content in write_social_posts(shown, site, given.site_url or console.site_url()):
        (given.to / name).write_bytes(content)
    counted = "1 storia" if len(shown) == 1 else f"{len(shown)} storie"
    print(f"{counted} in {console.shown(given.to)}/: per ognuna un'immagine .png e i testi .txt.")
    for slug in hidden:
        print(f"{slug}: è una pagina delicata, sui social non va.")
    print("Niente è stato pubblicato: lo fai tu, dopo aver riletto.")
    return 0


def posters(given: argparse.Namespace) -> int:
    """Draw the posters of places and campaigns, to print."""
    from portal.writers.posters import write_posters

    site = console.read_site()
    if site is None:
        return 1
    given.to.mkdir(parents=True, exist_ok=True)
    drawn = 0
    for name, pdf in write_posters(site, given.site_url or console.site_url(), build_day()):
        (given.to / name).write_bytes(pdf)
        drawn += 1
    print(f"{drawn} manifesti in {console.shown(given.to)}/, in A4 e in A3.")
    print(
        "Prima di stampare leggi che cosa è «da confermare»: un manifesto sbagliato resta appeso."
    )
    return 0
