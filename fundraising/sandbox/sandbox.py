"""The sandbox: a stand-in for Stripe that can be run, paid at and broken.

The same operations are methods here, buttons in the control room, and steps
of the checkout page.
"""

import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path
from wsgiref.types import WSGIApplication

from fundraising.sandbox import (
    balance,
    checkout,
    collection,
    disputes,
    invoices,
    payments,
    payouts,
    refunds,
    subscriptions,
)
from fundraising.sandbox.account import Account
from fundraising.sandbox.api import Api
from fundraising.sandbox.errors import Refusal
from fundraising.sandbox.faults import Faults
from fundraising.sandbox.objects import Body, ObjectStore
from fundraising.sandbox.server import ApiServer
from fundraising.sandbox.webhooks import Destination, Notifier

IDLE_SECONDS = 1.0


class Sandbox:
    """One rehearsal account with its API, its pages and its notifications.

    *state* is a file that keeps the account over a restart; None keeps it in
    memory. *webhook_url* of None sends no notifications; *enabled_events* are those it
    is sent. With *autodeliver* a background thread delivers and retries them;
    without, `deliver_pending` does.
    """

    def __init__(
        self,
        *,
        state: Path | None,
        public_url: str,
        webhook_url: str | None,
        webhook_secret: str,
        secret_key: str,
        clock: Callable[[], datetime],
        event_style: str = "thin",
        enabled_events: tuple[str, ...] = ("*",),
        autodeliver: bool = False,
        new_token: Callable[[], str] = lambda: secrets.token_hex(10),
    ) -> None:
        self.faults = Faults()
        self.account = Account(
            store=ObjectStore(state),
            clock=clock,
            new_token=new_token,
            public_url=public_url.rstrip("/"),
            late_fees=lambda: self.faults.armed.late_fees,
        )
        destination = (
            Destination(webhook_url, webhook_secret, event_style, enabled_events)
            if webhook_url
            else None
        )
        self.notifier = Notifier(self.account, self.faults, destination)
        self.account.listeners.append(self.notifier.announce)
        self.api: WSGIApplication = Api(self.account, self.faults, secret_key, new_token)
        self._servers: list[ApiServer] = []
        self._closing = threading.Event()
        self._courier: threading.Thread | None = None
        if autodeliver:
            self._courier = threading.Thread(
                target=self._keep_delivering, name="sandbox-courier", daemon=True
            )
            self._courier.start()

    @cached_property
    def pages(self) -> WSGIApplication:
        """The checkout page and the control room, for browsers."""
        from fundraising.sandbox.pages import Pages  # Jinja2 is for the first page only

        return Pages(self)

    def serve_api(self, host: str = "127.0.0.1", port: int = 0) -> ApiServer:
        """Serve the API over HTTP; port 0 takes a free one."""
        server = ApiServer(self.api, host, port)
        self._servers.append(server)
        return server

    def close(self) -> None:
        """Stop delivering and answering, and close the state."""
        for server in self._servers:
            server.close()
        self._closing.set()
        self.notifier.queued.set()
        if self._courier:
            self._courier.join()
        self.account.store.close()

    def pay_by_card(self, session_id: str, email: str | None = None) -> Body:
        """Pay a session with a card that works; return the session."""
        with self.account.store.change():
            return checkout.pay_by_card(self.account, self._session(session_id), email)

    def decline_card(self, session_id: str, email: str | None = None) -> Body:
        """Try a card that is refused; return the session, still open."""
        with self.account.store.change():
            return checkout.decline_card(self.account, self._session(session_id), email)

    def pay_by_sepa(self, session_id: str, email: str | None = None) -> Body:
        """Sign a SEPA debit; return the session, complete and unpaid."""
        with self.account.store.change():
            return checkout.pay_by_sepa(self.account, self._session(session_id), email)

    def settle(self, payment_id: str) -> Body:
        """Let a pending debit arrive; return its payment intent."""
        with self.account.store.change():
            intent = self._intent(payment_id)
            charge = payments.settle(self.account, intent)
            if invoice := invoices.invoice_of_intent(self.account, intent["id"]):
                invoices.pay_invoice(self.account, invoice)
            if session := checkout.session_of_intent(self.account, intent["id"]):
                checkout.debit_settled(self.account, session)
            self.account.announce("charge.updated", charge)
            return intent

    def fail(self, payment_id: str) -> Body:
        """Let a pending debit come back; return its payment intent."""
        with self.account.store.change():
            intent = self._intent(payment_id)
            payments.fail(self.account, intent)
            if invoice := invoices.invoice_of_intent(self.account, intent["id"]):
                invoices.invoice_failed(self.account, invoice)
            if session := checkout.session_of_intent(self.account, intent["id"]):
                checkout.debit_failed(self.account, session)
            return intent

    def refund(self, payment_id: str, amount_cents: int | None = None) -> Body:
        """Refund a payment, whole or in part, as from the Dashboard."""
        params: Body = {"payment_intent": self._intent(payment_id)["id"]}
        if amount_cents is not None:
            params["amount"] = amount_cents
        with self.account.store.change():
            return refunds.create_refund(self.account, params)

    def fail_refund(self, refund_id: str) -> Body:
        """Let a refund come back from the donor's bank."""
        with self.account.store.change():
            return refunds.fail_refund(self.account, self.account.read("refund", refund_id))

    def dispute(
        self, payment_id: str, amount_cents: int | None = None, reason: str = "fraudulent"
    ) -> Body:
        """Let the donor's bank dispute a payment; return the dispute."""
        with self.account.store.change():
            intent = self._intent(payment_id)
            if not intent["latest_charge"]:
                raise Refusal(f"PaymentIntent {intent['id']} has no charge to dispute.")
            charge = self.account.read("charge", intent["latest_charge"])
            return disputes.open_dispute(self.account, charge, amount_cents, reason)

    def close_dispute(self, dispute_id: str, *, won: bool) -> Body:
        """Let the bank decide a card dispute."""
        with self.account.store.change():
            dispute = self.account.read("dispute", dispute_id)
            return disputes.close_dispute(self.account, dispute, won=won)

    def expire(self, session_id: str) -> Body:
        """End an open session before its time."""
        with self.account.store.change():
            return checkout.expire_session(self.account, self._session(session_id))

    def renew(self, subscription_id: str, *, accepted: bool = True) -> Body:
        """Begin a subscription's next period; return its invoice."""
        with self.account.store.change():
            subscription = self.account.read("subscription", subscription_id)
            return subscriptions.renew(self.account, subscription, accepted=accepted)

    def renew_to_confirm(self, subscription_id: str) -> Body:
        """Begin a subscription's next period, which its bank wants confirmed; return the invoice."""
        with self.account.store.change():
            subscription = self.account.read("subscription", subscription_id)
            return subscriptions.renew(
                self.account, subscription, bank_asks=collection.ask_to_confirm
            )

    def confirm_invoice(self, invoice_id: str) -> Body:
        """Let the donor confirm a payment their bank asked about; return the invoice."""
        with self.account.store.change():
            return collection.confirm(self.account, self.account.read("invoice", invoice_id))

    def give_up(self, subscription_id: str) -> Body:
        """End a subscription because its payments failed too often, as Stripe does by itself."""
        with self.account.store.change():
            subscription = self.account.read("subscription", subscription_id)
            return subscriptions.cancel_subscription(
                self.account, subscription, {}, reason="payment_failed"
            )

    def cancel_subscription(self, subscription_id: str) -> Body:
        """End a subscription now, as from the Dashboard."""
        with self.account.store.change():
            subscription = self.account.read("subscription", subscription_id)
            return subscriptions.cancel_subscription(self.account, subscription, {})

    def book_late_fee(self, payment_id: str) -> Body:
        """Book a card charge that succeeded while `faults.late_fees` was on."""
        with self.account.store.change():
            charge = self.account.read("charge", self._intent(payment_id)["latest_charge"])
            return payments.book_late_fee(self.account, charge)

    def charge_fee(self, amount_cents: int) -> Body:
        """Let Stripe keep money for its services, apart from any payment."""
        with self.account.store.change():
            return balance.book(
                self.account,
                kind="stripe_fee",
                category="fee",
                amount_cents=-amount_cents,
                source=None,
                description="Billing - Usage Fee",
                available_now=True,
            )

    def pay_out(self) -> Body:
        """Send everything not yet paid out to the bank; return the payout."""
        with self.account.store.change():
            return payouts.pay_out_everything(self.account)

    def fail_payout(self, payout_id: str) -> Body:
        """Let a payout come back from the bank."""
        with self.account.store.change():
            return payouts.fail_payout(self.account, self.account.read("payout", payout_id))

    def deliver_pending(self) -> int:
        """Deliver what is queued, retries included; return how many were taken."""
        with self.account.store.change():
            checkout.expire_overdue(self.account)
        return self.notifier.deliver(only_due=False)

    def _session(self, session_id: str) -> Body:
        checkout.expire_overdue(self.account)
        return self.account.read("checkout.session", session_id)

    def _intent(self, payment_id: str) -> Body:
        """Return the payment intent with that id, or of the session with that id."""
        if payment_id.startswith("cs_"):
            intent_id = self.account.read("checkout.session", payment_id)["_intent"]
            if intent_id is None:
                raise Refusal(f"Nobody has tried to pay {payment_id} yet.")
            payment_id = intent_id
        return self.account.read("payment_intent", payment_id)

    def _keep_delivering(self) -> None:
        while True:
            # In this order: whoever closes sets both, and is not slept over.
            self.notifier.queued.clear()
            if self._closing.is_set():
                return
            with self.account.store.change():
                checkout.expire_overdue(self.account)
            self.notifier.deliver(only_due=True)
            self.notifier.queued.wait(IDLE_SECONDS)
