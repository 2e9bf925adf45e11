"""Stripe's history: lists of what happened, for the treasurer, and refunds.

The gateway looks at one object at a time; this asks for many, page after page.
It is handed the gateway's client and loaded only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from fundraising.stripe_gateway.client import answers
from fundraising.stripe_gateway.observer import failure_of
from fundraising.stripe_gateway.references import id_of

if TYPE_CHECKING:
    import stripe
    from stripe.params import BalanceTransactionListParams

_PAGE = 100


@dataclass(frozen=True)
class Touched:
    """An object to look at, unless the books already know all of *movements*.

    *status* is Stripe's own word where it has one.
    """

    kind: str
    id: str
    status: str = ""
    movements: tuple[str, ...] = ()


@dataclass(frozen=True)
class BalanceEntry:
    """One balance transaction, in cents."""

    id: str
    kind: str
    net_cents: int
    created: int


@dataclass(frozen=True)
class Payout:
    """A payout; only the entries of an automatic one can be listed."""

    id: str
    amount_cents: int
    status: str
    automatic: bool
    created: int


class StripeHistory:
    """What happened in one Stripe account."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self._v1 = client.v1

    def touched_since(self, since: datetime | None) -> Iterator[Touched]:
        """List what was made since a moment, or ever: what may have changed our books.

        Every movement of money is a balance transaction of its own, so an old object
        that moves money today is found as well.
        """
        start = int(since.timestamp()) if since else 0
        with answers():
            sessions = self._v1.checkout.sessions.list({"limit": _PAGE, "created": {"gte": start}})
            for session in sessions.auto_paging_iter():
                yield Touched("checkout.session", session.id, session.status or "")
            invoices = self._v1.invoices.list({"limit": _PAGE, "created": {"gte": start}})
            for invoice in invoices.auto_paging_iter():
                yield Touched("invoice", invoice.id, invoice.status or "")
            refunds = self._v1.refunds.list({"limit": _PAGE, "created": {"gte": start}})
            for refund in refunds.auto_paging_iter():
                moved = (refund.balance_transaction, failure_of(refund))
                known = tuple(id_of(one) for one in moved if one)
                yield Touched("refund", refund.id, refund.status or "", known)
            disputes = self._v1.disputes.list({"limit": _PAGE, "created": {"gte": start}})
            for dispute in disputes.auto_paging_iter():
                known = tuple(one.id for one in dispute.balance_transactions)
                yield Touched("dispute", dispute.id, dispute.status, known)
            entries = self._v1.balance_transactions.list(
                {"limit": _PAGE, "created": {"gte": start}, "expand": ["data.source"]}
            )
            for entry in entries.auto_paging_iter():
                source = entry.source
                if source is None or isinstance(source, str):
                    yield Touched("balance_transaction", entry.id, movements=(entry.id,))
                else:
                    yield Touched(source.object, source.id, movements=(entry.id,))

    def plans(self) -> Iterator[tuple[str, str, bool]]:
        """List every plan: its id, its status, and whether it ends with its period."""
        with answers():
            plans = self._v1.subscriptions.list({"status": "all", "limit": _PAGE})
            for plan in plans.auto_paging_iter():
                yield plan.id, plan.status, plan.cancel_at_period_end

    def entries(self, *, payout: str | None = None) -> Iterator[BalanceEntry]:
        """List the balance transactions, all or those of one automatic payout."""
        chosen: BalanceTransactionListParams = {"limit": _PAGE}
        if payout:
            chosen["payout"] = payout
        with answers():
            for entry in self._v1.balance_transactions.list(chosen).auto_paging_iter():
                yield BalanceEntry(entry.id, entry.type, entry.net, entry.created)

    def payouts(self) -> Iterator[Payout]:
        """List every payout, newest first."""
        with answers():
            for payout in self._v1.payouts.list({"limit": _PAGE}).auto_paging_iter():
                yield Payout(
                    payout.id, payout.amount, payout.status, payout.automatic, payout.created
                )

    def refund(self, payment_id: str, amount_cents: int, *, key: str, donation: str) -> str:
        """Give money back and return the refund's id; the same *key* gives it back once."""
        with answers():
            refund = self._v1.refunds.create(
                {
                    "payment_intent": payment_id,
                    "amount": amount_cents,
                    "metadata": {"donation": donation},
                },
                {"idempotency_key": key},
            )
        return refund.id
