"""Letters to donors: what happened to their money, in HTML and in plain text.

Each letter is one template. The text part and the subject are read out of its
HTML, so that the two parts cannot tell different things. Jinja2 and css-inline
are imported when a letter is written: the webhook handler imports this module's
neighbours and has no time for them.
"""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from fundraising.donation import Frequency
from fundraising.frequency_words import gift_in_words, how_often
from fundraising.letter_facts import refuse_strange_links
from fundraising.money import format_cents
from fundraising.receipts import date_in_words, method_in_words

if TYPE_CHECKING:
    from jinja2 import Environment

Kind = Literal[
    "paid", "pending", "failed", "refunded", "refund_failed", "copy", "replaced",
    "renewal_failed", "action_required", "disputed", "taken_back", "dispute_won", "promise",
    "card", "cancelled", "superseded", "sign_in", "yearly", "opt_in", "already_in", "preferences", "newsletter",
]  # fmt: skip

LETTER_TEMPLATES = Path(__file__).parent / "templates" / "letters"
TEST_WARNING = "PROVA: nessun addebito"
TEXT_WIDTH = 72
PLAIN_ADDRESS = re.compile(r'[^\s@,;:<>()\[\]"\\]+@[^\s@,;:<>()\[\]"\\]+')


@dataclass(frozen=True)
class Attachment:
    """A file that travels with a letter."""

    filename: str
    content: bytes
    media_type: str = "application/pdf"

    def __post_init__(self) -> None:
        if not self.filename.isprintable() or "/" in self.filename:
            raise ValueError(f"attachment is called {self.filename!r}")


class LetterFacts(Protocol):
    """What every letter needs to know: whom it goes to, and whether it is about real money."""

    @property
    def email(self) -> str:
        """The address it goes to."""

    @property
    def first_name(self) -> str:
        """Whom it greets; nobody by name when empty."""

    @property
    def livemode(self) -> bool:
        """False for a rehearsal."""


@dataclass(frozen=True)
class Letter:
    """A letter ready to leave, to one address; *headers* are what it has besides the usual ones."""

    kind: Kind
    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        # Neither a second header nor a second address fits in what is left.
        if not PLAIN_ADDRESS.fullmatch(self.to) or not self.to.isprintable():
            raise ValueError("letter is not addressed to one plain e-mail address")
        if not self.subject.strip() or not self.subject.isprintable():
            raise ValueError(f"{self.kind} letter has an unusable subject")
        for name, value in self.headers:
            if not (value.isascii() and value.isprintable()):
                raise ValueError(f"{self.kind} letter has an unusable header {name}")


@dataclass(frozen=True, kw_only=True)
class GiftFacts:
    """What a letter tells about one gift.

    *happened_on* is the day of what the letter is about: paid, refused, refunded.
    *method* is the type Stripe gives to a payment method, such as ``card``.
    *part_cents* is what went back or came again, where that may be less than the gift;
    *kept_cents* is what stays with the campaign, None while nobody can say.
    *receipt* and *voided_receipt* are labels such as «1/2026». *tax_text* is the
    recipient's confirmed text, and no letter speaks of tax without one. *plan_url*
    leads to where a recurring gift is mended, changed and stopped, *goes_on* tells whether
    it will be paid again; *iban* and *reason_code* are for a bank transfer somebody means
    to make.
    """

    email: str
    first_name: str
    amount_cents: int
    frequency: Frequency | str
    campaign_title: str
    campaign_url: str
    recipient_name: str
    recipient_address: str | None = None
    happened_on: date
    method: str | None = None
    livemode: bool
    part_cents: int | None = None
    kept_cents: int | None = 0
    retry_url: str | None = None
    receipt: str | None = None
    voided_receipt: str | None = None
    tax_text: str | None = None
    plan_url: str | None = None
    goes_on: bool = True
    iban: str | None = None
    reason_code: str | None = None

    def __post_init__(self) -> None:
        if self.amount_cents <= 0:
            raise ValueError(f"gift is of {self.amount_cents} cents")
        if not 0 < self.moved_cents <= self.amount_cents:
            raise ValueError(f"{self.part_cents} cents moved of {self.amount_cents}")
        if not 0 <= (self.kept_cents or 0) <= self.amount_cents:
            raise ValueError(f"{self.kept_cents} cents stay of {self.amount_cents}")
        if self.frequency not in set(Frequency):
            raise ValueError(f"gift repeats {self.frequency!r}")
        refuse_strange_links(self.campaign_url, self.retry_url, self.plan_url)

    @property
    def moved_cents(self) -> int:
        """What the letter is about: all of the gift unless told otherwise."""
        return self.amount_cents if self.part_cents is None else self.part_cents

    @property
    def returned_cents(self) -> int | None:
        """What is with the donor again in all, by this movement and by earlier ones."""
        return None if self.kept_cents is None else self.amount_cents - self.kept_cents


def write_letter(kind: Kind, facts: LetterFacts, attachments: Sequence[Attachment] = ()) -> Letter:
    """Write the letter of this kind; a letter about a gift takes GiftFacts."""
    import css_inline

    if kind not in get_args(Kind):
        raise ValueError(f"there is no letter of kind {kind!r}")
    html = (
        _templates()
        .get_template(f"{kind}.html")
        .render(facts=facts, gift=facts, attached=bool(attachments), test_warning=TEST_WARNING)
    )
    part = TextPart(TEXT_WIDTH)
    part.feed(html)
    part.close()
    inliner = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
    title = part.title.replace("\N{NO-BREAK SPACE}", " ")
    return Letter(
        kind=kind,
        to=facts.email,
        subject=title if facts.livemode else f"{TEST_WARNING} – {title}",
        text=part.text,
        html=inliner.inline(html),
        attachments=tuple(attachments),
    )


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    templates = Environment(
        loader=FileSystemLoader(LETTER_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "euros": format_cents,
        "day": date_in_words,
        "method": method_in_words,
        "gift_in_words": gift_in_words,
        "how_often": how_often,
    }
    return templates


class TextPart(HTMLParser):
    """Read the plain-text part out of a letter's HTML.

    It knows the few elements our templates use: the heading is underlined, rows
    of facts are aligned, links become numbers listed under the letter, and what
    is marked ``data-text="skip"`` is for mail programs that show HTML.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.title = ""
        self._blocks: list[str] = []
        self._links: list[str] = []
        self._rows: list[str] = []
        self._words = ""
        self._label: str | None = None
        self._href = ""
        self._skipped: list[str] = []

    @property
    def text(self) -> str:
        """Everything read so far, and the links under it."""
        links = "\n".join(f"[{number}] {url}" for number, url in enumerate(self._links, start=1))
        return "\n\n".join([*self._blocks, links]) + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "meta":
            return
        if self._skipped or tag == "head" or attributes.get("data-text") == "skip":
            self._skipped.append(tag)
        elif tag in ("h1", "p", "th", "td"):
            self._words = ""
        elif tag == "a":
            self._href = attributes["href"] or ""

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._words += data

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            self._skipped.pop()
        elif tag == "a":
            if self._href not in self._links:
                self._links.append(self._href)
            self._words += f" [{self._links.index(self._href) + 1}]"
        elif tag == "h1":
            self.title = self._line()
            underline = "=" * min(len(self.title), self.width)
            self._blocks.append(f"{self._wrap(self.title)}\n{underline}")
        elif tag == "p":
            self._blocks.append(self._wrap(self._line()))
        elif tag == "th":
            self._label = self._line()
        elif tag == "td" and self._label is not None:
            row = f"{self._label + ':':<16}{self._line()}"
            self._rows.append(self._wrap(row, indent=" " * 16))
            self._label = None
        elif tag == "table" and self._rows:
            self._blocks.append("\n".join(self._rows))
            self._rows = []

    def _line(self) -> str:
        # Not str.split(), which would let an amount part from its «€».
        return re.sub(r"[ \t\r\n]+", " ", self._words).strip(" ")

    def _wrap(self, line: str, indent: str = "") -> str:
        return textwrap.fill(line, self.width, subsequent_indent=indent, break_on_hyphens=False)
