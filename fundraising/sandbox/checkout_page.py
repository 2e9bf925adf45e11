"""The checkout page: where Stripe would ask for a card, four buttons."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundraising.sandbox import wording
from fundraising.sandbox.checkout import return_address
from fundraising.sandbox.objects import Body

if TYPE_CHECKING:
    from fundraising.sandbox.sandbox import Sandbox

EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
DECLINED = (
    "La banca ha rifiutato la carta: non è stato addebitato nulla. "
    "Puoi riprovare, anche in un altro modo."
)
EMAIL_NEEDED = "Scrivi un indirizzo e-mail, per esempio nome@esempio.it."


@dataclass(frozen=True)
class CheckoutView:
    """What the page shows of a session, and what went wrong last."""

    session: Body
    email: str = ""
    declined: str | None = None
    email_problem: str | None = None

    @property
    def status(self) -> str:
        """`open`, `complete` or `expired`."""
        return str(self.session["status"])

    @property
    def title(self) -> str:
        """What the gift is for."""
        return ", ".join(item["description"] for item in self.session["_items"])

    @property
    def texts(self) -> list[str]:
        """What the seller says about it."""
        return [item["_text"] for item in self.session["_items"] if item["_text"]]

    @property
    def amount(self) -> str:
        """The amount, as Italians write it."""
        return wording.euros(self.session["amount_total"])

    @property
    def interval(self) -> str:
        """How often it is paid."""
        return wording.interval(self.session)

    @property
    def known_email(self) -> str | None:
        """The address that was given before this page, which cannot be changed here."""
        email: str | None = self.session["customer_email"]
        return email

    @property
    def takes_card(self) -> bool:
        """Whether cards may be offered."""
        return self._takes("card")

    @property
    def takes_sepa(self) -> bool:
        """Whether SEPA debits may be offered."""
        return self._takes("sepa_debit")

    @property
    def back(self) -> str | None:
        """Where the way back leads."""
        address: str | None = self.session["cancel_url"]
        return address

    @property
    def after(self) -> str:
        """Where the way forward leads."""
        return return_address(self.session)

    def _takes(self, method: str) -> bool:
        allowed = self.session["allowed_payment_method_types"]
        excluded = self.session["excluded_payment_method_types"] or []
        return method not in excluded and (not allowed or method in allowed)


def press(sandbox: "Sandbox", session: Body, button: str, email: str) -> CheckoutView | None:
    """Do what a button says; return the page to show, or None to go on.

    Pressing again after the end goes on too: the first time counts.
    """
    if session["status"] != "open":
        return None if session["status"] == "complete" else CheckoutView(session)
    email = email.strip()
    if not session["customer_email"] and not EMAIL.match(email):
        return CheckoutView(session, email=email, email_problem=EMAIL_NEEDED)
    if button == "rifiutata":
        return CheckoutView(
            sandbox.decline_card(session["id"], email), email=email, declined=DECLINED
        )
    if button == "sepa":
        sandbox.pay_by_sepa(session["id"], email)
    else:
        sandbox.pay_by_card(session["id"], email)
    return None
