"""Settings: the environment, read once and refused as a whole.

Every variable that is missing or wrong is named at once, because fixing a
deployment one restart per mistake is a long afternoon.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

STRIPE_API = "https://api.stripe.com"
STRIPE_CHECKOUT = "https://checkout.stripe.com"
SHORTEST_FORM_SECRET = 32
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
_SCRAPS = ("/tmp", "/dev/shm")
"""Folders that are empty when the machine has been switched on again, besides the one programs are told."""
REHEARSAL_MAIL_FROM = "#Oltreiperimetri (prova) <prova@oltreiperimetri.invalid>"


class BadSettings(ValueError):
    """Settings that cannot work; *problems* names every variable at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("settings: " + "; ".join(problems) + " (see .env.example)")
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything the deployment decides. Secrets stay out of its repr."""

    site_url: str
    database_url: str = field(repr=False)
    data_dir: Path
    campaigns_file: Path
    totals_file: Path | None
    mail_from: str
    smtp_url: str | None = field(repr=False)
    stripe_secret_key: str | None = field(repr=False)
    stripe_webhook_secrets: tuple[str, ...] = field(repr=False)
    stripe_api_base: str | None
    form_secret: str | None = field(default=None, repr=False)
    trusted_proxies: int = 0
    newsletter_reply_to: str | None = None

    @property
    def reply_to(self) -> str:
        """Where answers to the newsletter arrive, as a bare address: a person reads it."""
        return self.newsletter_reply_to or parseaddr(self.mail_from)[1]

    @property
    def is_embedded(self) -> bool:
        """True when the sandbox stands in for Stripe."""
        return self.stripe_secret_key is None

    @property
    def livemode(self) -> bool:
        """True when the key moves real money."""
        return "_live_" in (self.stripe_secret_key or "")

    @property
    def checkout_origin(self) -> str | None:
        """Where the donate form may lead besides this site."""
        if self.is_embedded:
            return None
        return self.stripe_api_base or STRIPE_CHECKOUT

    @property
    def has_mailbox(self) -> bool:
        """True when the rehearsal's letters can be read in a browser."""
        return self.is_embedded and self.letters_folder is not None

    @property
    def letters_folder(self) -> Path | None:
        """Where letters are kept when there is no mail server."""
        return None if self.smtp_url else self.data_dir / "letters"


def read_settings(
    environment: Mapping[str, str],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    rehearsal: bool = False,
) -> Settings:
    """Read the settings, or raise BadSettings with everything that is wrong.

    *host* and *port* are where we are about to listen; *rehearsal* allows the
    sandbox to be seen by others than this machine.
    """
    problems: list[str] = []
    values = {name: value.strip() for name, value in environment.items() if value.strip()}
    key = values.get("STRIPE_SECRET_KEY")
    required = ["CAMPAIGNS_FILE"]
    on_lambda = "AWS_LAMBDA_FUNCTION_NAME" in values
    if key or on_lambda:
        required += ["SITE_URL", "STRIPE_WEBHOOK_SECRET", "MAIL_FROM"]
    if on_lambda:
        # The sandbox and a folder of letters both need a disk that stays.
        required += ["STRIPE_SECRET_KEY", "SMTP_URL"]
    missing = sorted(name for name in required if name not in values)
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        problems.append(f"{' and '.join(missing)} {verb} missing")

    site_url = values.get("SITE_URL", f"http://{_in_url(host)}:{port}").rstrip("/")
    if problem := _problem_of_url(site_url):
        problems.append(f"SITE_URL {problem}")
    data_dir = Path(values.get("DATA_DIR", ".portal"))
    # A rehearsal has books of its own: at the sandbox other money never moved.
    default_books = data_dir / ("books.sqlite3" if key else "rehearsal.sqlite3")
    database_url = values.get("DATABASE_URL", f"sqlite:///{default_books}")
    problems += _problems_of_database(
        database_url,
        on_lambda=on_lambda,
        # Whoever writes the path knows where it is; only the default can end up there unseen.
        unseen=bool(key) and "DATABASE_URL" not in values and "DATA_DIR" not in values,
    )
    mail_from = values.get("MAIL_FROM", REHEARSAL_MAIL_FROM)
    if "@" not in parseaddr(mail_from)[1]:
        problems.append("MAIL_FROM is not an e-mail address")
    reply_to = values.get("NEWSLETTER_REPLY_TO")
    if reply_to and not _PLAIN_ADDRESS.fullmatch(reply_to):
        problems.append("NEWSLETTER_REPLY_TO is not a bare e-mail address")
    smtp_url = values.get("SMTP_URL")
    if smtp_url and not smtp_url.startswith(("smtp://", "smtps://")):
        problems.append("SMTP_URL is not smtp://host:port or smtps://host:port")
    form_secret = values.get("FORM_SECRET")
    if form_secret and len(form_secret) < SHORTEST_FORM_SECRET:
        problems.append(f"FORM_SECRET has fewer than {SHORTEST_FORM_SECRET} characters")
    proxies = values.get("TRUSTED_PROXIES", "0")
    if proxies not in {"0", "1", "2", "3"}:
        problems.append("TRUSTED_PROXIES is not a number from 0 to 3")
    if key:
        problems += _problems_of_stripe(key, values, site_url, smtp_url)
    elif not rehearsal and not (_is_loopback(host) and _is_loopback(urlsplit(site_url).hostname)):
        problems.append(
            f"STRIPE_SECRET_KEY is missing, and the sandbox answers on {host} as {site_url} only "
            "with --rehearsal, so that nobody takes a pretended gift for a real one"
        )
    if problems:
        raise BadSettings(problems)
    return Settings(
        site_url=site_url,
        database_url=database_url,
        data_dir=data_dir,
        campaigns_file=Path(values["CAMPAIGNS_FILE"]),
        totals_file=Path(values["TOTALS_FILE"]) if "TOTALS_FILE" in values else None,
        mail_from=mail_from,
        smtp_url=smtp_url,
        stripe_secret_key=key,
        stripe_webhook_secrets=_secrets(values) if key else (),
        stripe_api_base=values.get("STRIPE_API_BASE", "").rstrip("/") or None if key else None,
        form_secret=form_secret,
        trusted_proxies=int(proxies),
        newsletter_reply_to=reply_to,
    )


def _problems_of_stripe(
    key: str, values: Mapping[str, str], site_url: str, smtp_url: str | None
) -> list[str]:
    problems = []
    kind, _, rest = key.partition("_")
    mode = rest.partition("_")[0]
    if kind not in {"sk", "rk"} or mode not in {"test", "live"}:
        problems.append(
            "STRIPE_SECRET_KEY does not begin with sk_test_, rk_test_, sk_live_, rk_live_"
        )
    secrets = _secrets(values)
    if len(secrets) > 2 or not all(secret.startswith("whsec_") for secret in secrets):
        problems.append("STRIPE_WEBHOOK_SECRET is not one or two whsec_… with a comma between")
    base = values.get("STRIPE_API_BASE")
    if base and (problem := _problem_of_url(base)):
        problems.append(f"STRIPE_API_BASE {problem}")
    if mode == "live":
        if base and base.rstrip("/") != STRIPE_API:
            problems.append(
                "STRIPE_API_BASE leads away from Stripe, which a live key must never do"
            )
        if urlsplit(site_url).scheme != "https":
            problems.append("SITE_URL must begin with https:// when money is real")
        if not smtp_url:
            problems.append("SMTP_URL is missing: with real money, letters must leave")
    return problems


def _problems_of_database(url: str, *, on_lambda: bool, unseen: bool) -> list[str]:
    if url.startswith(("postgresql://", "postgres://")):
        return []
    if not url.startswith("sqlite:///"):
        return ["DATABASE_URL is neither sqlite:///path nor postgresql://…"]
    path = Path(url.removeprefix("sqlite:///")).absolute()
    if on_lambda:
        return ["DATABASE_URL is SQLite, and a function's disk is thrown away: use PostgreSQL"]
    if unseen:
        # Rarely needed, and everybody would wait for it.
        import tempfile

        if any(path.is_relative_to(scraps) for scraps in (tempfile.gettempdir(), *_SCRAPS)):
            return [f"DATABASE_URL is missing, and the default {path} would be thrown away"]
    return []


def _problem_of_url(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return f"is {url!r}, not http(s)://host"
    if parts.query or parts.fragment or parts.username:
        return "has more than host and path"
    return None


def _secrets(values: Mapping[str, str]) -> tuple[str, ...]:
    listed = values.get("STRIPE_WEBHOOK_SECRET", "").split(",")
    return tuple(secret.strip() for secret in listed if secret.strip())


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _in_url(host: str) -> str:
    if host in {"0.0.0.0", "::"}:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
