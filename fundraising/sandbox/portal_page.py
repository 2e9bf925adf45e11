"""The portal's page: where Stripe would show cards and subscriptions, a few buttons."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundraising.sandbox import portal, wording
from fundraising.sandbox.objects import Body

if TYPE_CHECKING:
    from fundraising.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Plan:
    """One of the customer's subscriptions."""

    id: str
    title: str
    state: str
    can_stop: bool


@dataclass(frozen=True)
class PortalView:
    """What the page shows."""

    session: Body
    email: str | None
    plans: tuple[Plan, ...]
    back: str | None

    @property
    def is_for_the_card(self) -> bool:
        """Whether the page was opened to change the card and nothing else."""
        return bool(self.session["flow"])


def view(sandbox: "Sandbox", session: Body) -> PortalView:
    """Gather what the page shows of a session."""
    account = sandbox.account
    customer = account.read("customer", session["customer"])
    found = account.store.where("subscription", "customer", customer["id"])
    return PortalView(
        session=session,
        email=customer["email"],
        plans=tuple(_plan(subscription) for subscription in found),
        back=portal.way_back(session),
    )


def press(sandbox: "Sandbox", session: Body, button: str, subscription_id: str) -> None:
    """Do what a button says."""
    if button == "ferma":
        portal.stop(sandbox.account, session, subscription_id)
    else:
        portal.change_card(sandbox.account, session, works=button != "carta-rifiutata")


def _plan(subscription: Body) -> Plan:
    price = subscription["items"]["data"][0]["price"]
    state = wording.SUBSCRIPTION_STATES[subscription["status"]]
    if subscription["cancel_at_period_end"]:
        state += ", finisce con il periodo"
    every = wording.INTERVALS[price["recurring"]["interval"]]
    return Plan(
        id=subscription["id"],
        title=f"{wording.euros(price['unit_amount'])} {every}",
        state=state,
        can_stop=subscription["status"] != "canceled" and not subscription["cancel_at_period_end"],
    )
