"""Bootstrap: the one place that wires the parts together.

Nothing is opened, read or started anywhere else; tests wire the same parts with
their own clock and their own ids. Parts are imported where they are wired: what
only keeps notifications starts without the rest.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from fundraising.clock import Clock, utc_now
from fundraising.notification import NotificationReader
from fundraising.settings import Settings
from fundraising.store import Store, open_store
from fundraising.webhook import Doorbell

if TYPE_CHECKING:
    from fundraising.campaigns import CampaignsFile
    from fundraising.defences import Defences, Limits
    from fundraising.mailer import Mailer
    from fundraising.reduce import Reducer
    from fundraising.sandbox import Sandbox
    from fundraising.sandbox.server import ApiServer
    from fundraising.stripe_gateway import StripeGateway
    from fundraising.worker import Worker


def open_doorbell(settings: Settings, store: Store, *, clock: Clock = utc_now) -> Doorbell:
    """Wire what keeps notifications, and nothing else; the books must be up to date."""
    reader = NotificationReader(settings.stripe_webhook_secrets, livemode=settings.livemode)
    return Doorbell(store, reader, clock)


def random_id() -> str:
    """Draw an id nobody can guess."""
    return secrets.token_hex(16)


@dataclass
class Fundraising:
    """The wired parts of one running deployment; close it when done."""

    settings: Settings
    store: Store
    gateway: StripeGateway
    campaigns: CampaignsFile
    reducer: Reducer
    worker: Worker
    clock: Clock
    new_id: Callable[[], str]
    defences: Defences
    form_secret: bytes = field(repr=False)
    sandbox: Sandbox | None = None
    sandbox_api: ApiServer | None = None
    wake: threading.Event = field(default_factory=threading.Event)

    @cached_property
    def mailer(self) -> Mailer:
        """The way letters leave; made when the first one does."""
        folder = self.settings.letters_folder
        if folder is None:
            from fundraising.smtp import SmtpMailer

            return SmtpMailer(
                self.settings.smtp_url or "", self.settings.mail_from, clock=self.clock
            )
        from fundraising.mailer import FolderMailer

        return FolderMailer(folder, self.settings.mail_from, clock=self.clock)

    def close(self) -> None:
        """Close everything that was opened."""
        if self.sandbox:
            self.sandbox.close()
        if self.sandbox_api:
            self.sandbox_api.close()
        self.store.close()


def bootstrap(
    settings: Settings,
    *,
    webhook_url: str | None = None,
    clock: Clock = utc_now,
    new_id: Callable[[], str] = random_id,
    event_style: str = "thin",
    store: Store | None = None,
    limits: Limits | None = None,
) -> Fundraising:
    """Open the store, bring it up to date and wire everything.

    Without a Stripe key the sandbox starts too; it sends its notifications to
    *webhook_url*, or to nobody: a second process over the same rehearsal only
    reads. *store* is one that is already open. Raises StoreUnavailable.
    """
    from fundraising.campaigns import CampaignsFile
    from fundraising.defences import Defences, Limits
    from fundraising.reduce import Reducer
    from fundraising.stripe_gateway import StripeGateway
    from fundraising.worker import Worker

    store = store or open_store(settings.database_url)
    store.migrate()
    sandbox = sandbox_api = None
    key, webhook_secrets, api_base = (
        settings.stripe_secret_key,
        settings.stripe_webhook_secrets,
        settings.stripe_api_base,
    )
    if key is None:
        from fundraising.sandbox import Sandbox
        from fundraising.stripe_gateway.setup import NEWS

        key, webhook_secrets = f"sk_test_{new_id()}", (f"whsec_{new_id()}",)
        sandbox = Sandbox(
            state=settings.data_dir / "sandbox.sqlite3",
            public_url=f"{settings.site_url}/prova",
            webhook_url=webhook_url,
            webhook_secret=webhook_secrets[0],
            secret_key=key,
            clock=clock,
            event_style=event_style,
            # A rehearsal rings for what `setup` asks Stripe to ring for.
            enabled_events=NEWS,
            autodeliver=webhook_url is not None,
        )
        sandbox_api = sandbox.serve_api()
        api_base = sandbox_api.url
    gateway = StripeGateway(key, webhook_secrets, clock=clock, api_base=api_base)
    campaigns = CampaignsFile(settings.campaigns_file)
    reducer = Reducer(store, campaigns.read, clock=clock, new_id=new_id, livemode=gateway.livemode)
    worker = Worker(
        store,
        gateway,
        reducer,
        campaigns,
        lambda: fundraising.mailer,
        clock=clock,
        site_url=settings.site_url,
        totals_file=settings.totals_file,
    )
    fundraising = Fundraising(
        settings=settings,
        store=store,
        gateway=gateway,
        campaigns=campaigns,
        reducer=reducer,
        worker=worker,
        clock=clock,
        new_id=new_id,
        defences=Defences(
            store, livemode=gateway.livemode, new_salt=new_id, limits=limits or Limits()
        ),
        # Every process of a deployment has the same key, so a secret of its own is not needed.
        form_secret=hmac.digest((settings.form_secret or key).encode(), b"form", "sha256"),
        sandbox=sandbox,
        sandbox_api=sandbox_api,
    )
    return fundraising
