"""The newsletter: one issue as a letter, ready for whoever sends it.

The letter is written by hand in tables, because that is what mail programs
understand; it needs no image and loads nothing. It knows no recipient: the
program that sends it adds who it is for, and puts how to leave in the place that
the JSON keeps for it. The shape of that JSON is the schema beside this file.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.model.issue import Issue
from portal.model.site import Site
from portal.writers.json_document import write_json
from portal.writers.letter_content import LetterContent, PersonalLinks, letter_content
from portal.writers.letter_lint import lint_letter
from portal.writers.letter_text import write_letter_text

STAND_INS = PersonalLinks("https://lascia.invalid/", "https://scelte.invalid/")
"""Addresses that lead nowhere (RFC 2606), each in place of one reader's own."""

LETTER_TEMPLATES = Path(__file__).parents[3] / "theme" / "letters"
MOST_BYTES = 60_000
"""Gmail hides the end of a message somewhat above 100 kB; some senders add a third in transit."""

_ROME = ZoneInfo("Europe/Rome")


class LetterRefused(ValueError):
    """An issue that would not arrive as it was meant; `faults` say what to mend, in Italian."""

    def __init__(self, issue: Issue, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(f"newsletter/{issue.slug}.md: {fault}." for fault in faults))


@dataclass(frozen=True)
class LetterFiles:
    """A letter in its four shapes: to look at, to read, to open with a mail program, to hand to a sender's."""

    html: str
    text: str
    eml: bytes
    json: str


def letter_faults(site: Site, bodies: Mapping[str, str], site_url: str) -> dict[str, list[str]]:
    """What keeps each issue from going out as a letter, by the issue's file; nothing where all may."""
    found = {}
    for issue in site.issues:
        try:
            write_letter(issue, site, bodies[issue.url], site_url, "newsletter@esempio.invalid")
        except LetterRefused as refused:
            found[f"newsletter/{issue.slug}.md"] = list(refused.faults)
    return found


def write_letter(
    issue: Issue,
    site: Site,
    body_html: str,
    site_url: str,
    mail_from: str,
) -> LetterFiles:
    """Write *issue* as a letter from *mail_from*; *body_html* is the rendered text of its page.

    Raises LetterRefused where the message is above 60 kB or fails the lint.
    """
    content = letter_content(issue, site, body_html, site_url)
    html = _html(content)
    text = write_letter_text(content)
    eml = _message(issue, html, text, mail_from).as_bytes()
    if len(eml) > MOST_BYTES:
        too_long = (
            f"la lettera pesa {len(eml) / 1000:.0f} kB e Gmail la taglierebbe. "
            f"Accorcia il testo o togli una storia: al massimo {MOST_BYTES // 1000} kB"
        )
        raise LetterRefused(issue, (too_long,))
    if faults := lint_letter(html):
        raise LetterRefused(issue, faults)
    return LetterFiles(html, text, eml, _json(issue, content, mail_from))


def _json(issue: Issue, content: LetterContent, mail_from: str) -> str:
    """The letter for whichever program sends it, with stand-ins for each reader's own links."""
    personal = replace(content, personal=STAND_INS)
    document = {
        "version": 1,
        "number": issue.number,
        "date": issue.date.isoformat(),
        "language": "it",
        "from": mail_from,
        "subject": issue.title,
        "preheader": content.preheader,
        "web_url": content.web_url,
        "personal_links": {"leave": STAND_INS.leave, "preferences": STAND_INS.preferences},
        "html": _html(personal),
        "text": write_letter_text(personal),
    }
    return write_json(document).decode()


def _html(content: LetterContent) -> str:
    environment = Environment(
        loader=FileSystemLoader(LETTER_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # The <style> stays for what cannot be inlined: the rules for dark mode and narrow screens.
    inliner = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
    return inliner.inline(environment.get_template("newsletter.html").render(letter=content)) + "\n"


def _message(issue: Issue, html: str, text: str, mail_from: str) -> EmailMessage:
    """The letter as a message without recipients; the same issue gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["From"] = mail_from
    message["Subject"] = issue.title
    message["Date"] = format_datetime(
        datetime.datetime.combine(issue.date, datetime.time(9), _ROME)
    )
    message["Message-ID"] = f"<newsletter-{issue.number}@oltreiperimetri.it>"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_oltreiperimetri-newsletter-{issue.number}")
    # Last, because making the alternative drops every header that begins with Content-.
    message["Content-Language"] = "it"
    return message
