"""The command that prepares Stripe: setup."""

from __future__ import annotations

import argparse
import os

from fundraising.commands.italian import Commands, declare
from fundraising.settings import read_settings
from fundraising.webhook import PATH

_WHAT = {
    "endpoint": "Webhook",
    "destination": "Webhook (notizie leggere)",
    "portal": "Portale di chi dona",
}
_DONE = {
    "created": "creato",
    "updated": "aggiornato",
    "unchanged": "era già a posto",
    "disabled": "spento: suonava una seconda volta allo stesso indirizzo",
    "elsewhere": "suona a un altro indirizzo; se non serve più, toglilo dalla Dashboard",
}
# The webhook's secret is what this command is there to get.
_NO_SECRET_YET = "whsec_not_yet_known"


def add(commands: Commands) -> None:
    """Declare the command."""
    setup = declare(
        commands,
        "setup",
        "prepara Stripe: webhook e portale; si può ripetere quando si vuole",
        description=(
            "Prepara Stripe per SITE_URL: crea o aggiorna il webhook e il portale di chi dona. "
            "Ripeterlo non cambia nulla e non crea doppioni."
        ),
    )
    setup.add_argument(
        "--style",
        choices=["snapshot", "thin"],
        default="snapshot",
        help="in che forma Stripe manda le notizie; le capiamo entrambe (%(default)s)",
    )
    setup.set_defaults(run=_setup)


def _setup(options: argparse.Namespace) -> int:
    from fundraising.clock import utc_now
    from fundraising.stripe_gateway import StripeGateway
    from fundraising.stripe_gateway.setup import Style

    environment = {"STRIPE_WEBHOOK_SECRET": _NO_SECRET_YET} | dict(os.environ)
    settings = read_settings(environment, rehearsal=True)
    if settings.stripe_secret_key is None:
        print("In prova non c'è niente da preparare: serve STRIPE_SECRET_KEY.")
        return 1
    if not settings.site_url.startswith("https://"):
        print(f"SITE_URL è {settings.site_url}: Stripe suona solo dove si comincia con https://.")
        return 1
    gateway = StripeGateway(
        settings.stripe_secret_key, (), clock=utc_now, api_base=settings.stripe_api_base
    )
    prepared = gateway.setup.prepare_webhook(f"{settings.site_url}{PATH}", Style(options.style))
    prepared.append(gateway.setup.prepare_portal(return_url=f"{settings.site_url}/"))
    print(f"Stripe, {'denaro vero' if settings.livemode else 'modalità di prova'}:")
    for one in prepared:
        place = f" ({one.url})" if one.url else ""
        print(f"  {_WHAT[one.what]} {one.id}: {_DONE[one.done]}{place}")
    for one in prepared:
        if one.secret:
            print("Metti questo fra le impostazioni: Stripe non lo dirà più.")
            print(f"  STRIPE_WEBHOOK_SECRET={one.secret}")
    if settings.stripe_webhook_secrets == (_NO_SECRET_YET,) and not any(
        one.secret for one in prepared
    ):
        print("STRIPE_WEBHOOK_SECRET manca: si legge nella Dashboard, alla voce Webhook.")
    return 0
